"""Least cost over a grid by tiles: each tile is relaxed until it rests, and wakes the tiles its edge can reach.

The answer is Dijkstra's, to the last digit whatever the order and the threads: the one set of costs in which no step
improves any. Tiles wait until the front is near, or rough ground is worked over many times. Plain threads and kernels
that release the lock, none of numba's own: two visitors may search at once.
"""

import itertools
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from oreway.arrays import Floats, Ints
from oreway.geo._compiled import compiled
from oreway.geo._grid_steps import Moves

TILE = 64
_AHEAD = 1.5  # tiles of median ground worked on before their turn comes
_THREADED = 4  # tiles in a round below which threads do not pay
_MARGIN = 2  # rows a step may go


@compiled(inline="always")
def _column(c: int, columns: int, wraps: bool) -> int:
    """Column c, round the globe where it wraps; -1 off the grid."""
    if 0 <= c < columns:
        return c
    if not wraps:
        return -1
    return c % columns


@compiled()
def _step_cost(
    ground: Floats, height: Floats, climb: float, m: Moves, wraps: bool, row: int, column: int, j: int, r: int, c: int
) -> float:
    """Cost of step j of a row from (row, column) to (r, c); infinite through what is closed, and between corners."""
    columns = ground.shape[1]
    k, s = m.row_step[j], m.sign[j]
    if m.corner[k]:
        one = ground[row + s * m.side[k, 0], _column(column + s * m.side[k, 1], columns, wraps)]
        other = ground[row + s * m.side[k, 2], _column(column + s * m.side[k, 3], columns, wraps)]
        if np.isinf(one) and np.isinf(other):
            return np.inf
    lo, hi = m.cross_first[k], m.cross_first[k + 1]
    if hi - lo == 2:
        total = 0.5 * (ground[row, column] + ground[r, c])
    else:
        total = 0.0
        for i in range(lo, hi):
            x = _column(column + s * m.cross[i, 1], columns, wraps)
            total += m.share[i] * ground[row + s * m.cross[i, 0], x]
    total *= m.metres[j]
    if climb > 0.0:
        total += climb * _rise(height, m, wraps, row, column, k, s, r, c)
    return float(total)


@compiled()
def _rise(height: Floats, m: Moves, wraps: bool, row: int, column: int, k: int, s: int, r: int, c: int) -> float:
    """Metres up and down along a step."""
    columns = height.shape[1]
    now, total = height[row, column], 0.0
    for i in range(m.rise_first[k], m.rise_first[k + 1]):
        one = height[row + s * m.rise[i, 0], _column(column + s * m.rise[i, 1], columns, wraps)]
        other = height[row + s * m.rise[i, 2], _column(column + s * m.rise[i, 3], columns, wraps)]
        here = one + m.rise_weight[i] * (other - one)
        total += abs(here - now)
        now = here
    return float(total + abs(height[r, c] - now))


@compiled()
def _window(cells: Floats, top: int, left: int, out: Floats, wraps: bool, outside: float) -> None:
    """Copy the part of a grid that begins at (top, left), which may lie off the grid, into out."""
    rows, columns = cells.shape
    for i in range(out.shape[0]):
        row = top + i
        for k in range(out.shape[1]):
            c = _column(left + k, columns, wraps)
            out[i, k] = cells[row, c] if 0 <= row < rows and c >= 0 else outside


@compiled()
def _weigh(ground: Floats, height: Floats, climb: float, m: Moves, row: int, i: int, weight: Floats) -> None:
    """Fill weight[j, c] with the cost of step j of a row from its c-th cell; ground, height: with their margins."""
    n = weight.shape[1]
    was = np.empty(n)
    for j in range(m.first[row + 1] - m.first[row]):
        k, s, metres = m.row_step[m.first[row] + j], m.sign[m.first[row] + j], m.metres[m.first[row] + j]
        out = weight[j]
        out[:] = 0.0
        for x in range(m.cross_first[k], m.cross_first[k + 1]):
            west = m.reach + s * m.cross[x, 1]
            cells, part = ground[i + _MARGIN + s * m.cross[x, 0], west : west + n], m.share[x] * metres
            for c in range(n):
                out[c] += part * cells[c]
        if m.corner[k]:
            west, east = m.reach + s * m.side[k, 1], m.reach + s * m.side[k, 3]
            one = ground[i + _MARGIN + s * m.side[k, 0], west : west + n]
            other = ground[i + _MARGIN + s * m.side[k, 2], east : east + n]
            for c in range(n):
                if np.isinf(one[c]) and np.isinf(other[c]):
                    out[c] = np.inf
        if climb > 0.0:
            was[:] = height[i + _MARGIN, m.reach : m.reach + n]
            _rises(height, climb, m, i, k, s, was, out)


