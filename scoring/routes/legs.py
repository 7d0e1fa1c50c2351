"""Legs of a supply route by road, rail and sea: distance, bounds, days, cost, carbon, and what each rests on."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd

from oreway.geo.errors import NoRouteError
from oreway.geo.geodesy import distance_km
from oreway.geo.network import Network, Route
from oreway.geo.sea import SeaRoute
from oreway.layers.read import read_table
from oreway.layers.vocabulary import Setting
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.subject import Subject, logical_port
from oreway.scoring.measure.measure import nearest
from oreway.scoring.world.kept import kept
from oreway.scoring.world.networks import rail_network, road_network, sea_lanes
from oreway.scoring.world.place import Floats, landmasses
from oreway.scoring.world.world import World

ROUTED = "AU"
USUALLY_CLOSED = ("northern_sea_route", "northwest")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """A named point, degrees."""

    name: str
    lon: float
    lat: float

    @property
    def at(self) -> tuple[float, float]:
        """Longitude and latitude."""
        return self.lon, self.lat


@dataclasses.dataclass(frozen=True, kw_only=True)
class Leg:
    """One leg: mode road, rail or sea; method network, route, geodesic or fallback; line for the map, (lon, lat)."""

    mode: str
    start: Place
    end: Place
    distance_km: float | None
    low_km: float | None
    high_km: float | None
    days: float | None
    usd_per_t: float | None
    kg_co2_per_t: float | None
    method: str
    nil: str
    source: str
    note: str
    line: tuple[tuple[float, float], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Start:
    """Where a site's product meets the sea, how it gets there, and the rule that chose the port."""

    site: Place
    setting: str
    country_code: str
    landmass: str
    port: Place
    port_id: str
    rule: str
    legs: tuple[Leg, ...]
    ice: bool
    note: str


class Roads:
    """The ways there are: junction networks, shipping lanes with passages closed, and the price of each mode."""

    def __init__(self, world: World, closed: Sequence[str]) -> None:
        self.road, self.rail, self.lanes = road_network(world), rail_network(world), sea_lanes(world)
        opened = {word.removeprefix("open:") for word in closed if word.startswith("open:")}
        wanted = {word for word in closed if not word.startswith("open:")}
        unknown = sorted((wanted | opened) - set(self.lanes.passages))
        if unknown:
            raise ScoringError(f"passage {unknown[0]!r}: not known; choose from {', '.join(self.lanes.passages)}")
        self.asked = tuple(closed)
        self.shut = tuple(sorted(wanted | (set(USUALLY_CLOSED) & set(self.lanes.passages)) - opened))
        self._world = world
        self.price = _freight(world)

    def sea(self, start: Place, end: Place) -> SeaRoute:
        """Return the way by sea, remembered for the next asker."""
        return _sea_route(self._world, start.at, end.at, self.shut)

    def base(self, mode: str, parameter: str) -> float:
        """Return the base figure of data/methods/freight.csv."""
        return self.price[mode, parameter][1]


@kept("sea_lanes")
def _sea_route(world: World, start: tuple[float, float], end: tuple[float, float], shut: tuple[str, ...]) -> SeaRoute:
    return sea_lanes(world).route(start, end, closed=shut)


