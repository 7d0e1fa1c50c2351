"""Answers as plain JSON and back: frames, arrays, shapes, words and dataclasses of this package, nothing else."""

from __future__ import annotations

import dataclasses
import enum
import importlib
import itertools
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from oreway.later import later

with later(__name__):
    import pandas as pd

KIND, OWN = "$", "oreway."
PLAIN = (str, int, float, bool)


def encode(value: Any) -> Any:
    """Return a value as JSON holds it.

    Raises:
        TypeError: it holds something that is not coded here.
    """
    if value is None or type(value) in PLAIN:
        return value
    if type(value) is list:
        return [encode(one) for one in value]
    if isinstance(value, (enum.Enum, BaseGeometry, np.generic)):
        return _encode_one(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = [field.name for field in dataclasses.fields(value) if field.init]
        return {KIND: _name(type(value)), "parts": {name: encode(getattr(value, name)) for name in fields}}
    if _is_line(value):
        return {KIND: "line", "cells": list(itertools.chain.from_iterable(value))}
    if isinstance(value, tuple):
        return {KIND: "tuple" if type(value) is tuple else _name(type(value)), "items": [encode(one) for one in value]}
    if isinstance(value, Mapping):
        return {KIND: "dict", "items": [[encode(key), encode(one)] for key, one in value.items()]}
    return _encode_many(value)


def _is_line(value: Any) -> bool:
    """Tell whether these are pairs of numbers, as the vertices of a way are."""
    pair = (float, float)
    return type(value) is tuple and bool(value) and all(
        type(one) is tuple and (*map(type, one),) == pair for one in value
    )  # fmt: skip


def _encode_one(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return {KIND: _name(type(value)), "word": value.value}
    if isinstance(value, BaseGeometry):
        return {KIND: "shape", "wkb": shapely.to_wkb(value, hex=True)}
    return {KIND: "number", "dtype": value.dtype.str, "value": value.item()}


def _encode_many(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        cells = value.ravel().tolist()
        texts = [encode(cell) for cell in cells] if value.dtype == object else cells
        return {KIND: "array", "dtype": value.dtype.str, "shape": list(value.shape), "cells": texts}
    if type(value) is pd.Series:
        return {KIND: "series", "name": encode(value.name), "index": _column(value.index), "cells": _column(value)}
    if type(value) is pd.DataFrame:
        names = [encode(name) for name in value.columns]
        columns = [_column(value.iloc[:, i]) for i in range(len(names))]
        return {KIND: "frame", "names": names, "index": _column(value.index), "columns": columns}
    raise TypeError(f"{type(value).__name__}: not kept on disk")


def _column(column: pd.Series[Any] | pd.Index[Any]) -> dict[str, Any]:
    if type(column) is pd.RangeIndex:
        return {"range": [column.start, column.stop, column.step], "name": column.name}
    cells: list[Any] = [None if cell is pd.NA else cell for cell in column.tolist()]
    texts = [encode(cell) for cell in cells] if column.dtype == object else cells
    return {"dtype": str(column.dtype), "name": encode(column.name), "cells": texts}


def _name(kind: type) -> str:
    name = f"{kind.__module__}:{kind.__qualname__}"
    if not name.startswith(OWN):
        raise TypeError(f"{name}: not kept on disk")
    return name


def decode(told: Any) -> Any:
    """Return what was encoded.

    Raises:
        ValueError: it is not what `encode` gives.
    """
    if isinstance(told, list):
        return [decode(one) for one in told]
    if not isinstance(told, dict):
        return told
    kind = told[KIND]
    if ":" in kind:
        return _decode_own(_own(kind), told)
    if kind == "tuple":
        return tuple(decode(one) for one in told["items"])
    if kind == "line":
        cells = iter(told["cells"])
        return tuple(zip(cells, cells, strict=True))
    if kind == "dict":
        return {decode(key): decode(one) for key, one in told["items"]}
    if kind == "shape":
        return shapely.from_wkb(told["wkb"])
    if kind == "number":
        return np.dtype(told["dtype"]).type(told["value"])
    return _decode_many(kind, told)


def _own(name: str) -> Any:
    """Return a class of this package."""
    module, _, kind = name.partition(":")
    if not module.startswith(OWN):
        raise ValueError(f"{name}: not a class of this package")
    found: Any = importlib.import_module(module)
    for part in kind.split("."):
        found = getattr(found, part)
    if not (dataclasses.is_dataclass(found) or issubclass(found, (enum.Enum, tuple))):
        raise ValueError(f"{name}: not a class of answers")
    return found


def _decode_own(kind: Any, told: dict[str, Any]) -> Any:
    if "word" in told:
        return kind(told["word"])
    if "parts" in told:
        return kind(**{name: decode(one) for name, one in told["parts"].items()})
    return kind(*(decode(one) for one in told["items"]))


def _decode_many(kind: str, told: dict[str, Any]) -> Any:
    if kind == "array":
        cells = told["cells"]
        if np.dtype(told["dtype"]) != object:
            return np.array(cells, dtype=told["dtype"]).reshape(told["shape"])
        array = np.empty(len(cells), dtype=object)
        array[:] = [decode(cell) for cell in cells]
        return array.reshape(told["shape"])
    if kind == "series":
        return pd.Series(_cells(told["cells"]), index=_index(told["index"]), name=decode(told["name"]))
    if kind == "frame":
        index = _index(told["index"])
        columns = {i: pd.Series(_cells(one), index=index) for i, one in enumerate(told["columns"])}
        frame = pd.DataFrame(columns, index=index)
        frame.columns = pd.Index([decode(name) for name in told["names"]])
        return frame
    raise ValueError(f"{kind}: no kind of answer")


def _cells(column: dict[str, Any]) -> Any:
    if column["dtype"] == "object":
        cells = np.empty(len(column["cells"]), dtype=object)
        cells[:] = [decode(cell) for cell in column["cells"]]
        return pd.Series(cells, dtype=object).array
    return pd.array(column["cells"], dtype=column["dtype"])


def _index(told: dict[str, Any]) -> pd.Index[Any]:
    if "range" in told:
        start, stop, step = told["range"]
        return pd.RangeIndex(start, stop, step, name=told["name"])
    made: pd.Index[Any] = pd.Index(_cells(told), name=decode(told["name"]))
    return made
