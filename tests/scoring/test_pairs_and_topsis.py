"""Weights by comparison in pairs against a published example; the second way of adding up against hand arithmetic."""

import itertools
import math

import pytest

from oreway.scoring.errors import ScoringError
from oreway.scoring.rank.ahp import compared
from oreway.scoring.rank.topsis import closeness

HOUSE = ("size", "transport", "neighbourhood", "age", "yard", "modern", "condition", "financing")
HOUSE_UPPER = (5, 3, 7, 6, 6, 1 / 3, 1 / 4, 1 / 3, 5, 3, 3, 1 / 5, 1 / 7, 6, 3, 4, 6, 1 / 5, 1 / 3, 1 / 4, 1 / 7, 1 / 8,
               1 / 2, 1 / 5, 1 / 6, 1 / 5, 1 / 6, 1 / 2)  # fmt: skip


def test_the_house_of_saaty_1990_has_his_weights_eigenvalue_and_consistency_ratio() -> None:
    found = compared(HOUSE, dict(zip(itertools.combinations(HOUSE, 2), HOUSE_UPPER, strict=True)))
    published = (0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333)
    assert list(found.weights.values()) == pytest.approx(published, abs=5e-4)
    assert found.largest == pytest.approx(9.669, abs=5e-4)
    assert found.ratio == pytest.approx(0.169, abs=5e-4)


def test_comparisons_that_agree_have_ratio_nought_and_a_wrong_one_is_refused() -> None:
    names = ("a", "b", "c")
    found = compared(names, {("a", "b"): 2, ("b", "c"): 3, ("a", "c"): 6})
    assert found.ratio == pytest.approx(0, abs=1e-9)
    assert list(found.weights.values()) == pytest.approx([0.6, 0.3, 0.1])
    assert list(compared(names, {}).weights.values()) == pytest.approx([1 / 3] * 3)
    for pairs in ({("a", "b"): 10.0}, {("a", "x"): 2.0}):
        with pytest.raises(ScoringError, match="comparison a"):
            compared(names, pairs)
    with pytest.raises(ScoringError, match="random index covers 3 to 8"):
        compared([str(i) for i in range(9)], {})


def test_closeness_to_the_ideal_by_hand_and_free_of_the_other_sites() -> None:
    # weights 0.6, 0.4; values 0.5, 1: to the ideal 0.6 × 0.5 = 0.3; to nought √(0.3² + 0.4²) = 0.5; 0.5 / 0.8
    assert closeness({"x": 0.5, "y": 1.0}, {"x": 0.6, "y": 0.4}) == pytest.approx(0.625)
    assert closeness({"x": 1.0, "y": 1.0}, {"x": 3, "y": 1}) == 1
    assert closeness({"x": 0.0}, {"x": 1}) == 0
    assert math.isnan(closeness({}, {"x": 1}))
