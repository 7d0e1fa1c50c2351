"""A stranger's file is read when lawful and refused in one clear message when not."""

import contextlib
import io
import json
import sqlite3
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest
import shapely
from shapely.geometry import Point, Polygon

from oreway.layers.errors import UploadError
from oreway.layers.upload.upload import Limits, read_upload, read_upload_file

PLAIN = "name,lon,lat\nTanbreez,-45.852,60.871\nNolans,133.2386,-22.5939\n"


def frame(crs="EPSG:4326"):
    points = gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=[Point(-46, 61), Point(133, -22)], crs="EPSG:4326")
    return points.to_crs(crs)


def packed(source, tmp_path, driver, name):
    path = tmp_path / name
    source.to_file(path, driver=driver)
    return path.read_bytes()


def shapefile(tmp_path, source=None, drop=()):
    folder = tmp_path / "shp"
    folder.mkdir()
    (frame() if source is None else source).to_file(folder / "mine.shp")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in folder.iterdir():
            if path.suffix not in drop:
                archive.write(path, path.name)
    return buffer.getvalue()


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def feature(geometry, **properties):
    return {"type": "Feature", "geometry": geometry, "properties": properties}


@pytest.mark.parametrize(
    "content",
    [
        PLAIN.encode(),
        PLAIN.encode("utf-8-sig"),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        PLAIN.replace(",", ";").encode(),
        PLAIN.replace(",", "\t").encode(),
        PLAIN.replace(",", "|").encode(),
        PLAIN.replace(",", ";").replace(".", ",").encode(),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("lon,lat", "Longitude (deg),LATITUDE").encode(),
        b"sep=;\n" + PLAIN.replace(",", ";").encode(),
        b"name,lat,lon\nTanbreez,60.871 N,45.852 W\nNolans,22.5939S,133.2386E\n",
    ],
    ids=["utf8", "bom", "utf16", "utf16 unmarked", "semicolon", "tab", "pipe", "decimal comma", "crlf", "spellings",
         "sep line", "hemispheres"],
)  # fmt: skip
def test_lawful_tables_are_read_alike(content):
    sites = read_upload(content, "sites.csv").sites
    assert list(sites["name"]) == ["Tanbreez", "Nolans"]
    assert sites.geometry.iloc[0].distance(Point(-45.852, 60.871)) < 1e-9
    assert sites.geometry.iloc[1].distance(Point(133.2386, -22.5939)) < 1e-9


def test_latin_1_is_told_apart_and_said():
    upload = read_upload("name,lon,lat\nGrønnedal,-48.1,61.2\n".encode("latin-1"), "a.csv")
    assert upload.sites["name"].iloc[0] == "Grønnedal"
    assert any("Windows-1252" in note for note in upload.notes)


@pytest.mark.parametrize(("driver", "name"), [("GPKG", "a.gpkg"), ("GeoJSON", "a.geojson")])
def test_formats_of_gdal_are_read(tmp_path, driver, name):
    assert len(read_upload(packed(frame(), tmp_path, driver, name), name).sites) == 2


def test_geoparquet_is_read(tmp_path):
    frame().to_parquet(tmp_path / "a.parquet")
    assert len(read_upload((tmp_path / "a.parquet").read_bytes(), "a.parquet").sites) == 2


def test_a_zipped_shapefile_in_another_reference_system_is_turned(tmp_path):
    upload = read_upload(shapefile(tmp_path, frame("EPSG:3857")), "a.zip")
    assert upload.sites.geometry.iloc[0].distance(Point(-46, 61)) < 1e-6
    assert any("into WGS84" in note for note in upload.notes)


