import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.access import bill, bills, simulate
from scoring.errors import ScoringError
from scoring.world import with_sites

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


def test_where_there_is_no_grid_the_site_builds_its_own_station(tiny):
    items = bill(tiny, "gl-fjord").items.set_index("item_id")
    assert items.loc["power_station", "quantity"] == 16
    assert "power_line" not in items.index


def test_a_seabed_bill_has_a_riser_as_long_as_the_water_is_deep(tiny):
    found = bill(tiny, "jp-mud")
    items = found.items.set_index("item_id")
    assert items.loc["lift_system", ["quantity_low", "quantity", "quantity_high"]].tolist() == [5.0, 5.5, 6.0]
    assert "haul_road" not in items.index
    assert any("shuttle" in text for text in found.left_out)


def test_what_is_not_priced_is_said(tiny):
    assert any(text.startswith("water") for text in bill(tiny, "au-inland").left_out)


def test_an_island_has_no_bill(tiny):
    with pytest.raises(ScoringError, match="island has no access bill"):
        bill(tiny, "jp-islet")


def test_the_same_seed_gives_the_same_percentiles(tiny):
    assert bill(tiny, "gl-fjord").totals == bill(tiny, "gl-fjord").totals


def test_one_certain_item_keeps_only_the_overrun(tiny):
    items = pd.DataFrame([[100.0, 100.0, 100.0]], columns=COSTS)
    totals = simulate(tiny.methods.parameters, items, draws=200_000, seed=0)
    # published fit of as-built over estimated cost: mean 1.26, P10 0.97, P50 1.11, P90 1.67
    assert totals.mean() == pytest.approx(126, abs=1)
    assert np.percentile(totals, [10, 50, 90]) == pytest.approx([97, 111, 167], abs=1)


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
