"""`oreway rank`."""

from pathlib import Path
from typing import Annotated

import typer

from oreway.commands._judged import ShapeOption, WeightsOption, judged
from oreway.commands._terminal import JsonFlag, ProfileOption, print_json, print_table, records, refuse
from oreway.later import later

with later(__name__):
    from oreway.outputs.files.export import csv_bytes
    from oreway.outputs.files.files import creation_date, write_whole
    from oreway.outputs.report.rank_tables import flip_table
    from oreway.outputs.report.report import ranking_report
    from oreway.scoring.rank.acceptability import rank
    from oreway.scoring.rank.flips import flips as turning_points
    from oreway.scoring.world.world import open_world


def run(
    *,
    profile: ProfileOption = "",
    weights: WeightsOption = None,
    shape: ShapeOption = None,
    draws: Annotated[int | None, typer.Option(min=1, max=1_000_000, help="Random draws of weights and values.")] = None,
    concentration: Annotated[
        float | None,
        typer.Option(min=1, max=10_000, help="How sure the weights are: 100 as the swings, 10 to 20 for disagreement."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    flips: Annotated[
        bool, typer.Option("--flips", help="The smallest single changes that would swap neighbours, instead of ranks.")
    ] = False,
    output: Annotated[Path | None, typer.Option("-o", help="Write a .pdf or .csv instead of printing.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Rank the sites and say how stable each rank is over weights and values."""
    world, own = judged(open_world(), weights, shape)
    if output is not None and output.suffix.lower() not in {".pdf", ".csv"}:
        refuse(f"{output}: ending {output.suffix!r} names no format; use .pdf or .csv")
    if output is not None and output.suffix.lower() == ".pdf":
        if flips:
            refuse(f"{output}: a report has no table of flips; write a .csv")
        if weights is not None or shape is not None or concentration is not None:
            refuse(f"{output}: a report prints the shipped profiles and shape; write a .csv, or leave out your own")
        write_whole(
            output, ranking_report(world, profile=profile or None, draws=draws, seed=seed, created=creation_date())
        )
        typer.echo(f"{output}: ranking")
        return
    table = (
        turning_points(world, profile or None, weights=own) if flips
        else rank(world, profile or None, draws, seed, weights=own, concentration=concentration)
    )  # fmt: skip
    if output is not None:
        write_whole(output, csv_bytes(table))
        typer.echo(f"{output}: {len(table)} {'changes' if flips else 'sites'}")
    elif as_json:
        print_json(records(table))
    elif flips:
        told = flip_table(table, {str(key): str(key) for key in world.sites.index})
        told["gap"] = told["gap"].map("{:.2f}".format)
        print_table("What would swap neighbours", list(told.columns), told.itertuples(index=False))
    else:
        columns = ["peers", "rank", "site_id", "total", "first_share", "top3_share", "best_rank", "worst_rank", "gates",
                   "unfc"]  # fmt: skip
        print_table("Ranks", columns, table[columns].itertuples(index=False))
