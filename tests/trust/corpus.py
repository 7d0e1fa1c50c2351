"""Nasty files made by code, lawful and unlawful: a name and the bytes of each; nothing of it is kept as a file."""

import io
import json
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from tests.trust.payloads import PAYLOADS

Case = tuple[str, bytes]
POINTS = gpd.GeoDataFrame(
    {"name": ["A", "B"], "note": ["x", "y"]}, geometry=[shapely.Point(-46, 61), shapely.Point(133, -22)],
    crs="EPSG:4326",
)  # fmt: skip
SECRET = "name,lon,lat\nTOPSECRET,1,2\n"
RECURSIVE = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"


def vrt(source: str) -> bytes:
    """Return a GDAL virtual layer over another file or address."""
    return (
        f'<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>{source}</SrcDataSource>'
        '<GeometryType>wkbPoint</GeometryType><GeometryField encoding="PointFromColumns" x="lon" y="lat"/>'
        "</OGRVRTLayer></OGRVRTDataSource>"
    ).encode()


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def shapefile_parts(frame: gpd.GeoDataFrame = POINTS, stem: str = "a") -> dict[str, bytes]:
    """Return the files of a Shapefile."""
    with tempfile.TemporaryDirectory() as folder:
        frame.to_file(Path(folder) / f"{stem}.shp")
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def shapefile(frame: gpd.GeoDataFrame = POINTS, drop: str = "", **changed: bytes) -> bytes:
    """Return a zipped Shapefile, parts replaced (shp=…) or dropped."""
    parts = {name: content for name, content in shapefile_parts(frame).items() if not drop or not name.endswith(drop)}
    return zipped(parts | {f"a.{ending}": content for ending, content in changed.items()})


def geopackage(frame: gpd.GeoDataFrame = POINTS, *statements: str) -> bytes:
    """Return a GeoPackage, changed afterwards by SQL statements."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        frame.to_file(path, driver="GPKG", layer="mine")
        database = sqlite3.connect(path)
        for name in [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            if statements:
                database.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            database.execute(statement)
        database.commit()
        database.close()
        return path.read_bytes()


def parquet(frame: gpd.GeoDataFrame = POINTS, **metadata: object) -> bytes:
    """Return a GeoParquet file, keys of its `geo` metadata replaced, or those of its geometry column with column=…."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer)
    table = pq.read_table(pa.BufferReader(buffer.getvalue()))
    geo = json.loads(table.schema.metadata[b"geo"])
    column = metadata.pop("column", None)
    if isinstance(column, dict):
        geo["columns"]["geometry"] |= column
    geo |= metadata
    return parquet_of(table.replace_schema_metadata({**table.schema.metadata, b"geo": json.dumps(geo).encode()}))


