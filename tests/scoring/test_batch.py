"""Many points: the same answers as one at a time, whole files, killed runs, clusters."""

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import duckdb_extension_spatial
import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from distributed import Client

from scoring._batch_near import curve_key
from scoring._batch_parts import work_folder
from scoring._batch_place import MIXED, SETTINGS, Locator, cell_labels
from scoring._batch_rejects import rejects_path
from scoring._batch_store import Store, cache_folder
from scoring.assess import score_table
from scoring.batch import batch
from scoring.errors import ScoringError
from scoring.measure import nearest
from scoring.place import locate
from scoring.targets import CLASSES
from scoring.world import with_sites, without

ROOT = Path(__file__).parent.parent.parent
NUMBERS = {"km": "distance_km", "low_km": "low_km", "high_km": "high_km"}
PATIENCE_S = 900  # longer than any loaded machine takes to start two workers


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    """A cache folder of our own, kept for all tests of this file."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OREWAY_CACHE", str(folder))
        yield folder


def mini_points(n, seed=5):
    """Points on and off every landmass of the mini world, some on the ice, some on an edge."""
    random = np.random.default_rng(seed)
    boxes = [
        (-51, 59, -39, 71),
        (-1, -6, 11, 6),
        (11.5, -1.5, 13.5, 1.5),
        (149, 19, 157, 27),
        (-45.5, 62.5, -43.5, 64.5),
    ]
    which = np.array(boxes)[random.integers(len(boxes), size=n)]
    lon, lat = (np.round(random.uniform(which[:, i], which[:, i + 2]), 4) for i in (0, 1))
    return pd.DataFrame({"id": [f"p{i}" for i in range(n)], "lon": lon, "lat": lat})


def written(frame, path):
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    return path


def run(frame, folder, world, out="out.parquet", **options):
    done = batch(written(frame, folder / "in.parquet"), folder / out, world=world, **options)
    return done, gpd.read_parquet(folder / out)


@pytest.fixture(scope="module")
def tiny_batch(tiny, tmp_path_factory):
    points = mini_points(400)
    points["position_accuracy_km"] = np.linspace(0.5, 5, len(points)).round(3)
    _, table = run(points, tmp_path_factory.mktemp("tiny"), tiny)
    return points, table


def compared(row, found, class_):
    """Assert that a row of a batch and a row of `nearest` say the same; a tie may name either feature."""
    assert (row[f"{class_}_nil"] or "") == found["nil"]
    for short, whole in NUMBERS.items():
        np.testing.assert_allclose(row[f"{class_}_{short}"], found[whole], rtol=0, atol=1e-9, err_msg=class_)
    assert row[f"{class_}_id"] == found["feature_id"] or found["nil"] or class_ in {"road", "town"}


@pytest.mark.parametrize("class_", CLASSES)
def test_a_batch_says_what_nearest_says_of_each_point(tiny, tiny_batch, class_):
    points, table = tiny_batch
    for i in range(0, len(points), 8):
        lon, lat, accuracy = points.loc[i, ["lon", "lat", "position_accuracy_km"]].astype(float)
        found = nearest(tiny, lon, lat, position_accuracy_km=accuracy, classes=[class_]).iloc[0]
        compared(table.iloc[i], found, class_)


def as_sites(world, points):
    place = locate(world, points["lon"].to_numpy(), points["lat"].to_numpy())
    blank = dict.fromkeys(set(world.sites.columns) - {"geometry"}, "")
    columns = {
        **blank, "lon": points["lon"], "lat": points["lat"], "position_accuracy_km": points["position_accuracy_km"],
        "kind": "deposit", "commodities": "*", "country_code": place["country_code"], "setting": place["setting"],
        "name": points["id"], "geometry": gpd.points_from_xy(points["lon"], points["lat"]),
    }  # fmt: skip
    return gpd.GeoDataFrame(pd.DataFrame({**columns, "site_id": points["id"]}), crs="EPSG:4326").set_index("site_id")


def test_a_batch_scores_as_score_table_does(tiny, tiny_batch):
    points, table = tiny_batch
    asked = points.iloc[::10].reset_index(drop=True)
    expected = score_table(with_sites(tiny, as_sites(tiny, asked)))
    got = table.iloc[::10].reset_index(drop=True)
    assert got["profile"].tolist() == expected["profile"].tolist()
    assert got["gates"].fillna("").tolist() == expected["gates"].tolist()
    numbers = [name for name in expected if name.startswith("total") or name.endswith(("_value", "_contribution"))]
    for name in [*numbers, "coverage"]:
        np.testing.assert_allclose(got[name], expected[name].astype(float), rtol=0, atol=1e-9, err_msg=name)


def test_contributions_re_add_to_the_total(tiny_batch):
    _, table = tiny_batch
    contributions = table[[name for name in table if name.endswith("_contribution")]]
    known = table["total"].notna()
    assert known.any()
    assert (contributions[known].sum(axis=1) - table.loc[known, "total"]).abs().max() < 1e-9
    assert contributions[~known].isna().all(axis=None)


def test_five_degrees_of_the_equator_are_556_597_km(tiny, tmp_path):
    _, table = run(pd.DataFrame({"lon": [5.0], "lat": [0.0]}), tmp_path, tiny)
    assert table["port_km"].iloc[0] == pytest.approx(5 * np.pi / 180 * 6378.137, abs=1e-5)
    assert table["port_id"].iloc[0] == "wpi-shallow"


def test_commodities_choose_the_refinery(tiny, tmp_path):
    points = pd.DataFrame({"lon": [5.0, 5.0, 5.0], "lat": [0.0] * 3, "commodity": ["Li", "REE", "unobtainium"]})
    _, table = run(points, tmp_path, tiny)
    assert table["refinery_id"].fillna("").tolist()[:2] == ["au-lithium", "au-separator"]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_shipped_world_gives_the_same_answers(shipped, tmp_path, seed):
    random = np.random.default_rng(seed)
    lon = np.r_[random.uniform(-60, -20, 8), random.uniform(113, 154, 8), random.uniform(-180, 180, 8)].round(4)
    lat = np.r_[random.uniform(59, 83, 8), random.uniform(-39, -11, 8), random.uniform(-85, 85, 8)].round(4)
    _, table = run(pd.DataFrame({"lon": lon, "lat": lat}), tmp_path, shipped)
    for i in range(len(lon)):
        for _, found in nearest(shipped, lon[i], lat[i]).iterrows():
            compared(table.iloc[i], found, found["class"])


def test_cells_tell_the_landmass_country_and_setting_that_the_exact_test_tells(shipped):
    random = np.random.default_rng(9)
    n = 20_000
    lon, lat = random.uniform(-180, 180, n), np.degrees(np.arcsin(random.uniform(-1, 1, n)))
    locator = Locator(shipped, Store.of(shipped))
    found, expected = locator.locate(lon, lat), locate(shipped, lon, lat)
    ids = np.append(locator.landmass_ids.to_numpy(dtype=object), "")
    assert (ids[found.landmass] == expected["landmass"].to_numpy()).all()
    assert (np.array(locator.country_codes, object)[found.country] == expected["country_code"].to_numpy()).all()
    assert (np.array(SETTINGS, object)[found.setting] == expected["setting"].to_numpy()).all()


def test_few_cells_are_left_to_the_exact_test(shipped):
    cells = Store.of(shipped).folder.glob("cells-landmasses-*.npy")
    assert (np.load(next(cells)) == MIXED).mean() < 0.05


def test_a_point_on_the_far_edge_of_the_earth_has_a_cell():
    labels = np.arange(18 * 36, dtype=np.int16).reshape(18, 36)
    assert cell_labels(np.array([180.0, -180.0]), np.array([90.0, -90.0]), labels).tolist() == [18 * 36 - 1, 0]


def test_another_choice_of_features_is_never_answered_from_the_cache(tiny, tmp_path):
    points = pd.DataFrame({"lon": [5.0], "lat": [0.0]})
    run(points, tmp_path, tiny)
    _, table = run(points, tmp_path, without(tiny, "ports", ["wpi-shallow"]))
    assert table["port_id"].iloc[0] == "wpi-deep"


def test_a_cache_that_cannot_be_written_to_costs_nothing_but_time(tiny, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path / "file"))
    fresh = dataclasses.replace(tiny, indexes=type(tiny.indexes)())
    _, table = run(pd.DataFrame({"lon": [5.0], "lat": [0.0]}), tmp_path, fresh)
    assert table["port_id"].iloc[0] == "wpi-shallow"


def test_the_cache_is_in_the_users_folder_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv("OREWAY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == tmp_path / "oreway"


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
    text = 'id,lon,lat\na,5,0\nb,200,0\nc,5\n\nd,x,0\ne,5,-91\nf,5,1,7\n"g",6,0\nh,,0\n\n'
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    done = batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny)
    told = pd.read_csv(done.rejects).set_index("line")["reason"]
    assert told.index.tolist() == [3, 4, 6, 7, 8, 10]
    assert [word in told[line] for line, word in ((3, "longitude 200"), (6, "'x'"), (7, "latitude -91"))] == [True] * 3
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


def test_an_unknown_profile_is_refused(tiny, tmp_path):
    written(mini_points(3), tmp_path / "in.csv")
    with pytest.raises(ScoringError, match="profile"):
        batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny, profile="moon")


def test_an_input_without_rows_gives_an_output_without_rows(tiny, tmp_path):
    (tmp_path / "in.csv").write_text("lon,lat\n", encoding="utf-8")
    done = batch(tmp_path / "in.csv", tmp_path / "out.parquet", world=tiny)
    assert (done.rows_in, len(gpd.read_parquet(tmp_path / "out.parquet"))) == (0, 0)


def by_line(path):
    """Parts hold neighbours; the input's order is that of their lines."""
    return gpd.read_parquet(path).sort_values("line", ignore_index=True)


