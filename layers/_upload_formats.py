"""The formats a stranger's file may have, each read under limits and without opening anything else."""

import dataclasses
import io
import json
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from layers._upload_text import decoded, sites_from_csv
from layers.errors import UploadError

FORMATS = ("CSV", "GeoJSON", "GeoPackage", "GeoParquet", "zipped Shapefile", "KML")
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limits:
    """What an upload may hold at most; shown to the user."""

    size_mb: float = 20.0
    unpacked_mb: float = 100.0
    features: int = 100_000
    vertices: int = 1_000_000
    nesting: int = 32
    text_length: int = 500


def shown(name: str) -> str:
    """Return a name fit for a message: printable, at most 100 characters."""
    return "".join(character for character in name if character.isprintable())[:100] or "upload"


def read_frame(content: bytes, place: str, limits: Limits, notes: list[str]) -> gpd.GeoDataFrame:
    """Return the frame in a file's bytes, its format told by the first of them; notes are added to `notes`."""
    if content.startswith(b"PAR1"):
        return _from_parquet(content, place, limits)
    if content.startswith(b"SQLite format 3\x00"):
        return _from_geopackage(content, place, limits)
    if content.startswith(b"PK\x03\x04"):
        return _from_zip(content, place, limits, notes)
    text = decoded(content, place, notes)
    start = text.lstrip()[:1]
    if start == "{":
        return _from_geojson(text, place, limits, notes)
    if start == "<":
        return _from_kml(text, place, limits)
    return sites_from_csv(text, place, limits.features, notes)


def _from_parquet(content: bytes, place: str, limits: Limits) -> gpd.GeoDataFrame:
    try:
        metadata = pq.ParquetFile(io.BytesIO(content)).metadata
        unpacked = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
        _limit_count(metadata.num_rows, place, limits)
        _limit_unpacked(unpacked, place, limits)
        return gpd.read_parquet(io.BytesIO(content))  # type: ignore[arg-type]
    except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, UploadError):
            raise
        raise UploadError(f"{place}: not readable as GeoParquet ({brief(error)}); write it with geopandas") from None


def _from_geopackage(content: bytes, place: str, limits: Limits) -> gpd.GeoDataFrame:
    if content[68:72] not in {b"GPKG", b"GP10", b"GP11"}:
        raise UploadError(f"{place}: an SQLite file but no GeoPackage; export it as GeoPackage")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.gpkg"
        path.write_bytes(content)
        return _by_gdal(path, place, limits)


def _by_gdal(path: Path, place: str, limits: Limits) -> gpd.GeoDataFrame:
    try:
        layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
        if not layers:
            raise UploadError(f"{place}: holds no layer with geometry; export points")
        info = pyogrio.read_info(path, layer=layers[0], force_feature_count=True)
        _limit_count(int(info["features"]), place, limits)
        frame = pyogrio.read_dataframe(path, layer=layers[0], max_features=limits.features)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.CRSError) as error:
        raise UploadError(f"{place}: not readable ({brief(error)}); export it again") from None
    except (pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, ValueError, OverflowError) as error:
        if isinstance(error, UploadError):
            raise
        raise UploadError(f"{place}: holds rows that cannot be read ({brief(error)}); export it again") from None
    if not isinstance(frame, gpd.GeoDataFrame):
        raise UploadError(f"{place}: holds no geometry; export points")
    return frame


def _from_zip(content: bytes, place: str, limits: Limits, notes: list[str]) -> gpd.GeoDataFrame:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise UploadError(f"{place}: a damaged zip archive; make it again") from None
    with archive, tempfile.TemporaryDirectory() as folder:
        members = [item for item in archive.infolist() if not item.is_dir()]
        _limit_unpacked(sum(item.file_size for item in members), place, limits)
        shapes = [item for item in members if item.filename.lower().endswith(".shp")]
        if len(shapes) != 1:
            raise UploadError(f"{place}: {len(shapes)} .shp files in the archive; expected exactly one Shapefile")
        stem = shapes[0].filename[:-4]
        for item in members:
            ending = Path(item.filename).suffix.lower()
            if item.filename[: -len(ending) or None] == stem and ending in SHAPEFILE_PARTS:
                (Path(folder) / f"upload{ending}").write_bytes(_unpacked(archive, item, place, limits))
        if not (Path(folder) / "upload.shx").exists() or not (Path(folder) / "upload.dbf").exists():
            raise UploadError(f"{place}: the Shapefile lacks its .shx or .dbf; zip all of its files")
        if not (Path(folder) / "upload.prj").exists():
            notes.append("no .prj beside the Shapefile: taken as WGS84 longitude and latitude")
        return _by_gdal(Path(folder) / "upload.shp", place, limits)


