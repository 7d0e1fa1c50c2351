"""Exports open in other readers and carry licences, date and data version."""

import csv
import io
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from oreway.geo.files.cells import LONGEST_CELL, neutral_text
from oreway.layers.catalog import data_version
from oreway.layers.read import read_layer
from oreway.layers.tables.delimited import unguarded
from oreway.layers.upload.upload import read_here
from oreway.outputs.files import own_table
from oreway.outputs.files.export import csv_bytes, export_frame, export_layer, provenance, site_features, to_bytes
from oreway.outputs.files.files import OutputError, write_whole
from oreway.outputs.files.frames import site_frame
from oreway.outputs.files.workbook import workbook


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


@pytest.fixture(scope="module")
def document(world):
    return json.loads(site_features(world, scores=True))


@pytest.fixture(scope="module")
def scored_twice(world):
    """The scored sites of Greenland, worked out two times."""
    return [export_frame(world, "greenland", scores=True) for _ in range(2)]


def coordinates(geometry):
    return shapely.get_coordinates(shapely.geometry.shape(geometry))


def test_geojson_follows_rfc_7946(document):
    assert document["type"] == "FeatureCollection"
    assert "crs" not in document
    assert len(document["bbox"]) == 4
    areas = []
    for feature in document["features"]:
        points = coordinates(feature["geometry"])
        assert (abs(points[:, 0]) <= 180).all()
        assert (abs(points[:, 1]) <= 90).all()
        shape = shapely.geometry.shape(feature["geometry"])
        areas += [part for part in getattr(shape, "geoms", [shape]) if part.geom_type == "Polygon"]
    assert areas
    assert all(area.exterior.is_ccw for area in areas)


def test_geojson_has_no_more_than_six_decimals(document):
    text = json.dumps([feature["geometry"] for feature in document["features"]])
    longest = max(len(number.split(".")[1]) for number in text.replace("]", ",").split(",") if "." in number)
    assert longest <= 6


def test_missing_values_are_null_and_never_empty_text(document):
    values = [value for feature in document["features"] for value in feature["properties"].values()]
    assert None in values
    assert "" not in values


def test_the_export_says_version_date_and_licences(document):
    said = document["oreway"]
    assert said["data_version"] == data_version()
    assert said["licences"]
    assert said["attributions"]
    assert set(said) == {"version", "data_version", "created", "licences", "attributions"}


def test_scores_in_the_export_readd(document):
    scored = [f["properties"] for f in document["features"] if f["properties"].get("total") is not None]
    assert len(scored) > 40
    for row in scored:
        parts = [value for key, value in row.items() if key.endswith("_contribution") and value is not None]
        assert sum(parts) == pytest.approx(row["total"], abs=1e-9)


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".parquet"])
def test_gdal_reads_the_same_sites_back(world, tmp_path, ending):
    path = tmp_path / f"sites{ending}"
    count = export_layer(world, "greenland", path, scores=True)
    layer = "greenland" if ending == ".gpkg" else None
    frame = gpd.read_parquet(path) if ending == ".parquet" else pyogrio.read_dataframe(path, layer=layer)
    assert len(frame) == count
    assert frame.crs.to_epsg() == 4326
    row = frame.set_index("site_id").loc["gl-tanbreez"]
    assert row.geometry.x == pytest.approx(world.sites.loc["gl-tanbreez", "lon"], abs=1e-6)


def test_parquet_carries_provenance_and_covering_box(world, tmp_path):
    path = tmp_path / "a.parquet"
    export_layer(world, "australia", path)
    metadata = pq.read_schema(path).metadata
    assert json.loads(metadata[b"oreway"])["data_version"] == data_version()
    assert json.loads(metadata[b"geo"])["columns"]["geometry"]["covering"]


def test_csv_opens_in_a_plain_reader(world, tmp_path):
    path = tmp_path / "a.csv"
    export_layer(world, "refining", path)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert {"site_id", "lon", "lat", "oreway_licences"} <= set(rows[0])


def test_csv_tells_where_points_lie_and_the_shape_of_all_else(world, tmp_path):
    for layer_id, point in (("ports", True), ("ice", False), ("minamitorishima", False)):
        export_layer(world, layer_id, tmp_path / "a.CSV")
        row = next(csv.DictReader(io.StringIO((tmp_path / "a.CSV").read_text(encoding="utf-8-sig"))))
        assert ("geometry_wkt" in row) != point
        assert ("lon" in row) == (layer_id != "ice")
    ports = world.infrastructure["ports"]
    export_layer(world, "ports", tmp_path / "p.csv")
    rows = {row["feature_id"]: row for row in csv.DictReader(io.StringIO((tmp_path / "p.csv").read_text("utf-8-sig")))}
    assert len(rows) == len(ports) > 1000
    darwin = rows["wpi-54670"]
    assert (float(darwin["lon"]), float(darwin["lat"])) == pytest.approx((130.85, -12.47), abs=0.02)


def test_an_ending_that_names_no_format_is_refused_before_any_work(world, tmp_path):
    with pytest.raises(OutputError, match=r"a\.xls: ending '\.xls' names no format; use one of \.geojson"):
        export_layer(world, "nowhere", tmp_path / "a.xls")


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".parquet", ".csv"])
def test_the_same_export_twice_has_the_same_bytes(world, scored_twice, tmp_path, monkeypatch, ending):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    one, two = (to_bytes(frame, ending, provenance(used), "greenland") for frame, used in scored_twice)
    assert one == two
    export_layer(world, "greenland", tmp_path / f"plain{ending}")
    frame, used = export_frame(world, "greenland")
    assert (tmp_path / f"plain{ending}").read_bytes() == to_bytes(frame, ending, provenance(used), "greenland")


