"""The sources page shows every data set and every fact, each with its address."""

from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from oreway.layers.read import read_facts

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def page():
    opened = AppTest.from_file(str(ROOT / "views" / "sources.py"), default_timeout=60).run()
    assert not opened.exception
    return opened


def test_every_fact_stands_on_the_sources_page_with_its_address(page):
    tables = [frame.value for frame in page.dataframe]
    facts = next(table for table in tables if "source_url" in table.columns)
    assert len(facts) == len(read_facts())
    assert {"superseded", "sources disagree"} <= set(facts["state"])
    assert "Licence and consent" in set(facts["category"])  # the page's words, not those of the table
    assert not facts["category"].str.contains("_").any()
    assert list(facts["name"]) == sorted(facts["name"], key=str.casefold)
    tanbreez = facts[(facts["site_id"] == "gl-tanbreez") & (facts["field"] == "resource_mt")]
    assert set(tanbreez["value"]) == {"25.42", "19.45"}
    assert tanbreez["source_url"].str.startswith("https://").all()


def test_how_complete_each_country_is_stands_on_the_sources_page(page):
    meter = next(table.value for table in page.dataframe if "railway" in table.value.columns).set_index("Country")
    # 23,810 km of the 32,606 km that the World Factbook gives
    assert meter.loc["Australia", "railway"] == pytest.approx(23809.5 / 32606, abs=0.001)
    assert pd.isna(meter.loc["Greenland", "railway"])


def test_facts_are_found_by_words_of_the_site_and_of_the_fact(page):
    page.text_input(key="facts_find").set_value("tanbreez uranium").run()
    facts = next(frame.value for frame in page.dataframe if "source_url" in frame.value.columns)
    assert 0 < len(facts) < 100
    assert facts["name"].str.contains("Tanbreez").any()
    page.text_input(key="facts_find").set_value("").run()


def test_the_method_reckons_one_score_by_hand():
    shown = AppTest.from_file(str(ROOT / "views" / "method.py"), default_timeout=120).run()
    assert not shown.exception
    told = next(one.value for one in shown.text if "Mt Weld" in one.value)
    # 15.11 km × 1.3 = 19.65; less 1, over 30 = 0.6216; 2 ^ −0.6216 = 0.650; 17 × 0.650 / 0.91 = 12.1
    assert "2 ^ −((15.11 × 1.3 − 1) / 30) = 0.650" in told
    assert "100 × 0.17 × 0.650 / 0.91 = 12.1 points of the 69.8" in told
