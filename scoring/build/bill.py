"""The build-from-zero bill: what has to be built before a first tonne leaves, in US$M with bounds and P10, P50, P90.

No Arctic premium is put on top: some 70 % of the published premium is the access billed here item by item.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from oreway.later import later
from oreway.layers.vocabulary import Setting
from oreway.scoring.build.along import Along
from oreway.scoring.build.items import Billed, Item, cost, land_items
from oreway.scoring.build.remarks import makes_much, remarks
from oreway.scoring.build.ways import Way
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import SCORED_KINDS
from oreway.scoring.judge.subject import MUD, Subject, logical_port, number_range, subjects
from oreway.scoring.judge.values import from_subjects
from oreway.scoring.measure.measure import measure
from oreway.scoring.rank.draws import triangular
from oreway.scoring.reasons import NOTHING, Code, Note, joined, note
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World

with later(__name__):
    from scipy.special import ndtr

__all__ = ["Bill", "Way", "bill", "bills", "simulate"]

Range = tuple[float, float, float]
DAYS = 365.0
RAIL_FROM_T = 0.5e6  # what trucks carry a year without a railway, as the sentence of NO_RAILWAY_NEEDED says
COLUMNS = (
    "item_id", "title", "quantity_low", "quantity", "quantity_high", "unit", "unit_cost_low", "unit_cost",
    "unit_cost_high", "cost_low_usd_m", "cost_usd_m", "cost_high_usd_m", "currency", "year", "tag", "source", "note",
    "method",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bill:
    """The access bill of one site.

    items: one row an item, columns COLUMNS; the cost columns add up to low, base and high. method says what a length
    rests on: least_cost, network or straight, "" where the quantity is no length.
    ways: the way each length was found along, in the order of the items.
    p10, p50, p90, mean: of the sum with correlated items and the overrun of as-built over estimated cost.
    left_out: what is not priced and why.
    remarks: where it differs from what the site itself prints.
    """

    site_id: str
    items: pd.DataFrame
    low: float
    base: float
    high: float
    mean: float
    p10: float
    p50: float
    p90: float
    left_out: tuple[Note, ...]
    draws: int
    seed: int
    ways: tuple[Way, ...] = ()
    remarks: tuple[Note, ...] = ()

    @property
    def totals(self) -> dict[str, float]:
        """Return the totals in US$M by name."""
        return {name: getattr(self, name) for name in ("low", "base", "high", "mean", "p10", "p50", "p90")}


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Line:
    item_id: str
    quantity: Range
    note: Note = NOTHING
    way: Way | None = None
    cost: Range | None = None  # where it is not quantity times unit cost


def bill(world: World, site_id: str, *, seed: int = 0, dem: str = "") -> Bill:
    """Return the access bill of a deposit, zone or stockpile.

    Args:
        world: the opened world.
        site_id: the site.
        seed: seed of the draws.
        dem: file or http(s) address of a raster of heights in EPSG:4326, metres, for new roads and lines; "" for the
            relief that is shipped.

    Raises:
        ScoringError: no such site, or one of a kind that is not scored.
        GeoError: the dem cannot be read.
    """
    found = bills(world, [site_id], seed=seed, dem=dem)
    if not found:
        kind = world.sites["kind"][site_id]
        raise ScoringError(ScoringSaying.NO_BILL(repr(site_id), kind))
    return found[site_id]


def bills(
    world: World,
    site_ids: Sequence[str] | None = None,
    *,
    seed: int = 0,
    measurements: pd.DataFrame | None = None,
    dem: str = "",
) -> dict[str, Bill]:
    """Return the access bills of several sites (all for None) by site_id; kinds that are not scored are left out.

    measurements, where they are at hand, are those of `measure` for these sites, so that nothing is measured twice.

    Raises:
        ScoringError: a site is not known.
    """
    rows = measure(world, site_ids) if measurements is None else measurements
    return {subject.site_id: _bill(world, subject, seed, dem) for subject in subjects(world, rows, SCORED_KINDS)}


def _bill(world: World, subject: Subject, seed: int, dem: str) -> Bill:
    setting = world.methods.values_from(subject.setting)
    if setting == Setting.SEABED:
        lines, left_out = _seabed_lines(world, subject)
    else:
        lines, left_out = _land_lines(world, subject, dem)
    items = _items(world, setting, lines)
    draws = int(world.methods.parameters["bill_draws"])
    totals = simulate(world.methods.parameters, items, draws=draws, seed=seed)
    p10, p50, p90 = (float(p) for p in np.percentile(totals, (10, 50, 90)))
    base, ways = math.fsum(items["cost_usd_m"]), tuple(line.way for line in lines if line.way is not None)
    told = remarks(subject, items, ways, {"base": base, "p10": p10, "p50": p50})
    return Bill(
        site_id=subject.site_id, items=items, low=math.fsum(items["cost_low_usd_m"]), base=base,
        high=math.fsum(items["cost_high_usd_m"]), mean=float(totals.mean()), p10=p10, p50=p50, p90=p90,
        left_out=tuple(left_out), draws=draws, seed=seed, ways=ways, remarks=tuple(told),
    )  # fmt: skip


def simulate(parameters: Mapping[str, float], items: pd.DataFrame, *, draws: int, seed: int) -> npt.NDArray[np.float64]:
    """Return draws of the total: triangular item costs joined by one common factor, times the overrun.

    The overrun is the shifted lognormal s + exp(N(mu, sigma)) of as-built over estimated cost.
    """
    random = np.random.default_rng(seed)
    rho = parameters["cost_correlation"]
    common = random.standard_normal(draws)
    total = np.zeros(draws)
    for low, base, high in items[["cost_low_usd_m", "cost_usd_m", "cost_high_usd_m"]].itertuples(index=False):
        normal = math.sqrt(rho) * common + math.sqrt(1 - rho) * random.standard_normal(draws)
        total += triangular(ndtr(normal), low, base, high)
    drawn = random.normal(parameters["overrun_mu"], parameters["overrun_sigma"], draws)
    found: npt.NDArray[np.float64] = total * (parameters["overrun_shift"] + np.exp(drawn))
    return found


def _items(world: World, setting: str, lines: Iterable[_Line]) -> pd.DataFrame:
    units = _units(world, setting)
    return pd.DataFrame([_item(units[line.item_id], line) for line in lines], columns=list(COLUMNS))


@kept("unit_costs")
def _units(world: World, setting: str) -> Mapping[str, Mapping[str, str]]:
    """Return the rows of a setting in data/methods/unit_costs.csv by item."""
    table = world.methods.tables["unit_costs"]
    rows = table[table["setting"] == setting].to_dict("records")
    return {str(row["item_id"]): {str(k): str(v) for k, v in row.items()} for row in rows}


def _item(unit: Mapping[str, str], line: _Line) -> dict[str, object]:
    costs = [float(unit[key]) for key in ("low", "base", "high")]
    products = line.cost or [quantity * cost for quantity, cost in zip(line.quantity, costs, strict=True)]
    return {
        "item_id": line.item_id, "note": line.note, "year": int(unit["year"]),
        "method": line.way.method if line.way is not None else "",
        **{key: unit[key] for key in ("title", "unit", "currency", "tag", "source")},
        **dict(zip(("quantity_low", "quantity", "quantity_high"), line.quantity, strict=True)),
        **dict(zip(("unit_cost_low", "unit_cost", "unit_cost_high"), costs, strict=True)),
        **dict(zip(("cost_low_usd_m", "cost_usd_m", "cost_high_usd_m"), products, strict=True)),
    }  # fmt: skip


def _land_lines(world: World, subject: Subject, dem: str) -> tuple[list[_Line], list[Note]]:
    """Return the lines of `items.land_items`, lengths along ways, and what is not priced."""
    billed = Billed(world=world, asked=from_subjects([subject], world), setting=subject.setting)
    lengths = Along(billed=billed, subject=subject, dem=dem, ways={})
    lines: list[_Line] = []
    left_out: list[Note] = []
    for item in land_items(billed, lengths):
        if not item.taken[0]:
            continue
        way = lengths.ways.get((item.item_id, item.to))
        if np.isnan(item.quantity[1, 0]):
            left_out.append(_left_out(subject, item))
        else:
            lines.append(_line(billed, item, way))
    much = makes_much(subject, RAIL_FROM_T)
    rail = note(Code.NO_RAILWAY_NEEDED) if much is None else note(Code.RAILWAY_NOT_PRICED, much / 1e6)
    return lines, [*left_out, note(Code.NO_WATER_SOURCE), rail, note(Code.RUNNING_ON_LAND)]


def _line(billed: Billed, item: Item, way: Way | None) -> _Line:
    low, base, high = (float(amount) for amount in item.quantity[:, 0])
    paid, whole = cost(billed, item)[:, 0], (item.quantity * billed.costs[item.item_id])[:, 0]
    told = _note(item, way)
    if np.allclose(paid, whole):
        return _Line(item_id=item.item_id, quantity=(low, base, high), note=told, way=way)
    least, likely, most = (float(one) for one in paid)
    told = joined([told, note(Code.OR_INSTEAD)])
    return _Line(item_id=item.item_id, quantity=(low, base, high), note=told, way=way, cost=(least, likely, most))


def _left_out(subject: Subject, item: Item) -> Note:
    if item.why == Code.TO_PORT:
        return note(Code.NO_DEEP_PORT)
    known = subject.rows[item.to]["note"]
    return note(Code.NOT_PRICED, item.to, known if isinstance(known, Note) and known else note(Code.NOT_KNOWN))


def _note(item: Item, way: Way | None) -> Note:
    """Return why an item is taken."""
    if item.why is None:
        return NOTHING
    if item.why in {Code.TO_BERTH, Code.TO_PORT}:
        return note(item.why, way.target if way is not None else "")
    return note(item.why)


def _seabed_lines(world: World, subject: Subject) -> tuple[list[_Line], list[Note]]:
    parameters = world.methods.parameters
    lines = [_Line(item_id="production_vessel", quantity=(1.0, 1.0, 1.0))]
    left_out = [note(Code.LEACHING), note(Code.RUNNING_AT_SEA)]
    depth = subject.depth_range()
    if depth is not None:
        low, middle, high = depth
        lines.append(_Line(item_id="lift_system", quantity=(low / 1000, middle / 1000, high / 1000)))
    else:
        left_out.append(note(Code.NO_DEPTH))
    port, tonnes = logical_port(world, subject), _lifted(parameters, subject)
    if tonnes is None:
        left_out.append(note(Code.NO_LIFT_RATE))
    elif port is not None:
        function = world.criteria["mainland_port"].functions[Setting.SEABED.value][0]
        detours = function.circuity_low, function.circuity, function.circuity_high
        kilometres = zip(port.distances(subject), detours, strict=True)
        low, base, high = (_ships(parameters, km * detour, tonnes) for km, detour in kilometres)
        lines.append(_Line(item_id="shuttle_carrier", quantity=(low, base, high), note=note(Code.TO_PORT, port.name)))
    else:
        left_out.append(note(Code.NO_SHUTTLE_PORT))
    lines.append(_Line(item_id="forward_base", quantity=(1.0, 1.0, 1.0)))
    return lines, left_out


def _lifted(parameters: Mapping[str, float], subject: Subject) -> float | None:
    """Return the tonnes lifted a day: the mud's, or a full plan of the site's own; None for others without one."""
    if MUD in str(subject.site.get("host_minerals")):
        return parameters["seabed_t_per_day"]
    for fact in subject.fact_rows("planned_output"):
        found = number_range(fact)
        if fact["unit"] == "Mt/y" and found is not None:
            return found[1] * 1e6 / DAYS
    return None


def _ships(parameters: Mapping[str, float], km: float, tonnes: float) -> float:
    """Return how many shuttles carry the daily tonnage over this distance, fractions standing for charter."""
    days = 2 * km / parameters["shuttle_km_per_day"] + parameters["shuttle_port_days"]
    return tonnes * days / parameters["shuttle_t"]
