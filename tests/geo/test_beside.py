"""Where a line known by its ends and length is likely to pass: against hand arithmetic, one place and many."""

import numpy as np
import pytest

from oreway.geo.geodesy import distance_km
from oreway.geo.junctions import NOWHERE, Junctions
from oreway.geo.nearest import places

DEGREE_KM = 111.3195  # of the equator
NORTH_KM = 110.574  # a degree of latitude beside it


def network(*lengths_km):
    """Return edges from (0, 0) to (2, 0), one of each length."""
    pairs = np.array([[0, 1]] * len(lengths_km))
    return Junctions.build(np.array([0.0, 2.0]), np.zeros(2), pairs, np.array(lengths_km, dtype=float))


def test_beside_a_straight_edge_the_distance_is_that_to_its_chord():
    found = network(2 * DEGREE_KM).bounds(places([0.5, 1.9, 2.5], [0.3, -0.2, 0.0]))
    assert found.likely_km[:2] == pytest.approx([0.3 * NORTH_KM, 0.2 * NORTH_KM], rel=1e-3)
    assert found.likely_km[2] == pytest.approx(0.5 * DEGREE_KM, rel=1e-6)  # past its end: the junction
    assert found.edge.tolist() == [0, 0, NOWHERE]
    assert (found.low_km <= found.likely_km + 1e-9).all()
    assert (found.likely_km <= found.high_km + 1e-9).all()


def test_on_the_chord_of_a_winding_edge_half_the_width_it_may_swing_is_likely():
    # 240 km between junctions 222.6 km apart: at the middle it may swing sqrt(120^2 - 111.3^2) = 44.8 km aside
    wide = np.sqrt(120**2 - DEGREE_KM**2)
    found = network(240).bounds(places([1.0, 1.0], [0.0, 20 / NORTH_KM]))
    assert found.likely_km[0] == pytest.approx(wide / 2, rel=1e-3)
    assert found.likely_km[1] == pytest.approx((wide**2 + 20**2) / (2 * wide), rel=2e-3)


def test_of_several_edges_the_one_likely_to_pass_nearest_counts_by_its_own_number():
    found = network(400, 230, 300).bounds(places([1.0], [0.05]))
    assert found.edge.tolist() == [1]


def test_the_place_told_lies_as_far_away_as_is_told_and_one_place_has_the_answer_it_has_among_many():
    draw = np.random.default_rng(0)
    lon, lat = draw.uniform(-60, 60, (2, 200))
    pairs = np.stack([np.arange(199), np.arange(1, 200)], axis=1)
    chords = distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:])
    made = Junctions.build(lon, lat, pairs, chords * draw.uniform(1.0, 1.3, 199))
    x, y = draw.uniform(-60, 60, (2, 300))
    found = made.bounds(places(x, y))
    assert found.likely_km == pytest.approx(distance_km(x, y, found.lon, found.lat), abs=1e-6)
    assert (found.likely_km <= found.high_km).all()
    for i in range(0, 300, 50):
        one = made.bounds(places(x[i : i + 1], y[i : i + 1]))
        assert (one.likely_km[0], one.lon[0], one.lat[0]) == (found.likely_km[i], found.lon[i], found.lat[i])
