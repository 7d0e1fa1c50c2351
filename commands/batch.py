"""`oreway batch`."""

import os
from typing import Annotated

import typer

from oreway.commands._progress import STOPPED, members, shown
from oreway.commands._terminal import LayerOption, ProfileOption, SystemOption
from oreway.later import later
from oreway.layers import database
from oreway.layers.vocabulary import USUAL_ACCURACY_KM

with later(__name__):
    from oreway.layers.upload.raw import Choice
    from oreway.scoring.batch.batch import batch


def run(
    source: Annotated[
        str, typer.Argument(metavar="IN", help="Points, any number: .csv .tsv .parquet .geojson, or postgresql://.")
    ],
    *,
    output: Annotated[
        str,
        typer.Option("-o", help="File (.parquet .csv .geojson .gpkg), folder of parts ending in /, or postgresql://."),
    ],
    scheduler: Annotated[str, typer.Option(help="Address of a dask.distributed scheduler, e.g. tcp://host:8786.")] = "",
    profile: ProfileOption = "",
    accuracy_km: Annotated[
        float, typer.Option("--position-accuracy", min=0, help="Kilometres a position may be off where IN says none.")
    ] = USUAL_ACCURACY_KM,
    layer: LayerOption = "",
    system: SystemOption = "",
) -> None:
    """Measure and score any number of points; a run that was stopped goes on when it is started again."""
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")  # gives back what a part leaves; Arrow's own keeps it
    try:
        with shown("Points") as progress:
            done = batch(
                source, output, scheduler=scheduler, profile=profile or None, accuracy_km=accuracy_km,
                choice=Choice(layer=layer, system=system), members=members(), progress=progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        typer.echo(
            f"oreway: stopped; finished parts of {database.shown(output)} are kept, run the same command to go on",
            err=True,
        )
        raise typer.Exit(STOPPED) from None
    for note in done.notes:
        typer.echo(f"note: {note}", err=True)
    resumed = f", {done.resumed:,} of them from the run before" if done.resumed else ""
    typer.echo(f"{database.shown(output)}: {done.rows_out:,} of {done.rows_in:,} points{resumed}")
    if done.rejects is not None:
        typer.echo(f"{done.rejects}: {done.rejected:,} rows left out, with line and reason", err=True)
