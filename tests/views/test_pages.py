"""The pages run without a browser: choice, address, filters and refusals."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from oreway.layers.errors import CatalogError
from oreway.views import cached

ROOT = Path(__file__).parent.parent.parent
WAIT_S = 120


@pytest.fixture
def app() -> AppTest:
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=WAIT_S)


def panel(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_the_first_page_says_what_to_do(app: AppTest) -> None:
    app.run()
    assert not app.exception
    assert any("Click a site" in element.value for element in app.markdown)


def test_the_address_chooses_the_site(app: AppTest) -> None:
    app.query_params["site"] = "gl-tanbreez"
    app.run()
    assert not app.exception
    assert "<h3>Tanbreez</h3>" in panel(app)
    assert app.selectbox(key="find").value == "gl-tanbreez"


def test_in_a_frame_map_and_panel_stand_alone_with_a_way_out(app: AppTest) -> None:
    app.query_params["embed"] = "1"
    app.query_params["site"] = "gl-tanbreez"
    app.run()
    assert not app.exception
    shown = panel(app)
    assert "<h3>Tanbreez</h3>" in shown
    assert "stHeader], [class*=st-key-beyond-embed]" in shown
    assert '<a href="?site=gl-tanbreez" target="_blank"' in shown
    assert not app.get("download_button")
    app.run()
    assert "stHeader], [class*=st-key-beyond-embed]" in panel(app)


def test_the_address_chooses_a_point(app: AppTest) -> None:
    app.query_params["at"] = "-40,30"
    app.run()
    assert not app.exception
    assert "30.000° N, 40.000° W" in panel(app)


@pytest.mark.parametrize("at", ["north", "200,10", "1,2,3", "nan,4"])
def test_a_point_that_cannot_be_read_is_refused_in_words(app: AppTest, at: str) -> None:
    app.query_params["at"] = at
    app.run()
    assert not app.exception
    assert at in app.error[0].value


def test_an_unknown_site_is_answered_with_the_nearest_spellings(app: AppTest) -> None:
    app.query_params["site"] = "gl-tanbrez"
    app.run()
    assert not app.exception
    assert "gl-tanbreez" in app.error[0].value


def test_the_search_box_writes_the_address(app: AppTest) -> None:
    app.run()
    app.selectbox(key="find").set_value("au-nolans").run()
    assert not app.exception
    assert app.query_params["site"] == "au-nolans"
    assert "<h3>Nolans</h3>" in panel(app)


def test_japanese_is_kept_in_the_address(app: AppTest) -> None:
    app.query_params["lang"] = "ja"
    app.query_params["site"] = "jp-minamitorishima"
    app.run()
    assert not app.exception
    assert "南鳥島" in panel(app)


def test_a_damaged_file_becomes_a_box_with_the_cure(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise CatalogError("data/infrastructure/ports.parquet: checksum differs from catalog.toml; restore it")

    monkeypatch.setattr(cached, "world", broken)
    app.run()
    assert not app.exception
    assert app.error
    assert "ports.parquet" in app.code[0].value
