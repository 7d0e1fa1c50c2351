"""The supply page: routes, marks, closed passages, and a choice that survives another page."""

import itertools
import math

import pytest

from oreway.outputs.report import route_tables as routes
from oreway.outputs.words.formatting import amount
from oreway.scoring.routes.supply import Supply, supply
from oreway.scoring.world.world import World
from oreway.views import cached
from tests.views.helpers import open_page


@pytest.fixture(scope="module")
def world() -> World:
    return cached.world()


@pytest.fixture(scope="module")
def found(world: World) -> Supply:
    return supply(world, "au-yangibana")


def test_the_page_names_the_best_route_and_its_legs() -> None:
    app = open_page("supply", site="au-nolans")
    told = " ".join(element.value for element in app.text)
    assert "Best plant on record" in told
    assert "★" in told
    # the panel beside the map names this one: the page says why its way ends elsewhere
    assert "The score counts the refinery nearest in a straight line, Lynas Kalgoorlie (1,485" in told
    assert len(app.table[0].value) >= 2
    assert {"km", "Days", "US$/t", "kg CO₂/t", "Method"} <= set(app.table[0].value.columns)
    assert any("China" in header.value for header in app.header)


def test_closing_suez_makes_a_route_through_it_longer(world: World) -> None:
    before = supply(world, "gl-tanbreez", to="in-oscom")
    after = supply(world, "gl-tanbreez", to="in-oscom", closed=("suez",))
    assert after.routes[0].distance_km is not None
    assert before.routes[0].distance_km is not None
    assert after.routes[0].distance_km > before.routes[0].distance_km + 1000


def test_a_ticked_passage_reaches_the_answer_and_the_address() -> None:
    app = open_page("supply", site="gl-tanbreez")
    app.checkbox(key="passage_suez").check().run()
    assert not app.exception
    assert app.query_params["closed"] in ("suez", ["suez"])
    assert app.checkbox(key="passage_suez").value


def test_a_route_over_the_pacific_does_not_jump_at_180_degrees(found: Supply) -> None:
    for route in found.routes:
        longitudes = [lon for leg in routes.drawing(route, "en") for lon, _ in leg["points"]]
        steps = [abs(b - a) for a, b in itertools.pairwise(longitudes)]
        assert max(steps) < 180


def test_the_marked_routes_are_the_ones_the_answer_names(found: Supply) -> None:
    table = routes.route_table(found, {}, "en")
    ids = [route.refinery_id for route in found.routes]
    assert "best" in table["role"][ids.index(found.best)].lower()
    assert "allied" in table["role"][ids.index(found.best_allied)]


def test_the_sentence_and_the_table_tell_the_same_numbers(found: Supply) -> None:
    table = routes.route_table(found, {}, "en")
    for name in ("distance_km", "days", "usd_per_t"):
        for route, cell in zip(found.routes, table[name], strict=True):
            value = getattr(route, name)
            told = amount(float("nan") if value is None else value, "en")
            assert told in {f"{cell:,.0f}", f"{cell:,.1f}", "not known"}
    assert routes.as_told(0.53) == 0.5
    assert routes.as_told(17534.6) == 17535
    assert math.isnan(routes.as_told(None))


def test_a_closure_is_shown_with_before_and_after_and_a_stress_test_on_demand() -> None:
    app = open_page("supply", site="au-mt-weld", closed="suez")
    assert not app.exception
    told = "\n".join(one.value for one in app.text)
    assert "All open: " in told
    assert "As closed: " in told
    changed = next(one.value for one in app.dataframe if "km before" in one.value.columns)
    assert (changed["km after"].dropna() > changed["km before"][changed["km after"].notna()]).all()
    next(button for button in app.button if button.label == "Test this site").click().run()
    assert not app.exception
    rows = next(one.value for one in app.dataframe if "Plant after" in one.value.columns)
    assert "Lynas Kalgoorlie" in set(rows["Closed"])


def test_sites_that_ship_nothing_are_not_offered() -> None:
    app = open_page("supply", site="my-kuantan")
    assert not app.exception
    assert app.info
