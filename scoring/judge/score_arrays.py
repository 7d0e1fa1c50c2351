"""The additive score of millions of points: the rules of `judge.values` and `judge.assess` on plain arrays.

A point has no facts of its own: what only facts can tell stays unknown, as it does for a site without any.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import shapely

from oreway.layers.vocabulary import Setting
from oreway.scoring.judge.assess import SCALE
from oreway.scoring.judge.berths import Mask, Values, berths
from oreway.scoring.judge.values import ANYTHING, Value
from oreway.scoring.measure.ready import NIL_ABSENT, NIL_INAPPLICABLE, Found, Points, Ready
from oreway.scoring.world.criteria import Criterion, ValueFunction
from oreway.scoring.world.place import SHAPES, Floats
from oreway.scoring.world.place_cells import OUT, SETTINGS, Whereabouts

LEAST_COVERAGE = "minimum_coverage"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scores:
    """Totals from 0 to 100, NaN where no criterion is known; values and contributions by criterion, NaN where none."""

    total: Floats
    total_low: Floats
    total_high: Floats
    coverage: Floats
    profile: npt.NDArray[np.object_]
    values: Mapping[str, Floats]
    contributions: Mapping[str, Floats]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subjects:
    """Points of one setting with what they were measured to be nearest to."""

    ready: Ready
    points: Points
    where: Whereabouts
    found: Mapping[str, Found]
    rows: npt.NDArray[np.int64]
    setting: str

    def nil(self, class_: str) -> npt.NDArray[np.int8]:
        """Return why the nearest of a class is not known, a place in NILS; 0 where it is."""
        return self.found[class_].nil[self.rows]


def score_points(
    ready: Ready, points: Points, where: Whereabouts, found: Mapping[str, Found], profile: str | None = None
) -> Scores:
    """Return the scores of measured points, the same as `scoring.judge.assess` gives sites without facts.

    Raises:
        ScoringError: no such profile.
    """
    n, criteria = len(points.lon), ready.world.criteria
    table = {name: np.full(n, np.nan) for name in ("total", "total_low", "total_high", "coverage", "share")}
    values = {name: np.full(n, np.nan) for name in criteria}
    contributions = {name: np.full(n, np.nan) for name in criteria}
    used = np.full(n, "", dtype=object)
    for code in np.unique(where.setting):
        rows = np.nonzero(where.setting == code)[0]
        setting = SETTINGS[code]
        name = profile or ready.world.methods.profile_for(setting)
        weights = ready.world.methods.profile_weights(name)
        used[rows] = name
        asked = Subjects(ready=ready, points=points, where=where, found=found, rows=rows, setting=setting)
        of_setting = _setting_values(asked, weights)
        for key, column in _sums(
            of_setting, weights, len(rows), ready.world.methods.parameters[LEAST_COVERAGE]
        ).items():
            table[key][rows] = column
        share = table["share"][rows]
        for key, value in of_setting.items():
            values[key][rows] = np.where(value.applies, value.base, np.nan)
            contributions[key][rows] = values[key][rows] * (weights[key] * share)
    del table["share"]
    return Scores(**table, profile=used, values=values, contributions=contributions)


def _known(value: Values) -> Floats:
    return (value.applies & ~np.isnan(value.base)).astype(np.float64)


def _sums(
    values: Mapping[str, Values], weights: Mapping[str, float], n: int, least_coverage: float
) -> dict[str, Floats]:
    """Return total over the known criteria, its bounds over all that apply, and the known share of the weight.

    share is what a unit of weighted value adds to the total. Below the least coverage total and share are NaN.
    """
    weight, known, points, low, high = (np.zeros(n) for _ in range(5))
    for name, value in values.items():
        part = weights[name] * value.applies
        weight += part
        known += weights[name] * _known(value)
        points += np.where(value.applies & ~np.isnan(value.base), weights[name] * value.base, 0.0)
        low += part * value.low
        high += part * value.high
    nothing = np.full(n, np.nan)
    coverage = np.divide(known, weight, out=np.zeros(n), where=weight > 0)
    enough = (known > 0) & (coverage >= least_coverage)
    share = np.divide(SCALE, known, out=nothing.copy(), where=enough)
    return {
        "total": points * share,
        "total_low": np.divide(SCALE * low, weight, out=nothing.copy(), where=weight > 0),
        "total_high": np.divide(SCALE * high, weight, out=nothing.copy(), where=weight > 0),
        "coverage": coverage,
        "share": share,
    }


def _setting_values(asked: Subjects, weights: Mapping[str, float]) -> dict[str, Values]:
    """Return the values of the weighted criteria that a setting's points are judged by."""
    methods = asked.ready.world.methods
    functions_for = methods.values_from(asked.setting)
    values = {}
    for name, weight in weights.items():
        criterion = methods.criteria[name]
        if weight > 0 and (criterion.group == "seabed") == (functions_for == Setting.SEABED):
            found = _criterion_values(asked, criterion, criterion.functions.get(functions_for, ()))
            if found is not None:
                values[name] = found
    return values