def test_the_parts_of_a_folder_hold_neighbours(tiny, tmp_path):
    run(mini_points(1000), tmp_path, tiny, out="whole.parquet")
    for name in ("parts", "again"):
        batch(tmp_path / "in.parquet", f"{tmp_path / name}/", world=tiny, chunk_rows=50)
    paths = sorted((tmp_path / "parts").iterdir())
    assert [path.name for path in paths] == [f"part-{i:06d}.parquet" for i in range(len(paths))]
    parts = [gpd.read_parquet(path) for path in paths]
    assert sum(map(len, parts)) == 1000
    assert max(map(len, parts)) <= 50
    assert len(parts) < 35
    widths, heights = (np.array([np.ptp(part[name]) for part in parts]) for name in ("lon", "lat"))
    assert np.median(widths * heights) < 60  # of the 15,000 square degrees that all points span
    assert [path.read_bytes() for path in paths] == [
        path.read_bytes() for path in sorted((tmp_path / "again").iterdir())
    ]


def test_points_on_one_spot_are_cut_into_parts_all_the_same(tiny, tmp_path):
    points = pd.DataFrame({"lon": [5.0] * 120, "lat": [0.0] * 120})
    batch(written(points, tmp_path / "in.parquet"), f"{tmp_path / 'parts'}/", world=tiny, chunk_rows=50)
    lines = [pq.read_table(path)["line"].to_pylist() for path in sorted((tmp_path / "parts").iterdir())]
    assert lines == [list(range(1, 51)), list(range(51, 101)), list(range(101, 121))]


