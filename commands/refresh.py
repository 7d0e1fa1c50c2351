"""`oreway refresh`."""

from pathlib import Path
from typing import Annotated

import typer

from oreway.commands._terminal import JsonFlag, plain, print_json, print_table, refuse
from oreway.later import later

with later(__name__):
    from oreway.layers.online.refresh import read_services, refresh


def run(
    layers: Annotated[list[str] | None, typer.Argument(metavar="[LAYER]...")] = None,
    *,
    service: Annotated[list[str] | None, typer.Option(help="Instead of the first choice; may be repeated.")] = None,
    radius_km: Annotated[float, typer.Option(min=1, max=200, help="How far round each site.")] = 30.0,
    file: Annotated[Path | None, typer.Option(help="Your copy of what a service gives out after a form.")] = None,
    sheet: Annotated[str, typer.Option("--sheet", help="Sheet of that file to read.")] = "",
    as_json: JsonFlag = False,
) -> None:
    """Fetch layers anew from the official online services, when there is a network."""
    known = {found.id: found for found in read_services()}
    if wrong := [name for name in service or [] if name not in known]:
        refuse(f"service {wrong[0]!r}: not known; choose from {', '.join(known)}")
    chosen = [known[name] for name in service] if service else None
    say = None if as_json else (lambda line: typer.echo(line, err=True))
    done = refresh(layers or None, radius_km=radius_km, services=chosen, progress=say, file=file, sheet=sheet)
    if as_json:
        print_json([plain(about) for about in done])
    else:
        rows = [(about.layer_id, about.rows, about.retrieved, about.licence) for about in done]
        print_table("Refreshed", ("layer", "rows", "retrieved", "licence"), rows)
