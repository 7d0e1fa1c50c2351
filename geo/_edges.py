"""Edges of a junction network under a tree of boxes: the least provable distance to any of them, for many places."""

import math

import numpy as np
import numpy.typing as npt

from oreway.arrays import Floats, Ints
from oreway.geo._compiled import compiled
from oreway.geo._kernels import _length
from oreway.geo._tree import tree_height, tree_order

Boxes = npt.NDArray[np.float32]


def ball_order(middle: Floats) -> Ints:
    """Return the order of the edges in the tree, from the middles of their chords, shape (n, 3)."""
    return tree_order(middle)[0]


def balls_of(nodes: Floats, ends: Ints, km: Floats) -> Floats:
    """Return x, y, z and radius in metres of the ball that holds each edge: half its length round its chord's middle.

    Both distances to the ends together are never less than twice that to the middle of the chord, so (r1 + r2 - L)/2
    is never less than the distance to the ball.
    """
    return np.column_stack([(nodes[ends[:, 0]] + nodes[ends[:, 1]]) / 2, 500 * km])


def boxes_of(balls: Floats) -> Boxes:
    """Return the boxes of the tree over balls in its order, in single precision, rounded outward."""
    n = len(balls)
    height = tree_height(n)
    leaves = 1 << height
    boxes = np.empty((2 * leaves, 6))
    boxes[:, :3], boxes[:, 3:] = np.inf, -np.inf
    starts = np.arange(leaves) * n >> height
    low, high = balls[:, :3] - balls[:, 3:], balls[:, :3] + balls[:, 3:]
    held = np.nonzero(np.diff(np.append(starts, n)) > 0)[0]
    if n:
        boxes[leaves + held, :3] = np.minimum.reduceat(low, starts[held])
        boxes[leaves + held, 3:] = np.maximum.reduceat(high, starts[held])
    first = leaves >> 1
    while first:
        children = boxes[2 * first : 4 * first]
        boxes[first : 2 * first, :3] = np.minimum(children[::2, :3], children[1::2, :3])
        boxes[first : 2 * first, 3:] = np.maximum(children[::2, 3:], children[1::2, 3:])
        first >>= 1
    down = np.nextafter(boxes[:, :3].astype(np.float32), np.float32(-np.inf))
    up = np.nextafter(boxes[:, 3:].astype(np.float32), np.float32(np.inf))
    return np.concatenate([down, up], axis=1)


@compiled()
def box_gap(px: float, py: float, pz: float, boxes: Boxes, node: int) -> float:
    """Distance in metres from p to the box of a node."""
    x = max(boxes[node, 0] - px, 0.0, px - boxes[node, 3])
    y = max(boxes[node, 1] - py, 0.0, py - boxes[node, 4])
    z = max(boxes[node, 2] - pz, 0.0, pz - boxes[node, 5])
    return math.sqrt(x * x + y * y + z * z)


@compiled(
    ("int", "int", "float64:2", "int64:1", "float64:2", "int64:2", "float64:2", "float32:2", "int64:1!", "float64:1!",
     "int64:1!", "float64:1!")
)  # fmt: skip
def least(
    lo: int, hi: int, xyz: Floats, order: Ints, nodes: Floats, ends: Ints, balls: Floats, boxes: Boxes, edge: Ints,
    metres: Floats, stack: Ints, gaps: Floats,
) -> None:  # fmt: skip
    """Lower metres at order[lo:hi] to the least (r1 + r2 - L)/2 of any edge, not below 0, and set that edge.

    metres holds an upper bound of the answer at first. ends are in the order of the balls. stack and gaps are the
    search's own, room for DEPTH each: one thread's.
    """
    n, leaves = balls.shape[0], boxes.shape[0] >> 1
    for row in range(lo, hi):
        px, py, pz = xyz[row, 0], xyz[row, 1], xyz[row, 2]
        j = order[row]
        best = metres[j] * (1 + 1e-12) + 1e-6
        stack[0], gaps[0], top = 1, 0.0, 1
        while top > 0 and best > 0:
            top -= 1
            node = stack[top]
            if gaps[top] >= best:
                continue
            if node >= leaves:
                leaf = node - leaves
                for i in range(leaf * n // leaves, (leaf + 1) * n // leaves):
                    away = math.sqrt((px - balls[i, 0]) ** 2 + (py - balls[i, 1]) ** 2 + (pz - balls[i, 2]) ** 2)
                    if away - balls[i, 3] < best:
                        both = _length(px, py, pz, nodes, ends[i, 0]) + _length(px, py, pz, nodes, ends[i, 1])
                        bound = 0.5 * both - balls[i, 3]
                        if bound < best:
                            best = bound
                            edge[j] = i
                continue
            first, second = box_gap(px, py, pz, boxes, 2 * node), box_gap(px, py, pz, boxes, 2 * node + 1)
            near = 0 if first <= second else 1
            for child in (1 - near, near):
                gap = first if child == 0 else second
                if gap < best:
                    stack[top], gaps[top] = 2 * node + child, gap
                    top += 1
        metres[j] = max(0.0, best)
