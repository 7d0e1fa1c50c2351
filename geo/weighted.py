"""The best of many places for any point on Earth: each place has weights, and what it is worth falls with distance."""

import numpy as np

from oreway.arrays import Floats, Ints
from oreway.geo._compiled import compiled
from oreway.geo._edges import Boxes, ball_order, box_gap, boxes_of
from oreway.geo._kernels import _length, to_ecef
from oreway.geo._places import Places, in_threads, searching
from oreway.geo.geodesy import checked_lon_lat

BOUNDS = 3
HALF_LIFE, LINEAR = 0.0, 1.0


@compiled()
def _fall(km: float, bound: int, curve: Floats) -> float:
    """Return the value of a distance on a curve: stretch (low, base, high bound), d0, h, reach, shape."""
    beyond = max(0.0, km * curve[bound] - curve[3]) / curve[4]
    linear: float = max(0.0, 1.0 - beyond / curve[5])
    return linear if curve[6] == 1.0 else 2.0**-beyond


@compiled(
    ("int", "int", "float64:2", "int64:1", "float64:1", "float64:2", "float64:1", "float64:3", "float64:3", "float32:2",
     "float64:2", "float64:2!", "int64:1!", "int64:1!", "float64:1!")
)  # fmt: skip
def _search(  # noqa: C901 - one kernel: numba compiles it whole
    lo: int, hi: int, xyz: Floats, order: Ints, slack: Floats, spots: Floats, accuracy: Floats, weights: Floats,
    most: Floats, boxes: Boxes, curves: Floats, best: Floats, winner: Ints, stack: Ints, gaps: Floats,
) -> None:  # fmt: skip
    """Raise best[order[lo:hi]] to the greatest weight x value of any place by bound; winner is that of the base.

    weights: (places, curves, 3), below 0 where a place has none; most: the greatest of each node of the tree; stack and
    gaps: the search's own, room for DEPTH each: one thread's.
    """
    n, leaves, m = spots.shape[0], boxes.shape[0] >> 1, curves.shape[0]
    widest = 0.0
    for i in range(n):  # a reduction of numpy's would load SciPy with the kept code
        widest = max(widest, accuracy[i])
    for row in range(lo, hi):
        px, py, pz = xyz[row, 0], xyz[row, 1], xyz[row, 2]
        j = order[row]
        stack[0], gaps[0], top = 1, 0.0, 1
        while top > 0:
            top -= 1
            node, away = stack[top], gaps[top]
            promising = False
            for k in range(m):
                for b in range(3):
                    if not promising and most[node, k, b] >= 0 and most[node, k, b] > best[j, b]:  # none falls upwards
                        reach = max(0.0, away - (slack[j] + widest if b == 2 else 0.0))
                        promising = most[node, k, b] * _fall(reach, b, curves[k]) > best[j, b]
            if not promising:
                continue
            if node < leaves:
                first, second = box_gap(px, py, pz, boxes, 2 * node), box_gap(px, py, pz, boxes, 2 * node + 1)
                near = 0 if first <= second else 1
                for child in (1 - near, near):
                    stack[top], gaps[top] = 2 * node + child, (first if child == 0 else second) / 1000
                    top += 1
                continue
            leaf = node - leaves
            for i in range(leaf * n // leaves, (leaf + 1) * n // leaves):
                km = _length(px, py, pz, spots, i) / 1000
                for k in range(m):
                    for b in range(3):
                        if weights[i, k, b] >= 0 and weights[i, k, b] > best[j, b]:
                            at = max(0.0, km + (1.0 - b) * (slack[j] + accuracy[i]))
                            value = weights[i, k, b] * _fall(at, b, curves[k])
                            if value > best[j, b]:
                                best[j, b] = value
                                if b == 1:
                                    winner[j] = i


class Weighted:
    """Places with weights under a tree, so that the best one is found without asking them all."""

    def __init__(self, lon: Floats, lat: Floats, accuracy_km: Floats, weights: Floats) -> None:
        """Make the tree.

        Args:
            lon: degrees east, shape (n,).
            lat: degrees north, shape (n,).
            accuracy_km: how far off each place may be.
            weights: shape (n, curves, 3): low, base, high; NaN where a place has none.
        """
        x, y = checked_lon_lat(lon, lat, "place")
        spots = np.empty((len(x), 3))
        to_ecef(0, len(x), np.ascontiguousarray(x), np.ascontiguousarray(y), spots)
        self._order = ball_order(spots)
        self._spots = spots[self._order]
        self._accuracy = np.ascontiguousarray(accuracy_km[self._order], dtype=np.float64)
        self._boxes = boxes_of(np.column_stack([self._spots, np.zeros(len(spots))]))
        self._weights = np.ascontiguousarray(np.where(np.isnan(weights), -1.0, weights)[self._order])
        self._most = _greatest(self._weights, len(self._boxes))

    def best(self, asked: Places, slack_km: Floats, curves: Floats) -> tuple[Floats, Ints]:
        """Return the greatest weight x value of any place, shape (n, 3), NaN for none, and which place has the base.

        Args:
            asked: where.
            slack_km: how far off each of these may be; the low bound is that much farther, the high bound nearer.
            curves: shape (curves, 7): stretch of the distance for low, base, high; d0, h, reach, shape.
        """
        n = len(asked.lon)
        best, winner = np.full((n, BOUNDS), -1.0), np.full(n, -1, np.int64)
        if len(self._spots):
            given = (asked.xyz, asked.order, np.ascontiguousarray(slack_km, dtype=np.float64), self._spots)
            in_threads(
                n, searching(_search), *given, self._accuracy, self._weights, self._most, self._boxes,
                np.ascontiguousarray(curves, dtype=np.float64), best, winner,
            )  # fmt: skip
        return np.where(best < 0, np.nan, best), np.append(self._order, -1)[winner]


def _greatest(weights: Floats, size: int) -> Floats:
    """Return the greatest weights under each node of the tree, in the order of `boxes_of`."""
    n, leaves = len(weights), size >> 1
    most = np.full((size, *weights.shape[1:]), -1.0)
    starts = np.arange(leaves) * n // leaves
    held = np.nonzero(np.diff(np.append(starts, n)) > 0)[0]
    if n:
        most[leaves + held] = np.maximum.reduceat(weights, starts[held])
    first = leaves >> 1
    while first:
        children = most[2 * first : 4 * first]
        most[first : 2 * first] = np.maximum(children[::2], children[1::2])
        first >>= 1
    return most
