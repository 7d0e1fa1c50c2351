"""Which side of a large area's edge a place is on, against the turning of azimuths round it on the ellipsoid."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oreway.geo.nearest import NearestIndex
from oreway.layers.read import read_layer
from tests.geo.oracle import GEOD, metres, wrapped


def dense(ring, step_m=2e3):
    lon, lat = np.asarray(ring)[:, 0], np.asarray(ring)[:, 1]
    azimuth, _, length = GEOD.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])
    count = np.ceil(length / step_m).astype(int)
    edge = np.repeat(np.arange(len(count)), count)
    share = (np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)) / count[edge]
    x, y, _ = GEOD.fwd(lon[edge], lat[edge], azimuth[edge], share * length[edge])
    return np.asarray(x), np.asarray(y)


def turns(ring, lon, lat):
    """How often the geodesics from a place to a walker turn round while he walks a ring once; and how near he comes."""
    x, y = ring
    azimuth, _, far = GEOD.inv(np.full(len(x), lon), np.full(len(x), lat), x, y)
    step = np.diff(np.append(azimuth, azimuth[0]))
    return round(wrapped(step).sum() / 360), far.min()


@st.composite
def areas(draw):
    """A star-shaped area with edges of 10 to 1,500 km, some vertices twice, some spikes of no width, and its centre."""
    lon, lat = draw(st.floats(-180, 180)), draw(st.sampled_from([0.0, -25.0, 50.0, 72.0, 78.15, 84.0]))
    radii = draw(st.lists(st.floats(1e5, 1.5e6), min_size=4, max_size=24))
    azimuth = np.arange(len(radii)) * 360.0 / len(radii)
    x, y, _ = GEOD.fwd(np.full(len(radii), lon), np.full(len(radii), lat), azimuth, radii)
    vertices = []
    for a, b, how in zip(wrapped(x), y, draw(st.lists(st.integers(0, 3), min_size=len(radii))), strict=False):
        vertices.append((a, b))
        if how == 1:
            vertices.append((a, b))
        if how == 2:
            u, v, _ = GEOD.fwd(a, b, draw(st.floats(0, 360)), 3e4)
            vertices += [(wrapped(u), v), (a, b)]
    return vertices, (lon, lat), max(radii)


@settings(deadline=None, max_examples=80)
@given(areas(), st.lists(st.tuples(st.floats(0, 360), st.floats(0, 1.2)), min_size=5, max_size=25))
def test_a_place_is_at_distance_zero_if_and_only_if_the_border_turns_round_it(area, places):
    vertices, (lon, lat), radius = area
    ring = [*vertices, vertices[0]]
    border = dense(ring)
    assume(np.abs(border[1]).max() < 89.9)
    index = NearestIndex.build([shapely.Polygon(ring)])
    for azimuth, share in [(0.0, 0.0), *places]:
        x, y, _ = GEOD.fwd(lon, lat, azimuth, share * radius)
        times, far = turns(border, wrapped(x), y)
        found = index.query(wrapped(x), y).distance_km[0]
        if far > 1500:  # nearer, the walker's steps are too long to tell
            assert (found == 0) == (times != 0), (x, y, found)


def test_the_middle_of_the_ice_cap_is_ice_beside_a_vertex_that_is_there_twice():
    ice = read_layer("ice")
    index = NearestIndex.build(ice)
    random = np.random.default_rng(3)
    x, y = random.uniform(-35, -24, 3000), random.uniform(78.1, 78.3, 3000)
    found = index.query(x, y)
    assert found.distance_km.max() < 1e-9  # north-east Greenland, some 100 km and more from any ice-free land


@pytest.mark.parametrize("twice", [False, True])
def test_a_needle_far_away_does_not_turn_the_sides_round(twice):
    needle = [(0, 0), (0, 0)] if twice else [(0, 0)]
    area = shapely.Polygon([(-10, -10), (10, -10), (0.01, 10), *needle, (-0.01, 10), (-10, 10)])
    found = NearestIndex.build([area]).query([0, 0, 0.003], [-3, 5, 8])
    assert found.distance_km[0] == 0
    assert found.distance_km[1] * 1000 == pytest.approx(555, rel=0.1)  # the needle's half width there: 0.005 degrees
    assert found.distance_km[2] > 0


def test_parts_with_a_common_border_hold_places_on_both_sides_of_it():
    halves = shapely.MultiPolygon([shapely.box(0, 60, 20, 70), shapely.box(20, 60, 40, 70)])
    x, y = 20 + np.array([-3e-6, 3e-6, -1e-4, 1e-4]), np.full(4, 65.0)
    assert NearestIndex.build([halves]).query(x, y).distance_km.tolist() == [0, 0, 0, 0]


def test_places_a_metre_either_side_of_a_geodesic_edge_are_told_apart_at_any_latitude():
    for lat in (10.0, 60.0, 78.0, 86.0, -86.0):
        ring = [(0, lat), (40, lat), (40, lat - 8 * np.sign(lat)), (0, lat - 8 * np.sign(lat))]
        azimuth, _, length = GEOD.inv(0, lat, 40, lat)
        along = np.linspace(0.01, 0.99, 200) * length
        x, y, back = GEOD.fwd(np.zeros(200), np.full(200, lat), np.full(200, azimuth), along)
        poleward, other = (GEOD.fwd(x, y, np.asarray(back) + turn, np.ones(200)) for turn in (90, -90))
        if lat < 0:
            poleward, other = other, poleward
        index = NearestIndex.build([shapely.Polygon(ring)])
        outside = index.query(poleward[0], poleward[1]).distance_km * 1000
        assert outside == pytest.approx(metres(*poleward[:2], x, y), abs=1e-3)
        assert (index.query(other[0], other[1]).distance_km == 0).all()
