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

from oreway.layers.vocabulary import Setting
from oreway.scoring.build.ways import Way, new_way, road_way, site_place, straight_way
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import subjects
from oreway.scoring.judge.values import Subject, logical_port, port_row
from oreway.scoring.measure.classes import ABSENT
from oreway.scoring.measure.measure import measure
from oreway.scoring.rank.acceptability import triangular
from oreway.scoring.world.criteria import Methods, ValueFunction
from oreway.scoring.world.world import World

__all__ = ["Bill", "Way", "bill", "bills", "simulate"]

Range = tuple[float, float, float]
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
    ways: tuple[Way, ...] = ()

    @property
    def totals(self) -> dict[str, float]:
        """Return the totals in US$M by name."""
        return {name: getattr(self, name) for name in ("low", "base", "high", "mean", "p10", "p50", "p90")}


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Line:
    item_id: str
    quantity: Range
    note: str = ""
    way: Way | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Asked:
    """What a bill is asked of: the world, one site, its value functions, and a raster of heights of the user's own."""

    world: World
    subject: Subject
    setting: str
    dem: str

    def function(self, criterion_id: str) -> ValueFunction:
        """Return the value function whose d0, h and detour the bill takes."""
        return self.world.criteria[criterion_id].functions[self.setting][0]

    def to(self, item_id: str, class_: str, criterion_id: str) -> Way:
        """Return the straight way to the nearest of a class."""
        row, subject = self.subject.rows[class_], self.subject
        ends = site_place(subject), (float(str(row["lon"])), float(str(row["lat"])))
        return straight_way(item_id, str(row["name"]), ends, _distances(subject, class_), self.function(criterion_id))

    def new(self, straight: Way) -> Way:
        """Return the way of what has to be built."""
        return new_way(self.world, self.subject, straight, self.dem)


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
        raise ScoringError(f"site {site_id!r}: a {kind} has no access bill; choose a deposit, a zone or a stockpile")
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
    return {subject.site_id: _bill(world, subject, seed, dem) for subject in subjects(world, rows)}


def _bill(world: World, subject: Subject, seed: int, dem: str) -> Bill:
    setting = world.methods.values_from(subject.setting)
    if setting == Setting.SEABED:
        lines, left_out = _seabed_lines(world, subject)
    else:
        lines, left_out = _land_lines(_Asked(world=world, subject=subject, setting=setting, dem=dem))
    items = _items(world.methods, setting, lines)
    draws = int(world.methods.parameters["bill_draws"])
    totals = simulate(world.methods.parameters, items, draws=draws, seed=seed)
    p10, p50, p90 = (float(p) for p in np.percentile(totals, (10, 50, 90)))
    return Bill(
        site_id=subject.site_id, items=items, low=math.fsum(items["cost_low_usd_m"]),
        base=math.fsum(items["cost_usd_m"]), high=math.fsum(items["cost_high_usd_m"]),
        mean=float(totals.mean()), p10=p10, p50=p50, p90=p90, left_out=tuple(left_out), draws=draws, seed=seed,
        ways=tuple(line.way for line in lines if line.way is not None),
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
        "method": line.way.method if line.way is not None else "",
        **{key: unit[key] for key in ("title", "unit", "currency", "tag", "source")},
        **dict(zip(("quantity_low", "quantity", "quantity_high"), line.quantity, strict=True)),
        **dict(zip(("unit_cost_low", "unit_cost", "unit_cost_high"), costs, strict=True)),
        **dict(zip(("cost_low_usd_m", "cost_usd_m", "cost_high_usd_m"), products, strict=True)),
    }  # fmt: skip


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


