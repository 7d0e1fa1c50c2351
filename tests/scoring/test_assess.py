import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import assess, reweigh, score_table
from oreway.scoring.judge.ports import draught_values, season_values
from oreway.scoring.measure.measure import measure
from oreway.scoring.world.criteria import ValueFunction, read_methods
from oreway.scoring.world.world import with_sites, without

FUNCTION = ValueFunction(class_="road", d0=1, h=17, circuity_low=1, circuity=1, circuity_high=1)


@pytest.fixture(scope="module")
def found(tiny):
    return assess(tiny, measure(tiny))


@pytest.mark.parametrize(
    "choice",
    [{}, {"profile": "greenland"}, {"profile": "equal"}, {"weights": {"road": 3.0, "port": 1.0, "rail": 0.0}}],
)
def test_values_weighed_again_give_what_a_whole_judgement_gives(tiny, choice):
    every = assess(tiny, measure(tiny), weights=dict.fromkeys(tiny.criteria, 1.0))
    assert reweigh(tiny, every, **choice) == assess(tiny, measure(tiny), **choice)


def test_weights_that_are_nothing_are_refused_also_the_second_time(tiny, found):
    with pytest.raises(ScoringError, match="nothing above 0"):
        reweigh(tiny, found, weights={"road": 0.0})


def test_the_value_halves_with_each_h_beyond_d0():
    assert FUNCTION.value(1) == 1
    assert FUNCTION.value(18) == pytest.approx(0.5)
    assert FUNCTION.value(35) == pytest.approx(0.25)


@given(st.floats(0, 5000), st.floats(0, 100))
def test_a_longer_way_never_earns_more_and_there_are_no_cliffs(km, more):
    near, far = FUNCTION.value(km), FUNCTION.value(km + more)
    assert far <= near
    assert near - far <= more * math.log(2) / FUNCTION.h + 1e-12


def test_the_detour_counts_in_the_value():
    arctic = read_methods().criteria["road"].functions["arctic"][0]
    assert arctic.value(12) == pytest.approx(2 ** (-(12 * 1.5 - 1) / 17))


def test_draughts_take_the_value_of_their_ship_class_and_rise_without_steps(tiny):
    assert draught_values(tiny, np.array([3, 6, 10, 11.5, 20])).base.tolist() == [0.2, 0.5, 0.85, 1.0, 1.0]
    depths = np.arange(0, 15, 0.1)
    values = draught_values(tiny, np.array(depths)).base.tolist()
    assert min(np.diff(values)) >= 0
    assert max(np.diff(values)) < 0.02


def test_an_unknown_draught_spans_all_ship_classes(tiny):
    unknown = draught_values(tiny, np.array([math.nan]))
    assert (unknown.low[0], unknown.base[0], unknown.high[0]) == (0.2, 0.2, 1.0)


def test_the_season_of_north_greenland_is_a_month_or_two(tiny):
    found = season_values(tiny, np.array(["GL"], dtype=object), np.array([-30.0]), np.array([83.0]))
    low, base, high = found.low[0], found.base[0], found.high[0]
    assert (low * 12, base * 12, high * 12) == pytest.approx((1, 1.5, 2))


def test_a_season_nobody_knows_is_unknown(tiny):
    found = season_values(tiny, np.array(["RU"], dtype=object), np.array([100.0]), np.array([75.0]))
    assert (found.low[0], np.isnan(found.base[0]), found.high[0]) == (0.0, True, 1.0)


def test_only_deposits_zones_and_stockpiles_are_scored(found):
    assert set(found) == {"au-inland", "gl-fjord", "jp-mud"}


def test_contributions_add_up_to_the_total(found):
    for one in found.values():
        assert math.fsum(one.contributions.values()) == pytest.approx(one.total, abs=1e-9)


def test_the_total_lies_between_its_bounds(found):
    for one in found.values():
        assert one.total_low <= one.total <= one.total_high


def test_the_total_is_the_weighted_mean_of_the_known_values(found, tiny):
    one, weights = found["au-inland"], tiny.methods.weights["outback"]
    known = {name: base for name, (_, base, _) in one.values.items() if base is not None}
    expected = 100 * sum(weights[n] * v for n, v in known.items()) / sum(weights[n] for n in known)
    assert one.total == pytest.approx(expected)
    assert one.missing == ("water",)
    assert one.coverage == pytest.approx(1 - 0.09)


def test_an_absent_network_earns_nothing_and_keeps_its_weight(found):
    one = found["gl-fjord"]
    assert [one.values[name] for name in ("road", "rail", "power")] == [(0.0, 0.0, 0.0)] * 3
    assert one.coverage == pytest.approx(0.97 / 0.99)  # all but water


def test_an_unknown_network_widens_the_bounds_and_lowers_the_coverage(found, make):
    frames = make["infrastructure"]()
    frames["power"] = frames["power"].assign(status="planned")
    one = assess(*_measured(make["world"](infrastructure=frames)))["au-inland"]
    before = found["au-inland"]
    assert one.values["power"] == (0.0, None, 1.0)
    assert one.coverage < before.coverage
    assert one.total_high - one.total_low > before.total_high - before.total_low


def _measured(world):
    return world, measure(world, ["au-inland"])


def test_land_criteria_do_not_apply_to_the_seabed_nor_seabed_criteria_to_land(found):
    assert "road" not in found["jp-mud"].values
    assert "water_depth" not in found["au-inland"].values