@compiled()
def _rises(height: Floats, climb: float, m: Moves, i: int, k: int, s: int, was: Floats, out: Floats) -> None:
    """Add to out what a step of each cell of a row climbs and falls; was: the heights it begins at."""
    n = len(out)
    for x in range(m.rise_first[k], m.rise_first[k + 1]):
        west, east = m.reach + s * m.rise[x, 1], m.reach + s * m.rise[x, 3]
        one = height[i + _MARGIN + s * m.rise[x, 0], west : west + n]
        other = height[i + _MARGIN + s * m.rise[x, 2], east : east + n]
        share = m.rise_weight[x]
        for c in range(n):
            here = one[c] + share * (other[c] - one[c])
            out[c] += climb * abs(here - was[c])
            was[c] = here
    last = m.reach + s * m.dc[k]
    cells = height[i + _MARGIN + s * m.dr[k], last : last + n]
    for c in range(n):
        out[c] += climb * abs(cells[c] - was[c])


@compiled()
def _improve(cost: Floats, weight: Floats, m: Moves, row: int, i: int, side: int) -> bool:
    """Reach a row's cells from the rows above (side -1) or below (side 1), then along the row both ways."""
    n = weight.shape[1]
    here = cost[i + _MARGIN, m.reach : m.reach + n]
    changed = False
    for j in range(m.first[row + 1] - m.first[row]):
        k, s = m.row_step[m.first[row] + j], m.sign[m.first[row] + j]
        if s * m.dr[k] * side <= 0:
            continue
        west = m.reach + s * m.dc[k]
        there, step = cost[i + _MARGIN + s * m.dr[k], west : west + n], weight[j]
        count = 0
        for c in range(n):
            total = there[c] + step[c]
            better = total < here[c]
            here[c] = total if better else here[c]
            count += better
        changed |= count > 0
    return _along(cost, weight, m, row, i) or changed


@compiled()
def _along(cost: Floats, weight: Floats, m: Moves, row: int, i: int) -> bool:
    """Reach a row's cells from their neighbours in the row."""
    n, changed = weight.shape[1], False
    line = cost[i + _MARGIN, m.reach - 1 : m.reach + n + 1]
    for j in range(m.first[row + 1] - m.first[row]):
        if m.dr[m.row_step[m.first[row] + j]] != 0:
            continue
        step = weight[j]
        if m.sign[m.first[row] + j] < 0:
            last = line[0]
            for c in range(n):
                total = last + step[c]
                last = line[c + 1]
                if total < last:
                    line[c + 1] = last = total
                    changed = True
        else:
            last = line[n + 1]
            for x in range(n):
                c = n - 1 - x
                total = last + step[c]
                last = line[c + 1]
                if total < last:
                    line[c + 1] = last = total
                    changed = True
    return changed


@compiled()
def _relax(local: Floats, weight: Floats, m: Moves, top: int) -> None:
    """Sweep a tile down and up until nothing changes, passing over rows whose neighbours rest."""
    n = weight.shape[0]
    stamp, done = np.ones(n + 2 * _MARGIN, np.int64), np.zeros((n, 2), np.int64)
    clock, changed = 1, True
    while changed:
        changed = False
        for turn in range(2):
            side = -1 if turn == 0 else 1
            for x in range(n):
                i = x if turn == 0 else n - 1 - x
                at = i + _MARGIN
                newest = max(stamp[at], stamp[at + side], stamp[at + 2 * side])
                if newest <= done[i, turn]:
                    continue
                clock += 1
                if _improve(local, weight[i], m, top + i, i, side):
                    stamp[at] = clock
                    changed = True
                done[i, turn] = clock


@compiled()
def _tile(
    cost: Floats, ground: Floats, height: Floats, climb: float, m: Moves, wraps: bool, box: Ints, wake: Floats
) -> None:
    """Relax one tile; wake: the least changed cost near each neighbour."""
    top, bottom, left, right = box
    shape = (bottom - top + 2 * _MARGIN, right - left + 2 * m.reach)
    local, cells, heights = np.empty(shape), np.empty(shape), np.empty(shape if climb > 0.0 else (0, 0))
    _window(cost, top - _MARGIN, left - m.reach, local, wraps, np.inf)
    _window(ground, top - _MARGIN, left - m.reach, cells, wraps, np.inf)
    if climb > 0.0:
        _window(height, top - _MARGIN, left - m.reach, heights, wraps, 0.0)
    most = 0
    for row in range(top, bottom):
        most = max(most, m.first[row + 1] - m.first[row])
    weight = np.empty((bottom - top, most, right - left))
    for row in range(top, bottom):
        _weigh(cells, heights, climb, m, row, row - top, weight[row - top])
    _relax(local, weight, m, top)
    for row in range(top, bottom):
        for column in range(left, right):
            value = local[row - top + _MARGIN, column - left + m.reach]
            if value < cost[row, column]:
                cost[row, column] = value
                _note(wake, value, row - top < 2, bottom - row <= 2, column - left < m.reach, right - column <= m.reach)


