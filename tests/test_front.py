"""`import oreway`: frames in, frames out, and the examples of the documents run."""

import doctest
import json
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from typer.testing import CliRunner

import cli
import oreway
from oreway.scoring.errors import ScoringError

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def own():
    points = gpd.points_from_xy([133.3, 122.5], [-22.6, -28.9])
    return gpd.GeoDataFrame({"name": ["North", "South"], "mine": [7, 8]}, geometry=points, crs="EPSG:4326")


def asked(*words):
    done = CliRunner().invoke(cli.app, [*words, "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def known(numbers):
    return {key: value for key, value in numbers.items() if value is not None}


def test_python_and_the_command_give_the_same_scores():
    told = {row["site_id"]: row["total"] for row in asked("score")}
    found = oreway.score()["total"]
    assert set(found.index) == set(told)
    assert found.dropna().to_dict() == pytest.approx(
        {key: value for key, value in told.items() if value is not None}, abs=1e-9
    )


def test_a_point_is_measured_as_on_the_command_line():
    told = {row["class"]: row["distance_km"] for row in asked("nearest", "--lon", "-46", "--lat", "60.983")}
    found = oreway.nearest((-46.0, 60.983)).set_index("class")["distance_km"]
    assert found.dropna().to_dict() == pytest.approx(
        {key: value for key, value in told.items() if value is not None}, abs=1e-9
    )


def test_own_sites_keep_their_columns_and_the_callers_frame_stays_as_it_was(own):
    before = own.copy()
    scored = oreway.score(own)
    assert list(scored["name"]) == ["North", "South"]
    assert [str(value) for value in scored["mine"]] == ["7", "8"]
    assert scored["total"].between(0, 100).all()
    assert scored.crs.to_epsg() == 4326
    pd.testing.assert_frame_equal(own, before)


def test_sites_in_metres_and_sites_in_a_plain_table_are_the_same_sites(own):
    metres = oreway.nearest(own.to_crs(32753), ["port"])["distance_km"]
    table = pd.DataFrame({"name": own["name"], "lon": own.geometry.x, "lat": own.geometry.y})
    assert oreway.nearest(table, ["port"])["distance_km"].tolist() == pytest.approx(metres.tolist(), abs=1e-6)


def test_series_shapes_and_pairs_are_the_same_sites_and_labels_become_ids(own):
    wanted = oreway.nearest(own, ["port"])["distance_km"].tolist()
    pairs = [(133.3, -22.6), (122.5, -28.9)]
    for given in (own.geometry, pairs, np.array(pairs)):
        assert oreway.nearest(given, ["port"])["distance_km"].tolist() == wanted
    assert oreway.nearest(shapely.Point(pairs[0]), ["port"])["distance_km"].tolist() == wanted[:1]
    labelled = oreway.nearest(own.set_axis(["north-7", 9], axis=0), ["port"])
    assert labelled.index.tolist() == ["north-7", "9"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("gl-tanbreez", "a str; give"),
        (("60.97 N", "46.01 W"), "a tuple; give"),
        ([], "a list; give"),
        (pd.DataFrame({"lon": [], "lat": []}), "no rows"),
    ],
)
def test_what_is_no_site_is_refused_with_what_is(given, said):
    with pytest.raises(ScoringError, match=said):
        oreway.nearest(given)


def test_a_table_without_positions_is_refused_with_the_cure():
    with pytest.raises(ScoringError, match=r"no column lon and lat; give lon and lat, or a GeoDataFrame"):
        oreway.score(pd.DataFrame({"x": [1]}))


def test_a_site_nobody_knows_is_refused():
    with pytest.raises(ScoringError, match="not known"):
        oreway.bill("gl-nowhere")


@pytest.mark.parametrize(
    "ask", [lambda lang: oreway.report("gl-tanbreez", lang=lang), lambda lang: oreway.site_map(lang=lang)]
)
def test_a_language_nobody_wrote_is_refused_with_those_there_are(ask):
    with pytest.raises(ScoringError, match="language 'xx': not known; choose from en, ja"):
        ask("xx")


def test_reasons_come_to_python_as_sentences():
    rows = oreway.nearest((-46.0, 60.983), ["rail", "coast"]).set_index("class")
    assert rows["note"]["rail"] == "Greenland has no railway"
    assert rows["name"]["coast"] == "Coast of Greenland"


def test_the_items_of_a_bill_add_up_to_its_total():
    table = oreway.bill("gl-tanbreez")
    assert table["cost_usd_m"].sum() == pytest.approx(table.attrs["base"], rel=1e-9)


def test_a_whatif_needs_something_that_changes():
    with pytest.raises(ScoringError, match="nothing changes"):
        oreway.whatif()


def test_the_map_is_a_folium_map_that_names_no_other_host(tmp_path):
    made = oreway.site_map(
        oreway.sites().loc[["gl-tanbreez", "jp-minamitorishima", "my-kuantan"]].assign(total=float("nan"))
    )
    assert isinstance(made, folium.Map)
    made.save(str(tmp_path / "map.html"))
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "Tanbreez" in page
    assert 'src="http' not in page
    assert 'href="http' not in page
    assert len(page) < 15e6
    assert "<iframe" in made._repr_html_()


def test_a_name_that_is_markup_stays_text_on_the_map():
    site = oreway.sites().loc[["gl-tanbreez"]].assign(name="<img src=x onerror=alert(1)>", total=float("nan"))
    assert "<img src=x" not in oreway.site_map(site).get_root().render()


def test_the_examples_of_the_python_page_run():
    done = doctest.testfile(str(ROOT / "docs" / "python.md"), module_relative=False, optionflags=doctest.ELLIPSIS)
    assert done.attempted > 10
    assert done.failed == 0


def test_the_example_notebook_runs(tmp_path):
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.read(ROOT / "docs" / "examples" / "first_look.ipynb", as_version=4)
    NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}).execute()
    shown = [output for cell in book.cells if cell.cell_type == "code" for output in cell.outputs]
    assert any("text/html" in output.get("data", {}) for output in shown)
    assert not any(output.output_type == "error" for output in shown)