def test_the_order_of_the_curve_is_that_of_a_quadtree():
    lon, lat = np.array([-180.0, 0.0, -180.0, 0.0, 180.0]), np.array([-90.0, -90.0, 0.0, 0.0, 90.0])
    assert (curve_key(lon, lat) >> 30).tolist() == [0, 1, 2, 3, 3]
    assert curve_key(np.array([180.0]), np.array([90.0]))[0] == 2**32 - 1


def test_every_format_holds_the_same(tiny, tmp_path):
    points = mini_points(150)
    _, expected = run(points, tmp_path, tiny, chunk_rows=64)
    folder = str(tmp_path / "parts") + "/"
    for out in (str(tmp_path / "out.csv"), str(tmp_path / "out.geojson"), folder):
        batch(tmp_path / "in.parquet", out, world=tiny, chunk_rows=64)
    text = pd.read_csv(tmp_path / "out.csv")
    page = json.loads((tmp_path / "out.geojson").read_text(encoding="utf-8"))
    parts = by_line(folder)
    assert parts["line"].tolist() == list(range(1, 151))
    for name in ("port_km", "ice_low_km", "total", "coverage"):
        np.testing.assert_allclose(text[name], expected[name], rtol=1e-15)
        np.testing.assert_allclose(parts[name], expected[name], rtol=0)
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


def test_geoparquet_in_another_system_is_refused(tiny, tmp_path):
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy([5], [0]), crs="EPSG:4326").to_crs(3577)
    frame.to_parquet(tmp_path / "in.parquet")
    with pytest.raises(ScoringError, match="EPSG:3577"):
        batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny)


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


def test_a_formula_in_a_name_is_made_harmless_in_csv(tiny, tmp_path):
    run(pd.DataFrame({"name": ["=1+1", "plain"], "lon": [5.0, 5.0], "lat": [0.0, 0.0]}), tmp_path, tiny)
    batch(tmp_path / "in.parquet", tmp_path / "out.csv", world=tiny)
    assert pd.read_csv(tmp_path / "out.csv")["name"].tolist() == ["'=1+1", "plain"]


class StopError(Exception):
    """The plug is pulled."""


