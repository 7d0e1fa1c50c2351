"""The compare page: what sets sites apart is said in words and adds up."""

import pytest

from oreway.outputs.report import comparison_tables as side_by_side
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


def test_the_differences_named_are_the_largest_contributions() -> None:
    judged = cached.assessments(cached.world().data_version)
    (upper, lower, points), *_ = side_by_side.pairs(judged, ["gl-tanbreez", "gl-kvanefjeld"])
    total = {key: judged[key].total for key in (upper, lower)}
    assert points == pytest.approx((total[upper] or 0) - (total[lower] or 0))
    gaps = [abs(gap) for _, gap in side_by_side.differences(judged, upper, lower)]
    assert gaps == sorted(gaps, reverse=True)
