"""What a shared link holds: weights, scenario, area and shading come back, and what cannot be read is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreway.views import scenario
from oreway.views.address import read_ring
from oreway.views.answers import Built
from tests.views.helpers import open_page

NAMES = ["port_km", "road_km", "power_km"]


@given(st.dictionaries(st.sampled_from(NAMES), st.integers(0, 100)))
def test_weights_come_back_whole(weights: dict[str, int]) -> None:
    assert scenario.read_weights(scenario.weights_word(weights), NAMES) == dict.fromkeys(NAMES, 0) | weights


@pytest.mark.parametrize("word", ["2~port_km.20", "1~harbour.20", "1~port_km.101", "1~port_km", "port_km.20"])
def test_weights_that_are_none_are_refused(word: str) -> None:
    with pytest.raises(scenario.ScenarioError):
        scenario.read_weights(word, NAMES)


def test_a_scenario_comes_back_and_a_damaged_or_impossible_one_is_refused() -> None:
    built = [Built(class_="port", wkt="POINT (-45.2 60.95)", name="Kaj", size=12.0)]
    word = scenario.scenario_word(built, ["gl-tanbreez:stage=fs"])
    assert len(word) < 200
    assert scenario.read_scenario(word) == (built, ["gl-tanbreez:stage=fs"])
    assert scenario.scenario_word([], []) == ""
    for wrong in (word[:-9], f"2{word[1:]}", "1~%%", scenario.scenario_word(built, ["gl-nowhere:stage=fs"])):
        with pytest.raises(scenario.ScenarioError):
            scenario.read_scenario(wrong)


def test_comparisons_in_pairs_come_back_whole_and_those_that_are_none_are_refused() -> None:
    names = ["port", "road", "rail"]
    told = {("port", "road"): "3", ("port", "rail"): "1", ("road", "rail"): "1/5"}
    word = scenario.pairs_word(told)
    assert word == "1~port.road.3~road.rail.-5"
    assert scenario.read_pairs(word, names) == {("port", "road"): "3", ("road", "rail"): "1/5"}
    for wrong in ("2~port.road.3", "1~port.harbour.3", "1~port.road.10", "1~port.road", "1~port.road.x", "1~"):
        with pytest.raises(scenario.ScenarioError):
            scenario.read_pairs(wrong, names)


def test_a_link_restores_weights_scenario_area_shading_and_tells_what_it_cannot_read() -> None:
    word = scenario.scenario_word([], ["gl-tanbreez:stage=fs"])
    app = open_page(
        "explore", profile="own_weights", weights="1~port.20~road.7", whatif=word, area="-60,59_-20,59_-20,84",
        shape="linear", where="seabed", score="20-80", at="here",
    )  # fmt: skip
    held = app.session_state
    assert (held["weight_port"], held["weight_road"], held["changed_facts"]) == (20, 7, ["gl-tanbreez:stage=fs"])
    assert held["filter_area"] == ((-60.0, 59.0), (-20.0, 59.0), (-20.0, 84.0))
    address = {name: "".join(value) for name, value in app.query_params.items()}
    assert address["weights"] == "1~port.20~road.7"
    assert (address["whatif"], address["area"], address["where"]) == (word, "-60,59_-20,59_-20,84", "seabed")
    told = " ".join(one.value for one in app.error)
    assert "here" in told
    app.query_params.clear()
    app.query_params.update({"weights": "1~harbour.3", "whatif": "9~x", "area": "there"})
    app.run()
    told = " ".join(one.value for one in app.error)
    assert all(word in told for word in ("weights", "harbour", "whatif", "area", "there"))


def test_a_damaged_scenario_is_told_on_the_page_it_is_for_in_the_reader_s_language() -> None:
    told = " ".join(one.value for one in open_page("what_if", whatif="1~%%", lang="ja").error)
    assert "壊れています" in told
    assert "damaged" not in told


def test_a_link_to_compared_pairs_opens_with_the_comparisons() -> None:
    app = open_page("rank", profile="pairs", pairs="1~power.port.-9")
    assert app.session_state["compared_pairs"]["power", "port"] == "1/9"
    assert "".join(app.query_params["pairs"]) == "1~power.port.-9"
    assert "port 20.5 %" in " ".join(one.value for one in app.text)


def test_a_link_opens_prices_balance_claims_and_facts_as_they_were_and_keeps_to_what_there_is() -> None:
    told = {
        "ree": "1",
        "firm": "1",
        "product": "DyTb",
        "dytb_t": "900",
        "facts": "tanbreez uranium",
        "year": "2035",
        "element": "DyTb",
    }
    app = open_page("said", **told, ndpr_t="9", own_price="x", verdict="wrong,right")
    assert app.multiselect(key="said_verdicts").value == ["wrong"]
    held = app.session_state
    assert held["prices_firm"]
    assert (held["prices_only"], held["prices_product"], held["prices_tonnes_DyTb"]) == (True, "DyTb", 900)
    assert (held["prices_tonnes_NdPr"], held["price_ndpr"]) == (15_000, 80)  # 9 t and x are none
    assert (held["facts_find"], held["balance_year"]) == ("tanbreez uranium", 2035)
    address = {name: "".join(value) for name, value in app.query_params.items()}
    assert address == told | {"verdict": "wrong"}


def test_an_area_needs_three_corners_on_the_earth() -> None:
    assert read_ring([[0, 0], [1, 0], [1, 1]]) == ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
    for wrong in ([[0, 0], [1, 1]], [[0, 0], [1, 0], [1, 91]], "abc", None, [[0, 0], [1, 0], ["nan", 1]]):
        assert read_ring(wrong) == ()


def test_a_scenario_comes_back_from_its_file_and_another_file_is_refused() -> None:
    port = Built(class_="port", wkt="POINT (-45.9 60.85)", name="Quay", size=12.0)
    saved = scenario.scenario_file([port], ["au-nolans:stage=producing"])
    assert scenario.read_scenario_file(saved) == ([port], ["au-nolans:stage=producing"])
    spoilt = saved.replace(b"au-nolans", b"au-nowhere"), saved.replace(b"POINT", b"PLACE")
    for wrong in (b"{}", b"[1]", b"\xff", *spoilt):
        with pytest.raises(scenario.ScenarioError):
            scenario.read_scenario_file(wrong)
