"""Shapes of a stranger's file in WGS84: turned, unrolled across the date line, each with a measuring point."""

import re
from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Floats
from oreway.layers.errors import CoordinateError, UploadError
from oreway.layers.tables.areas import far_from_use
from oreway.layers.tables.coordinates import LIMIT, LON, TURN, looks_swapped
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.tables.systems import WGS84
from oreway.layers.upload.limits import brief, shown
from oreway.layers.upload.raw import Shapes
from oreway.layers.upload.sayings import FileSaying
from oreway.said import Said

GRID = re.compile(r"grids=(?!@null)", re.IGNORECASE)
HALF = TURN / 2
FINEST_DEG = 1e-9  # a tenth of a millimetre


def in_wgs84(shapes: Shapes, crs: Any, place: str, notes: list[Said]) -> Shapes:
    """Return shapes in WGS84.

    Raises:
        UploadError: no reference system and no degrees, numbers that cannot be of their system, or one that is not
        known.
    """
    highest = _extent(shapes)
    if crs is None:
        if _most(highest > TURN):
            raise UploadError(FileSaying.PROJECTED_FILE(place))
        notes.append(FileSaying.TAKEN_AS_WGS84())
        return shapes
    try:
        held = gpd.GeoSeries(shapes, crs=crs)
        system: Any = held.crs
        wkt, projected, code = system.to_wkt() or "", system.is_projected, system.to_epsg()
    except (ValueError, RuntimeError, TypeError, AttributeError):
        raise UploadError(FileSaying.FILE_SYSTEM(place, shown(str(crs)))) from None
    if "PARAMETERFILE" in wkt.upper() or GRID.search(wkt):
        raise UploadError(FileSaying.NEEDS_GRID(place))
    name = shown(system.name)
    if projected and _most(highest <= LIMIT[LON]):
        raise UploadError(FileSaying.FILE_DEGREES_UNDER_METRES(place, name))
    if not projected and _most(highest > TURN):
        raise UploadError(FileSaying.FILE_METRES_UNDER_DEGREES(place, name))
    if code == 4326:
        return shapes
    try:
        turned = held.to_crs(WGS84).to_numpy()
    except (ValueError, RuntimeError) as error:
        raise UploadError(FileSaying.NOT_TURNED(place, brief(error))) from None
    notes.append(FileSaying.TURNED(name))
    bounds = shapely.bounds(turned[[shape is not None and not shape.is_empty for shape in turned]])
    far = far_from_use(wkt, (bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2)
    if far.any():
        notes.append(TableSaying.MANY_FAR_FROM_USE(int(far.sum()), name))
    return turned


def _extent(shapes: Shapes) -> Floats:
    """Return the largest size of a coordinate of each shape that has any."""
    bounds = np.abs(shapely.bounds(shapes))
    highest: Floats = bounds[np.isfinite(bounds).all(axis=1)].max(axis=1, initial=0.0)
    return highest


def _most(told: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> bool:
    return bool(len(told)) and float(told.mean()) > 0.5


def refuse_swapped(shapes: Shapes, place: str) -> None:
    """Refuse shapes of which most have latitudes that are longitudes.

    Raises:
        UploadError: so.
    """
    bounds = shapely.bounds(shapes)
    if looks_swapped(bounds[:, [0, 2]], bounds[:, [1, 3]]):
        raise UploadError(FileSaying.SWAPPED(place))


def fault_of(shape: BaseGeometry | None) -> Said | None:
    """Return why a shape cannot be used, None where it can."""
    if shape is None or shape.is_empty:
        return TableSaying.NO_POSITION()
    points = shapely.get_coordinates(shape)
    if not np.isfinite(points).all():
        return FileSaying.NOT_A_NUMBER_POSITION()
    if (np.abs(points[:, 0]) > TURN).any():
        return TableSaying.LONGITUDE_OFF(format(points[np.abs(points[:, 0]).argmax(), 0], "g"))
    if (np.abs(points[:, 1]) > 90).any():
        return TableSaying.LATITUDE_OFF(format(points[np.abs(points[:, 1]).argmax(), 1], "g"))
    return None


def unrolled(shapes: Shapes, notes: list[Said]) -> Shapes:
    """Return shapes whose longitudes run on beyond 180 where they cross the date line; others stay the same."""
    bounds = shapely.bounds(shapes)
    odd = np.nonzero((bounds[:, 2] - bounds[:, 0] > HALF) | (np.abs(bounds[:, [0, 2]]) > HALF).any(axis=1))[0]
    turned, crossing = shapes.copy(), 0
    for i in odd:
        turned[i] = _unrolled(shapes[i])
        crossing += turned[i] is not shapes[i] and shapes[i].geom_type != "Point"
    if crossing:
        notes.append(FileSaying.JOINED_AT_180(crossing))
    beyond = sum(shapes[i].geom_type == "Point" for i in odd)
    if beyond:
        notes.append(FileSaying.BEYOND_180(beyond))
    return turned


def _unrolled(shape: BaseGeometry) -> BaseGeometry:
    pieces = list(shapely.get_parts(shape)) if shapely.get_type_id(shape) > 3 else [shape]
    pieces = [piece for piece in pieces if not piece.is_empty]
    if not pieces:
        return shape
    parts = [run for run in map(_run_on, pieces) if run is not None]
    if len(parts) < len(pieces):
        return shape
    first = _middle(parts[0])
    moved = [_moved(part, TURN * round((first - _middle(part)) / TURN)) for part in parts]
    many: Any = type(shape)
    whole: BaseGeometry = moved[0] if len(moved) == 1 else many(moved)
    back = _moved(whole, -TURN * round(_middle(whole) / TURN))
    west, _, east, _ = back.bounds
    return back if east - west < HALF else shape


def _run_on(shape: Any) -> BaseGeometry | None:
    """Return a shape without jumps of longitude; None where an edge runs once round the Earth."""
    if shape.geom_type == "Polygon":
        rings = [_steady(ring) for ring in (shape.exterior, *shape.interiors)]
        return None if any(ring is None for ring in rings) else shapely.Polygon(rings[0], rings[1:])
    if shape.geom_type in {"LineString", "LinearRing"}:
        points = _steady(shape)
        return None if points is None else shapely.LineString(points)
    return shapely.Point(shape.x, shape.y) if shape.geom_type == "Point" else None


def _steady(line: BaseGeometry) -> Floats | None:
    points = shapely.get_coordinates(line).copy()
    if (np.abs(np.diff(points[:, 0])) >= TURN).any():
        return None
    closed = bool((points[0] == points[-1]).all())
    points[:, 0] = np.unwrap(points[:, 0], period=TURN)
    return None if closed and points[0, 0] != points[-1, 0] else points


def _middle(shape: BaseGeometry) -> float:
    west, _, east, _ = shape.bounds
    return float(west + east) / 2


def _moved(shape: BaseGeometry, by: float) -> BaseGeometry:
    if not by:
        return shape
    move: Callable[[Floats], Floats] = lambda points: points + np.array([by, 0.0])  # noqa: E731
    return shapely.transform(shape, move)


def within_the_globe(shapes: Shapes) -> Shapes:
    """Return shapes cut at 180 degrees, what lies beyond on the other side; shapes within are the same."""
    bounds = shapely.bounds(shapes)
    cut = shapes.copy()
    for i in np.nonzero((np.abs(bounds[:, [0, 2]]) > HALF).any(axis=1))[0]:
        cut[i] = _cut(shapes[i])
    return cut


def _cut(shape: Any) -> BaseGeometry:
    if shape.geom_type == "Point":
        return shapely.Point(folded_degrees(shape.x), shape.y)
    pieces: list[BaseGeometry] = []
    for turn in (-1, 0, 1):
        window = shapely.box(-HALF + TURN * turn, -90, HALF + TURN * turn, 90)
        piece = _moved(shape.intersection(window), -TURN * turn)
        pieces += [
            part
            for part in shapely.get_parts(piece)
            if not part.is_empty and shapely.get_dimensions(part) == shapely.get_dimensions(shape)
        ]
    if len(pieces) == 1:
        return pieces[0]
    kinds: dict[str, Any] = {
        "Polygon": shapely.MultiPolygon,
        "LineString": shapely.MultiLineString,
        "Point": shapely.MultiPoint,
    }
    kind = pieces[0].geom_type if pieces else ""
    made = kinds.get(kind, shapely.GeometryCollection)
    whole: BaseGeometry = made(pieces)
    # what runs more than once round the Earth lies over itself when it is folded
    return whole if shapely.is_valid(whole) else shapely.union_all(pieces)


def folded_degrees(lon: float) -> float:
    """Return a longitude between -180 and 180."""
    return lon if abs(lon) <= HALF else (lon + HALF) % TURN - HALF


def mended(shapes: Shapes, notes: list[Said]) -> Shapes:
    """Return shapes that do not cross themselves.

    Raises:
        CoordinateError: one cannot be mended.
    """
    broken = ~shapely.is_valid(shapes)
    if not broken.any():
        return shapes
    notes.append(FileSaying.MENDED(int(broken.sum())))
    whole = shapes.copy()
    # "linework", the default, takes minutes for a few hundred vertices that cross each other at random
    try:
        whole[broken] = shapely.make_valid(shapes[broken], method="structure", keep_collapsed=True)
        left = ~shapely.is_valid(whole)  # by the last digits of the points where many sides cross
        whole[left] = shapely.set_precision(whole[left], FINEST_DEG)
    except shapely.errors.ShapelyError as error:
        raise CoordinateError(FileSaying.CANNOT_BE_MENDED(brief(error))) from None
    return whole