def test_a_seabed_zone_is_valued_by_depth_and_jurisdiction(found):
    one = found["jp-mud"]
    low, base, high = one.values["water_depth"]
    assert base == pytest.approx(2 ** (-5500 / 5000))
    assert (low, high) == pytest.approx((2 ** (-6000 / 5000), 0.5))
    assert one.values["jurisdiction"] == (0.8, 1.0, 1.0)
    assert one.values["lift_readiness"][1] == pytest.approx(6 / 9, abs=1e-3)
    assert one.values["workable_weather"] == (0.0, None, 1.0)


def test_a_part_of_a_zone_without_its_own_depth_takes_that_of_the_zone(tiny, make):
    part = make["site"]("jp-square", 153, 23, "JP", "seabed", kind="zone", parent_id="jp-mud")
    world = with_sites(tiny, make["sites"]([part]))
    assert assess(world, measure(world))["jp-square"].values["water_depth"][1] == pytest.approx(2 ** (-5500 / 5000))


def test_what_has_to_be_lifted_says_how_ready_its_lift_is(tiny, make):
    hosts = {"mud": "biogenic apatite", "crust": "ferromanganese crust", "other": "", "two": "crust;apatite"}
    rows = [
        make["site"](f"jp-{key}", 153, 23, "JP", "seabed", kind="zone", host_minerals=host)
        for key, host in hosts.items()
    ]
    world = with_sites(tiny, make["sites"](rows))
    found = {key: one.values["lift_readiness"] for key, one in assess(world, measure(world)).items()}
    # crusts: a machine dug 649 kg in 2020 and nothing was lifted continuously; mud came up from 5,600 m in 2026
    assert found["jp-crust"] == pytest.approx((3 / 9, 4 / 9, 5 / 9), abs=1e-3)
    assert found["jp-crust"][2] <= found["jp-mud"][0]
    assert found["jp-other"] == found["jp-two"] == (0.0, None, 1.0)


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, 9.0), st.floats(-4.0, 4.0), st.floats(-4.5, 4.5))
def test_a_nearer_town_never_lowers_a_score(tiny, make, lon, lat, town_lat):
    world = with_sites(tiny, make["sites"]([make["site"]("au-any", lon, lat, "AU", "outback")]))
    poorer = without(world, "towns", ["geo-town"])
    richer, worse = (assess(w, measure(w))["au-any"].values["town"] for w in (world, poorer))
    assert (richer[1] or 0.0) >= (worse[1] or 0.0)


def test_a_road_without_a_network_never_helps(tiny, make, found):
    frames = make["infrastructure"]()
    frames["roads"] = frames["roads"][frames["roads"].index != "road-north"]
    frames["power"] = frames["power"][frames["power"].index != "power-hydro"]
    world = make["world"](infrastructure=frames)
    assert assess(world, measure(world))["gl-fjord"].total == pytest.approx(found["gl-fjord"].total, abs=1e-12)


def test_a_score_does_not_depend_on_the_company_it_keeps(tiny):
    every = score_table(tiny).set_index("site_id")
    for site_id in every.index:
        alone = score_table(tiny, site_ids=[site_id]).set_index("site_id")
        assert alone.loc[site_id].equals(every.loc[site_id])


def test_the_table_holds_a_value_and_a_contribution_for_every_criterion(tiny):
    table = score_table(tiny)
    assert {f"{name}_value" for name in tiny.criteria} <= set(table.columns)
    parts = table[[c for c in table if c.endswith("_contribution")]].sum(axis=1)
    assert parts.to_numpy() == pytest.approx(table["total"].to_numpy(), abs=1e-9)


def test_a_profile_that_cannot_judge_a_site_gives_no_total(tiny):
    one = assess(tiny, measure(tiny), profile="greenland")["jp-mud"]
    assert one.total is None
    assert one.coverage == 0


def test_with_less_than_half_of_the_weight_known_there_is_no_total_but_bounds(tiny):
    one = assess(tiny, measure(tiny), weights={"town": 1, "water": 2})["au-inland"]
    assert one.total is None
    assert one.contributions == {}
    assert one.coverage == pytest.approx(1 / 3)
    assert one.total_low < one.total_high


def test_own_weights_replace_the_profile(tiny):
    one = assess(tiny, measure(tiny), weights={"town": 2, "road": 0})["au-inland"]
    assert set(one.contributions) == {"town"}
    assert one.total == pytest.approx(100 * one.values["town"][1])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"profile": "mars"}, "choose from greenland"),
        ({"weights": {"harbour": 1}}, "no criterion 'harbour'"),
        ({"weights": {"port": -1}}, "0 or more"),
        ({"weights": {"port": 0}}, "nothing above 0"),
        ({"weights": {"port": math.nan}}, "0 or more"),
    ],
)
def test_unusable_weights_are_refused(tiny, options, words):
    with pytest.raises(ScoringError, match=words):
        assess(tiny, measure(tiny, ["au-inland"]), **options)


def test_every_profile_weighs_known_criteria_only(tiny):
    for profile, weights in tiny.methods.weights.items():
        assert set(weights) <= set(tiny.criteria), profile
        assert sum(weights.values()) > 0.98


def test_every_weighted_distance_criterion_has_a_value_function(tiny):
    for criterion in tiny.criteria.values():
        if criterion.scale in {"distance", "port", "mainland_port", "depth"}:
            assert criterion.functions, criterion.id
