"""One run at a time on one output: a lock that ends with its process, however that ends."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from oreway.scoring.batch.parts import written
from oreway.scoring.errors import ScoringError

try:
    import fcntl
except ImportError:  # Windows: no such locks; each run still writes whole files
    LOCKS: ModuleType | None = None
else:
    LOCKS = fcntl


@contextlib.contextmanager
def sole_run(out: Path) -> Iterator[None]:
    """Keep every other run off an output for a while.

    Raises:
        ScoringError: another run is writing it, or the folder is missing or cannot be written to.
    """
    if not out.parent.is_dir():
        raise ScoringError(f"{out.parent}: no such folder; make it first or choose another")
    if LOCKS is None:
        yield
        return
    path = out.parent / f".{out.name}.lock"
    with _locked(path, out, LOCKS):
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def _locked(path: Path, out: Path, locks: ModuleType) -> BinaryIO:
    while True:
        with written(out):
            handle = path.open("wb")
        try:
            locks.flock(handle, locks.LOCK_EX | locks.LOCK_NB)
        except BlockingIOError:
            handle.close()
            raise ScoringError(f"{out}: another run is writing it; wait for its end, or name another output") from None
        if os.fstat(handle.fileno()).st_nlink:
            return handle
        handle.close()  # a run that has just ended took its file away between the two steps
