"""Ways by sea over a net of shipping lanes, with canals and straits that can be closed.

What a net of lanes gets wrong is refused rather than shown: an end too far from any lane, no way left, or a way shorter
than the geodesic. Then the answer is the geodesic times 1.25 and says so: method "fallback", with the reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from oreway.geo._graph import Graph
from oreway.geo.antimeridian import cut
from oreway.geo.errors import GeoError
from oreway.geo.geodesy import checked_lon_lat, distance_km, geodesic_points

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Place = tuple[float, float]

MAX_SNAP_KM = 200.0
DETOUR = 1.25  # ships' ways over straight lines where no lane is known; the mean over ocean trades is 1.1 to 1.3
_STEP_KM = 100.0

_NETS = 16  # sets of closed passages remembered

ICE_BOUND = ("northern_sea_route", "northwest")

# A lane belongs to a passage when the frame's column "passage" says so, or, for those here, when it touches the box.
PASSAGE_BOXES = {
    "suez": (32.2, 29.9, 32.7, 31.3),
    "panama": (-80.0, 8.9, -79.5, 9.4),
    "malacca": (99.5, 1.9, 102.5, 4.5),
    "bering": (-172.0, 64.5, -166.0, 67.0),
    "northern_sea_route": (70.0, 68.0, 178.0, 85.0),
}


@dataclass(frozen=True, kw_only=True)
class SeaRoute:
    """A way by sea; total_km adds lanes and both straight legs, or is the stretched geodesic of a fallback.

    method: "route" or "fallback", the latter with a reason. passages: those passed, in order. lon, lat: the vertices.
    """

    total_km: float
    lane_km: float
    snap_start_km: float
    snap_end_km: float
    method: Literal["route", "fallback"]
    reason: str
    passages: tuple[str, ...]
    lon: Floats
    lat: Floats


class SeaLanes:
    """Shipping lanes as a graph: every vertex is a node, since lanes meet at vertices; +180 and -180 are one place."""

    def __init__(self, lines: npt.NDArray[np.object_], passage: list[str]) -> None:
        coordinates, line = shapely.get_coordinates(lines, return_index=True)
        checked_lon_lat(coordinates[:, 0], coordinates[:, 1], "sea lane")
        spots = coordinates.round(5)
        spots[:, 0] = np.where(spots[:, 0] == 180, -180.0, spots[:, 0])
        nodes, number = np.unique(spots, axis=0, return_inverse=True)
        number = number.ravel().astype(np.int64)
        leg = (line[:-1] == line[1:]) & (number[:-1] != number[1:])
        self._lon, self._lat = np.ascontiguousarray(nodes[:, 0]), np.ascontiguousarray(nodes[:, 1])
        self._first, self._last = number[:-1][leg], number[1:][leg]
        self._km = distance_km(
            self._lon[self._first], self._lat[self._first], self._lon[self._last], self._lat[self._last]
        )
        self._passage = np.array(passage, dtype=object)[line[1:][leg]]
        self._passages = tuple(sorted(set(self._passage) - {""}))
        self._without = lru_cache(_NETS)(self._net_without)

    @classmethod
    def from_frame(cls, lanes: gpd.GeoDataFrame) -> "SeaLanes":
        """Return the lanes of a frame of LineStrings in EPSG:4326, with a column "passage" where it is known.

        Raises:
            GeoError: another CRS, another kind of geometry, or a coordinate out of range.
        """
        if lanes.crs is None or lanes.crs.to_epsg() != 4326:
            raise GeoError(f"sea lanes: CRS is {lanes.crs}; expected EPSG:4326, so use to_crs(4326) or set_crs(4326)")
        lines = lanes.geometry.to_numpy()
        if not len(lines) or not (shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING).all():
            raise GeoError("sea lanes: expected at least one lane, and LineStrings only")
        given = lanes["passage"].fillna("").astype(str).tolist() if "passage" in lanes.columns else [""] * len(lines)
        named = set(given)
        shown = np.array([cut(line) for line in lines], dtype=object)  # a lane across 180 touches no box in between
        for name, box in PASSAGE_BOXES.items():
            if name not in named:
                touched = shapely.intersects(shown, shapely.box(*box))
                given = [name if hit and not old else old for hit, old in zip(touched, given, strict=True)]
        return cls(lines, given)

    @property
    def passages(self) -> tuple[str, ...]:
        """Names of the passages that can be closed."""
        return self._passages

    def route(self, start: Place, end: Place, *, closed: Iterable[str] | None = None) -> SeaRoute:
        """Return the shortest way by sea between two places (lon, lat) with some passages closed.

        Unless told otherwise the ice-bound passages are closed; closed=() opens them all.

        Raises:
            GeoError: a coordinate is NaN, infinite or out of range, or a passage to close is unknown.
        """
        return self.routes(start, [end], closed=closed)[0]

    def routes(
        self, start: Place, ends: Iterable[Place], *, closed: Iterable[str] | None = None
    ) -> tuple[SeaRoute, ...]:
        """Return the shortest way by sea from one place to each of many, in their order, from one search.

        Unless told otherwise the ice-bound passages are closed; closed=() opens them all.

        Raises:
            GeoError: a coordinate is NaN, infinite or out of range, or a passage to close is unknown.
        """
        wanted = list(ends)
        checked_lon_lat([start[0], *(x for x, _ in wanted)], [start[1], *(y for _, y in wanted)], "sea route")
        shut = frozenset(ICE_BOUND).intersection(self.passages) if closed is None else frozenset(closed)
        unknown = sorted(shut - set(self.passages))
        if unknown:
            raise GeoError(f"sea route: no passage {unknown[0]!r}; expected one of {', '.join(self.passages)}")
        graph, legs_of = self._without(shut)
        return tuple(self._way(graph, legs_of, start, end) for end in wanted)

    def _way(self, graph: Graph, legs_of: Ints, start: Place, end: Place) -> SeaRoute:
        straight = distance_km(*start, *end)
        if not len(legs_of):
            return _fallback(start, end, straight, "no lanes are left with these passages closed")
        (a, to_lane), (b, from_lane) = (graph.nearest_node(*place) for place in (start, end))
        if max(to_lane, from_lane) > MAX_SNAP_KM:
            reason = f"an end is {max(to_lane, from_lane):.0f} km from the nearest lane"
            return _fallback(start, end, straight, reason)
        if straight <= to_lane + from_lane:
            return _fallback(start, end, straight, "the lanes are farther away than the ends from each other")
        path = graph.path(a, b)
        if not len(path.nodes):
            return _fallback(start, end, straight, "no lanes join the ends with these passages closed")
        total = to_lane + path.km + from_lane
        if total < straight * (1 - 1e-9):
            return _fallback(start, end, straight, f"the lanes' {total:.0f} km are shorter than the geodesic")
        passed = self._passage[legs_of[graph.edges_between(path.nodes)]]
        return SeaRoute(
            total_km=total,
            lane_km=path.km,
            snap_start_km=to_lane,
            snap_end_km=from_lane,
            method="route",
            reason="",
            passages=tuple(dict.fromkeys(name for name in passed if name)),
            lon=np.concatenate([[start[0]], graph.lon[path.nodes], [end[0]]]),
            lat=np.concatenate([[start[1]], graph.lat[path.nodes], [end[1]]]),
        )

    def _net_without(self, shut: frozenset[str]) -> tuple[Graph, Ints]:
        legs = np.nonzero(~np.isin(self._passage, list(shut)))[0]
        return Graph(self._lon, self._lat, self._first[legs], self._last[legs], self._km[legs]), legs


def _fallback(start: Place, end: Place, straight: float, reason: str) -> SeaRoute:
    lon, lat = geodesic_points(*start, *end, _STEP_KM)
    return SeaRoute(
        total_km=straight * DETOUR,
        lane_km=0.0,
        snap_start_km=0.0,
        snap_end_km=0.0,
        method="fallback",
        reason=reason,
        passages=(),
        lon=lon,
        lat=lat,
    )
