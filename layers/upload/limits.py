"""What a stranger's file may hold at most, and how its words are shown in messages."""

import dataclasses

from oreway.layers.errors import UploadError

LONGEST_REASON = 500


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
    text = str(error).strip()
    return shown(text.splitlines()[0] if text else type(error).__name__)


def told(place: str, reason: object) -> str:
    """Return a refusal whose reason is made elsewhere: the place, then the reason as printable text."""
    text = "".join(character for character in str(reason)[:LONGEST_REASON] if character.isprintable())
    return f"{place}: {text}"


def limit_count(count: int, place: str, limits: Limits) -> None:
    """Refuse too many features, or none.

    Raises:
        UploadError: so many.
    """
    if count > limits.features:
        raise UploadError(f"{place}: {count:,} features; at most {limits.features:,}, use `oreway batch` for more")
    if count == 0:
        raise UploadError(f"{place}: no features; expected at least one site")


def limit_columns(columns: int, rows: int, place: str, limits: Limits) -> None:
    """Refuse a table that is too wide, or has too many cells.

    Raises:
        UploadError: so many.
    """
    if columns > limits.columns:
        raise UploadError(
            f"{place}: {columns:,} columns; at most {limits.columns:,}, keep name, lon, lat and a few more"
        )
    if columns * rows > limits.cells:
        raise UploadError(f"{place}: {columns * rows:,} cells; at most {limits.cells:,}, leave columns out or split it")


def limit_unpacked(size: int, place: str, limits: Limits) -> None:
    """Refuse content that grows too large when unpacked.

    Raises:
        UploadError: so large.
    """
    if size > limits.unpacked_mb * 1e6:
        raise UploadError(f"{place}: {size / 1e6:,.0f} MB unpacked; at most {limits.unpacked_mb:g} MB, split the file")