def _unpacked(archive: zipfile.ZipFile, item: zipfile.ZipInfo, place: str, limits: Limits) -> bytes:
    most = int(limits.unpacked_mb * 1e6)
    try:
        with archive.open(item) as handle:
            content = handle.read(most + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise UploadError(f"{place}: {shown(item.filename)} cannot be unpacked ({brief(error)})") from None
    _limit_unpacked(len(content), place, limits)
    return content


def _nesting(text: str) -> int:
    depth = deepest = 0
    quoted = escaped = False
    for character in text:
        if quoted:
            quoted = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            quoted = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest


def _from_geojson(text: str, place: str, limits: Limits, notes: list[str]) -> gpd.GeoDataFrame:
    if _nesting(text) > limits.nesting:
        raise UploadError(f"{place}: nested deeper than {limits.nesting}; GeoJSON needs no more than eight levels")
    try:
        document = json.loads(text)
    except ValueError as error:
        raise UploadError(f"{place}: not readable as JSON ({brief(error)}); export it again") from None
    features = _features(document, place)
    _limit_count(len(features), place, limits)
    shapes = [_shape(feature, number, place) for number, feature in enumerate(features, start=1)]
    rows = [_properties(feature) for feature in features]
    named = document.get("crs") if isinstance(document, dict) else None
    crs = _named_crs(named, place, notes) if named else "EPSG:4326"
    table = pd.DataFrame(rows, index=range(len(rows)))
    table = table.drop(columns="geometry", errors="ignore")
    return gpd.GeoDataFrame(table, geometry=np.array(shapes, dtype=object), crs=crs)


def _properties(feature: dict[str, object]) -> dict[str, object]:
    given = feature.get("properties")
    row = {str(key): _flat(value) for key, value in given.items()} if isinstance(given, dict) else {}
    if isinstance(feature.get("id"), (str, int)):
        row.setdefault("id", feature["id"])
    return row


def _features(document: object, place: str) -> list[dict[str, object]]:
    kind = document.get("type") if isinstance(document, dict) else None
    if isinstance(document, dict) and kind == "FeatureCollection" and isinstance(document.get("features"), list):
        found = document["features"]
    elif isinstance(document, dict) and kind == "Feature":
        found = [document]
    else:
        raise UploadError(f"{place}: JSON but no GeoJSON FeatureCollection; export it as GeoJSON (RFC 7946)")
    if not all(isinstance(feature, dict) for feature in found):
        raise UploadError(f"{place}: features that are no objects; export it as GeoJSON (RFC 7946)")
    return list(found)


def _shape(feature: dict[str, object], number: int, place: str) -> shapely.Geometry | None:
    geometry = feature.get("geometry")
    if geometry is None:
        return None
    try:
        return shapely.from_geojson(json.dumps(geometry))
    except (shapely.errors.GEOSException, ValueError, TypeError) as error:
        raise UploadError(f"{place}, feature {number}: geometry not readable ({brief(error)}); redraw it") from None


def _named_crs(named: object, place: str, notes: list[str]) -> str:
    name = str(named.get("properties", {}).get("name", "")) if isinstance(named, dict) else ""
    digits = name.rsplit(":", 1)[-1]
    if digits == "CRS84":
        return "EPSG:4326"
    if "EPSG" in name and digits.isdigit():
        notes.append(f"the file names EPSG:{digits} as its reference system; positions were turned into WGS84")
        return f"EPSG:{digits}"
    raise UploadError(f"{place}: reference system {shown(name)!r} not known; export it in WGS84 (EPSG:4326)")


def _flat(value: object) -> object:
    return value if value is None or isinstance(value, (str, int, float, bool)) else json.dumps(value)


def _from_kml(text: str, place: str, limits: Limits) -> gpd.GeoDataFrame:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UploadError(f"{place}: XML with a document type or entities is not read; export plain KML")
    try:
        root = ET.fromstring(text)  # noqa: S314 - document types and entities are refused above
    except (ET.ParseError, ValueError) as error:
        raise UploadError(f"{place}: not readable as XML ({brief(error)}); export it as KML") from None
    if root.tag.rsplit("}", 1)[-1] != "kml":
        raise UploadError(f"{place}: XML but no KML; expected {', '.join(FORMATS)}")
    marks = [node for node in root.iter() if node.tag.rsplit("}", 1)[-1] == "Placemark"]
    _limit_count(len(marks), place, limits)
    rows = [{"name": _kml_text(mark, "name"), "id": mark.get("id") or ""} for mark in marks]
    shapes = [_kml_shape(mark, number, place) for number, mark in enumerate(marks, start=1)]
    return gpd.GeoDataFrame(rows, columns=["name", "id"], geometry=np.array(shapes, dtype=object), crs="EPSG:4326")


def _kml_text(node: ET.Element, tag: str) -> str:
    for child in node.iter():
        if child.tag.rsplit("}", 1)[-1] == tag:
            return (child.text or "").strip()
    return ""


def _kml_shape(mark: ET.Element, number: int, place: str) -> shapely.Geometry | None:
    for kind in mark.iter():
        tag = kind.tag.rsplit("}", 1)[-1]
        if tag not in {"Point", "LineString", "Polygon"}:
            continue
        try:
            points = [tuple(map(float, word.split(",")[:2])) for word in _kml_text(kind, "coordinates").split()]
            if tag == "Point":
                return shapely.Point(points[0])
            return shapely.LineString(points) if tag == "LineString" else shapely.Polygon(points)
        except (ValueError, IndexError, shapely.errors.GEOSException) as error:
            raise UploadError(f"{place}, placemark {number}: coordinates not readable ({brief(error)})") from None
    return None


def _limit_count(count: int, place: str, limits: Limits) -> None:
    if count > limits.features:
        raise UploadError(f"{place}: {count:,} features; at most {limits.features:,}, use `oreway batch` for more")
    if count == 0:
        raise UploadError(f"{place}: no features; expected at least one site")


def _limit_unpacked(size: int, place: str, limits: Limits) -> None:
    if size > limits.unpacked_mb * 1e6:
        raise UploadError(f"{place}: {size / 1e6:,.0f} MB unpacked; at most {limits.unpacked_mb:g} MB, split the file")


def brief(error: BaseException) -> str:
    """Return the first line of an error, fit for a message."""
    return shown(str(error).splitlines()[0] if str(error) else type(error).__name__)