def test_a_stopped_run_goes_on_and_gives_the_same_bytes(tiny, tmp_path):
    points = mini_points(500)
    run(points, tmp_path, tiny, out="whole.parquet", chunk_rows=50)

    def pull(done, rows):
        if rows >= 200:
            raise StopError

    with pytest.raises(StopError):
        batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, chunk_rows=50, progress=pull)
    assert not (tmp_path / "out.parquet").exists()
    done = batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, chunk_rows=50)
    assert done.resumed >= 200
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert not work_folder(tmp_path / "out.parquet").exists()


def half(content):
    return content[: len(content) // 2]


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("out", ["out.parquet", "parts/"])
@pytest.mark.parametrize("harm", [half, flipped])
def test_a_damaged_part_is_done_again(tiny, tmp_path, harm, out):
    points = mini_points(200)
    _, whole = run(points, tmp_path, tiny, out="whole.parquet", chunk_rows=50)

    def pull(done, rows):
        if rows >= 100:
            raise StopError

    place = f"{tmp_path}/{out}"
    with pytest.raises(StopError):
        batch(tmp_path / "in.parquet", place, world=tiny, chunk_rows=50, progress=pull)
    parts = work_folder(Path(place)) / "parts"
    part = next(path for path in sorted(parts.glob("part-*")) if path.suffix != ".seal")
    part.write_bytes(harm(part.read_bytes()))
    done = batch(tmp_path / "in.parquet", place, world=tiny, chunk_rows=50)
    assert 0 < done.resumed < 200
    pd.testing.assert_frame_equal(pd.DataFrame(by_line(place)), pd.DataFrame(whole))


def test_a_second_run_on_the_same_output_is_refused_and_harms_nothing(tiny, tmp_path):
    refusals = []

    def meanwhile(done, rows):
        with pytest.raises(ScoringError, match="another run is writing it") as refused:
            batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, profile="equal")
        refusals.append(refused)

    run(mini_points(100), tmp_path, tiny, out="whole.parquet", chunk_rows=50)
    batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, chunk_rows=50, progress=meanwhile)
    assert len(refusals) == 2
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"in.parquet", "out.parquet", "whole.parquet"}


def test_parts_of_another_input_are_not_taken_over(tiny, tmp_path):
    def pull(done, rows):
        raise StopError

    written(mini_points(200), tmp_path / "in.parquet")
    with pytest.raises(StopError):
        batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, chunk_rows=50, progress=pull)
    done, _ = run(mini_points(200, seed=6), tmp_path, tiny, chunk_rows=50)
    assert done.resumed == 0


def test_what_stood_there_before_stays_when_a_run_stops(tiny, tmp_path):
    (tmp_path / "out.csv").write_text("precious", encoding="utf-8")
    written(mini_points(50), tmp_path / "in.csv")

    def pull(done, rows):
        raise StopError

    with pytest.raises(StopError):
        batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny, progress=pull)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "precious"


def test_a_folder_with_something_in_it_is_not_overwritten(tiny, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "mine").write_text("precious", encoding="utf-8")
    written(mini_points(5), tmp_path / "in.csv")
    with pytest.raises(ScoringError, match="not an empty folder"):
        batch(tmp_path / "in.csv", f"{tmp_path / 'parts'}/", world=tiny)


def oreway(*words):
    return [sys.executable, "-c", "import cli; cli.main()", *map(str, words)]


@pytest.mark.heavy
def test_the_command_killed_outright_goes_on_to_the_same_bytes(tmp_path):
    random = np.random.default_rng(4)
    points = pd.DataFrame({"lon": random.uniform(-180, 180, 300_000), "lat": random.uniform(-80, 80, 300_000)})
    source, out, whole = written(points, tmp_path / "in.parquet"), tmp_path / "out.parquet", tmp_path / "whole.parquet"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000"}
    subprocess.run(oreway("batch", source, "-o", whole), cwd=ROOT, check=True, env=environment)
    with subprocess.Popen(oreway("batch", source, "-o", out), cwd=ROOT, env=environment) as process:
        while process.poll() is None and not list((work_folder(out) / "parts").glob("*.seal")):
            time.sleep(0.005)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not out.exists()
    again = oreway("batch", source, "-o", out)
    told = subprocess.run(again, cwd=ROOT, check=True, env=environment, capture_output=True, text=True).stdout
    assert "of them from the run before" in told
    assert out.read_bytes() == whole.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"in.parquet", "out.parquet", "whole.parquet"}


FLAT = """
import resource, sys
from pathlib import Path
from scoring.batch import batch
batch(Path(sys.argv[1]), sys.argv[2])
status = Path("/proc/self/status")  # the other figure may be that of the process that started this one
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(next(line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line) if status.exists() else peak)
"""


