"""The terminal's commands for many points and whole regions: `oreway batch`, `oreway surface`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from layers.postgis import shown
from layers.registry import LAYERS
from layers.vocabulary import Role
from outputs.export import provenance
from outputs.surface import REGIONS, surface
from scoring.batch import batch

STOPPED = 1
MEASURED_ROLES = (Role.INFRASTRUCTURE, Role.FACILITY, Role.CONTEXT)
UNMEASURED = ("sea_lanes", "places", "heritage")
ProfileOption = Annotated[str, typer.Option(help="Weight profile; the default follows each point's setting.")]


class Cells(StrEnum):
    """Types of a raster's cells."""

    FLOAT32 = "float32"
    INT16 = "int16"


class What(StrEnum):
    """What the bands of a raster tell."""

    REMOTENESS = "remoteness"
    SCORE = "score"
    BILL = "bill"


class _Rate(ProgressColumn):
    """Points a second."""

    def render(self, task: Task) -> Text:
        """Return the rate so far."""
        seconds = task.finished_time if task.finished else task.elapsed
        return Text(f"{task.fields['rows'] / seconds:,.0f}/s" if seconds else "", style="progress.data.speed")


class _Shown:
    """A progress bar on stderr, on a terminal only; call it with the share done and the rows so far."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=1.0, rows=0)

    def __call__(self, done: float, rows: int) -> None:
        self._progress.update(self._task, completed=done, rows=rows)


@contextmanager
def _shown(title: str) -> Iterator[_Shown]:
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]:,}"),
        _Rate(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        yield _Shown(progress, title)


def _members() -> dict[str, object]:
    return provenance([layer.id for layer in LAYERS if layer.role in MEASURED_ROLES and layer.id not in UNMEASURED])


def run_batch(
    source: Annotated[
        str, typer.Argument(metavar="IN", help="Points, any number: .csv .tsv .parquet .geojson, or postgresql://.")
    ],
    *,
    output: Annotated[
        str, typer.Option("-o", help="File (.parquet .csv .geojson), folder of parts ending in /, or postgresql://.")
    ],
    scheduler: Annotated[str, typer.Option(help="Address of a dask.distributed scheduler, e.g. tcp://host:8786.")] = "",
    profile: ProfileOption = "",
    accuracy_km: Annotated[
        float, typer.Option("--position-accuracy", min=0, help="Kilometres a position may be off where IN says none.")
    ] = 0.0,
) -> None:
    """Measure and score any number of points; a run that was stopped goes on when it is started again."""
    try:
        with _shown("Points") as progress:
            done = batch(
                source, output, scheduler=scheduler, profile=profile or None, accuracy_km=accuracy_km,
                members=_members(), progress=progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        typer.echo(
            f"oreway: stopped; finished parts of {shown(output)} are kept, run the same command to go on", err=True
        )
        raise typer.Exit(STOPPED) from None
    resumed = f", {done.resumed:,} of them from the run before" if done.resumed else ""
    typer.echo(f"{shown(output)}: {done.rows_out:,} of {done.rows_in:,} points{resumed}")
    if done.rejects is not None:
        typer.echo(f"{done.rejects}: {done.rejected:,} rows left out, with line and reason", err=True)


def run_surface(
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
        with _shown("Cells") as progress:
            made = surface(
                region, output, cell_deg=resolution, classes=classes or None, what=what or tuple(What),
                profile=profile or None, dtype=cells.value, members=_members(), progress=progress,
            )  # fmt: skip
    except KeyboardInterrupt:
        typer.echo(f"oreway: stopped; {output} is as it was", err=True)
        raise typer.Exit(STOPPED) from None
    typer.echo(f"{output}: {made.width} x {made.height} cells, bands {', '.join(made.bands)}")


def add(app: typer.Typer) -> None:
    """Give an application the commands `batch` and `surface`."""
    app.command(name="batch")(run_batch)
    app.command(name="surface")(run_surface)
