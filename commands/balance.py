"""`oreway balance`."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from oreway.commands._progress import shown
from oreway.commands._terminal import JsonFlag, plain, print_json, print_table, records, refuse
from oreway.geo.sea import PASSAGE_LINES
from oreway.layers.vocabulary import Bloc
from oreway.outputs.files.balance_book import balance_book
from oreway.outputs.files.export import csv_bytes
from oreway.outputs.files.files import creation_date, write_whole
from oreway.outputs.pictures.balance_picture import balance_chart
from oreway.outputs.report.report import balance_report
from oreway.outputs.words.formatting import Language
from oreway.outputs.words.translation import LANGUAGES, SOURCE
from oreway.scoring.balance.answer import ALL, Asked, Balance, Inputs, cells
from oreway.scoring.balance.balance import balance, check, read_inputs
from oreway.scoring.balance.network import RULES
from oreway.scoring.balance.next_step import mines_among, next_steps, with_access
from oreway.scoring.balance.passages import Longer, longer
from oreway.scoring.balance.tables import ELEMENTS, MAGNET, SEPARATION, STAGES, Phase
from oreway.scoring.build.bill import bills
from oreway.scoring.world.world import open_world

ENDINGS = (".csv", ".json", ".svg", ".pdf", ".xlsx")
USUAL_YEAR = 2030
RECORD, POSSIBLE = "on_record", "possible"
NOTE = (
    "t a year of oxide: on record, in brackets P10 to P90; possible: P90 if every plant of which nothing is known took "
    "what it can. Demand: outside China."
)


def run(
    *,
    year: Annotated[int | None, typer.Option(help="Only this year, stage by stage.")] = None,
    element: Annotated[str, typer.Option(help="NdPr or DyTb.")] = ELEMENTS[0],
    rule: Annotated[str, typer.Option(help=f"What counts: {', '.join(RULES)}.")] = RULES[0],
    draws: Annotated[int | None, typer.Option(min=1, max=100_000, help="Random draws.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    close: Annotated[
        list[str] | None,
        typer.Option(
            help="Plant or mine by its site_id, or sea passage such as suez, that is closed; may be repeated."
        ),
    ] = None,
    next_step: Annotated[
        bool, typer.Option("--next-step", help="The one mine, plant or opening that adds most, instead of the balance.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("-o", help="Write a .csv, .json, .svg, .pdf or .xlsx instead of printing.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of a .svg or .pdf.")] = SOURCE,
    as_json: JsonFlag = False,
) -> None:
    """Show how many tonnes could reach magnets without a Chinese step, by year and stage, and what holds them back."""
    if output is not None and output.suffix.lower() not in ENDINGS:
        refuse(f"{output}: ending {output.suffix!r} names no format; use {', '.join(ENDINGS)}")
    if lang not in LANGUAGES:
        refuse(f"--lang: {lang!r} is no language of Oreway; write one of {', '.join(LANGUAGES)}")
    inputs = read_inputs()
    without, closed = _closures(close or ())
    if closed:
        inputs = dataclasses.replace(inputs, world=open_world())
    asked = Asked(
        element=element, rule=rule, draws=draws or int(inputs.tables.number("draws")), seed=seed,
        years=inputs.tables.years if year is None else (year,), without=without, closed=closed,
    )  # fmt: skip
    if next_step:
        if output is not None:
            refuse(f"{output}: steps are printed; use --json")
        _show_steps(inputs, asked if year is not None else dataclasses.replace(asked, years=(USUAL_YEAR,)),
                    as_json=as_json)  # fmt: skip
        return
    with shown("balance") as progress:
        found = balance(inputs, asked, progress)
    if output is not None:
        write_whole(output, _written(found, output, inputs, lang))
        typer.echo(f"{output}: {len(found.asked.years)} years")
    elif as_json:
        print_json(document(found, _lengthened(inputs, asked)))
    elif year is None:
        _print_years(found)
    else:
        _print_stages(found)
    if output is None and not as_json:
        _print_rest(found, inputs)
        _print_longer(_lengthened(inputs, asked))


def _closures(words: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the mines and plants, and the passages, among what is closed."""
    passages = tuple(word for word in words if word.removeprefix("open:") in PASSAGE_LINES)
    return tuple(word for word in words if word not in passages), passages