@compiled(inline="always")
def _note(wake: Floats, value: float, upper: bool, lower: bool, west: bool, east: bool) -> None:
    """Lower the alarm for every neighbour of the tile a changed cell can reach."""
    for i in range(3):
        if (i == 0 and not upper) or (i == 2 and not lower):
            continue
        for k in range(3):
            if (k == 0 and not west) or (k == 2 and not east):
                continue
            wake[i, k] = min(wake[i, k], value)


@compiled()
def _tiles(
    which: Ints, cost: Floats, ground: Floats, height: Floats, climb: float, m: Moves, wraps: bool, boxes: Ints,
    wake: Floats,
) -> None:  # fmt: skip
    for tile in which:
        _tile(cost, ground, height, climb, m, wraps, boxes[tile], wake[tile])


@compiled()
def _spread(which: Ints, wake: Floats, waiting: Floats, across: int, wraps: bool) -> None:
    """Pass each tile's alarms on to its neighbours."""
    down = len(waiting) // across
    for tile in which:
        for i in range(3):
            row = tile // across + i - 1
            for k in range(3):
                column = _column(tile % across + k - 1, across, wraps)
                if 0 <= row < down and column >= 0 and not (i == 1 and k == 1):
                    other = row * across + column
                    waiting[other] = min(waiting[other], wake[tile, i, k])
        wake[tile] = np.inf


def _edges(n: int) -> Ints:
    return np.linspace(0, n, max(1, n // TILE) + 1).astype(np.int64)


def solve(
    ground: Floats, height: Floats, climb: float, moves: Moves, cost: Floats, *, wraps: bool, end: int = -1
) -> None:
    """Lower cost, the sources' own and infinite elsewhere, to the least at which each cell is reached.

    ground: cost a metre, infinite where closed. climb: cost a metre up or down. end: a cell that is wanted alone, by
    number; costs beyond it may stay too high. wraps: the last column borders the first.
    """
    rows, columns = _edges(ground.shape[0]), _edges(ground.shape[1])
    across = len(columns) - 1
    boxes = np.array([(*r, *c) for r in itertools.pairwise(rows) for c in itertools.pairwise(columns)], np.int64)
    waiting = np.array([cost[t:b, w:e].min(initial=np.inf) for t, b, w, e in boxes.tolist()])
    wake = np.full((len(boxes), 3, 3), np.inf)
    open_ground = ground[np.isfinite(ground)]
    typical = float(np.median(open_ground[:: 1 + len(open_ground) // 100_000])) if len(open_ground) else 1.0
    width = _AHEAD * TILE * typical * float(np.median(moves.metres)) if len(moves.metres) else 1.0
    given = (cost, ground, height, climb, moves, wraps, boxes, wake)
    workers = os.cpu_count() or 1
    front = width
    with ThreadPoolExecutor(workers) as pool:
        while True:
            which = np.nonzero(waiting <= front)[0]
            if not len(which):
                nearest = float(waiting.min(initial=np.inf))
                if not np.isfinite(nearest) or (end >= 0 and cost.flat[end] <= nearest):
                    return
                front = nearest + width
                continue
            waiting[which] = np.inf
            shares = [which] if len(which) < _THREADED else [which[i :: 2 * workers] for i in range(2 * workers)]
            if len(shares) == 1:
                _tiles(which, *given)
            else:
                list(pool.map(lambda part: _tiles(part, *given), shares))
            _spread(which, wake, waiting, across, wraps)


@compiled()
def trace(
    ground: Floats, height: Floats, climb: float, m: Moves, cost: Floats, started: Floats, wraps: bool, end: int
) -> tuple[list[int], list[int], list[float], float]:
    """Walk back from a cell to the source its cost came from.

    Returns the cells passed, the cells crossed with the metres in each, and the metres up and down. started: what the
    sources cost before the search, infinite elsewhere.
    """
    columns = cost.shape[1]
    way, crossed, metres, risen = [end], [end], [0.0], 0.0
    row, column = end // columns, end % columns
    while cost[row, column] < started[row, column]:
        best, chosen = np.inf, -1
        for j in range(m.first[row], m.first[row + 1]):
            k, s = m.row_step[j], m.sign[j]
            r, c = row + s * m.dr[k], _column(column + s * m.dc[k], columns, wraps)
            if c < 0 or not cost[r, c] < cost[row, column]:
                continue
            total = cost[r, c] + _step_cost(ground, height, climb, m, wraps, row, column, j, r, c)
            if total < best:
                best, chosen = total, j
        if chosen < 0:
            break
        k, s = m.row_step[chosen], m.sign[chosen]
        for i in range(m.cross_first[k], m.cross_first[k + 1]):
            x = _column(column + s * m.cross[i, 1], columns, wraps)
            crossed.append((row + s * m.cross[i, 0]) * columns + x)
            metres.append(m.share[i] * m.metres[chosen])
        r, c = row + s * m.dr[k], _column(column + s * m.dc[k], columns, wraps)
        risen += _rise(height, m, wraps, row, column, k, s, r, c)
        row, column = r, c
        way.append(row * columns + column)
    return way, crossed, metres, risen
