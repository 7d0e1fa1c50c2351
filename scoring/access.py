"""The build-from-zero bill: what has to be built before a first tonne leaves, in US$M with bounds and P10, P50, P90.

No Arctic premium is put on top: some 70 % of the published premium is the access billed here item by item.
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

from layers.vocabulary import Setting
from scoring.acceptability import triangular
from scoring.assess import subjects
from scoring.classes import ABSENT
from scoring.criteria import Methods, ValueFunction
from scoring.errors import ScoringError
from scoring.measure import measure
from scoring.values import Subject, logical_port, port_row
from scoring.world import World

Range = tuple[float, float, float]
COLUMNS = (
    "item_id", "title", "quantity_low", "quantity", "quantity_high", "unit", "unit_cost_low", "unit_cost",
    "unit_cost_high", "cost_low_usd_m", "cost_usd_m", "cost_high_usd_m", "currency", "year", "tag", "source", "note",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bill:
    """The access bill of one site.

    items: one row an item, columns COLUMNS; the cost columns add up to low, base and high.
    p10, p50, p90, mean: of the sum with correlated items and the overrun of as-built over estimated cost.
    left_out: what is not priced and why.
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
    left_out: tuple[str, ...]
    draws: int
    seed: int

    @property
    def totals(self) -> dict[str, float]:
        """Return the totals in US$M by name."""
        return {name: getattr(self, name) for name in ("low", "base", "high", "mean", "p10", "p50", "p90")}


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Line:
    item_id: str
    quantity: Range
    note: str = ""


def bill(world: World, site_id: str, *, seed: int = 0) -> Bill:
    """Return the access bill of a deposit, zone or stockpile.

    Raises:
        ScoringError: no such site, or one of a kind that is not scored.
    """
    found = bills(world, [site_id], seed=seed)
    if not found:
        kind = world.sites["kind"][site_id]
        raise ScoringError(f"site {site_id!r}: a {kind} has no access bill; choose a deposit, a zone or a stockpile")
    return found[site_id]


def bills(
    world: World,
    site_ids: Sequence[str] | None = None,
    *,
    seed: int = 0,
    measurements: pd.DataFrame | None = None,
) -> dict[str, Bill]:
    """Return the access bills of several sites (all for None) by site_id; kinds that are not scored are left out.

    measurements, where they are at hand, are those of `measure` for these sites, so that nothing is measured twice.

    Raises:
        ScoringError: a site is not known.
    """
    rows = measure(world, site_ids) if measurements is None else measurements
    return {subject.site_id: _bill(world, subject, seed) for subject in subjects(world, rows)}


