"""Bounds on the distance to lines known by their junctions and true lengths, for millions of points and edges.

A line of length L between two junctions stays inside the ellipse of all points with r1 + r2 <= L, so a point at r1 and
r2 from them is no nearer to it than (r1 + r2 - L)/2, and no farther from it than the nearer junction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from oreway.arrays import Floats, Ints
from oreway.geo import _edges as kernels
from oreway.geo._beside import NOWHERE, likely
from oreway.geo._kernels import to_ecef
from oreway.geo._places import Places, in_threads, searching
from oreway.geo.errors import GeoError
from oreway.geo.geodesy import checked_lon_lat, distance_km
from oreway.geo.nearest import NearestIndex
from oreway.geo.sayings import GeoSaying

Arrays = npt.NDArray[Any]
KeepIndex = Callable[[str, Callable[[], NearestIndex]], NearestIndex]
KeepArray = Callable[[str, Callable[[], Arrays]], Arrays]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Least, likely and greatest distance to the nearest line, shape (n,): low_km of any edge, high_km to a junction.

    junction: position of the nearest junction. edge: of the edge as given that is likely to pass nearer, NOWHERE where
    none is. lon, lat: likely_km away, where it may pass, or the junction.
    """

    low_km: Floats
    likely_km: Floats
    high_km: Floats
    junction: Ints
    edge: Ints
    lon: Floats
    lat: Floats


SEARCHED = ("nodes", "ends", "balls", "boxes")
PARTS = (*SEARCHED, "given")


class Junctions:
    """A network of junctions and edges of true length, under trees."""

    def __init__(self, near: NearestIndex, arrays: Mapping[str, Arrays]) -> None:
        self._near, self.arrays = near, arrays

    @classmethod
    def build(cls, lon: Floats, lat: Floats, ends: Ints, km: Floats) -> "Junctions":
        """Make the network.

        Args:
            lon: of the junctions, degrees east.
            lat: of the junctions, degrees north.
            ends: positions of the two junctions of each edge, shape (m, 2).
            km: true lengths; one below its chord (rounding) is raised to it, as no line is shorter than the geodesic.

        Raises:
            GeoError: a place or a length cannot be, or there is no edge.
        """
        x, y = checked_lon_lat(lon, lat, "junction")
        x, y = np.ascontiguousarray(x), np.ascontiguousarray(y)
        if not len(ends) or not (np.isfinite(km) & (km >= 0)).all():
            raise GeoError(GeoSaying.JUNCTION_LENGTHS())
        nodes = np.empty((len(x), 3))
        to_ecef(0, len(x), x, y, nodes)
        chord = distance_km(x[ends[:, 0]], y[ends[:, 0]], x[ends[:, 1]], y[ends[:, 1]])
        balls = kernels.balls_of(nodes, ends, np.maximum(km, chord))
        order = kernels.ball_order(balls[:, :3])
        balls = balls[order]
        arrays: dict[str, npt.NDArray[Any]] = {
            "nodes": nodes, "ends": np.ascontiguousarray(ends[order]), "balls": balls, "boxes": kernels.boxes_of(balls),
            "given": order,
        }  # fmt: skip
        return cls(NearestIndex.build(shapely.points(x, y)), arrays)

    @classmethod
    def kept(cls, make: Callable[[], "Junctions"], index: KeepIndex, array: KeepArray, name: str) -> "Junctions":
        """Return the network of a name from disk, made first where it is not there.

        Args:
            make: builds it; asked for as often as something is missing, so it should remember.
            index: returns the index of a name, from disk or made.
            array: the same for arrays.
            name: what the parts are called by.
        """
        near = index(f"{name}-junctions", lambda: make()._near)

        def held(part: str) -> Callable[[], npt.NDArray[Any]]:
            return lambda: make().arrays[part]

        return cls(near, {part: array(f"{name}-{part}", held(part)) for part in PARTS})

    def bounds(self, asked: Places) -> Bounds:
        """Return bounds on the distance from each place to the nearest line of the network, and what is likely."""
        nearest = self._near.query_places(asked)
        n = len(asked.lon)
        given = (asked.xyz, asked.order, *(self.arrays[part] for part in SEARCHED))
        beside, mean, low = np.empty(n, np.int64), nearest.distance_km * 1000, np.empty(n)
        place = np.empty((n, 2))
        in_threads(n, searching(likely), *given, beside, mean, low, place, np.empty((n, 3)))
        on_edge = beside != NOWHERE
        likely_km = np.where(on_edge, np.minimum(mean / 1000, nearest.distance_km), nearest.distance_km)
        low_km = np.minimum(low / 1000, nearest.distance_km)
        return Bounds(
            low_km=np.minimum(low_km, likely_km), likely_km=likely_km, high_km=nearest.distance_km,
            junction=nearest.feature, edge=np.where(on_edge, self.arrays["given"][beside], NOWHERE),
            lon=np.where(on_edge, place[:, 0], nearest.lon), lat=np.where(on_edge, place[:, 1], nearest.lat),
        )  # fmt: skip
