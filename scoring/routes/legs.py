"""Legs of a supply route by road, rail and sea: distance, bounds, days, cost, carbon, and what each rests on."""

import dataclasses
import heapq
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import pandas as pd

from oreway.geo.errors import NoRouteError
from oreway.geo.geodesy import azimuth_deg, distance_km
from oreway.geo.network import Route
from oreway.geo.sea import Hindrance, SeaRoute
from oreway.layers.read import read_table
from oreway.layers.vocabulary import Setting
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.subject import Subject, facts_of, logical_port
from oreway.scoring.measure.measure import nearest
from oreway.scoring.reasons import NOTHING, Code, Name, Note, Reason, joined, note, recorded
from oreway.scoring.world.cells import Floats
from oreway.scoring.world.harbours import harbour_landmasses
from oreway.scoring.world.kept import kept
from oreway.scoring.world.networks import rail_network, road_network, sea_lanes
from oreway.scoring.world.place import codes, landmass_positions, landmasses
from oreway.scoring.world.world import World

NO_ROADS = "GL"
USUALLY_CLOSED = ("northern_sea_route", "northwest")
SEA_SOURCES = {"route": Code.SEA_LANES, "open_sea": Code.OPEN_SEA, "fallback": Code.STRAIGHT_SEA}
NEAR = {"road": Code.ROAD_NEAR, "rail": Code.RAIL_NEAR}
JUNCTIONS = {"road": Code.ROAD_JUNCTIONS, "rail": Code.RAIL_JUNCTIONS}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """A point with its name, or with what stands for one, degrees."""

    name: Name
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
    source: Note
    note: Note
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
    rule: Note
    legs: tuple[Leg, ...]
    ice: bool
    note: Note
    ports: "tuple[Port, ...]" = ()


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

    def over(self, mode: str, start: Place, end: Place) -> Route:
        """Return the way over the network of a mode, remembered for the next asker.

        Raises:
            NoRouteError: the places are not joined by it.
        """
        found = _over(self._world, mode, start.at, end.at)
        if found is None:
            raise NoRouteError(f"{mode}: {start.name} and {end.name} are not joined")
        return found

    def remembered(self, asked: tuple[object, ...], make: Callable[[], Leg]) -> Leg:
        """Return a leg made once for all that ask the same of this world."""
        return self._world.memory.get((Roads, self.shut, *asked), make)

    def is_dry(self, start: Place, end: Place) -> bool:
        """Tell whether the straight line between two places crosses no water worth the name."""
        lon, lat = np.array([end.lon]), np.array([end.lat])
        return bool(_dry(self._world, lon, lat, start.at)[0])

    def base(self, mode: str, parameter: str) -> float:
        """Return the base figure of data/methods/freight.csv."""
        return self.price[mode, parameter][1]


@kept("road_network", "rail_network", "sea_lanes", "landmasses", "coast", "parameters")
def _open_roads(world: World) -> Roads:
    """Return the ways there are with what is usually open, made once."""
    return Roads(world, ())


WET_KM = 3.0  # of a straight leg at most: a river, a creek of the coast
STEP_KM = 2.0  # between the places of a straight leg that are looked at


@kept("road_network", "rail_network", "landmasses", "parameters")
def _over(world: World, mode: str, start: tuple[float, float], end: tuple[float, float]) -> Route | None:
    """Return the way over a network between places; None where there is none. Straight legs cross no water."""
    network = road_network(world) if mode == "road" else rail_network(world)
    price = _freight(world)
    circuity = price["land", "circuity_plain"][1] * price["road", "usd_per_t_km"][1] / price[mode, "usd_per_t_km"][1]

    try:
        return network.shortest(start, end, circuity=circuity, usable=_usable(world), on_edge=mode == "road")
    except NoRouteError:
        return None


@kept("landmasses", "coast", "joined_land", "parameters")
def _usable(world: World) -> Callable[[Floats, Floats, tuple[float, float]], npt.NDArray[np.bool_]]:
    """Return what tells of junctions which a place may be joined to: one thing, by which joins are remembered."""
    return partial(_dry, world)


