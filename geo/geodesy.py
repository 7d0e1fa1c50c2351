"""Distances, directions, discs and measuring points on the WGS84 ellipsoid, at the poles and across 180 degrees alike.

Everything is (lon, lat) in decimal degrees, EPSG:4326. Geodesics are Karney's (J. Geodesy 87, 2013), through pyproj.
"""

from collections.abc import Callable
from functools import cache
from typing import overload

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Geod, Transformer
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Floats
from oreway.geo.antimeridian import cut_ring, line_from, polygon_parts
from oreway.geo.errors import GeoError
from oreway.geo.sayings import GeoSaying

Degrees = float | npt.ArrayLike
Projection = Callable[[Floats, Floats], tuple[Floats, Floats]]

_E2 = (2 - 1 / 298.257223563) / 298.257223563  # WGS84


@cache
def ellipsoid() -> Geod:
    """Return the WGS84 ellipsoid, the only one Oreway measures on."""
    return Geod(ellps="WGS84")


def checked_lon_lat(lon: Degrees, lat: Degrees, place: str = "coordinates") -> tuple[Floats, Floats]:
    """Return lon and lat as float arrays of one shape.

    Raises:
        GeoError: a value is NaN, infinite or out of range; names the first such row.
    """
    lons, lats = np.broadcast_arrays(np.asarray(lon, np.float64), np.asarray(lat, np.float64))
    good = (np.abs(lons) <= 180) & (np.abs(lats) <= 90)
    if not good.all():
        row = int(np.argmin(good.ravel()))
        x, y = float(lons.ravel()[row]), float(lats.ravel()[row])
        where = GeoSaying.ROW(place, row) if lons.ndim else place
        if not (np.isfinite(x) and np.isfinite(y)):
            raise GeoError(GeoSaying.NO_POSITION(where, x, y))
        if abs(y) > 90:
            raise GeoError(GeoSaying.LATITUDE(where, f"{y:g}"))
        raise GeoError(GeoSaying.LONGITUDE_TURNED(where, f"{x:g}"))
    return lons, lats


@overload
def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def distance_km(lon1: Degrees, lat1: Degrees, lon2: Degrees, lat2: Degrees) -> Floats: ...
def distance_km(lon1: Degrees, lat1: Degrees, lon2: Degrees, lat2: Degrees) -> float | Floats:
    """Return the geodesic distance in kilometres, exact to some nanometres; arrays are broadcast, scalars give a float.

    Raises:
        GeoError: a coordinate is NaN, infinite or out of range.
    """
    if _is_place(lon1, lat1) and _is_place(lon2, lat2):  # one pair: as arrays they would take fifty times as long
        return float(ellipsoid().inv(lon1, lat1, lon2, lat2)[2] / 1000)
    return _plain(_inverse(lon1, lat1, lon2, lat2)[2] / 1000)


def _is_place(lon: Degrees, lat: Degrees) -> bool:
    """Tell whether these are two numbers, both in range."""
    return type(lon) is float and type(lat) is float and abs(lon) <= 180 and abs(lat) <= 90


