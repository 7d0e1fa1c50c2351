"""The sheet a locator map is drawn on: window, projection to millimetres, and labels that do not collide.

The projection is azimuthal equidistant on the ellipsoid, centred on the site: distance and azimuth from the site are
true, whether it lies by the pole or on the antimeridian.
"""

import dataclasses
import math
from collections.abc import Iterable, Sequence

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import geodesy

Floats = NDArray[np.float64]
EARTH_KM = 6371.0
FARTHEST_KM = 9000.0
EDGE_STEP_DEG = 1.0
DETAIL_MM = 0.12


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
            return geodesy.disc(self.lon, self.lat, FARTHEST_KM)
        corner = math.hypot(self.width, self.height) / self.width * self.radius_km
        return geodesy.disc(self.lon, self.lat, min(1.1 * corner, FARTHEST_KM))

    def cut(self, frame: gpd.GeoDataFrame | None) -> NDArray[np.object_]:
        """Return what of a frame lies on the sheet, in millimetres, simplified to the sheet's detail."""
        if frame is None or frame.empty:
            return np.array([], dtype=object)
        reach = self.reach()
        shapely.prepare(reach)
        geometries = frame.geometry.to_numpy()[frame.sindex.query(reach, predicate="intersects")]
        detail_deg = DETAIL_MM / self.mm_per_km / 111
        geometries = shapely.simplify(geometries, detail_deg)
        geometries = shapely.make_valid(geometries[~shapely.is_empty(geometries)])
        pieces = shapely.segmentize(shapely.intersection(geometries, reach), EDGE_STEP_DEG)
        placed = self.project(pieces[~shapely.is_empty(pieces)])
        west, _, east, _ = reach.bounds
        if not self.globe and east - west > 359 and (shapely.get_dimensions(placed) == 2).any():
            placed = np.array([shapely.union_all(shapely.make_valid(placed), grid_size=DETAIL_MM / 4)], dtype=object)
        return placed


@dataclasses.dataclass(frozen=True, kw_only=True)
class Label:
    """A text to be placed by a point; `away` points from the site outwards, where text is read best."""

    text: str
    x: float
    y: float
    width: float
    height: float
    away: tuple[float, float] = (1.0, 0.0)
    optional: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Placed:
    """Where a label went: its lower left corner, and whether it needs a leader to its point."""

    label: Label
    x: float
    y: float
    leader: bool


Box = tuple[float, float, float, float]
OFFSETS_MM = (1.6, 3.4, 6.0, 9.0, 13.0, 18.0)
LEADER_FROM_MM = 5.0
DIRECTIONS = tuple((math.cos(a), math.sin(a)) for a in np.radians(np.arange(0, 360, 22.5)))


def _overlap(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0


def count_within(points: Floats, box: Box) -> int:
    """Return how many points of shape (n, 2) lie in a box."""
    x, y = points[:, 0], points[:, 1]
    return int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).sum())


def _candidates(label: Label) -> Iterable[tuple[float, Box, bool]]:
    for offset in OFFSETS_MM:
        for dx, dy in DIRECTIONS:
            x = label.x + dx * offset + (dx - 1) / 2 * label.width
            y = label.y + dy * offset + (dy - 1) / 2 * label.height
            turned = 1 - (dx * label.away[0] + dy * label.away[1])
            yield offset + 1.5 * turned, (x, y, x + label.width, y + label.height), offset >= LEADER_FROM_MM


def place_labels(labels: Sequence[Label], frame: Box, taken: Sequence[Box], lines: Floats) -> list[Placed]:
    """Place labels one after the other where they cover nothing.

    Args:
        labels: in order of importance; optional ones are left out when there is no free place.
        frame: what they must stay inside.
        taken: boxes nothing may cover.
        lines: points along lines, shape (n, 2); covering them is allowed and avoided.
    """
    boxes, placed = list(taken), []
    for label in labels:
        best: tuple[float, Box, bool] | None = None
        for cost, box, leader in _candidates(label):
            if box[0] < frame[0] or box[1] < frame[1] or box[2] > frame[2] or box[3] > frame[3]:
                continue
            covered = sum(_overlap(box, other) for other in boxes)
            if covered and label.optional:
                continue
            crossed = count_within(lines, box)
            total = cost + 40 * covered + (20 if covered else 0) + 0.6 * crossed
            if best is None or total < best[0]:
                best = (total, box, leader)
        if best is None or (label.optional and best[0] > OFFSETS_MM[2]):
            continue
        boxes.append(best[1])
        placed.append(Placed(label=label, x=best[1][0], y=best[1][1], leader=best[2]))
    return placed
