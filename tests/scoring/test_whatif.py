"""Building something never worsens a site, helps the one beside it, and helps nobody when it joins nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point

from scoring.errors import ScoringError
from scoring.measure import measure
from scoring.whatif import Addition, compare, with_addition
from scoring.world import open_world

QAQORTOQ = (-46.035, 60.718)


@pytest.fixture(scope="module")
def world():
    return open_world()


def test_a_deep_port_beside_tanbreez_becomes_its_nearest_and_raises_its_score(world):
    site = world.sites.loc["gl-tanbreez"]
    port = Addition(class_="port", geometry=Point(site["lon"], site["lat"] + 0.02), name="New berth", size=12)
    after = with_addition(world, port)
    row = measure(after, ["gl-tanbreez"], ["deep_water_port"]).iloc[0]
    assert row["name"] == "New berth"
    assert row["distance_km"] == pytest.approx(0.02 * 111.4, rel=0.01)  # one degree of latitude at 61° N: 111.4 km
    table = compare(world, after).set_index("site_id")
    assert table.loc["gl-tanbreez", "gain"] > 0
    assert (table["gain"].dropna() >= -1e-9).all()
    assert (table["bill_after"] <= table["bill_before"] + 1e-6).all()


def test_the_world_before_stays_as_it_was(world):
    count = len(world.infrastructure["ports"])
    with_addition(world, Addition(class_="port", geometry=Point(-46, 60.9), name="X"))
    assert len(world.infrastructure["ports"]) == count


def test_a_road_from_qaqortoq_to_tanbreez_ends_the_absent_network(world):
    site = world.sites.loc["gl-tanbreez"]
    road = Addition(class_="road", geometry=LineString([QAQORTOQ, (site["lon"], site["lat"])]), name="Mine road")
    rows = measure(with_addition(world, road), ["gl-tanbreez", "gl-kvanefjeld"], ["road"]).set_index("site_id")
    assert rows.loc["gl-tanbreez", "nil"] == ""
    assert rows.loc["gl-tanbreez", "distance_km"] == pytest.approx(0, abs=1e-3)
    assert rows.loc["gl-kvanefjeld", "name"] == "Mine road"


def test_a_road_that_joins_nothing_is_refused(world):
    road = Addition(class_="road", geometry=LineString([(-40, 75), (-39, 75)]), name="On the ice")
    with pytest.raises(ScoringError, match=r"joins nothing: no port, town, road within 5 km"):
        with_addition(world, road)


@pytest.mark.parametrize(
    ("class_", "geometry", "said"),
    [
        ("ice", Point(0, 0), "cannot be added"),
        ("port", LineString([(0, 0), (1, 1)]), "a port is a point"),
        ("road", Point(0, 0), "a road is a line"),
    ],
)
def test_a_shape_that_does_not_fit_is_refused(world, class_, geometry, said):
    with pytest.raises(ScoringError, match=said):
        with_addition(world, Addition(class_=class_, geometry=geometry, name="x"))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    class_=st.sampled_from(["port", "airfield", "power"]),
    lon=st.floats(114, 152),
    lat=st.floats(-38, -12),
    size=st.floats(0, 3000),
)
def test_adding_never_worsens_any_site(world, class_, lon, lat, size):
    after = with_addition(world, Addition(class_=class_, geometry=Point(lon, lat), name="x", size=size))
    table = compare(world, after)
    assert (table["gain"].dropna() >= -1e-9).all()


def test_a_port_added_after_scoring_has_its_depth(world):
    site = world.sites.loc["gl-tanbreez"]
    compare(world, world)
    berth = Addition(class_="port", geometry=Point(site["lon"], site["lat"] + 0.02), name="New berth", size=12)
    table = compare(world, with_addition(world, berth)).set_index("site_id")
    assert table.loc["gl-tanbreez", "gain"] > 0