def _land_lines(asked: _Asked) -> tuple[list[_Line], list[str]]:
    subject, parameters = asked.subject, asked.world.methods.parameters
    lines, left_out = _network_lines(asked)
    if asked.setting == Setting.ARCTIC:
        lines.append(_arctic_port_line(asked))
    else:
        haul = _haul_line(asked)
        lines += [haul] if haul is not None else []
        left_out += [] if haul is not None else ["trucks: no port of 10 m that can be reached by land is known"]
    for item_id, criterion_id, whole in (
        ("airstrip", "airfield", 1.0),
        ("camp", "town", parameters["reference_beds"]),
    ):
        function = asked.function(criterion_id)
        if _known(subject, function.class_):
            lines.append(_Line(item_id=item_id, quantity=_share(function, _distances(subject, function.class_), whole)))
        else:
            lines.append(_Line(item_id=item_id, quantity=(0.0, whole, whole), note="none in reach is known"))
    left_out.append("water pipe: the nearest licensed source is not known")
    left_out.append("railway: not needed below 0.5 Mt of product a year")
    left_out.append("running costs: fuel, freight, upkeep and flights")
    return lines, left_out


def _length(way: Way, note: str = "", per_km: float = 1.0) -> _Line:
    """Return the line of an item that is as long as a way."""
    low, base, high = (km * per_km for km in way.length_km)
    return _Line(item_id=way.item_id, quantity=(low, base, high), note=note, way=way)


def _network_lines(asked: _Asked) -> tuple[list[_Line], list[str]]:
    """Price road and power: a link to a known network, a stand-in where there is none, nothing where it is unknown."""
    lines, left_out = [], []
    subject, parameters = asked.subject, asked.world.methods.parameters
    if _known(subject, "road"):
        lines.append(_length(asked.new(asked.to("haul_road", "road", "road"))))
    elif subject.rows["road"]["nil"] == ABSENT and _known(subject, "coast"):
        way = asked.new(asked.to("haul_road", "coast", "road"))
        lines.append(_length(way, "no road network: to tidewater"))
    else:
        left_out.append(f"road: {subject.rows['road']['note'] or 'not known'}")
    if _known(subject, "power"):
        lines.append(_length(asked.new(asked.to("power_line", "power", "power"))))
    elif subject.rows["power"]["nil"] == ABSENT:
        keys = ("reference_power_low_mw", "reference_power_mw", "reference_power_high_mw")
        low, base, high = (parameters[key] for key in keys)
        lines.append(_Line(item_id="power_station", quantity=(low, base, high), note="no grid: a station of one's own"))
    else:
        left_out.append(f"power: {subject.rows['power']['note'] or 'not known'}")
    return lines, left_out


def _arctic_port_line(asked: _Asked) -> _Line:
    """Price the cheaper of a terminal of one's own and a road to an existing berth of 10 m."""
    table = asked.world.methods.tables["unit_costs"]
    base = table[table["setting"] == Setting.ARCTIC].set_index("item_id")["base"].astype(float)
    row = port_row(asked.subject, "deep_water_port")
    if row is not None and float(str(row["distance_km"])) * base["haul_road"] < base["terminal"]:
        way = asked.new(asked.to("haul_road", "deep_water_port", "road"))
        if way.length_km[1] * base["haul_road"] < base["terminal"]:
            return _length(way, f"to the berth of {row['name']}: less than a terminal")
    return _Line(item_id="terminal", quantity=(1.0, 1.0, 1.0), note="a road to the next berth of 10 m would cost more")


def _haul_line(asked: _Asked) -> _Line | None:
    """Price trucks on existing roads to the port the facts name, else to the nearest of 10 m when on the same land."""
    named, row = logical_port(asked.world, asked.subject), port_row(asked.subject, "deep_water_port")
    if named is not None:
        ends = site_place(asked.subject), (named.lon, named.lat)
        straight = straight_way(
            "haul_fleet", named.name, ends, named.distances(asked.subject), asked.function("road")
        )  # fmt: skip
    elif row is not None:
        straight = asked.to("haul_fleet", "deep_water_port", "road")
    else:
        return None
    way = road_way(asked.world, asked.subject, straight)
    return _length(way, f"to {way.target}", asked.world.methods.parameters["product_mt_per_year"])


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
