"""Which port a site's or a plant's product uses, by which rule, and how it gets there."""

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd

from oreway.arrays import Floats
from oreway.geo.geodesy import azimuth_deg, distance_km
from oreway.layers.vocabulary import Setting
from oreway.scoring.judge.subject import MUD, Subject, facts_of, logical_port
from oreway.scoring.measure.measure import nearest
from oreway.scoring.reasons import NOTHING, Code, Note, Reason, note, recorded
from oreway.scoring.routes.legs import SURE, cost_usd, land_legs, least_usd, sea_leg, straight_leg
from oreway.scoring.routes.roads import Leg, Place, Roads, freight, open_roads
from oreway.scoring.world.harbours import harbour_landmasses
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import codes, landmasses
from oreway.scoring.world.world import World

PORTS_NEAR = 3  # of the deep ports on the landmass, the nearest
SECTORS = 6  # and the nearest in each direction, so that another coast is asked too
SECTOR_KM = 4000.0


@dataclasses.dataclass(frozen=True)
class Port:
    """A port a place may use: its id and place, the straight line to it, and the rule."""

    port_id: str
    place: Place
    away_km: float
    rule: Note


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
    ports: tuple[Port, ...] = ()


def site_start(world: World, site: "pd.Series[str]", roads: Roads) -> Start:
    """Return how a site's product reaches the port it would use."""
    place = Place(name=str(site["name"]), lon=float(site["lon"]), lat=float(site["lat"]))
    setting, country = str(site["setting"]), str(site["country_code"])
    landmass = landmass_of(world, place)
    named = _named_port(world, site)
    ports: tuple[Port, ...] = ()
    if setting == Setting.SEABED:
        port_id, port, rule = named or _nearest_deep(world, place, roads)
        legs: tuple[Leg, ...] = (sea_leg(roads, place, port, ice=False),)
        why = note(Code.RAW_MUD) if MUD in str(site["host_minerals"]) else NOTHING
    elif country == "GL":
        port_id, port, rule = named or _nearest_port(world, place)
        legs, why = _fjord_legs(world, roads, place, port), note(Code.OWN_BERTH)
    else:
        ports = () if named else ports_of(world, place, landmass)
        why = NOTHING
        port_id, port, rule = named or _cheapest(world, place, ports, country) or nearest_across(world, place)
        reached = port_legs(world, place, port, country)
        if reached is None:
            ports, why = (), note(Code.NO_PORT_ON_ISLAND)
            reached = island_legs(world, roads, place, port)
        legs = reached
    return Start(
        site=place, setting=setting, country_code=country, landmass=landmass, port=port, port_id=port_id, rule=rule,
        legs=legs, ice=country == "GL", note=why, ports=ports,
    )  # fmt: skip


def plant_start(world: World, plant_id: str, roads: Roads) -> Start:
    """Return how a plant's product reaches the port it would use."""
    plant, place = world.plants.loc[plant_id], plant_place(world, plant_id)
    country, landmass = str(plant["country_code"]), landmass_of(world, place)
    ports = ports_of(world, place, landmass)
    port_id, port, rule = _cheapest(world, place, ports, country) or nearest_across(world, place)
    legs = port_legs(world, place, port, country)
    return Start(
        site=place, setting=str(plant["setting"]), country_code=country, landmass=landmass, port=port, port_id=port_id,
        rule=rule, legs=island_legs(world, roads, place, port) if legs is None else legs, ice=False, note=NOTHING,
        ports=ports,
    )  # fmt: skip


def plant_place(world: World, plant_id: str) -> Place:
    """Return where a plant stands."""
    row = world.plants[["name", "lon", "lat"]].astype(object).loc[plant_id]
    return Place(name=str(row["name"]), lon=float(str(row["lon"])), lat=float(str(row["lat"])))


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


@kept("ports", "landmasses", "parameters")
def _ports_on(world: World, landmass: str) -> tuple[pd.DataFrame, Note]:
    """Return the deep ports of a landmass, all of them where none is deep, and the rule by which they are taken."""
    ports = _ports(world)
    own = ports[(ports["landmass"] == landmass) & (landmass != "")]
    deep_m = freight(world)["port", "deep_m"][1]
    deep = own[own["depth_m"] >= deep_m]
    return (deep, note(Code.PORT_CHEAPEST_DEEP, deep_m)) if len(deep) else (own, note(Code.PORT_CHEAPEST))


