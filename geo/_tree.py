"""The index's search tree: a balanced box hierarchy without pointers, so that it can be saved and mapped as it is.

Node 1 is the root, node i has the children 2i and 2i + 1, and leaf l of 2^h holds the pieces l*n >> h to (l+1)*n >> h.
"""

import math

import numpy as np
import numpy.typing as npt

from oreway.arrays import Floats, Ints
from oreway.geo._compiled import compiled

Boxes = npt.NDArray[np.float32]

_LEAF = 4  # pieces a leaf, at most


@compiled()
def _select(rows: Floats, lo: int, hi: int, middle: int, axis: int) -> None:
    """Put the smaller values of a column before middle, the larger after it (Hoare's selection, in place)."""
    hi -= 1
    while lo < hi:
        a, b, c = rows[lo, axis], rows[(lo + hi) >> 1, axis], rows[hi, axis]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = lo, hi
        while i <= j:
            while rows[i, axis] < pivot:
                i += 1
            while rows[j, axis] > pivot:
                j -= 1
            if i <= j:
                for k in range(4):
                    rows[i, k], rows[j, k] = rows[j, k], rows[i, k]
                i += 1
                j -= 1
        if middle <= j:
            hi = j
        elif middle >= i:
            lo = i
        else:
            return


@compiled(("float64:2!", "int"))
def _split(rows: Floats, height: int) -> None:
    """Order rows (x, y, z, number): at every level each half is split at the median of its longest side."""
    n = rows.shape[0]
    for level in range(height):
        for node in range(1 << level):
            lo, hi, middle = node * n >> level, (node + 1) * n >> level, (2 * node + 1) * n >> (level + 1)
            axis, longest = 0, -1.0
            for k in range(3):
                low = high = rows[lo, k]
                for i in range(lo + 1, hi):
                    low, high = min(low, rows[i, k]), max(high, rows[i, k])
                if high - low > longest:
                    axis, longest = k, high - low
            if lo < middle < hi:
                _select(rows, lo, hi, middle, axis)


@compiled(("float64:2", "int", "float64:2!"))
def _boxes(pieces: Floats, height: int, boxes: Floats) -> None:
    """Fill boxes, shape (2 << height, 6), for every node. A piece lies within its three Bezier control points."""
    n, first_leaf = pieces.shape[0], 1 << height
    boxes[:, :3], boxes[:, 3:] = np.inf, -np.inf
    for leaf in range(first_leaf):
        node = first_leaf + leaf
        for i in range(leaf * n >> height, (leaf + 1) * n >> height):
            for k in range(3):
                low = high = pieces[i, k]
                if pieces.shape[1] > 3:
                    end, control = low + pieces[i, k + 3], low + 0.5 * (pieces[i, k + 3] + pieces[i, k + 6])
                    low, high = min(low, end, control), max(high, end, control)
                boxes[node, k], boxes[node, k + 3] = min(boxes[node, k], low), max(boxes[node, k + 3], high)
    for node in range(first_leaf - 1, 0, -1):
        for k in range(3):
            boxes[node, k] = min(boxes[2 * node, k], boxes[2 * node + 1, k])
            boxes[node, k + 3] = max(boxes[2 * node, k + 3], boxes[2 * node + 1, k + 3])


def tree_height(n: int) -> int:
    """Return the height of the tree over n pieces."""
    return max(0, math.ceil(math.log2(n / _LEAF))) if n else 0


def tree_order(middles: Floats) -> tuple[Ints, int]:
    """Return the order of the pieces in the tree, from their middles in shape (n, 3), and the tree's height."""
    n = len(middles)
    height = tree_height(n)
    rows = np.column_stack([middles, np.arange(n, dtype=np.float64)])
    _split(rows, height)
    return rows[:, 3].astype(np.int64), height


def tree_boxes(pieces: Floats, height: int) -> Boxes:
    """Return the node boxes in single precision, rounded outward."""
    boxes = np.empty((2 << height, 6))
    _boxes(pieces, height, boxes)
    low = np.nextafter(boxes[:, :3].astype(np.float32), np.float32(-np.inf))
    high = np.nextafter(boxes[:, 3:].astype(np.float32), np.float32(np.inf))
    return np.concatenate([low, high], axis=1)
