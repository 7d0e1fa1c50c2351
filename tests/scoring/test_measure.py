import numpy as np
import pytest

from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.errors import ScoringError
from oreway.scoring.measure.measure import COLUMNS, measure, nearest
from oreway.scoring.measure.targets import CLASSES
from oreway.scoring.world.world import with_sites, without

DEGREE_KM = 111.3195  # of longitude on the equator of WGS84


def row(frame, class_):
    return frame[frame["class"] == class_].iloc[0]


def test_a_point_gets_one_row_for_each_of_the_ten_classes_in_order(tiny):
    found = nearest(tiny, 5, 0)
    assert list(found["class"]) == list(CLASSES)
    assert list(found.columns) == list(COLUMNS)


@pytest.mark.parametrize(
    ("class_", "feature_id", "km"),
    [
        ("port", "wpi-shallow", 5 * DEGREE_KM),
        ("airfield", "apt-good", 110.574),
        ("town", "geo-town", DEGREE_KM),
        ("road", "road-main", 110.6),
        ("power", "power-plant", 2 * DEGREE_KM),
        ("refinery", "au-separator", 442.3),
        ("coast", "coast-main", 5 * 110.58),
    ],
)
def test_small_closed_planned_and_unfit_features_do_not_count(tiny, class_, feature_id, km):
    found = row(nearest(tiny, 5, 0), class_)
    assert found["feature_id"] == feature_id
    assert found["distance_km"] == pytest.approx(km, rel=2e-3)
    assert found["nil"] == ""


def test_a_deep_water_port_has_ten_metres(tiny):
    assert row(nearest(tiny, 5, 0), "deep_water_port")["feature_id"] == "wpi-deep"


def test_bounds_hold_the_errors_of_position_and_feature_and_never_fall_below_zero(tiny):
    town = row(nearest(tiny, 5, 0, position_accuracy_km=3), "town")
    assert town["high_km"] - town["distance_km"] == pytest.approx(4)
    assert town["distance_km"] - town["low_km"] == pytest.approx(4)
    assert row(nearest(tiny, 6, 0, position_accuracy_km=3), "town")["low_km"] == 0


@pytest.mark.parametrize("class_", ["road", "rail", "power"])
def test_greenland_has_no_network_and_no_distance_but_a_word_on_what_is_near(tiny, class_):
    found = row(nearest(tiny, -45.5, 61), class_)
    assert found["nil"] == "absent_network"
    assert np.isnan(found["distance_km"])
    assert np.isnan(found["high_km"])
    assert found["feature_id"] == ""
    assert "no network" in plain_text(found["note"])


@pytest.mark.parametrize("class_", ["road", "rail", "power"])
def test_land_networks_do_not_apply_at_sea(tiny, class_):
    assert row(nearest(tiny, 153, 23), class_)["nil"] == "inapplicable"


def test_a_town_on_another_landmass_does_not_count(tiny):
    assert row(nearest(tiny, 9.9, 0), "town")["feature_id"] == "geo-town"


def test_a_landmass_without_a_town_has_none(tiny, make):
    world = without(tiny, "towns", ["geo-isle"])
    assert row(nearest(world, 12.5, 0.5), "town")["nil"] == "absent_network"


def test_a_country_whose_power_is_not_held_is_unknown_not_far(tiny, make):
    found = make["infrastructure"]()
    found["countries"] = found["countries"].assign(country_code=["AR", "GL"])
    measured = nearest(make["world"](infrastructure=found), 5, 0)
    assert set(measured[measured["nil"] == "unknown"]["class"]) == {"power"}


def test_a_port_across_the_water_is_reported_and_says_so(tiny):
    found = row(nearest(tiny, 9.5, -4.9), "port")
    assert found["feature_id"] == "wpi-isle"
    assert "on another landmass" in plain_text(found["note"])


def test_two_ice_maps_give_an_interval(tiny):
    ice = row(nearest(tiny, -44.5, 62), "ice")
    assert ice["method"] == "interval"
    assert ice["distance_km"] == pytest.approx(111.4, abs=0.1)
    assert ice["high_km"] == pytest.approx(167.2 + 1, abs=0.2)


