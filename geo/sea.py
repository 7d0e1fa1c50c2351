"""Ways by sea over a net of shipping lanes, with canals and straits that can be closed.

A closed passage is a line that no way crosses, be it along lanes or straight, so that closing never shortens a way.
The way is the shorter of two: along the lanes, or straight over open sea times 1.05 where no land is in between.
What a net of lanes gets wrong is refused rather than shown: an end too far from any lane, or lanes that do not join.
Then the answer is the geodesic times 1.25 and says so: method "fallback", with the reason. Where closed passages leave
no way at all there is none: method "none", an infinite length.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Literal

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from oreway.arrays import Floats, Ints
from oreway.geo._graph import Graph
from oreway.geo.antimeridian import cut
from oreway.geo.errors import GeoError
from oreway.geo.geodesy import checked_lon_lat, distance_km, geodesic_points
from oreway.geo.sayings import GeoSaying
from oreway.said import listed

LonLat = tuple[float, float]

MAX_SNAP_KM = 200.0
DETOUR = 1.25  # ships' ways over straight lines where no lane is known; the mean over ocean trades is 1.1 to 1.3
_STEP_KM = 100.0

_NETS = 16  # sets of closed passages remembered
_CROSSINGS = 65_536  # straight ways remembered: ports are joined to their lane again and again

ICE_BOUND = ("northern_sea_route", "northwest")

# Lines from land to land, (lon, lat), that every way through a passage crosses; along an isthmus they follow its spine,
# from capes and in the Arctic they run on to the ice.
PASSAGE_LINES: dict[str, tuple[LonLat, ...]] = {
    "babalmandab": ((42.9, 12.3), (43.9, 13.1)),
    "bering": ((-165.5, 65.4), (-172.0, 66.2)),
    "bosporus": ((28.0, 41.3), (28.8, 41.15), (29.4, 41.1)),
    "chili": ((-71.0, -51.5), (-69.0, -55.0), (-64.0, -68.0)),
    "dardanelles": ((26.9, 40.75), (26.83, 40.6), (26.4, 40.35), (26.7, 40.1)),
    "gibraltar": ((-5.6, 36.3), (-5.6, 35.5)),
    "kiel": ((9.3, 54.2), (9.6, 54.0)),
    "malacca": ((99.0, 2.9), (101.8, 4.0), (100.6, 6.3), (99.4, 8.6), (98.85, 10.0), (99.4, 12.0)),
    "northern_sea_route": ((104.0, 76.0), (104.0, 90.0)),
    "northwest": ((-94.0, 66.0), (-94.0, 90.0)),
    "ormuz": ((56.1, 25.3), (56.3, 26.1), (57.2, 27.0)),
    "panama": (
        (-84.0, 10.0),
        (-82.3, 8.75),
        (-81.2, 8.55),
        (-80.16, 8.8),
        (-79.34, 9.5),
        (-79.2, 9.3),
        (-78.3, 9.1),
        (-77.5, 8.2),
        (-76.5, 7.0),
    ),
    "south_africa": ((20.0, -33.5), (20.0, -71.0)),
    "suez": ((31.5, 30.6), (33.2, 30.6)),
    "sunda": ((105.3, -5.3), (106.2, -6.3)),
}
OPEN_SEA = 1.05  # a ship's way over the geodesic where no land is in between, as in the score and the bill
OPEN_SEA_KM = 3000.0  # beyond this great circles leave the seas that ships use
_SHORE_KM = 30.0  # of land at either end that is the port's own shore
_LOOK_KM = 5.0
_ISLANDS_KM, _ISLANDS_SHARE = (
    50.0,
    0.02,
)  # of islands and headlands that the factor leaves room to round

OnLand = Callable[[Floats, Floats], npt.NDArray[np.bool_]]


class Obstacle(StrEnum):
    """Name what keeps a way from the lanes, or closes it; this room knows no reasons, `scoring` makes one of each."""

    FAR_FROM_LANES = "far_from_lanes"
    LANES_FARTHER = "lanes_farther"
    NO_LANES_LEFT = "no_lanes_left"
    NO_LANES_JOIN = "no_lanes_join"
    END_ON_CLOSED = "end_on_closed"
    NO_WAY_LEFT = "no_way_left"


@dataclass(frozen=True, kw_only=True)
class Hindrance:
    """Why a way does not follow the lanes: how far its end is from them, or which passages are closed."""

    by: Obstacle
    away_km: float | None = None
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeaRoute:
    """A way by sea; total_km adds lanes and both straight legs, or is the stretched geodesic of a fallback.

    method: "route", "open_sea" or, with a reason, "fallback" or "none" (infinite).
    passages: those passed, in order. lon, lat: the vertices.
    """

    total_km: float
    lane_km: float
    snap_start_km: float
    snap_end_km: float
    method: Literal["route", "open_sea", "fallback", "none"]
    reason: Hindrance | None
    passages: tuple[str, ...]
    lon: Floats
    lat: Floats


class SeaLanes:
    """Shipping lanes as a graph: every vertex is a node, since lanes meet at vertices; +180 and -180 are one place."""

    def __init__(
        self, lines: npt.NDArray[np.object_], passage: list[str], length_km: Floats, on_land: OnLand | None = None
    ) -> None:
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
        of_line = line[1:][leg]
        whole = np.bincount(of_line, self._km, minlength=len(lines))[of_line]
        told = length_km[of_line]
        self._km = self._km * np.where(told > whole, told / np.maximum(whole, 1e-9), 1.0)  # a canal bends
        pieces = shapely.linestrings(np.stack([coordinates[:-1][leg], coordinates[1:][leg]], axis=1))
        named = np.array(passage, dtype=object)[of_line]
        self._passes = {name: named == name for name in sorted(set(passage) - {""} - set(PASSAGE_LINES))}
        for name, places in PASSAGE_LINES.items():
            crossed = shapely.intersects(pieces, shapely.LineString(places))
            if crossed.any():
                self._passes[name] = crossed
        self._passages = tuple(sorted(self._passes))
        self._through, self._sets = self._passed_by_leg()
        self._on_land = on_land
        self._without = lru_cache(_NETS)(self._net_without)

    @classmethod
    def from_frame(cls, lanes: gpd.GeoDataFrame, on_land: OnLand | None = None) -> "SeaLanes":
        """Return the lanes of a frame of LineStrings in EPSG:4326, with a column "passage" where it is known.

        A column "length_km" counts where it is longer than the line. on_land tells which of many places (lon, lat) lie
        on land; with it, ways straight over open sea are found as well.

        Raises:
            GeoError: another CRS, another kind of geometry, or a coordinate out of range.
        """
        if lanes.crs is None or lanes.crs.to_epsg() != 4326:
            raise GeoError(GeoSaying.LANES_SYSTEM(lanes.crs))
        lines = lanes.geometry.to_numpy()
        if not len(lines) or not (shapely.get_type_id(lines) == shapely.GeometryType.LINESTRING).all():
            raise GeoError(GeoSaying.NO_LANES())
        given = lanes["passage"].fillna("").astype(str).tolist() if "passage" in lanes.columns else [""] * len(lines)
        told = lanes["length_km"] if "length_km" in lanes.columns else np.zeros(len(lines))
        return cls(lines, given, np.asarray(told, dtype=np.float64), on_land)

    @property
    def passages(self) -> tuple[str, ...]:
        """Names of the passages that can be closed."""
        return self._passages

    def route(self, start: LonLat, end: LonLat, *, closed: Iterable[str] | None = None) -> SeaRoute:
        """Return the shortest way by sea between two places (lon, lat) with some passages closed.

        Unless told otherwise the ice-bound passages are closed; closed=() opens them all.

        Raises:
            GeoError: a coordinate is NaN, infinite or out of range, or a passage to close is unknown.
        """
        return self.routes(start, [end], closed=closed)[0]

    def routes(
        self, start: LonLat, ends: Iterable[LonLat], *, closed: Iterable[str] | None = None
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
            raise GeoError(GeoSaying.NO_PASSAGE(repr(unknown[0]), listed(self.passages)))
        return tuple(self._way(shut, start, end) for end in wanted)

    def _way(self, shut: frozenset[str], start: LonLat, end: LonLat) -> SeaRoute:
        along = self._along(shut, start, end)
        least = OPEN_SEA * float(distance_km(*start, *end))
        open_sea = self._open_sea(shut, start, end) if along.method != "route" or along.total_km > least else None
        found = [way for way in (open_sea, along) if way is not None]
        sure = [way for way in found if way.method != "fallback"] or found
        best = min(sure, key=lambda way: way.total_km)
        if best.method != "fallback" or not shut:
            return best
        before = self._way(frozenset(), start, end)  # what the net lacks it lacks with everything open too
        if before.method == "fallback" and not (set(_crossed(start, end)) & shut):
            return best
        return _no_way(start, end, Hindrance(by=Obstacle.NO_WAY_LEFT, closed=tuple(sorted(shut))))

    def _open_sea(self, shut: frozenset[str], start: LonLat, end: LonLat) -> SeaRoute | None:
        straight = float(distance_km(*start, *end))
        if self._on_land is None or straight > OPEN_SEA_KM:
            return None
        crossed = _crossed(start, end)
        if set(crossed) & shut or not self._clear(start, end):
            return None
        lon, lat = geodesic_points(*start, *end, _STEP_KM)
        return SeaRoute(
            total_km=straight * OPEN_SEA, lane_km=0.0, snap_start_km=0.0, snap_end_km=0.0, method="open_sea",
            reason=None, passages=crossed, lon=lon, lat=lat,
        )  # fmt: skip

    def _along(self, shut: frozenset[str], start: LonLat, end: LonLat) -> SeaRoute:
        graph, legs_of = self._without(shut)
        straight = float(distance_km(*start, *end))
        if not len(legs_of):
            return _fallback(start, end, straight, Hindrance(by=Obstacle.NO_LANES_LEFT))
        (a, to_lane), (b, from_lane) = (graph.nearest_node(*place) for place in (start, end))
        joins = ((start, a, to_lane), (end, b, from_lane))
        if any(km > MAX_SNAP_KM and not self._clear(place, self._at(node)) for place, node, km in joins):
            away_km = max(to_lane, from_lane)
            return _fallback(start, end, straight, Hindrance(by=Obstacle.FAR_FROM_LANES, away_km=away_km))
        if straight <= to_lane + from_lane:
            return _fallback(start, end, straight, Hindrance(by=Obstacle.LANES_FARTHER))
        path = graph.path(a, b)
        if not len(path.nodes):
            return _fallback(start, end, straight, Hindrance(by=Obstacle.NO_LANES_JOIN))
        legs = legs_of[graph.edges_between(path.nodes)]
        on, off = _crossed(start, self._at(a)), _crossed(self._at(b), end)
        if set(on + off) & shut:
            return _fallback(start, end, straight, Hindrance(by=Obstacle.END_ON_CLOSED))
        return SeaRoute(
            total_km=max(to_lane + path.km + from_lane, straight),
            lane_km=path.km,
            snap_start_km=to_lane,
            snap_end_km=from_lane,
            method="route",
            reason=None,
            passages=tuple(dict.fromkeys([*on, *self._named(legs), *off])),
            lon=np.concatenate([[start[0]], graph.lon[path.nodes], [end[0]]]),
            lat=np.concatenate([[start[1]], graph.lat[path.nodes], [end[1]]]),
        )

    def _at(self, node: int) -> LonLat:
        return float(self._lon[node]), float(self._lat[node])

    def _clear(self, start: LonLat, end: LonLat) -> bool:
        """Tell whether no land but an island or headland lies between two places, the shores at both ends left out."""
        straight = float(distance_km(*start, *end))
        if self._on_land is None or straight > OPEN_SEA_KM:
            return False
        lon, lat = geodesic_points(*start, *end, _LOOK_KM)
        along = np.linspace(0.0, straight, len(lon))
        asked = (along > _SHORE_KM) & (along < straight - _SHORE_KM)
        land_km = _LOOK_KM * int(self._on_land(lon[asked], lat[asked]).sum()) if asked.any() else 0.0
        return land_km <= min(_ISLANDS_KM, _ISLANDS_SHARE * straight)

    def _named(self, legs: Ints) -> list[str]:
        """Return the passages of legs in the order they are passed."""
        found = self._through[legs]
        return list(dict.fromkeys(name for leg in found[found >= 0] for name in self._sets[leg]))

    def _passed_by_leg(self) -> tuple[Ints, list[tuple[str, ...]]]:
        """Return for each leg which set of passages it belongs to, -1 for none, and these sets."""
        names = list(self._passes)
        held = np.stack([self._passes[name] for name in names], axis=1) if names else np.zeros((len(self._km), 0), bool)
        kinds, number = np.unique(held, axis=0, return_inverse=True)
        sets = [tuple(name for name, has in zip(names, kind, strict=True) if has) for kind in kinds]
        through = np.where(held.any(axis=1), number.ravel(), -1).astype(np.int64)
        return through, sets

    def _net_without(self, shut: frozenset[str]) -> tuple[Graph, Ints]:
        closed = np.zeros(len(self._km), dtype=bool)
        for name in shut:
            closed |= self._passes[name]
        legs = np.nonzero(~closed)[0]
        return Graph(self._lon, self._lat, self._first[legs], self._last[legs], self._km[legs]), legs


@lru_cache(_CROSSINGS)
def _crossed(start: LonLat, end: LonLat) -> tuple[str, ...]:
    """Return the passages whose line a straight way crosses."""
    lon, lat = geodesic_points(*start, *end, _STEP_KM)
    line = cut(shapely.LineString(np.column_stack([lon, lat]))) if start != end else shapely.Point(start)
    names, barriers = _barriers()
    return tuple(names[i] for i in np.sort(barriers.query(line, predicate="intersects")))


@cache
def _barriers() -> tuple[tuple[str, ...], shapely.STRtree]:
    return tuple(PASSAGE_LINES), shapely.STRtree([shapely.LineString(places) for places in PASSAGE_LINES.values()])


def _no_way(start: LonLat, end: LonLat, reason: Hindrance) -> SeaRoute:
    lon, lat = np.array([start[0], end[0]]), np.array([start[1], end[1]])
    return SeaRoute(
        total_km=float("inf"), lane_km=0.0, snap_start_km=0.0, snap_end_km=0.0, method="none", reason=reason,
        passages=(), lon=lon, lat=lat,
    )  # fmt: skip


def _fallback(start: LonLat, end: LonLat, straight: float, reason: Hindrance) -> SeaRoute:
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