def test_kml_is_read():
    text = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>T</name>
    <Point><coordinates>-45.85,60.87,0</coordinates></Point></Placemark></Document></kml>"""
    sites = read_upload(text.encode(), "a.kml").sites
    assert (sites["lon"].iloc[0], sites["name"].iloc[0]) == (-45.85, "T")


def test_a_placemark_with_half_a_coordinate_is_left_out_where_gdal_puts_it_at_null_island(tmp_path):
    marks = {"Good": "-46.0,60.98,0", "Half": "-46.0", "Letter O": "-4O.0,60.1"}
    body = "".join(
        f"<Placemark><name>{name}</name><Point><coordinates>{text}</coordinates></Point></Placemark>"
        for name, text in marks.items()
    )
    text = (
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>F</name>{body}</Folder></Document></kml>'
    )
    upload = read_upload(text.encode(), "a.kml")
    assert list(upload.sites["name"]) == ["Good"]
    assert [number for number, _ in upload.rejected] == [2, 3]
    assert upload.counted == "placemark"
    (tmp_path / "a.kml").write_text(text, encoding="utf-8")
    theirs = gpd.read_file(tmp_path / "a.kml", engine="pyogrio").geometry
    assert [(point.x, point.y) for point in theirs][1:] == [(0, 0), (-4, 60.1)]  # why ours does not go through GDAL


def test_poles_and_the_date_line_are_lawful():
    text = "name,lon,lat\nN,0,90\nS,180,-90\nW,-180,0\n"
    assert len(read_upload(text.encode(), "a.csv").sites) == 3


def test_rows_without_a_position_are_left_out_and_named():
    upload = read_upload(b"name,lon,lat\nA,1,2\nB,,\nC,nan,3\nD,4,95\n", "a.csv")
    assert list(upload.sites["name"]) == ["A"]
    assert [line for line, _ in upload.rejected] == [3, 4, 5]
    assert upload.counted == "line"
    assert "latitude 95; expected -90 to 90" in upload.rejected[2][1]


def test_a_vertex_off_the_globe_is_named_by_its_row(tmp_path):
    lines = ["1 2, 360.5 3", "1 2, 1 -95, 3 4", "1 2, nan 3", "180 90, -180 -90"]
    with np.errstate(invalid="ignore"):  # the nan is meant
        shapes = shapely.from_wkt([f"LINESTRING ({line})" for line in lines])
    gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326").to_parquet(tmp_path / "a.parquet")
    upload = read_upload((tmp_path / "a.parquet").read_bytes(), "a.parquet")
    assert upload.rejected == (
        (1, "longitude 360.5; expected -180 to 180"),
        (2, "latitude -95; expected -90 to 90"),
        (3, "position is not a number; give longitude and latitude in degrees"),
    )
    assert len(upload.sites) == 1


def test_how_sure_a_position_is_comes_from_the_file_else_it_is_a_kilometre_and_said():
    half = read_upload(b"name,lon,lat,position_accuracy_km\nA,1,2,5\nB,3,4,\n", "a.csv")
    assert list(half.sites["position_accuracy_km"]) == [5.0, 1.0]
    assert any("taken as 1 km" in note for note in half.notes)
    whole = read_upload(b"name,lon,lat,position_accuracy_km\nA,1,2,5\nB,3,4,0.5\n", "a.csv")
    assert list(whole.sites["position_accuracy_km"]) == [5.0, 0.5]
    assert not any("accuracy" in note for note in whole.notes)


def test_repeated_ids_are_numbered_and_said():
    upload = read_upload(b"id,lon,lat\na,1,2\na,3,4\n,5,6\n", "a.csv")
    assert upload.sites.index.is_unique
    assert list(upload.sites.index) == ["a", "a-3", "row-4"]
    assert any("numbered" in note for note in upload.notes)


def test_a_shape_that_crosses_itself_is_mended_and_said():
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    upload = read_upload(collection(feature(bow, name="bow")), "a.geojson")
    assert upload.sites.geometry.is_valid.all()
    assert any("mended" in note for note in upload.notes)


def test_a_shape_whose_sides_cross_thousands_of_times_is_valid_once_it_is_mended():
    """GEOS's own mending leaves this one crossing itself by the last digits of its points."""
    points = np.random.default_rng(4).integers(0, 1000, (120, 2)) / 1000
    tangle = Polygon(points)
    assert not shapely.is_valid(shapely.make_valid(tangle, method="structure", keep_collapsed=True))
    shape = {"type": "Polygon", "coordinates": [[*points.tolist(), points[0].tolist()]]}
    mended = read_upload(collection(feature(shape, name="tangle")), "a.geojson").sites.geometry.iloc[0]
    assert mended.is_valid
    assert mended.area == pytest.approx(shapely.make_valid(tangle, method="structure").area, rel=1e-6)


def test_a_shape_that_runs_more_than_once_round_the_earth_does_not_lie_over_itself():
    ring = [[180, -90], [180, 90], [-180, 90], [-360, -90], [180, -90]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    folded = read_upload(collection(feature(shape, name="round")), "a.geojson").sites.geometry.iloc[0]
    assert folded.is_valid
    assert folded.area == pytest.approx(360 * 180)


def test_a_table_of_a_geopackage_whose_name_is_no_text_is_refused(tmp_path):
    path = tmp_path / "a.gpkg"
    gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(1, 2)], crs=4326).to_file(path, driver="GPKG")
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA writable_schema = ON")
        name = "CAST(x'a0' AS TEXT)"
        database.execute(f"INSERT INTO sqlite_master VALUES ('table', {name}, {name}, 0, 'CREATE TABLE x (y)')")
    with pytest.raises(UploadError, match="a damaged GeoPackage"):
        read_upload(path.read_bytes(), "a.gpkg")


def test_a_reference_system_with_a_brace_in_its_name_is_read(tmp_path):
    path = tmp_path / "a.parquet"
    gpd.GeoDataFrame({"name": ["A"]}, geometry=[Point(500_000, 6_000_000)], crs=32755).to_parquet(path)
    table = pq.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    geo["columns"]["geometry"]["crs"].pop("id")
    geo["columns"]["geometry"]["crs"]["name"] = "a {grid}"
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), path)
    sites = read_upload(path.read_bytes(), "a.parquet").sites
    # UTM zone 55: easting 500,000 is its middle, 147 E; northing 6,000,000 of the south is 36.1 S
    assert sites.geometry.iloc[0].x == pytest.approx(147, abs=1e-6)
    assert sites.geometry.iloc[0].y == pytest.approx(-36.144, abs=0.001)