def test_ice_far_away_does_not_apply(tiny):
    assert row(nearest(tiny, 5, 0), "ice")["nil"] == "inapplicable"


def test_rail_is_an_interval_from_a_provable_bound_over_where_it_is_likely_to_pass_to_the_nearest_junction(tiny):
    # junctions at (4, -2) and (6, -2), both 247.4 km off; an edge of 223 km leaves at least (2 x 247.4 - 223) / 2; it
    # is hardly longer than its chord of 222.5 km, which passes two degrees of latitude away
    rail = row(nearest(tiny, 5, 0), "rail")
    assert rail["method"] == "interval"
    assert rail["high_km"] == pytest.approx(247.4, abs=1)
    assert rail["low_km"] == pytest.approx((2 * rail["high_km"] - 223) / 2, abs=0.5)
    assert rail["distance_km"] == pytest.approx(2 * 110.57, abs=0.2)
    assert (rail["lon"], rail["lat"]) == pytest.approx((5.0, -2.0), abs=0.01)


def test_a_road_junction_nearer_than_any_corridor_bounds_the_distance(tiny):
    found = row(nearest(tiny, 8, -4.1), "road")
    assert found["method"] == "interval"
    assert found["distance_km"] == pytest.approx(11.06, abs=0.05)


def test_setting_can_be_chosen(tiny):
    assert row(nearest(tiny, 5, 0, setting="seabed"), "road")["nil"] == "inapplicable"


@pytest.mark.parametrize(
    ("lon", "lat", "options", "words"),
    [
        (181, 0, {}, "longitude 181"),
        (0, float("nan"), {}, "latitude nan"),
        (0, 0, {"classes": ["harbour"]}, "choose from port"),
        (0, 0, {"setting": "moon"}, "choose from arctic"),
        (0, 0, {"position_accuracy_km": -1}, "position_accuracy_km"),
    ],
)
def test_what_cannot_be_measured_is_refused_with_a_cure(tiny, lon, lat, options, words):
    with pytest.raises(ScoringError, match=words):
        nearest(tiny, lon, lat, **options)


def test_sites_are_measured_in_their_order_with_every_class(tiny):
    found = measure(tiny)
    assert list(found["site_id"].unique()) == list(tiny.sites.index)
    assert len(found) == len(tiny.sites) * len(CLASSES)


def test_a_site_measures_the_same_alone_as_among_others(tiny):
    every = measure(tiny)
    alone = measure(tiny, ["gl-fjord"])
    assert alone.equals(every[every["site_id"] == "gl-fjord"].reset_index(drop=True))


def test_a_zone_is_measured_from_its_point_and_bounded_by_its_edge(tiny):
    found = measure(tiny, ["jp-mud"])
    coast = row(found, "coast")
    assert coast["low_km"] < coast["distance_km"] - 100
    assert coast["high_km"] > coast["distance_km"] + 100
    assert "edge" in plain_text(coast["note"])


def test_an_unknown_site_is_refused(tiny):
    with pytest.raises(ScoringError, match="gl-nowhere"):
        measure(tiny, ["gl-nowhere"])


def test_other_sites_are_measured_against_the_same_world(tiny, make):
    world = with_sites(tiny, make["sites"]([make["site"]("au-mine", 6, 0, "AU", "outback", commodities="Li")]))
    found = measure(world)
    assert row(found, "town")["distance_km"] == pytest.approx(0)
    assert row(found, "refinery")["feature_id"] == "au-lithium"


def test_a_world_without_a_port_leaves_the_given_world_as_it_was(tiny):
    assert row(nearest(without(tiny, "ports", ["wpi-shallow"]), 5, 0), "port")["feature_id"] == "wpi-deep"
    assert row(nearest(tiny, 5, 0), "port")["feature_id"] == "wpi-shallow"


def test_dropping_what_is_not_there_is_refused(tiny):
    with pytest.raises(ScoringError, match="wpi-none"):
        without(tiny, "ports", ["wpi-none"])


def test_asking_for_no_site_or_no_class_gives_an_empty_table_with_all_columns(tiny):
    for found in (measure(tiny, []), measure(tiny, classes=[])):
        assert found.empty
        assert list(found.columns) == ["site_id", *COLUMNS]
    assert nearest(tiny, 5, 0, classes=[]).empty
