"""`oreway supply`."""

from typing import Annotated, Any

import typer

from oreway.commands._terminal import JsonFlag, known, plain, print_json
from oreway.scoring.routes.supply import Supply, supply
from oreway.scoring.world.world import open_world


def run(
    site: str,
    *,
    to: Annotated[str, typer.Option(help="Only this refinery.")] = "",
    close: Annotated[list[str] | None, typer.Option(help="Passage to close, e.g. suez; may be repeated.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Show deposit → port → refinery, leg by leg, best first."""
    world = open_world()
    found = supply(world, known(world, site), to=to or None, closed=close or ())
    if as_json:
        print_json(_supply_document(found))
        return
    typer.echo(f"{site}: ships {found.product} ({found.product_note}); port {found.port_name}: {found.port_rule}")
    if not found.routes:
        typer.echo(f"\nno plant of the catalogue treats {world.sites['commodities'][found.site_id]!s}")
    for route in found.routes:
        marks = [route.bloc, route.status, route.fit, *(["planned"] if route.planned else [])]
        sums = (
            f"{route.distance_km:,.0f} km, {route.days:.0f} d, US$ {route.usd_per_t:.0f}/t" if route.days else "no sum"
        )
        typer.echo(f"\n{route.refinery_id} {route.refinery_name} [{', '.join(marks)}] {sums}")
        for leg in route.legs:
            ends = f"{leg.start.name} → {leg.end.name}"
            typer.echo(
                f"  {leg.mode:5} {ends}: {leg.distance_km:,.0f} km ({leg.low_km:,.0f}–{leg.high_km:,.0f}), {leg.method}"
            )
    typer.echo(f"\nbest running: {found.best or 'none'}; best allied: {found.best_allied or 'none'}")


def _supply_document(found: Supply) -> dict[str, Any]:
    document: dict[str, Any] = plain(found)
    for route in document["routes"]:
        for leg in route["legs"]:
            leg["from"], leg["to"] = leg.pop("start"), leg.pop("end")
            leg.pop("line")
    return document
