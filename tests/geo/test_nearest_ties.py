"""Where several features are as near, the first in the input is the answer, however the question is put."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oreway.geo.nearest import NearestIndex
from tests.geo.oracle import GEOD, wrapped

NEAR, FAR, VERY_FAR = 40e3, 1.5e6, 8e6


def shuffled_fans(random, kind, n_nodes=60, a_node=5):
    """Features meeting at nodes along 20 W: points on one spot, or lines that all lead east from it."""
    lat = np.repeat(np.linspace(-75, 75, n_nodes), a_node)
    lon = np.full(len(lat), -20.0)
    node = np.repeat(np.arange(n_nodes), a_node)
    if kind == "points":
        shapes = shapely.points(lon, lat)
    else:
        x, y, _ = GEOD.fwd(lon, lat, random.uniform(60, 120, len(lat)), random.uniform(2e3, 9e4, len(lat)))
        ends = np.stack([[lon, lat], [x, y]]).transpose(2, 0, 1)
        back = random.random(len(lat)) < 0.5
        ends[back] = ends[back][:, ::-1]
        shapes = shapely.linestrings(ends)
    order = random.permutation(len(lat))
    return shapes[order], node[order]


def asked_from_the_west(random, lat, metres, n=400):
    node = random.integers(0, len(lat), n)
    x, y, _ = GEOD.fwd(np.full(n, -20.0), lat[node], np.full(n, 270.0), np.full(n, metres))
    return node, wrapped(x), np.asarray(y)


@pytest.mark.parametrize("metres", [0, NEAR, FAR, VERY_FAR])
@pytest.mark.parametrize("kind", ["points", "lines"])
def test_the_first_of_equals_is_the_answer_however_many_are_asked_for(kind, metres):
    random = np.random.default_rng(12)
    shapes, node_of = shuffled_fans(random, kind)
    index = NearestIndex.build(shapes)
    _, x, y = asked_from_the_west(random, np.linspace(-75, 75, 60), metres)
    one, five = index.query(x, y), index.query(x, y, k=5)
    nearest_node = node_of[one.feature]
    for row, node in enumerate(nearest_node):
        assert five.feature[row].tolist() == np.nonzero(node_of == node)[0].tolist()
    np.testing.assert_array_equal(one.feature, five.feature[:, 0])
    np.testing.assert_array_equal(index.query(x, y, k=2).feature, five.feature[:, :2])


@pytest.mark.parametrize("kind", ["points", "lines"])
def test_equals_do_not_depend_on_the_company_a_place_is_asked_in(kind):
    random = np.random.default_rng(13)
    shapes, _ = shuffled_fans(random, kind)
    index = NearestIndex.build(shapes)
    _, x, y = asked_from_the_west(random, np.linspace(-75, 75, 60), NEAR, 1200)
    together = index.query(x, y)
    parts = [index.query(x[rows], y[rows]) for rows in np.array_split(np.arange(len(x)), 5)]
    back = index.query(x[::-1], y[::-1])
    for name in ("feature", "distance_km", "lon", "lat", "fraction"):
        whole = getattr(together, name)
        np.testing.assert_array_equal(whole, np.concatenate([getattr(part, name) for part in parts]))
        np.testing.assert_array_equal(whole, getattr(back, name)[::-1])
    alone = [index.query(a, b).feature[0] for a, b in zip(x[:200], y[:200], strict=True)]
    np.testing.assert_array_equal(together.feature[:200], alone)


def test_equals_within_a_radius_come_in_the_order_of_the_input():
    spots = shapely.points([(1, 0), (-1, 0), (0, 0.5), (1, 0), (0, 0.5), (-1, 0)])
    assert NearestIndex.build(spots).within(0, 0, 200).feature.tolist() == [2, 4, 0, 1, 3, 5]


def test_a_limit_is_kept_to_the_last_micrometre_among_equals():
    index = NearestIndex.build(shapely.points([(1, 0), (-1, 0)]))
    exactly = index.query(0, 0).distance_km[0]
    assert index.query(0, 0, within_km=exactly).feature.tolist() == [0]
    assert index.query(0, 0, within_km=exactly - 1e-9, k=2).feature.tolist() == [[-1, -1]]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=30), st.randoms())
def test_the_order_of_features_decides_between_equals_and_nothing_else_does(spots, shuffler):
    """Spots on a grid are asked for from grid places, so that equals abound; shuffled features move only the names."""
    spots = np.array(spots, float)
    order = list(range(len(spots)))
    shuffler.shuffle(order)
    here, moved = NearestIndex.build(shapely.points(spots)), NearestIndex.build(shapely.points(spots[order]))
    x, y = (v.ravel().astype(float) for v in np.meshgrid(np.arange(-3, 4), np.zeros(1)))
    metres = np.asarray(GEOD.inv(*np.broadcast_arrays(x[:, None], y[:, None], spots[:, 0], spots[:, 1]))[2])
    for index, km in ((here, metres / 1000), (moved, metres[:, order] / 1000)):
        expected = np.lexsort((np.broadcast_to(np.arange(len(spots)), km.shape), np.round(km, 8)))
        np.testing.assert_array_equal(index.query(x, y).feature, expected[:, 0])
        np.testing.assert_array_equal(index.query(x, y, k=len(spots)).feature.reshape(km.shape), expected)
