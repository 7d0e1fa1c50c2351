"""The cheapest way from a site to a plant: overland, or by whichever pair of ports makes it so."""

import dataclasses
import heapq
from collections.abc import Sequence

import numpy as np

from oreway.geo.geodesy import distance_km
from oreway.layers.vocabulary import Setting
from oreway.scoring.reasons import NOTHING, Code, note
from oreway.scoring.routes.legs import SURE, cost_usd, land_legs, least_usd, no_leg, sea_leg, turned, worth
from oreway.scoring.routes.ports import Port, Start, island_legs, landmass_of, nearest_across, port_legs, ports_of
from oreway.scoring.routes.roads import Leg, Place, Roads
from oreway.scoring.world.world import World

STRAIGHT, OVERLAND, WHOLE = range(3)  # what is known of a way: straight lines, its legs overland, all of it


def cheapest_way(world: World, start: Start, end: Place, country_code: str, roads: Roads) -> tuple[Leg, ...]:
    """Return the cheapest way from a site to a plant: overland, or by whichever ports make it so.

    Every port of either end is tried with every other, but for those that cannot cost less than the best found. What
    is lifted off an island without a port and made there goes straight ashore.
    """
    landmass = landmass_of(world, end)
    over: tuple[Leg, ...] = ()
    if landmass and landmass == start.landmass and start.setting != Setting.SEABED:
        over = land_legs(roads, start.site, end, country_code)
    own = start.ports or (Port(start.port_id, start.port, 0.0, start.rule),)
    ashore = ports_of(world, end, landmass)
    if not ashore and start.setting == Setting.SEABED and country_code == start.country_code:
        return worth(
            roads, tuple(turned(leg) for leg in reversed(island_legs(world, roads, end, start.site, load=True)))
        )
    there = ashore or (Port(*nearest_across(world, end)[:2], 0.0, NOTHING),)
    trip = _Trip(world=world, roads=roads, start=start, end=end, country_code=country_code, alone=len(there) == 1)
    waiting = [(bound, row, STRAIGHT, pair) for row, (bound, pair) in enumerate(_pairs(roads, own, there))]
    heapq.heapify(waiting)
    least = cost_usd(over) if over else None
    while waiting and (least is None or waiting[0][0] < least):
        _, row, known, pair = heapq.heappop(waiting)
        if known == WHOLE:
            first, sea, last = trip.legs(pair)
            return worth(roads, (*first, *sea, *(turned(leg) for leg in reversed(last))))
        cost = trip.over_land(pair) if known == STRAIGHT else trip.whole(pair)
        if cost is not None:
            heapq.heappush(waiting, (cost, row, known + 1, pair))
    return over or (no_leg(start.site, end, note(Code.NO_PORT_ON_ISLAND), (start.site.at, end.at)),)


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
        return port_legs(self.world, self.start.site, port.place, self.start.country_code)

    def _from_port(self, port: Port) -> tuple[Leg, ...] | None:
        found = port_legs(self.world, self.end, port.place, self.country_code)
        return island_legs(self.world, self.roads, self.end, port.place) if found is None and self.alone else found

    def over_land(self, pair: _Pair) -> float | None:
        """Return the least a way costs whose legs overland are known; None where there are none."""
        first, last = self._first(pair.one), self._last(pair.other)
        if first is None or last is None:
            return None
        return SURE * (cost_usd(worth(self.roads, (*first, *reversed(last)))) + pair.sea_usd)

    def legs(self, pair: _Pair) -> tuple[tuple[Leg, ...], tuple[Leg, ...], tuple[Leg, ...]]:
        """Return the legs to the port, by sea, and from the plant to its port."""
        first, last = self._first(pair.one), self._last(pair.other)
        by_sea = pair.one.port_id != pair.other.port_id
        sea = (sea_leg(self.roads, pair.one.place, pair.other.place, ice=self.start.ice),) if by_sea else ()
        return first or (), sea, last or ()

    def whole(self, pair: _Pair) -> float:
        """Return what a way costs."""
        first, sea, last = self.legs(pair)
        return cost_usd(worth(self.roads, (*first, *sea, *reversed(last))))


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
