"""What has to be built for a site, item by item, with quantities: the rules, for one site or for millions of points.

Lengths come from a `Lengths`: straight lines times the detour (`Straight`), or ways over relief and along roads
(`scoring.build.along`), which take seconds a site.
"""

import dataclasses
from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from oreway.arrays import Bools, Floats
from oreway.layers.vocabulary import Setting
from oreway.scoring.judge.values import Measured, Stated
from oreway.scoring.measure.classes import on_own_land
from oreway.scoring.measure.points import NIL_ABSENT, OUT, Found, Points
from oreway.scoring.reasons import Code
from oreway.scoring.world.criteria import ValueFunction
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import SETTINGS, Whereabouts
from oreway.scoring.world.world import World

Bounds = npt.NDArray[np.float64]  # shape (3, n) or (3, 1): low, base, high
POWER_MW = ("reference_power_low_mw", "reference_power_mw", "reference_power_high_mw")
DEEP = "deep_water_port"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Item:
    """One item of the bills of n subjects: how much of it (NaN where not known), for whom it is taken, and why.

    to: the class a length leads to, "" where the quantity is no length.
    rival: what would serve instead, in US$M (NaN where nothing would): whoever builds takes the cheaper, so that the
    item costs no more than it and may cost as little.
    """

    item_id: str
    quantity: Bounds
    taken: Bools
    why: Code | None = None
    to: str = ""
    rival: Bounds | None = None


