"""The ways there are, by road, rail and sea: junction networks, shipping lanes with passages closed, freight prices."""

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from oreway.arrays import Floats
from oreway.geo.errors import NoRouteError
from oreway.geo.geodesy import distance_km
from oreway.geo.network import Route
from oreway.geo.sea import SeaRoute
from oreway.layers.read import read_table
from oreway.said import listed
from oreway.scoring.errors import ScoringError
from oreway.scoring.reasons import Name, Note
from oreway.scoring.routes.climb import climb_m_per_km, world_relief
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.kept import kept
from oreway.scoring.world.networks import rail_network, road_network, sea_lanes
from oreway.scoring.world.place import landmass_positions
from oreway.scoring.world.world import World

USUALLY_CLOSED = ("northern_sea_route", "northwest")
WET_KM = 3.0  # of a straight leg at most: a river, a creek of the coast
STEP_KM = 2.0  # between the places of a straight leg that are looked at


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


class Roads:
    """The ways there are: junction networks, shipping lanes with passages closed, and the price of each mode."""

    def __init__(self, world: World, closed: Sequence[str]) -> None:
        self.road, self.rail, self.lanes = road_network(world), rail_network(world), sea_lanes(world)
        opened = {word.removeprefix("open:") for word in closed if word.startswith("open:")}
        wanted = {word for word in closed if not word.startswith("open:")}
        unknown = sorted((wanted | opened) - set(self.lanes.passages))
        if unknown:
            raise ScoringError(ScoringSaying.NO_PASSAGE(repr(unknown[0]), listed(self.lanes.passages)))
        self.asked = tuple(closed)
        self.shut = tuple(sorted(wanted | (set(USUALLY_CLOSED) & set(self.lanes.passages)) - opened))
        self._world = world
        self.price = freight(world)

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
            raise NoRouteError(ScoringSaying.NOT_JOINED(mode, start.name, end.name))
        return found

    def remembered(self, asked: tuple[object, ...], make: Callable[[], Leg]) -> Leg:
        """Return a leg made once for all that ask the same of this world."""
        return self._world.memory.get((Roads, self.shut, *asked), make)

    def is_dry(self, start: Place, end: Place) -> bool:
        """Tell whether the straight line between two places crosses no water worth the name."""
        lon, lat = np.array([end.lon]), np.array([end.lat])
        return bool(_dry(self._world, lon, lat, start.at)[0])

    def length_factor(self, mode: str, way: Route) -> tuple[float, float, float]:
        """Return low, base and high of a true kilometre over one of the network: more where a road climbs much."""
        limits = self._world.methods.parameters
        if mode == "road":
            climb = climb_m_per_km(world_relief(), way.lon, way.lat, limits["climb_step_km"])
            if climb > limits["mountain_climb_m_per_km"]:
                return self.price[mode, "length_factor_mountains"]
        return self.price[mode, "length_factor"]

    def base(self, mode: str, parameter: str) -> float:
        """Return the base figure of data/methods/freight.csv."""
        return self.price[mode, parameter][1]


@kept("road_network", "rail_network", "sea_lanes", "landmasses", "coast", "parameters")
def open_roads(world: World) -> Roads:
    """Return the ways there are with what is usually open, made once."""
    return Roads(world, ())


@kept("road_network", "rail_network", "landmasses", "parameters")
def _over(world: World, mode: str, start: tuple[float, float], end: tuple[float, float]) -> Route | None:
    """Return the way over a network between places; None where there is none. Straight legs cross no water."""
    network = road_network(world) if mode == "road" else rail_network(world)
    price = freight(world)
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
def freight(world: World) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return data/methods/freight.csv: low, base and high by mode and parameter."""
    del world
    return {
        (str(row["mode"]), str(row["parameter"])): (float(row["low"]), float(row["base"]), float(row["high"]))
        for row in read_table("freight").to_dict("records")
    }
