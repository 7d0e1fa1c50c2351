"""The page of one's own sites: files are read, checked, scored and given back; their text stays text."""

import json

import pandas as pd
import pytest

from oreway.layers.errors import UploadError
from oreway.layers.upload.upload import read_upload
from oreway.outputs.files import own_table
from oreway.views.assets import _made_folder
from tests.views.helpers import open_page

CSV = b"""name,lon,lat,commodities,stage
East,131.5,-24.1,REE,resource
<img src=x onerror=alert(1)>,133.2,-22.6,REE,bogus
Off,400,2,,
"""


def test_a_file_becomes_the_table_scores_and_files() -> None:
    app = open_page("my_sites")
    app.get("file_uploader")[0].upload("mine.csv", CSV, "text/csv").run()
    assert not app.exception
    assert "400" in app.warning[0].value
    drawn = next(one.proto.body for one in app.get("html") if "<img" in one.proto.body)
    assert "East -24.100, 131.500; &lt;img src=x onerror=alert(1)&gt; -22.600, 133.200" in drawn
    assert (_made_folder() / drawn.split('src="')[1].split('"')[0].rsplit("/", 1)[-1]).stat().st_size > 1000
    table = app.dataframe[-1].value
    assert list(table["Site"]) == ["East", "<img src=x onerror=alert(1)>"]
    assert table["Access score"].notna().all()
    app.switch_page("views/method.py").run()
    app.switch_page("views/my_sites.py").run()
    assert list(app.dataframe[-1].value["Site"])[:1] == ["East"]


def test_an_empty_table_asks_for_a_row() -> None:
    app = open_page("my_sites")
    assert "longitude" in app.info[0].value


def test_the_formats_it_reads_are_told_in_the_readers_language() -> None:
    app = open_page("my_sites", lang="ja")
    told = " ".join(one.value for one in app.markdown)
    assert "zipにしたShapefile" in told
    assert "zipped" not in told


def test_the_table_reads_back_as_the_same_sites() -> None:
    table = own_table.to_table(read_upload(CSV, "mine.csv").sites)
    assert list(table.columns) == list(own_table.COLUMNS)
    assert list(table["stage"]) == ["resource", ""]
    found = own_table.read_table(table)
    assert found is not None
    assert found.sites["lon"].tolist() == [131.5, 133.2]


def test_rows_without_a_position_wait() -> None:
    table = pd.DataFrame([{"name": "x", "lon": None, "lat": 3.0}]).reindex(columns=list(own_table.COLUMNS))
    assert own_table.read_table(table) is None


def test_a_table_off_the_earth_is_refused() -> None:
    table = pd.DataFrame([{"name": "x", "lon": 999.0, "lat": 3.0}]).reindex(columns=list(own_table.COLUMNS))
    with pytest.raises(UploadError, match="longitude 999"):
        own_table.read_table(table)


def test_signs_hold_names_as_data_only() -> None:
    sites = read_upload(CSV, "mine.csv").sites
    signs = json.loads(own_table.signs(sites, pd.Series({sites.index[0]: 73.2})))
    assert signs["name"] == ["East", "<img src=x onerror=alert(1)>"]
    assert signs["note"] == ["73 / 100", ""]
    assert signs["lon"] == [131.5, 133.2]
