"""Where a line known by its ends and its length is likely to pass a place: compiled, for many places and edges.

An edge of length L between junctions c apart stays inside an ellipse. At the foot of the place on the chord that is s
wide to either side, and the place lies y aside. Wherever the line may pass there alike, it is y away for y >= s and
(s^2 + y^2) / (2 s) inside, the mean over the width; before and behind the ends the nearer junction is as near as is
known.
"""

import math

from oreway.arrays import Floats, Ints
from oreway.geo._compiled import compiled
from oreway.geo._edges import Boxes, box_gap
from oreway.geo._kernels import E2, MAJOR_M, MINOR_M, _length

NOWHERE = -1
_SECOND_E2 = E2 / (1 - E2)


@compiled()
def mean_away(first: float, last: float, chord: float, length: float) -> float:
    """Distance at which a line of a length between two junctions is likely to pass, infinite before and behind them.

    first, last: from the place to the junctions, in metres as all.
    """
    if chord <= 0:
        return math.inf
    foot = 0.5 * (chord * chord + first * first - last * last) / chord
    if foot <= 0 or foot >= chord:
        return math.inf
    aside = math.sqrt(max(0.0, first * first - foot * foot))
    half, focus = 0.5 * length, 0.5 * chord
    wide = 0.0
    if half > focus:
        wide = math.sqrt((half * half - focus * focus) * max(0.0, 1 - ((foot - focus) / half) ** 2))
    return aside if aside >= wide else 0.5 * (wide * wide + aside * aside) / wide


@compiled()
def toward(
    px: float, py: float, pz: float, nodes: Floats, a: int, b: int, metres: float
) -> tuple[float, float, float, float, float]:
    """Longitude, latitude, x, y and z of the surface point so far from p in the direction of the chord from a to b."""
    ax, ay, az = nodes[a, 0], nodes[a, 1], nodes[a, 2]
    bx, by, bz = nodes[b, 0], nodes[b, 1], nodes[b, 2]
    first, last = _length(px, py, pz, nodes, a), _length(px, py, pz, nodes, b)
    chord = _length(ax, ay, az, nodes, b)
    t = 0.5 * (1 + (first * first - last * last) / (chord * chord))
    dx, dy, dz = ax + t * (bx - ax) - px, ay + t * (by - ay) - py, az + t * (bz - az) - pz
    up = (dx * px + dy * py + dz * pz) / (px * px + py * py + pz * pz)
    dx, dy, dz = dx - up * px, dy - up * py, dz - up * pz  # along the ground
    size = math.sqrt(dx * dx + dy * dy + dz * dz)
    if size < 1.0:  # on the chord: to the left of it
        dx, dy, dz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
        size = math.sqrt(dx * dx + dy * dy + dz * dz)
    x, y, z = px + metres * dx / size, py + metres * dy / size, pz + metres * dz / size
    flat = math.sqrt(x * x + y * y)
    theta = math.atan2(z * MAJOR_M, flat * MINOR_M)
    rise = z + _SECOND_E2 * MINOR_M * math.sin(theta) ** 3
    phi, lam = math.atan2(rise, flat - E2 * MAJOR_M * math.cos(theta) ** 3), math.atan2(y, x)
    s = math.sin(phi)
    normal = MAJOR_M / math.sqrt(1 - E2 * s * s)
    p = normal * math.cos(phi)
    return math.degrees(lam), math.degrees(phi), p * math.cos(lam), p * math.sin(lam), normal * (1 - E2) * s


@compiled(
    ("int", "int", "float64:2", "int64:1", "float64:2", "int64:2", "float64:2", "float32:2", "int64:1!", "float64:1!",
     "float64:1!", "float64:2!", "float64:2!", "int64:1!", "float64:1!")
)  # fmt: skip
def likely(
    lo: int, hi: int, xyz: Floats, order: Ints, nodes: Floats, ends: Ints, balls: Floats, boxes: Boxes, edge: Ints,
    metres: Floats, low: Floats, place: Floats, spot: Floats, stack: Ints, gaps: Floats,
) -> None:  # fmt: skip
    """Lower metres at order[lo:hi] to the least likely distance of any edge; set that edge, and where: lon, lat.

    metres holds that of the nearest junction at first; edge stays NOWHERE where no edge is likely to pass nearer. low
    is set to the least provable distance (r1 + r2 - L)/2 of any edge, not below 0, or to that of the junction. place
    has shape (n, 2), degrees, and spot (n, 3), in space: the answer away towards the chord. ends are in the order of
    the balls. stack and gaps are the search's own, room for DEPTH each: one thread's.
    """
    n, leaves = balls.shape[0], boxes.shape[0] >> 1
    for row in range(lo, hi):
        px, py, pz = xyz[row, 0], xyz[row, 1], xyz[row, 2]
        j = order[row]
        best = metres[j]
        least = best * (1 + 1e-12) + 1e-6
        edge[j] = NOWHERE
        stack[0], gaps[0], top = 1, 0.0, 1
        while top > 0:
            top -= 1
            node = stack[top]
            if gaps[top] >= max(best, least):
                continue
            if node >= leaves:
                leaf = node - leaves
                for i in range(leaf * n // leaves, (leaf + 1) * n // leaves):
                    away = math.sqrt((px - balls[i, 0]) ** 2 + (py - balls[i, 1]) ** 2 + (pz - balls[i, 2]) ** 2)
                    if away - balls[i, 3] < max(best, least):
                        a, b = ends[i, 0], ends[i, 1]
                        first = _length(px, py, pz, nodes, a)
                        last = _length(px, py, pz, nodes, b)
                        bound = 0.5 * (first + last) - balls[i, 3]
                        least = min(least, bound)
                        if bound < best:
                            chord = _length(nodes[a, 0], nodes[a, 1], nodes[a, 2], nodes, b)
                            mean = mean_away(first, last, chord, max(chord, 2 * balls[i, 3]))
                            if mean < best:
                                best = mean
                                edge[j] = i
                continue
            near, far = box_gap(px, py, pz, boxes, 2 * node), box_gap(px, py, pz, boxes, 2 * node + 1)
            other = 0 if near <= far else 1
            for child in (1 - other, other):
                gap = near if child == 0 else far
                if gap < max(best, least):
                    stack[top], gaps[top] = 2 * node + child, gap
                    top += 1
        low[j] = max(0.0, least)
        if edge[j] != NOWHERE:
            a, b = ends[edge[j], 0], ends[edge[j], 1]
            there = toward(px, py, pz, nodes, a, b, best)
            spot[j, 0], spot[j, 1], spot[j, 2] = there[2], there[3], there[4]
            place[j, 0], place[j, 1] = there[0], there[1]
            metres[j] = _length(px, py, pz, spot, j)
