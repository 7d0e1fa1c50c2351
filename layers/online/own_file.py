"""Read a table that a provider gives out by hand, after a form, from the user's own copy of it."""

from pathlib import Path

from oreway.layers.endless import is_endless
from oreway.layers.errors import UploadError
from oreway.layers.online.areas import Area, Feature
from oreway.layers.online.delimited import feature_of_row, inside
from oreway.layers.online.errors import OnlineError
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.online.services import Service
from oreway.layers.upload.formats import read_raw
from oreway.layers.upload.limits import Limits
from oreway.layers.upload.raw import Choice
from oreway.said import PlainSaying, why

LIMITS = Limits(size_mb=200.0, unpacked_mb=2_000.0, features=500_000, cells=50_000_000)


def file_features(service: Service, area: Area, path: Path | None, sheet: str = "") -> list[Feature]:
    """Return the rows of the user's file that lie in the area, as points; read as any table a stranger brings.

    Raises:
        OnlineError: no file, one that cannot be read, or rows without the columns of the service.
    """
    if path is None:
        raise OnlineError(OnlineSaying.AFTER_A_FORM(service.id, service.url))
    if is_endless(path):
        raise OnlineError(PlainSaying.ENDLESS(path))
    try:
        raw = read_raw(path.read_bytes(), str(path), LIMITS, Choice(layer=sheet))
    except OSError as error:
        raise OnlineError(OnlineSaying.FILE_UNREAD(path, error.strerror)) from None
    except UploadError as error:
        raise OnlineError(why(error)) from None
    rows = ({str(name): _text(word) for name, word in row.items()} for row in raw.table.to_pylist())
    features = [feature_of_row(row, service, int(line)) for row, line in zip(rows, raw.lines, strict=True)]
    return [feature for feature in features if inside(feature.geometry, area)]


def _text(word: object) -> str:
    return "" if word is None else str(word)
