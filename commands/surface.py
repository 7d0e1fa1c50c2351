"""`oreway surface`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from oreway.commands._progress import STOPPED, members, shown
from oreway.commands._terminal import ProfileOption
from oreway.later import later
from oreway.outputs.files.regions import REGIONS

with later(__name__):
    from oreway.outputs.files.surface import surface


class Cells(StrEnum):
    """Types of a raster's cells."""

    FLOAT32 = "float32"
    INT16 = "int16"


class What(StrEnum):
    """What the bands of a raster tell."""

    REMOTENESS = "remoteness"
    SCORE = "score"
    BILL = "bill"


def run(
    region: Annotated[str, typer.Argument(help=f"{', '.join(REGIONS)}, or west,south,east,north in degrees.")],
    *,
    output: Annotated[Path, typer.Option("-o", help="File, .tif.")],
    resolution: Annotated[float, typer.Option(help="Size of a cell in degrees.")] = 0.1,
    classes: Annotated[list[str] | None, typer.Option("--class", help="Only these classes; may be repeated.")] = None,
    what: Annotated[list[What] | None, typer.Option(help="Only these bands; may be repeated.")] = None,
    profile: ProfileOption = "",
    cells: Annotated[Cells, typer.Option(help="float32 to the metre, or int16 in whole kilometres.")] = Cells.FLOAT32,
) -> None:
    """Write remoteness, score and access bill of every cell of a region as a cloud-optimised GeoTIFF."""
    try:
        with shown("Cells") as progress:
            made = surface(
                region, output, cell_deg=resolution, classes=classes or None, what=what or tuple(What),
                profile=profile or None, dtype=cells.value, members=members(), progress=progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        typer.echo(f"oreway: stopped; {output} is as it was", err=True)
        raise typer.Exit(STOPPED) from None
    typer.echo(f"{output}: {made.width} x {made.height} cells, bands {', '.join(made.bands)}")
