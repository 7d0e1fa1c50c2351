"""Geometries cut into short pieces in Earth-centred space: the form the nearest-feature index searches."""

from typing import NamedTuple

import numpy as np
import shapely

from oreway.arrays import Floats, Ints, Objects
from oreway.geo._kernels import E2, MAJOR_M, to_ecef
from oreway.geo.errors import GeoError
from oreway.geo.geodesy import checked_lon_lat, ellipsoid
from oreway.geo.sayings import GeoSaying

_PIECE_M = 10e3  # the parabola through three points of a geodesic is then true to 0.1 mm
_LONLAT_TURN = 0.025  # radians a straight lon/lat edge may turn within a piece: matters near the poles


class Pieces(NamedTuple):
    """Short stretches of line, or points, with the feature each comes from.

    rows: (n, 9) as the kernels want it, or (n, 3) when every feature is a point. part: (n, 2), the fractions of the
    feature's length at both ends, or a point's lon, lat. feature: (n,). bulge_m: how far a curve strays from its chord.
    """

    rows: Floats
    part: Floats
    feature: Ints
    bulge_m: float


def as_geometries(geometries: object) -> Objects:
    """Return the array of shapely geometries of a GeoSeries, a GeoDataFrame or any sequence.

    Raises:
        GeoError: a frame has no CRS or another one than EPSG:4326, or a coordinate or type is no good.
    """
    if hasattr(geometries, "crs"):  # a frame or series, known by this so that a query need not import geopandas
        crs = geometries.crs
        if crs is None or crs.to_epsg() != 4326:
            found = GeoSaying.NO_SYSTEM() if crs is None else crs.to_string()
            raise GeoError(GeoSaying.SHAPES_SYSTEM(found))
        geometries = getattr(geometries, "geometry", geometries)
    array: Objects = np.asarray(geometries, dtype=object).ravel()
    strange = np.nonzero(shapely.get_type_id(array) == shapely.GeometryType.GEOMETRYCOLLECTION)[0]
    if len(strange):
        raise GeoError(GeoSaying.COLLECTION(strange[0]))
    xy, owner = shapely.get_coordinates(array, return_index=True)
    if not ((np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90)).all():
        bad = int(owner[np.argmin((np.abs(xy[:, 0]) <= 180) & (np.abs(xy[:, 1]) <= 90))])
        x, y = xy[owner == bad].T
        checked_lon_lat(x, y, f"geometry {bad}")
    return array


def single_parts(geometries: Objects) -> tuple[Objects, Ints]:
    """Return the points, lines and polygons the geometries are made of, and the position of the geometry of each."""
    kind = shapely.get_type_id(geometries)
    if (kind <= shapely.GeometryType.POLYGON).all():
        there = np.nonzero(kind >= 0)[0]
        return (geometries if len(there) == len(geometries) else geometries[there]), there
    parts, owner = shapely.get_parts(geometries, return_index=True)
    return parts, owner.astype(np.int64)


def cut_to_pieces(parts: Objects, feature: Ints, edge: str) -> Pieces:
    """Return the pieces of single points, lines and polygon rings, edges being geodesics or straight in lon/lat."""
    areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    if areas.any():
        rings, owner = shapely.get_rings(shapely.orient_polygons(parts[areas]), return_index=True)
        parts = np.concatenate([parts[~areas], rings])
        feature = np.concatenate([feature[~areas], feature[areas][owner]])
        order = np.argsort(feature, kind="stable")
        parts, feature = parts[order], feature[order]
    xy, line = shapely.get_coordinates(parts, return_index=True)
    points = shapely.get_type_id(parts) == shapely.GeometryType.POINT
    if points.all():
        return Pieces(_ecef(xy), xy, feature[line], 0.0)
    start = np.nonzero(line[:-1] == line[1:])[0]
    segments = np.concatenate([start, np.nonzero(points[line])[0]])  # a point is a segment of no length
    ends = np.concatenate([start + 1, segments[len(start) :]])
    order = np.argsort(segments, kind="stable")
    return _pieces(xy[segments[order]], xy[ends[order]], feature[line[segments[order]]], edge)


