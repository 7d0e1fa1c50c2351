"""Ask a WFS for features as GeoJSON or GML; counts are checked, and the axes of GML are put in order."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from oreway.layers.online.arcgis import MOST_PAGES, Ask, extended
from oreway.layers.online.areas import WORLD, Area, Feature, in_order
from oreway.layers.online.errors import OnlineError
from oreway.layers.online.gml import gml_features, gml_root
from oreway.layers.online.json_answers import document, geojson_features
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.online.services import Service

Answer = tuple[list[Feature], int | None]
PAGED = "2."
COUNTS = ("numberMatched", "totalFeatures")


def wfs_json_features(service: Service, area: Area, ask: Ask) -> list[Feature]:
    """Return the features a WFS has in the area, asked for as GeoJSON.

    Raises:
        OnlineError: the answer is broken, or not all of it came.
    """
    return _all(service, area, ask, lambda body: _json(body, service.id))


def wfs_gml_features(service: Service, area: Area, ask: Ask) -> list[Feature]:
    """Return the features a WFS has in the area, asked for as GML, as (lon, lat).

    Raises:
        OnlineError: the answer is broken, not all of it came, or the order of its axes cannot be told.
    """
    found = _all(service, area, ask, lambda body: _gml(body, service.id))
    return in_order(found, area, service.id, may_swap=True)


def _json(body: bytes, place: str) -> Answer:
    found = document(body, place)
    return geojson_features(found, place), _count(found)


def _gml(body: bytes, place: str) -> Answer:
    root = gml_root(body, place)
    return gml_features(root, place), _count(dict(root.attrib))


def _count(told: dict[str, Any]) -> int | None:
    words = [str(told[name]) for name in COUNTS if name in told]
    return next((int(word) for word in words if word.isdecimal()), None)


def _all(service: Service, area: Area, ask: Ask, read: Callable[[bytes], Answer]) -> list[Feature]:
    """Read one answer, or page through it where version 2 lets us; an answer as long as the page may be cut."""
    paged = service.parameters.get("version", "").startswith(PAGED)
    found: list[Feature] = []
    for _ in range(MOST_PAGES):
        page, count = read(ask(_address(service, area, len(found), paged=paged), None))
        found = extended(found, page, service.id)
        if count is not None and len(found) == count:
            return found
        full = len(page) >= service.page_rows
        if count is None and not full:
            return found
        if not page or not paged:
            break
    told = "more" if count is None else f"{count:,}"
    raise OnlineError(OnlineSaying.COUNT_OF(service.id, f"{len(found):,}", told))


def _address(service: Service, area: Area, offset: int, *, paged: bool) -> str:
    asked = {"service": "WFS", "request": "GetFeature", **service.parameters}
    asked["count" if paged else "maxFeatures"] = str(service.page_rows)
    if paged:
        asked["startIndex"] = str(offset)
    if area != WORLD and "cql_filter" not in asked:
        asked["bbox"] = _box(area, asked.get("version", ""))
    return f"{service.url}?{urlencode(asked)}"


def _box(area: Area, version: str) -> str:
    """Write the box as its version wants it: degrees as lon, lat in 1.0.0, as lat, lon with the system's name later."""
    west, south, east, north = (f"{side:.6f}" for side in area.bounds)
    if version == "1.0.0":
        return f"{west},{south},{east},{north}"
    return f"{south},{west},{north},{east},urn:ogc:def:crs:EPSG::4326"