def test_a_position_of_two_quotation_marks_is_an_empty_one():
    upload = read_upload(b'name,lon,lat\nA,1,2\nB,3, ""\nC,"""""",4\n', "a.csv")
    assert list(upload.sites["name"]) == ["A"]
    assert len(upload.rejected) == 2


def test_markup_and_formulas_stay_text():
    text = 'name,lon,lat\n<img src=x onerror=alert(1)>,1,2\n"=HYPERLINK(""x"")",3,4\n'
    names = list(read_upload(text.encode(), "a.csv").sites["name"])
    assert names == ["<img src=x onerror=alert(1)>", '=HYPERLINK("x")']


def test_control_characters_are_dropped_from_ids():
    sites = read_upload("id,lon,lat\na\u202e\x07b,1,2\n".encode(), "a.csv").sites
    assert list(sites.index) == ["ab"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (b"hello", "no rows below a header"),
        (b"a,b\n1,2\n", "no longitude column among a, b; name the columns lon and lat"),
        (b"lon,b\n1,2\n", "no latitude column"),
        (b"name,lon,lat\nA,60.8,-145\nB,61,-146\n", "look swapped, exchange them"),
        (b"name,lon,lat\nA,1,2,3,4\n", "line 2: more cells than the header"),
        (b"name,lon,lat\nA,x,y\n", "line 2: longitude 'x' is no coordinate"),
        (b'{"type": "Topology"}', "no GeoJSON FeatureCollection"),
        (b'{"type": "FeatureCollection", "features": []}', "no features"),
        (b"{", "not readable as JSON"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested deeper than 32"),
        (b"<OGRVRTDataSource><OGRVRTLayer name='a'/></OGRVRTDataSource>", "XML but no KML"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><kml>&b;</kml>', "document type or entities"),
        (b"<kml", "not readable as XML"),
        (b"PK\x03\x04 broken", "damaged zip"),
        (b"PAR1 broken", "not readable as GeoParquet"),
        (b"SQLite format 3\x00" + b"\x00" * 200, "no GeoPackage"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (collection(feature({"type": "Point", "coordinates": ["a", 2]})), "feature 1: geometry not readable"),
        (collection(feature(None)), "feature 1: no position"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_place_fault_and_cure(content, said):
    with pytest.raises(UploadError, match=said) as caught:
        read_upload(content, "mine.dat")
    assert str(caught.value).startswith("mine.dat")


def test_a_shapefile_without_its_table_is_refused(tmp_path):
    with pytest.raises(UploadError, match="zip all of its files"):
        read_upload(shapefile(tmp_path, drop={".dbf"}), "a.zip")


def test_an_archive_of_something_else_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../evil.txt", "x")
    with pytest.raises(UploadError, match="expected exactly one Shapefile"):
        read_upload(buffer.getvalue(), "a.zip")


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", b"\x00" * 50_000_000)
    with pytest.raises(UploadError, match="MB unpacked"):
        read_upload(buffer.getvalue(), "a.zip", limits=Limits(unpacked_mb=10))


def test_limits_on_size_features_and_vertices_are_named():
    with pytest.raises(UploadError, match="split the file"):
        read_upload(b"x" * 2_000_000, "a.csv", limits=Limits(size_mb=1))
    with pytest.raises(UploadError, match="more than 1 rows"):
        read_upload(PLAIN.encode(), "a.csv", limits=Limits(features=1))
    ring = Polygon([(0, 0), (1, 0), (1, 1)])
    content = gpd.GeoDataFrame(geometry=[ring], crs="EPSG:4326").to_json().encode()
    with pytest.raises(UploadError, match="4 vertices"):
        read_upload(content, "a.geojson", limits=Limits(vertices=3))


def test_degrees_without_a_reference_system_are_taken_as_wgs84_and_metres_refused(tmp_path):
    bare = read_upload(shapefile(tmp_path, drop={".prj"}), "a.zip")
    assert len(bare.sites) == 2
    metres = tmp_path / "m"
    metres.mkdir()
    with pytest.raises(UploadError, match="no degrees"):
        read_upload(shapefile(metres, frame("EPSG:3857"), drop={".prj"}), "a.zip")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_bytes(b"x" * 1_000_001)
    monkeypatch.setattr(Path, "read_bytes", lambda path: pytest.fail("it was read"))
    with pytest.raises(UploadError, match=r"a\.csv: above 1 MB; split the file, or use `oreway batch`"):
        read_upload_file(tmp_path / "a.csv", limits=Limits(size_mb=1))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(UploadError, match="cannot be read"):
        read_upload_file(tmp_path / "none.csv")


def test_an_empty_part_of_a_shape_across_180_degrees_refuses_neither_it_nor_its_neighbour():
    rows = 'name,wkt\nAcross,"GEOMETRYCOLLECTION (POINT EMPTY, LINESTRING (179 0, -179 1))"\nPlain,"POINT (133 -25)"\n'
    sites = read_upload(rows.encode(), "w.csv").sites.set_index("name")
    assert (sites.loc["Plain", "lon"], sites.loc["Plain", "lat"]) == (133, -25)
    assert abs(sites.loc["Across", "lon"]) >= 179  # near 180, not half way round the Earth
