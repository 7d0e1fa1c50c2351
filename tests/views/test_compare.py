"""The compare page: what sets sites apart is said in words and adds up."""

import re

import pandas as pd
import pytest

from oreway.outputs.files import own_table
from oreway.outputs.report import comparison_tables as side_by_side
from oreway.scoring.batch.own_sites import own_scores
from oreway.views import cached
from tests.views.helpers import open_page


def test_two_sites_of_the_address_stand_side_by_side_and_stay_on_another_page() -> None:
    app = open_page("compare", **{"with": "gl-tanbreez,gl-kvanefjeld"})
    assert app.multiselect(key="compare_sites").value == ["gl-tanbreez", "gl-kvanefjeld"]
    assert "points above" in app.text[0].value
    assert list(app.table[0].value.columns) == ["Tanbreez", "Kvanefjeld"]
    app.switch_page("views/rank.py").run()
    app.switch_page("views/compare.py").run()
    assert app.multiselect(key="compare_sites").value == ["gl-tanbreez", "gl-kvanefjeld"]


def test_land_and_sea_are_not_compared_by_their_totals() -> None:
    app = open_page("compare", **{"with": "gl-tanbreez,jp-minamitorishima"})
    assert "different weights" in app.warning[0].value


def test_the_bars_of_every_compared_site_stand_in_one_order() -> None:
    app = open_page("compare", **{"with": "gl-tanbreez,au-nolans"})
    columns = [re.findall('<div class="bar"><span>([^<]+)', one.proto.body) for one in app.get("html")]
    first, second = [bars for bars in columns if bars]  # a fjord's weights rank other things first than the outback's
    assert first == second


def test_the_differences_named_are_the_largest_contributions() -> None:
    judged = cached.assessments(cached.world().data_version)
    (upper, lower, points), *_ = side_by_side.pairs(judged, ["gl-tanbreez", "gl-kvanefjeld"])
    total = {key: judged[key].total for key in (upper, lower)}
    assert points == pytest.approx((total[upper] or 0) - (total[lower] or 0))
    gaps = [abs(gap) for _, gap in side_by_side.differences(judged, upper, lower)]
    assert gaps == sorted(gaps, reverse=True)


def test_a_site_of_ones_own_is_compared_and_has_its_ways() -> None:
    frame = own_table.read_table(
        pd.DataFrame({"name": ["Mine"], "lon": [133.2], "lat": [-22.6], "commodities": ["REE"], "stage": [""],
                      "position_accuracy_km": [1.0]})
    ).sites  # fmt: skip
    scores = own_scores(cached.world(), frame)
    app = open_page("compare")
    app.session_state["own_scored"], app.session_state["own_mark"] = frame.join(scores[["total"]]), 1
    app.session_state["compare_sites"] = ["au-nolans", "own-1"]
    app.run()
    assert not app.exception
    assert "▼ Mine" in app.text[0].value
    assert list(app.table[0].value.columns) == ["Nolans", "▼ Mine"]
    app.session_state["supply_own"] = "own-1"
    app.switch_page("views/supply.py").run()
    assert not app.exception
    assert any("Lynas" in one.value or "takes" in one.value for one in app.text)
