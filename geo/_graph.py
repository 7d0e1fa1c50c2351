"""A weighted graph of places: shortest paths from a node or from many sources, geodesics from any point to every node.

What was asked of a place or a start is remembered, the latest of each up to some megabytes, so that many ways from one
start cost one search. The memories may be shared between threads; what they hold is read-only.
"""

from __future__ import annotations

import threading
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from oreway.arrays import Floats, Ints
from oreway.geo._dijkstra import search, search_between
from oreway.geo._kernels import arcs
from oreway.geo._places import places
from oreway.later import later

with later(__name__):
    from scipy.sparse import coo_array, csr_array
    from scipy.sparse.csgraph import connected_components, dijkstra
    from scipy.spatial import KDTree


_SHORTEST_KM = 1e-6  # a length of 0 would read as "no edge"
_REMEMBERED_BYTES = 48_000_000  # of distances, and as much of searches
_BESIDE_KM = 20.0  # how far from an edge a place may provably stand and still join it
_EDGES = 3
_CHORD_MARGIN = 1.02  # of two places at one geodesic distance, the chords differ by less than 1.1 %


class Path(NamedTuple):
    """The nodes passed, in order, and the kilometres between the first and the last; no nodes: not joined."""

    nodes: Ints
    km: float


class Graph:
    """Nodes at lon, lat joined by undirected edges of given length; of parallel edges the shortest counts."""

    def __init__(self, lon: Floats, lat: Floats, first: Ints, last: Ints, km: Floats) -> None:
        n = len(lon)
        self.lon, self.lat = lon, lat
        self.first, self.last, self.km = first, last, np.maximum(km, _SHORTEST_KM)
        self._xyz = places(lon, lat)
        low, high = np.minimum(first, last), np.maximum(first, last)
        order = np.lexsort((self.km, high, low))
        keep = order[np.r_[True, (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)]] if len(order) else order
        one_way = coo_array((self.km[keep], (low[keep], high[keep])), shape=(n, n))
        self.matrix = csr_array(one_way + one_way.T)
        self._starts, self._others = self.matrix.indptr.astype(np.int32), self.matrix.indices.astype(np.int32)
        self._desks = threading.local()
        self.part: Ints = connected_components(self.matrix, directed=False)[1].astype(np.int64)
        self._edges, self._keys = keep, low[keep] * np.int64(n) + high[keep]  # sorted: `keep` is by low, then high
        self._distances = lru_cache(max(4, _REMEMBERED_BYTES // max(1, 8 * n)))(self._to_all)
        self._nearest = lru_cache(4096)(self._nearest_node)
        self._tree = lru_cache(max(4, _REMEMBERED_BYTES // max(1, 44 * n)))(self._search)

    def distances_km(self, lon: float, lat: float) -> Floats:
        """Return the geodesic distance from one place to every node; read-only."""
        return self._distances(float(lon), float(lat))

    def nearest_node(self, lon: float, lat: float) -> tuple[int, float]:
        """Return the nearest node to one place and its geodesic distance in kilometres."""
        return self._nearest(float(lon), float(lat))

    def _nearest_node(self, lon: float, lat: float) -> tuple[int, float]:
        here = places(lon, lat).xyz
        chord = np.sqrt(((self._xyz.xyz - here) ** 2).sum(axis=1))
        near = np.nonzero(chord <= _CHORD_MARGIN * chord.min() + 1.0)[0]
        metres = np.empty(len(near))
        arcs(np.broadcast_to(here, (len(near), 3)).copy(), self._xyz.xyz[near], metres)
        first = np.lexsort((self._xyz.order[near], metres))[0]  # of equals the lowest number
        return int(self._xyz.order[near[first]]), float(metres[first] / 1000)

    def _to_all(self, lon: float, lat: float) -> Floats:
        here = places(lon, lat).xyz
        metres = np.empty(len(self.lon))
        arcs(np.broadcast_to(here, self._xyz.xyz.shape).copy(), self._xyz.xyz, metres)
        km = np.empty_like(metres)
        km[self._xyz.order] = metres / 1000
        km.flags.writeable = False
        return km

    def _search(self, start: int) -> tuple[Floats, list[int]]:
        km, before = np.empty(len(self.lon)), np.empty(len(self.lon), np.int32)
        search(self._starts, self._others, self.matrix.data, start, km, before)
        km.flags.writeable = False
        return km, before.tolist()  # a list: a way is read from it node by node

    def path(self, start: int, end: int) -> Path:
        """Return the shortest path between two nodes."""
        km, before = self._tree(start)
        if not np.isfinite(km[end]):
            return Path(np.empty(0, np.int64), float("inf"))
        nodes = [end]
        while nodes[-1] != start:
            nodes.append(before[nodes[-1]])
        return Path(np.array(nodes[::-1], np.int64), float(km[end]))

    def edges_between(self, nodes: Ints) -> Ints:
        """Return the edge passed between each two nodes of a path."""
        low, high = np.minimum(nodes[:-1], nodes[1:]), np.maximum(nodes[:-1], nodes[1:])
        edges: Ints = self._edges[np.searchsorted(self._keys, low * np.int64(len(self.lon)) + high)]
        return edges

    @cached_property
    def _spots(self) -> Floats:
        """Return every node in space, metres, in the nodes' own order."""
        spots = np.empty((len(self.lon), 3))
        spots[self._xyz.order] = self._xyz.xyz
        return spots

    @cached_property
    def _neighbours(self) -> KDTree:
        return KDTree(self._spots)

    def near(self, lon: float, lat: float, *, within_km: float, most: int) -> tuple[Ints, Floats]:
        """Return the nearest nodes to a place and their geodesic distances in kilometres, the nearest first."""
        here = places(lon, lat).xyz
        _, node = self._neighbours.query(here[0], k=min(most, len(self.lon)), distance_upper_bound=1000 * within_km)
        node = np.atleast_1d(node).astype(np.int64)
        node = node[node < len(self.lon)]
        metres = np.empty(len(node))
        arcs(np.repeat(here, len(node), axis=0), self._spots[node], metres)
        return node, metres / 1000

    def on_edge(self, lon: float, lat: float) -> tuple[Ints, Floats]:
        """Return the ends of the edges a place may stand on or beside, and the kilometres along them to each.

        An edge of length L stays inside the ellipse r1 + r2 <= L, of half-width sqrt(L^2 - chord^2) / 2; a place inside
        divides its length as r1 to r2, one outside is at least (r1 + r2 - L) / 2 away. Of the edges less than 20 km
        away by that, the few count whose lines are surest to be near.
        """
        away = np.sqrt(((self._spots - places(lon, lat).xyz[0]) ** 2).sum(axis=1)) / 1000
        both = away[self.first] + away[self.last]
        near = np.nonzero((both <= self.km + 2 * _BESIDE_KM) & (self.first != self.last))[0]
        if not len(near):
            return np.empty(0, np.int64), np.empty(0)
        ends = np.stack([self.first[near], self.last[near]], axis=1)
        chord_km = np.sqrt(((self._spots[ends[:, 0]] - self._spots[ends[:, 1]]) ** 2).sum(axis=1)) / 1000
        outside = np.maximum(both[near] - self.km[near], 0.0)
        best = np.argsort(outside + np.sqrt(np.maximum(self.km[near] ** 2 - chord_km**2, 0.0)))[:_EDGES]
        stretch = np.maximum(1.0, self.km[near[best]] / both[near[best]])
        return ends[best].astype(np.int64).ravel(), (away[ends[best]] * stretch[:, None]).ravel()

    def between(self, first: Ints, first_km: Floats, last: Ints, last_km: Floats, goal: tuple[float, float]) -> Path:
        """Return the shortest path that enters at one of some nodes and leaves at another, entry and exit counted.

        Args:
            first: nodes where it may enter.
            first_km: what entering costs at each.
            last: nodes where it may leave.
            last_km: what leaving costs at each: at least the straight line to the goal.
            goal: lon and lat of the place the way leads to.
        """
        if not len(first) or not len(last):
            return Path(np.empty(0, np.int64), float("inf"))
        desk = self._desk()
        end, total = search_between(
            self._starts, self._others, self.matrix.data, self._spots, places(*goal).xyz[0], first.astype(np.int32),
            np.asarray(first_km, np.float64), last.astype(np.int32), np.asarray(last_km, np.float64), *desk,
        )  # fmt: skip
        before = desk[2]
        if end < 0:
            return Path(np.empty(0, np.int64), float("inf"))
        nodes = [int(end)]
        while before[nodes[-1]] >= 0:
            nodes.append(int(before[nodes[-1]]))
        return Path(np.array(nodes[::-1], np.int64), float(total))

    def _desk(self) -> tuple[Floats, Floats, npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Return room for a search, of each thread its own and used again: to fill it takes longer than most ways."""
        found: tuple[Floats, Floats, npt.NDArray[np.int32], npt.NDArray[np.int32]] | None
        found = getattr(self._desks, "room", None)
        if found is None:
            n = len(self.lon)
            found = np.full(n, np.inf), np.full(n, np.inf), np.empty(n, np.int32), np.empty(n + 1, np.int32)
            self._desks.room = found
        return found

    def nearest_source(self, node: Ints, leg_km: Floats) -> tuple[Floats, Ints]:
        """Return for every node the least kilometres to a source, its straight leg to a node included, and that source.

        node, leg_km: where and after how many kilometres each source joins the network. Infinity and -1 if not joined.
        """
        n, m = len(self.lon), len(node)
        if not m:
            return np.full(n, np.inf), np.full(n, -1, np.int64)
        links = self.matrix.tocoo()
        weight = np.concatenate([links.data, np.maximum(leg_km, _SHORTEST_KM)])
        row, column = np.concatenate([links.row, n + np.arange(m)]), np.concatenate([links.col, node])
        whole = csr_array(coo_array((weight, (row, column)), shape=(n + m, n + m)))
        km, _, source = dijkstra(
            whole, directed=True, indices=n + np.arange(m), min_only=True, return_predecessors=True
        )
        return km[:n], np.where(np.isfinite(km[:n]), source[:n] - n, -1).astype(np.int64)
