"""The page of the balance: sentences, picture, years and steps, in both languages."""

import pytest

from oreway.scoring.balance.tables import Tables
from tests.test_cli import document
from tests.views.helpers import open_page


@pytest.fixture
def few_draws(monkeypatch):
    real = Tables.number
    monkeypatch.setattr(Tables, "number", lambda self, name, key="": 3.0 if name == "draws" else real(self, name, key))


def test_the_page_tells_the_year_shows_the_flow_and_names_the_steps(few_draws):
    app = open_page("balance", element="DyTb", counts="nonsense")
    assert app.title[0].value == "What could reach magnets without China?"
    told = " ".join(element.value for element in app.markdown)
    assert "In 2030" in told
    assert "t of Dy + Tb" in told
    assert "nothing reaches a magnet" in told
    picture = " ".join(element.proto.body for element in app.get("html"))
    assert "China makes 92 % of the world" in picture
    years, steps = (frame.value for frame in app.dataframe)
    assert len(years) == 16
    assert len(steps) >= 3
    app.selectbox(key="balance_element").set_value("NdPr").run()
    assert not app.exception
    assert "of NdPr" in " ".join(element.value for element in app.markdown)
    told = document("balance")["balance"]  # the command's default is what the page shows
    reached = [row for row in told if row["stage"] == "magnet" and row["bloc"] == "all"]
    assert [round(row["record_mid_t"]) for row in reached] == app.dataframe[0].value["magnet"].tolist()
    assert [round(row["record_low_t"]) for row in reached] == app.dataframe[0].value["P10"].tolist()


def test_the_page_speaks_japanese(few_draws):
    app = open_page("balance", lang="ja")
    assert app.title[0].value == "中国を経ずに磁石まで届く量"
    assert "妨げになっている工程" in " ".join(element.value for element in app.markdown)
    assert "最も効く次の一手" in [element.value for element in app.header]