@pytest.mark.heavy
def test_memory_does_not_grow_with_the_input(tmp_path):
    def peak_mb(n):
        random = np.random.default_rng(4)
        points = pd.DataFrame({"lon": random.uniform(-180, 180, n), "lat": random.uniform(-80, 80, n)})
        command = [
            sys.executable,
            "-c",
            FLAT,
            str(written(points, tmp_path / "in.parquet")),
            str(tmp_path / "o.parquet"),
        ]
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        return int(told.split()[-1]) / (1024**2 if sys.platform == "darwin" else 1024)

    small, large = peak_mb(300_000), peak_mb(1_200_000)
    assert large < 1024
    assert large < 1.15 * small


CROWD = """
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from scoring.batch import grid_values, ready_world
from scoring.targets import CLASSES

def ask(seed):
    random = np.random.default_rng(seed)
    grid_values(ready, random.uniform(-180, 180, 3000), random.uniform(-85, 85, 3000), CLASSES, score=True)

for _ in range(8):
    ready = ready_world(None)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(48)))
"""


@pytest.mark.heavy
def test_many_threads_may_ask_a_fresh_world_at_once():
    subprocess.run([sys.executable, "-c", CROWD], cwd=ROOT, check=True)


class Cluster:
    """A real scheduler and two workers on 127.0.0.1, each a process of its own."""

    def __init__(self, folder):
        self._address = folder / "scheduler.json"
        self._folder = folder
        self.processes = [self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
        for _ in range(2):
            options = (
                "--host",
                "127.0.0.1",
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--death-timeout",
                str(PATIENCE_S),
            )
            self.processes.append(self._start("worker", *options, "--local-directory", str(folder)))

    def wait(self):
        with Client(scheduler_file=str(self._address), timeout=PATIENCE_S) as client:
            client.wait_for_workers(2, timeout=PATIENCE_S)
            self.address = client.scheduler.address

    def _start(self, role, *options):
        command = [sys.executable, "-m", "dask", role, "--scheduler-file", str(self._address), *options]
        waits = {f"DASK_DISTRIBUTED__COMM__TIMEOUTS__{name}": f"{PATIENCE_S}s" for name in ("CONNECT", "TCP")}
        paths = {**os.environ, **waits, "PYTHONPATH": str(ROOT)}
        with (self._folder / f"{role}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=paths, stdout=log, stderr=log)

    def kill_worker(self):
        self.processes[-1].kill()

    def stop(self):
        """End at once: a worker asked politely may wait for a scheduler that is already gone."""
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


@pytest.fixture
def cluster(tmp_path_factory, monkeypatch):
    monkeypatch.setattr("scoring._batch_cluster.CONNECT_SECONDS", PATIENCE_S)
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        started.wait()
        yield started
    finally:
        started.stop()


def world_points(n):
    random = np.random.default_rng(8)
    return pd.DataFrame({"lon": random.uniform(-180, 180, n), "lat": random.uniform(-80, 80, n)})


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_writes_the_same_bytes_even_when_a_worker_is_killed(shipped, tmp_path, cluster):
    run(world_points(4000), tmp_path, shipped, out="alone.parquet", chunk_rows=100)
    killed = []

    def kill_one(done, rows):
        if not killed:
            killed.append(rows)
            cluster.kill_worker()

    out = tmp_path / "together.parquet"
    done = batch(
        tmp_path / "in.parquet", out, world=shipped, chunk_rows=100, scheduler=cluster.address, progress=kill_one
    )  # fmt: skip
    assert killed[0] < 4000
    assert done.rows_out == 4000
    assert out.read_bytes() == (tmp_path / "alone.parquet").read_bytes()


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_leaves_a_folder_of_parts(shipped, tmp_path, cluster):
    run(world_points(200_000), tmp_path, shipped, out="alone.parquet")
    folder = f"{tmp_path / 'parts'}/"
    batch(tmp_path / "in.parquet", folder, world=shipped, scheduler=cluster.address)
    alone, together = gpd.read_parquet(tmp_path / "alone.parquet"), by_line(folder)
    pd.testing.assert_frame_equal(pd.DataFrame(alone), pd.DataFrame(together))


def test_a_scheduler_that_does_not_answer_is_named(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("scoring._batch_cluster.CONNECT_SECONDS", 1)
    written(mini_points(5), tmp_path / "in.csv")
    with pytest.raises(ScoringError, match=r"tcp://127\.0\.0\.1:1: no answer"):
        batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny, scheduler="tcp://127.0.0.1:1")


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
