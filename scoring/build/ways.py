"""The ways a bill is measured along: least-cost over relief where its cells are fine enough, else straight."""

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from oreway.geo.errors import NoRouteError
from oreway.geo.geodesy import distance_km
from oreway.geo.least_cost import Ground, LonLat, Rules, access_route, read_ground
from oreway.geo.network import Route
from oreway.layers.catalog import verified_path
from oreway.scoring.judge.subject import Subject
from oreway.scoring.reasons import Name
from oreway.scoring.world.criteria import ValueFunction
from oreway.scoring.world.kept import kept
from oreway.scoring.world.networks import freight, road_network
from oreway.scoring.world.world import World

Range = tuple[float, float, float]
RELIEF = {"GL": "relief_greenland", "AU": "relief_australia", "JP": "relief_nw_pacific"}
NO_ROADS = "GL"
LEAST_COST, NETWORK, STRAIGHT = "least_cost", "network", "straight"
KM_PER_DEGREE = 111.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Way:
    """How the length of one item was found.

    method: least_cost (over relief), network (along existing roads) or straight (times the detour).
    straight_km, length_km: low, base and high, of the geodesic and as the bill takes it. detour_km: the geodesic times
    the detour factor. paid: by layer, in kilometres of level ground, what the least-cost way pays; it adds up to cost.
    cell_km: side of the relief's cells, and scale what they let anyone say. lon, lat: its vertices, ends included.
    """

    item_id: str
    target: Name
    method: str
    straight_km: Range
    detour_km: float
    length_km: Range
    cost: float | None
    paid: Mapping[str, float]
    cell_km: float | None
    scale: str
    lon: tuple[float, ...]
    lat: tuple[float, ...]
    height_m: tuple[float, ...]


def straight_way(item_id: str, target: Name, ends: tuple[LonLat, LonLat], distances: Range, by: ValueFunction) -> Way:
    """Return the straight line times the detour factor, low, base and high."""
    low, base, high = distances
    detour = low * by.circuity_low, base * by.circuity, high * by.circuity_high
    return Way(
        item_id=item_id, target=target, method=STRAIGHT, straight_km=distances, detour_km=detour[1], length_km=detour,
        cost=None, paid={}, cell_km=None, scale="", height_m=(),
        lon=(ends[0][0], ends[1][0]), lat=(ends[0][1], ends[1][1]),
    )  # fmt: skip


def new_way(world: World, subject: Subject, straight: Way, dem: str) -> Way:
    """Return the least-cost way in place of a straight one, where relief is fine enough for its length.

    Its bounds stay those of the straight line and its detour, widened to hold the way. A line too short for the relief
    keeps its detour, but never passes the least length a way is sought for: so a nearer target is never the dearer one.

    Args:
        world: the opened world.
        subject: the site.
        straight: the straight line from the site to its target.
        dem: file or http(s) address of a raster of heights; "" for the relief shipped for the site's country.

    Raises:
        GeoError: the dem cannot be read.
    """
    ends = (straight.lon[0], straight.lat[0]), (straight.lon[-1], straight.lat[-1])
    country = str(subject.site["country_code"])
    source = dem or (str(verified_path(RELIEF[country])) if country in RELIEF else "")
    if not source or straight.straight_km[1] <= 0:
        return straight
    found = _found(world, source, ends, country)
    low, base, high = straight.length_km
    if found.way is None:
        base = min(base, max(straight.straight_km[1], found.least_km))
        return dataclasses.replace(straight, length_km=(min(low, base), base, high))
    kept = {name: getattr(straight, name) for name in ("item_id", "target", "straight_km", "detour_km", "length_km")}
    return _within(dataclasses.replace(found.way, **kept), found.way.length_km[1])