@overload
def azimuth_deg(lon1: float, lat1: float, lon2: float, lat2: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def azimuth_deg(lon1: Degrees, lat1: Degrees, lon2: Degrees, lat2: Degrees) -> Floats: ...
def azimuth_deg(lon1: Degrees, lat1: Degrees, lon2: Degrees, lat2: Degrees) -> float | Floats:
    """Return the direction at the first point towards the second, in [0, 360), clockwise from north.

    Raises:
        GeoError: a coordinate is NaN, infinite or out of range.
    """
    return _plain(np.mod(_inverse(lon1, lat1, lon2, lat2)[0], 360.0) % 360.0)


@overload
def destination(  # type: ignore[overload-overlap]
    lon: float, lat: float, azimuth_deg: float, distance_km: float
) -> tuple[float, float]: ...
@overload
def destination(lon: Degrees, lat: Degrees, azimuth_deg: Degrees, distance_km: Degrees) -> tuple[Floats, Floats]: ...
def destination(
    lon: Degrees, lat: Degrees, azimuth_deg: Degrees, distance_km: Degrees
) -> tuple[float, float] | tuple[Floats, Floats]:
    """Return the lon, lat reached from a point along an azimuth in degrees after a distance in kilometres.

    Raises:
        GeoError: a value is NaN, infinite or out of range.
    """
    lons, lats = checked_lon_lat(lon, lat)
    azimuth, metres = np.asarray(azimuth_deg, np.float64), np.asarray(distance_km, np.float64) * 1000
    if not (np.isfinite(azimuth).all() and np.isfinite(metres).all()):
        raise GeoError(GeoSaying.NO_BEARING())
    x, y, azimuth, metres = (np.array(v, np.float64) for v in np.broadcast_arrays(lons, lats, azimuth, metres))
    if x.size:
        x, y, _ = ellipsoid().fwd(x, y, azimuth, metres)
    return _plain(np.asarray(x)), _plain(np.asarray(y))  # type: ignore[return-value]


def geodesic_line(
    lon1: float, lat1: float, lon2: float, lat2: float, step_km: float = 50
) -> LineString | MultiLineString:
    """Return the geodesic with a vertex every step_km or less, cut where it crosses the antimeridian.

    Raises:
        GeoError: a coordinate is out of range, or step_km is not above 0.
    """
    x, y = geodesic_points(lon1, lat1, lon2, lat2, step_km)
    return line_from(x, y)


def geodesic_points(lon1: float, lat1: float, lon2: float, lat2: float, step_km: float = 50) -> tuple[Floats, Floats]:
    """Return lon, lat of the vertices of the geodesic, evenly spaced at step_km or less, both ends included.

    Raises:
        GeoError: a coordinate is out of range, or step_km is not above 0.
    """
    checked_lon_lat([lon1, lon2], [lat1, lat2], "geodesic")
    if not step_km > 0:
        raise GeoError(GeoSaying.STEP(step_km))
    azimuth, _, metres = ellipsoid().inv(lon1, lat1, lon2, lat2)
    n = max(1, int(np.ceil(metres / (step_km * 1000))))
    along = np.linspace(0.0, metres, n + 1)
    x, y, _ = ellipsoid().fwd(np.full(n + 1, lon1), np.full(n + 1, lat1), np.full(n + 1, azimuth), along)
    lon, lat = np.asarray(x, np.float64), np.asarray(y, np.float64)
    lon[0], lat[0], lon[-1], lat[-1] = lon1, lat1, lon2, lat2
    return lon, lat


def disc(lon: float, lat: float, radius_km: float, n: int = 180) -> Polygon | MultiPolygon:
    """Return the geodesic disc as a polygon of n directions, cut at the antimeridian and right where it holds a pole.

    Raises:
        GeoError: the centre is out of range, the radius is not in (0, 9000] km or n is below 8.
    """
    checked_lon_lat(lon, lat, "disc")
    if not (0 < radius_km <= 9000 and n >= 8):
        raise GeoError(GeoSaying.DISC(radius_km, n))
    azimuth = -np.arange(n) * (360.0 / n)  # counter-clockwise
    x, y = destination(np.full(n, lon), np.full(n, lat), azimuth, radius_km)
    poles = [pole for pole in (90.0, -90.0) if distance_km(lon, lat, lon, pole) < radius_km]
    return cut_ring(x, y, poles)


def area_km2(geometry: BaseGeometry) -> float:
    """Return the area on the ellipsoid in square kilometres, edges taken as geodesics; 0 for points and lines.

    Raises:
        GeoError: a coordinate is NaN, infinite or out of range.
    """
    _check_geometry(geometry, "area")
    parts = polygon_parts(geometry)
    areas = [ellipsoid().geometry_area_perimeter(shapely.orient_polygons(part))[0] for part in parts]
    return float(np.abs(np.asarray(areas, np.float64)).sum()) / 1e6


def measuring_point(geometry: BaseGeometry) -> tuple[float, float]:
    """Return the one lon, lat a zone is measured from.

    A point is itself; a line gives its middle; an area its centroid, or, when that falls outside, a point well inside.
    Halves of a zone cut at the antimeridian count as one, because the work is done in a plane centred on the zone.

    Raises:
        GeoError: the geometry is empty, or a coordinate is NaN, infinite or out of range.
    """
    _check_geometry(geometry, "measuring point")
    if isinstance(geometry, shapely.Point):
        return geometry.x, geometry.y
    to_plane, to_globe = _local_plane(geometry)
    flat = shapely.transform(geometry, lambda xy: np.column_stack(to_plane(xy[:, 0], xy[:, 1])))
    if polygon_parts(geometry):
        flat = shapely.union_all([shapely.buffer(part, 0.05) for part in polygon_parts(flat)])
        centre = flat.centroid if flat.contains(flat.centroid) else flat.point_on_surface()
    elif shapely.length(flat) > 0:
        merged = shapely.line_merge(flat) if isinstance(flat, MultiLineString) else flat
        lines = shapely.get_parts(merged)
        longest = lines[int(np.argmax(shapely.length(lines)))]
        centre = shapely.line_interpolate_point(longest, 0.5, normalized=True)
    else:
        centre = flat.centroid
    x, y = to_globe(np.array([centre.x]), np.array([centre.y]))
    return float(x[0]), float(y[0])


def sample_polygon(geometry: BaseGeometry, n: int, seed: int) -> tuple[Floats, Floats]:
    """Return lon, lat of n random positions, evenly spread by area on the ellipsoid; the same seed, the same points.

    Raises:
        GeoError: the geometry has no area, or a coordinate is NaN, infinite or out of range.
    """
    _check_geometry(geometry, "sample")
    parts = polygon_parts(geometry)
    areas = np.array([area_km2(part) for part in parts])
    if n < 0 or not areas.sum() > 0:
        raise GeoError(GeoSaying.NO_AREA())
    random = np.random.default_rng(seed)
    drawn = [_sample_part(parts[i], k, random) for i, k in enumerate(random.multinomial(n, areas / areas.sum())) if k]
    lon, lat = np.concatenate([np.empty((2, 0)), *drawn], axis=1)
    return lon, lat


def _sample_part(part: Polygon, n: int, random: np.random.Generator) -> Floats:
    west, south, east, north = part.bounds
    low, high = np.sin(np.radians([south, north]))
    steepest = 1 - _E2 * max(low * low, high * high)
    shapely.prepare(part)
    kept = np.empty((2, 0))
    while kept.shape[1] < n:
        lon, s, chance = random.uniform(west, east, 4 * n), random.uniform(low, high, 4 * n), random.uniform(size=4 * n)
        lat = np.degrees(np.arcsin(s))
        even = chance < (steepest / (1 - _E2 * s * s)) ** 2  # the ellipsoid's area element, against its largest
        inside = even & shapely.contains_xy(part, lon, lat)
        kept = np.concatenate([kept, np.stack([lon[inside], lat[inside]])], axis=1)
    return kept[:, :n]


def _local_plane(geometry: BaseGeometry) -> tuple[Projection, Projection]:
    lon, lat = np.radians(shapely.get_coordinates(geometry)).T
    x, y, z = (np.cos(lat) * np.cos(lon)).sum(), (np.cos(lat) * np.sin(lon)).sum(), np.sin(lat).sum()
    lon0, lat0 = np.degrees([np.arctan2(y, x), np.arctan2(z, np.hypot(x, y))])
    plane = CRS.from_proj4(f"+proj=aeqd +lat_0={float(lat0)} +lon_0={float(lon0)} +datum=WGS84 +units=m")
    forward = Transformer.from_crs("EPSG:4326", plane, always_xy=True)
    back = Transformer.from_crs(plane, "EPSG:4326", always_xy=True)
    return forward.transform, back.transform


def _check_geometry(geometry: BaseGeometry, place: str) -> None:
    coordinates = shapely.get_coordinates(geometry)
    if not len(coordinates):
        raise GeoError(GeoSaying.EMPTY_SHAPE(place))
    checked_lon_lat(coordinates[:, 0], coordinates[:, 1], place)


def _inverse(lon1: Degrees, lat1: Degrees, lon2: Degrees, lat2: Degrees) -> tuple[Floats, Floats, Floats]:
    a, b = checked_lon_lat(lon1, lat1, "first point")
    c, d = checked_lon_lat(lon2, lat2, "second point")
    a, b, c, d = (np.array(v, np.float64) for v in np.broadcast_arrays(a, b, c, d))
    if not a.size:
        return a, b, c
    forward, back, metres = ellipsoid().inv(a, b, c, d)
    return np.asarray(forward), np.asarray(back), np.asarray(metres)


def _plain(values: Floats) -> float | Floats:
    return values if values.ndim else float(values)
