"""Closed sea passages in the balance: which ways of the chain they cut, and what they add to those that are left."""

import dataclasses
from collections.abc import Sequence

from oreway.scoring.balance.answer import Balance, Way
from oreway.scoring.balance.network import Arc, Network, Node
from oreway.scoring.balance.tables import OUTSIDE
from oreway.scoring.measure.measure import chosen_sites
from oreway.scoring.routes.legs import sea_leg
from oreway.scoring.routes.ports import Start, plant_place, plant_start, site_start
from oreway.scoring.routes.roads import Leg, Roads
from oreway.scoring.routes.trips import cheapest_way
from oreway.scoring.world.world import World


@dataclasses.dataclass(frozen=True, kw_only=True)
class Longer:
    """One way as announced in one year, and what the closures add to it; None where they leave no way at all."""

    year: int
    start: Node
    end: Node
    tonnes: float
    km_before: float
    extra_km: float | None
    extra_days: float | None
    extra_usd_per_t: float | None


def cut(world: World, net: Network, closed: Sequence[str]) -> Network:
    """Return the network without the arcs to which closed passages leave no way; doubt keeps an arc.

    A mine outside the catalogue has no position on record: its arcs stay.

    Raises:
        ScoringError: a passage is not known.
    """
    ways = _Ways(world, closed)
    return dataclasses.replace(net, arcs=tuple(arc for arc in net.arcs if not ways.severed(net, arc)))


def longer(world: World, found: Balance, closed: Sequence[str]) -> tuple[Longer, ...]:
    """Return what closures add to each way as announced, the ways that are lost first, then by tonnes and kilometres.

    Args:
        world: the opened world.
        found: the balance with every passage as usual.
        closed: the passages.
    """
    usual, shut = _Ways(world, ()), _Ways(world, closed)
    rows = [row for year, ways in found.ways.items() for way in ways if (row := _longer(usual, shut, year, way))]
    return tuple(
        sorted(rows, key=lambda row: (row.year, row.extra_km is not None, -row.tonnes * (row.extra_km or 0.0)))
    )


class _Ways:
    """The ways between mines and plants under some closures; each start is looked up once."""

    def __init__(self, world: World, closed: Sequence[str]) -> None:
        self._world, self._roads = world, Roads(world, tuple(sorted(set(closed))))
        self._starts: dict[str, Start] = {}

    def severed(self, net: Network, arc: Arc) -> bool:
        """Tell whether the sea between the usual ports is closed and no other port helps."""
        start, end = net.nodes[arc.start], net.nodes[arc.end]
        if not _travels(start, end):
            return False
        own, there = self._start(start), self._start(end)
        if own.landmass and own.landmass == there.landmass:
            return False
        leg = sea_leg(self._roads, own.port, there.port, ice=own.ice)
        return leg.distance_km is None and self.path(start, end) is None

    def path(self, start: Node, end: Node) -> tuple[Leg, ...] | None:
        """Return the cheapest way between two nodes; None where there is none."""
        place = plant_place(self._world, end.node_id)
        found = cheapest_way(self._world, self._start(start), place, end.country_code, self._roads)
        return None if any(leg.distance_km is None for leg in found) else found

    def _start(self, node: Node) -> Start:
        if node.node_id not in self._starts:
            self._starts[node.node_id] = (
                site_start(self._world, chosen_sites(self._world, [node.node_id]).iloc[0], self._roads)
                if node.mine else plant_start(self._world, node.node_id, self._roads)
            )  # fmt: skip
        return self._starts[node.node_id]


def _longer(usual: _Ways, shut: _Ways, year: int, way: Way) -> Longer | None:
    if not _travels(way.start, way.end):
        return None
    before, after = (ways.path(way.start, way.end) for ways in (usual, shut))
    if before is None or after == before:
        return None
    km, days, cost = _sums(before)
    more: tuple[float | None, ...] = (None, None, None)
    if after is not None:
        more = tuple(now - then for now, then in zip(_sums(after), (km, days, cost), strict=True))
    return Longer(
        year=year, start=way.start, end=way.end, tonnes=way.tonnes, km_before=km,
        extra_km=more[0], extra_days=more[1], extra_usd_per_t=more[2],
    )  # fmt: skip


def _travels(start: Node, end: Node) -> bool:
    """Tell whether anything travels, between positions on record."""
    return start.node_id != end.node_id and not any(one.node_id.startswith(OUTSIDE) for one in (start, end))


def _sums(path: Sequence[Leg]) -> tuple[float, float, float]:
    return (
        sum(leg.distance_km or 0.0 for leg in path), sum(leg.days or 0.0 for leg in path),
        sum(leg.usd_per_t or 0.0 for leg in path),
    )  # fmt: skip
