"""A weighted graph of places: shortest paths from a node or from many sources, geodesics from any point to every node.

What was asked of a place or a start is remembered, the latest of each up to some megabytes, so that many ways from one
start cost one search. The memories may be shared between threads; what they hold is read-only.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from oreway.geo._dijkstra import search
from oreway.geo._kernels import arcs
from oreway.geo._places import places

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SHORTEST_KM = 1e-6  # a length of 0 would read as "no edge"
_REMEMBERED_BYTES = 48_000_000  # of distances, and as much of searches
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
        self.part: Ints = connected_components(self.matrix, directed=False)[1].astype(np.int64)
        self._kept, self._pair = keep, low[keep] * n + high[keep]  # in the order of low, then high
        self._distances = lru_cache(max(4, _REMEMBERED_BYTES // max(1, 8 * n)))(self._to_all)
        self._nearest = lru_cache(4096)(self._nearest_node)
        self._near = lru_cache(256)(self._nodes_near)
        self._tree = lru_cache(max(4, _REMEMBERED_BYTES // max(1, 12 * n)))(self._search)

    def distances_km(self, lon: float, lat: float) -> Floats:
        """Return the geodesic distance from one place to every node; read-only."""
        return self._distances(float(lon), float(lat))

    def near(self, lon: float, lat: float, within_km: float) -> tuple[Ints, Floats]:
        """Return the nodes within some kilometres of one place, and the geodesic distance to each."""
        return self._near(float(lon), float(lat), float(within_km))

    def _nodes_near(self, lon: float, lat: float, within_km: float) -> tuple[Ints, Floats]:
        here = places(lon, lat).xyz
        chord2 = ((self._xyz.xyz - here) ** 2).sum(axis=1)  # never longer than the geodesic
        close = np.nonzero(chord2 <= (within_km * 1000) ** 2)[0]
        metres = np.empty(len(close))
        arcs(np.broadcast_to(here, (len(close), 3)).copy(), self._xyz.xyz[close], metres)
        within = metres <= within_km * 1000
        return self._xyz.order[close][within], metres[within] / 1000

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

    def _search(self, start: int) -> tuple[Floats, npt.NDArray[np.int32]]:
        km, before = np.empty(len(self.lon)), np.empty(len(self.lon), np.int32)
        starts, ends = (part.astype(np.int32, copy=False) for part in (self.matrix.indptr, self.matrix.indices))
        search(starts, ends, self.matrix.data, start, km, before)
        km.flags.writeable = before.flags.writeable = False
        return km, before

    def path(self, start: int, end: int) -> Path:
        """Return the shortest path between two nodes."""
        km, before = self._tree(start)
        if not np.isfinite(km[end]):
            return Path(np.empty(0, np.int64), float("inf"))
        nodes = [end]
        while nodes[-1] != start:
            nodes.append(int(before[nodes[-1]]))
        return Path(np.array(nodes[::-1], np.int64), float(km[end]))

    def edges_between(self, nodes: Ints) -> Ints:
        """Return the edge passed between each two nodes of a path."""
        before, after = nodes[:-1], nodes[1:]
        pair = np.minimum(before, after) * len(self.lon) + np.maximum(before, after)
        edges: Ints = self._kept[np.searchsorted(self._pair, pair)]
        return edges

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
