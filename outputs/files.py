"""Write files whole or not at all, and stamp them with one date."""

import datetime as dt
import os
import tempfile
from pathlib import Path


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
        raise OutputError(f"SOURCE_DATE_EPOCH {epoch!r}: not a whole number of seconds; unset or mend it") from None


def write_whole(path: Path, content: bytes) -> None:
    """Write bytes to a new temporary file beside `path`, then move it into place.

    What stood at `path` before stays as it was when anything goes wrong.

    Raises:
        OutputError: the folder is missing, not writable or full, or `path` is a folder.
    """
    if path.is_dir():
        raise OutputError(f"{path}: is a folder; name a file in it")
    if not path.parent.is_dir():
        raise OutputError(f"{path.parent}: no such folder; make it first or choose another")
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).chmod(0o666 & ~_umask())
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise OutputError(f"{path}: cannot be written ({reason}); choose a folder you may write to") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
