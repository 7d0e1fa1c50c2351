import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.build.bill import bill, bills, simulate
from oreway.scoring.errors import ScoringError
from oreway.scoring.world.world import with_sites, without

COSTS = ["cost_low_usd_m", "cost_usd_m", "cost_high_usd_m"]


def test_items_add_up_to_the_totals(tiny):
    for found in bills(tiny).values():
        assert found.items["cost_usd_m"].sum() == pytest.approx(found.base, abs=1e-9)
        assert found.items["cost_low_usd_m"].sum() == pytest.approx(found.low, abs=1e-9)
        assert (found.items["quantity"] * found.items["unit_cost"]).to_numpy() == pytest.approx(
            found.items["cost_usd_m"].to_numpy()
        )


def test_bounds_and_percentiles_are_in_order(tiny):
    for found in bills(tiny).values():
        assert found.low <= found.base <= found.high
        assert found.p10 <= found.p50 <= found.p90
        assert (found.items[COSTS].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_every_price_has_a_year_a_currency_a_tag_and_a_source(tiny):
    for found in bills(tiny).values():
        assert (found.items[["currency", "tag", "source"]] != "").all(axis=None)
        assert (found.items["year"] == 2026).all()


def test_a_road_of_a_degree_costs_its_length_with_the_detour(tiny):
    items = bill(tiny, "au-inland").items.set_index("item_id")
    assert items.loc["haul_road", "quantity"] == pytest.approx(110.574 * 1.3, rel=1e-3)
    assert items.loc["haul_road", "cost_usd_m"] == pytest.approx(110.574 * 1.3 * 1.7, rel=1e-3)
    # site and road are known to a kilometre each; detours 1.1 and 1.6
    assert items.loc["haul_road", "quantity_low"] == pytest.approx((110.574 - 2) * 1.1, rel=1e-3)
    assert items.loc["haul_road", "quantity_high"] == pytest.approx((110.574 + 2) * 1.6, rel=1e-3)


def test_trucks_carry_a_tenth_of_a_million_tonnes_to_the_deep_port(tiny):
    fleet = bill(tiny, "au-inland").items.set_index("item_id").loc["haul_fleet"]
    km = Geod(ellps="WGS84").inv(5, 0, 0, 3)[2] / 1000
    assert fleet["quantity"] == pytest.approx(0.1 * 1.3 * km, rel=1e-6)
    assert plain_text(fleet["note"]) == "to wpi-deep"


def test_a_camp_grows_with_the_way_to_town(tiny):
    camp = bill(tiny, "gl-fjord").items.set_index("item_id").loc["camp"]
    # half a degree of longitude at 61 degrees north is 27.05 km; 300 beds from 15 km on, all at 65 km, detour 1.5
    assert camp["quantity"] == pytest.approx(300 * (27.05 * 1.5 - 15) / 50, rel=1e-3)
    # the place is known to a kilometre, the town to another; detours 1.2 and 2.2
    assert camp["quantity_low"] == pytest.approx(300 * (25.05 * 1.2 - 15) / 50, rel=2e-3)
    assert camp["quantity_high"] == pytest.approx(300 * (29.05 * 2.2 - 15) / 50, rel=2e-3)


def test_part_of_an_airstrip_is_a_share_between_its_bounds(tiny, make):
    world = with_sites(tiny, make["sites"]([make["site"]("au-near", 5, 0.6, "AU", "outback")]))
    strip = bill(world, "au-near").items.set_index("item_id").loc["airstrip"]
    # 0.4 degrees of meridian are 44.23 km, known to 2 km; none up to 10 km of way, all from 70 km on
    assert strip["quantity"] == pytest.approx((44.23 * 1.3 - 10) / 60, abs=1e-3)
    assert strip["quantity_low"] == pytest.approx((42.23 * 1.1 - 10) / 60, abs=1e-3)
    assert strip["quantity_high"] == 1.0


def test_a_town_nobody_knows_may_mean_no_camp_or_a_whole_one(tiny):
    camp = bill(without(tiny, "towns", tiny.infrastructure["towns"].index), "au-inland").items.set_index("item_id")
    assert camp.loc["camp", ["quantity_low", "quantity", "quantity_high"]].tolist() == [0.0, 300.0, 300.0]


def test_where_there_is_no_grid_the_site_builds_its_own_station(tiny):
    items = bill(tiny, "gl-fjord").items.set_index("item_id")
    assert items.loc["power_station", "quantity"] == 16
    assert "power_line" not in items.index


def test_a_seabed_bill_has_a_riser_as_long_as_the_water_is_deep(tiny):
    found = bill(tiny, "jp-mud")
    items = found.items.set_index("item_id")
    assert items.loc["lift_system", ["quantity_low", "quantity", "quantity_high"]].tolist() == [5.0, 5.5, 6.0]
    assert "haul_road" not in items.index
    assert any("shuttle" in plain_text(one) for one in found.left_out)
    # a vessel, the lift by the kilometre and a base: 250 + 5 * 30 + 50, 450 + 5.5 * 65 + 150, 750 + 6 * 110 + 400
    assert (found.low, found.base, found.high) == pytest.approx((450, 957.5, 1810))


def test_shuttles_are_as_many_as_carry_the_day_s_mud_to_the_port_that_is_named(tiny, make):
    facts = make["facts"]([{"site_id": "jp-mud", "field": "logical_port", "value": "deep"}])
    items = bill(dataclasses.replace(tiny, facts=facts), "jp-mud").items.set_index("item_id")
    km = Geod(ellps="WGS84").inv(153, 23, 0, 3)[2] / 1000
    ways = (km - 1, 1.05 * km, 1.2 * (km + 1))  # the place is known to a kilometre; detours of the lanes
    ships = [3500 * (2 * way / 578 + 3) / 20_000 for way in ways]  # there and back at 13 knots, three days in port
    bounds = ["quantity_low", "quantity", "quantity_high"]
    assert items.loc["shuttle_carrier", bounds].tolist() == pytest.approx(ships, rel=1e-9)


def test_what_is_not_priced_is_said(tiny):
    told = [plain_text(one).split(":")[0] for one in bill(tiny, "au-inland").left_out]
    assert told == ["water pipe", "railway", "running costs"]


def test_an_island_has_no_bill(tiny):
    with pytest.raises(ScoringError, match="island has no access bill"):
        bill(tiny, "jp-islet")


def test_the_same_seed_gives_the_same_percentiles(tiny):
    first = bill(tiny, "gl-fjord").totals
    assert set(first) == {"low", "base", "high", "mean", "p10", "p50", "p90"}
    assert bill(tiny, "gl-fjord").totals == first
    other = bill(tiny, "gl-fjord", seed=1).totals
    assert other["base"] == first["base"]
    assert other["p50"] != first["p50"]


def test_one_certain_item_keeps_only_the_overrun(tiny):
    items = pd.DataFrame([[100.0, 100.0, 100.0]], columns=COSTS)
    totals = simulate(tiny.methods.parameters, items, draws=200_000, seed=0)
    # published fit of as-built over estimated cost: mean 1.26, P10 0.97, P50 1.11, P90 1.67
    assert totals.mean() == pytest.approx(126, abs=1)
    assert np.percentile(totals, [10, 50, 90]) == pytest.approx([97, 111, 167], abs=1)


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.9])
def test_an_item_keeps_its_own_triangle_however_items_are_correlated(tiny, correlation):
    items = pd.DataFrame([[10.0, 20.0, 60.0]], columns=COSTS)
    alone = {**tiny.methods.parameters, "cost_correlation": correlation, "overrun_shift": 0.0, "overrun_mu": 0.0,
             "overrun_sigma": 0.0}  # fmt: skip
    totals = simulate(alone, items, draws=100_000, seed=0)
    # by the formula of its quantiles: 10 plus the root of 0.1 * 50 * 10, 60 less those of 0.5 and 0.1 * 50 * 40
    assert np.percentile(totals, [10, 50, 90]) == pytest.approx([17.07, 28.38, 45.86], abs=0.2)


def test_correlated_items_have_the_wider_tail(tiny):
    items = pd.DataFrame([[10.0, 20.0, 60.0]] * 6, columns=COSTS)
    sure = {**tiny.methods.parameters, "overrun_sigma": 0.0}
    spread = [
        np.ptp(np.percentile(simulate({**sure, "cost_correlation": rho}, items, draws=20_000, seed=0), [5, 95]))
        for rho in (0.0, 0.5)
    ]
    assert spread[1] > 1.3 * spread[0]


@settings(max_examples=20, deadline=None)
@given(st.floats(-0.5, 0.9), st.floats(0.0, 0.4))
def test_a_site_farther_from_the_road_never_pays_less_for_it(tiny, make, lat, more):
    rows = [make["site"](f"au-{k}", 5, lat - k * more, "AU", "outback") for k in (0, 1)]
    found = bills(with_sites(tiny, make["sites"](rows)))
    near, far = (found[f"au-{k}"].items.set_index("item_id").loc["haul_road", "cost_usd_m"] for k in (0, 1))
    assert far >= near - 1e-9 or math.isclose(far, near)
