"""Which cells a step may reach on a lon/lat grid, so that open ground is crossed evenly at any latitude.

A cell is as wide as its row: half as wide as high at 60 degrees, a tenth at 84. Steps of a chess king and knight would
leave gaps of 45 degrees there. Each row gets the cheapest set of steps with no gap above 27.2 degrees between two of
them, so a way is at most 1 / cos(13.6°) = 1.029 times as long as straight, and on narrow cells a quarter of a cell's
height more; on square cells these are king and knight.
"""

import itertools
import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from oreway.arrays import Floats, Ints
from oreway.geo.geodesy import distance_km

Step = tuple[int, int]

GAP_DEG = 27.2
_WIDEST, _HIGHEST = 32, 2
_BAND = 0.01  # rows whose cells differ less in shape share a set
_CANDIDATES = [(r, c) for r in range(_HIGHEST + 1) for c in range(_WIDEST + 1) if math.gcd(r, c) == 1]


class Moves(NamedTuple):
    """Steps in arrays for compiled code. A step goes sign * (dr, dc) cells down and east and crosses cells on the way.

    first: where the steps of each row begin, shape (rows + 1,). row_step, sign, metres: number, direction and length.
    dr, dc, corner: of each step; a step with corner passes exactly between two cells, the two in side.
    cross, share: the cells it crosses, (dr, dc), and what part of its length; cross_first: where each step's begin.
    rise, rise_first: heights between the ends, as (dr, dc, dr, dc), the weight of the second in rise_weight.
    reach: the most columns a step goes.
    """

    first: Ints
    row_step: Ints
    sign: Ints
    metres: Floats
    dr: Ints
    dc: Ints
    corner: Ints
    side: Ints
    cross: Ints
    share: Floats
    cross_first: Ints
    rise: Ints
    rise_weight: Floats
    rise_first: Ints
    reach: int
    gap_deg: float


def moves_of(lat: Floats, step_deg: float, *, directions: int | None = None) -> Moves:
    """Return the steps of a grid with rows at lat and columns step_deg apart; directions=8 allows a king's steps only.

    Without directions each row gets what keeps open ground even.
    """
    sets, gap = _row_sets(lat, step_deg, directions)
    known = sorted({step for one in sets for step in one})
    lengths = {step: _lengths(lat, step_deg, step) for step in known}
    first, row_step, sign, metres = [0], list[int](), list[int](), list[float]()
    for row in range(len(lat)):
        for step, s in _steps_at(sets, row):
            row_step.append(known.index(step))
            sign.append(s)
            metres.append(float(lengths[step][row if s > 0 else row - step[0]]))
        first.append(len(row_step))
    return Moves(
        np.array(first), np.array(row_step, np.int64), np.array(sign, np.int64), np.array(metres, np.float64),
        *_geometry(known), max((abs(c) for _, c in known), default=0), gap,
    )  # fmt: skip


def _steps_at(sets: list[tuple[Step, ...]], row: int) -> list[tuple[Step, int]]:
    """Return the steps a row may take, those of the rows above taken backwards, so that every step leads both ways."""
    found = []
    for q in range(_HIGHEST + 1):
        if row + q < len(sets):
            found += [(step, 1) for step in sets[row] if step[0] == q]
        if row - q >= 0:
            found += [(step, -1) for step in sets[row - q] if step[0] == q]
    return found


def _row_sets(lat: Floats, step_deg: float, directions: int | None) -> tuple[list[tuple[Step, ...]], float]:
    if directions == 8:
        return [((0, 1), (1, -1), (1, 0), (1, 1))] * len(lat), 45.0
    if len(lat) < 2 or not step_deg:
        return [((0, 1), (1, 0))] * len(lat), 90.0
    high = np.abs(np.gradient(lat))
    shape = distance_km(np.zeros(len(lat)), lat, np.full(len(lat), step_deg), lat)
    shape = shape / distance_km(np.zeros(len(lat)), lat - high / 2, np.zeros(len(lat)), lat + high / 2)
    bands = np.rint(np.log(np.maximum(shape, 1e-6)) / _BAND).astype(int).tolist()
    found = [_even(band) for band in bands]
    return [steps for steps, _ in found], max(gap for _, gap in found)


