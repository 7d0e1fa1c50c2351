"""KML and GPX as rows: names, folders, extended data and tracks; a bad placemark is left out by its number.

Why not by GDAL: its LIBKML driver puts a placemark with one coordinate at 0, 0 and reads `-4O.0` as -4, both without a
word, and refuses nothing by name (`tests/layers/test_upload.py` shows it beside ours).
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from oreway.layers.errors import UploadError
from oreway.layers.upload.limits import Limits, brief, limit_columns, limit_count, shown
from oreway.layers.upload.raw import PLACEMARK, POINT, Raw, table_of
from oreway.layers.upload.sayings import FileSaying
from oreway.said import Said, listed, why, word

SHAPES = frozenset({"Point", "LineString", "LinearRing", "Polygon", "Track"})
CONTAINERS = frozenset({"kml", "Document", "Folder"})
DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
KINDS = ("CSV", "GeoJSON", "GeoPackage", "GeoParquet", "zipped Shapefile", "KML")
GPX_FIELDS = ("name", "desc", "cmt", "type", "sym", "ele", "time")


def rows_from_xml(text: str, place: str, limits: Limits, notes: list[Said]) -> Raw:
    """Return the placemarks of KML, or the waypoints, routes and tracks of GPX.

    Raises:
        UploadError: XML of another kind, with a document type or entities, nested too deep, or above a limit.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise UploadError(FileSaying.DOCUMENT_TYPE(place))
    root = _xml_root(DECLARATION.sub("", text.lstrip("\ufeff"), count=1), place, limits)
    kind = _tag(root)
    if kind == "gpx":
        return _from_gpx(root, place, limits, notes)
    if kind in {"Placemark", "Folder", "Document"} or kind == "kml":
        return _from_kml(root, place, limits, notes)
    if "opengis.net/gml" in text[:5000]:
        raise UploadError(FileSaying.GML(place))
    raise UploadError(FileSaying.XML_NO_KML(place, listed(map(word, KINDS))))


