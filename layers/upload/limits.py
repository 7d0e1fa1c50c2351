"""What a stranger's file may hold at most, and how its words are shown in messages."""

import dataclasses

from oreway.layers.errors import UploadError
from oreway.layers.upload.sayings import FileSaying
from oreway.said import PlainSaying, Said, why


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limits:
    """What an upload may hold at most, and what reading it may take; shown to the user."""

    size_mb: float = 20.0
    unpacked_mb: float = 100.0
    features: int = 100_000
    vertices: int = 1_000_000
    columns: int = 1_000
    cells: int = 10_000_000
    nesting: int = 32
    text_length: int = 500
    seconds: float = 30.0
    memory_mb: int = 3_000


def shown(name: str) -> str:
    """Return a name fit for a message: printable, at most 100 characters."""
    return "".join(character for character in name[:1000] if character.isprintable())[:100] or "upload"


def brief(error: BaseException) -> str:
    """Return the first line of an error, fit for a message."""
    found = why(error)
    if isinstance(found, Said):
        return found
    text = found.strip()
    return shown(text.splitlines()[0] if text else type(error).__name__)


def told(place: str, error: BaseException) -> Said:
    """Return a refusal whose reason is made elsewhere: the place, then the reason."""
    return PlainSaying.PLACED(place, why(error))


def limit_count(count: int, place: str, limits: Limits) -> None:
    """Refuse too many features, or none.

    Raises:
        UploadError: so many.
    """
    if count > limits.features:
        raise UploadError(FileSaying.MANY_FEATURES(place, format(count, ","), format(limits.features, ",")))
    if count == 0:
        raise UploadError(FileSaying.NO_FEATURES(place))


def limit_columns(columns: int, rows: int, place: str, limits: Limits) -> None:
    """Refuse a table that is too wide, or has too many cells.

    Raises:
        UploadError: so many.
    """
    if columns > limits.columns:
        raise UploadError(FileSaying.MANY_COLUMNS(place, format(columns, ","), format(limits.columns, ",")))
    if columns * rows > limits.cells:
        raise UploadError(FileSaying.MANY_CELLS(place, format(columns * rows, ","), format(limits.cells, ",")))


def limit_unpacked(size: int, place: str, limits: Limits) -> None:
    """Refuse content that grows too large when unpacked.

    Raises:
        UploadError: so large.
    """
    if size > limits.unpacked_mb * 1e6:
        raise UploadError(FileSaying.LARGE_UNPACKED(place, format(size / 1e6, ",.0f"), format(limits.unpacked_mb, "g")))
