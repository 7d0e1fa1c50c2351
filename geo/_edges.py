"""Edges of a junction network under a tree of boxes."""

import math

import numpy as np
import numpy.typing as npt

from oreway.arrays import Floats, Ints
from oreway.geo._compiled import compiled
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
