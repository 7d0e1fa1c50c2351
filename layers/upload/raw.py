"""What reading a format gives: rows as the file has them, their shapes, and what could not be read."""

import dataclasses
import json
import math
from collections.abc import Iterable, Mapping, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from oreway.layers.errors import ChoiceError
from oreway.layers.upload.sayings import FileSaying
from oreway.said import Said, listed

Shapes = npt.NDArray[np.object_]
LINE, ROW, FEATURE, PLACEMARK, POINT = "line", "row", "feature", "placemark", "point"
MOST_NAMED = 12


@dataclasses.dataclass(frozen=True, kw_only=True)
class Choice:
    """What the user chooses where a file does not say: one of its layers or sheets, and a reference system's code."""

    layer: str = ""
    system: str = ""


@dataclasses.dataclass(kw_only=True)
class Raw:
    """Rows of a file.

    table: its columns but the geometry. shapes: a geometry a row, where the format has them, in the reference system
    crs
    (None: not said). lines: what number a row has in the file, counted in lines, rows, features or placemarks. faults:
    why
    a row's geometry could not be read, by place in the table. rejected: what could not even become a row, by its
    number.
    """

    table: pa.Table
    lines: npt.NDArray[np.int64]
    counted: str
    shapes: Shapes | None = None
    crs: object = None
    faults: dict[int, Said] = dataclasses.field(default_factory=dict)
    rejected: list[tuple[int, Said]] = dataclasses.field(default_factory=list)
    notes: list[Said] = dataclasses.field(default_factory=list)
    layers: tuple[str, ...] = ()


def chosen_layer(
    usable: Sequence[str], others: Sequence[str], preferred: Sequence[str], place: str, wanted: str,
    *, note: FileSaying = FileSaying.LAYER_READ,
) -> tuple[str, list[Said]]:  # fmt: skip
    """Return the layer or sheet to read, and the note that names the others.

    Args:
        usable: those that hold rows with positions.
        others: those that do not.
        preferred: those of the usable that hold points.
        place: the file, for messages.
        wanted: the one the user names, "" for none.
        note: what is said where others are left alone.

    Raises:
        ChoiceError: the one named is not there, or there are several and none is named.
    """
    if wanted:
        if wanted not in (*usable, *others):
            raise ChoiceError(FileSaying.NO_SUCH_LAYER(place, repr(wanted[:80]), named(usable)), choices=tuple(usable))
        return wanted, []
    narrowed = list(preferred) if len(preferred) == 1 else list(usable)
    if len(narrowed) > 1:
        raise ChoiceError(FileSaying.SEVERAL_LAYERS(place, named(usable)), choices=tuple(usable))
    rest = [name for name in (*usable, *others) if name not in narrowed]
    return narrowed[0], [note(narrowed[0], named(rest))] if rest else []


def named(names: Iterable[str]) -> Said:
    """Return names fit for a message."""
    return listed((name[:80] for name in names), most=MOST_NAMED)


def table_of(columns: Mapping[str, Sequence[str]], rows: int) -> pa.Table:
    """Return columns of text as a table, with its number of rows even where there are no columns."""
    if columns:
        return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})
    return pa.table({"": pa.nulls(rows, pa.string())})


def text_of(value: object) -> str:
    """Return a cell as text: 101 not 101.0, a list as JSON, nothing for what is missing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return (
            "" if math.isnan(value) else str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
        )
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):
        return ""
    return str(value)


def raw_of(frame: pd.DataFrame) -> Raw:
    """Return a frame's rows as those of a file; the geometry of a GeoDataFrame is its shapes."""
    whole = frame.reset_index(drop=frame.index.name is None or frame.index.name in frame.columns)
    shapes, crs = None, None
    if isinstance(whole, gpd.GeoDataFrame):
        shapes, crs = whole.geometry.to_numpy(), whole.crs
        whole = pd.DataFrame(whole.drop(columns=whole.geometry.name))
    cells = {
        str(name): [text_of(None if _is_missing(one) else one) for one in whole[name].astype(object)] for name in whole
    }
    return Raw(
        table=table_of(cells, len(whole)), lines=np.arange(1, len(whole) + 1), counted=ROW, shapes=shapes, crs=crs
    )


def _is_missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT


def texts(column: "pa.Array | pa.ChunkedArray") -> list[str]:
    """Return a column as text, cell by cell."""
    return [text_of(value) for value in column.to_pylist()]