@kept("ports", "landmasses", "coast", "joined_land", "countries", "places", "parameters")
def _ports(world: World) -> pd.DataFrame:
    frame = world.infrastructure["ports"]
    lon: Floats = np.asarray(frame.geometry.x, dtype=np.float64)
    lat: Floats = np.asarray(frame.geometry.y, dtype=np.float64)
    ids = np.append(codes(world).landmasses, "")[harbour_landmasses(world, frame)]
    return pd.DataFrame(
        {"name": frame["name"], "lon": lon, "lat": lat, "depth_m": frame["depth_m"], "landmass": ids}, index=frame.index
    )


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
    fact = named.fact
    title, date = fact["source_title"], f"({fact['as_of']})"
    told = title if title.endswith(date) else f"{title} {date}"
    rule = note(Code.PORT_NAMED, told) + recorded(fact["note"])
    return named.feature_id, Place(name=named.name, lon=named.lon, lat=named.lat), rule


def landmass_of(world: World, place: Place) -> str:
    """Return the landmass a place lies on, "" at sea."""
    return _landmass_at(world, place.at)


@kept("landmasses", "parameters")
def _landmass_at(world: World, at: tuple[float, float]) -> str:
    lon: Floats = np.full(1, at[0], dtype=np.float64)
    lat: Floats = np.full(1, at[1], dtype=np.float64)
    return str(landmasses(world, lon, lat)[0])


@kept("road_network", "rail_network", "landmasses", "parameters")
def port_legs(world: World, place: Place, port: Place, country_code: str) -> tuple[Leg, ...] | None:
    """Return the way from a place to a port; None where there is none overland."""
    legs = land_legs(open_roads(world), place, port, country_code)
    return legs or (() if place.at == port.at else None)


def _cheapest(world: World, place: Place, ports: Sequence[Port], country: str) -> tuple[str, Place, Note] | None:
    """Return the port that is cheapest to reach overland, the nearest tried first; None where none is reached."""
    roads = open_roads(world)
    best: tuple[float, str, Port] | None = None
    for one in sorted(ports, key=lambda port: port.away_km):
        if best is not None and SURE * least_usd(roads, one.away_km) > best[0]:
            break
        legs = port_legs(world, place, one.place, country)
        if legs is not None and (best is None or (cost_usd(legs), one.port_id) < best[:2]):
            best = cost_usd(legs), one.port_id, one
    return None if best is None else (best[2].port_id, best[2].place, best[2].rule)


def nearest_across(world: World, place: Place) -> tuple[str, Place, Note]:
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


def _nearest(world: World, place: Place, class_: str) -> "pd.Series[str]":
    return _nearest_at(world, class_, place.at)


@kept("ports", "coast", "landmasses", "countries", "networks", "places", "parameters", "classes")
def _nearest_at(world: World, class_: str, at: tuple[float, float]) -> "pd.Series[str]":
    return nearest(world, *at, classes=[class_]).iloc[0]


def _nearest_port(world: World, place: Place) -> tuple[str, Place, Note]:
    row = _nearest(world, place, "port")
    port = Place(name=str(row["name"]), lon=float(row["lon"]), lat=float(row["lat"]))
    return str(row["feature_id"]), port, note(Code.PORT_NEAREST)


def island_legs(world: World, roads: Roads, place: Place, port: Place, *, load: bool = False) -> tuple[Leg, ...]:
    """Return the way from an island without a port: straight to its shore, then by sea."""
    row = _nearest(world, place, "coast")
    water = Place(name=Reason(Code.SHORE), lon=float(row["lon"]), lat=float(row["lat"]))
    land = straight_leg(roads, place, water, fjord=False, why=Code.TO_SHORE)
    return land, sea_leg(roads, water, port, ice=False, load=load)


def _fjord_legs(world: World, roads: Roads, place: Place, port: Place) -> tuple[Leg, ...]:
    row = _nearest(world, place, "coast")
    water = Place(name=Reason(Code.TIDEWATER), lon=float(row["lon"]), lat=float(row["lat"]))
    land = straight_leg(roads, place, water, fjord=True, why=Code.NEW_HAUL_ROAD)
    return land, sea_leg(roads, water, port, ice=True, load=False)
