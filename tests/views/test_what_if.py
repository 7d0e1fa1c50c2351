"""The what-if page: what is built raises scores, what cannot be read is refused in words, and nothing is lost."""

import pytest

from oreway.outputs.files import drawn_shapes as drawn
from oreway.outputs.files.files import OutputError
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
    table = app.dataframe[0].value.set_index("Site")
    assert table.loc["Nolans", "Gain"] < 0
    assert (table["Gain"].drop("Nolans").dropna() == 0).all()
    assert table.loc["Nolans", "Way to a refinery after, km"] != table.loc["Nolans", "Way to a refinery before, km"]
    app.text_input(key="build_change").set_value("au-nolans:stage=done").run()
    next(button for button in app.button if button.label == "Change it").click().run()
    assert "choose from" in app.error[0].value
