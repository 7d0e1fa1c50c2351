"""Ask an ArcGIS REST layer for GeoJSON, page after page, and check the count it tells beforehand."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from oreway.layers.online.areas import WORLD, Area, Feature
from oreway.layers.online.errors import OnlineError
from oreway.layers.online.json_answers import document, geojson_features
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.online.services import Service

Ask = Callable[[str, Mapping[str, str] | None], bytes]
MOST_PAGES = 500


def arcgis_features(service: Service, area: Area, ask: Ask) -> list[Feature]:
    """Return every feature the layer has in the area.

    Raises:
        OnlineError: an answer is broken, paging does not move on, or fewer or more came than the service counts.
    """
    common = {"where": "1=1", **service.parameters, **_box(area)}
    told = document(ask(_address(service, {**common, "returnCountOnly": "true", "f": "json"}), None), service.id)
    count = told.get("count")
    if not isinstance(count, int):
        raise OnlineError(OnlineSaying.NO_COUNT(service.id))
    found: list[Feature] = []
    for _ in range(MOST_PAGES):
        if len(found) >= count:
            break
        page, more = _page(service, common, len(found), ask)
        found = extended(found, page, service.id)
        if not page or not more:
            break
    if len(found) != count:
        raise OnlineError(OnlineSaying.COUNT_DIFFERS(service.id, f"{len(found):,}", f"{count:,}"))
    return found


def extended(found: list[Feature], page: list[Feature], place: str) -> list[Feature]:
    """Return the features with the next page's behind them.

    Raises:
        OnlineError: the page repeats what came before, so the service does not page.
    """
    if {_mark(feature) for feature in found} & {_mark(feature) for feature in page}:
        raise OnlineError(OnlineSaying.PAGE_REPEATS(place))
    return found + page


def _mark(feature: Feature) -> tuple[str, object]:
    return (feature.key, None) if feature.key else (str(feature.properties), feature.geometry)


def _box(area: Area) -> dict[str, str]:
    if area == WORLD:
        return {}
    return {
        "geometry": ",".join(f"{side:.6f}" for side in area.bounds),
        "geometryType": "esriGeometryEnvelope",
        "inSR": "4326",
        "spatialRel": "esriSpatialRelIntersects",
    }


def _address(service: Service, parameters: Mapping[str, str]) -> str:
    return f"{service.url}/query?{urlencode(parameters)}"


def _page(service: Service, common: Mapping[str, str], offset: int, ask: Ask) -> tuple[list[Feature], bool]:
    asked = {
        **common, "f": "geojson", "outSR": "4326", "returnGeometry": "true", "geometryPrecision": "6",
        "resultOffset": str(offset), "resultRecordCount": str(service.page_rows),
    }  # fmt: skip
    found = document(ask(_address(service, asked), None), service.id)
    features = geojson_features(found, service.id)
    told = _exceeded(found)
    return features, len(features) >= service.page_rows if told is None else told


def _exceeded(found: dict[str, Any]) -> bool | None:
    """Read the flag where servers put it: beside the features, or under `properties`; None when it is not there."""
    inner = found.get("properties")
    for holder in (found, inner if isinstance(inner, dict) else {}):
        if "exceededTransferLimit" in holder:
            return bool(holder["exceededTransferLimit"])
    return None
