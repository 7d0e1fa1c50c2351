"""The sheet a locator map is drawn on: its window and its projection to millimetres.

The projection is azimuthal equidistant on the ellipsoid, centred on the site: distance and azimuth from the site are
true, whether it lies by the pole or on the antimeridian.
"""

import dataclasses
import math
from functools import lru_cache
from typing import Protocol

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Floats
from oreway.geo import geodesy

EARTH_KM = 6371.0
FARTHEST_KM = 9000.0
EDGE_STEP_DEG = 1.0
DETAIL_MM = 0.12


class Scaled(Protocol):
    """Something drawn to a scale."""

    @property
    def mm_per_km(self) -> float:
        """Return the scale."""


@lru_cache(maxsize=64)
def _disc(lon: float, lat: float, radius_km: float) -> BaseGeometry:
    found = geodesy.disc(lon, lat, radius_km)
    shapely.prepare(found)
    return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sheet:
    """A map window of width by height millimetres round a site; radius_km lies between centre and right edge."""

    lon: float
    lat: float
    radius_km: float
    width: float
    height: float
    left: float = 0.0
    bottom: float = 0.0
    globe: bool = False

    @property
    def mm_per_km(self) -> float:
        """Return the scale."""
        return self.width / 2 / self.radius_km

    def place(self, distance_km: Floats, azimuth_deg: Floats) -> Floats:
        """Return x, y in millimetres of what lies in that direction and distance from the site, shape (n, 2)."""
        reach = np.sin(np.minimum(distance_km / EARTH_KM, math.pi / 2)) if self.globe else distance_km / self.radius_km
        angle = np.radians(azimuth_deg)
        mm = reach * self.width / 2
        centre = (self.left + self.width / 2, self.bottom + self.height / 2)
        return np.column_stack((centre[0] + mm * np.sin(angle), centre[1] + mm * np.cos(angle)))

    def project(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return lon, lat geometries in millimetres on the sheet."""

        def to_mm(lon_lat: Floats) -> Floats:
            x, y = lon_lat[:, 0], lon_lat[:, 1]
            return self.place(
                geodesy.distance_km(self.lon, self.lat, x, y), geodesy.azimuth_deg(self.lon, self.lat, x, y)
            )

        projected: NDArray[np.object_] = shapely.transform(geometries, to_mm)
        return projected

    def reach(self) -> BaseGeometry:
        """Return the part of the Earth that the sheet can show, a little more than it does."""
        if self.globe:
            return _disc(self.lon, self.lat, FARTHEST_KM)
        corner = math.hypot(self.width, self.height) / self.width * self.radius_km
        return _disc(self.lon, self.lat, min(1.1 * corner, FARTHEST_KM))

    def cut(self, frame: gpd.GeoDataFrame | None) -> NDArray[np.object_]:
        """Return what of a frame lies on the sheet, in millimetres, simplified to the sheet's detail."""
        if frame is None or frame.empty:
            return np.array([], dtype=object)
        reach = self.reach()
        geometries = frame.geometry.to_numpy()[frame.sindex.query(reach, predicate="intersects")]
        geometries = shapely.clip_by_rect(geometries, *reach.bounds)  # quick, so that little is left to the rest
        detail_deg = DETAIL_MM / self.mm_per_km / 111
        geometries = shapely.simplify(geometries, detail_deg)
        geometries = shapely.make_valid(geometries[~shapely.is_empty(geometries)])
        pieces = shapely.segmentize(shapely.intersection(geometries, reach), EDGE_STEP_DEG)
        placed = self.project(pieces[~shapely.is_empty(pieces)])
        west, _, east, _ = reach.bounds
        if not self.globe and east - west > 359 and (shapely.get_dimensions(placed) == 2).any():
            placed = np.array([shapely.union_all(shapely.make_valid(placed), grid_size=DETAIL_MM / 4)], dtype=object)
        return placed
