"""GeoJSON as rows: a collection, a feature, a bare geometry or a feature a line; a bad one is left out by number."""

import json
import re
from collections.abc import Iterator

import numpy as np
import shapely

from oreway.layers.errors import UploadError
from oreway.layers.tables.positions import of_three
from oreway.layers.upload.limits import Limits, brief, limit_columns, limit_count, shown
from oreway.layers.upload.raw import FEATURE, ROW, Raw, table_of, text_of
from oreway.layers.upload.sayings import FileSaying
from oreway.said import Said

QUOTED = re.compile(r'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
TRAILING_COMMA = re.compile(r",(\s*[\]}])")
GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")
GEOMETRY = "geometry"


def rows_from_json(text: str, place: str, limits: Limits, notes: list[Said]) -> Raw:
    """Return the features of a GeoJSON text.

    Raises:
        UploadError: not GeoJSON (says what it is), nested too deep, above a limit, or in an unknown reference system.
    """
    if _nesting(text) > limits.nesting:
        raise UploadError(FileSaying.NESTED(place, limits.nesting))
    document, rejected = _document(text, place, limits)
    if rows := _objects(document):
        return _records(rows, place, limits, notes)
    features = _features(document, place)
    limit_count(len(features), place, limits)
    named = document.get("crs") if isinstance(document, dict) else None
    crs = _named_crs(named, place) if named else "EPSG:4326"
    properties, keys = list[dict[str, str]](), dict[str, None]()
    for feature in features:
        properties.append(_properties(feature))
        keys.update(dict.fromkeys(properties[-1]))
        limit_columns(len(keys), len(properties), place, limits)
    keys.pop(GEOMETRY, None)
    columns = {key: [row.get(key, "") for row in properties] for key in keys}
    shapes, faults = _shapes(features)
    count = len(features)
    return Raw(
        table=table_of(columns, count), lines=np.arange(1, count + 1), counted=FEATURE, shapes=shapes, crs=crs,
        faults=faults, notes=notes, rejected=rejected,
    )  # fmt: skip


def _objects(document: object) -> list[dict[str, object]]:
    """Return a list of rows, as tables are written in JSON: objects that are no features; nothing for all else."""
    listed = document if isinstance(document, list) else []
    rows = [one for one in listed if isinstance(one, dict) and one.get("type") not in ("Feature", *GEOMETRIES)]
    return rows if len(rows) == len(listed) else []


def _records(objects: list[dict[str, object]], place: str, limits: Limits, notes: list[Said]) -> Raw:
    """Return a list of objects as the rows of a table, whose columns hold the positions."""
    limit_count(len(objects), place, limits)
    rows = [{_whole(str(key)): _whole(text_of(value)) for key, value in _flat(one).items()} for one in objects]
    keys = dict.fromkeys(key for row in rows for key in row)
    limit_columns(len(keys), len(rows), place, limits)
    columns = {key: [row.get(key, "") for row in rows] for key in keys}
    return Raw(table=table_of(columns, len(rows)), lines=np.arange(1, len(rows) + 1), counted=ROW, notes=notes)


def _flat(row: dict[str, object]) -> dict[str, object]:
    """Return a row with the cells that stand in an object of their own beside the others."""
    inner = row.get("fields")
    return {key: cell for key, cell in row.items() if key != "fields"} | inner if isinstance(inner, dict) else row


def _nesting(text: str) -> int:
    codes = np.frombuffer(QUOTED.sub("", text).encode("ascii", "replace"), np.uint8)
    opened, closed = np.isin(codes, (ord("["), ord("{"))), np.isin(codes, (ord("]"), ord("}")))
    depth = np.cumsum(opened.astype(np.int32) - closed)
    return int(depth.max(initial=0))


def _document(text: str, place: str, limits: Limits) -> tuple[object, list[tuple[int, Said]]]:
    """Return the JSON of a text, or of its lines as one collection with the lines that are none."""
    try:
        return json.loads(text), []
    except (ValueError, RecursionError) as error:
        lines = [line.strip("\x1e \t\r") for line in text.split("\n")]
        if sum(line.startswith("{") and line.endswith("}") for line in lines) > 1:
            return _from_lines(lines, limits)
        reason = brief(error)
    try:
        return json.loads(TRAILING_COMMA.sub(r"\1", text)), []
    except (ValueError, RecursionError):
        raise UploadError(FileSaying.NOT_JSON(place, reason)) from None


def _from_lines(lines: list[str], limits: Limits) -> tuple[object, list[tuple[int, Said]]]:
    features: list[object] = []
    for line in lines[: 2 * limits.features + 2]:
        if not line:
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            found = {"type": "Feature", "geometry": UNREADABLE}
        bare = isinstance(found, dict) and found.get("type") in GEOMETRIES
        features.append({"type": "Feature", "geometry": found, "properties": {}} if bare else found)
    return {"type": "FeatureCollection", "features": features}, []


UNREADABLE = object()  # stands for the geometry of a line that is no JSON


def _features(document: object, place: str) -> list[object]:
    kind = document.get("type") if isinstance(document, dict) else None
    if isinstance(document, dict):
        if kind == "FeatureCollection" and isinstance(document.get("features"), list):
            return list(document["features"])
        if kind == "Feature":
            return [document]
        if kind in GEOMETRIES:
            return [{"type": "Feature", "geometry": document, "properties": {}}]
        if kind == "Topology":
            raise UploadError(FileSaying.TOPOJSON(place))
        if "geometryType" in document or "spatialReference" in document:
            raise UploadError(FileSaying.ESRI_JSON(place))
    if isinstance(document, list) and document and all(isinstance(one, dict) for one in document):
        return list(document)
    if isinstance(document, list):
        raise UploadError(FileSaying.LIST_OF_FEATURES(place))
    raise UploadError(FileSaying.NO_COLLECTION(place))


def _properties(feature: object) -> dict[str, str]:
    given = feature.get("properties") if isinstance(feature, dict) else None
    row = {_whole(str(key)): _whole(text_of(value)) for key, value in given.items()} if isinstance(given, dict) else {}
    if isinstance(feature, dict) and isinstance(feature.get("id"), (str, int)):
        row.setdefault("id", _whole(text_of(feature["id"])))
    return row


def _shapes(features: list[object]) -> "tuple[np.ndarray[tuple[int, ...], np.dtype[np.object_]], dict[int, Said]]":
    shapes, faults = np.full(len(features), None, dtype=object), dict[int, Said]()
    for i, feature in enumerate(features):
        if not isinstance(feature, dict):
            faults[i] = FileSaying.NO_FEATURE()
            continue
        geometry = feature.get(GEOMETRY)
        if geometry is None:
            continue
        if geometry is UNREADABLE:
            faults[i] = FileSaying.LINE_NOT_JSON()
            continue
        fault = next(_odd(geometry), None)
        try:
            shapes[i] = None if fault else shapely.from_geojson(json.dumps(of_three(geometry)))
        except (shapely.errors.GEOSException, ValueError, TypeError):
            fault = FileSaying.WRONGLY_NESTED()
        if fault:
            faults[i] = FileSaying.SHAPE_NOT_READABLE(fault)
    return shapes, faults


def _odd(geometry: object) -> Iterator[Said]:
    """Yield what a GeoJSON reader would let pass in silence: coordinates that are no numbers, open rings."""
    if not isinstance(geometry, dict):
        yield FileSaying.NO_GEOMETRY()
        return
    if geometry.get("type") not in GEOMETRIES:
        yield FileSaying.NO_TYPE_OF_GEOMETRY(repr(shown(str(geometry.get("type")))))
        return
    for part in geometry.get("geometries") or [] if isinstance(geometry.get("geometries"), list) else []:
        yield from _odd(part)
    if geometry.get("type") in {"Polygon", "MultiPolygon"} and _is_open(geometry.get("coordinates")):
        yield FileSaying.OPEN_RING()
    stack = [geometry.get("coordinates")]
    while stack:
        one = stack.pop()
        if isinstance(one, list):
            stack.extend(one)
        elif one is not None and (isinstance(one, bool) or not isinstance(one, (int, float))):
            yield FileSaying.CELL_NOT_A_NUMBER(repr(shown(str(one))))
        elif one is None and "coordinates" in geometry and geometry["coordinates"] is not None:
            yield FileSaying.NULL_COORDINATE()


def _is_open(coordinates: object) -> bool:
    """Tell whether one of the rings in nested coordinates is open."""
    if not isinstance(coordinates, list) or not coordinates:
        return False
    first = coordinates[0]
    if isinstance(first, list) and first and isinstance(first[0], (int, float)):
        return bool(first != coordinates[-1])
    return any(_is_open(part) for part in coordinates)


def _named_crs(named: object, place: str) -> str:
    properties = named.get("properties") if isinstance(named, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    digits = name.rsplit(":", 1)[-1]
    if digits == "CRS84":
        return "EPSG:4326"
    for authority in ("EPSG", "ESRI"):
        if authority in name.upper() and re.fullmatch("[0-9]{4,6}", digits):
            return f"{authority}:{digits}"
    raise UploadError(FileSaying.JSON_SYSTEM(place, repr(shown(name))))


def _whole(text: str) -> str:
    """Return text without halves of surrogate pairs, which JSON can hold and no file can."""
    return text.encode("utf-8", "replace").decode("utf-8")
