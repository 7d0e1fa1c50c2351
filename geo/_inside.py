"""Which polygons hold a point: asked before the nearest boundary is looked for."""

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import Polygon

from geo._kernels import E2
from geo.antimeridian import cut
from geo.geodesy import ellipsoid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Objects = npt.NDArray[np.object_]

_STEP_M = 10e3


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


def left_of(rows: Floats, piece: Ints, t: Floats, xyz: Floats) -> Floats:
    """Return how far left of its nearest piece each point lies, in relative units: rings are drawn with inside left."""
    p = rows[piece]
    s = t[:, None]
    foot = p[:, :3] + s * p[:, 3:6] + s * (1 - s) * p[:, 6:9]
    ahead = p[:, 3:6] + (1 - 2 * s) * p[:, 6:9]
    up = foot * np.array([1.0, 1.0, 1 / (1 - E2)])
    side: Floats = (np.cross(up, ahead) * (xyz - foot)).sum(axis=1)
    return side