def _dry(world: World, lon: Floats, lat: Floats, place: tuple[float, float]) -> npt.NDArray[np.bool_]:
    """Tell of each place whether a straight line to it from one place crosses no more than WET_KM of water."""
    km = np.atleast_1d(distance_km(np.full(len(lon), place[0]), np.full(len(lat), place[1]), lon, lat))
    dry = np.ones(len(lon), dtype=np.bool_)
    far = np.nonzero(km > WET_KM)[0]
    if not len(far):
        return dry
    steps = int(min(max(np.ceil(float(km[far].max()) / STEP_KM), 1), 60))
    share = (np.arange(steps) + 0.5) / steps
    east = (lon[far] - place[0] + 180) % 360 - 180
    over_lon = (place[0] + east[:, None] * share + 180) % 360 - 180
    over_lat = place[1] + (lat[far] - place[1])[:, None] * share
    every = landmass_positions(
        world, np.concatenate([over_lon.ravel(), lon[far], [place[0]]]),
        np.concatenate([over_lat.ravel(), lat[far], [place[1]]]),
    )  # fmt: skip
    way, there, here = every[: over_lon.size].reshape(over_lon.shape), every[over_lon.size : -1], every[-1]
    dry[far] = ((way < 0).mean(axis=1) * km[far] <= WET_KM) & (there == here)
    return dry


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Way:
    """What a leg rests on and what is added to its kilometres: a fixed cost, days in port, a dearer ship."""

    km: tuple[float, float, float]
    method: str
    source: Note
    note: Note = NOTHING
    line: tuple[tuple[float, float], ...] = ()
    fixed_usd: float = 0.0
    port_days: float = 0.0
    cost_factor: float = 1.0


def _leg(roads: Roads, mode: str, start: Place, end: Place, way: _Way) -> Leg:
    low, middle, high = way.km
    days = middle / roads.base(mode, "speed_km_per_day") + way.port_days
    cost = way.fixed_usd + middle * roads.base(mode, "usd_per_t_km") * way.cost_factor
    return Leg(
        mode=mode, start=start, end=end, distance_km=middle, low_km=low, high_km=high, days=days, usd_per_t=cost,
        kg_co2_per_t=middle * roads.base(mode, "kg_co2_per_t_km"), nil="", method=way.method, source=way.source,
        note=way.note, line=way.line or (start.at, end.at),
    )  # fmt: skip


def sea_leg(roads: Roads, start: Place, end: Place, *, ice: bool, load: bool = True) -> Leg:
    """Return the leg by sea; `load` adds the fixed cost and the days in port of one voyage."""
    return roads.remembered((start, end, ice, load), lambda: _sea_leg(roads, start, end, ice=ice, load=load))


def _sea_leg(roads: Roads, start: Place, end: Place, *, ice: bool, load: bool) -> Leg:
    way = roads.sea(start, end)
    line = tuple(zip(way.lon.tolist(), way.lat.tolist(), strict=True))
    if way.method == "none":
        return _no_leg(start, end, _hindrance(way.reason), line)
    straight = float(distance_km(*start.at, *end.at))
    shortest, _, longest = roads.price["sea", "length_factor"]
    low = straight if way.method == "fallback" else max(straight, way.total_km * shortest)
    passed = joined([note(Code.PASSAGE, name) for name in way.passages])
    return _leg(roads, "sea", start, end, _Way(
        km=(low, way.total_km, way.total_km * longest), line=line, note=_along(way) + passed,
        source=note(SEA_SOURCES[way.method]), method="route" if way.method == "route" else "geodesic",
        fixed_usd=roads.base("sea", "usd_per_t_fixed") if load else 0.0,
        port_days=roads.base("sea", "port_days") if load else 0.0,
        cost_factor=roads.base("sea", "ice_class_factor") if ice else 1.0,
    ))  # fmt: skip


def _along(way: SeaRoute) -> Note:
    """Return how a way lies to the lanes."""
    if way.method == "fallback":
        return _hindrance(way.reason)
    if way.method == "open_sea":
        return note(Code.STRAIGHT_OVER_SEA)
    return note(Code.BETWEEN_PORT_AND_LANE, way.snap_start_km, way.snap_end_km)


def _hindrance(found: Hindrance | None) -> Note:
    if found is None:
        return NOTHING
    if found.away_km is not None:
        return note(Code.FAR_FROM_LANES, found.away_km)
    return note(Code(found.by.value), *([";".join(found.closed)] if found.closed else []))


