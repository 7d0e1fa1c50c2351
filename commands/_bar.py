"""A progress bar on stderr: points done, their rate, the time that is left."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text


class _Rate(ProgressColumn):
    """Points a second."""

    def render(self, task: Task) -> Text:
        """Return the rate so far."""
        seconds = task.finished_time if task.finished else task.elapsed
        return Text(f"{task.fields['rows'] / seconds:,.0f}/s" if seconds else "", style="progress.data.speed")


@contextmanager
def bar(title: str) -> Iterator[Callable[[float, int], None]]:
    """Show a bar; yield what is to be called with the share done and the rows so far."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]:,}"),
        _Rate(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=1.0, rows=0)
        yield lambda done, rows: progress.update(task, completed=done, rows=rows)