def _criterion_values(asked: Subjects, criterion: Criterion, functions: tuple[ValueFunction, ...]) -> Values | None:
    if criterion.scale in {"distance", "mainland_port"}:
        return _from_rows(asked, functions[0]) if functions else None
    if criterion.scale == "port":
        return _port(asked, functions)
    if criterion.scale == "depth":
        return _everywhere(asked, ANYTHING) if functions else None
    return _table(asked, criterion.id) if criterion.scale == "table" else _everywhere(asked, ANYTHING)


def _everywhere(asked: Subjects, value: Value) -> Values:
    n = len(asked.rows)
    base = np.nan if value[1] is None else value[1]
    return Values(low=np.full(n, value[0]), base=np.full(n, base), high=np.full(n, value[2]), applies=np.ones(n, bool))


def _from_rows(asked: Subjects, function: ValueFunction) -> Values:
    """Return the values of the distances to one class; an absent network earns 0, an unknown one may earn anything."""
    found = asked.found[function.class_]
    nil = found.nil[asked.rows]
    none, known = nil == NIL_ABSENT, nil == 0
    low = function.curve(found.high_km[asked.rows], function.circuity_high)
    base = function.curve(found.distance_km[asked.rows], function.circuity)
    high = function.curve(found.low_km[asked.rows], function.circuity_low)
    return Values(
        low=np.where(known, low, 0.0),
        base=np.where(known, base, np.where(none, 0.0, np.nan)),
        high=np.where(known, high, np.where(none, 0.0, 1.0)),
        applies=nil != NIL_INAPPLICABLE,
    )


def _port(asked: Subjects, functions: tuple[ValueFunction, ...]) -> Values:
    """Return distance x draught x season of the better of the nearest port and the nearest deep-water one."""
    n = len(asked.rows)
    low, base, high = np.full(n, -np.inf), np.full(n, np.nan), np.full(n, -np.inf)
    for function in functions:
        distance, usable = _from_rows(asked, function), usable_port(asked, function.class_)
        feature = asked.found[function.class_].feature[asked.rows]
        berth = berths(asked.ready, function.class_)
        low = np.where(usable, np.maximum(low, distance.low * berth.low[feature]), low)
        base = np.where(usable, np.fmax(base, distance.base * berth.base[feature]), base)
        high = np.where(usable, np.maximum(high, distance.high * berth.high[feature]), high)
    none = np.isneginf(low)
    return Values(
        low=np.where(none, 0.0, low), base=base, high=np.where(none, 1.0, high), applies=np.ones(n, bool)
    )  # fmt: skip


def usable_port(asked: Subjects, class_: str) -> Mask:
    """Tell where a port is known and, outside the Arctic, reached by land."""
    found = asked.found[class_]
    known: Mask = found.nil[asked.rows] == 0
    if asked.setting == Setting.ARCTIC:
        return known
    home, here = asked.ready.targets(class_).home, asked.where.landmass[asked.rows]
    reached: Mask = known & ((here == OUT) | (home[found.feature[asked.rows]] == here))
    return reached


def _table(asked: Subjects, criterion_id: str) -> Values:
    """Return the look-up values of seabed.csv; a point is no mud zone, and lies inside a national zone or not."""
    table = asked.ready.world.methods.tables["seabed"]
    rows = {row["key"]: row for row in table[table["criterion_id"] == criterion_id].to_dict("records")}
    low, base, high = ({key: float(row[part]) for key, row in rows.items()} for part in ("low", "base", "high"))
    inside = np.zeros(len(asked.rows), bool)
    if criterion_id != "lift_readiness":
        lon, lat = asked.points.lon[asked.rows], asked.points.lat[asked.rows]
        for zone in asked.ready.world.infrastructure["eez"].geometry:
            with SHAPES:
                inside |= shapely.contains_xy(zone, lon, lat)
    return Values(
        low=np.where(inside, low.get("eez", 0.0), low.get("", 0.0)),
        base=np.where(inside, base.get("eez", np.nan), base.get("", np.nan)),
        high=np.where(inside, high.get("eez", 1.0), high.get("", 1.0)),
        applies=np.ones(len(asked.rows), bool),
    )