def _no_leg(start: Place, end: Place, reason: Note, line: tuple[tuple[float, float], ...]) -> Leg:
    return Leg(
        mode="sea", start=start, end=end, distance_km=None, low_km=None, high_km=None, days=None, usd_per_t=None,
        kg_co2_per_t=None, method="none", nil="absent_network", source=NOTHING, note=reason, line=line,
    )  # fmt: skip


def straight_leg(roads: Roads, start: Place, end: Place, *, fjord: bool, why: Code | None = None) -> Leg:
    """Return a road leg no network holds: the geodesic times the circuity of plain or fjord country."""
    low, base, high = roads.price["land", "circuity_fjord" if fjord else "circuity_plain"]
    km = float(distance_km(*start.at, *end.at))
    told = note(why) if why is not None else note(Code.NO_ROADS_HERE) + note(Code.WAY_UNKNOWN)
    return _leg(roads, "road", start, end, _Way(
        km=(km * low, km * base, km * high), method="geodesic", source=note(Code.STRAIGHT_LAND, base), note=told
    ))  # fmt: skip


def network_legs(roads: Roads, mode: str, start: Place, end: Place) -> tuple[Leg, ...]:
    """Return the way over the network of a mode, road or rail: to it, along it, from it.

    Raises:
        NoRouteError: the places are not joined by it.
    """
    way = roads.over(mode, start, end)
    points = [Place(name=start.name, lon=start.lon, lat=start.lat)]
    on = Place(name=Reason(NEAR[mode], (start.name,)), lon=float(way.lon[0]), lat=float(way.lat[0]))
    off = Place(name=Reason(NEAR[mode], (end.name,)), lon=float(way.lon[-1]), lat=float(way.lat[-1]))
    legs = [_leg_to_network(roads, mode, points[0], on, way, Code.TO_NETWORK)] if way.snap_start_km else []
    shortest, likely, longest = roads.price[mode, "length_factor"]
    km = way.network_km
    if km > 0:
        line = tuple(zip(way.lon.tolist(), way.lat.tolist(), strict=True))
        transfer = roads.base("transfer", "usd_per_t") if mode == "rail" else 0.0
        straight = float(distance_km(*on.at, *off.at))
        least = max(min(km * shortest, _least_km(roads, mode, way)), straight)
        along = (least, km * likely, km * longest)
        way_on = _Way(km=along, method="network", fixed_usd=transfer, source=note(JUNCTIONS[mode]), line=line)
        legs.append(_leg(roads, mode, on, off, way_on))
    if way.snap_end_km:
        legs.append(_leg_to_network(roads, mode, off, end, way, Code.FROM_NETWORK))
    return _worth(roads, legs)


def _leg_to_network(roads: Roads, mode: str, start: Place, end: Place, way: Route, why: Code) -> Leg:
    """Return the leg between a place and its junction: straight with the detour, or along the edge it may stand on."""
    on_edge, km = (
        (way.starts_on_edge, way.snap_start_km) if why == Code.TO_NETWORK else (way.ends_on_edge, way.snap_end_km)
    )
    straight = straight_leg(roads, start, end, fjord=False, why=why)
    if not on_edge or straight.low_km is None or straight.high_km is None:
        return straight
    likely = km * roads.price[mode, "length_factor"][1]
    bounds = min(straight.low_km, km), likely, max(straight.high_km, likely)
    told = note(Code.ON_EDGE)
    return _leg(roads, mode, start, end, _Way(km=bounds, method="geodesic", source=note(JUNCTIONS[mode]), note=told))


def _least_km(roads: Roads, mode: str, way: Route) -> float:
    """Return how short a way may be beside which a shorter one is missing.

    Where an edge, or the way as a whole, is longer than the highest circuity allows, the network may lack a road that
    is as straight as the lowest.
    """
    low, _, high = roads.price["land", "circuity_plain"]
    network = roads.road if mode == "road" else roads.rail
    lengths = network.graph.km[way.edges]
    chords = distance_km(way.lon[:-1], way.lat[:-1], way.lon[1:], way.lat[1:])
    least = np.where(lengths > high * chords, np.minimum(lengths, low * chords), lengths)
    km = float(least.sum()) * roads.price[mode, "length_factor"][0]
    straight = float(distance_km(way.lon[0], way.lat[0], way.lon[-1], way.lat[-1]))
    return min(km, low * straight) if way.network_km > high * straight else km


