"""Dijkstra's search from one node over compressed rows, compiled: a heap with four children a node.

Street networks keep some thousand nodes waiting, so that the heap stays in the processor's cache.
"""

import numpy as np
import numpy.typing as npt

from oreway.geo._compiled import compiled

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
_CHILDREN = 4


@compiled()
def search(indptr: Ints, indices: Ints, weights: Floats, start: int, km: Floats, before: Ints) -> None:
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


@compiled(forceinline=True)
def _rise(heap: Ints, keys: Floats, at: Ints, node: int, key: float) -> None:
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
def _sink(heap: Ints, keys: Floats, at: Ints, size: int) -> None:
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