def _pieces(first: Floats, last: Floats, feature: Ints, edge: str) -> Pieces:
    step = last[:, 0] - first[:, 0]
    step = np.where((np.abs(step) > 180) & (np.abs(step) < 360), step - 360 * np.sign(step), step)
    ends = np.column_stack([first[:, 0] + step, last[:, 1]])
    a, b = _ecef(first), _ecef(last)
    if edge == "lonlat":
        whole = _lonlat_count(first, ends)
        number, low, high = _shares(whole)
        a, middle, b = (_ecef(first[number] + t * (ends - first)[number]) for t in (low, (low + high) / 2, high))
    else:
        chord = np.sqrt(((b - a) ** 2).sum(axis=1))
        whole = np.maximum(1, np.ceil(chord * (1 + 1e-3) / _PIECE_M)).astype(np.int64)
        long = np.nonzero(whole > 1)[0]
        azimuth, _, metres = ellipsoid().inv(first[long, 0], first[long, 1], last[long, 0], last[long, 1])
        whole[long] = np.ceil(metres / _PIECE_M)
        number, low, high = _shares(whole)
        at = np.empty(len(whole), np.int64)
        at[long] = np.arange(len(long))
        inner = np.nonzero(high[:, 0] < 1)[0]
        cut = number[inner]
        x, y, _ = ellipsoid().fwd(
            first[cut, 0], first[cut, 1], np.asarray(azimuth)[at[cut]], np.asarray(metres)[at[cut]] * high[inner, 0]
        )
        a, b = a[number], b[number]
        b[inner] = _ecef(np.column_stack([x, y]))
        a[inner + 1] = b[inner]
        middle = _lifted((a + b) / 2)
    bend = 4 * (middle - (a + b) / 2)
    rows = np.concatenate([a, b - a, bend], axis=1)
    bulge = float(np.sqrt((bend**2).sum(axis=1)).max(initial=0.0)) / 4
    return Pieces(rows, _fractions(rows, feature[number]), feature[number], bulge)


def _lonlat_count(first: Floats, ends: Floats) -> Ints:
    """Return into how many pieces a straight lon/lat edge must be cut for parabolas to follow it to 0.2 mm.

    Such an edge bends by tan(latitude)/R, and near a pole no more than an Archimedean spiral does; what a parabola
    misses grows with the cube of the length over the square of the circle of latitude.
    """
    lat = np.radians(np.stack([first[:, 1], ends[:, 1]]))
    turn = np.abs(np.radians(ends[:, 0] - first[:, 0]))
    rise = np.abs(lat[1] - lat[0])
    lowest = np.where(lat[0] * lat[1] < 0, 0.0, np.abs(lat).min(axis=0))
    length = MAJOR_M * 1.01 * np.hypot(rise, turn * np.cos(lowest))
    highest = np.abs(lat).max(axis=0)
    circle = MAJOR_M * np.hypot(np.cos(highest), rise / np.maximum(turn, 1e-9))
    piece = np.minimum(_PIECE_M, np.cbrt(0.025 * circle**2))
    count: Ints = np.ceil(np.maximum(length / piece, turn * np.sin(highest) / _LONLAT_TURN)).astype(np.int64)
    return np.maximum(1, count)


def _shares(whole: Ints) -> tuple[Ints, Floats, Floats]:
    number = np.repeat(np.arange(len(whole)), whole)
    place = np.arange(len(number)) - np.repeat(np.cumsum(whole) - whole, whole)
    share = whole[number].astype(np.float64)
    return number, (place / share)[:, None], ((place + 1) / share)[:, None]


def _fractions(rows: Floats, feature: Ints) -> Floats:
    chord = np.sqrt((rows[:, 3:6] ** 2).sum(axis=1))
    bend2 = (rows[:, 6:9] ** 2).sum(axis=1)
    length = chord + bend2 / (6 * np.maximum(chord, 1e-9))  # arc of a shallow parabola: c + 8 m^2 / 3c, bend = 4 m
    along = np.concatenate([[0.0], np.cumsum(length)])
    begin = np.searchsorted(feature, feature, "left")
    end = np.searchsorted(feature, feature, "right")
    whole = np.maximum(along[end] - along[begin], 1e-9)
    share: Floats = np.stack([along[:-1] - along[begin], along[1:] - along[begin]], axis=1) / whole[:, None]
    return share


def _ecef(xy: Floats) -> Floats:
    out = np.empty((len(xy), 3))
    to_ecef(0, len(xy), np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1]), out)
    return out


def _lifted(below: Floats) -> Floats:
    """Return the points of the surface straight above points a little under it, along the ellipsoid's normal."""
    weight = np.array([1.0, 1.0, 1 / (1 - E2)])
    up = below * weight
    depth = (MAJOR_M**2 - (below * up).sum(axis=1)) / (2 * (up * up).sum(axis=1))
    above: Floats = below + up * depth[:, None]
    return above