def _bill(world: World, subject: Subject, seed: int) -> Bill:
    setting = world.methods.values_from(subject.setting)
    if setting == Setting.SEABED:
        lines, left_out = _seabed_lines(world, subject)
    else:
        lines, left_out = _land_lines(world, setting, subject)
    items = _items(world.methods, setting, lines)
    draws = int(world.methods.parameters["bill_draws"])
    totals = simulate(world.methods.parameters, items, draws=draws, seed=seed)
    p10, p50, p90 = (float(p) for p in np.percentile(totals, (10, 50, 90)))
    return Bill(
        site_id=subject.site_id, items=items, low=math.fsum(items["cost_low_usd_m"]),
        base=math.fsum(items["cost_usd_m"]), high=math.fsum(items["cost_high_usd_m"]),
        mean=float(totals.mean()), p10=p10, p50=p50, p90=p90, left_out=tuple(left_out), draws=draws, seed=seed,
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


def _items(methods: Methods, setting: str, lines: Iterable[_Line]) -> pd.DataFrame:
    table = methods.tables["unit_costs"]
    table = table[table["setting"] == setting]
    units = {str(row["item_id"]): {str(k): str(v) for k, v in row.items()} for row in table.to_dict("records")}
    return pd.DataFrame([_item(units[line.item_id], line) for line in lines], columns=list(COLUMNS))


def _item(unit: Mapping[str, str], line: _Line) -> dict[str, object]:
    costs = [float(unit[key]) for key in ("low", "base", "high")]
    products = [quantity * cost for quantity, cost in zip(line.quantity, costs, strict=True)]
    return {
        "item_id": line.item_id, "note": line.note, "year": int(unit["year"]),
        **{key: unit[key] for key in ("title", "unit", "currency", "tag", "source")},
        **dict(zip(("quantity_low", "quantity", "quantity_high"), line.quantity, strict=True)),
        **dict(zip(("unit_cost_low", "unit_cost", "unit_cost_high"), costs, strict=True)),
        **dict(zip(("cost_low_usd_m", "cost_usd_m", "cost_high_usd_m"), products, strict=True)),
    }  # fmt: skip


def _function(methods: Methods, criterion_id: str, setting: str) -> ValueFunction:
    return methods.criteria[criterion_id].functions[setting][0]


def _known(subject: Subject, class_: str) -> bool:
    return class_ in subject.rows and subject.rows[class_]["nil"] == ""


def _distances(subject: Subject, class_: str) -> Range:
    row = subject.rows[class_]
    low, base, high = (float(str(row[key])) for key in ("low_km", "distance_km", "high_km"))
    return low, base, high


def _link(function: ValueFunction, distances: Range) -> Range:
    """Return the length to build for a straight-line distance: times the detour factor."""
    low, base, high = distances
    return low * function.circuity_low, base * function.circuity, high * function.circuity_high


def _share(function: ValueFunction, distances: Range, whole: float) -> Range:
    """Return how much of a facility of one's own is needed: none up to d0, all of it from d0 + h on, linear between."""
    low, base, high = (min(1.0, max(0.0, km - function.d0) / function.h) for km in _link(function, distances))
    return low * whole, base * whole, high * whole


def _land_lines(world: World, setting: str, subject: Subject) -> tuple[list[_Line], list[str]]:
    methods, parameters = world.methods, world.methods.parameters
    lines, left_out = _network_lines(methods, setting, subject)
    if setting == Setting.ARCTIC:
        lines.append(_arctic_port_line(methods, subject))
    else:
        haul = _haul_line(world, subject)
        lines += [haul] if haul is not None else []
        left_out += [] if haul is not None else ["trucks: no port of 10 m that can be reached by land is known"]
    for item_id, criterion_id, whole in (
        ("airstrip", "airfield", 1.0),
        ("camp", "town", parameters["reference_beds"]),
    ):
        function = _function(methods, criterion_id, setting)
        if _known(subject, function.class_):
            lines.append(_Line(item_id=item_id, quantity=_share(function, _distances(subject, function.class_), whole)))
        else:
            lines.append(_Line(item_id=item_id, quantity=(0.0, whole, whole), note="none in reach is known"))
    left_out.append("water pipe: the nearest licensed source is not known")
    left_out.append("railway: not needed below 0.5 Mt of product a year")
    left_out.append("running costs: fuel, freight, upkeep and flights")
    return lines, left_out


def _network_lines(methods: Methods, setting: str, subject: Subject) -> tuple[list[_Line], list[str]]:
    """Price road and power: a link to a known network, a stand-in where there is none, nothing where it is unknown."""
    lines, left_out = [], []
    road, power = _function(methods, "road", setting), _function(methods, "power", setting)
    if _known(subject, "road"):
        lines.append(_Line(item_id="haul_road", quantity=_link(road, _distances(subject, "road"))))
    elif subject.rows["road"]["nil"] == ABSENT and _known(subject, "coast"):
        quantity = _link(road, _distances(subject, "coast"))
        lines.append(_Line(item_id="haul_road", quantity=quantity, note="no road network: to tidewater"))
    else:
        left_out.append(f"road: {subject.rows['road']['note'] or 'not known'}")
    if _known(subject, "power"):
        lines.append(_Line(item_id="power_line", quantity=_link(power, _distances(subject, "power"))))
    elif subject.rows["power"]["nil"] == ABSENT:
        keys = ("reference_power_low_mw", "reference_power_mw", "reference_power_high_mw")
        low, base, high = (methods.parameters[key] for key in keys)
        lines.append(_Line(item_id="power_station", quantity=(low, base, high), note="no grid: a station of one's own"))
    else:
        left_out.append(f"power: {subject.rows['power']['note'] or 'not known'}")
    return lines, left_out


def _arctic_port_line(methods: Methods, subject: Subject) -> _Line:
    """Price the cheaper of a terminal of one's own and a road to an existing berth of 10 m."""
    table = methods.tables["unit_costs"]
    base = table[table["setting"] == Setting.ARCTIC].set_index("item_id")["base"].astype(float)
    row = port_row(subject, "deep_water_port")
    if row is not None:
        road = _link(_function(methods, "road", Setting.ARCTIC), _distances(subject, "deep_water_port"))
        if road[1] * base["haul_road"] < base["terminal"]:
            return _Line(
                item_id="haul_road", quantity=road, note=f"to the berth of {row['name']}: less than a terminal"
            )
    return _Line(item_id="terminal", quantity=(1.0, 1.0, 1.0), note="a road to the next berth of 10 m would cost more")


def _haul_line(world: World, subject: Subject) -> _Line | None:
    """Price trucks on existing roads to the port the facts name, else to the nearest of 10 m on this landmass."""
    named, row = logical_port(world, subject), port_row(subject, "deep_water_port")
    if named is not None:
        name, distances = named.name, named.distances(subject)
    elif row is not None:
        name, distances = str(row["name"]), _distances(subject, "deep_water_port")
    else:
        return None
    product = world.methods.parameters["product_mt_per_year"]
    road = world.criteria["road"].functions[world.methods.values_from(subject.setting)][0]
    low, base, high = (km * product for km in _link(road, distances))
    return _Line(item_id="haul_fleet", quantity=(low, base, high), note=f"to {name}")


def _seabed_lines(world: World, subject: Subject) -> tuple[list[_Line], list[str]]:
    parameters = world.methods.parameters
    lines = [_Line(item_id="production_vessel", quantity=(1.0, 1.0, 1.0))]
    left_out = ["leaching and separation on land", "running costs: vessel days, fuel, freight, weather waiting"]
    depth = subject.depth_range()
    if depth is not None:
        low, middle, high = depth
        lines.append(_Line(item_id="lift_system", quantity=(low / 1000, middle / 1000, high / 1000)))
    else:
        left_out.append("riser, pumps and seafloor tools: the water depth is not known")
    port = logical_port(world, subject)
    if port is not None:
        function = world.criteria["mainland_port"].functions[Setting.SEABED.value][0]
        low, base, high = (_ships(parameters, km) for km in _link(function, port.distances(subject)))
        lines.append(_Line(item_id="shuttle_carrier", quantity=(low, base, high), note=f"to {port.name}"))
    else:
        left_out.append("shuttle carriers: the port that would be used is not known")
    lines.append(_Line(item_id="forward_base", quantity=(1.0, 1.0, 1.0)))
    return lines, left_out


def _ships(parameters: Mapping[str, float], km: float) -> float:
    """Return how many shuttles carry the daily tonnage over this distance, fractions standing for charter."""
    days = 2 * km / parameters["shuttle_km_per_day"] + parameters["shuttle_port_days"]
    return parameters["seabed_t_per_day"] * days / parameters["shuttle_t"]
