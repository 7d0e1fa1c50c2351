"""Files of points in many formats go in and come out whole; what cannot be used is told by line or refused."""

import json
from pathlib import Path

import duckdb
import duckdb_extension_spatial
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from oreway.scoring.batch.batch import batch
from oreway.scoring.batch.rejects import rejects_path
from oreway.scoring.errors import ScoringError
from tests.scoring.batch_points import by_line, mini_points, run

pytestmark = pytest.mark.usefixtures("cache")
TEXTS = {
    "semicolons and decimal commas": ("Name;Länge;Breite\nA;5,25;0,5\n", "utf-8", (5.25, 0.5)),
    "letters": ("name,longitude,latitude\nA,5.25 E,0.5S\n", "utf-8", (5.25, -0.5)),
    "Windows": ("Näme,X,Y\nÄ,5.25,0.5\n", "cp1252", (5.25, 0.5)),
    "byte-order mark": ("lon,lat\n5.25,0.5\n", "utf-8-sig", (5.25, 0.5)),
    "UTF-16": ("lon,lat\n5.25,0.5\n", "utf-16", (5.25, 0.5)),
    "units": ("Longitude (deg),Latitude [°]\n5.25,0.5\n", "utf-8", (5.25, 0.5)),
    "separator line": ("sep=;\nlon;lat\n5.25;0.5\n", "utf-8", (5.25, 0.5)),
}


@pytest.mark.parametrize("kind", TEXTS)
def test_texts_of_many_kinds_are_read(tiny, tmp_path, kind):
    text, encoding, place = TEXTS[kind]
    (tmp_path / "in.csv").write_bytes(text.encode(encoding))
    batch(tmp_path / "in.csv", tmp_path / "out.parquet", world=tiny)
    table = gpd.read_parquet(tmp_path / "out.parquet")
    assert (table["lon"].iloc[0], table["lat"].iloc[0]) == place


def test_bad_rows_are_told_by_line_and_reason_and_the_counts_re_add(tiny, tmp_path):
    text = 'id,lon,lat\na,5,0\nb,400,0\nc,5\n\nd,x,0\ne,5,-91\nf,5,1,7\n"g",6,0\nh,,0\n\n'
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    done = batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny)
    told = pd.read_csv(done.rejects).set_index("line")["reason"]
    assert told.index.tolist() == [3, 4, 6, 7, 8, 10]
    assert [word in told[line] for line, word in ((3, "longitude 400"), (6, "'x'"), (7, "latitude -91"))] == [True] * 3
    assert (done.rows_in, done.rows_out, done.rejected) == (8, 2, 6)
    kept = pd.read_csv(tmp_path / "out.csv")
    assert kept["site_id"].tolist() == ["a", "g"]
    assert kept["line"].tolist() == [2, 9]


def test_no_rejects_file_is_left_from_a_run_before(tiny, tmp_path):
    (tmp_path / "in.csv").write_text("lon,lat\n500,0\n5,0\n", encoding="utf-8")
    assert batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny).rejects == rejects_path(tmp_path / "out.csv")
    (tmp_path / "in.csv").write_text("lon,lat\n5,0\n", encoding="utf-8")
    assert batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny).rejects is None
    assert not rejects_path(tmp_path / "out.csv").exists()


REFUSED = {
    "no longitude": ("in.csv", "lat,name\n1,a\n", "out.csv", "no longitude column"),
    "unknown ending": ("in.xyz", "1 2 3", "out.csv", "names no format of points"),
    "unknown output": ("in.csv", "lon,lat\n1,2\n", "out.xlsx", "names no format"),
    "own input": ("in.csv", "lon,lat\n1,2\n", "in.csv", "is the input"),
    "missing folder": ("in.csv", "lon,lat\n1,2\n", "absent/out.csv", "no such folder"),
    "no parquet": ("in.parquet", "lon,lat\n1,2\n", "out.csv", "not readable"),
    "no geojson": ("in.geojson", "[1, 2]", "out.csv", "no GeoJSON"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_used_is_refused_and_leaves_nothing(tiny, tmp_path, kind):
    source, text, out, message = REFUSED[kind]
    (tmp_path / source).write_text(text, encoding="utf-8")
    with pytest.raises(ScoringError, match=message):
        batch(tmp_path / source, tmp_path / out, world=tiny)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == [source]


def test_an_input_without_rows_gives_an_output_without_rows(tiny, tmp_path):
    (tmp_path / "in.csv").write_text("lon,lat\n", encoding="utf-8")
    done = batch(tmp_path / "in.csv", tmp_path / "out.parquet", world=tiny)
    assert (done.rows_in, len(gpd.read_parquet(tmp_path / "out.parquet"))) == (0, 0)


def test_every_format_holds_the_same(tiny, tmp_path):
    points = mini_points(150)
    _, expected = run(points, tmp_path, tiny, chunk_rows=64)
    folder = str(tmp_path / "parts") + "/"
    for out in (*(str(tmp_path / f"out.{kind}") for kind in ("csv", "geojson", "gpkg")), folder):
        batch(tmp_path / "in.parquet", out, world=tiny, chunk_rows=64)
    text = pd.read_csv(tmp_path / "out.csv")
    page = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    parts, packed = by_line(folder), gpd.read_file(tmp_path / "out.gpkg")
    assert [feature["id"] for feature in page["features"]] == packed["site_id"].tolist()
    assert parts["line"].tolist() == list(range(1, 151))
    for name in ("port_km", "ice_low_km", "total", "coverage"):
        np.testing.assert_allclose(text[name], expected[name], rtol=1e-15)
        np.testing.assert_allclose(parts[name], expected[name], rtol=0)
        np.testing.assert_allclose(packed[name], expected[name], rtol=0)
        properties = [feature["properties"][name] for feature in page["features"]]
        np.testing.assert_allclose(np.array(properties, dtype=float), expected[name], rtol=0)
    assert page["bbox"] == [round(side, 6) for side in expected.total_bounds]


def test_geojson_and_geoparquet_are_read_as_well(tiny, tmp_path):
    points = mini_points(40)
    frame = gpd.GeoDataFrame(points[["id"]], geometry=gpd.points_from_xy(points["lon"], points["lat"]), crs="EPSG:4326")
    frame.to_file(tmp_path / "in.geojson")
    frame.to_parquet(tmp_path / "geo.parquet")
    _, expected = run(points, tmp_path, tiny)
    for source in ("in.geojson", "geo.parquet"):
        batch(tmp_path / source, tmp_path / "again.parquet", world=tiny)
        again = gpd.read_parquet(tmp_path / "again.parquet")
        pd.testing.assert_frame_equal(pd.DataFrame(again), pd.DataFrame(expected))


def test_geoparquet_in_another_system_is_turned(tiny, tmp_path):
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy([5], [0]), crs="EPSG:4326").to_crs(3577)
    frame.to_parquet(tmp_path / "in.parquet")
    batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny)
    table = gpd.read_parquet(tmp_path / "out.parquet")
    assert (table["lon"].iloc[0], table["lat"].iloc[0]) == pytest.approx((5, 0), abs=1e-7)


