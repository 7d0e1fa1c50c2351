"""The what-if page: what is built raises scores, what cannot be read is refused in words, and nothing is lost."""

import io
import re

import pypdf
import pytest

from oreway.outputs.files import drawn_shapes as drawn
from oreway.outputs.files.files import OutputError
from oreway.scoring.whatif import closing
from oreway.scoring.whatif.changes import read_change, with_change
from oreway.views import answers, cached, changes, scenario
from tests.views.helpers import open_page


def test_a_port_beside_a_site_raises_it_and_is_kept_when_the_page_changes() -> None:
    app = open_page("what_if")
    app.text_area(key="build_where").set_value("-45.9, 60.85").run()
    app.button[0].click().run()
    assert not app.exception
    assert not app.error
    table = app.dataframe[0].value
    assert (table["Gain"].dropna() >= 0).all()
    assert table["Gain"].iloc[0] > 1
    app.switch_page("views/method.py").run()
    app.switch_page("views/what_if.py").run()
    assert len(app.dataframe[0].value) == len(table)
    next(button for button in app.button if "everything" in button.label).click().run()
    assert not app.dataframe


def test_a_road_that_joins_nothing_is_refused_in_words() -> None:
    app = open_page("what_if")
    app.selectbox(key="build_class").set_value("road").run()
    app.text_area(key="build_where").set_value("-40, 75; -41, 75").run()
    app.button[0].click().run()
    assert not app.exception
    assert "joins nothing" in app.error[0].value


@pytest.mark.parametrize("text", ["", "north", "1", "200, 10", "1, 2; 1, 2", "nan, 3", "1,2,3"])
def test_coordinates_that_cannot_be_used_are_refused_with_the_cure(text: str) -> None:
    with pytest.raises(OutputError, match="coordinates: "):
        drawn.shape_from(text)


def test_a_line_over_180_degrees_is_drawn_without_a_jump() -> None:
    (line,) = drawn.drawing([(drawn.shape_from("179, 10; -179, 11"), "x")])
    assert line["points"] == [[179, 10], [181, 11]]


def test_clicks_make_a_line_or_move_a_point() -> None:
    assert drawn.with_point("1, 2", 3, 4, is_line=True) == "1, 2; 3.00000, 4.00000"
    assert drawn.with_point("1, 2", 3, 4, is_line=False) == "3.00000, 4.00000"


def test_a_changed_fact_moves_its_site_alone_and_a_wrong_one_is_refused() -> None:
    app = open_page("what_if")
    app.text_input(key="build_change").set_value("au-nolans:lat=-20").run()
    next(button for button in app.button if button.label == "Change it").click().run()
    assert not app.exception
    assert app.dataframe[0].value["Site"].iloc[0] == "Nolans"
    assert re.match(r"1 of \d+ sites loses: Nolans −", app.text[0].value)
    table = app.dataframe[0].value.set_index("Site")
    assert table.loc["Nolans", "Gain"] < 0
    assert (table["Gain"].drop("Nolans").dropna() == 0).all()
    assert table.loc["Nolans", "Way to a refinery after, km"] != table.loc["Nolans", "Way to a refinery before, km"]
    app.text_input(key="build_change").set_value("au-nolans:stage=done").run()
    next(button for button in app.button if button.label == "Change it").click().run()
    assert "choose from" in app.error[0].value


def test_a_fact_is_changed_by_menus_and_undone() -> None:
    app = open_page("what_if")
    app.selectbox(key="build_site").set_value("au-nolans").run()
    app.selectbox(key="build_fact").set_value("gate.no_consent").run()
    app.selectbox(key="build_value_au-nolans_gate.no_consent").set_value("closed").run()
    next(button for button in app.button if button.label == "Change this fact").click().run()
    assert not app.exception
    assert "Gate of Nolans: Licence and consent: open → closed." in app.text[0].value
    assert "No site loses." in app.text[0].value
    labels = [button.label for button in app.button]
    assert any(re.fullmatch("Take back Nolans: Licence and consent → closed", label) for label in labels)
    next(button for button in app.button if button.label == "Undo").click().run()
    assert not app.dataframe


def test_a_port_is_closed_by_menus_kept_in_the_address_and_opened_again() -> None:
    app = open_page("what_if")
    app.selectbox(key="close_site").set_value("au-nolans").run()
    darwin = closing.closed_feature(cached.world(), closing.read_closing("port:Darwin"))
    app.selectbox(key="close_thing_port_au-nolans").set_value(str(darwin.name)).run()
    next(button for button in app.button if button.label == "Close it").click().run()
    assert not app.exception
    assert "loses: Nolans −" in app.text[0].value
    assert "No site gains." in app.text[0].value
    word = "".join(app.query_params["whatif"])
    assert word.startswith("2~")
    assert scenario.read_scenario(word) == ([], [f"close:port:{darwin.name}"])
    kept = scenario.scenario_file([], [f"close:port:{darwin.name}"])
    assert scenario.read_scenario_file(kept) == scenario.read_scenario(word)
    next(button for button in app.button if button.label == "Open Darwin again").click().run()
    assert not app.dataframe


@pytest.mark.parametrize("gate", ["no_consent", "Licence and consent", "許可と同意"])
def test_a_gate_is_named_by_its_id_or_by_the_words_of_the_page(gate: str) -> None:
    from_words = changes.by_id(f"au-nolans:gate.{gate}=closed")
    world = with_change(cached.world(), read_change(from_words))
    facts = world.facts[(world.facts["site_id"] == "au-nolans") & (world.facts["field"] == "gate")]
    assert facts.set_index("category")["value"].to_dict()["no_consent"] == "closed"


def test_a_port_in_mid_ocean_or_in_a_desert_is_questioned_before_it_is_built() -> None:
    app = open_page("what_if")
    for place, words in (("60.85, -45.9", "swapped"), ("10, 25", "inland")):
        app.text_area(key="build_where").set_value(place).run()
        next(button for button in app.button if button.label == "Build it").click().run()
        assert words in app.warning[0].value
        assert not app.dataframe
    next(button for button in app.button if button.label == "Build it all the same").click().run()
    assert not app.warning
    assert len(app.dataframe) == 1


def test_before_and_after_is_a_report() -> None:
    asked = cached.world().data_version, (), ("au-nolans:lat=-20",)
    page = io.BytesIO(answers.after_report(*asked, "en"))
    text = "".join(one.extract_text() for one in pypdf.PdfReader(page).pages)
    assert "Nolans: " in text
    assert "sites loses: Nolans −" in text
    assert "sites stay as they are" in text


def test_a_port_without_a_name_is_told_once_and_many_gains_end_in_one_mark() -> None:
    port = answers.Built(class_="port", wkt="POINT (-46 60.9)", name="port 1", size=12.0)
    page = io.BytesIO(answers.after_report(cached.world().data_version, (port,), (), "en"))
    text = "".join(one.extract_text() for one in pypdf.PdfReader(page).pages)
    assert "port 1, 12 m" in text
    assert "port port" not in text
    assert "…" in text
    assert "…." not in text
