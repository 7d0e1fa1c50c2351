"""Ask Overpass for OpenStreetMap ways and nodes with their geometry (`out geom`)."""

from typing import Any

import shapely

from oreway.layers.online.arcgis import Ask
from oreway.layers.online.areas import Area, Feature
from oreway.layers.online.errors import OnlineError, brief
from oreway.layers.online.json_answers import document
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.online.services import Service

LINES = frozenset({"highway", "railway"})
TIMEOUT_S = 60


def overpass_features(service: Service, area: Area, ask: Ask) -> list[Feature]:
    """Return the nodes and ways that match the service's query in the area.

    A closed way that is no road or railway (a plant, a substation) becomes a point on its surface.

    Raises:
        OnlineError: the answer is broken, reports an error, or was cut by the server's time or memory.
    """
    box = ",".join(f"{side:.6f}" for side in (area.south, area.west, area.north, area.east))
    query = f"[out:json][timeout:{TIMEOUT_S}];({service.query.replace('{box}', box)});out geom;"
    found = document(ask(service.url, {"data": query}), service.id)
    remark = str(found.get("remark", ""))
    if "error" in remark.lower():
        raise OnlineError(OnlineSaying.CUT_SHORT(service.id, brief(remark)))
    elements = found.get("elements")
    if not isinstance(elements, list) or not all(isinstance(element, dict) for element in elements):
        raise OnlineError(OnlineSaying.NO_ELEMENTS(service.id))
    try:
        return [_feature(element) for element in elements if element.get("type") in {"node", "way"}]
    except (KeyError, TypeError, ValueError, shapely.errors.ShapelyError) as error:
        raise OnlineError(OnlineSaying.ELEMENT_NOT_WHOLE(service.id, brief(error))) from None


def _feature(element: dict[str, Any]) -> Feature:
    tags = element.get("tags")
    properties = dict(tags) if isinstance(tags, dict) else {}
    key = f"{element['type']}-{element['id']}"
    if element["type"] == "node":
        return Feature(key=key, properties=properties, geometry=shapely.Point(element["lon"], element["lat"]))
    points = [(float(point["lon"]), float(point["lat"])) for point in element["geometry"]]
    return Feature(key=key, properties=properties, geometry=_way(points, is_line=bool(LINES & properties.keys())))


def _way(points: list[tuple[float, float]], *, is_line: bool) -> shapely.Geometry | None:
    if len(points) < 2:
        return None
    if points[0] == points[-1] and len(points) > 3 and not is_line:
        return shapely.Point(shapely.Polygon(points).representative_point())
    return shapely.LineString(points)
