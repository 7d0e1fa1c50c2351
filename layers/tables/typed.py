"""Where a typed text lies: coordinates in every spelling the tables' reader knows, a shape, or metres of a system."""

import re

import numpy as np
import pyarrow as pa

from oreway.layers.errors import CoordinateError
from oreway.layers.tables.areas import far_from_use, too_far
from oreway.layers.tables.coordinates import LAT, LIMIT, LON, pair
from oreway.layers.tables.position_plan import GEOJSON, HEX_WKB, WKT
from oreway.layers.tables.positions import in_wgs84, shapes_of, system_name
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.tables.systems import code_of

LonLat = tuple[float, float]  # lon, lat

METRES = re.compile(
    r"(?P<system>\S.*?)[\s:,;]+(?P<x>-?\d{5,8}(?:\.\d+)?)\s*m?\s*E?[\s,;]+(?P<y>-?\d{5,8}(?:\.\d+)?)\s*m?\s*N?"
)


def typed_places(text: str) -> list[LonLat]:
    """Return the places a text may mean: one, or two where nothing tells longitude from latitude.

    The first of two reads the numbers as longitude, latitude, as addresses and files of this product have them.

    Args:
        text: "60.9 N 45.9 W", "-45.9, 60.9", "geo:60.9,-45.9", "POINT(-45.9 60.9)", "UTM 23N 449000 6750000" and more.

    Raises:
        CoordinateError: it is no position, or one off the Earth.
    """
    cell = text.strip()
    if WKT.match(cell) or HEX_WKB.fullmatch(cell) or GEOJSON.match(cell):
        return [_of_shape(cell)]
    metres = METRES.fullmatch(cell)
    if metres is not None:
        x, y = float(metres["x"]), float(metres["y"])
        code = code_of(metres["system"], northing=y)
        lon, lat = in_wgs84(np.array([x]), np.array([y]), code)
        if far_from_use(code, lon, lat)[0]:
            raise CoordinateError(too_far(lon[0], lat[0], system_name(code)))
        return _on_earth([(float(lon[0]), float(lat[0]))])
    try:
        one, two = pair(cell)
    except CoordinateError:
        raise CoordinateError(TableSaying.NO_TWO_COORDINATES()) from None
    if one.axis:
        place = (one.degrees, two.degrees) if one.axis == LON else (two.degrees, one.degrees)
        return _on_earth([place])
    return _on_earth(list(dict.fromkeys([(one.degrees, two.degrees), (two.degrees, one.degrees)])))


def _of_shape(cell: str) -> LonLat:
    shapes, faults = shapes_of(pa.chunked_array([[cell]]))
    if faults or shapes[0] is None or shapes[0].is_empty:
        raise CoordinateError(TableSaying.SHAPE_FAULT(faults[0]) if faults else TableSaying.SHAPE_EMPTY())
    inside = shapes[0].representative_point()
    return _on_earth([(float(inside.x), float(inside.y))])[0]


def _on_earth(places: list[LonLat]) -> list[LonLat]:
    kept = [(lon, lat) for lon, lat in places if abs(lon) <= LIMIT[LON] and abs(lat) <= LIMIT[LAT]]
    if not kept:
        lon, lat = places[0]
        raise CoordinateError(TableSaying.OFF_THE_EARTH(format(lon, "g"), format(lat, "g")))
    return kept
