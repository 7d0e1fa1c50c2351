"""Sites go to a real PostGIS and come back; a server that goes away leaves the old table whole."""

import geopandas as gpd
import psycopg
import pytest
from shapely.geometry import Point
from sqlalchemy.dialects.postgresql.base import ischema_names

from oreway.layers.database import is_address
from oreway.layers.errors import PostgisError
from oreway.layers.postgis import parse_address, read_chunks, read_sites_table, write_chunks
from tests.postgres import PASSWORD


def sites(n=3):
    points = [Point(-46 + i, 60 + i / 100) for i in range(n)]
    frame = gpd.GeoDataFrame({"name": [f"site {i}" for i in range(n)]}, geometry=points, crs="EPSG:4326")
    frame.index.name = "site_id"
    frame.index = frame.index.map(lambda i: f"s-{i}")
    return frame.rename_axis("site_id")


def test_sites_go_out_and_come_back(running):
    assert write_chunks([sites()], running.address("mine")) == 3
    back = read_sites_table(running.address("mine")).sites
    assert list(back.index) == ["s-0", "s-1", "s-2"]
    assert list(back["name"]) == ["site 0", "site 1", "site 2"]
    assert back.geometry.iloc[1].distance(Point(-45, 60.01)) < 1e-12


def test_what_we_write_has_a_spatial_index_and_its_reference_system(running):
    write_chunks([sites()], running.address("indexed"))
    found = running.ask("SELECT indexdef FROM pg_indexes WHERE tablename = 'indexed'")
    assert any("USING gist (geometry)" in row[0] for row in found)
    assert running.ask("SELECT Find_SRID('public', 'indexed', 'geometry')") == [(4326,)]


def test_a_table_is_replaced_and_written_in_chunks(running):
    write_chunks([sites(2)], running.address("twice"))
    write_chunks([sites(5), sites(4)], running.address("twice"), chunk_rows=2)
    assert running.ask("SELECT count(*) FROM twice") == [(9,)]


def test_reading_is_in_chunks(running):
    write_chunks([sites(7)], running.address("seven"))
    assert [len(chunk) for chunk in read_chunks(running.address("seven"), chunk_rows=3)] == [3, 3, 1]


def test_a_table_with_lon_and_lat_needs_no_geometry(running):
    with psycopg.connect(running.address()) as connection:
        connection.execute("CREATE TABLE plain (id text, Longitude float, lat float)")
        connection.execute("INSERT INTO plain VALUES ('a', -46, 61)")
    back = read_sites_table(running.address("plain")).sites
    assert (back["lon"].iloc[0], back["lat"].iloc[0]) == (-46, 61)


def test_another_reference_system_is_turned(running):
    write_chunks([sites().to_crs("EPSG:3413")], running.address("polar"))
    back = read_sites_table(running.address("polar"))
    assert back.sites.geometry.iloc[0].distance(Point(-46, 60)) < 1e-9
    assert any("into WGS84" in note for note in back.notes)


def test_a_server_that_goes_away_in_the_middle_leaves_the_old_table_whole(running):
    write_chunks([sites(4)], running.address("kept"))

    def frames():
        yield sites(2)
        running.stop("immediate")
        yield sites(2)

    with pytest.raises(PostgisError) as caught:
        write_chunks(frames(), running.address("kept"))
    running.start()
    assert running.ask("SELECT count(*) FROM kept") == [(4,)]
    assert PASSWORD not in str(caught.value)


def test_a_row_that_fails_leaves_the_old_table_whole(running):
    write_chunks([sites(4)], running.address("whole"))

    def frames():
        yield sites(2)
        raise KeyError("stop")

    with pytest.raises(KeyError):
        write_chunks(frames(), running.address("whole"))
    assert running.ask("SELECT count(*) FROM whole") == [(4,)]


@pytest.mark.parametrize("word", ["wrong-but-secret", "p%40ss"])
def test_a_wrong_password_is_refused_and_never_shown(running, word):
    with pytest.raises(PostgisError, match="password authentication failed") as caught:
        list(read_chunks(running.address("mine", password=word)))
    assert word not in str(caught.value)
    assert "***" in str(caught.value)
    assert word not in repr(parse_address(running.address("mine", password=word)))


def test_no_such_table_is_named(running):
    with pytest.raises(PostgisError, match=r"table public\.nowhere: no such table"):
        list(read_chunks(running.address("nowhere")))


def test_a_name_that_is_no_identifier_is_refused():
    with pytest.raises(PostgisError, match="expected letters, digits"):
        parse_address('postgresql://u@h/d?table=a";drop table b')


def test_an_address_without_a_table_says_the_cure():
    with pytest.raises(PostgisError, match=r"add \?table=name"):
        parse_address("postgresql://u:secret@h/d")


def test_a_server_that_is_not_there_is_one_message():
    with pytest.raises(PostgisError, match="check host") as caught:
        list(read_chunks(f"postgresql://u:{PASSWORD}@127.0.0.1:9/d?table=a"))
    assert PASSWORD not in str(caught.value)


def test_addresses_are_told_from_files():
    assert is_address("postgresql://h/d?table=a")
    assert not is_address("sites.csv")


def test_any_name_of_the_geometry_column_serves_and_ids_stay_whole(running, monkeypatch):
    for name in ("geometry", "geography"):  # as in a process that has not written to PostGIS: no warning either
        monkeypatch.delitem(ischema_names, name, raising=False)
    with psycopg.connect(running.address()) as connection:
        connection.execute("CREATE TABLE geo (id int, name text, geom geometry(Point, 4326))")
        places = ((1, "Alfa", -46.01, 60.97), (None, "Bravo", 122.54, -28.86))
        for row in places:
            connection.execute("INSERT INTO geo VALUES (%s, %s, ST_SetSRID(ST_MakePoint(%s, %s), 4326))", row)
        connection.execute("CREATE VIEW seen AS SELECT * FROM geo")
    for table in ("geo", "seen"):
        back = read_sites_table(running.address(table)).sites
        assert list(back.index) == ["1", "Bravo"]
        assert back["lon"].tolist() == pytest.approx([-46.01, 122.54])


def test_two_geometry_columns_are_refused_by_name(running):
    with psycopg.connect(running.address()) as connection:
        connection.execute("CREATE TABLE two (name text, a geometry(Point, 4326), b geometry(Point, 4326))")
    with pytest.raises(PostgisError, match=r"several geometry columns: .*a.*b"):
        list(read_chunks(running.address("two")))


def test_shapes_without_a_system_are_read_with_a_note_and_rows_without_shapes_left_out(running):
    with psycopg.connect(running.address()) as connection:
        connection.execute("CREATE TABLE bare (name text, shape geometry)")
        connection.execute("INSERT INTO bare SELECT 'x' || g, NULL FROM generate_series(1, 60) g")
        connection.execute("INSERT INTO bare VALUES ('Alfa', ST_MakePoint(-46.01, 60.97))")
    back = read_sites_table(running.address("bare"))
    assert list(back.sites["name"]) == ["Alfa"]
    assert len(back.rejected) == 60
    assert any("no reference system" in note for note in back.notes)
