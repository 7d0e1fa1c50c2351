"""Surfaces: cells that say what `nearest` and the score say, in files others can open."""

import contextlib
import json

import numpy as np
import pandas as pd
import pytest
import rasterio

from oreway.geo.cog import Band, CogWriter, Grid
from oreway.outputs.files.files import OutputError
from oreway.outputs.files.regions import REGIONS
from oreway.outputs.files.surface import BILL, MOST_CELLS, REMOTENESS, SCORE, region_box, region_grid, surface
from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.build.bill import bills
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import score_table
from oreway.scoring.measure.measure import nearest
from oreway.scoring.world.world import open_world, with_sites
from tests.scoring.batch_points import as_sites

BOX = "120,-31,124,-27"


@pytest.fixture(scope="module")
def goldfields(tmp_path_factory):
    path = tmp_path_factory.mktemp("surface") / "box.tif"
    made = surface(BOX, path, cell_deg=0.5, classes=["port", "town", "ice"], members={"version": "test"})
    return path, made


def test_a_cell_is_as_far_as_nearest_says_of_its_centre(goldfields, shipped):
    path, _ = goldfields
    with rasterio.open(path) as raster:
        for row, column in ((0, 0), (3, 5), (7, 7)):
            lon, lat = 120.25 + 0.5 * column, -27.25 - 0.5 * row
            found = nearest_by_class(shipped, lon, lat)
            for number, class_ in ((1, "port"), (2, "town")):
                assert raster.read(number)[row, column] == pytest.approx(found[class_], abs=0.001)


def nearest_by_class(world, lon, lat):
    from_world = nearest(world, lon, lat, classes=["port", "town"])
    return from_world.set_index("class")["distance_km"]


def test_what_has_no_distance_has_no_data(goldfields):
    with rasterio.open(goldfields[0]) as raster:
        assert raster.nodata == -9999
        assert raster.read(3, masked=True).mask.all()


def test_bands_carry_name_unit_class_and_data_version(goldfields, shipped):
    path, made = goldfields
    with rasterio.open(path) as raster:
        bill = ("bill_usd_m", "bill_low_usd_m", "bill_high_usd_m")
        assert raster.descriptions == made.bands == ("port_km", "town_km", "ice_km", "score", "score_coverage", *bill)
        assert raster.units[5:] == ("US$M",) * 3
        assert "straight line" in raster.tags(6)["lengths"]
        assert raster.units[:4] == ("km", "km", "km", "points of 100")
        assert raster.tags(1)["class"] == "port"
        assert raster.tags(1)["data_version"] == raster.tags()["data_version"] == shipped.data_version
        assert json.loads(raster.tags()["oreway"]) == {"version": "test"}


def test_the_score_lies_between_0_and_100_with_its_coverage(goldfields):
    with rasterio.open(goldfields[0]) as raster:
        score, coverage = raster.read(4, masked=True), raster.read(5, masked=True)
    assert score.count() > 0
    assert 0 <= score.min() <= score.max() <= 100
    assert 0 < coverage.min() <= coverage.max() <= 1


PLACES = {"-46.5,60.5,-45,61.5": 0.5, "-26,72,-24,73.5": 0.5, "134,-28,138,-26": 1.0, "115,-34,119,-30": 1.0}


@pytest.mark.parametrize("box", PLACES)
def test_a_cell_is_scored_and_billed_as_a_site_at_its_centre(box, tmp_path, monkeypatch):
    for name in ("new_way", "road_way"):  # the surface's lengths are straight by its own words
        monkeypatch.setattr(f"oreway.scoring.build.along.{name}", lambda world, subject, straight, dem="": straight)
    surface(box, tmp_path / "a.tif", cell_deg=PLACES[box], what=[SCORE, BILL])
    with rasterio.open(tmp_path / "a.tif") as raster:
        cells = {name: band.ravel() for name, band in zip(raster.descriptions, raster.read(), strict=True)}
        rows, columns = np.divmod(np.arange(raster.width * raster.height), raster.width)
        lon, lat = raster.xy(rows, columns)
    ids = [f"cell {i}" for i in range(len(lon))]
    points = pd.DataFrame({"id": ids, "lon": lon, "lat": lat, "position_accuracy_km": 0.0})
    world = with_sites(open_world(), as_sites(open_world(), points))
    scores, billed = score_table(world), list(bills(world).values())
    land = cells["score"] > raster.nodata
    assert land.sum() >= len(land) / 3
    assert cells["score"][land] == pytest.approx(scores["total"][land].astype(float), abs=0.001)
    known = cells["bill_usd_m"] > raster.nodata
    assert known.sum() >= len(known) / 3
    for band, total in (("bill_usd_m", "base"), ("bill_low_usd_m", "low"), ("bill_high_usd_m", "high")):
        expected = np.array([getattr(one, total) for one in billed])
        assert cells[band][known] == pytest.approx(expected[known], abs=0.001)
    told = [[plain_text(why) for why in one.left_out] for one in billed]
    unpriced = [any(why.startswith(("road:", "power:", "trucks:")) for why in one) for one in told]
    assert known[land].tolist() == (~np.array(unpriced)[land]).tolist()