def parquet_of(table: pa.Table) -> bytes:
    """Return a table as Parquet bytes."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    return buffer.getvalue()


def parquet_bomb() -> bytes:
    """Return a small Parquet file whose one long text is repeated so often that it needs 100 GB when unpacked."""
    texts = pa.DictionaryArray.from_arrays(pa.array(np.zeros(50_000, np.int32)), pa.array(["x" * 2_000_000]))
    shapes = pa.array([shapely.to_wkb(shapely.Point(1, 2))] * 50_000)
    geo = {"version": "1.0.0", "primary_column": "geometry",
           "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"]}}}  # fmt: skip
    table = pa.table({"name": texts, "geometry": shapes})
    return parquet_of(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}))


def collection(*geometries: object, properties: dict[str, object] | None = None, **members: object) -> bytes:
    """Return a GeoJSON FeatureCollection."""
    features = [{"type": "Feature", "geometry": shape, "properties": properties or {"name": "A"}}
                for shape in geometries]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()


def point(*coordinates: float) -> dict[str, object]:
    """Return a GeoJSON point."""
    return {"type": "Point", "coordinates": list(coordinates)}


def kml(inside: str) -> bytes:
    """Return a KML document."""
    return f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'.encode()


def placemark(shape: str, name: str = "A") -> str:
    """Return a KML placemark."""
    return f"<Placemark><name>{name}</name>{shape}</Placemark>"


def tables() -> Iterator[Case]:
    """Delimited text."""
    plain = "name,lon,lat\nA,1,2\n"
    yield "csv NUL byte", plain.encode() + b"B\x00,3,4\n"
    yield "csv UTF-16 with NUL text", "name,lon,lat\nA\x00B,1,2\n".encode("utf-16")
    yield "csv UTF-32", plain.encode("utf-32")
    yield "csv odd UTF-16", plain.encode("utf-16")[:-1]
    yield "csv Latin-1", "name,lon,lat\nGrønnedal,1,2\n".encode("latin-1")
    yield "csv undefined in Windows-1252", b"name,lon,lat\nA\x81,1,2\n"
    yield "csv 100,000 columns", (",".join(f"c{n}" for n in range(100_000)) + ",lon,lat\n").encode() + b"1,2\n" * 1000
    yield "csv wide head, many short rows", ("lon,lat" + ",a" * 900 + "\n").encode() + b"1,2\n" * 20_000
    yield "csv only commas", b"," * 2_000_000
    yield "csv very long cell", b"name,lon,lat\n" + b"x" * 120_000 + b",1,2\n"
    yield "csv cell above the reader's limit", b"name,lon,lat\n" + b"x" * 200_000 + b",1,2\n"
    yield "csv long number", b"name;lon;lat\nA;" + b"1" * 120_000 + b";2\n"
    yield "csv number, blanks, letter", b"name,lon,lat\nA,1" + b" " * 120_000 + b"x,2\n"
    yield "csv brackets in the head", b"(" * 120_000 + b",lon,lat\nA,1,2\n"
    yield "csv unclosed quote", b'name,lon,lat\n"A,1,2\nB,3,4\n'
    yield "csv bare returns", b"name,lon,lat\rA,1,2\rB,3,4\r"
    yield "csv mixed returns in a quote", b'name,lon,lat\n"A\r\nB",1,2\n'
    yield "csv same names", b"lon_3,a,lon,lat,a,a,a_5,a_6\n1,2,3,4,5,6,7,8\n"
    yield "csv column called geometry", b"name,geometry,lon,lat\nA,POINT(9 9),1,2\n"
    yield "csv columns called like ours", b"site_id,position_accuracy_km,lon,lat,LON\nA,1e300,1,2,3\n"
    yield "csv not numbers", b"name,lon,lat\nA,nan,2\nB,inf,2\nC,1e999,2\nD,1_0,2\nE,0x10,2\nF,1,2\n"
    yield "csv odd separator line", b'sep="\nname"lon"lat\nA"1"2\n'
    yield "csv poles and date line", b"name,lon,lat\nN,0,90\nS,180,-90\nW,-180,0\n"
    yield "csv swapped", b"name,lon,lat\nA,61,-146\nB,62,-147\nC,63,150\n"
    yield "csv rows that fight over ids", ("id,lon,lat\n" + "".join(f"a-{n},1,2\n" for n in range(2, 6_000, 2))
                                          + "a,1,2\n" * 6_000).encode()  # fmt: skip
    yield "csv surrogate", "name,lon,lat\n\U0001f5ff\u202e,1,2\n".encode()
    for number, payload in enumerate(PAYLOADS):
        quoted = payload.replace('"', '""')
        yield f"csv payload {number}", f'"{quoted}",name,lon,lat\nx,"{quoted}",1,2\n'.encode()


def geojson() -> Iterator[Case]:
    """GeoJSON, most of it lawful JSON."""
    yield "geojson deep", b"[" * 100_000
    yield "geojson deep in a feature", b'{"a":' * 100_000
    yield "geojson deep in text", json.dumps({"a": "[" * 1000}).encode()
    yield "geojson escapes without end", b'{"a":"' + b'\\"' * 100_000
    yield "geojson huge whole number", b'{"type":"FeatureCollection","features":[' + b"9" * 5_000 + b"]}"
    yield "geojson huge coordinate", collection(point(1, 2)).replace(b"[1, 2]", b"[1" + b"0" * 400 + b", 2]")
    yield "geojson NaN", collection(point(float("nan"), 2))
    yield "geojson infinity", collection(point(float("inf"), 2))
    yield "geojson 1e999", collection(point(1, 2)).replace(b"[1, 2]", b"[1e999, 2]")
    yield "geojson null", collection(None, point(1, 2))
    yield "geojson empty shapes", collection(point(), {"type": "Polygon", "coordinates": []}, point(1, 2))
    yield "geojson 3D", collection(point(1, 2, 3))
    yield "geojson 4D", collection(point(1, 2, 3, 4))
    yield "geojson collection", collection({"type": "GeometryCollection", "geometries": [point(1, 2), point(3, 4)]})
    yield "geojson empty collection", collection({"type": "GeometryCollection", "geometries": []}, point(1, 2))
    yield (
        "geojson nested collection",
        collection(
            {"type": "GeometryCollection", "geometries": [{"type": "GeometryCollection", "geometries": [point(1, 2)]}]}
        ),
    )
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    yield "geojson bow tie", collection(bow)
    rng = np.random.default_rng(1)
    ring = rng.random((200, 2)).round(3).tolist()
    yield "geojson random star", collection({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    yield "geojson flat polygon", collection({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0], [0, 0]]]})
    yield "geojson open ring", collection({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1]]]})
    yield (
        "geojson hole outside",
        collection(
            {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]], [[5, 5], [6, 5], [6, 6], [5, 5]]]}
        ),
    )
    yield "geojson whole world", collection(shapely.geometry.mapping(shapely.box(-180, -90, 180, 90)))
    yield "geojson twice the same", collection(*[point(1, 2)] * 3, properties={"id": "a"})
    yield "geojson odd ids", collection(point(1, 2), properties={"id": {"a": [1]}, "name": ["x"], "ID": True})
    yield "geojson own names", collection(point(1, 2), properties={"geometry": 1, "lon": "x", "bbox": [1], "": 2})
    yield "geojson surrogates", collection(point(1, 2), properties={"\ud800": "\udfff", "name": "\ud800"})
    yield "geojson unknown crs", collection(point(1, 2), crs={"type": "name", "properties": {"name": "EPSG:999999"}})
    yield "geojson crs of nonsense", collection(point(1, 2), crs={"type": "link", "properties": {"href": "http://x"}})
    yield "geojson crs as a list", collection(point(1, 2), crs=[1])
    yield "geojson crs without a name", collection(point(1, 2), crs={"properties": [1]})
    yield (
        "geojson metres",
        collection(
            point(500_000, 6_000_000), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
        ),
    )
    features = [{"type": "Feature", "geometry": point(1, 2), "properties": {f"k{n}": n}} for n in range(5_000)]
    yield "geojson a column a row", json.dumps({"type": "FeatureCollection", "features": features}).encode()
    yield "geojson no objects", b'{"type": "FeatureCollection", "features": [1, null]}'
    yield "geojson wrong shapes", collection({"type": "Point"}, {"type": "Cube", "coordinates": [1]}, {})
    yield "geojson shape is a word", b'{"type": "Feature", "geometry": "x", "properties": 3}'
    for number, payload in enumerate(PAYLOADS):
        yield f"geojson payload {number}", collection(point(1, 2), properties={payload: payload, "name": payload})


def kmls() -> Iterator[Case]:
    """XML of all kinds."""
    spot = "<Point><coordinates>1,2,3</coordinates></Point>"
    yield "kml entities", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><kml>&b;</kml>'
    yield "kml UTF-16 entities", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><kml>&b;</kml>'.encode("utf-16")
    yield "kml laughs", b'<!DOCTYPE a [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><kml>&b;</kml>'
    yield "kml include", kml('<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/>')
    yield "kml link", kml("<NetworkLink><Link><href>http://127.0.0.1:1/</href></Link></NetworkLink>")
    yield "kml deep", b"<kml>" + b"<a>" * 100_000
    yield "kml deep placemarks", kml("<Placemark>" * 5_000 + spot + "</Placemark>" * 5_000)
    yield "kml vrt", vrt("/vsicurl/http://127.0.0.1:1/a.csv")
    yield "kml gml", b'<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"/>'
    yield "kml wrong encoding", b'<?xml version="1.0" encoding="UTF-7"?><kml/>'
    yield "kml plain", kml(placemark(spot))
    yield "kml several", kml(placemark(f"<MultiGeometry>{spot}{spot}</MultiGeometry>"))
    yield "kml words", kml(placemark("<Point><coordinates>a,b</coordinates></Point>"))
    yield "kml not numbers", kml(placemark("<Point><coordinates>nan,inf</coordinates></Point>") + placemark(spot))
    yield "kml no coordinates", kml(placemark("<Point/>"))
    yield "kml mixed depth", kml(placemark("<LineString><coordinates>1,2 3 4,5</coordinates></LineString>"))
    yield "kml many attributes", b"<kml " + b" ".join(b"a%d='1'" % n for n in range(20_000)) + b"/>"
    yield "kml payload", kml(placemark(spot, "<![CDATA[<script>alert(1)</script>]]>"))


def archives() -> Iterator[Case]:
    """Zip archives and Shapefiles."""
    parts = shapefile_parts()
    yield "zip slip", zipped({f"../../../../tmp/{name}": content for name, content in parts.items()})
    yield "zip absolute", zipped({f"/etc/{name}": content for name, content in parts.items()})
    yield "zip folder", zipped({f"x/{name}": content for name, content in parts.items()})
    yield "zip in zip", zipped({"a.zip": zipped({"a.shp": b"x"})})
    yield "zip nested Shapefile", zipped({"a.shp": zipped(parts), "a.shx": b"", "a.dbf": b""})
    yield "zip of a vrt", zipped({"a.vrt": vrt("/etc/passwd")})
    yield "zip of 5,000 files", zipped({f"{n}.txt": b"" for n in range(5_000)})
    yield "zip name twice", zipped({"a.shp": b"1", "A.SHP": b"2"})
    yield "zip empty", zipped({})
    yield "zip member without a name", b"".join((  # found by fuzzing
        b"PK\x03\x04\x14" + bytes(25), b"PK\x01\x02\x14\x00\x14" + bytes(39),
        b"PK\x05\x06" + bytes(4) + b"\x01\x00\x01\x00" + struct.pack("<II", 46, 30) + bytes(2),
    ))  # fmt: skip
    yield "zip cut", shapefile()[:-30]
    yield "zip bytes turned", shapefile().replace(b"\x03\x04", b"\x03\x05", 1)
    yield "zip bad checksum", bytes(byte ^ (0xFF if 60 < n < 70 else 0) for n, byte in enumerate(shapefile()))
    yield "zip encrypted flag", shapefile().replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    yield "zip odd method", shapefile().replace(b"\x08\x00", b"\x63\x00")
    for ending in ("shp", "shx", "dbf", "prj", "cpg"):
        whole = parts[f"a.{ending}"]
        yield f"shapefile {ending} empty", shapefile(**{ending: b""})
        yield f"shapefile {ending} cut", shapefile(**{ending: whole[: len(whole) // 2]})
        yield f"shapefile {ending} ones", shapefile(**{ending: whole[: len(whole) // 2] + b"\xff" * len(whole)})
        yield f"shapefile {ending} is a vrt", shapefile(**{ending: vrt("/etc/passwd")})
        yield f"shapefile {ending} is GeoJSON", shapefile(**{ending: collection(point(1, 2))})
    yield "shapefile vrt behind its own head", shapefile(shp=parts["a.shp"][:100] + vrt("/etc/passwd"))
    yield "shapefile sizes lie", shapefile(dbf=parts["a.dbf"][:4] + struct.pack("<I", 2**31 - 1) + parts["a.dbf"][8:])
    yield "shapefile charset of nonsense", shapefile(cpg=b"../../etc/passwd")
    yield "shapefile charset UTF-7", shapefile(cpg=b"UTF-7")
    grid = (
        'GEOGCS["x",DATUM["x",SPHEROID["x",6378137,298],EXTENSION["PROJ4_GRIDS","/etc/passwd"]],PRIMEM["Greenwich",0],'
        'UNIT["degree",0.0174532925199433]]'
    )
    yield "shapefile grid file", shapefile(prj=grid.encode())
    yield "shapefile proj with a grid", shapefile(prj=b"+proj=longlat +ellps=WGS84 +nadgrids=/etc/passwd")
    yield "shapefile metres", shapefile(POINTS.to_crs("EPSG:3857"))
    yield "shapefile metres without prj", shapefile(POINTS.to_crs("EPSG:3857"), drop=".prj")
    yield "shapefile degrees as metres", shapefile(POINTS.set_crs("EPSG:3857", allow_override=True))
    yield "shapefile polar", shapefile(POINTS[:1].to_crs("EPSG:3413"))


def geopackages() -> Iterator[Case]:
    """SQLite databases."""
    contents = (
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('v', 'features', 'v', 4326)"
    )
    columns = "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POINT', 4326, 0, 0)"
    gone = "DELETE FROM gpkg_contents WHERE table_name = 'mine'"
    yield "gpkg plain", geopackage()
    yield "gpkg other tables", geopackage(POINTS, "CREATE TABLE secret (a)", "CREATE VIEW w AS SELECT * FROM secret")
    yield (
        "gpkg endless view",
        geopackage(POINTS, f"CREATE VIEW v AS SELECT i AS fid, geom FROM mine, ({RECURSIVE})", contents, columns),
    )
    yield "gpkg only an endless view", geopackage(
        POINTS, f"CREATE VIEW v AS SELECT i AS fid, geom FROM mine, ({RECURSIVE})", contents, columns,
        "DELETE FROM gpkg_geometry_columns WHERE table_name = 'mine'", gone,
    )  # fmt: skip
    yield "gpkg contents are a view", geopackage(
        POINTS, "ALTER TABLE gpkg_contents RENAME TO kept",
        f"CREATE VIEW gpkg_contents AS SELECT kept.* FROM kept, ({RECURSIVE})",
    )  # fmt: skip
    yield "gpkg computed column", geopackage(POINTS, "ALTER TABLE mine ADD COLUMN big AS (hex(zeroblob(500000000)))")
    yield "gpkg trigger", geopackage(POINTS, "CREATE TRIGGER t AFTER INSERT ON mine BEGIN DELETE FROM mine; END")
    yield "gpkg quotes in names", geopackage(POINTS, 'ALTER TABLE mine RENAME COLUMN note TO "a""; DROP TABLE x; --"')
    yield "gpkg broken shapes", geopackage(POINTS, "UPDATE mine SET geom = x'47500001e6100000ff'")
    yield "gpkg shapes of text", geopackage(POINTS, "UPDATE mine SET geom = 'POINT(1 2)'")
    yield "gpkg null shapes", geopackage(POINTS, "UPDATE mine SET geom = NULL")
    yield "gpkg unknown system", geopackage(POINTS, "UPDATE gpkg_geometry_columns SET srs_id = 77")
    yield "gpkg system of nonsense", geopackage(POINTS, "UPDATE gpkg_spatial_ref_sys SET definition = 'x' || srs_id")
    yield "gpkg no tables", geopackage(POINTS, "DROP TABLE gpkg_contents")
    yield "gpkg cut", geopackage()[:50_000]
    whole = bytearray(geopackage())
    whole[4096:8192] = b"\xff" * 4096
    yield "gpkg page of ones", bytes(whole)
    yield "gpkg head only", geopackage()[:100]
    yield "gpkg empty", geopackage(POINTS, "DELETE FROM mine")
    table = pd.DataFrame({"a": [1]})
    database = sqlite3.connect(":memory:")
    table.to_sql("a", database, index=False)
    head = bytearray(database.serialize())
    database.close()
    yield "gpkg plain SQLite", bytes(head)
    head[68:72] = b"GPKG"
    yield "gpkg SQLite in disguise", bytes(head)


def parquets() -> Iterator[Case]:
    """Parquet files."""
    yield "parquet plain", parquet()
    yield "parquet cut", parquet()[:-20]
    yield "parquet head only", b"PAR1" * 20
    yield "parquet footer of ones", parquet()[:-60] + b"\xff" * 52 + parquet()[-8:]
    yield "parquet without geo", parquet_of(pa.table({"lon": [1.0], "lat": [2.0]}))
    yield "parquet geo is no JSON", parquet_of(pa.table({"a": [1]}).replace_schema_metadata({b"geo": b"{"}))
    yield "parquet geo is a list", parquet_of(pa.table({"a": [1]}).replace_schema_metadata({b"geo": b"[1]"}))
    yield "parquet columns are a list", parquet(columns=[1])
    yield "parquet column not there", parquet(primary_column="x", columns={"x": {"encoding": "WKB"}})
    yield "parquet primary is a number", parquet(primary_column=3)
    yield "parquet odd encoding", parquet(column={"encoding": "exec"})
    yield "parquet says point arrays", parquet(column={"encoding": "point"})
    yield "parquet crs of nonsense", parquet(column={"crs": {"type": "nonsense"}})
    yield "parquet crs is a word", parquet(column={"crs": "EPSG:999999"})
    yield "parquet crs with a grid", parquet(column={"crs": "+proj=longlat +nadgrids=/etc/passwd +type=crs"})
    yield "parquet crs null", parquet(column={"crs": None})
    yield "parquet bbox lies", parquet(column={"bbox": [float(n) for n in (500, 500, 600, 600)]})
    yield "parquet version lies", parquet(version="99.9")
    yield "parquet pandas metadata lies", parquet_of(
        pq.read_table(pa.BufferReader(parquet())).replace_schema_metadata(
            {**pq.read_table(pa.BufferReader(parquet())).schema.metadata,
             b"pandas": b'{"index_columns": ["gone"], "columns": [{"name": 1}], "column_indexes": 7}'}
        )
    )  # fmt: skip
    broken = pa.table({"geometry": pa.array([b"\x01\x02", None], pa.binary()), "name": ["a", "b"]})
    meta = pq.read_table(pa.BufferReader(parquet())).schema.metadata
    yield "parquet broken shapes", parquet_of(broken.replace_schema_metadata({b"geo": meta[b"geo"]}))
    nested = pa.table({
        "geometry": [shapely.to_wkb(shapely.Point(1, 2))] * 2, "name": [{"a": [1, 2]}, None],
        "id": [[1], [2]], "accuracy_km": [{"x": 1}, {"x": 2}], "when": pd.to_datetime(["2026-01-01", None]),
    })  # fmt: skip
    yield "parquet nested values", parquet_of(nested.replace_schema_metadata({b"geo": meta[b"geo"]}))
    curve = shapely.to_wkb(shapely.LineString([(0, 0), (1, 1), (2, 0)])).replace(b"\x01\x02\0\0\0", b"\x01\x08\0\0\0")
    curved = pa.table({"geometry": [curve], "name": ["a"]})
    yield "parquet curve", parquet_of(curved.replace_schema_metadata({b"geo": meta[b"geo"]}))
    two = POINTS.assign(other=gpd.GeoSeries([shapely.Point(0, 0)] * 2, crs="EPSG:4326"))
    yield "parquet two shapes a row", parquet(two)
    yield "parquet numbered columns", parquet(POINTS.rename(columns={"note": "7"}))
    yield "parquet index twice", parquet(POINTS.set_index(["name", "note"]))
    yield "parquet other system", parquet(POINTS.to_crs("EPSG:3413")[:1])


def cases() -> list[Case]:
    """Return every case."""
    return [*tables(), *geojson(), *kmls(), *archives(), *geopackages(), *parquets()]
