"""A batch from a PostGIS table into another: the numbers of files, in one transaction, no password anywhere."""

import geopandas as gpd
import pandas as pd
import psycopg
import pytest
from typer.testing import CliRunner

import cli
from oreway.layers.errors import PostgisError
from oreway.layers.postgis import write_chunks
from oreway.scoring.batch.batch import batch
from tests.postgres import PASSWORD
from tests.scoring.batch_points import StopError, mini_points, run


@pytest.fixture(autouse=True)
def places(tmp_path, monkeypatch):
    """A cache and a working folder of our own."""
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def occurrences(running, n=120):
    points = mini_points(n)
    shapes = gpd.points_from_xy(points["lon"], points["lat"])
    write_chunks([gpd.GeoDataFrame(points[["id"]], geometry=shapes, crs=4326)], running.address("occurrences"))
    return points


def written_by_us(folder):
    return [path for path in folder.rglob("*") if path.is_file() and path.suffix != ".npy"]


def test_a_table_becomes_a_table_with_the_numbers_of_files(tiny, tmp_path, running):
    _, expected = run(occurrences(running), tmp_path, tiny)
    done = batch(running.address("occurrences"), running.address("scored"), world=tiny, chunk_rows=50)
    assert (done.rows_out, done.rejected) == (120, 0)
    names = ["site_id", "port_km", "ice_low_km", "total", "coverage", "road_nil", "gates"]
    scored = pd.DataFrame(running.ask(f"SELECT {', '.join(names)} FROM scored ORDER BY line"), columns=names)
    for name in names:  # a database has no empty text beside a missing one
        told, wanted = ([None if pd.isna(one) else one or None for one in frame[name]] for frame in (scored, expected))
        assert told == wanted
    asked = "SELECT max(abs(ST_X(geometry) - lon)), Find_SRID('public', 'scored', 'geometry') FROM scored"
    assert running.ask(asked) == [(0, 4326)]
    assert any("gist" in row[0] for row in running.ask("SELECT indexdef FROM pg_indexes WHERE tablename = 'scored'"))
    assert not list((tmp_path / "cache" / "tables").iterdir())


def test_a_table_becomes_a_file(tiny, tmp_path, running):
    _, expected = run(occurrences(running), tmp_path, tiny)
    batch(running.address("occurrences"), tmp_path / "scored.parquet", world=tiny)
    pd.testing.assert_frame_equal(pd.DataFrame(gpd.read_parquet(tmp_path / "scored.parquet")), pd.DataFrame(expected))


def test_rows_that_cannot_be_used_are_told_beside_the_user(tiny, tmp_path, running):
    with psycopg.connect(running.address()) as connection:
        connection.execute("CREATE TABLE plain (id text, longitude text, lat float)")
        connection.execute("INSERT INTO plain VALUES ('a', '5.0', 0), ('b', 'five', 0), ('c', '5', NULL)")
    done = batch(running.address("plain"), running.address("scored"), world=tiny)
    assert (done.rows_out, done.rejected) == (1, 2)
    assert pd.read_csv(tmp_path / "scored.rejects.csv")["line"].tolist() == [2, 3]


def test_a_stopped_run_goes_on_where_it_was(tiny, running):
    occurrences(running, 200)

    def pull(done, rows):
        if rows >= 100:
            raise StopError

    given = (running.address("occurrences"), running.address("scored"))
    with pytest.raises(StopError):
        batch(*given, world=tiny, chunk_rows=50, progress=pull)
    assert batch(*given, world=tiny, chunk_rows=50).resumed >= 100


def test_a_server_that_goes_away_leaves_the_old_table_whole_and_no_password_behind(tiny, tmp_path, running):
    occurrences(running)
    batch(running.address("occurrences"), running.address("scored"), world=tiny)
    old = running.ask("SELECT count(*), sum(total) FROM scored")

    def pull(done, rows):
        if done == 1.0:
            running.stop("immediate")

    with pytest.raises(PostgisError) as caught:
        batch(running.address("occurrences"), running.address("scored"), world=tiny, profile="equal", progress=pull)
    running.start()
    assert running.ask("SELECT count(*), sum(total) FROM scored") == old
    assert PASSWORD not in str(caught.value)
    assert [path for path in written_by_us(tmp_path) if PASSWORD.encode() in path.read_bytes()] == []


def test_the_command_takes_addresses_and_never_shows_the_password(tiny, monkeypatch, running):
    monkeypatch.setattr("oreway.scoring.batch.batch.open_world", lambda: tiny)
    occurrences(running, 20)
    told = CliRunner().invoke(cli.app, ["batch", running.address("occurrences"), "-o", running.address("by_command")])
    assert told.exit_code == 0, told.output
    assert "20 of 20 points" in told.output
    assert PASSWORD not in told.output
    assert running.ask("SELECT count(*) FROM by_command") == [(20,)]
