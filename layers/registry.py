"""The layers of the product, in the order of the legend."""

import dataclasses

from oreway.layers.errors import LayerError
from oreway.layers.sayings import LayerSaying
from oreway.layers.vocabulary import Role
from oreway.said import listed


@dataclasses.dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer: what people call it, what it is for, and which data set it is read from."""

    id: str
    title: str
    role: Role
    dataset: str
    style: str


def _layer(layer_id: str, title: str, role: Role, style: str) -> Layer:
    return Layer(id=layer_id, title=title, role=role, dataset=layer_id, style=style)


SITE_ROLES = (Role.SITE, Role.FACILITY)
EDGE_PREFIX = {"road_network": "road", "rail_network": "rail"}  # how the ids of a network's edges begin
LAYERS = (
    _layer("greenland", "Greenland prospects", Role.SITE, "deposit"),
    _layer("minamitorishima", "Minamitorishima mud zone", Role.SITE, "zone"),
    _layer("australia", "Australian projects", Role.SITE, "deposit"),
    _layer("refining", "Refining sites", Role.FACILITY, "plant"),
    _layer("ports", "Ports", Role.INFRASTRUCTURE, "port"),
    _layer("airfields", "Airfields", Role.INFRASTRUCTURE, "airfield"),
    _layer("towns", "Towns", Role.INFRASTRUCTURE, "town"),
    _layer("roads", "Road corridors (schematic)", Role.INFRASTRUCTURE, "road"),
    _layer("rail_network", "Railway junction network", Role.INFRASTRUCTURE, "rail"),
    _layer("railways_curated", "Railway corridors (schematic)", Role.INFRASTRUCTURE, "rail"),
    _layer("road_network", "Road junction network (routing only)", Role.INFRASTRUCTURE, "network"),
    _layer("power", "Power stations and substations", Role.INFRASTRUCTURE, "power"),
    _layer("sea_lanes", "Sea lanes", Role.INFRASTRUCTURE, "sea"),
    _layer("coast", "Coast", Role.CONTEXT, "coast"),
    _layer("landmasses", "Landmasses", Role.CONTEXT, "land"),
    _layer("ice", "Greenland ice", Role.CONTEXT, "ice"),
    _layer("places", "Small places", Role.CONTEXT, "place"),
    _layer("countries", "Countries", Role.CONTEXT, "country"),
    _layer("eez", "Minamitorishima 200-mile circle (computed)", Role.CONTEXT, "limit"),
    _layer("heritage", "Heritage and protected areas, sketched (not all)", Role.CONTEXT, "heritage"),
)

FETCHED = (_layer("water", "Rivers and lakes (fetched)", Role.CONTEXT, "water"),)  # not shipped: `oreway refresh` alone


def find_layer(layer_id: str) -> Layer:
    """Return the layer with this id, shipped or only fetched.

    Raises:
        LayerError: no such layer; the message lists those there are.
    """
    for layer in (*LAYERS, *FETCHED):
        if layer.id == layer_id:
            return layer
    raise LayerError(LayerSaying.NO_LAYER(repr(layer_id), listed(layer.id for layer in LAYERS)))