@kept()
def _freight(world: World) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return data/methods/freight.csv: low, base and high by mode and parameter."""
    del world
    return {
        (str(row["mode"]), str(row["parameter"])): (float(row["low"]), float(row["base"]), float(row["high"]))
        for row in read_table("freight").to_dict("records")
    }


def _leg(roads: Roads, mode: str, start: Place, end: Place, km: tuple[float, float, float], **rest: object) -> Leg:
    low, middle, high = km
    fixed = rest.pop("fixed_usd", 0.0)
    factor = rest.pop("cost_factor", 1.0)
    days = middle / roads.base(mode, "speed_km_per_day") + float(str(rest.pop("port_days", 0.0)))
    cost = float(str(fixed)) + middle * roads.base(mode, "usd_per_t_km") * float(str(factor))
    line = rest.pop("line", None) or (start.at, end.at)
    return Leg(
        mode=mode, start=start, end=end, distance_km=middle, low_km=low, high_km=high, days=days, usd_per_t=cost,
        kg_co2_per_t=middle * roads.base(mode, "kg_co2_per_t_km"), nil="", method=str(rest["method"]),
        source=str(rest["source"]), note=str(rest.get("note", "")), line=line,  # type: ignore[arg-type]
    )  # fmt: skip


def sea_leg(roads: Roads, start: Place, end: Place, *, ice: bool, load: bool = True) -> Leg:
    """Return the leg by sea; `load` adds the fixed cost and the days in port of one voyage."""
    way = roads.sea(start, end)
    straight = float(distance_km(*start.at, *end.at))
    low = straight if way.method == "fallback" else way.total_km
    line = tuple(zip(way.lon.tolist(), way.lat.tolist(), strict=True))
    snaps = f"{way.snap_start_km:.0f} and {way.snap_end_km:.0f} km of it between port and lane"
    note = way.reason if way.method == "fallback" else "; ".join([snaps, *way.passages])
    longest = way.total_km * roads.price["sea", "length_factor"][2]
    return _leg(
        roads, "sea", start, end, (low, way.total_km, longest), line=line, note=note,
        method="geodesic" if way.method == "fallback" else "route",
        source="straight line × 1.25" if way.method == "fallback" else "sea lanes: Eurostat marnet, not for navigation",
        fixed_usd=roads.base("sea", "usd_per_t_fixed") if load else 0.0,
        port_days=roads.base("sea", "port_days") if load else 0.0,
        cost_factor=roads.base("sea", "ice_class_factor") if ice else 1.0,
    )  # fmt: skip


def straight_leg(roads: Roads, start: Place, end: Place, *, fjord: bool, note: str = "") -> Leg:
    """Return a road leg no network holds: the geodesic times the circuity of plain or fjord country."""
    low, base, high = roads.price["land", "circuity_fjord" if fjord else "circuity_plain"]
    km = float(distance_km(*start.at, *end.at))
    text = note or "no road network shipped here; the way is not known"
    source = f"straight line × {base:g} (judgement)"
    return _leg(
        roads, "road", start, end, (km * low, km * base, km * high), method="geodesic", source=source, note=text
    )


def _network_legs(roads: Roads, mode: str, start: Place, end: Place) -> tuple[Leg, ...]:
    network: Network = roads.road if mode == "road" else roads.rail
    way: Route = network.shortest(start.at, end.at)
    points = [Place(name=start.name, lon=start.lon, lat=start.lat)]
    on = Place(name=f"{mode} near {start.name}", lon=float(way.lon[0]), lat=float(way.lat[0]))
    off = Place(name=f"{mode} near {end.name}", lon=float(way.lon[-1]), lat=float(way.lat[-1]))
    legs = [straight_leg(roads, points[0], on, fjord=False, note="to the network")] if way.snap_start_km else []
    shortest, _, longest = roads.price[mode, "length_factor"]
    km = way.network_km
    if km > 0:
        line = tuple(zip(way.lon.tolist(), way.lat.tolist(), strict=True))
        transfer = roads.base("transfer", "usd_per_t") if mode == "rail" else 0.0
        legs.append(
            _leg(
                roads, mode, on, off, (km * shortest, km, km * longest), method="network", fixed_usd=transfer,
                source=f"{mode} junction network © OpenStreetMap contributors, true lengths", line=line,
            )
        )  # fmt: skip
    if way.snap_end_km:
        legs.append(straight_leg(roads, off, end, fjord=False, note="from the network"))
    return _worth(roads, legs)


def _worth(roads: Roads, legs: Sequence[Leg]) -> tuple[Leg, ...]:
    least = roads.base("leg", "shortest_km")
    return tuple(leg for leg in legs if leg.distance_km is None or leg.distance_km >= least)


def land_legs(roads: Roads, start: Place, end: Place, country_code: str) -> tuple[Leg, ...]:
    """Return the cheapest way overland: by road, or by rail with road at both ends, or straight where none is held."""
    ways: list[tuple[Leg, ...]] = []
    if country_code == ROUTED:
        for mode in ("road", "rail"):
            try:
                ways.append(_network_legs(roads, mode, start, end))
            except NoRouteError:
                continue
    if not ways:
        ways.append((straight_leg(roads, start, end, fjord=country_code == "GL"),))
    return min(ways, key=lambda legs: sum(leg.usd_per_t or 0.0 for leg in legs))


@kept("ports", "landmasses", "parameters")
def _ports(world: World) -> pd.DataFrame:
    frame = world.infrastructure["ports"]
    lon: Floats = np.asarray(frame.geometry.x, dtype=np.float64)
    lat: Floats = np.asarray(frame.geometry.y, dtype=np.float64)
    ids = landmasses(world, lon, lat)
    return pd.DataFrame(
        {"name": frame["name"], "lon": lon, "lat": lat, "depth_m": frame["depth_m"], "landmass": ids}, index=frame.index
    )


def port_for(world: World, place: Place, landmass: str, country_code: str, roads: Roads) -> tuple[str, Place, str]:
    """Return the port a place on land would use by rule: the cheapest overland of the deep ones on its landmass."""
    ports = _ports(world)
    own = ports[(ports["landmass"] == landmass) & (landmass != "")]
    deep_m = roads.base("port", "deep_m")
    deep = own[own["depth_m"] >= deep_m]
    chosen = deep if len(deep) else own if len(own) else ports
    km = distance_km(place.lon, place.lat, chosen["lon"].to_numpy(), chosen["lat"].to_numpy())
    near = chosen.iloc[np.argsort(km)[: 6 if country_code == ROUTED else 1]]
    costs = []
    for port_id, row in near.iterrows():
        port = Place(name=str(row["name"]), lon=float(row["lon"]), lat=float(row["lat"]))
        legs = land_legs(roads, place, port, country_code)
        costs.append((sum(leg.usd_per_t or 0.0 for leg in legs), str(port_id), port))
    _, port_id, port = min(costs, key=lambda item: item[:2])
    depth = f"at least {deep_m:g} m deep " if len(deep) else ""
    return port_id, port, f"by rule: the port {depth}on the same landmass that is cheapest to reach overland"


def _named_port(world: World, site: "pd.Series[str]") -> tuple[str, Place, str] | None:
    facts = world.facts[world.facts["site_id"] == site.name]
    row = {str(key): value for key, value in site.items()}
    subject = Subject(site_id=str(site.name), site=row, facts=facts, rows={}, setting=str(site["setting"]))
    named = logical_port(world, subject)
    if named is None:
        return None
    fact = next(iter(subject.fact_rows("logical_port")))
    title, date = fact["source_title"], f"({fact['as_of']})"
    told = title if title.endswith(date) else f"{title} {date}"
    rule = f"named: {told}" + (f"; {fact['note']}" if fact["note"] else "")
    return named.feature_id, Place(name=named.name, lon=named.lon, lat=named.lat), rule


def _landmass(world: World, place: Place) -> str:
    return _landmass_at(world, place.at)


@kept("landmasses", "parameters")
def _landmass_at(world: World, at: tuple[float, float]) -> str:
    lon: Floats = np.full(1, at[0], dtype=np.float64)
    lat: Floats = np.full(1, at[1], dtype=np.float64)
    return str(landmasses(world, lon, lat)[0])


def start(world: World, site: "pd.Series[str]", roads: Roads) -> Start:
    """Return how a site's product reaches the port it would use."""
    place = Place(name=str(site["name"]), lon=float(site["lon"]), lat=float(site["lat"]))
    setting, country = str(site["setting"]), str(site["country_code"])
    landmass = _landmass(world, place)
    named = _named_port(world, site)
    if setting == Setting.SEABED:
        port_id, port, rule = named or port_for(world, place, "", country, roads)
        legs: tuple[Leg, ...] = (sea_leg(roads, place, port, ice=False),)
        note = "no plant takes raw mud: it has to be leached first, ashore or on the way"
    elif country == "GL":
        port_id, port, rule = named or _nearest_port(world, place)
        legs, note = _fjord_legs(world, roads, place, port), "product leaves by its own berth, which has to be built"
    else:
        port_id, port, rule = named or port_for(world, place, landmass, country, roads)
        legs, note = land_legs(roads, place, port, country), ""
    return Start(
        site=place, setting=setting, country_code=country, landmass=landmass, port=port, port_id=port_id, rule=rule,
        legs=legs, ice=country == "GL", note=note,
    )  # fmt: skip


