"""Values of criteria: measurements, facts and look-up tables become (low, base, high) in [0, 1]."""

import dataclasses
import functools
import math
import re
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import shapely

from oreway.geo.geodesy import distance_km
from oreway.layers.read import read_table
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import Confidence, FactState, Setting, SiteKind
from oreway.scoring.measure.classes import ABSENT, ACROSS, INAPPLICABLE
from oreway.scoring.world.criteria import Criterion, ValueFunction
from oreway.scoring.world.world import World

Value = tuple[float, float | None, float]
ANYTHING: Value = (0.0, None, 1.0)
NOTHING: Value = (0.0, 0.0, 0.0)
MONTHS = 12.0
DEPTH = "water_depth_m"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject:
    """One site with what is needed to value it: row, facts, facts of the enclosing site, measurements by class."""

    site_id: str
    site: Mapping[str, object]
    facts: pd.DataFrame
    rows: Mapping[str, Mapping[str, object]]
    setting: str
    enclosing: pd.DataFrame | None = None

    @functools.cached_property
    def _by_field(self) -> dict[str, list[dict[str, str]]]:
        return _by_field(self.facts)

    def fact_rows(self, field: str) -> list[dict[str, str]]:
        """Return the site's current facts of one field, gaps left out."""
        return self._by_field.get(field, [])

    def depth_range(self) -> tuple[float, float, float] | None:
        """Return (low, middle, high) metres of water from the site's facts, else from those of the enclosing site."""
        around = [] if self.enclosing is None else _by_field(self.enclosing).get(DEPTH, [])
        for rows in (self.fact_rows(DEPTH), around):
            found = [known for fact in rows if (known := number_range(fact)) is not None]
            if found:
                return min(one[0] for one in found), found[0][1], max(one[2] for one in found)
        return None