def test_only_what_is_asked_for_is_in_the_file(tmp_path):
    made = surface(BOX, tmp_path / "a.tif", cell_deg=1, what=[BILL])
    assert made.bands == ("bill_usd_m", "bill_low_usd_m", "bill_high_usd_m")
    with pytest.raises(OutputError, match="expected some of remoteness, score, bill"):
        surface(BOX, tmp_path / "b.tif", cell_deg=1, what=["beauty"])


def test_the_file_is_cloud_optimised_with_tiles_and_overviews(tmp_path):
    made = surface("110,-45,160,-5", tmp_path / "a.tif", cell_deg=0.05, classes=["port"], what=[REMOTENESS])
    with rasterio.open(tmp_path / "a.tif") as raster:
        assert (raster.width, raster.height) == (made.width, made.height) == (1000, 800)
        assert raster.profile["tiled"]
        assert raster.overviews(1) == [2]
        assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
        assert raster.crs.to_epsg() == 4326
        np.testing.assert_allclose(raster.bounds, (110, -45, 160, -5), atol=1e-9)


def test_whole_kilometres_take_less_room(tmp_path, goldfields):
    surface(BOX, tmp_path / "a.tif", cell_deg=0.5, classes=["port", "town", "ice"], dtype="int16")
    with rasterio.open(tmp_path / "a.tif") as small, rasterio.open(goldfields[0]) as exact:
        assert small.dtypes[0] == "int16"
        assert small.nodata == -32768
        assert np.abs(small.read(1) - exact.read(1)).max() <= 0.501
        shown = small.read(4, masked=True) * small.scales[3]
        np.testing.assert_allclose(shown, exact.read(4, masked=True), atol=0.006)


def test_the_same_surface_is_the_same_bytes(tmp_path):
    for name in ("a.tif", "b.tif"):
        surface(BOX, tmp_path / name, cell_deg=0.5, classes=["port"])
    assert (tmp_path / "a.tif").read_bytes() == (tmp_path / "b.tif").read_bytes()


@pytest.mark.parametrize(("name", "cells"), [("greenland", 16_000_000), ("australia", 14_280_000)])
def test_a_hundredth_of_a_degree_of_a_named_region_has_so_many_cells(name, cells):
    grid = region_grid(REGIONS[name], 0.01)
    assert grid.width * grid.height == cells


@pytest.mark.parametrize("region", ["atlantis", "1,2,3", "10,0,5,1", "170,0,190,1", "0,0,1,95", "a,b,c,d"])
def test_a_region_that_is_none_is_refused(region):
    with pytest.raises(OutputError, match="region"):
        region_box(region)


@pytest.mark.parametrize("cell_deg", [0.0, -1.0, float("nan"), 50.0, 1e-5])
def test_cells_of_no_use_are_refused(cell_deg):
    with pytest.raises(OutputError, match=f"resolution|at most {MOST_CELLS:,}"):
        region_grid(REGIONS["australia"], cell_deg)


def test_refusals_leave_no_file(tmp_path):
    with pytest.raises(ScoringError, match="harbour"):
        surface(BOX, tmp_path / "a.tif", classes=["harbour"])
    with pytest.raises(OutputError, match="tif"):
        surface(BOX, tmp_path / "a.png")
    with pytest.raises(ScoringError, match="no such folder"):
        surface(BOX, tmp_path / "absent" / "a.tif", cell_deg=1, classes=["port"], what=[REMOTENESS])
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_removed_and_a_second_run_is_refused(tmp_path):
    (tmp_path / ".a.tif-killed").mkdir()
    (tmp_path / ".a.tif-killed" / "cells.tif").write_bytes(b"half")
    refused = []

    def meanwhile(done, rows):
        with pytest.raises(ScoringError, match="another run is writing it") as caught:
            surface(BOX, tmp_path / "a.tif", cell_deg=1, classes=["town"], what=[REMOTENESS])
        refused.append(caught)

    surface(BOX, tmp_path / "a.tif", cell_deg=1, classes=["port"], what=[REMOTENESS], progress=meanwhile)
    assert refused
    assert [path.name for path in tmp_path.iterdir()] == ["a.tif"]


def test_a_raster_that_fails_half_way_leaves_nothing(tmp_path):
    grid = Grid(west=0, north=1, cell_deg=0.5, width=2, height=2)
    band = Band(name="a", unit="km", scale=1.0, tags={})
    raster = CogWriter(tmp_path / "a.tif", grid, [band], dtype="float32", tags={})
    with contextlib.ExitStack() as stack:
        stack.enter_context(pytest.raises(RuntimeError))
        stack.enter_context(raster).write(0, {"a": np.zeros((1, 2))})
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