def plant_place(world: World, plant_id: str) -> Place:
    """Return where a plant stands."""
    row = world.plants[["name", "lon", "lat"]].astype(object).loc[plant_id]
    return Place(name=str(row["name"]), lon=float(str(row["lon"])), lat=float(str(row["lat"])))


def plant_start(world: World, plant_id: str) -> Start:
    """Return how a plant's product reaches the port it would use."""
    plant, place = world.plants.loc[plant_id], plant_place(world, plant_id)
    country, landmass = str(plant["country_code"]), _landmass(world, place)
    port_id, port, rule = _end_port(world, place, landmass, country)
    legs = _start_legs(world, place, country, port)
    return Start(
        site=place, setting=str(plant["setting"]), country_code=country, landmass=landmass, port=port, port_id=port_id,
        rule=rule, legs=legs, ice=False, note="",
    )  # fmt: skip


def _nearest(world: World, place: Place, class_: str) -> "pd.Series[str]":
    return _nearest_at(world, class_, place.at)


@kept("ports", "coast", "landmasses", "countries", "networks", "places", "parameters", "classes")
def _nearest_at(world: World, class_: str, at: tuple[float, float]) -> "pd.Series[str]":
    return nearest(world, *at, classes=[class_]).iloc[0]


def _nearest_port(world: World, place: Place) -> tuple[str, Place, str]:
    row = _nearest(world, place, "port")
    port = Place(name=str(row["name"]), lon=float(row["lon"]), lat=float(row["lat"]))
    return str(row["feature_id"]), port, "by rule: the nearest port"


