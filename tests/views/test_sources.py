"""The sources page shows every data set and every fact, each with its address."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from oreway.layers.read import read_facts

ROOT = Path(__file__).parent.parent.parent


def test_every_fact_stands_on_the_sources_page_with_its_address():
    page = AppTest.from_file(str(ROOT / "views" / "sources.py"), default_timeout=60).run()
    assert not page.exception
    tables = [frame.value for frame in page.dataframe]
    facts = next(table for table in tables if "source_url" in table.columns)
    assert len(facts) == len(read_facts())
    assert {"superseded", "conflict"} <= set(facts["state"])
    tanbreez = facts[(facts["site_id"] == "gl-tanbreez") & (facts["field"] == "resource_mt")]
    assert set(tanbreez["value"]) == {"25.42", "19.45"}
    assert tanbreez["source_url"].str.startswith("https://").all()
