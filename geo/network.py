"""Railways and roads known as junctions and true lengths: provable distances to them and shortest paths on them.

A junction network gives the place of each junction and the length L of the line between two of them, not its course.
The line stays inside the ellipse of all points with r1 + r2 <= L, so a point at r1 and r2 from the junctions is no
nearer to it than (r1 + r2 - L) / 2, and no farther from it than the nearer junction.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from oreway.arrays import Floats, Ints
from oreway.geo import _kernels as kernels
from oreway.geo._graph import Graph
from oreway.geo._places import Places, in_threads, places
from oreway.geo.errors import GeoError, NoRouteError
from oreway.geo.geodesy import Degrees, checked_lon_lat, distance_km
from oreway.geo.sayings import GeoSaying
from oreway.said import listed

LonLat = tuple[float, float]
Usable = Callable[[Floats, Floats, LonLat], npt.NDArray[np.bool_]]

CHORD_MARGIN = (
    1.02  # a length above this many straight lines through the Earth is above the geodesic: 1.3 % at 3,600 km
)
FARTHER, SPARE_KM = 3.0, 10.0  # a place is joined to junctions up to so many times, and km, as far as the nearest
JUNCTIONS_ASKED = (16, 256)  # junctions tried at each end; more where none of the first few are joined
ON_EDGE_KM = 10.0  # a place farther than this from every junction may stand on an edge between two of them
_JOINS = 4096  # places whose junctions are remembered
_COLUMNS = ("from_node", "to_node", "length_km")


@dataclass(frozen=True, kw_only=True)
class Interval:
    """Bounds on the distance to the nearest line, shape (n,): low_km from the edge, high_km from the node.

    edge: position of the edge that gives low_km in the frame. node: the nearest junction by its own name, at lon, lat.
    """

    low_km: Floats
    high_km: Floats
    edge: Ints
    node: npt.NDArray[np.object_]
    lon: Floats
    lat: Floats


@dataclass(frozen=True, kw_only=True)
class Route:
    """A way over the network: to its first junction, along it, from its last junction. total_km adds the three.

    lon, lat: the junctions passed. edges: positions in the frame, in the order travelled.
    starts_on_edge, ends_on_edge: the place may stand on an edge far from every junction; its leg then runs along it.
    Of a way along one edge the leg to the end is all, and the place it starts from stands for the junctions.
    """

    network_km: float
    snap_start_km: float
    snap_end_km: float
    lon: Floats
    lat: Floats
    edges: Ints
    starts_on_edge: bool = False
    ends_on_edge: bool = False

    @property
    def total_km(self) -> float:
        """Kilometres of the whole way, both straight legs included."""
        return self.snap_start_km + self.network_km + self.snap_end_km

    def worth_km(self, circuity: float, lengthening: float = 1.0) -> float:
        """Kilometres of the whole way; a straight kilometre counts `circuity`, one of the network `lengthening`."""
        start = self.snap_start_km * (lengthening if self.starts_on_edge else circuity)
        end = self.snap_end_km * (lengthening if self.ends_on_edge else circuity)
        return start + lengthening * self.network_km + end


@dataclass(frozen=True, kw_only=True)
class _Joins:
    """The junctions a place may be joined to: kilometres to each, and whether they run along an edge, shape (n,)."""

    node: Ints
    km: Floats
    on_edge: npt.NDArray[np.bool_]

    def cost(self, circuity: float) -> Floats:
        return np.where(self.on_edge, self.km, circuity * self.km)

    def at(self, node: int, circuity: float) -> tuple[float, bool]:
        """Return the kilometres of the cheaper join to a junction, and whether it runs along an edge."""
        rows = np.nonzero(self.node == node)[0]
        row = rows[np.argmin(self.cost(circuity)[rows])]
        return float(self.km[row]), bool(self.on_edge[row])

    def along_one_edge(self, other: "_Joins") -> float:
        """Return the kilometres between two places that stand on one edge, infinity where they share none."""
        ends, theirs = (joins.node[joins.on_edge].reshape(-1, 2) for joins in (self, other))
        km, their_km = (joins.km[joins.on_edge].reshape(-1, 2) for joins in (self, other))
        one, two = np.nonzero((ends[:, None] == theirs[None]).all(axis=2))
        return float(np.abs(km[one, 0] - their_km[two, 0]).min(initial=np.inf))


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How far along the network the nearest of some sources is, shape (n,): NaN and -1 where none is joined.

    source: position among the sources given. The straight legs are at the place asked and at the source.
    """

    total_km: Floats
    network_km: Floats
    snap_start_km: Floats
    snap_end_km: Floats
    source: Ints


def _along_one_edge(start: LonLat, end: LonLat, km: float) -> Route:
    """Return the way between two places on one edge, no junction between them: no shorter than the geodesic."""
    least = float(distance_km(*start, *end))
    return Route(
        network_km=0.0, snap_start_km=0.0, snap_end_km=max(km, least), lon=np.array([start[0]], np.float64),
        lat=np.array([start[1]], np.float64), edges=np.empty(0, np.int64), ends_on_edge=True,
    )  # fmt: skip