class Lengths(Protocol):
    """Tells how long what has to be built is, and the way trucks take; shape (3, n), NaN where nothing is known."""

    def new(self, item_id: str, class_: str, by: ValueFunction) -> Bounds:
        """Return the length of a new road or line to the nearest of a class."""

    def trucks(self, by: ValueFunction) -> Bounds:
        """Return the way over existing roads to the port facts name, else to a deep one on the same landmass."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Billed:
    """Subjects of one setting whose bills are asked for."""

    world: World
    asked: Measured
    setting: str

    @property
    def costs(self) -> Mapping[str, Bounds]:
        """Return the unit costs by item, shape (3, 1)."""
        return unit_costs(self.world, self.world.methods.values_from(self.setting))

    def function(self, criterion_id: str) -> ValueFunction:
        """Return the value function whose d0, h and detour the bill takes."""
        return self.world.criteria[criterion_id].functions[self.world.methods.values_from(self.setting)][0]

    def absent(self, class_: str) -> Bools:
        """Tell where a country has no network of a class."""
        none: Bools = self.asked.found[class_].nil == NIL_ABSENT
        return none


@kept("unit_costs")
def unit_costs(world: World, setting: str) -> dict[str, Bounds]:
    """Return low, base and high cost of a unit by item, shape (3, 1)."""
    rows = world.methods.tables["unit_costs"].to_dict("records")
    return {
        str(row["item_id"]): np.array([[float(row[key])] for key in ("low", "base", "high")])
        for row in rows
        if row["setting"] == setting
    }


def land_items(billed: Billed, lengths: Lengths) -> list[Item]:
    """Return what has to be built on land: road, power, port, airstrip and camp, the cheaper of what serves."""
    roads = _road(billed, lengths)
    if billed.setting == Setting.ARCTIC:
        roads, port = _arctic_port(billed, lengths, roads)
    else:
        port = [_trucks(billed, lengths)]
    return [*roads, *_power(billed, lengths), *port, *_own(billed)]


def cost(billed: Billed, item: Item) -> Bounds:
    """Return what an item costs in US$M: quantity times unit cost, and no more than what would serve instead."""
    own = item.quantity * billed.costs[item.item_id]
    if item.rival is None:
        return own
    return np.stack([np.fmin(own[0], item.rival[0]), own[1], np.maximum(own[1], np.fmin(own[2], item.rival[2]))])


def _cheaper(billed: Billed, one: Item, other: Item) -> list[Item]:
    """Return two items, each taken where it costs less; one that is not known costs more than any."""
    costs = [item.quantity * billed.costs[item.item_id] for item in (one, other)]
    first = _finite(costs[0][1]) <= _finite(costs[1][1])
    both = one.taken & other.taken
    rivals = [np.where(both, rival, np.nan) for rival in reversed(costs)]
    return [
        dataclasses.replace(one, taken=both & first | one.taken & ~other.taken, rival=rivals[0]),
        dataclasses.replace(other, taken=both & ~first | other.taken & ~one.taken, rival=rivals[1]),
    ]


def _finite(cost: Floats) -> Floats:
    return np.where(np.isnan(cost), np.inf, cost)


def _road(billed: Billed, lengths: Lengths) -> list[Item]:
    """Price the road to the nearest road; where there is no network, and in the Arctic where nearer, to tidewater."""
    by, absent = billed.function("road"), billed.absent("road")
    road = Item(item_id="haul_road", quantity=lengths.new("haul_road", "road", by), taken=~absent, to="road")
    known = ~np.isnan(road.quantity[1])
    to_coast = absent | (known & (billed.setting == Setting.ARCTIC))
    if not to_coast.any():
        return [road]
    length = lengths.new("haul_road", "coast", by)
    why = Code.TO_TIDEWATER if absent.all() else Code.NEARER_TIDEWATER
    coast = Item(item_id="haul_road", quantity=length, taken=to_coast, why=why, to="coast")
    return _cheaper(billed, road, coast)


def _power(billed: Billed, lengths: Lengths) -> list[Item]:
    """Price the cheaper of a line to the nearest supply and a station of one's own.

    Where no supply is known one may still stand at the site: the station, or nothing.
    """
    absent, n = billed.absent("power"), billed.asked.count
    length = lengths.new("power_line", "power", billed.function("power"))
    known = ~np.isnan(length[1])
    line = Item(item_id="power_line", quantity=length, taken=~absent & known, to="power")
    megawatts = np.repeat([[billed.world.methods.parameters[key]] for key in POWER_MW], n, axis=1)
    megawatts[0] = np.where(absent | known, megawatts[0], 0.0)
    why = Code.OWN_STATION if absent.all() else Code.CHEAPER_STATION if known.any() else Code.STATION_UNLESS_SUPPLY
    own = Item(item_id="power_station", quantity=megawatts, taken=np.ones(n, bool), why=why)
    return _cheaper(billed, line, own)


def _arctic_port(billed: Billed, lengths: Lengths, roads: list[Item]) -> tuple[list[Item], list[Item]]:
    """Price the cheaper of a road to an existing berth of 10 m and a terminal of one's own with its road to the shore.

    Who has a road to a berth needs none to the shore.
    """
    n = billed.asked.count
    everyone = np.ones(n, bool)
    road = Item(
        item_id="haul_road", quantity=lengths.new("haul_road", DEEP, billed.function("road")), taken=everyone,
        why=Code.TO_BERTH, to=DEEP,
    )  # fmt: skip
    own = Item(item_id="terminal", quantity=np.ones((3, n)), taken=everyone, why=Code.OWN_TERMINAL)
    shore = [item for item in roads if item.to == "coast"]
    to_shore = [np.where(item.taken, item.quantity * billed.costs[item.item_id], 0.0) for item in shore]
    with_road = own.quantity * billed.costs[own.item_id] + np.sum([np.zeros((3, n)), *to_shore], axis=0)
    berth = _finite(road.quantity[1] * billed.costs[road.item_id][1]) <= _finite(with_road[1])
    left = [dataclasses.replace(item, taken=item.taken & ~berth) if item.to == "coast" else item for item in roads]
    port = [dataclasses.replace(road, taken=berth, rival=with_road), dataclasses.replace(own, taken=~berth)]
    return left, port


def _trucks(billed: Billed, lengths: Lengths) -> Item:
    product = billed.world.methods.parameters["product_mt_per_year"]
    quantity = lengths.trucks(billed.function("road")) * product
    everyone = np.ones(billed.asked.count, bool)
    return Item(item_id="haul_fleet", quantity=quantity, taken=everyone, why=Code.TO_PORT, to=DEEP)


def _own(billed: Billed) -> list[Item]:
    """Price airstrip and camp: none up to d0, the whole from d0 + h on; all of it may be needed where none is known.

    The beds of a camp that a fact says stands are not built again.
    """
    everyone, items = np.ones(billed.asked.count, bool), []
    beds = billed.world.methods.parameters["reference_beds"]
    for item_id, criterion_id, whole in (("airstrip", "airfield", 1.0), ("camp", "town", beds)):
        by = billed.function(criterion_id)
        found = billed.asked.found[by.class_]
        share = np.clip((straight(found, by) - by.d0) / by.h, 0.0, 1.0)
        known = found.nil == 0
        quantity = np.where(known, share, np.array([[0.0], [1.0], [1.0]])) * whole
        if item_id == "camp":
            quantity = np.maximum(quantity - billed.asked.stated.beds, 0.0)
        why = None if known.all() else Code.NONE_IN_REACH
        items.append(Item(item_id=item_id, quantity=quantity, taken=everyone, why=why))
    return items


def straight(found: Found, by: ValueFunction) -> Bounds:
    """Return straight distances times the detour, NaN where there is none."""
    bounds = [found.low_km * by.circuity_low, found.distance_km * by.circuity, found.high_km * by.circuity_high]
    return np.stack(bounds)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Straight:
    """Every length is the straight line times the detour."""

    billed: Billed

    def new(self, item_id: str, class_: str, by: ValueFunction) -> Bounds:
        """Return the length to the nearest of a class; a port counts where it stands on the same landmass."""
        del item_id
        return straight(self._reached() if class_ == DEEP else self.billed.asked.found[class_], by)

    def trucks(self, by: ValueFunction) -> Bounds:
        """Return the length to the port facts name, else to the nearest deep one on the same landmass."""
        stated = self.billed.asked.stated
        named = np.stack([
            km * circuity
            for km, circuity in zip(stated.port_km, (by.circuity_low, by.circuity, by.circuity_high), strict=True)
        ])  # fmt: skip
        return np.where(stated.port != OUT, named, straight(self._reached(), by))

    def _reached(self) -> Found:
        asked = self.billed.asked
        return on_own_land(self.billed.world, asked.points, asked.where, asked.found[DEEP], DEEP)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bills:
    """Totals in US$M; NaN at sea, and where the road or the port to truck to is not known."""

    low: Floats
    base: Floats
    high: Floats


def bill_points(world: World, points: Points, where: Whereabouts, found: Mapping[str, Found]) -> Bills:
    """Return the bills of measured points on land, as of sites without facts, every length straight."""
    totals = np.full((3, len(where.setting)), np.nan)
    every = Measured(points=points, where=where, found=found, stated=Stated.nothing(len(where.setting)))
    for code in np.unique(where.setting):
        setting = SETTINGS[code]
        if world.methods.values_from(setting) != Setting.SEABED:
            rows = np.nonzero(where.setting == code)[0]
            billed = Billed(world=world, asked=every.take(rows), setting=setting)
            totals[:, rows] = total(billed, land_items(billed, Straight(billed=billed)))
    return Bills(low=totals[0], base=totals[1], high=totals[2])


def total(billed: Billed, items: list[Item]) -> Bounds:
    """Return the sums of items in US$M, shape (3, n); NaN where one that is taken is not known."""
    parts = [np.where(item.taken, cost(billed, item), 0.0) for item in items]
    found: Bounds = np.sum(parts, axis=0)
    return found