def test_lines_and_missing_geometry_are_rejected(tiny, tmp_path):
    features = [
        {"type": "Feature", "properties": {"id": "a"}, "geometry": geometry}
        for geometry in (
            {"type": "Point", "coordinates": [5, 0]},
            None,
            {"type": "LineString", "coordinates": [[1, 2], [3, 4]]},
        )
    ]
    page = {"type": "FeatureCollection", "features": features}
    (tmp_path / "in.geojson").write_text(json.dumps(page), encoding="utf-8")
    done = batch(tmp_path / "in.geojson", tmp_path / "out.csv", world=tiny)
    assert (done.rows_out, done.rejected) == (1, 2)
    assert pd.read_csv(done.rejects)["line"].tolist() == [2, 3]


def test_the_output_is_geoparquet_by_the_standard(tiny, tmp_path):
    run(mini_points(300), tmp_path, tiny, members={"data_version": "test"})
    metadata = pq.read_schema(tmp_path / "out.parquet").metadata
    geo = json.loads(metadata[b"geo"])
    column = geo["columns"]["geometry"]
    assert geo["version"] == "1.1.0"
    assert column["crs"]["id"] == {"authority": "EPSG", "code": 4326}
    assert column["covering"]["bbox"]["xmax"] == ["bbox", "xmax"]
    assert json.loads(metadata[b"oreway"]) == {"data_version": "test"}
    part = gpd.read_parquet(tmp_path / "out.parquet", bbox=(0, -5, 10, 5))
    whole = gpd.read_parquet(tmp_path / "out.parquet")
    assert len(part) == len(whole.cx[0:10, -5:5])


def test_row_groups_tell_the_least_and_greatest_of_what_rows_are_chosen_by(tiny, tmp_path):
    run(mini_points(300), tmp_path, tiny)
    group = pq.ParquetFile(tmp_path / "out.parquet").metadata.row_group(0)
    told = {group.column(i).path_in_schema for i in range(group.num_columns) if group.column(i).is_stats_set}
    assert told == {"line", "lon", "lat", "total", "bbox.xmin", "bbox.ymin", "bbox.xmax", "bbox.ymax"}


def test_a_formula_in_a_name_is_made_harmless_in_csv(tiny, tmp_path):
    run(pd.DataFrame({"name": ["=1+1", "plain"], "lon": [5.0, 5.0], "lat": [0.0, 0.0]}), tmp_path, tiny)
    batch(tmp_path / "in.parquet", tmp_path / "out.csv", world=tiny)
    assert pd.read_csv(tmp_path / "out.csv")["name"].tolist() == ["'=1+1", "plain"]
    batch(tmp_path / "out.csv", tmp_path / "again.parquet", world=tiny)
    assert pd.read_parquet(tmp_path / "again.parquet")["name"].tolist() == ["=1+1", "plain"]


def test_duckdb_reads_the_output_with_its_box_and_points(tiny, tmp_path):
    spatial = next(Path(duckdb_extension_spatial.__file__).parent.rglob("spatial.duckdb_extension"))
    _, expected = run(mini_points(200), tmp_path, tiny)
    with duckdb.connect() as database:
        database.execute(f"LOAD '{spatial}'")
        asked = (
            "SELECT count(*), max(abs(ST_X(geometry) - lon)), max(abs(ST_Y(geometry) - bbox.ymin)), max(port_km) FROM "
        )
        told = database.execute(f"{asked} '{tmp_path / 'out.parquet'}'").fetchone()
    assert told == (200, 0, 0, pytest.approx(expected["port_km"].max(), rel=1e-15))
