"""One file, one answer: page, terminal, batch, Python and saved files give the same score to the same rows."""

import io
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import cli
import oreway
from oreway.layers.upload.upload import read_upload
from oreway.outputs.files import own_table
from oreway.scoring.batch.own_sites import own_scores
from oreway.scoring.world.world import open_world

FILE = (
    "name,lon,lat,tenure\n"
    "Near Kalgoorlie,121.60,-30.70,M26\n"
    "Narsaq,-46.05,60.95,\n"
    "Malawi,33.50,-14.20,EPL 1\n"
    "Bass Strait,146.0,-39.6,\n"
    "Mato Grosso,-56.0,-13.0,x\n"
)
NUMBERS = ["total", "total_low", "total_high", "coverage"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    (folder / "own.csv").write_text(FILE, encoding="utf-8")
    sites = open_world().sites
    sites = sites[sites["kind"].isin(["deposit", "zone"]) & (sites.geom_type == "Point")]
    sites[["name", "lon", "lat"]].rename_axis("id").to_csv(folder / "known.csv")
    return folder


@pytest.fixture(scope="module")
def page():
    """Return the page's scores, by name: the file is read, edited in the table as it stands, and scored."""
    found = read_upload(FILE.encode(), "own.csv")
    sites = own_table.read_table(own_table.to_table(found.sites), found.sites).sites
    scores = own_scores(open_world(), sites)
    assert len(scores) == 5
    return scores.set_index(sites.loc[scores.index, "name"])[NUMBERS].astype(float)


def test_positions_of_the_catalogue_under_its_own_ids_get_one_score_everywhere(folder):
    """A file says what it says: what the catalogue knows of a site with the same id is no fact of the file's."""
    read = read_upload((folder / "known.csv").read_bytes(), "known.csv").sites
    shown = own_scores(open_world(), read)
    assert len(shown) > 60
    told = pd.DataFrame(json.loads(run("score", "--sites", folder / "known.csv", "--json"))).set_index("site_id")
    run("batch", folder / "known.csv", "-o", folder / "known-out.csv")
    for found in (told, pd.read_csv(folder / "known-out.csv").set_index("site_id")):
        same(found, shown[NUMBERS].astype(float))
        assert found["gates"].to_dict() == shown["gates"].to_dict()
        assert "=closed" not in " ".join(found["gates"])


def run(*words):
    result = CliRunner().invoke(cli.app, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_terminal_gives_the_page_s_scores(folder, page):
    told = json.loads(run("score", "--sites", folder / "own.csv", "--json"))
    same(pd.DataFrame(told).set_index("name"), page)


def test_a_batch_gives_the_page_s_scores(folder, page):
    run("batch", folder / "own.csv", "-o", folder / "out.csv")
    same(pd.read_csv(folder / "out.csv").set_index("name"), page)


def test_python_gives_the_page_s_scores(folder, page):
    same(oreway.score(pd.read_csv(io.StringIO(FILE))).set_index("name"), page)


def test_a_saved_file_holds_the_page_s_scores_and_is_scored_alike_when_read_again(folder, page):
    found = read_upload(FILE.encode(), "own.csv")
    judged = gpd.GeoDataFrame(found.sites.join(own_scores(open_world(), found.sites)), crs=found.sites.crs)
    for ending in (".geojson", ".csv"):
        saved = own_table.saved(judged, ending)
        again = read_upload(saved, f"again{ending}")
        same(own_scores(open_world(), again.sites).set_index(again.sites["name"]), page)


def same(table, page):
    """Expect the page's numbers: those of a file are rounded, a row without a total has none anywhere."""
    for name in NUMBERS:
        found = table[name].reindex(page.index).astype(float).to_numpy()
        np.testing.assert_allclose(found, page[name].to_numpy(), atol=0.006, err_msg=name)
