"""JSON and GeoJSON answers: error pages, cut texts and wrong reference systems are told apart and refused."""

import json
import re
from typing import Any, NoReturn

import shapely

from oreway.layers.online.areas import Feature
from oreway.layers.online.errors import OnlineError, brief
from oreway.layers.online.sayings import OnlineSaying

HTML = re.compile(rb"\s*(\xef\xbb\xbf)?\s*<(!doctype\s+html|html|head|body)", re.IGNORECASE)
# GDA94 (4283) and GDA2020 (7844) lie within two metres of WGS84
DEGREES = re.compile(r"(EPSG:+(\d+(\.\d+)*:)?(4326|4283|7844)|CRS84|/0/(4326|4283|7844)|epsg\.xml#(4326|4283|7844))$")


def refuse_page(body: bytes, place: str) -> None:
    """Refuse a web page where data were asked for.

    Raises:
        OnlineError: the body is an HTML page, whatever its status said.
    """
    if HTML.match(body):
        title = re.search(rb"<title[^>]*>([^<]*)<", body, re.IGNORECASE)
        said = brief(title.group(1).decode("utf-8", "replace")) if title else "no title"
        raise OnlineError(OnlineSaying.WEB_PAGE(place, said))


def refuse_projected(name: str, place: str) -> None:
    """Refuse a reference system that is not longitude and latitude near WGS84; an empty name passes.

    Raises:
        OnlineError: the name is another one.
    """
    if name and not DEGREES.search(name):
        raise OnlineError(OnlineSaying.OTHER_SYSTEM(place, brief(name, 60)))


def _constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def document(body: bytes, place: str) -> dict[str, Any]:
    """Return a JSON object.

    Raises:
        OnlineError: a web page, cut or other text, no object, or an object that reports an error.
    """
    refuse_page(body, place)
    try:
        found = json.loads(body, parse_constant=_constant)
    except (ValueError, RecursionError) as error:
        raise OnlineError(OnlineSaying.NOT_JSON(place, brief(error))) from None
    if not isinstance(found, dict):
        raise OnlineError(OnlineSaying.NO_OBJECT(place))
    if "error" in found:
        told = found["error"]
        said = told.get("message", told) if isinstance(told, dict) else told
        raise OnlineError(OnlineSaying.SERVICE_SAYS(place, repr(brief(said))))
    return found


def geojson_features(found: dict[str, Any], place: str) -> list[Feature]:
    """Return the features of a GeoJSON collection as they stand.

    Raises:
        OnlineError: no collection, features that are no objects, or a reference system other than degrees.
    """
    listed = found.get("features")
    if found.get("type") != "FeatureCollection" or not isinstance(listed, list):
        raise OnlineError(OnlineSaying.NO_GEOJSON(place))
    named = found.get("crs")
    if isinstance(named, dict) and isinstance(named.get("properties"), dict):
        refuse_projected(str(named["properties"].get("name", "")), place)
    if not all(isinstance(feature, dict) for feature in listed):
        raise OnlineError(OnlineSaying.ODD_FEATURES(place))
    return [_feature(feature) for feature in listed]


def _feature(feature: dict[str, Any]) -> Feature:
    properties = feature.get("properties")
    geometry = feature.get("geometry")
    shape = None if geometry is None else shapely.from_geojson(json.dumps(geometry), on_invalid="ignore")
    key = feature.get("id")
    return Feature(
        key="" if key is None else str(key),
        properties=properties if isinstance(properties, dict) else {},
        geometry=None if shape is None else shapely.force_2d(shape),
    )
