"""Distances, discs and measuring points against published or analytic numbers."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oreway.geo.antimeridian import cut
from oreway.geo.errors import GeoError
from oreway.geo.geodesy import (
    area_km2,
    azimuth_deg,
    destination,
    disc,
    distance_km,
    geodesic_line,
    measuring_point,
    sample_polygon,
)

QUADRANT_KM = 10001.965729  # length of the WGS84 meridian from the equator to a pole


def test_the_meridian_quadrant_has_its_published_length():
    assert distance_km(0, 0, 0, 90) == pytest.approx(QUADRANT_KM, abs=1e-6)


def test_tokyo_is_1861_km_from_minamitorishima():
    assert distance_km(139.767, 35.681, 153.98, 24.29) == pytest.approx(1861, abs=4)


def test_arrays_are_broadcast_and_scalars_give_a_float():
    assert isinstance(distance_km(0, 0, 1, 1), float)
    assert distance_km(0, 0, [1, 2, 3], 0).shape == (3,)
    assert distance_km(0, 0, [], []).shape == (0,)


def test_azimuths_run_clockwise_from_north():
    assert azimuth_deg(0, 0, [0, 1, 0, -1], [1, 0, -1, 0]) == pytest.approx([0, 90, 180, 270])


@settings(deadline=None, max_examples=50)
@given(st.floats(-180, 180), st.floats(-89, 89), st.floats(0, 360), st.floats(0.001, 15000))
def test_a_destination_lies_as_far_away_as_asked(lon, lat, azimuth, km):
    x, y = destination(lon, lat, azimuth, km)
    assert distance_km(lon, lat, x, y) == pytest.approx(km, abs=1e-6)


def test_a_geodesic_line_is_cut_at_180_and_keeps_its_length():
    line = geodesic_line(170, -20, -165, 10)
    assert line.geom_type == "MultiLineString"
    assert np.abs(shapely.get_coordinates(line)[:, 0]).max() <= 180
    parts = [distance_km(*p.coords[i], *p.coords[i + 1]) for p in line.geoms for i in range(len(p.coords) - 1)]
    assert sum(parts) == pytest.approx(distance_km(170, -20, -165, 10), rel=1e-5)
    assert geodesic_line(10, 0, 20, 0).geom_type == "LineString"


@pytest.mark.parametrize(
    ("lon", "lat"), [(0, 0), (153.98, 24.29), (179.9, -17), (-179.5, 66), (12, 89.5), (30, 84), (0, -90), (180, 0)]
)
def test_a_disc_has_the_area_of_its_circle_and_holds_its_centre(lon, lat):
    ring = disc(lon, lat, 370.4, n=720)
    assert ring.is_valid
    assert area_km2(ring) == pytest.approx(np.pi * 370.4**2, rel=1e-3)
    assert shapely.intersects(ring, shapely.Point(lon, lat))
    inside, outside = (destination(lon, lat, np.arange(0, 360, 7.0), 370.4 * f) for f in (0.99, 1.01))
    assert shapely.intersects_xy(ring, *inside).all()
    assert not shapely.intersects_xy(ring, *outside).any()
    x, y = measuring_point(ring)
    assert distance_km(x, y, lon, lat) < 0.1


@pytest.mark.parametrize("radius", [0, -1, float("nan"), 9001])
def test_a_disc_of_no_or_too_great_a_radius_is_refused(radius):
    with pytest.raises(GeoError, match="disc: radius"):
        disc(0, 0, radius)


def test_the_measuring_point_of_a_bent_area_lies_inside_it():
    horseshoe = shapely.box(0, 0, 10, 10).difference(shapely.box(2, 2, 10, 8))
    assert horseshoe.contains(shapely.Point(measuring_point(horseshoe)))


def test_the_measuring_point_of_a_zone_cut_at_180_is_near_180():
    zone = shapely.MultiPolygon([shapely.box(179, -20, 180, -15), shapely.box(-180, -20, -179, -15)])
    x, y = measuring_point(zone)
    assert abs(x) == pytest.approx(180, abs=1e-3)
    assert y == pytest.approx(-17.5, abs=0.05)


def test_the_measuring_point_of_a_line_is_its_middle_and_of_a_point_itself():
    assert measuring_point(shapely.LineString([(0, 0), (10, 0)])) == pytest.approx((5, 0), abs=1e-6)
    assert measuring_point(shapely.Point(7, 8)) == (7, 8)


def test_an_octant_has_an_eighth_of_the_ellipsoid():
    octant = shapely.Polygon([(0, 0), (90, 0), (90, 90), (0, 90)])
    assert area_km2(octant) == pytest.approx(510065621.724 / 8, rel=1e-9)
    nested = shapely.GeometryCollection([shapely.MultiPolygon([octant]), shapely.Point(-90, -45)])
    assert area_km2(nested) == pytest.approx(510065621.724 / 8, rel=1e-9)


def test_points_beyond_180_come_round():
    found = cut(shapely.MultiPoint([(190, 5), (-200, -5), (10, 0)]))
    assert shapely.get_coordinates(found).tolist() == [[-170, 5], [160, -5], [10, 0]]


def test_samples_lie_inside_and_are_even_by_area():
    zone = shapely.MultiPolygon([shapely.box(170, 0, 180, 80), shapely.box(-180, 0, -170, 80)])
    lon, lat = sample_polygon(zone, 20_000, seed=1)
    assert shapely.intersects_xy(zone, lon, lat).all()
    south = shapely.box(170, 0, 180, 30)
    share = area_km2(shapely.segmentize(south, 0.5)) / area_km2(shapely.segmentize(zone.geoms[0], 0.5))
    assert (lat < 30).mean() == pytest.approx(share, abs=0.012)
    np.testing.assert_array_equal(lon, sample_polygon(zone, 20_000, seed=1)[0])


def test_a_line_cannot_be_sampled():
    with pytest.raises(GeoError, match="no area"):
        sample_polygon(shapely.LineString([(0, 0), (1, 1)]), 5, seed=1)


@pytest.mark.parametrize("bad", [(float("nan"), 0), (0, 91), (200, 0), (float("inf"), 0)])
def test_a_bad_coordinate_is_refused(bad):
    with pytest.raises(GeoError, match="second point"):
        distance_km(0, 0, *bad)


def test_a_shape_off_the_globe_has_no_measuring_point():
    with pytest.raises(GeoError, match="measuring point, row 1: latitude 91"):
        measuring_point(shapely.LineString([(0, 0), (0, 91)]))
    with pytest.raises(GeoError, match="empty"):
        measuring_point(shapely.Point())


def test_one_pair_is_as_far_as_the_same_pair_among_many():
    lon1, lat1, lon2, lat2 = np.random.default_rng(7).uniform(-1, 1, (4, 500)) * [[180], [90], [180], [90]]
    lon2[:100], lat2[:100] = -lon1[:100], -lat1[:100]  # on the other side of the Earth, or nearly
    pairs = zip(*(one.tolist() for one in (lon1, lat1, lon2, lat2)), strict=True)
    assert [distance_km(*pair) for pair in pairs] == distance_km(lon1, lat1, lon2, lat2).tolist()
    with pytest.raises(GeoError, match="latitude 91"):
        distance_km(0.0, 91.0, 1.0, 1.0)
    with pytest.raises(GeoError, match="no position"):
        distance_km(0.0, float("nan"), 1.0, 1.0)