def _lengthened(inputs: Inputs, asked: Asked) -> tuple[Longer, ...]:
    """Return what closed passages add to the ways as announced in the usual year, or the first asked for."""
    if not asked.closed or inputs.world is None:
        return ()
    year = USUAL_YEAR if USUAL_YEAR in asked.years else asked.years[0]
    usual = balance(inputs, dataclasses.replace(asked, closed=(), draws=1, years=(year,)))
    return longer(inputs.world, usual, asked.closed)


def _show_steps(inputs: Inputs, asked: Asked, *, as_json: bool) -> None:
    check(asked, inputs)
    found = {basis: next_steps(inputs, asked, possible=basis == POSSIBLE) for basis in (RECORD, POSSIBLE)}
    mines = mines_among([step for steps in found.values() for step in steps], inputs)
    billed = bills(open_world(), mines) if mines else {}
    found = {basis: with_access(steps, billed) for basis, steps in found.items()}
    if as_json:
        told = {
            basis: [{**plain(step), "tonnes_per_usd_m": step.tonnes_per_usd_m} for step in steps]
            for basis, steps in found.items()
        }
        print_json({"element": asked.element, "rule": asked.rule, "year": asked.years[0], **told})
        return
    columns = ["step", "name", "stages", "t a year more", "US$ m", "t per US$ m", "access US$ m", "dearest of it"]
    for basis, steps in found.items():
        rows = [
            [
                step.kind, ", ".join(step.names), ", ".join(step.stages),
                f"{'at most ' if step.at_most else ''}{step.tonnes:,.0f}", step.capex_usd_m, step.tonnes_per_usd_m,
                step.access_usd_m, step.access_item,
            ]
            for step in steps
        ]  # fmt: skip
        print_table(f"{asked.element}, {basis}: each step alone, on the chain of today", columns, rows)
        if not steps:
            typer.echo(f"{basis}: no single step adds anything")
        elif not mines_among(steps, inputs):
            typer.echo(f"{basis}: no single mine, and so no port, road or line of one, adds anything")
    typer.echo("build: in full; open: takes others' feed. Access: port, roads, line and power of the mine, P50.")


def document(found: Balance, lengthened: Sequence[Longer] = ()) -> dict[str, Any]:
    """Return the answer as one JSON document."""
    return {
        "element": found.asked.element, "rule": found.asked.rule, "draws": found.asked.draws, "seed": found.asked.seed,
        "closed": [*found.asked.without, *found.asked.closed], "unit": "t/y oxide", "balance": records(found.table),
        "demand": records(found.demand), "held_back": plain(found.held),
        "flows_as_announced": [
            {
                "year": year, "from": way.start.node_id, "from_stage": way.start.stage, "to": way.end.node_id,
                "to_stage": way.end.stage, "tonnes": round(way.tonnes, 1),
            }
            for year, ways in found.ways.items() for way in ways
        ],
        "longer_ways_as_announced": [
            {
                "year": one.year, "from": one.start.node_id, "to": one.end.node_id, "tonnes": round(one.tonnes, 1),
                "km_before": one.km_before, "extra_km": one.extra_km, "extra_days": one.extra_days,
                "extra_usd_per_t": one.extra_usd_per_t,
            }
            for one in lengthened
        ],
        "no_figure_or_start": [{**plain(phase), "start": phase.start} for phase in found.missing],
    }  # fmt: skip


