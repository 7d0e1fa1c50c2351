"""What the commands for many points share: progress on stderr, the sources named in what they write."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from oreway.later import later
from oreway.layers.registry import LAYERS
from oreway.layers.vocabulary import Role

with later(__name__):
    from oreway.outputs.files.export import provenance

STOPPED = 1
MEASURED_ROLES = (Role.INFRASTRUCTURE, Role.FACILITY, Role.CONTEXT)
UNMEASURED = ("sea_lanes", "places", "heritage")


class _Rate(ProgressColumn):
    """Points a second."""

    def render(self, task: Task) -> Text:
        """Return the rate so far."""
        seconds = task.finished_time if task.finished else task.elapsed
        return Text(f"{task.fields['rows'] / seconds:,.0f}/s" if seconds else "", style="progress.data.speed")


class Shown:
    """A progress bar on stderr, on a terminal only; call it with the share done and the rows so far."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._task = progress.add_task(title, total=1.0, rows=0)

    def __call__(self, done: float, rows: int) -> None:
        self._progress.update(self._task, completed=done, rows=rows)


@contextmanager
def shown(title: str) -> Iterator[Shown]:
    """Show the progress of a long run; yield what is to be called as it goes on."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]:,}"),
        _Rate(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        yield Shown(progress, title)


def members() -> dict[str, object]:
    """Return what a measured file says of its sources: licences, dates, data version."""
    return provenance([layer.id for layer in LAYERS if layer.role in MEASURED_ROLES and layer.id not in UNMEASURED])
