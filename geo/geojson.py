"""Frames as GeoJSON the way RFC 7946 wants it: lon before lat, right-hand rule, cut at 180 degrees, a bounding box."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import date
from enum import Enum
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry import shape as shape_of
from shapely.geometry.base import BaseGeometry

from oreway.geo.antimeridian import cut
from oreway.geo.errors import GeoError
from oreway.geo.files.boxes import Box
from oreway.geo.geodesy import checked_lon_lat
from oreway.geo.sayings import GeoSaying
from oreway.later import later

with later(__name__):
    import geopandas as gpd
    import pandas as pd

DECIMALS = 6  # RFC 7946, section 11.2: about 10 cm, enough and no more

FINE_DECIMALS = 12
POINT, AREA = 0, 2  # dimensions
_RESERVED = {"type", "features", "geometry", "properties", "coordinates", "geometries"}


def feature_collection(frame: gpd.GeoDataFrame, *, members: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return a FeatureCollection of a frame in EPSG:4326; the index gives the ids, members stand beside "features".

    Geometries are cut at the antimeridian, wound by the right-hand rule and rounded to 6 decimals; Z is dropped.
    Missing values (None, NaN, NaT, pd.NA, infinities) become null and missing geometries a null geometry.

    Raises:
        GeoError: the frame has no CRS or another one, a coordinate is out of range, or a member's name is taken.
    """
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        raise GeoError(GeoSaying.GEOJSON_SYSTEM(frame.crs))
    taken = _RESERVED.intersection(members or {})
    if taken:
        raise GeoError(GeoSaying.GEOJSON_MEMBER(repr(min(taken))))
    columns = [column for column in frame.columns if column != frame.geometry.name]
    values = [[plain(value) for value in frame[column].tolist()] for column in columns]
    features = [
        {
            "type": "Feature",
            "id": identity if isinstance(identity, (int, str)) else str(identity),
            "geometry": geometry(shape, f"feature {identity}"),
            "properties": dict(zip(map(str, columns), row, strict=True)),
        }
        for identity, shape, *row in zip(frame.index.tolist(), frame.geometry, *values, strict=True)
    ]
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    box = bbox([shape for shape in frame.geometry if shape is not None])
    if box is not None:
        collection["bbox"] = box
    collection.update({name: plain(value) for name, value in (members or {}).items()})
    collection["features"] = features
    return collection


def geometry(shape: BaseGeometry | None, place: str = "geometry") -> dict[str, Any] | None:
    """Return one geometry as RFC 7946 has it, or None for a missing or empty one.

    Raises:
        GeoError: a coordinate is NaN, infinite or out of range.
    """
    if shape is None or shape.is_empty:
        return None
    flat = shapely.force_2d(shape)
    lon, lat = shapely.get_coordinates(flat).T
    checked_lon_lat(lon, lat, place)
    wound = shapely.orient_polygons(cut(flat))
    found = _rounded(mapping(wound), DECIMALS)
    if shapely.get_dimensions(wound) == POINT or not shapely.is_valid(wound) or shapely.is_valid(shape_of(found)):
        return dict(found)
    if shapely.get_dimensions(wound) == AREA:  # parts that rounding makes touch are joined
        return dict(_rounded(mapping(shapely.orient_polygons(shapely.set_precision(wound, 10.0**-DECIMALS))), DECIMALS))
    return dict(_rounded(mapping(wound), FINE_DECIMALS))  # a line that is shorter than the rounding


def bbox(shapes: Iterable[BaseGeometry]) -> list[float] | None:
    """Return [west, south, east, north]; west is greater than east where the box crosses 180 degrees, see `Box`.

    A box that holds every longitude is [-180, ..., 180, ...]. None when there is nothing.
    """
    parts = [p for shape in shapes if not shape.is_empty for p in shapely.get_parts(cut(shapely.force_2d(shape)))]
    found = Box()
    found.add(shapely.bounds(np.array(parts, dtype=object)).reshape(-1, 4))
    box = found.round_180()
    return None if box is None else [round(value, DECIMALS) + 0.0 for value in box]


def dumps(collection: Mapping[str, Any]) -> bytes:
    """Return the document in UTF-8, compact, the same bytes for the same content; NaN is refused, never written."""
    return json.dumps(collection, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: missing values as None, numbers and dates of any library as plain ones."""
    if value is None or (isinstance(value, (bool, str)) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset, np.ndarray)):
        items = sorted(value) if isinstance(value, (set, frozenset)) else value
        return [plain(item) for item in items]
    if value is pd.NaT or value is pd.NA:
        return None
    return value.isoformat() if isinstance(value, date) else str(value)


def _rounded(value: Any, decimals: int) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(item, decimals) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item, decimals) for item in value]
    return round(value, decimals) + 0.0 if isinstance(value, float) else value
