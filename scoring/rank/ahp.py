"""Weights from comparisons in pairs (Saaty's analytic hierarchy process), with the ratio that says how well they agree.

The weights are the principal eigenvector of the reciprocal matrix of comparisons; the consistency ratio is
(largest eigenvalue − n) / (n − 1) over the index of random matrices of that size.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from oreway.layers.read import read_table
from oreway.said import listed
from oreway.scoring.errors import ScoringError
from oreway.scoring.sayings import ScoringSaying

SCALE = tuple(float(step) for step in range(1, 10))  # Saaty: equal 1, moderate 3, strong 5, very strong 7, extreme 9
FEWEST = 3


@dataclasses.dataclass(frozen=True, kw_only=True)
class Compared:
    """Weights by criterion, summing to 1; the largest eigenvalue; the consistency ratio, 0 for fewer than three."""

    weights: Mapping[str, float]
    largest: float
    ratio: float


def compared(criteria: Sequence[str], pairs: Mapping[tuple[str, str], float]) -> Compared:
    """Return weights from comparisons in pairs.

    Args:
        criteria: their names.
        pairs: how many times as important the first is as the second, 1/9 to 9; pairs left out count as equal.

    Raises:
        ScoringError: a pair of others, a value outside the scale, or more criteria than the random index covers.
    """
    count = len(criteria)
    matrix = np.ones((count, count))
    for (one, other), value in pairs.items():
        if one not in criteria or other not in criteria or one == other:
            raise ScoringError(ScoringSaying.SAME_CRITERION(one, other, listed(criteria)))
        if not 1 / SCALE[-1] <= value <= SCALE[-1]:
            raise ScoringError(ScoringSaying.ODD_COMPARISON(one, other, f"{value:g}"))
        i, k = criteria.index(one), criteria.index(other)
        matrix[i, k], matrix[k, i] = value, 1 / value
    values, vectors = np.linalg.eig(matrix)
    largest = int(values.real.argmax())
    vector = np.abs(vectors[:, largest].real)
    weights = dict(zip(criteria, (float(part) for part in vector / vector.sum()), strict=True))
    return Compared(
        weights=weights, largest=float(values[largest].real), ratio=_ratio(float(values[largest].real), count)
    )


def _ratio(largest: float, count: int) -> float:
    if count < FEWEST:
        return 0.0
    table = read_table("ahp_random_index")
    known = {int(size): float(index) for size, index in zip(table["criteria"], table["index"], strict=True)}
    if count not in known:
        raise ScoringError(ScoringSaying.MANY_CRITERIA(count, min(known), max(known)))
    return max(0.0, (largest - count) / (count - 1) / known[count])