@lru_cache(512)
def _even(band: int) -> tuple[tuple[Step, ...], float]:
    """Return the steps for cells of one shape and the widest gap in degrees: the set that crosses the fewest cells."""
    width = math.exp(band * _BAND)
    angle = {step: math.degrees(math.atan2(step[0], step[1] * width)) for step in _CANDIDATES}
    order = sorted(_CANDIDATES, key=angle.__getitem__)
    limit = GAP_DEG
    while True:
        best: dict[Step, tuple[int, Step | None]] = {order[0]: (1, None)}
        for i, step in enumerate(order[1:], start=1):
            before = [(best[one][0], one) for one in order[:i] if one in best and angle[step] - angle[one] <= limit]
            if before:
                cells, one = min(before)
                best[step] = cells + step[0] + step[1], one
        if order[-1] in best:
            break
        limit *= 1.1  # so near a pole that no set is even enough
    chain = [order[-1]]
    while (earlier := best[chain[-1]][1]) is not None:
        chain.append(earlier)
    gap = max(angle[a] - angle[b] for a, b in itertools.pairwise(chain))
    mirrored = [(r, -c) for r, c in chain if r and c]
    return tuple(sorted([*chain, *mirrored])), gap


def _lengths(lat: Floats, step_deg: float, step: Step) -> Floats:
    metres = np.full(len(lat), np.inf)
    row = np.arange(len(lat) - step[0])
    across = np.full(len(row), abs(step[1]) * step_deg)
    metres[row] = distance_km(np.zeros(len(row)), lat[row], across, lat[row + step[0]]) * 1000
    return metres


def _geometry(steps: list[Step]) -> tuple[Ints, Ints, Ints, Ints, Ints, Floats, Ints, Ints, Floats, Ints]:
    corner, side = np.zeros(len(steps), np.int64), np.zeros((len(steps), 4), np.int64)
    cross, share, cross_first = list[Step](), list[float](), [0]
    rise, weight, rise_first = list[tuple[int, int, int, int]](), list[float](), [0]
    for i, (r, c) in enumerate(steps):
        cells, parts = _crossed(r, c)
        cross += cells
        share += parts
        cross_first.append(len(cross))
        between = [(a, b) for a, b in itertools.pairwise(cells) if a[0] != b[0] and a[1] != b[1]]
        for a, b in between[:1]:
            corner[i], side[i] = 1, (a[0], b[1], b[0], a[1])
        along = max(r, abs(c))
        for k in range(1, along):
            x, y = r * k / along, c * k / along
            low, up = (math.floor(x), math.floor(y)), (math.ceil(x), math.ceil(y))
            rise.append((*low, *up))
            weight.append(x - low[0] + y - low[1])
        rise_first.append(len(rise))
    pairs = np.array(steps, np.int64).reshape(-1, 2)
    return (
        np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1]), corner, side,
        np.array(cross, np.int64).reshape(-1, 2), np.array(share, np.float64), np.array(cross_first, np.int64),
        np.array(rise, np.int64).reshape(-1, 4), np.array(weight, np.float64), np.array(rise_first, np.int64),
    )  # fmt: skip


def _crossed(r: int, c: int) -> tuple[list[Step], list[float]]:
    """Return the cells a straight step crosses from centre to centre, and what part of its length lies in each."""
    cuts = [(k + 0.5) / abs(n) for n in (r, c) for k in range(abs(n))]
    at = np.array([0.0, *sorted(cuts), 1.0])
    at = at[np.r_[True, np.diff(at) > 1e-9]]
    middle = (at[1:] + at[:-1]) / 2
    cells = [(round(r * t), round(c * t)) for t in middle.tolist()]
    return cells, np.diff(at).tolist()
