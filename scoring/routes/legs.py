"""Legs of a supply route by road, rail and sea: distance, bounds, days, cost, carbon, and what each rests on."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from oreway.geo.errors import NoRouteError
from oreway.geo.geodesy import distance_km
from oreway.geo.network import Route
from oreway.geo.sea import Hindrance, SeaRoute
from oreway.scoring.reasons import NOTHING, Code, Note, Reason, joined, note
from oreway.scoring.routes.roads import Leg, Place, Roads

NO_ROADS, SAME_PLACE_KM = "GL", 0.1
SEA_SOURCES = {"route": Code.SEA_LANES, "open_sea": Code.OPEN_SEA, "fallback": Code.STRAIGHT_SEA}
NEAR = {"road": Code.ROAD_NEAR, "rail": Code.RAIL_NEAR}
JUNCTIONS = {"road": Code.ROAD_JUNCTIONS, "rail": Code.RAIL_JUNCTIONS}
SURE = 1 - 1e-12  # sums in another order differ by less
LEGS = 3  # of a way overland at most: to the network, along it, from it


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
        return no_leg(start, end, _hindrance(way.reason), line)
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


def no_leg(start: Place, end: Place, reason: Note, line: tuple[tuple[float, float], ...]) -> Leg:
    """Return what stands for a way that is not there, and why."""
    return Leg(
        mode="sea", start=start, end=end, distance_km=None, low_km=None, high_km=None, days=None, usd_per_t=None,
        kg_co2_per_t=None, method="none", nil="absent_network", source=NOTHING, note=reason, line=line,
    )  # fmt: skip


def straight_leg(roads: Roads, start: Place, end: Place, *, fjord: bool, why: Code | None = None) -> Leg:
    """Return a road leg no network holds: the geodesic times the circuity of plain or fjord country."""
    low, base, high = roads.price["land", "circuity_fjord" if fjord else "circuity_plain"]
    km = float(distance_km(*start.at, *end.at))
    told = note(why) if why is not None else note(Code.NO_ROADS_HERE) + note(Code.WAY_UNKNOWN)
    if km < SAME_PLACE_KM:
        told = NOTHING
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
    shortest, likely, longest = roads.length_factor(mode, way)
    km = way.network_km
    if km > 0:
        line = tuple(zip(way.lon.tolist(), way.lat.tolist(), strict=True))
        transfer = roads.base("transfer", "usd_per_t") if mode == "rail" else 0.0
        straight = float(distance_km(*on.at, *off.at))
        least = max(min(km * shortest, _least_km(roads, mode, way)), straight)
        along = (least, km * likely, km * longest)
        way_on = _Way(
            km=along, method="network", fixed_usd=transfer, source=note(JUNCTIONS[mode]), line=line,
            note=_round_about(roads, km, straight) + _mountains(roads, mode, likely),
        )  # fmt: skip
        legs.append(_leg(roads, mode, on, off, way_on))
    if way.snap_end_km:
        left = off if legs else start  # a way along one edge passes no junction
        legs.append(_leg_to_network(roads, mode, left, end, way, Code.FROM_NETWORK))
    return worth(roads, legs)


def _round_about(roads: Roads, km: float, straight_km: float) -> Note:
    """Say that a way is longer than the highest circuity allows, so that a shorter one may be missing."""
    most = roads.price["land", "circuity_plain"][2]
    return note(Code.ROUND_ABOUT, km / straight_km) if km > most * straight_km > 0 else NOTHING


def _mountains(roads: Roads, mode: str, likely: float) -> Note:
    """Say that a way counts more than the network's kilometres usually do, for it climbs much."""
    return note(Code.MOUNTAINS, likely) if likely > roads.price[mode, "length_factor"][1] else NOTHING


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
        if along := network_legs(roads, mode, start, end):  # else all of it is too short to count
            ways.append(along)
    if (not ways or away <= max(nearest, roads.base("leg", "straight_km"))) and roads.is_dry(start, end):
        beside = Code.STRAIGHT_SHORTER if ways or np.isfinite(nearest) else None
        ways.append((straight_leg(roads, start, end, fjord=country_code == NO_ROADS, why=beside),))
    return min(ways, key=cost_usd) if ways else ()


def worth(roads: Roads, legs: Sequence[Leg]) -> tuple[Leg, ...]:
    """Return the legs that are long enough to count."""
    least = roads.base("leg", "shortest_km")
    return tuple(leg for leg in legs if leg.distance_km is None or leg.distance_km >= least)


def cost_usd(legs: Sequence[Leg]) -> float:
    """Return what legs cost together, US$ a tonne; infinite where one is not there."""
    return sum(np.inf if leg.usd_per_t is None else leg.usd_per_t for leg in legs)


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
