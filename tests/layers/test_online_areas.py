"""The boxes that services are asked for hold every point within the radius of a site."""

import pytest
from pyproj import Geod
from shapely.geometry import box

from oreway.layers.online.areas import around
from tests.layers.stub_service import KVANEFJELD, NOLANS, sites


@pytest.mark.parametrize("place", [NOLANS, KVANEFJELD, (0.0, 0.0), (10.0, 85.0)])
def test_a_box_holds_every_point_within_the_radius(place):
    geod = Geod(ellps="WGS84")
    area = around(sites(("au-x", "AU", place)), 30)[0]
    for azimuth in range(0, 360, 5):
        lon, lat, _ = geod.fwd(*place, azimuth, 30_000)
        assert area.west <= lon <= area.east
        assert area.south <= lat <= area.north


def test_a_box_across_longitude_180_is_two_and_one_round_a_pole_is_a_band():
    east, west = around(sites(("x-y", "NZ", (179.9, 0.0))), 30)
    assert (east.east, west.west) == (180, -180)
    assert west.east == pytest.approx(-179.83, abs=0.01)
    band = around(sites(("x-y", "NZ", (10.0, 90.0))), 30)[0]
    assert (band.west, band.east, band.north) == (-180, 180, 90)


def test_a_zone_is_asked_round_its_whole_extent():
    zone = sites().assign(geometry=[box(152, 20, 156, 24)])
    area = around(zone, 30)[0]
    assert area.west < 152
    assert area.north > 24
