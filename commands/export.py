"""`oreway export`."""

from pathlib import Path
from typing import Annotated

import typer

from oreway.later import later

with later(__name__):
    from oreway.layers.database import is_address, parse_address, write_chunks
    from oreway.outputs.files.export import export_frame, export_layer
    from oreway.scoring.world.world import open_world


def run(
    layer: Annotated[str, typer.Argument(help="A layer id, or `all` for every site.")],
    *,
    output: Annotated[
        str, typer.Option("-o", help="File .geojson .gpkg .parquet .csv .kml .kmz .qgz .xlsx, or postgresql://")
    ],
    scores: Annotated[bool, typer.Option("--scores", help="Add the score columns to sites.")] = False,
) -> None:
    """Export a layer, with licences, dates and data version inside."""
    world = open_world()
    if is_address(output):
        frame, _ = export_frame(world, layer, scores=scores)
        count = write_chunks([frame], output)
        typer.echo(f"{parse_address(output).shown}: {count} features")
        return
    count = export_layer(world, layer, Path(output), scores=scores)
    typer.echo(f"{output}: {count} features")
