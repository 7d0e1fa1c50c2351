"""GML answers of a WFS, parsed without document types or entities; axis order is left to the caller.

Why not by GDAL: its driver reads a coordinate `6O.1` as 6 without a word (`tests/layers/test_online.py`), refuses a
whole answer for one short position, and turns axes unless told not to, while services differ in what they send.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import numpy as np
import shapely

from oreway.layers.online.areas import Feature
from oreway.layers.online.errors import OnlineError, brief
from oreway.layers.online.json_answers import refuse_page, refuse_projected
from oreway.layers.online.sayings import OnlineSaying

FORBIDDEN = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
MEMBERS = frozenset({"featureMember", "member", "featureMembers"})
LINES = frozenset({"LineString", "LineStringSegment"})
SHAPES = frozenset({"Point", "MultiPoint", "LineString", "Curve", "MultiLineString", "MultiCurve", "Polygon",
                    "Surface", "MultiPolygon", "MultiSurface"})  # fmt: skip


def _local(node: ET.Element) -> str:
    return node.tag.rsplit("}", 1)[-1]


def gml_root(body: bytes, place: str) -> ET.Element:
    """Return the root of a feature collection.

    Raises:
        OnlineError: a web page, no whole XML, a document type or entity, an exception report, no collection.
    """
    root = xml_root(body, place)
    if _local(root) != "FeatureCollection":
        raise OnlineError(OnlineSaying.XML_NO_FEATURES(place, brief(_local(root), 40)))
    return root


def xml_root(body: bytes, place: str) -> ET.Element:
    """Return the root of an XML answer.

    Raises:
        OnlineError: a web page, no whole XML, a document type or entity, an exception report.
    """
    refuse_page(body, place)
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OnlineError(OnlineSaying.XML_NOT_UTF8(place)) from None
    if FORBIDDEN.search(text):
        raise OnlineError(OnlineSaying.XML_ENTITIES(place))
    try:
        root = ET.fromstring(text)  # noqa: S314 - document types and entities are refused above
    except (ET.ParseError, ValueError) as error:
        raise OnlineError(OnlineSaying.NOT_XML(place, brief(error))) from None
    if "Exception" in _local(root):
        said = " ".join(words for node in root.iter() if (words := (node.text or "").strip()))
        raise OnlineError(OnlineSaying.SERVICE_SAYS(place, repr(brief(said))))
    return root


def gml_features(root: ET.Element, place: str) -> list[Feature]:
    """Return the features with coordinates in the order they stand in.

    Raises:
        OnlineError: a reference system other than degrees, or coordinates that are no numbers.
    """
    for name in {node.get("srsName") or "" for node in root.iter()}:
        refuse_projected(name, place)
    found = []
    for node in _members(root):
        key = next((value for name, value in node.attrib.items() if name.rsplit("}", 1)[-1] in {"id", "fid"}), "")
        try:
            found.append(Feature(key=key, properties=_properties(node), geometry=_geometry(node)))
        except (ValueError, IndexError, shapely.errors.ShapelyError) as error:
            raise OnlineError(OnlineSaying.FEATURE_UNREAD(place, brief(key, 40), brief(error))) from None
    return found


def _members(root: ET.Element) -> Iterator[ET.Element]:
    for node in root:
        if _local(node) in MEMBERS:
            yield from node


def _properties(node: ET.Element) -> dict[str, object]:
    return {_local(child): (child.text or "").strip() for child in node if len(child) == 0}


def _geometry(node: ET.Element) -> shapely.Geometry | None:
    holders = [child for child in node if _local(child) != "boundedBy"]
    for holder in holders:
        for shape in holder.iter():
            if _local(shape) in SHAPES:
                return _shape(shape)
    return None


def _shape(node: ET.Element) -> shapely.Geometry:
    polygons = [_polygon(part) for part in node.iter() if _local(part) in {"Polygon", "PolygonPatch"}]
    if polygons:
        return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    lines = [shapely.LineString(_points(part)) for part in node.iter() if _local(part) in LINES]
    if lines:
        return lines[0] if len(lines) == 1 else shapely.MultiLineString(lines)
    points = [shapely.Point(_points(part)[0]) for part in node.iter() if _local(part) == "Point"]
    return points[0] if len(points) == 1 else shapely.MultiPoint(points)


def _polygon(node: ET.Element) -> shapely.Polygon:
    rings = [(_local(side), _points(side)) for side in node]
    holes = [points for side, points in rings if side in {"interior", "innerBoundaryIs"}]
    outer = [points for side, points in rings if side in {"exterior", "outerBoundaryIs"}]
    return shapely.Polygon(outer[0], holes)


def _points(node: ET.Element) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Return the first two numbers of each position below a node."""
    rows: list[list[float]] = []
    for part in node.iter():
        text = (part.text or "").strip()
        if _local(part) == "coordinates":
            rows += [[float(number) for number in word.split(",")[:2]] for word in text.split()]
        elif _local(part) == "pos":
            rows.append([float(number) for number in text.split()[:2]])
        elif _local(part) == "posList":
            numbers = np.array([float(number) for number in text.split()])
            rows += numbers.reshape(-1, int(part.get("srsDimension") or 2))[:, :2].tolist()
    points = np.array(rows, dtype=float).reshape(-1, 2)
    if not len(points) or not np.isfinite(points).all():
        raise ValueError("no coordinates")
    return points
