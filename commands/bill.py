"""`oreway bill`."""

import typer

from commands._terminal import JsonFlag, known, plain, print_json, print_table, records
from scoring.access import bill
from scoring.world import open_world


def run(site: str, *, as_json: JsonFlag = False) -> None:
    """Print the build-from-zero bill of one site, US$ million."""
    world = open_world()
    found = bill(world, known(world, site))
    if as_json:
        document = {"site_id": found.site_id, "unit": "US$ million", **found.totals, "items": records(found.items)}
        print_json(plain(document | {"left_out": found.left_out, "draws": found.draws, "seed": found.seed}))
        return
    columns = ["title", "quantity", "unit", "cost_low_usd_m", "cost_usd_m", "cost_high_usd_m", "tag", "source"]
    print_table(f"Bill of {site}, US$ million", columns, found.items[columns].itertuples(index=False))
    typer.echo(f"itemised {found.base:,.0f} ({found.low:,.0f}–{found.high:,.0f})")
    typer.echo(f"with overrun P10 {found.p10:,.0f}, P50 {found.p50:,.0f}, P90 {found.p90:,.0f}")
    for text in found.left_out:
        typer.echo(f"- not priced: {text}")
