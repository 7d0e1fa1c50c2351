"""Which polygons hold a point: asked before the nearest boundary is looked for."""

import numpy as np
import shapely
from shapely.geometry import Polygon

from oreway.arrays import Bools, Floats, Ints, Objects
from oreway.geo._kernels import E2, MAJOR_M
from oreway.geo.antimeridian import cut, wrapped
from oreway.geo.geodesy import ellipsoid

_STEP_M = 10e3
_UP = np.array([1.0, 1.0, 1 / (1 - E2)])  # turns a place on the ellipsoid into the direction of its normal


class Inside:
    """The polygons of an index, in the lon/lat plane, with geodesic edges made visible there by extra vertices."""

    def __init__(self, polygons: Objects, feature: Ints) -> None:
        self.polygons = polygons
        self.feature = feature
        self._tree = shapely.STRtree(polygons)

    @classmethod
    def of(cls, parts: Objects, feature: Ints, edge: str) -> "Inside | None":
        """Return the polygons among single geometries; None when there are none."""
        areas = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
        if not areas.any():
            return None
        whole = [cut(_densified(part) if edge == "geodesic" else part) for part in parts[areas]]
        singles, owner = shapely.get_parts(np.array(whole, dtype=object), return_index=True)
        return cls(singles, feature[areas][owner].astype(np.int64))

    def holders(self, lon: Floats, lat: Floats) -> tuple[Ints, Ints]:
        """Return the rows and the features that hold them, border included, sorted by row, then feature."""
        row, polygon = self._tree.query(shapely.points(lon, lat), predicate="intersects")
        pairs = np.unique(np.stack([row, self.feature[polygon]]), axis=1) if len(row) else np.empty((2, 0), np.int64)
        return pairs[0], pairs[1]


def _densified(polygon: Polygon) -> Polygon:
    rings = [_densified_ring(*shapely.get_coordinates(r).T) for r in (polygon.exterior, *polygon.interiors)]
    return Polygon(rings[0], rings[1:])


def _densified_ring(lon: Floats, lat: Floats) -> Floats:
    azimuth, _, metres = ellipsoid().inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    count = np.maximum(1, np.ceil(metres / _STEP_M)).astype(np.int64)
    if count.max() == 1:
        return np.column_stack([lon, lat])
    edge = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    x, y, _ = ellipsoid().fwd(lon[edge], lat[edge], np.asarray(azimuth)[edge], (metres / count)[edge] * place)
    x, y = np.asarray(x), np.asarray(y)
    on_vertex = place == 0
    x[on_vertex], y[on_vertex] = lon[:-1], lat[:-1]
    return np.column_stack([np.append(x, lon[-1]), np.append(y, lat[-1])])


def stray_m(lat: Floats) -> Floats:
    """Return how far, at most, a geodesic step of a ring strays from the straight line in lon/lat drawn for it.

    Such a line turns by up to 2 tan(latitude) / R, which over a step adds up to step^2 tan(latitude) / 4R.
    """
    slope = np.tan(np.radians(np.minimum(np.abs(lat), 89.99)))
    stray: Floats = np.minimum(_STEP_M, 1.0 + 1.5 * _STEP_M**2 * slope / (4 * MAJOR_M))
    return stray


def between(pieces: Floats, t: Floats, lon: Floats, lat: Floats, xyz: Floats) -> Bools:
    """Tell which points lie between a geodesic piece of a ring and the straight line in lon/lat drawn for it.

    Args:
        pieces: (n, 9), as the index holds them.
        t: (n,), the place on each piece nearest to its point.
        lon: of the points, degrees.
        lat: of the points, degrees.
        xyz: (n, 3), the points in Earth-centred metres.
    """
    s = t[:, None]
    foot = pieces[:, :3] + s * pieces[:, 3:6] + s * (1 - s) * pieces[:, 6:9]
    ahead = pieces[:, 3:6] + (1 - 2 * s) * pieces[:, 6:9]
    left = (np.cross(foot * _UP, ahead) * (xyz - foot)).sum(axis=1)
    (ax, ay), (bx, by) = _lon_lat(pieces[:, :3]), _lon_lat(pieces[:, :3] + pieces[:, 3:6])
    left_drawn = wrapped(bx - ax) * (lat - ay) - (by - ay) * wrapped(lon - ax)
    on_the_way = (t > 0) & (t < 1) & (pieces[:, 3:6] != 0).any(axis=1)
    strays: Bools = on_the_way & ((left > 0) != (left_drawn > 0))
    return strays


def _lon_lat(xyz: Floats) -> tuple[Floats, Floats]:
    x, y, z = xyz.T
    return np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z / (1 - E2), np.hypot(x, y)))
