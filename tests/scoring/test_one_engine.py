"""What is measured and judged, held against numbers from outside: each rule once, whatever asks for it."""

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from oreway.scoring.judge.assess import assess, score_table
from oreway.scoring.measure.measure import measure, nearest
from oreway.scoring.rank.acceptability import Problem, acceptability
from oreway.scoring.world.world import with_layer, with_sites
from tests.scoring.batch_points import run

pytestmark = pytest.mark.usefixtures("cache")
EQUATOR_KM = 111.319490793  # a degree of the equator: pi / 180 x 6378.137 km


def row(frame, class_):
    return frame[frame["class"] == class_].iloc[0]


def one_site(make, tiny, lon, lat, country="AU", setting="outback", **extra):
    return with_sites(tiny, make["sites"]([make["site"]("x", lon, lat, country, setting, **extra)]))


def port_value(world, profile=None):
    return assess(world, measure(world), profile=profile)["x"].values["port"]  # noqa: PD011 - a mapping, no frame


def test_a_port_across_the_water_earns_nothing_where_trucks_cannot_reach_it(make, tiny):
    """At 10 E on the equator the isle's port lies 2 degrees east across water, the mainland's 10 degrees west."""
    world = one_site(make, tiny, 9.9, 0.0, position_accuracy_km=0.0)
    found = row(measure(world), "port")
    assert found["feature_id"] == "wpi-isle"
    assert found["across"]
    # 9.9 degrees to the 6 m berth (worth 0.5, h 150) or some 10.3 degrees to the 12 m one (worth 1, h 300), x 1.3
    deep_km = nearest(tiny, 9.9, 0.0, classes=["deep_water_port"]).iloc[0]["distance_km"]
    shallow = 0.5 * 2 ** -((1.3 * 9.9 * EQUATOR_KM - 2) / 150)
    assert port_value(world)[1] == pytest.approx(max(shallow, 2 ** -((1.3 * deep_km - 2) / 300)), rel=1e-6)


def test_in_the_arctic_a_port_across_the_water_counts(make, tiny):
    """The only port of its own depth class lies on no landmass of the site: reached by sea all the same."""
    ports = tiny.infrastructure["ports"]
    world = with_layer(tiny, "ports", ports.drop(index=["wpi-shallow", "wpi-deep", "wpi-isle"]))
    site = one_site(make, world, 5.0, 61.0, country="GL", setting="arctic", position_accuracy_km=0.0)
    km = row(measure(site), "port")["distance_km"]
    # 8 m of draught is worth 0.5 + (0.85 - 0.5) / 2; South Greenland is open 9, 10.5 or 12 months
    expected = 2 ** -((1.5 * km - 2) / 17) * 0.675 * 10.5 / 12
    assert port_value(site)[1] == pytest.approx(expected, rel=1e-6)


def test_any_port_more_leaves_the_value_as_it_is_or_better(make, tiny):
    """A worse port nearer by, a port across water, a deep one farther off: none of them hides the best one."""
    world = one_site(make, tiny, 3.0, 0.0)
    before = port_value(world)
    for key, place, depth in (("near", Point(2.9, 0), 4.0), ("isle", Point(12, 0.5), 12.0), ("far", Point(0, 4), 11.0)):
        added = make["frame"]([make["feature"](key, place, country_code="AU", depth_m=depth)])
        after = with_layer(world, "ports", pd.concat([world.infrastructure["ports"], added]))
        assert all(new >= old - 1e-12 for new, old in zip(port_value(after), before, strict=True))


def test_a_row_without_a_commodity_is_taken_for_any_commodity_everywhere(make, tiny, tmp_path):
    """Both the batch and a site take the plants of any commodity: the separator 4 degrees north, not lithium's."""
    _, table = run(pd.DataFrame({"lon": [5.0], "lat": [0.0]}), tmp_path, tiny)
    site = row(measure(one_site(make, tiny, 5.0, 0.0, commodities="*")), "refinery")
    point = row(nearest(tiny, 5.0, 0.0), "refinery")
    assert {table["refinery_id"].iloc[0], site["feature_id"], point["feature_id"]} == {"au-separator"}
    assert site["distance_km"] == pytest.approx(442.3, rel=1e-3)


