"""The additive score of judged values, for one subject or ten million: total, bounds, coverage and contributions."""

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from oreway.arrays import Bools, Floats
from oreway.layers.vocabulary import Setting
from oreway.scoring.judge.ports import Values
from oreway.scoring.judge.values import Measured, Stated, values_of
from oreway.scoring.measure.points import Found, Points, Texts
from oreway.scoring.world.place import SETTINGS, Whereabouts
from oreway.scoring.world.world import World

LEAST_COVERAGE = "minimum_coverage"
SCALE = 100.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sums:
    """What follows from values and weights, one entry a subject.

    total: over the known criteria; one that is unknown but certain to be better, or worse, than all this counts with
    its nearer bound, so that the total never leaves its bounds; NaN below the least coverage. total_low, total_high:
    over all that apply, the unknown counted with their bounds (0 and 1 where nothing is known). coverage: the known
    share of the weight. contributions: points by criterion, NaN where none; they add up to total.
    """

    total: Floats
    total_low: Floats
    total_high: Floats
    coverage: Floats
    contributions: Mapping[str, Floats]


def sums(values: Mapping[str, Values], weights: Mapping[str, float], n: int, least_coverage: float) -> Sums:
    """Return the sums of n subjects that are judged by the same weights."""
    weight, known, low, high = (np.zeros(n) for _ in range(4))
    points: dict[str, Floats] = {}
    for name, value in values.items():
        part = weights[name] * value.applies
        points[name] = np.where(value.applies, weights[name] * value.base, np.nan)
        weight += part
        known += np.where(np.isnan(points[name]), 0.0, weights[name])
        low += part * value.low
        high += part * value.high
    coverage = np.divide(known, weight, out=np.zeros(n), where=weight > 0)
    enough = (known > 0) & (coverage >= least_coverage)
    counted = known + _bounded(values, weights, points, known)
    share = np.divide(SCALE, counted, out=np.full(n, np.nan), where=enough)
    contributions = {name: column * share for name, column in points.items()}
    total = np.zeros(n)
    for column in contributions.values():
        total += np.nan_to_num(column)
    return Sums(
        total=np.where(enough, total, np.nan), coverage=coverage, contributions=contributions,
        total_low=np.divide(SCALE * low, weight, out=np.full(n, np.nan), where=weight > 0),
        total_high=np.divide(SCALE * high, weight, out=np.full(n, np.nan), where=weight > 0),
    )  # fmt: skip


def _bounded(
    values: Mapping[str, Values], weights: Mapping[str, float], points: dict[str, Floats], known: Floats
) -> Floats:
    """Give the unknown that are bounded away from the mean their nearer bound in `points`; return their weight.

    Whatever is unknown would be taken as the mean m of all; kept within its bounds it is worth clip(m, least, high).
    The m that fits itself is the only one, and it rises with every bound: more that is known to be there lowers none.
    """
    names = [name for name, value in values.items() if (np.isnan(value.base) & value.applies).any()]
    extra = np.zeros(len(known))
    if not names:
        return extra
    unknown = np.stack([np.isnan(values[name].base) & values[name].applies for name in names])
    least = np.where(unknown, np.stack([values[name].least for name in names]), 0.0)
    most = np.where(unknown, np.stack([np.fmax(values[name].high, values[name].least) for name in names]), 1.0)
    rows = np.nonzero(((least > 0) | (most < 1)).any(axis=0) & (known > 0))[0]
    if not len(rows):
        return extra
    part = np.array([weights[name] for name in names])[:, None] * unknown[:, rows]
    fixed = np.nansum([column[rows] for column in points.values()], axis=0)
    bound, taken = _nearer_bounds(fixed, known[rows], part, least[:, rows], most[:, rows])
    for i, name in enumerate(names):
        points[name][rows[taken[i]]] = (part[i] * bound[i])[taken[i]]
    extra[rows] = (part * taken).sum(axis=0)
    return extra


def _nearer_bounds(fixed: Floats, known: Floats, part: Floats, least: Floats, most: Floats) -> tuple[Floats, Bools]:
    """Return the bound of each unknown that is nearer to the mean, and whether it counts; shape (unknown, rows)."""

    def short(at: Floats) -> Bools:
        """Tell where the mean is less than this."""
        less: Bools = fixed + (part * (np.clip(at, least, most) - at)).sum(axis=0) < known * at
        return less

    below = np.array([short(at) for at in least])
    above = np.array([~short(at) for at in most])
    return np.where(below, least, most), (part > 0) & (below | above)


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


def score_points(
    world: World, points: Points, where: Whereabouts, found: Mapping[str, Found], profile: str | None = None,
    hosts: Texts | None = None,
) -> Scores:  # fmt: skip
    """Return the scores of measured points, the same as `scoring.judge.assess` gives sites without facts.

    hosts: the one host mineral of each point, "" for none; it counts at sea, where it says what has to be lifted.

    Raises:
        ScoringError: no such profile.
    """
    n = len(points.lon)
    table = {name: np.full(n, np.nan) for name in ("total", "total_low", "total_high", "coverage")}
    values, contributions = ({name: np.full(n, np.nan) for name in world.criteria} for _ in range(2))
    used = np.full(n, "", dtype=object)
    stated = Stated.nothing(n)
    if hosts is not None:
        stated.host[:] = np.where(where.setting == SETTINGS.index(Setting.SEABED.value), hosts, "")
    asked = Measured(points=points, where=where, found=found, stated=stated)
    for code in np.unique(where.setting):
        rows, setting = np.nonzero(where.setting == code)[0], SETTINGS[code]
        used[rows] = name = profile or world.methods.profile_for(setting)
        weights = world.methods.profile_weights(name)
        of_setting = values_of(world, asked.take(rows) if len(rows) < n else asked, setting, weights)
        summed = sums(of_setting, weights, len(rows), world.methods.parameters[LEAST_COVERAGE])
        for key, column in table.items():
            column[rows] = getattr(summed, key)
        for key, value in of_setting.items():
            values[key][rows] = np.where(value.applies, value.base, np.nan)
            contributions[key][rows] = summed.contributions[key]
    return Scores(**table, profile=used, values=values, contributions=contributions)
