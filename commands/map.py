"""`oreway map`."""

from pathlib import Path
from typing import Annotated

import typer

from oreway.commands._terminal import known, refuse
from oreway.later import later
from oreway.outputs.words.translation import LANGUAGES, SOURCE

with later(__name__):
    from oreway.outputs.files.files import check_place, write_whole
    from oreway.outputs.files.frames import site_frame
    from oreway.outputs.map.whole_map import whole_map
    from oreway.outputs.pictures.sites_chart import sites_png, sites_svg
    from oreway.scoring.world.world import open_world

ENDINGS = (".html", ".svg", ".png")


def run(
    site: Annotated[list[str] | None, typer.Argument(help="Site ids; none for every site.")] = None,
    *,
    output: Annotated[Path, typer.Option("-o", help="File .html (offline, weights to move), .svg or .png.")],
    lang: Annotated[str, typer.Option("--lang", help=f"One of {', '.join(LANGUAGES)}.")] = SOURCE,
) -> None:
    """Draw sites as a map in one file that works offline, or as a picture."""
    if lang not in LANGUAGES:
        refuse(f"--lang: {lang!r} is no language of the map; write one of {', '.join(LANGUAGES)}")
    ending = output.suffix.lower()
    if ending not in ENDINGS:
        refuse(f"{output}: ending {output.suffix!r} names no format of a map; use one of {', '.join(ENDINGS)}")
    check_place(output)
    world = open_world()
    chosen = [known(world, site_id) for site_id in dict.fromkeys(site)] if site else None
    sites = site_frame(world, chosen, scores=True)
    if ending == ".html":
        content = whole_map(sites, lang, world=world).get_root().render().encode("utf-8")
    else:
        svg = sites_svg(world, sites, lang)
        content = svg.encode("utf-8") if ending == ".svg" else sites_png(svg)
    write_whole(output, content)
    typer.echo(f"{output}: {len(sites)} sites")
