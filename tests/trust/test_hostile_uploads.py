"""Every nasty file gives a lawful frame or one clear refusal, within limits, and opens nothing else."""

import http.server
import json
import subprocess
import sys
import threading
import time
import zipfile

import numpy as np
import pytest

from oreway.layers.errors import UploadError
from oreway.layers.upload.apart import _environment, may_read_here
from oreway.layers.upload.upload import LIMITS, Limits, Upload, read_here, read_upload
from tests.trust import corpus
from tests.trust.lawful import check_lawful

CASES = corpus.cases()
SLOWEST_S = 30.0


def answer(content: bytes) -> Upload | str:
    """Return what was read, or the words of the refusal."""
    try:
        return read_here(content, "nasty.dat")
    except UploadError as refusal:
        return str(refusal)


@pytest.mark.parametrize("content", [case[1] for case in CASES], ids=[case[0] for case in CASES])
def test_a_nasty_file_gives_sites_or_a_refusal(content: bytes) -> None:
    start = time.perf_counter()
    found = answer(content)
    if isinstance(found, str):
        assert found.startswith("nasty.dat")
        assert found.isprintable()
        assert len(found) < 600
    else:
        check_lawful(found)
    assert time.perf_counter() - start < SLOWEST_S


ANSWERS = {
    "csv UTF-16 with NUL text": "A", "csv poles and date line": "N", "csv column called geometry": "A",
    "geojson 3D": "A", "geojson collection": "A", "geojson bow tie": "A", "geojson null": "A", "kml several": "A",
    "kml plain": "A", "zip slip": "A", "zip folder": "A", "gpkg plain": "A", "gpkg other tables": "A",
    "gpkg trigger": "A", "gpkg endless view": "A", "gpkg quotes in names": "A", "parquet plain": "A",
    "parquet two shapes a row": "A", "parquet bbox lies": "A", "parquet crs null": "A", "shapefile polar": "A",
    "geojson whole world": "A", "geojson random star": "A", "geojson metres": "A",
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_an_odd_but_lawful_file_is_read(name: str) -> None:
    found = read_here(dict(CASES)[name], "odd.dat").sites["name"].iloc[0]
    assert found.startswith(ANSWERS[name])


REFUSED = {
    "csv 100,000 columns": "columns; at most", "csv wide head, many short rows": "cells; at most",
    "csv only commas": "no rows below a header", "csv swapped": "look swapped", "csv NUL byte": "binary",
    "geojson deep": "nested deeper|no rows", "geojson a column a row": "columns; at most",
    "geojson unknown crs": "EPSG:999999 not known", "kml entities": "entities", "kml UTF-16 entities": "entities",
    "kml deep placemarks": "nested deeper", "kml vrt": "no KML", "zip of a vrt": "expected exactly one Shapefile",
    "zip in zip": "expected exactly one Shapefile", "zip of 5,000 files": "expected one Shapefile",
    "shapefile shp is a vrt": "no Shapefile", "shapefile shx is a vrt": "no Shapefile",
    "shapefile shp is GeoJSON": "no Shapefile", "gpkg only an endless view": "no layer with geometry",
    "gpkg contents are a view": "lacks the tables", "gpkg computed column": "no layer with geometry",
    "gpkg plain SQLite": "no GeoPackage", "gpkg SQLite in disguise": "lacks the tables",
    "parquet crs with a grid": "grid file", "parquet curve": "not readable",
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_an_unlawful_file_is_refused_for_its_own_reason(name: str) -> None:
    with pytest.raises(UploadError, match=REFUSED[name]):
        read_here(dict(CASES)[name], "bad.dat")


def test_a_virtual_layer_in_a_shapefile_s_clothes_opens_no_other_file(tmp_path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(corpus.SECRET)
    for ending in ("shp", "shx", "dbf"):
        found = answer(corpus.shapefile(**{ending: corpus.vrt(str(secret))}))
        assert "TOPSECRET" not in (found if isinstance(found, str) else found.sites.to_csv())


def test_no_file_makes_us_ask_the_network() -> None:
    asked = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            return

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            for prefix in ("/vsicurl/", ""):
                evil = corpus.vrt(f"{prefix}http://127.0.0.1:{server.server_port}/a.csv")
                link = evil.replace(b"OGRVRT", b"kml").replace(b"SrcDataSource", b"href")
                for content in (evil, link, corpus.shapefile(shp=evil), corpus.shapefile(prj=evil)):
                    try:
                        read_upload(content, "a.zip")
                    except UploadError:
                        continue
        finally:
            server.shutdown()
            thread.join()
    assert asked == []


def test_the_reading_process_knows_two_drivers_and_no_secret_of_ours(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "not for strangers")
    program = "import json, os, pyogrio; print(json.dumps([sorted(pyogrio.list_drivers()), sorted(os.environ)]))"
    done = subprocess.run(
        [sys.executable, "-c", program], env=_environment(str(tmp_path)), capture_output=True, text=True, check=True
    )
    drivers, names = json.loads(done.stdout)
    assert drivers == ["ESRI Shapefile", "GPKG"]
    assert "PGPASSWORD" not in names


def test_what_native_libraries_read_is_never_read_in_this_process() -> None:
    assert not may_read_here(corpus.geopackage())
    assert not may_read_here(corpus.parquet())
    assert not may_read_here(corpus.shapefile())
    assert not may_read_here(corpus.collection(*[corpus.point(1, 2)] * 100))
    assert not may_read_here(corpus.collection(*[corpus.point(1, 2)] * 100).decode().encode("utf-16"))
    assert may_read_here(b"name,lon,lat\nA,1,2\n")


@pytest.mark.parametrize("name", ["gpkg plain", "parquet plain", "shapefile polar"])
def test_the_reading_process_gives_the_same_answer_as_this_one(name: str) -> None:
    content = dict(CASES)[name]
    here, apart = read_here(content, "a"), read_upload(content, "a")
    assert here.sites.reset_index().astype(str).equals(apart.sites.reset_index().astype(str))
    assert (here.notes, here.rejected) == (apart.notes, apart.rejected)


def test_the_reading_process_passes_refusals_on() -> None:
    with pytest.raises(UploadError, match="no layer with geometry"):
        read_upload(dict(CASES)["gpkg only an endless view"], "a.gpkg")


def test_shapes_that_take_too_long_are_refused_in_time() -> None:
    ring = np.random.default_rng(1).random((30_000, 2)).tolist()
    content = corpus.collection({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    with pytest.raises(UploadError, match="took more than 3 s; simplify"):
        read_upload(content, "star.geojson", limits=Limits(seconds=3))


def test_a_parquet_bomb_is_stopped_by_the_limit_on_memory() -> None:
    content = corpus.parquet_bomb()
    assert len(content) < LIMITS.size_mb * 1e6
    with pytest.raises(UploadError, match=r"at most|more than 1,500 MB|not readable|took more"):
        read_upload(content, "bomb.parquet", limits=Limits(memory_mb=1_500))


def test_an_archive_that_lies_about_its_size_is_stopped() -> None:
    honest = corpus.zipped({"a.shp": b"\x00" * 30_000_000, "a.shx": b"", "a.dbf": b""})
    lying = honest.replace((30_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    with pytest.raises(UploadError):
        read_here(lying, "a.zip", Limits(unpacked_mb=10))
    with zipfile.ZipFile(corpus.io.BytesIO(lying)) as archive:
        assert archive.getinfo("a.shp").file_size == 1_000


def test_limits_are_named_in_numbers() -> None:
    assert (LIMITS.size_mb, LIMITS.features, LIMITS.vertices, LIMITS.seconds) == (20, 100_000, 1_000_000, 30)