def _worth(roads: Roads, legs: Sequence[Leg]) -> tuple[Leg, ...]:
    least = roads.base("leg", "shortest_km")
    return tuple(leg for leg in legs if leg.distance_km is None or leg.distance_km >= least)


def land_legs(roads: Roads, start: Place, end: Place, country_code: str) -> tuple[Leg, ...]:
    """Return the cheapest way overland: by road, by rail with road at both ends, or straight over a short way.

    Straight is for a way shorter than the ways to the network, and where no network joins the places and no water
    lies between them; empty where there is no way overland.
    """
    ways: list[tuple[Leg, ...]] = []
    away = float(distance_km(*start.at, *end.at))
    nearest = np.inf
    for mode in ("road", "rail") if country_code != NO_ROADS else ():
        try:
            way = roads.over(mode, start, end)
        except NoRouteError:
            continue
        nearest = min(nearest, way.snap_start_km + way.snap_end_km)
        ways.append(network_legs(roads, mode, start, end))
    if (not ways or away <= max(nearest, roads.base("leg", "straight_km"))) and roads.is_dry(start, end):
        ways.append((straight_leg(roads, start, end, fjord=country_code == NO_ROADS),))
    return min(ways, key=_cost) if ways else ()


def _cost(legs: Sequence[Leg]) -> float:
    return sum(np.inf if leg.usd_per_t is None else leg.usd_per_t for leg in legs)


@kept("ports", "landmasses", "coast", "joined_land", "countries", "places", "parameters")
def _ports(world: World) -> pd.DataFrame:
    frame = world.infrastructure["ports"]
    lon: Floats = np.asarray(frame.geometry.x, dtype=np.float64)
    lat: Floats = np.asarray(frame.geometry.y, dtype=np.float64)
    ids = np.append(codes(world).landmasses, "")[harbour_landmasses(world, frame)]
    return pd.DataFrame(
        {"name": frame["name"], "lon": lon, "lat": lat, "depth_m": frame["depth_m"], "landmass": ids}, index=frame.index
    )


@dataclasses.dataclass(frozen=True)
class Port:
    """A port a place may use: its id and place, the straight line to it, and the rule."""

    port_id: str
    place: Place
    away_km: float
    rule: Note


PORTS_NEAR = 3  # of the deep ports on the landmass, the nearest
SECTORS = 6  # and the nearest in each direction, so that another coast is asked too
SECTOR_KM = 4000.0


@kept("ports", "landmasses", "parameters")
def _ports_on(world: World, landmass: str) -> tuple[pd.DataFrame, Note]:
    """Return the deep ports of a landmass, all of them where none is deep, and the rule by which they are taken."""
    ports = _ports(world)
    own = ports[(ports["landmass"] == landmass) & (landmass != "")]
    deep_m = _freight(world)["port", "deep_m"][1]
    deep = own[own["depth_m"] >= deep_m]
    return (deep, note(Code.PORT_CHEAPEST_DEEP, deep_m)) if len(deep) else (own, note(Code.PORT_CHEAPEST))


@kept("ports", "landmasses", "parameters")
def ports_of(world: World, place: Place, landmass: str) -> tuple[Port, ...]:
    """Return the ports a place on land may use: deep ones on its landmass, the nearest and those of other coasts.

    Nothing where the landmass has none.
    """
    chosen, rule = _ports_on(world, landmass)
    found = []
    for port_id, row in chosen.iloc[_candidates(place, chosen)].iterrows():
        port = Place(name=str(row["name"]), lon=float(row["lon"]), lat=float(row["lat"]))
        found.append(Port(str(port_id), port, float(distance_km(*place.at, *port.at)), rule))
    return tuple(sorted(found, key=lambda one: (one.away_km, one.port_id)))


@kept("road_network", "rail_network", "landmasses", "parameters")
def _port_legs(world: World, place: Place, port: Place, country_code: str) -> tuple[Leg, ...] | None:
    """Return the way from a place to a port; None where there is none overland."""
    legs = land_legs(_open_roads(world), place, port, country_code)
    return legs or (() if place.at == port.at else None)


