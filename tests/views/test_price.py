"""The site page: a price to try where the inputs are published, what is missing where they are not."""

import pandas as pd
from streamlit.testing.v1 import AppTest

from oreway.scoring.price.breakeven import break_even
from oreway.scoring.world.world import open_world
from tests.views.helpers import open_page


def prices(app: AppTest) -> pd.DataFrame:
    """Return the table of the net present value at each price."""
    return next(table.value for table in app.table if any("NPV" in str(column) for column in table.value.columns))


def test_a_site_with_published_inputs_has_a_break_even_and_a_price_to_try() -> None:
    app = open_page("site", site="au-nolans")
    slider = app.slider(key="price_ndpr")
    before = prices(app)
    slider.set_value(200).run()
    assert not app.exception
    after = prices(app)
    assert len(after) == len(before)
    assert not after.equals(before)


def test_a_site_without_a_plan_of_its_own_shows_the_estimate_of_the_price_page_and_what_the_plan_lacks() -> None:
    world = open_world()
    among_all = break_even(world.sites, world.facts).loc["au-mt-weld"]
    app = open_page("site", site="au-mt-weld")
    assert not app.exception
    told = next(one.value for one in app.text if one.value.startswith("By published cost equations"))
    assert all(f"{among_all[name]:.1f}" in told for name in ("p10", "p50", "p90"))
    assert any(one.value.startswith("By its own published plan: Not assessable") for one in app.caption)
    assert not app.slider


def test_the_price_page_shows_every_site_its_decks_and_what_a_floor_brings() -> None:
    app = open_page("prices")
    assert not app.exception
    table = app.dataframe[0].value
    assert len(table) >= 40
    assert table["high %"].max() == 100
    assert "NdPr" in app.dataframe[2].value.to_string() or len(app.dataframe) >= 4
    app.toggle(key="prices_only").set_value(True).run()
    assert not app.exception
    assert 0 < len(app.dataframe[0].value) < len(table)


def test_the_price_page_can_leave_out_what_rests_on_one_weak_page() -> None:
    world = open_world()
    app = open_page("prices", firm="1")
    assert not app.exception
    assert app.toggle(key="prices_firm").value
    assert len(app.dataframe[0].value) == break_even(world.sites, world.facts, only_firm=True)["p50"].notna().sum()
    app.toggle(key="prices_firm").set_value(False).run()
    assert not app.exception
    assert len(app.dataframe[0].value) == break_even(world.sites, world.facts)["p50"].notna().sum()