def _written(found: Balance, path: Path, inputs: Inputs, lang: Language) -> bytes:
    """Return the file: picture and page tell the usual year where it is among them, else the first."""
    ending, years = path.suffix.lower(), found.asked.years
    year = USUAL_YEAR if USUAL_YEAR in years else years[0]
    if ending == ".csv":
        return csv_bytes(found.table)
    if ending == ".xlsx":
        steps = next_steps(inputs, dataclasses.replace(found.asked, years=(year,)))
        return balance_book(found, inputs.tables, steps, _lengthened(inputs, found.asked))
    if ending == ".svg":
        return balance_chart(found, inputs.tables, year, lang).svg.encode()
    if ending == ".pdf":
        steps = next_steps(inputs, dataclasses.replace(found.asked, years=(year,)))
        return balance_report(
            found, inputs.tables, steps, year=year, data_version=open_world().data_version, lang=lang,
            created=creation_date(),
        )  # fmt: skip
    return (
        json.dumps(document(found, _lengthened(inputs, found.asked)), ensure_ascii=False, indent=1, allow_nan=False)
        + "\n"
    ).encode()


def _print_years(found: Balance) -> None:
    rows = []
    told = cells(found)
    for year in found.asked.years:
        made, reached = told[year, SEPARATION, ALL], told[year, MAGNET, ALL]
        gaps = found.demand[found.demand["year"] == year]
        gap = f"{gaps['gap_low_t'].min():,.0f} to {gaps['gap_high_t'].max():,.0f}" if len(gaps) else ""
        first = next((one for one in found.held if one.year == year), None)
        rows.append([
            year, _span(made), _span(reached), f"{reached['possible_high_t']:,.0f}", gap,
            f"{first.stage} {first.share:.0%}" if first else "nothing flows",
        ])  # fmt: skip
    columns = ["year", "separated", "reaches magnets", "possible", "gap to demand", "held back by"]
    print_table(f"{found.asked.element}, rule {found.asked.rule}", columns, rows)


def _print_stages(found: Balance) -> None:
    year = found.asked.years[0]
    told = cells(found)
    rows = []
    for stage in STAGES:
        row, allied = told[year, stage, ALL], told[year, stage, Bloc.ALLIED]
        rows.append([
            stage, f"{row['announced_t']:,.0f}", _span(row), f"{row['possible_high_t']:,.0f}", _span(allied),
            f"{row['held_back_share']:.0%}",
        ])  # fmt: skip
    columns = ["stage", "announced", "on record", "possible", "of it allied", "holds back"]
    print_table(f"{found.asked.element} in {year}, rule {found.asked.rule}", columns, rows)


def _print_rest(found: Balance, inputs: Inputs) -> None:
    typer.echo(NOTE)
    for one in found.held:
        if len(found.asked.years) == 1:
            typer.echo(f"held back at {one.stage}, {one.share:.0%}: {', '.join(one.names)}")
    for row in found.demand.to_dict("records") if len(found.asked.years) == 1 else ():
        title = inputs.tables.demand_titles[str(row["scenario"])]
        typer.echo(f"demand outside China by {title}: {row['demand_t']:,.0f} t; gap {row['gap_low_t']:,.0f} to "
                   f"{row['gap_high_t']:,.0f}")  # fmt: skip
    if found.missing:
        typer.echo(f"no tonnage or no start on record: {', '.join(_missing(phase) for phase in found.missing)}")


def _print_longer(found: Sequence[Longer]) -> None:
    for one in found:
        more = "no way left" if one.extra_km is None else (
            f"{one.extra_km:+,.0f} km, {one.extra_days:+.0f} d, US$ {one.extra_usd_per_t:+.0f}/t"
        )  # fmt: skip
        typer.echo(f"closed, {one.year} as announced: {one.start.name} → {one.end.name}, {one.tonnes:,.0f} t: {more} "
                   f"against {one.km_before:,.0f} km before")  # fmt: skip


def _missing(phase: Phase) -> str:
    return f"{phase.key} ({phase.stage})"


def _span(row: Mapping[str, float]) -> str:
    return f"{row['record_mid_t']:,.0f} ({row['record_low_t']:,.0f} to {row['record_high_t']:,.0f})"
