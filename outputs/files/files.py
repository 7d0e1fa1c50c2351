"""Write files whole or not at all, and stamp them with one date."""

import contextlib
import datetime as dt
import os
import tempfile
from pathlib import Path
from types import ModuleType

from oreway.outputs.words.output_sayings import OutputSaying
from oreway.said import PlainSaying

try:
    import fcntl
except ImportError:  # Windows: no such locks, left-overs stay until they are deleted
    LOCKS: ModuleType | None = None
else:
    LOCKS = fcntl

KML, KMZ, PROJECT, XLSX = ".kml", ".kmz", ".qgz", ".xlsx"


class OutputError(ValueError):
    """A file cannot be written; the message names place, fault and cure."""


def creation_date() -> dt.date:
    """Return today's date (UTC), or the day of SOURCE_DATE_EPOCH when that is set.

    Raises:
        OutputError: SOURCE_DATE_EPOCH is not a whole number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return dt.datetime.now(tz=dt.UTC).date()
    try:
        return dt.datetime.fromtimestamp(int(epoch), tz=dt.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise OutputError(OutputSaying.EPOCH(repr(epoch))) from None


def check_place(path: Path) -> None:
    """Refuse a place no file can be written to, before anything is computed for it.

    Raises:
        OutputError: the folder is missing, or `path` is a folder, a device or a pipe.
    """
    if path.is_dir():
        raise OutputError(OutputSaying.IS_FOLDER(path))
    if path.exists() and not path.is_file():
        raise OutputError(PlainSaying.IS_DEVICE(path))
    if not path.parent.is_dir():
        raise OutputError(PlainSaying.NO_FOLDER(path.parent))


def write_whole(path: Path, content: bytes) -> None:
    """Write bytes to a new temporary file beside `path`, then move it into place.

    What stood at `path` before stays as it was when anything goes wrong. A temporary file that a killed run left there
    is removed; one that another process is still writing is not.

    Raises:
        OutputError: the folder is missing, not writable or full, or `path` is a folder or a device.
    """
    check_place(path)
    temporary = ""
    try:
        _sweep(path)
        handle, temporary = _own_temporary(path)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
            Path(temporary).chmod(0o666 & ~_umask())
            if LOCKS is not None:  # the lock ends with the file: move it into place while it is held
                Path(temporary).replace(path)
        if LOCKS is None:
            Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise OutputError(OutputSaying.NOT_WRITTEN(path, reason)) from None


def _own_temporary(path: Path) -> tuple[int, str]:
    """Return a new temporary file beside `path`, locked for as long as it is open."""
    while True:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        if LOCKS is None:
            return handle, name
        LOCKS.flock(handle, LOCKS.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return handle, name
        os.close(handle)  # another process took it for a left-over before the lock


def _sweep(path: Path) -> None:
    """Remove temporary files of `path` whose writer is gone, told by their lock."""
    if LOCKS is None:
        return
    for left in list(path.parent.iterdir()):
        if not (left.name.startswith(f".{path.name}.") and left.name.endswith(".part")):
            continue
        with contextlib.suppress(OSError), left.open("rb") as handle:
            LOCKS.flock(handle, LOCKS.LOCK_EX | LOCKS.LOCK_NB)
            left.unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