def _within(way: Way, km: float) -> Way:
    """Return the way with another base length; its bounds hold that length at the bounds of the distance too."""
    near, straight, far = way.straight_km
    low, _, high = way.length_km
    stretch = km / straight
    return dataclasses.replace(way, length_km=(min(low, near * stretch), km, max(high, far * stretch)))


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Found:
    """A least-cost way, or None and the least length for which one is sought."""

    way: Way | None
    least_km: float


@kept("parameters", "ice")
def _found(world: World, source: str, ends: tuple[LonLat, LonLat], country: str) -> _Found:
    parameters = world.methods.parameters
    straight = float(distance_km(*ends[0], *ends[1]))
    margin = parameters["relief_margin"] * straight / KM_PER_DEGREE
    rules = Rules(climb=parameters["relief_climb"])
    try:
        ground = read_ground(_address(source), _box(ends, margin), rules, _ice(world, country))
        least_km = parameters["relief_cells"] * cell_km(ground)
        if straight < least_km:
            return _Found(way=None, least_km=least_km)
        route = access_route(ground, *ends)
    except NoRouteError:
        return _Found(way=None, least_km=float("inf"))
    length = max(route.length_km, straight)
    way = Way(
        item_id="", target="", method=LEAST_COST,
        straight_km=(straight,) * 3, detour_km=straight, length_km=(length,) * 3,
        cost=route.cost, paid=dict(route.paid), cell_km=cell_km(ground), scale=route.scale,
        lon=tuple(route.lon.tolist()), lat=tuple(route.lat.tolist()), height_m=tuple(route.height_m.tolist()),
    )  # fmt: skip
    return _Found(way=way, least_km=least_km)


def _address(source: str) -> Path | str:
    return source if source.startswith(("http://", "https://")) else Path(source)


def _box(ends: tuple[LonLat, LonLat], margin: float) -> tuple[float, float, float, float]:
    (west, east), (south, north) = (sorted((ends[0][i], ends[1][i])) for i in (0, 1))
    if east - west > 180:
        west, east = east, west + 360
    wide = margin / max(0.05, _cosine(max(abs(south), abs(north))))
    return west - wide, max(-90.0, south - margin), east + wide, min(90.0, north + margin)


def _cosine(lat: float) -> float:
    return float(distance_km(0.0, lat, 1.0, lat)) / KM_PER_DEGREE


def _ice(world: World, country: str) -> Sequence[BaseGeometry]:
    return list(world.infrastructure["ice"].geometry) if country == "GL" else []


def cell_km(ground: Ground) -> float:
    """Return the longer side of the cells in the middle of a ground, kilometres."""
    if min(len(ground.lat), len(ground.lon)) < 2:
        return float("inf")
    lat, lon = ground.lat, ground.lon
    middle = float(lat[len(lat) // 2])
    high = distance_km(float(lon[0]), float(lat[0]), float(lon[0]), float(lat[1]))
    wide = distance_km(float(lon[0]), middle, float(lon[1]), middle)
    return float(max(high, wide))


@kept("road_network")
def _along_roads(world: World, ends: tuple[LonLat, LonLat]) -> Route:
    return road_network(world).shortest(*ends, on_edge=True)


def road_way(world: World, subject: Subject, straight: Way) -> Way:
    """Return the way along existing roads in place of a straight one, where the network joins both ends."""
    if subject.site["country_code"] == NO_ROADS or straight.straight_km[1] <= 0:
        return straight
    ends = (straight.lon[0], straight.lat[0]), (straight.lon[-1], straight.lat[-1])
    try:
        way = _along_roads(world, ends)
    except NoRouteError:
        return straight
    geodesic = straight.straight_km[1]
    detour = straight.detour_km / geodesic
    km = max(way.worth_km(detour, freight("road", "length_factor")[1]), geodesic)
    along = dataclasses.replace(
        straight, method=NETWORK, lon=(ends[0][0], *way.lon.tolist(), ends[1][0]),
        lat=(ends[0][1], *way.lat.tolist(), ends[1][1]),
    )  # fmt: skip
    return _within(along, km)
