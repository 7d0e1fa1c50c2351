"""The inner loops of the acceptability analysis: draws of values weighed into scores, scores counted into ranks.

Rows are sites or criteria, columns draws; what is counted is added to the arrays given.
"""

import math

import numpy as np
import numpy.typing as npt

from oreway.arrays import Singles
from oreway.geo._compiled import compiled

Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.int16]


@compiled(error_model="python")
def weigh_spread(u: Singles, low: float, mode: float, high: float, weight: Singles, score: Singles) -> None:
    """Add weight times a triangular value at the quantiles u to the scores; mode NaN draws it evenly."""
    floor, ceiling, one = np.float32(low), np.float32(high), np.float32(1)
    if math.isnan(mode):
        span = ceiling - floor
        for j in range(len(u)):
            score[j] += weight[j] * (floor + u[j] * span)
        return
    turn = np.float32((mode - low) / (high - low))
    up, down = np.float32((high - low) * (mode - low)), np.float32((high - low) * (high - mode))
    for j in range(len(u)):
        rising, falling = floor + np.sqrt(u[j] * up), ceiling - np.sqrt((one - u[j]) * down)
        score[j] += weight[j] * (rising if u[j] < turn else falling)


@compiled(error_model="python")
def count(score: Singles, place: Places, ranks: Counts, wins: Counts) -> None:
    """Set the place of each site in each draw, 0 first, and count ranks and wins; ties keep the order of the sites."""
    n, m = score.shape
    place[:] = 0
    for a in range(n):
        for b in range(a + 1, n):
            won = 0
            for j in range(m):
                ahead = score[a, j] >= score[b, j]
                place[b, j] += np.int16(ahead)
                place[a, j] += np.int16(not ahead)
                won += int(ahead)
            wins[a, b] += won
            wins[b, a] += m - won
    for a in range(n):
        for j in range(m):
            ranks[a, place[a, j]] += 1


@compiled(error_model="python")
def count_scores(score: Singles, bins: npt.NDArray[np.int32]) -> None:
    """Count scores in [0, 1] by site into equal bins."""
    last = bins.shape[1] - 1
    for a in range(len(score)):
        for j in range(score.shape[1]):
            bins[a, min(last, max(0, int(score[a, j] * bins.shape[1])))] += 1


def triangular(u: npt.NDArray[np.floating], low: float, mode: float, high: float) -> Singles:
    """Return the quantiles u of a triangular distribution, the mode itself where it has no width."""
    drawn = np.zeros(len(u), dtype=np.float32)
    if not high > low:
        drawn += np.float32(mode)
        return drawn
    weigh_spread(np.asarray(u, dtype=np.float32), low, mode, high, np.ones(len(u), dtype=np.float32), drawn)
    return drawn