def test_formulas_become_text_and_numbers_stay():
    assert neutral_text("=1+1") == "'=1+1"
    for text in ("@cmd", "+1", "-1-1", "-A1", "\t=1", "\r=1", "\n=1", "＝1+1", "'=1+1"):
        assert neutral_text(text) == f"'{text}"
    for value in ("Nolans", "'quoted'", -5.0, "-5", "-1.25e-3"):
        assert neutral_text(value) == value


@given(st.text(st.sampled_from("=+-@'＝A1. "), min_size=1).map(str.strip).filter(bool))
def test_the_quote_that_guards_a_cell_is_taken_off_again(text):
    assert unguarded(str(neutral_text(text))) == text
    table = pd.DataFrame({text: [text]})
    header, cell = csv_bytes(table).decode("utf-8-sig").splitlines()
    assert header == cell


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    target = tmp_path / "a.txt"
    target.write_bytes(b"old")
    write_whole(target, b"new")
    assert target.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_folder_in_the_way_is_refused(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        write_whole(tmp_path / "a.csv", b"x")


def test_a_nonsense_epoch_is_refused(world, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(OutputError, match="SOURCE_DATE_EPOCH 'yesterday'"):
        export_layer(world, "greenland", tmp_path / "a.csv")


@pytest.mark.parametrize("ending", [".geojson", ".gpkg", ".parquet", ".csv", ".kml", ".kmz"])
def test_our_own_export_comes_back_as_it_was(world, scored_twice, ending):
    frames = [scored_twice[0][0], export_frame(world, "minamitorishima", scores=True)[0]]
    sites = pd.concat([*frames, export_frame(world, "refining")[0]])
    sites["name"] = ["=1+1", "-Narsaq", "@Tanbreez", "+Motzfeldt", "'=Karrat", *sites["name"][5:]]
    read = read_here(to_bytes(sites, ending, provenance(["refining"]), "sites"), f"sites{ending}")
    came_back(read, sites)
    totals = pd.to_numeric(read.sites["total"]).to_numpy()
    np.testing.assert_allclose(totals, sites["total"].to_numpy(dtype=float), rtol=1e-12)


def test_the_sites_of_a_workbook_come_back_as_they_were(world):
    sites = site_frame(world, [*world.sites.index[world.sites["layer"] == "minamitorishima"], *PLANTS])
    came_back(read_here(workbook(world, list(sites.index)), "sites.xlsx"), sites)


def test_sites_edited_on_the_page_keep_what_the_table_does_not_show(world):
    sites = export_frame(world, "minamitorishima")[0]
    sites = pd.concat([sites, site_frame(world, PLANTS)])
    read = read_here(to_bytes(sites, ".geojson", {}, "sites"), "sites.geojson")
    table = own_table.to_table(read.sites)
    came_back(own_table.read_table(table, read.sites), sites)
    fewer = table.drop(index=[0]).reset_index(drop=True)
    fewer.loc[0, ["lon", "lat"]] = [150.0, 20.0]
    fewer.loc[len(fewer)] = {"name": "new", "lon": 151.0, "lat": 21.0}
    edited = own_table.read_table(fewer, read.sites).sites
    assert list(edited.index) == [*sites.index[1:], "new"]
    assert list(edited["host_minerals"]) == [*sites["host_minerals"].fillna("")[1:], ""]
    assert (edited.geometry.iloc[0].geom_type, edited.geometry.iloc[-1].geom_type) == ("Point", "Point")


PLANTS = ["au-wagerup-gallium", "au-eneabba-refinery", "my-kuantan", "au-kemerton", "ca-saskatoon-vital"]


def came_back(read, sites):
    """Expect what was read to be the sites that were written, and nothing in it unknown."""
    back = read.sites
    assert list(back.index) == list(sites.index)
    assert not [note for note in read.notes if "not known" in note]
    assert shapely.equals_exact(back.geometry.to_numpy(), sites.geometry.to_numpy(), 1e-6, normalize=True).all()
    for column in ("lon", "lat", "position_accuracy_km"):
        np.testing.assert_allclose(back[column], sites[column], rtol=0, atol=1e-9)
    for column in ("name", "kind", "stage", "standing", "commodities", "country", "host_minerals", "aliases"):
        assert list(back[column]) == list(sites[column].fillna("")), column


def test_a_feature_of_the_export_is_known_by_its_site_id(document):
    assert [one["id"] for one in document["features"]] == [one["properties"]["site_id"] for one in document["features"]]
    assert "gl-tanbreez" in {one["id"] for one in document["features"]}


def test_a_shape_too_long_for_a_cell_is_left_out_of_csv_and_said():
    land = read_layer("landmasses")[["name", "geometry"]]
    text = to_bytes(land, ".csv", {"created": "2026-11-26"}, "land").decode("utf-8-sig")
    csv.field_size_limit(10_000_000)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert max(len(cell or "") for row in rows for cell in row.values()) <= LONGEST_CELL
    gone = [row for row in rows if not row["geometry_wkt"]]
    assert gone
    assert all("too long for a cell; export .gpkg" in row["geometry_note"] for row in gone)
    assert sum(bool(row["geometry_wkt"]) for row in rows) + len(gone) == len(land)


def test_the_box_of_a_worldwide_layer_does_not_cross_180(world):
    ports = world.infrastructure["ports"]
    box = json.loads(to_bytes(ports, ".geojson", {}, "ports"))["bbox"]
    assert box == pytest.approx(list(ports.total_bounds), abs=1e-6)
