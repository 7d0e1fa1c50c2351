"""The formats a stranger's file may have, each read under limits and without opening anything else."""

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from oreway.layers.errors import UploadError
from oreway.layers.upload.limits import Limits, brief, limit_columns, limit_count, shown
from oreway.layers.upload.native import from_geopackage, from_parquet, from_zip
from oreway.layers.upload.text import decoded, sites_from_csv

__all__ = ["FORMATS", "Limits", "read_frame"]
QUOTED = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
SHAPES = ("Point", "LineString", "Polygon")
FORMATS = ("CSV", "GeoJSON", "GeoPackage", "GeoParquet", "zipped Shapefile", "KML")


def read_frame(content: bytes, place: str, limits: Limits, notes: list[str]) -> gpd.GeoDataFrame:
    """Return the frame in a file's bytes, its format told by the first of them; notes are added to `notes`."""
    if content.startswith(b"PAR1"):
        return from_parquet(content, place, limits)
    if content.startswith(b"SQLite format 3\x00"):
        return from_geopackage(content, place, limits)
    if content.startswith(b"PK\x03\x04"):
        return from_zip(content, place, limits, notes)
    text = decoded(content, place, notes)
    start = text.lstrip()[:1]
    if start == "{":
        return _from_geojson(text, place, limits, notes)
    if start == "<":
        return _from_kml(text, place, limits)
    return sites_from_csv(text, place, limits, notes)


def _nesting(text: str) -> int:
    codes = np.frombuffer(QUOTED.sub("", text).encode("ascii", "replace"), np.uint8)
    opened, closed = np.isin(codes, (ord("["), ord("{"))), np.isin(codes, (ord("]"), ord("}")))
    depth = np.cumsum(opened.astype(np.int32) - closed)
    return int(depth.max(initial=0))


def _from_geojson(text: str, place: str, limits: Limits, notes: list[str]) -> gpd.GeoDataFrame:
    if _nesting(text) > limits.nesting:
        raise UploadError(f"{place}: nested deeper than {limits.nesting}; GeoJSON needs no more than eight levels")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UploadError(f"{place}: not readable as JSON ({brief(error)}); export it again") from None
    features = _features(document, place)
    limit_count(len(features), place, limits)
    rows = [_properties(feature) for feature in features]
    keys: set[str] = set()
    for row in rows:
        keys.update(row)
        limit_columns(len(keys), len(rows), place, limits)
    shapes = [_shape(feature, number, place) for number, feature in enumerate(features, start=1)]
    named = document.get("crs") if isinstance(document, dict) else None
    crs = _named_crs(named, place, notes) if named else "EPSG:4326"
    table = pd.DataFrame(rows, index=range(len(rows)))
    table = table.drop(columns="geometry", errors="ignore")
    try:
        return gpd.GeoDataFrame(table, geometry=np.array(shapes, dtype=object), crs=crs)
    except RuntimeError:
        raise UploadError(f"{place}: reference system {crs} not known; export it in WGS84 (EPSG:4326)") from None


def _properties(feature: dict[str, object]) -> dict[str, object]:
    given = feature.get("properties")
    row = {_whole(str(key)): _flat(value) for key, value in given.items()} if isinstance(given, dict) else {}
    if isinstance(feature.get("id"), (str, int)):
        row.setdefault("id", _flat(feature["id"]))
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
    properties = named.get("properties") if isinstance(named, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    digits = name.rsplit(":", 1)[-1]
    if digits == "CRS84":
        return "EPSG:4326"
    if "EPSG" in name and re.fullmatch("[0-9]{4,6}", digits):
        notes.append(f"the file names EPSG:{digits} as its reference system; positions were turned into WGS84")
        return f"EPSG:{digits}"
    raise UploadError(f"{place}: reference system {shown(name)!r} not known; export it in WGS84 (EPSG:4326)")


def _flat(value: object) -> object:
    if isinstance(value, str):
        return _whole(value)
    return value if value is None or isinstance(value, (int, float)) else json.dumps(value)


def _whole(text: str) -> str:
    """Return text without halves of surrogate pairs, which JSON can hold and no file can."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _from_kml(text: str, place: str, limits: Limits) -> gpd.GeoDataFrame:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UploadError(f"{place}: XML with a document type or entities is not read; export plain KML")
    root = _xml_root(text, place, limits)
    if _tag(root) != "kml":
        raise UploadError(f"{place}: XML but no KML; expected {', '.join(FORMATS)}")
    marks = list(_below(root, "Placemark"))
    limit_count(len(marks), place, limits)
    rows = [{"name": _kml_text(mark, "name"), "id": mark.get("id") or ""} for mark in marks]
    shapes = [_kml_shape(mark, number, place) for number, mark in enumerate(marks, start=1)]
    return gpd.GeoDataFrame(rows, columns=["name", "id"], geometry=np.array(shapes, dtype=object), crs="EPSG:4326")


class _Shallow(ET.TreeBuilder):
    """Build a tree and refuse one that grows too deep."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self.depth = most, 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        """Open an element."""
        self.depth += 1
        if self.depth > self.most:
            raise ValueError(f"nested deeper than {self.most}")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        """Close an element."""
        self.depth -= 1
        return super().end(tag)


def _xml_root(text: str, place: str, limits: Limits) -> ET.Element:
    parser = ET.XMLParser(target=_Shallow(limits.nesting))  # noqa: S314 - document types and entities are refused
    try:
        return ET.fromstring(text, parser=parser)  # noqa: S314
    except (ET.ParseError, ValueError) as error:
        raise UploadError(f"{place}: not readable as XML ({brief(error)}); export it as KML") from None


def _tag(node: ET.Element) -> str:
    return str(node.tag).rsplit("}", 1)[-1]


def _below(node: ET.Element, tag: str) -> Iterator[ET.Element]:
    return (child for child in node.iter() if _tag(child) == tag)


def _kml_text(node: ET.Element, tag: str) -> str:
    found = next(_below(node, tag), None)
    return "" if found is None else (found.text or "").strip()


def _kml_points(node: ET.Element) -> list[tuple[float, ...]]:
    return [tuple(map(float, word.split(",")[:2])) for word in _kml_text(node, "coordinates").split()]


def _kml_part(node: ET.Element) -> shapely.Geometry:
    if _tag(node) == "Point":
        return shapely.Point(_kml_points(node)[0])
    if _tag(node) == "LineString":
        return shapely.LineString(_kml_points(node))
    outer = next(_below(node, "outerBoundaryIs"), node)
    return shapely.Polygon(_kml_points(outer), [_kml_points(hole) for hole in _below(node, "innerBoundaryIs")])


def _kml_shape(mark: ET.Element, number: int, place: str) -> shapely.Geometry | None:
    try:
        parts = [_kml_part(node) for node in mark.iter() if _tag(node) in SHAPES]
    except (ValueError, IndexError, shapely.errors.ShapelyError) as error:
        raise UploadError(f"{place}, placemark {number}: coordinates not readable ({brief(error)})") from None
    if len(parts) < 2:
        return parts[0] if parts else None
    return shapely.GeometryCollection(parts)
