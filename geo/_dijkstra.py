"""Dijkstra's search from one node over compressed rows, compiled: a heap with four children a node.

Street networks keep some thousand nodes waiting, so that the heap stays in the processor's cache.

Why not scipy's csgraph, whose lengths these are to the last bit (tests/geo/test_dijkstra.py). Milliseconds of processor
time, best of five, AMD EPYC, 2026-11-26, scipy 1.17.1, the shipped networks: a whole search from Rotterdam over the sea
lanes (9,702 nodes) 0.7 against 1.5, from Perth over the roads (560,282 nodes, 9,301 joined) 1.7 against 7.0, from Paris
(335,843 joined) 68 against 73. One way by road, which scipy has no search towards a goal for and so was told the answer
as its limit: Kalgoorlie to Leonora 0.06 against 17, Perth to Sydney 0.4 against 27 from each of eight entries, Paris to
Berlin 3.9 against 16 and to Beijing 21 against 46 from the best of them. Ways are what is asked most.
"""

import numpy as np

from oreway.arrays import Floats, Ints32
from oreway.geo._compiled import compiled

_CHILDREN = 4


@compiled()
def search(indptr: Ints32, indices: Ints32, weights: Floats, start: int, km: Floats, before: Ints32) -> None:
    """Fill km (infinity where not joined) and before (-9999 there and at the start) for every node."""
    n = len(indptr) - 1
    heap, keys, at = np.empty(n, np.int32), np.empty(n, np.float64), np.empty(n, np.int32)
    km[:] = np.inf
    before[:] = -9999
    km[start], heap[0], keys[0], at[start], size = 0.0, start, 0.0, 0, 1
    while size:
        node, far = heap[0], keys[0]
        size -= 1
        if size:
            _sink(heap, keys, at, size)
        for link in range(indptr[node], indptr[node + 1]):
            other = indices[link]
            through = far + weights[link]
            if through < km[other]:
                if km[other] == np.inf:
                    at[other] = size
                    size += 1
                km[other] = through
                before[other] = node
                _rise(heap, keys, at, other, through)


@compiled()
def search_between(
    indptr: Ints32, indices: Ints32, weights: Floats, spots: Floats, goal: Floats, first: Ints32, first_km: Floats,
    last: Ints32, last_km: Floats, km: Floats, leaving: Floats, before: Ints32, seen: Ints32,
) -> tuple[int, float]:  # fmt: skip
    """Return the node at which the shortest way from some nodes leaves the network, and its kilometres; -1: not joined.

    A* towards a goal in space: a node's straight line to it never exceeds what is still to go. first, first_km: where
    the way may enter, and what that costs; last, last_km: where it may leave, and what that costs.
    km and leaving have room for every node, hold infinity and do so again at the end: a search touches few of the
    nodes, and so only these. before is filled where a way passes, -1 at an entry; seen is room for one node more.
    """
    n = len(indptr) - 1
    heap, keys, at = np.empty(n, np.int32), np.empty(n, np.float64), np.empty(n, np.int32)
    size, best, end, met = 0, np.inf, -1, 0
    for i in range(len(last)):
        leaving[last[i]] = min(leaving[last[i]], last_km[i])
    for i in range(len(first)):
        node = first[i]
        if first_km[i] < km[node]:
            ahead = _straight_km(spots, node, goal)
            if km[node] == np.inf:
                at[node] = size
                size += 1
                seen[met] = node
                met += 1
            km[node], before[node] = first_km[i], -1
            _rise(heap, keys, at, node, first_km[i] + ahead)
    while size and keys[0] < best:
        node = heap[0]
        size -= 1
        if size:
            _sink(heap, keys, at, size)
        at[node] = -1
        if km[node] + leaving[node] < best:
            best, end = km[node] + leaving[node], node
        for link in range(indptr[node], indptr[node + 1]):
            other = indices[link]
            through = km[node] + weights[link]
            if through < km[other]:
                seen[met] = other
                met += km[other] == np.inf
                if km[other] == np.inf or at[other] == -1:
                    at[other] = size
                    size += 1
                km[other], before[other] = through, node
                _rise(heap, keys, at, other, through + _straight_km(spots, other, goal))
    _forget(km, seen[:met])
    _forget(leaving, last)
    return end, best


@compiled(forceinline=True)
def _forget(values: Floats, nodes: Ints32) -> None:
    for node in nodes:
        values[node] = np.inf


@compiled(forceinline=True)
def _straight_km(spots: Floats, node: int, goal: Floats) -> float:
    """Return the straight line through the Earth from a node to the goal."""
    x, y, z = spots[node, 0] - goal[0], spots[node, 1] - goal[1], spots[node, 2] - goal[2]
    return float(np.sqrt(x * x + y * y + z * z) / 1000.0)


@compiled(forceinline=True)
def _rise(heap: Ints32, keys: Floats, at: Ints32, node: int, key: float) -> None:
    """Move a node with its new key from its place towards the top."""
    place = at[node]
    while place:
        parent = (place - 1) // _CHILDREN
        if keys[parent] <= key:
            break
        heap[place], keys[place] = heap[parent], keys[parent]
        at[heap[place]] = place
        place = parent
    heap[place], keys[place] = node, key
    at[node] = place


@compiled(forceinline=True)
def _sink(heap: Ints32, keys: Floats, at: Ints32, size: int) -> None:
    """Put the last node, which stands at `size`, at the top and move it down."""
    place, node, key = 0, heap[size], keys[size]
    while True:
        child = _CHILDREN * place + 1
        if child >= size:
            break
        least, best = child, keys[child]
        for other in range(child + 1, min(child + _CHILDREN, size)):
            if keys[other] < best:
                least, best = other, keys[other]
        if best >= key:
            break
        heap[place], keys[place] = heap[least], best
        at[heap[place]] = place
        place = least
    heap[place], keys[place] = node, key
    at[node] = place
