"""What the commands for many points share: progress on stderr, the sources named in what they write."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from oreway.later import later
from oreway.layers.registry import LAYERS
from oreway.layers.vocabulary import Role

with later(__name__):
    from oreway.commands._bar import bar
    from oreway.outputs.files.export import provenance

STOPPED = 1
MEASURED_ROLES = (Role.INFRASTRUCTURE, Role.FACILITY, Role.CONTEXT)
UNMEASURED = ("sea_lanes", "places", "heritage")


@contextmanager
def shown(title: str) -> Iterator[Callable[[float, int], None]]:
    """Show the progress of a long run, on a terminal only; yield what is to be called as it goes on."""
    if sys.stderr.isatty():
        with bar(title) as progress:
            yield progress
    else:
        yield _silent


def _silent(done: float, rows: int) -> None:
    del done, rows


def members() -> dict[str, object]:
    """Return what a measured file says of its sources: licences, dates, data version."""
    return provenance([layer.id for layer in LAYERS if layer.role in MEASURED_ROLES and layer.id not in UNMEASURED])