def _by_field(facts: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    """Return the current facts by field, gaps and superseded ones left out, in the order of the table."""
    rows: dict[str, list[dict[str, str]]] = {}
    if facts.empty:
        return rows
    for row in facts.to_dict("records"):
        if row["confidence"] != Confidence.GAP and row["state"] != FactState.SUPERSEDED:
            rows.setdefault(str(row["field"]), []).append({str(key): str(value) for key, value in row.items()})
    return rows


def criterion_value(world: World, criterion: Criterion, subject: Subject) -> Value | None:
    """Return (low, base, high) of one criterion for one site; base None is unknown, None is inapplicable.

    An absent network is (0, 0, 0): it has to be built, so it earns nothing and keeps its weight.
    """
    functions = criterion.functions.get(world.methods.values_from(subject.setting), ())
    if criterion.scale == "distance":
        return _distance(functions, subject)
    if criterion.scale == "port":
        return _port(world, functions, subject)
    if criterion.scale == "mainland_port":
        return _mainland_port(world, functions, subject)
    if criterion.scale == "depth":
        return _depth(functions, subject)
    if criterion.scale == "table":
        return _table(world, criterion, subject)
    return ANYTHING


def _number(value: object) -> float:
    return float(str(value))


def _from_row(function: ValueFunction, row: Mapping[str, object] | None) -> Value | None:
    """Return the value of one measurement row."""
    if row is None:
        return ANYTHING
    if row["nil"] == ABSENT:
        return NOTHING
    if row["nil"] == INAPPLICABLE:
        return None
    if row["nil"] != "":
        return ANYTHING
    return function.values(_number(row["low_km"]), _number(row["distance_km"]), _number(row["high_km"]))


def _distance(functions: tuple[ValueFunction, ...], subject: Subject) -> Value | None:
    if not functions:
        return None
    return _from_row(functions[0], subject.rows.get(functions[0].class_))


def _best(values: list[Value]) -> Value:
    """Return the best of several candidates bound by bound; an unknown base yields to a known one."""
    known = [base for _, base, _ in values if base is not None]
    return max(low for low, _, _ in values), max(known, default=None), max(high for _, _, high in values)


def _times(one: Value, other: Value) -> Value:
    base = None if one[1] is None or other[1] is None else one[1] * other[1]
    return one[0] * other[0], base, one[2] * other[2]


def _port(world: World, functions: tuple[ValueFunction, ...], subject: Subject) -> Value | None:
    """Return distance x draught x season of the best port: the nearest, the nearest deep one, or the one facts name."""
    candidates = [
        _times(distance, _draught_and_season(world, *place))
        for distance, _, place in ports_in_use(world, functions, subject)
    ]
    return _best(candidates) if candidates else ANYTHING


def ports_in_use(
    world: World, functions: tuple[ValueFunction, ...], subject: Subject
) -> Iterator[tuple[Value, str, tuple[str, float, float]]]:
    """Yield value of the distance, name and (feature_id, lon, lat) of each port that a site may be valued by."""
    for function in functions:
        row = port_row(subject, function.class_)
        distance = None if row is None else _from_row(function, row)
        if row is not None and distance is not None:
            place = str(row["feature_id"]), _number(row["lon"]), _number(row["lat"])
            yield distance, str(row["name"]), place
    named = logical_port(world, subject)
    if named is not None and functions:
        place = named.feature_id, named.lon, named.lat
        yield functions[-1].values(*named.distances(subject)), named.name, place


def port_row(subject: Subject, class_: str) -> Mapping[str, object] | None:
    """Return the measurement of a port that can be used: known, and outside the Arctic reached by land."""
    row = subject.rows.get(class_)
    if row is None or row["nil"] != "" or (subject.setting != Setting.ARCTIC and ACROSS in str(row["note"])):
        return None
    return row


def _draught_and_season(world: World, feature_id: str, lon: float, lat: float) -> Value:
    depth, country = port_facts(world, feature_id)
    return _times(draught_value(world, depth), season_value(world, country, lon, lat))


def port_facts(world: World, feature_id: str) -> tuple[float, str]:
    """Return (depth_m, country_code) of a port; NaN and "" for one the layer does not hold."""
    return world.indexes.get("port_facts", lambda: _ports(world)).get(feature_id, (math.nan, ""))


def _ports(world: World) -> dict[str, tuple[float, str]]:
    ports = world.infrastructure["ports"]
    country = ports["country_code"].fillna("")
    return dict(zip(ports.index, zip(ports["depth_m"].astype(float), country, strict=True), strict=True))


def draught_value(world: World, depth_m: float) -> Value:
    """Return the value of a depth alongside, linear between the ship classes of port_draught.csv.

    An unknown depth is valued as the shallowest class, with the deepest as its upper bound.
    """
    table = world.methods.tables["port_draught"]
    depths, values = table["depth_m"].astype(float).to_numpy(), table["value"].astype(float).to_numpy()
    if math.isnan(depth_m):
        return float(values[0]), float(values[0]), float(values[-1])
    value = float(np.interp(depth_m, depths, values))
    return value, value, value


def season_value(world: World, country_code: str, lon: float, lat: float) -> Value:
    """Return open months over twelve from the first region of port_season.csv that holds the port."""
    for row in world.indexes.get("port_season", lambda: world.methods.tables["port_season"].to_dict("records")):
        if row["country_code"] not in {country_code, "*"}:
            continue
        if not float(row["south"]) <= lat <= float(row["north"]) or not float(row["west"]) <= lon <= float(row["east"]):
            continue
        low, base, high = (float(row[key]) / MONTHS for key in ("open_months_low", "open_months", "open_months_high"))
        return low, base, high
    return ANYTHING


@dataclasses.dataclass(frozen=True, kw_only=True)
class NamedPort:
    """A port that a site's facts name as the one it would use."""

    feature_id: str
    name: str
    lon: float
    lat: float

    def distances(self, subject: Subject) -> tuple[float, float, float]:
        """Return (low, measured, high) kilometres from the site, the site's position error taken into account."""
        km = distance_km(_number(subject.site["lon"]), _number(subject.site["lat"]), self.lon, self.lat)
        slack = _number(subject.site["position_accuracy_km"])
        return max(0.0, km - slack), km, km + slack


def logical_port(world: World, subject: Subject) -> NamedPort | None:
    """Return the port the site's facts name as the one it would use, the site's country first; None if not held."""
    ids = world.indexes.get("port_names", lambda: _port_names(world))
    home = subject.site.get("country_code")
    for fact in subject.fact_rows("logical_port"):
        found = ids.get(fact["value"].casefold(), [])
        chosen = [key for key in found if port_facts(world, key)[1] == home] or found
        if chosen:
            port = world.infrastructure["ports"].loc[[chosen[0]]]
            lon, lat = float(port.geometry.x.iloc[0]), float(port.geometry.y.iloc[0])
            return NamedPort(feature_id=chosen[0], name=str(port["name"].iloc[0]), lon=lon, lat=lat)
    return None


def _port_names(world: World) -> dict[str, list[str]]:
    """Return port ids by each part of their names: "Gronnedal (Kangilinnguit)" is found by either word."""
    names: dict[str, list[str]] = {}
    for key, name in world.infrastructure["ports"]["name"].items():
        for part in re.split(r"[()/-]| ko$", str(name).casefold()):
            names.setdefault(part.strip(), []).append(str(key))
    for row in read_table("port_aliases").to_dict("records"):
        names[str(row["name"]).casefold()] = [str(row["feature_id"])]
    return names


def _mainland_port(world: World, functions: tuple[ValueFunction, ...], subject: Subject) -> Value | None:
    port = logical_port(world, subject)
    if port is None or not functions:
        return _distance(functions, subject)
    return functions[0].values(*port.distances(subject))


def number_range(fact: Mapping[str, str]) -> tuple[float, float, float] | None:
    """Return (low, middle, high) of a numeric fact; the middle of a range is its mean when no value is given."""
    low, value, high = (as_number(fact[key]) for key in ("low", "value", "high"))
    known = [number for number in (low, value, high) if number is not None]
    if not known:
        return None
    return min(known), value if value is not None else sum(known) / len(known), max(known)


def _depth(functions: tuple[ValueFunction, ...], subject: Subject) -> Value | None:
    if not functions:
        return None
    depth = subject.depth_range()
    return ANYTHING if depth is None else functions[0].values(*depth)


def _table(world: World, criterion: Criterion, subject: Subject) -> Value:
    known = world.indexes.get("seabed_values", lambda: _seabed_values(world))
    return known.get((criterion.id, _table_key(world, criterion.id, subject)), ANYTHING)


def _seabed_values(world: World) -> dict[tuple[str, str], Value]:
    """Return the values of seabed.csv by criterion and key."""
    return {
        (str(row["criterion_id"]), str(row["key"])): (float(row["low"]), float(row["base"]), float(row["high"]))
        for row in world.methods.tables["seabed"].to_dict("records")
    }


def _table_key(world: World, criterion_id: str, subject: Subject) -> str:
    if criterion_id == "lift_readiness":
        return "mud" if subject.site.get("kind") == SiteKind.ZONE else ""
    zones = world.infrastructure["eez"].geometry.to_numpy()
    inside = shapely.contains_xy(zones, _number(subject.site["lon"]), _number(subject.site["lat"]))
    return "eez" if inside.any() else ""
