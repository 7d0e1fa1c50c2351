"""`oreway bill`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from oreway.commands._terminal import JsonFlag, known, plain, print_json, print_table, records, refuse
from oreway.later import later
from oreway.layers.answers import answer

with later(__name__):
    from oreway.outputs.files.files import write_whole
    from oreway.outputs.report.bill_ways import ways_geojson
    from oreway.outputs.words.reason_texts import plain_text
    from oreway.scoring.build.bill import Bill, bill
    from oreway.scoring.world.world import World, open_world

COLUMNS = ["title", "quantity", "unit", "method", "cost_low_usd_m", "cost_usd_m", "cost_high_usd_m", "tag", "source"]


def run(
    site: str,
    *,
    dem: Annotated[
        str, typer.Option(help="Heights for new roads and lines: a GeoTIFF in EPSG:4326, or the http address of one.")
    ] = "",
    output: Annotated[Path | None, typer.Option("-o", help="Also write the ways to be built, as .geojson.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Print the build-from-zero bill of one site, US$ million."""
    if output is not None and output.suffix.lower() != ".geojson":
        refuse(f"{output}: ending {output.suffix!r}; the ways are written as .geojson")
    plain_bill = not dem and output is None
    told = bill_answer(site) if plain_bill else _told(open_world(), site, dem, output)
    if as_json:
        print_json(told["document"])
        return
    print_table(f"Bill of {site}, US$ million", told["columns"], told["rows"])
    for line in told["lines"]:
        typer.echo(line)


def bill_answer(site: str, opened: Callable[[], World] | None = None) -> dict[str, Any]:
    """Return the bill over the relief that is shipped, as JSON has it and as it is read."""
    return answer(f"bill {site}", lambda: _told((opened or open_world)(), site))


def _told(world: World, site: str, dem: str = "", output: Path | None = None) -> dict[str, Any]:
    """Return a bill as JSON has it and as it is read; write its ways where they are asked for."""
    found = bill(world, known(world, site), dem=dem)
    if output is not None:
        write_whole(output, ways_geojson(found))
        typer.echo(f"{output}: {len(found.ways)} ways", err=True)
    document = {"site_id": found.site_id, "unit": "US$ million", **found.totals, "items": records(found.items)}
    told = {"left_out": found.left_out, "remarks": found.remarks}
    rest = {"ways": found.ways, **told, "draws": found.draws, "seed": found.seed}
    rows = [[plain(value) for value in row] for row in found.items[COLUMNS].itertuples(index=False)]
    return {"document": plain(document | rest), "columns": COLUMNS, "rows": rows, "lines": list(_lines(found))}


def _lines(found: Bill) -> Iterator[str]:
    """Yield what stands below the table: sums, ways that are not straight, what is not priced."""
    yield f"itemised {found.base:,.0f} ({found.low:,.0f}–{found.high:,.0f})"
    yield f"with overrun P10 {found.p10:,.0f}, P50 {found.p50:,.0f}, P90 {found.p90:,.0f}"
    for way in found.ways:
        if way.method != "straight":
            lengths = f"{way.length_km[1]:,.1f} km, straight {way.straight_km[1]:,.1f} km"
            about = f"{way.method} to {plain_text(way.target)}: {lengths}"
            yield f"- {way.item_id}: {about}, with detour {way.detour_km:,.1f} km. {way.scale}".rstrip(". ")
    for one in found.remarks:
        yield f"- {plain_text(one)}"
    for one in found.left_out:
        yield f"- not priced: {plain_text(one)}"
