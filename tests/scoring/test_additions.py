"""Whatever is built, wherever on land: no score falls, no bill rises, and no total leaves the bounds it had."""

import numpy as np
import pytest

from tests.scoring.additions import KINDS, faults

QUICK, GROUPS, SIZE = 8, 13, 20  # 8 kinds x 8 things; 8 kinds x 13 groups x 20 things


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


def test_sixty_four_things_of_every_kind_lower_nothing_on_any_landmass(world):
    random = np.random.default_rng(11)
    found = [faults(world, random, kind, QUICK) for kind in KINDS]
    assert sum(built for built, _ in found) >= 60
    assert not [line for _, told in found for line in told]


@pytest.mark.heavy
@pytest.mark.parametrize("kind", KINDS)
def test_two_thousand_things_of_every_kind_lower_nothing_on_any_landmass(world, kind):
    random, count = np.random.default_rng(KINDS.index(kind)), 0
    for _ in range(GROUPS):
        built, told = faults(world, random, kind, SIZE)
        count += built
        assert not told, "\n".join(told[:8])
    assert count >= 250  # of each of eight kinds: 2,000