def _candidates(place: Place, ports: pd.DataFrame) -> list[int]:
    """Return the rows of the nearest ports, and of the nearest in each direction."""
    lon, lat = ports["lon"].to_numpy(dtype=float), ports["lat"].to_numpy(dtype=float)
    km = np.atleast_1d(distance_km(np.full(len(lon), place.lon), np.full(len(lat), place.lat), lon, lat))
    order = np.argsort(km, kind="stable")
    towards = azimuth_deg(np.full(len(lon), place.lon), np.full(len(lat), place.lat), lon, lat)
    sector = (towards // (360 / SECTORS)).astype(int)
    firsts = [int(row) for row in order[:PORTS_NEAR]]
    for one in range(SECTORS):
        firsts += [int(row) for row in order[(sector[order] == one) & (km[order] <= SECTOR_KM)][:1]]
    return list(dict.fromkeys(firsts))


def _named_port(world: World, site: "pd.Series[str]") -> tuple[str, Place, Note] | None:
    facts = facts_of(world, str(site.name))
    row = {str(key): value for key, value in site.items()}
    subject = Subject(site_id=str(site.name), site=row, facts=facts, rows={}, setting=str(site["setting"]))
    named = logical_port(world, subject)
    if named is None:
        return None
    fact = next(iter(subject.fact_rows("logical_port")))
    title, date = fact["source_title"], f"({fact['as_of']})"
    told = title if title.endswith(date) else f"{title} {date}"
    rule = note(Code.PORT_NAMED, told) + recorded(fact["note"])
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
    ports: tuple[Port, ...] = ()
    if setting == Setting.SEABED:
        port_id, port, rule = named or _nearest_deep(world, place, roads)
        legs: tuple[Leg, ...] = (sea_leg(roads, place, port, ice=False),)
        why = note(Code.RAW_MUD)
    elif country == "GL":
        port_id, port, rule = named or _nearest_port(world, place)
        legs, why = _fjord_legs(world, roads, place, port), note(Code.OWN_BERTH)
    else:
        ports = () if named else ports_of(world, place, landmass)
        why = NOTHING
        port_id, port, rule = named or _cheapest(world, place, ports, country) or _across(world, place)
        reached = _port_legs(world, place, port, country)
        if reached is None:
            ports, why = (), note(Code.NO_PORT_ON_ISLAND)
            reached = _island_legs(world, roads, place, port)
        legs = reached
    return Start(
        site=place, setting=setting, country_code=country, landmass=landmass, port=port, port_id=port_id, rule=rule,
        legs=legs, ice=country == "GL", note=why, ports=ports,
    )  # fmt: skip


def _cheapest(world: World, place: Place, ports: Sequence[Port], country: str) -> tuple[str, Place, Note] | None:
    """Return the port that is cheapest to reach overland, the nearest tried first; None where none is reached."""
    roads = _open_roads(world)
    best: tuple[float, str, Port] | None = None
    for one in sorted(ports, key=lambda port: port.away_km):
        if best is not None and SURE * least_usd(roads, one.away_km) > best[0]:
            break
        legs = _port_legs(world, place, one.place, country)
        if legs is not None and (best is None or (_cost(legs), one.port_id) < best[:2]):
            best = _cost(legs), one.port_id, one
    return None if best is None else (best[2].port_id, best[2].place, best[2].rule)


def _across(world: World, place: Place) -> tuple[str, Place, Note]:
    """Return the nearest port of all, for a place whose landmass has none."""
    ports = _ports(world)
    km = distance_km(place.lon, place.lat, ports["lon"].to_numpy(), ports["lat"].to_numpy())
    row = ports.iloc[int(np.argmin(km))]
    port = Place(name=str(row["name"]), lon=float(row["lon"]), lat=float(row["lat"]))
    return str(row.name), port, note(Code.PORT_ACROSS)


def _nearest_deep(world: World, place: Place, roads: Roads) -> tuple[str, Place, Note]:
    """Return the deep port nearest to a place at sea."""
    ports = _ports(world)
    deep = ports[ports["depth_m"] >= roads.base("port", "deep_m")]
    km = distance_km(place.lon, place.lat, deep["lon"].to_numpy(), deep["lat"].to_numpy())
    row = deep.iloc[int(np.argmin(km))]
    port = Place(name=str(row["name"]), lon=float(row["lon"]), lat=float(row["lat"]))
    return str(row.name), port, note(Code.PORT_NEAREST_DEEP)


def plant_place(world: World, plant_id: str) -> Place:
    """Return where a plant stands."""
    row = world.plants[["name", "lon", "lat"]].astype(object).loc[plant_id]
    return Place(name=str(row["name"]), lon=float(str(row["lon"])), lat=float(str(row["lat"])))


def plant_start(world: World, plant_id: str, roads: Roads) -> Start:
    """Return how a plant's product reaches the port it would use."""
    plant, place = world.plants.loc[plant_id], plant_place(world, plant_id)
    country, landmass = str(plant["country_code"]), _landmass(world, place)
    ports = ports_of(world, place, landmass)
    port_id, port, rule = _cheapest(world, place, ports, country) or _across(world, place)
    legs = _port_legs(world, place, port, country)
    return Start(
        site=place, setting=str(plant["setting"]), country_code=country, landmass=landmass, port=port, port_id=port_id,
        rule=rule, legs=_island_legs(world, roads, place, port) if legs is None else legs, ice=False, note=NOTHING,
        ports=ports,
    )  # fmt: skip


def _nearest(world: World, place: Place, class_: str) -> "pd.Series[str]":
    return _nearest_at(world, class_, place.at)


@kept("ports", "coast", "landmasses", "countries", "networks", "places", "parameters", "classes")
def _nearest_at(world: World, class_: str, at: tuple[float, float]) -> "pd.Series[str]":
    return nearest(world, *at, classes=[class_]).iloc[0]


def _nearest_port(world: World, place: Place) -> tuple[str, Place, Note]:
    row = _nearest(world, place, "port")
    port = Place(name=str(row["name"]), lon=float(row["lon"]), lat=float(row["lat"]))
    return str(row["feature_id"]), port, note(Code.PORT_NEAREST)


def _island_legs(world: World, roads: Roads, place: Place, port: Place) -> tuple[Leg, ...]:
    """Return the way from an island without a port: straight to its shore, then by sea."""
    row = _nearest(world, place, "coast")
    water = Place(name=Reason(Code.SHORE), lon=float(row["lon"]), lat=float(row["lat"]))
    land = straight_leg(roads, place, water, fjord=False, why=Code.TO_SHORE)
    return land, sea_leg(roads, water, port, ice=False, load=False)


def _fjord_legs(world: World, roads: Roads, place: Place, port: Place) -> tuple[Leg, ...]:
    row = _nearest(world, place, "coast")
    water = Place(name=Reason(Code.TIDEWATER), lon=float(row["lon"]), lat=float(row["lat"]))
    land = straight_leg(roads, place, water, fjord=True, why=Code.NEW_HAUL_ROAD)
    return land, sea_leg(roads, water, port, ice=True, load=False)


def path(world: World, start: Start, end: Place, country_code: str, roads: Roads) -> tuple[Leg, ...]:
    """Return the cheapest way from a site to a plant: overland, or by whichever ports make it so.

    Every port of either end is tried with every other, but for those that cannot cost less than the best found.
    """
    landmass = _landmass(world, end)
    over: tuple[Leg, ...] = ()
    if landmass and landmass == start.landmass and start.setting != Setting.SEABED:
        over = land_legs(roads, start.site, end, country_code)
    own = start.ports or (Port(start.port_id, start.port, 0.0, start.rule),)
    there = ports_of(world, end, landmass) or (Port(*_across(world, end)[:2], 0.0, NOTHING),)
    trip = _Trip(world=world, roads=roads, start=start, end=end, country_code=country_code, alone=len(there) == 1)
    waiting = [(bound, row, STRAIGHT, pair) for row, (bound, pair) in enumerate(_pairs(roads, own, there))]
    heapq.heapify(waiting)
    least = _cost(over) if over else None
    while waiting and (least is None or waiting[0][0] < least):
        _, row, known, pair = heapq.heappop(waiting)
        if known == WHOLE:
            first, sea, last = trip.legs(pair)
            return _worth(roads, (*first, *sea, *(turned(leg) for leg in reversed(last))))
        cost = trip.over_land(pair) if known == STRAIGHT else trip.whole(pair)
        if cost is not None:
            heapq.heappush(waiting, (cost, row, known + 1, pair))
    return over or (_no_leg(start.site, end, note(Code.NO_PORT_ON_ISLAND), (start.site.at, end.at)),)


STRAIGHT, OVERLAND, WHOLE = range(3)  # what is known of a way: straight lines, its legs overland, all of it
SURE = 1 - 1e-12  # sums in another order differ by less


@dataclasses.dataclass(frozen=True)
class _Pair:
    """A port at either end, and the least that the way by sea between them costs."""

    one: Port
    other: Port
    sea_usd: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Trip:
    """The ways from a site to a plant by pairs of ports: what is asked of them is worked out when it may matter."""

    world: World
    roads: Roads
    start: Start
    end: Place
    country_code: str
    alone: bool  # the plant has one port only, and may stand on an island without one
    known: dict[tuple[str, str], tuple[Leg, ...] | None] = dataclasses.field(default_factory=dict)

    def _first(self, port: Port) -> tuple[Leg, ...] | None:
        key = ("first", port.port_id)
        if key not in self.known:
            self.known[key] = self._to_port(port)
        return self.known[key]

    def _last(self, port: Port) -> tuple[Leg, ...] | None:
        key = ("last", port.port_id)
        if key not in self.known:
            self.known[key] = self._from_port(port)
        return self.known[key]

    def _to_port(self, port: Port) -> tuple[Leg, ...] | None:
        if port.port_id == self.start.port_id:
            return self.start.legs
        return _port_legs(self.world, self.start.site, port.place, self.start.country_code)

    def _from_port(self, port: Port) -> tuple[Leg, ...] | None:
        found = _port_legs(self.world, self.end, port.place, self.country_code)
        return _island_legs(self.world, self.roads, self.end, port.place) if found is None and self.alone else found

    def over_land(self, pair: _Pair) -> float | None:
        """Return the least a way costs whose legs overland are known; None where there are none."""
        first, last = self._first(pair.one), self._last(pair.other)
        if first is None or last is None:
            return None
        return SURE * (_cost(_worth(self.roads, (*first, *reversed(last)))) + pair.sea_usd)

    def legs(self, pair: _Pair) -> tuple[tuple[Leg, ...], tuple[Leg, ...], tuple[Leg, ...]]:
        """Return the legs to the port, by sea, and from the plant to its port."""
        first, last = self._first(pair.one), self._last(pair.other)
        by_sea = pair.one.port_id != pair.other.port_id
        sea = (sea_leg(self.roads, pair.one.place, pair.other.place, ice=self.start.ice),) if by_sea else ()
        return first or (), sea, last or ()

    def whole(self, pair: _Pair) -> float:
        """Return what a way costs."""
        first, sea, last = self.legs(pair)
        return _cost(_worth(self.roads, (*first, *sea, *reversed(last))))


def _pairs(roads: Roads, own: Sequence[Port], there: Sequence[Port]) -> list[tuple[float, _Pair]]:
    """Return every pair of ports with the least its way could cost, the least first."""
    fixed, per_km = roads.base("sea", "usd_per_t_fixed"), roads.base("sea", "usd_per_t_km")
    found = []
    ends = np.array([[*one.place.at, *other.place.at] for one in own for other in there], dtype=np.float64)
    straight = np.asarray(distance_km(*ends.T)).tolist()
    for i, one in enumerate(own):
        for j, other in enumerate(there):
            across = straight[i * len(there) + j]
            by_sea = one.port_id != other.port_id and across > roads.base("leg", "shortest_km")
            sea = fixed + per_km * across if by_sea else 0.0
            land = least_usd(roads, one.away_km) + least_usd(roads, other.away_km)
            found.append((land + sea, _Pair(one, other, sea)))
    return sorted(found, key=lambda pair: (pair[0], pair[1].one.port_id, pair[1].other.port_id))


LEGS = 3  # of a way overland at most: to the network, along it, from it


def least_usd(roads: Roads, away_km: float) -> float:
    """Return the least that a way overland costs between places so far from each other; legs too short do not count."""
    counted = max(0.0, away_km - LEGS * roads.base("leg", "shortest_km"))
    return counted * min(roads.base(mode, "usd_per_t_km") for mode in ("road", "rail"))


def turned(leg: Leg) -> Leg:
    """Return a leg run the other way."""
    to, back = note(Code.TO_NETWORK), note(Code.FROM_NETWORK)
    return dataclasses.replace(
        leg, start=leg.end, end=leg.start, line=leg.line[::-1], note={to: back, back: to}.get(leg.note, leg.note)
    )