def _fjord_legs(world: World, roads: Roads, place: Place, port: Place) -> tuple[Leg, ...]:
    row = _nearest(world, place, "coast")
    water = Place(name="tidewater", lon=float(row["lon"]), lat=float(row["lat"]))
    land = straight_leg(roads, place, water, fjord=True, note="new haul road to tidewater, to be built")
    return land, sea_leg(roads, water, port, ice=True, load=False)


@kept("ports", "landmasses", "parameters", "road_network", "rail_network")
def _end_port(world: World, end: Place, landmass: str, country_code: str) -> tuple[str, Place, str]:
    return port_for(world, end, landmass, country_code, Roads(world, ()))


@kept("road_network", "rail_network")
def _start_legs(world: World, place: Place, country_code: str, port: Place) -> tuple[Leg, ...]:
    return land_legs(Roads(world, ()), place, port, country_code)


@kept("road_network", "rail_network")
def _end_legs(world: World, end: Place, country_code: str, port: Place) -> tuple[Leg, ...]:
    return land_legs(Roads(world, ()), port, end, country_code)


def path(world: World, start: Start, end: Place, country_code: str, roads: Roads) -> tuple[Leg, ...]:
    """Return the cheapest way from a site to a plant: overland where both stand on one landmass, else by sea."""
    landmass = _landmass(world, end)
    ways: list[tuple[Leg, ...]] = []
    if landmass and landmass == start.landmass and start.setting != Setting.SEABED:
        ways.append(land_legs(roads, start.site, end, country_code))
    _, port, _ = _end_port(world, end, landmass, country_code)
    last = _end_legs(world, end, country_code, port)
    over = (*start.legs, sea_leg(roads, start.port, port, ice=start.ice), *last)
    ways.append(_worth(roads, over))
    return min(ways, key=lambda legs: sum(leg.usd_per_t or 0.0 for leg in legs))
