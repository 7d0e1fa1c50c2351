"""Lines and rings that cross 180 degrees: unrolled, cut, and put back between -180 and 180 (RFC 7946, section 3.1.9).

A step of more than 180 degrees of longitude between two vertices is read as the short way across the antimeridian;
a step of exactly 360 degrees, from one side of the map to the other, is kept as it is.
"""

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Floats


def unrolled(lon: Floats) -> Floats:
    """Return longitudes made continuous: each step the short way, so that values may leave -180 to 180."""
    step = np.diff(lon)
    turns = np.where(np.abs(step) >= 360, 0.0, -np.round(step / 360))
    turns[np.abs(step) == 180] = 0.0
    whole: Floats = lon + 360 * np.concatenate([[0.0], np.cumsum(turns)])
    return whole


def crosses(lon: Floats) -> bool:
    """Tell whether a run of longitudes takes a step across the antimeridian."""
    step = np.abs(np.diff(lon))
    return bool(((step > 180) & (step < 360)).any())


def line_from(lon: Floats, lat: Floats) -> LineString | MultiLineString:
    """Return the line through the vertices, in as many parts as the antimeridian cuts it into."""
    if not crosses(lon):
        return LineString(np.column_stack([lon, lat]))
    return _lines(_folded(LineString(np.column_stack([unrolled(lon), lat]))))


def cut_ring(lon: Floats, lat: Floats, poles: list[float] | None = None) -> Polygon | MultiPolygon:
    """Return the polygon inside an open or closed ring, cut at the antimeridian.

    A ring that runs once round the Earth is closed over the pole given in poles (90.0 or -90.0, or both for a ring
    whose inside holds both); without one it is closed over the pole its mean latitude is nearer to.
    """
    if lon[0] != lon[-1] or lat[0] != lat[-1]:
        lon, lat = np.append(lon, lon[0]), np.append(lat, lat[0])
    x = unrolled(lon)
    if abs(x[-1] - x[0]) < 180:
        inside = _folded(Polygon(np.column_stack([x, lat])))
        if poles:  # the ring bounds the hole round the other side of the globe
            inside = shapely.box(-180, -90, 180, 90).difference(inside)
        return _polygons(inside)
    pole = poles[0] if poles else (90.0 if lat.mean() > 0 else -90.0)
    start = int(np.argmin(np.abs(lon[:-1] - 180)))  # begin near 180 so that few slivers fall out
    x = unrolled(np.append(np.roll(lon[:-1], -start), lon[start]))
    y = np.append(np.roll(lat[:-1], -start), lat[start])
    cap = Polygon(np.column_stack([np.concatenate([x, [x[-1], x[0]]]), np.concatenate([y, [pole, pole]])]))
    whole = _folded(cap)
    return _polygons(whole)


def cut(geometry: BaseGeometry) -> BaseGeometry:
    """Return the geometry cut at the antimeridian wherever it crosses it; else the very same geometry."""
    lon = shapely.get_coordinates(geometry)[:, 0]
    if not len(lon) or (np.abs(lon).max() <= 180 and not crosses(lon)):
        return geometry
    if geometry.geom_type == "GeometryCollection":
        return shapely.GeometryCollection([cut(part) for part in shapely.get_parts(geometry)])
    if polygon_parts(geometry):
        parts = [_cut_polygon(part) for part in polygon_parts(geometry)]
        return _polygons(shapely.GeometryCollection([p for part in parts for p in polygon_parts(part)]))
    if geometry.geom_type in {"LineString", "LinearRing", "MultiLineString"}:
        pieces: list[BaseGeometry] = []
        for line in shapely.get_parts(geometry):
            x, y = shapely.get_coordinates(line).T
            pieces.extend(shapely.get_parts(_folded(LineString(np.column_stack([unrolled(x), y])))))
        return _lines(shapely.GeometryCollection(pieces))
    return shapely.transform(geometry, lambda xy: np.column_stack([wrapped(xy[:, 0]), xy[:, 1]]))


def polygon_parts(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons a geometry is made of; none for points and lines."""
    parts = shapely.get_parts(geometry)
    if any(part.geom_type.startswith(("Multi", "Geometry")) for part in parts):
        parts = shapely.get_parts(parts)
    return [part for part in parts if isinstance(part, Polygon) and not part.is_empty]


def _cut_polygon(polygon: Polygon) -> BaseGeometry:
    x, y = shapely.get_coordinates(polygon.exterior).T
    if not crosses(x) and np.abs(x).max() <= 180:
        return polygon
    open_x = unrolled(x)
    if abs(open_x[-1] - open_x[0]) > 180:
        return cut_ring(x, y)
    holes = []
    for ring in polygon.interiors:
        hx, hy = shapely.get_coordinates(ring).T
        hx = unrolled(hx)
        middle = (open_x.min() + open_x.max()) / 2
        holes.append(np.column_stack([hx - 360 * np.round((hx.mean() - middle) / 360), hy]))
    return _folded(Polygon(np.column_stack([open_x, y]), holes))


def _folded(geometry: BaseGeometry) -> BaseGeometry:
    """Cut a geometry with continuous longitudes into sheets of 360 degrees and lay them over each other."""
    west, _, east, _ = geometry.bounds
    if geometry.geom_type == "Polygon" and not geometry.is_valid:
        geometry = shapely.make_valid(geometry)
    sheets = []
    for turn in range(int(np.floor((west + 180) / 360)), int(np.ceil((east + 180) / 360))):
        sheet = shapely.box(360.0 * turn - 180, -90, 360.0 * turn + 180, 90)
        sheets.append(_laid(shapely.intersection(geometry, sheet), turn))
    if not sheets:
        return geometry
    return (
        shapely.union_all(sheets)
        if geometry.geom_type.endswith("Polygon")
        else shapely.GeometryCollection([p for s in sheets for p in shapely.get_parts(s)])
    )


def _laid(part: BaseGeometry, turn: int) -> BaseGeometry:
    return shapely.transform(
        part, lambda xy: np.column_stack([np.clip(xy[:, 0] - 360.0 * turn, -180.0, 180.0), xy[:, 1]])
    )


def wrapped(lon: Floats) -> Floats:
    """Return longitudes, or differences of them, between -180 and 180; what is there already stays as it is."""
    return np.where(np.abs(lon) > 180, (lon + 180) % 360 - 180, lon)


def _lines(geometry: BaseGeometry) -> LineString | MultiLineString:
    parts = [p for p in shapely.get_parts(geometry) if isinstance(p, LineString) and p.length > 0]
    return parts[0] if len(parts) == 1 else MultiLineString(parts)


def _polygons(geometry: BaseGeometry) -> Polygon | MultiPolygon:
    parts = [shapely.orient_polygons(p) for p in polygon_parts(geometry) if p.area > 0]
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)