class _Shallow(ET.TreeBuilder):
    """Build a tree and refuse one that grows too deep."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most, self.depth = most, 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        """Open an element."""
        self.depth += 1
        if self.depth > self.most:
            raise ValueError(FileSaying.NESTED_DEEPER(self.most))
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
        raise UploadError(FileSaying.NOT_XML(place, brief(error))) from None


def _tag(node: ET.Element) -> str:
    return str(node.tag).rsplit("}", 1)[-1]


def _below(node: ET.Element, tag: str) -> Iterator[ET.Element]:
    return (child for child in node.iter() if _tag(child) == tag)


def _child_text(node: ET.Element, tag: str) -> str:
    found = next((child for child in node if _tag(child) == tag), None)
    return "" if found is None else (found.text or "").strip()


def _marks(node: ET.Element, folders: tuple[str, ...]) -> Iterator[tuple[ET.Element, str]]:
    """Yield each placemark with the names of the folders it lies in."""
    for child in [node] if _tag(node) == "Placemark" else node:
        if _tag(child) == "Placemark":
            yield child, "/".join(folders)
        elif _tag(child) in CONTAINERS:
            name = _child_text(child, "name") if _tag(child) == "Folder" else ""
            yield from _marks(child, (*folders, name) if name else folders)


def _from_kml(root: ET.Element, place: str, limits: Limits, notes: list[Said]) -> Raw:
    marks = list(_marks(root, ()))
    links = sum(1 for _ in _below(root, "NetworkLink"))
    if links:
        notes.append(FileSaying.LINKS(links))
    overlays = sum(1 for tag in ("GroundOverlay", "PhotoOverlay") for _ in _below(root, tag))
    if overlays:
        notes.append(FileSaying.OVERLAYS(overlays))
    limit_count(len(marks), place, limits)
    rows, keys = [], {"name": None, "id": None}
    for mark, folder in marks:
        rows.append(_kml_fields(mark) | ({"folder": folder} if folder else {}))
        keys.update(dict.fromkeys(rows[-1]))
        limit_columns(len(keys), len(rows), place, limits)
    columns = {key: [row.get(key, "") for row in rows] for key in keys}
    shapes, faults = np.full(len(marks), None, dtype=object), dict[int, Said]()
    tracks = 0
    for i, (mark, _) in enumerate(marks):
        try:
            shapes[i] = _kml_shape(mark)
        except (ValueError, IndexError, shapely.errors.ShapelyError) as error:
            reason = why(error) if isinstance(error, _OddError) else FileSaying.TOO_FEW()
            faults[i] = FileSaying.SHAPE_NOT_READABLE(reason)
        tracks += any(True for _ in _below(mark, "Track"))
    if tracks:
        notes.append(FileSaying.TRACKS(tracks))
    return Raw(
        table=table_of(columns, len(rows)), lines=np.arange(1, len(rows) + 1), counted=PLACEMARK, shapes=shapes,
        crs="EPSG:4326", faults=faults, notes=notes,
    )  # fmt: skip


def _kml_fields(mark: ET.Element) -> dict[str, str]:
    fields = {"name": _child_text(mark, "name"), "id": mark.get("id") or ""}
    description = _child_text(mark, "description")
    fields |= {"description": description} if description else {}
    for data in _below(mark, "Data"):
        value = next(_below(data, "value"), None)
        fields.setdefault(data.get("name") or "data", "" if value is None else (value.text or "").strip())
    for data in _below(mark, "SimpleData"):
        fields.setdefault(data.get("name") or "data", (data.text or "").strip())
    return fields


def _kml_points(text: str) -> list[tuple[float, ...]]:
    words = re.sub(r"\s*,\s*", ",", text).split()
    return [tuple(_number(number) for number in word.split(",")[:2]) for word in words]


class _OddError(ValueError):
    """A coordinate that is no number."""


def _number(text: str | None) -> float:
    if not text:
        raise _OddError(FileSaying.COORDINATE_MISSING())
    try:
        return float(text)
    except ValueError:
        raise _OddError(FileSaying.CELL_NOT_A_NUMBER(repr(shown(text)))) from None


def _coordinates(node: ET.Element) -> list[tuple[float, ...]]:
    found = next(_below(node, "coordinates"), None)
    points = _kml_points((found.text or "") if found is not None else "")
    if any(len(point) < 2 for point in points):
        raise _OddError(FileSaying.COORDINATE_MISSING())
    return points


def _kml_part(node: ET.Element) -> BaseGeometry:
    kind = _tag(node)
    if kind == "Point":
        return shapely.Point(_coordinates(node)[0])
    if kind == "Track":
        places = [(text.text or "").split()[:2] for text in _below(node, "coord")]
        return _line([(_number(x), _number(y)) for x, y in places])
    if kind in {"LineString", "LinearRing"}:
        return _line(_coordinates(node))
    outer = next(_below(node, "outerBoundaryIs"), node)
    return shapely.Polygon(_coordinates(outer), [_coordinates(hole) for hole in _below(node, "innerBoundaryIs")])


def _line(points: list[tuple[float, ...]]) -> BaseGeometry:
    return shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0])


def _kml_shape(mark: ET.Element) -> BaseGeometry | None:
    rings = {id(ring) for polygon in _below(mark, "Polygon") for ring in _below(polygon, "LinearRing")}
    parts = [_kml_part(node) for node in mark.iter() if _tag(node) in SHAPES and id(node) not in rings]
    if len(parts) < 2:
        return parts[0] if parts else None
    areas = [part for part in parts if isinstance(part, shapely.Polygon)]
    if areas and all(part.geom_type in {"Point", "Polygon"} for part in parts):
        return shapely.MultiPolygon(areas) if len(areas) > 1 else areas[0]  # the point is the area's label
    return shapely.GeometryCollection(parts)


def _from_gpx(root: ET.Element, place: str, limits: Limits, notes: list[Said]) -> Raw:
    """Return waypoints, routes and tracks of GPX, in this order."""
    nodes = [(node, kind) for kind in ("wpt", "rte", "trk") for node in _below(root, kind)]
    limit_count(len(nodes), place, limits)
    rows = [
        {field: _child_text(node, field) for field in GPX_FIELDS} | {"kind": GPX_KINDS[kind]} for node, kind in nodes
    ]
    shapes, faults = np.full(len(nodes), None, dtype=object), dict[int, Said]()
    for i, (node, kind) in enumerate(nodes):
        try:
            shapes[i] = _gpx_shape(node, kind)
        except (ValueError, IndexError, TypeError, shapely.errors.ShapelyError) as error:
            reason = why(error) if isinstance(error, _OddError) else FileSaying.TOO_FEW()
            faults[i] = FileSaying.SHAPE_NOT_READABLE(reason)
    counts = [say(sum(kind == one for _, kind in nodes)) for one, say in GPX_COUNTS.items()]
    notes.append(FileSaying.FROM_GPX(listed(counts)))
    columns = {key: [row[key] for row in rows] for key in (*GPX_FIELDS, "kind") if any(row[key] for row in rows)}
    return Raw(
        table=table_of(columns, len(rows)), lines=np.arange(1, len(rows) + 1), counted=POINT, shapes=shapes,
        crs="EPSG:4326", faults=faults, notes=notes,
    )  # fmt: skip


GPX_KINDS = {"wpt": "waypoint", "rte": "route", "trk": "track"}
GPX_COUNTS = {"wpt": FileSaying.WAYPOINTS, "rte": FileSaying.ROUTES, "trk": FileSaying.TRACK_COUNT}


def _gpx_shape(node: ET.Element, kind: str) -> BaseGeometry | None:
    def at(one: ET.Element) -> tuple[float, ...]:
        return _number(one.get("lon")), _number(one.get("lat"))

    if kind == "wpt":
        return shapely.Point(at(node))
    if kind == "rte":
        points = [at(one) for one in _below(node, "rtept")]
        return _line(points) if points else None
    pieces = [[at(one) for one in _below(piece, "trkpt")] for piece in _below(node, "trkseg")]
    lines = [_line(points) for points in pieces if points]
    if len(lines) < 2:
        return lines[0] if lines else None
    return shapely.MultiLineString([line for line in lines if isinstance(line, shapely.LineString)])
