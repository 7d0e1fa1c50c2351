"""The nearest feature against dense geodesics and against an independent search tree, everywhere on Earth."""

import numpy as np
import pytest
import shapely

from oreway.geo.nearest import NearestIndex
from tests.geo.oracle import CENTRES, GEOD, Edges, KdTree, around, metres, wrapped

MILLIMETRE = 1e-3


def edges_round(random, centre, n, edge, longest_m=1e6):
    x1, y1 = around(random, *CENTRES[centre], 3e5, n)
    x2, y2, _ = GEOD.fwd(x1, y1, random.uniform(0, 360, n), 10 ** random.uniform(2, np.log10(longest_m), n))
    return Edges(x1, y1, wrapped(x2), y2, edge)


def lines_of(edges):
    return shapely.linestrings(np.stack([[edges.x1, edges.y1], [edges.x2, edges.y2]]).transpose(2, 0, 1))


@pytest.mark.parametrize("edge", ["geodesic", "lonlat"])
@pytest.mark.parametrize("centre", CENTRES)
def test_lines_are_within_a_millimetre_of_dense_geodesics(centre, edge):
    random = np.random.default_rng(1)
    edges = edges_round(random, centre, 25, edge)
    x, y = around(random, *CENTRES[centre], 8e6, 10)
    found = NearestIndex.build(lines_of(edges), edge).query(x, y)
    truth = [edges.nearest_m(a, b) for a, b in zip(x, y, strict=True)]
    assert np.abs(found.distance_km * 1000 - truth).max() < MILLIMETRE


@pytest.mark.parametrize("centre", CENTRES)
def test_points_are_within_a_millimetre_of_geodesics_to_all_of_them(centre):
    random = np.random.default_rng(2)
    lon, lat = around(random, *CENTRES[centre], 6e6, 400)
    x, y = around(random, *CENTRES[centre], 1.5e7, 150)
    truth = metres(x[:, None], y[:, None], lon, lat)
    found = NearestIndex.build(shapely.points(lon, lat)).query(x, y, k=3)
    assert np.abs(found.distance_km * 1000 - np.sort(truth, axis=1)[:, :3]).max() < MILLIMETRE


def compare(centre, n, features, seed):
    random = np.random.default_rng(seed)
    lon, lat = around(random, *CENTRES[centre], 4e6, features)
    edges = edges_round(random, centre, features // 8, "geodesic", 5e4)
    x, y = around(random, *CENTRES[centre], 6e6, n)
    points = NearestIndex.build(shapely.points(lon, lat)).query(x, y)
    lines = NearestIndex.build(lines_of(edges)).query(x, y)
    return (
        np.abs(points.distance_km * 1000 - KdTree(lon, lat).nearest_m(x, y)).max(),
        np.abs(lines.distance_km * 1000 - KdTree(None, None, edges).nearest_m(x, y, 32)).max(),
    )


@pytest.mark.parametrize("centre", CENTRES)
def test_the_index_and_an_independent_tree_agree_on_thousands_of_pairs(centre):
    assert max(compare(centre, 3000, 2000, 3)) < MILLIMETRE


@pytest.mark.heavy
@pytest.mark.parametrize("centre", CENTRES)
def test_the_index_and_an_independent_tree_agree_on_a_million_pairs(centre):
    assert max(compare(centre, 60_000, 8000, 4)) < MILLIMETRE


def test_the_foot_lies_as_far_away_as_the_index_says():
    random = np.random.default_rng(5)
    edges = edges_round(random, "61 N", 50, "geodesic")
    x, y = around(random, *CENTRES["61 N"], 3e6, 500)
    found = NearestIndex.build(lines_of(edges)).query(x, y)
    assert np.abs(metres(x, y, found.lon, found.lat) - found.distance_km * 1000).max() < MILLIMETRE
    a, b = edges.at(found.feature, found.fraction)
    assert metres(a, b, found.lon, found.lat).max() < 0.05