class Network:
    """An undirected junction network; lengths in kilometres, places in EPSG:4326."""

    def __init__(self, graph: Graph, names: npt.NDArray[np.object_]) -> None:
        self.graph = graph
        self.names = names
        self._joins = lru_cache(_JOINS)(self._find_joins)
        self._ends = np.ascontiguousarray(np.stack([graph.first, graph.last], axis=1))
        self._nodes = np.empty((len(graph.lon), 3))
        kernels.to_ecef(0, len(graph.lon), graph.lon, graph.lat, self._nodes)

    @classmethod
    def from_frame(cls, edges: gpd.GeoDataFrame) -> "Network":
        """Return the network of a frame with from_node, to_node, length_km and chords from the one to the other.

        A length below its chord (rounding) is raised to the chord: no line is shorter than the geodesic.

        Raises:
            GeoError: columns, CRS or lengths are missing or wrong, a chord is no line, a junction has two places.
        """
        missing = [name for name in _COLUMNS if name not in edges.columns]
        if missing or edges.crs is None or edges.crs.to_epsg() != 4326:
            raise GeoError(GeoSaying.NETWORK_COLUMNS(", ".join(missing) or "EPSG:4326", listed(_COLUMNS)))
        km = edges["length_km"].to_numpy(np.float64)
        lines = edges.geometry.to_numpy()
        if not (np.isfinite(km) & (km >= 0)).all() or not (shapely.get_type_id(lines) == 1).all():
            raise GeoError(GeoSaying.NETWORK_LENGTH())
        ends = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)])
        names, first_seen, number = np.unique(
            np.concatenate([edges["from_node"].to_numpy(), edges["to_node"].to_numpy()]),
            return_index=True,
            return_inverse=True,
        )
        spots = ends[first_seen]
        astray = np.abs(spots[number] - ends).max(axis=1, initial=0.0) > 1e-6
        if astray.any():
            raise GeoError(GeoSaying.JUNCTION_TWICE(names[number[np.argmax(astray)]]))
        lon, lat = checked_lon_lat(spots[:, 0], spots[:, 1], "junction")
        lon, lat = np.ascontiguousarray(lon), np.ascontiguousarray(lat)
        first, last = np.split(number.astype(np.int64), 2)
        chord = distance_km(lon[first], lat[first], lon[last], lat[last])
        return cls(Graph(lon, lat, first, last, np.maximum(km, chord)), names.astype(object))

    @classmethod
    def from_arrays(cls, lon: Floats, lat: Floats, first: Ints, last: Ints, km: Floats) -> "Network":
        """Return the network of junctions at lon, lat and edges between their positions, named by these.

        A length below its chord (rounding) is raised to the chord.
        """
        lon, lat = (np.ascontiguousarray(one, np.float64) for one in checked_lon_lat(lon, lat, "junction"))
        places_ = np.empty((len(lon), 3))
        kernels.to_ecef(0, len(lon), lon, lat, places_)
        straight = np.sqrt(((places_[first] - places_[last]) ** 2).sum(axis=1)) / 1000
        short = np.nonzero(km < CHORD_MARGIN * straight)[0]
        raised = np.array(km, np.float64)
        if len(short):
            chord = distance_km(lon[first[short]], lat[first[short]], lon[last[short]], lat[last[short]])
            raised[short] = np.maximum(raised[short], chord)
        names = np.arange(len(lon)).astype(object)
        return cls(Graph(lon, lat, first.astype(np.int64), last.astype(np.int64), raised), names)

    def distance_interval(self, lon: Degrees, lat: Degrees) -> Interval:
        """Return the provable bounds on the distance from each place to the nearest line of the network.

        Raises:
            GeoError: a coordinate is NaN, infinite or out of range, or the network is empty.
        """
        return self.interval_of_places(places(lon, lat))

    def interval_of_places(self, asked: Places) -> Interval:
        """Return the same as distance_interval, for places made ready once and asked of several networks.

        Raises:
            GeoError: the network is empty.
        """
        if not len(self._ends):
            raise GeoError(GeoSaying.NO_EDGES())
        n = len(asked.lon)
        which, bounds = np.empty((n, 2), np.int64), np.empty((n, 2))
        in_threads(n, kernels.interval, asked.xyz, asked.order, self._nodes, self._ends, self.graph.km, which, bounds)
        node = which[:, 1]
        return Interval(
            low_km=bounds[:, 0],
            high_km=bounds[:, 1],
            edge=which[:, 0],
            node=self.names[node],
            lon=self.graph.lon[node],
            lat=self.graph.lat[node],
        )

    def shortest(
        self,
        start: LonLat,
        end: LonLat,
        *,
        max_snap_km: float = 200.0,
        circuity: float = 1.0,
        usable: Usable | None = None,
        on_edge: bool = False,
    ) -> Route:
        """Return the shortest way between two places, (lon, lat), over the network, by the best of several junctions.

        Args:
            start: where from.
            end: where to.
            max_snap_km: how far a junction may be from either place.
            circuity: what a kilometre off the network counts as, 1 or more.
            usable: tells of some junctions (lon, lat) and a place which the place may be joined to; None for all.
            on_edge: let a place far from every junction stand on an edge that may pass it.

        Raises:
            NoRouteError: no part of the network comes within max_snap_km of both ends.
            GeoError: a coordinate is NaN, infinite or out of range.
        """
        checked_lon_lat([start[0], end[0]], [start[1], end[1]], "route")
        for most in JUNCTIONS_ASKED if len(self.graph.lon) else ():
            joins = [
                self._joins((float(place[0]), float(place[1])), max_snap_km, most, usable, on_edge)
                for place in (start, end)
            ]
            first, last = joins
            path = self.graph.between(first.node, first.cost(circuity), last.node, last.cost(circuity), end)
            if (km := first.along_one_edge(last)) < path.km:
                return _along_one_edge(start, end, km)
            if len(path.nodes):
                (start_km, on_first), (end_km, on_last) = (
                    first.at(path.nodes[0], circuity), last.at(path.nodes[-1], circuity)
                )  # fmt: skip
                legs = start_km * (1.0 if on_first else circuity) + end_km * (1.0 if on_last else circuity)
                return Route(
                    network_km=max(path.km - legs, 0.0), snap_start_km=start_km, snap_end_km=end_km,
                    lon=self.graph.lon[path.nodes], lat=self.graph.lat[path.nodes],
                    edges=self.graph.edges_between(path.nodes), starts_on_edge=on_first, ends_on_edge=on_last,
                )  # fmt: skip
        raise NoRouteError(GeoSaying.NOT_ON_NETWORK(f"{max_snap_km:g}", start, end))

    def _find_joins(
        self, place: LonLat, within_km: float, most: int, usable: Usable | None, may_stand_on_edge: bool
    ) -> _Joins:
        """Return the junctions a place may be joined to: of each part the nearest and those little farther.

        A place far from all of them may stand on an edge: the ends of the narrowest that may reach it join too.
        """
        node, km = self._near(place, within_km, most, usable)
        straight = np.zeros(len(node), np.bool_)
        if not may_stand_on_edge or (len(km) and km.min() <= ON_EDGE_KM):
            return _Joins(node=node, km=km, on_edge=straight)
        ends, along = self.graph.on_edge(*place)
        return _Joins(
            node=np.concatenate([node, ends]), km=np.concatenate([km, along]),
            on_edge=np.concatenate([straight, np.ones(len(ends), np.bool_)]),
        )  # fmt: skip

    def _near(self, place: LonLat, within_km: float, most: int, usable: Usable | None) -> tuple[Ints, Floats]:
        node, km = self.graph.near(*place, within_km=within_km, most=most)
        if usable is not None and len(node):
            fit = usable(self.graph.lon[node], self.graph.lat[node], place)
            node, km = node[fit], km[fit]
        _, part = np.unique(self.graph.part[node], return_inverse=True)
        nearest = np.full(len(node), np.inf)
        np.minimum.at(nearest, part, km)
        close = km <= FARTHER * nearest[part] + SPARE_KM
        return node[close], km[close]

    def nearest_source(
        self, sources: tuple[Degrees, Degrees], lon: Degrees, lat: Degrees, *, max_snap_km: float = 50.0
    ) -> Reach:
        """Return the nearest of some sources (lon, lat) along the network from each place, in one search for all.

        Sources and places farther than max_snap_km from every junction are not joined.

        Raises:
            GeoError: a coordinate is NaN, infinite or out of range.
        """
        given, asked = places(*sources), places(lon, lat)
        source_node, source_km = self._snap(given.lon, given.lat)
        node, snap_km = self._snap(asked.lon, asked.lat)
        near = np.nonzero(source_km <= max_snap_km)[0]
        km, position = self.graph.nearest_source(source_node[near], source_km[near])
        joined = (snap_km <= max_snap_km) & np.isfinite(km[node])
        source = np.full(len(node), -1, np.int64)
        source[joined] = near[position[node[joined]]]
        total = np.where(joined, km[node] + snap_km, np.nan)
        leg = np.full(len(node), np.nan)
        leg[joined] = source_km[source[joined]]
        return Reach(
            total_km=total,
            network_km=total - snap_km - leg,
            snap_start_km=np.where(joined, snap_km, np.nan),
            snap_end_km=leg,
            source=source,
        )

    def _snap(self, lon: Floats, lat: Floats) -> tuple[Ints, Floats]:
        nearest = [self.graph.distances_km(x, y) for x, y in zip(lon.tolist(), lat.tolist(), strict=True)]
        node = np.array([int(np.argmin(km)) for km in nearest], np.int64)
        return node, np.array([km[i] for km, i in zip(nearest, node, strict=True)], np.float64)
