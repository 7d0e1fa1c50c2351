"""A second way of adding up, as a check of the rank: closeness to an ideal site (TOPSIS) with fixed anchors.

Each criterion's value lies between 0 (nothing there) and 1 (best); these are the anchors, so that no site's closeness
depends on which other sites are judged with it. Closeness = d⁻ / (d⁺ + d⁻), d⁺ and d⁻ being the weighted Euclidean
distances to all ones and to all zeros.
"""

import math
from collections.abc import Mapping

from oreway.scoring.judge.assess import Assessment


def closeness(values: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Return the closeness of a site to the ideal, 0 to 1; NaN where no known value has a weight.

    Args:
        values: known value by criterion, 0 to 1; criteria without one take no part, as in the score.
        weights: weight by criterion.
    """
    parts = {name: weights.get(name, 0.0) for name in values}
    away = math.sqrt(sum((part * (1 - values[name])) ** 2 for name, part in parts.items()))
    gone = math.sqrt(sum((part * values[name]) ** 2 for name, part in parts.items()))
    return gone / (away + gone) if away + gone else math.nan


def topsis_ranks(found: Mapping[str, Assessment], weights: Mapping[str, Mapping[str, float]]) -> dict[str, int]:
    """Return the rank of each site by closeness, equal ones in the order of their ids; a site without one is left out.

    Args:
        found: assessments of peers.
        weights: weights by criterion, by profile of an assessment.
    """
    close = {
        key: closeness({name: base for name, (_, base, _) in one.values.items() if base is not None},
                       weights[one.profile])
        for key, one in found.items()
    }  # fmt: skip
    order = sorted((key for key in close if not math.isnan(close[key])), key=lambda key: (-close[key], key))
    return {key: place for place, key in enumerate(order, start=1)}