@pytest.mark.parametrize(("class_", "expected"), [("road", "road-main"), ("town", "geo-town")])
def test_roads_and_towns_name_the_feature_itself(tiny, tmp_path, class_, expected):
    """At (6, 0.4) the road along 1 N is 0.6 degrees off, the town on the equator 0.4: 66.3 and 44.2 km."""
    _, table = run(pd.DataFrame({"lon": [6.0], "lat": [0.4]}), tmp_path, tiny)
    found = row(nearest(tiny, 6.0, 0.4), class_)
    km = {"road": 0.6, "town": 0.4}[class_] * 110.574
    assert found["distance_km"] == pytest.approx(km, rel=1e-3)
    assert found["feature_id"] == table[f"{class_}_id"].iloc[0] == expected


def test_a_junction_nearer_than_any_road_names_an_edge_that_ends_there(tiny, tmp_path):
    _, table = run(pd.DataFrame({"lon": [8.0], "lat": [-4.1]}), tmp_path, tiny)
    assert row(nearest(tiny, 8.0, -4.1), "road")["feature_id"] == table["road_id"].iloc[0] == "way-1-2"


def test_an_edge_that_may_pass_nearer_lowers_the_least_distance_to_a_road_too(make, tiny):
    """An edge of 400 km between junctions 222.6 km apart may pass close by: (r1 + r2 - L) / 2 holds, not the road."""
    ways = tiny.infrastructure["road_network"]
    long_way = {"feature_id": "way-long", "from_node": 5, "to_node": 6, "length_km": 400.0,
                "geometry": LineString([(4, -1), (6, -1)])}  # fmt: skip
    world = with_layer(tiny, "road_network", pd.concat([ways, make["frame"]([long_way])]))
    found = row(nearest(world, 5.0, 0.5), "road")
    r = np.hypot(EQUATOR_KM, 1.5 * 110.574)  # to either junction, near enough on the ellipsoid
    assert found["feature_id"] == "road-main"
    assert found["low_km"] == pytest.approx(max(0, (2 * r - 400) / 2 - 0.06 - 1), abs=1.2)


def beside_an_even_draw(value):
    """A site of a certain value beside one whose value may be anything: it stands above in `value` of all draws."""
    low, base, high = (np.array([[value], [other]]) for other in (0.0, np.nan, 1.0))
    given = Problem(
        site_ids=("a", "b"), criteria=("c0",), low=low, base=base, high=high, profile=np.zeros(2, np.int64),
        weights=np.ones((1, 1)),
    )  # fmt: skip
    return acceptability(given, draws=40_000, seed=11)


@pytest.mark.parametrize(
    ("share", "best", "worst"), [(0.03, 2, 2), (0.07, 1, 2), (0.5, 1, 2), (0.93, 1, 2), (0.97, 1, 1)]
)
def test_the_range_of_ranks_leaves_out_a_twentieth_of_the_draws_at_either_end(share, best, worst):
    found = beside_an_even_draw(share)
    assert found.ranks[0, 0] == pytest.approx(share, abs=0.005)
    assert (found.rank_range()[0][0], found.rank_range()[1][0]) == (best, worst)


def test_a_site_and_a_row_of_a_batch_are_scored_alike(make, tiny, tmp_path):
    points = pd.DataFrame({"lon": [5.0, 9.5, -45.5], "lat": [0.0, -4.9, 61.0], "position_accuracy_km": [1.0, 2.0, 3.0]})
    _, table = run(points, tmp_path, tiny)
    for i, (country, setting) in enumerate((("AU", "outback"), ("AU", "outback"), ("GL", "arctic"))):
        place = points.iloc[i]
        world = one_site(make, tiny, place["lon"], place["lat"], country, setting, commodities="*",
                         position_accuracy_km=place["position_accuracy_km"])  # fmt: skip
        scored = score_table(world).iloc[0]
        for name in ("total", "total_low", "total_high", "coverage"):
            assert table[name].iloc[i] == pytest.approx(scored[name], abs=1e-9)
