"""One run at a time on one output: a lock that ends with its process, however that ends."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from oreway.said import PlainSaying
from oreway.scoring.batch.parts import written
from oreway.scoring.batch.sayings import BatchSaying
from oreway.scoring.errors import ScoringError


@contextlib.contextmanager
def sole_run(out: Path) -> Iterator[None]:
    """Keep every other run off an output for a while.

    Raises:
        ScoringError: another run is writing it, or the folder is missing or cannot be written to.
    """
    if not out.parent.is_dir():
        raise ScoringError(PlainSaying.NO_FOLDER(out.parent))
    path = out.parent / f".{out.name}.lock"
    lock = FileLock(path, blocking=False)
    try:
        lock.acquire()
    except Timeout:
        raise ScoringError(BatchSaying.IN_USE(out)) from None
    except OSError:
        with written(out):
            raise
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        lock.release()
