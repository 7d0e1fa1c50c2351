"""Assessments: an additive score with fixed anchors, its contributions and bounds, and the gates beside it."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from oreway.layers.vocabulary import SiteKind
from oreway.said import Joint, listed
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.gates import GateResult, gate_text, judge_gates
from oreway.scoring.judge.ports import Values
from oreway.scoring.judge.score import LEAST_COVERAGE, sums
from oreway.scoring.judge.subject import Subject, subjects
from oreway.scoring.judge.unfc import unfc_code
from oreway.scoring.judge.values import Value, from_subjects, values_of
from oreway.scoring.measure.measure import MEASURED, chosen_sites, measure
from oreway.scoring.reasons import Note
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.criteria import Methods
from oreway.scoring.world.kept import kept, shipped
from oreway.scoring.world.world import World

SCORED_KINDS = (SiteKind.DEPOSIT.value, SiteKind.ZONE.value, SiteKind.STOCKPILE.value)
OWN_WEIGHTS = "own"
JUDGED = (*MEASURED, "facts", "criteria")  # the parts of a world that values, gates and classes follow from


@dataclasses.dataclass(frozen=True, kw_only=True)
class Assessment:
    """The judgement of one site.

    values: (low, base, high) in [0, 1] by criterion; base None where unknown; inapplicable criteria are left out.
    least: what an unknown one is worth by what is known to be there, where that is more than low. contributions: points
    by criterion; they add up to total. total is taken over the known criteria (see `Sums`), and coverage is their share
    of the weight; total_low counts every unknown as 0, total_high as 1. Below the least coverage of parameters.csv
    there is no total and there are no contributions, only the bounds.
    """

    site_id: str
    profile: str
    values: Mapping[str, Value]
    contributions: Mapping[str, float]
    total: float | None
    total_low: float | None
    total_high: float | None
    coverage: float
    missing: tuple[str, ...]
    gates: tuple[GateResult, ...]
    unfc: str
    unfc_reason: Note
    least: Mapping[str, float] = dataclasses.field(default_factory=dict)


def scored_sites(world: World, site_ids: Sequence[str] | None = None) -> list[str]:
    """Return the ids, of those given or of all sites, that are scored: deposits, zones and stockpiles."""
    sites = chosen_sites(world, site_ids)
    return [str(site_id) for site_id in sites.index[sites["kind"].isin(SCORED_KINDS)]]


def assess(
    world: World,
    measurements: pd.DataFrame,
    *,
    profile: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> dict[str, Assessment]:
    """Judge the scored sites of a measurements frame.

    Args:
        world: the opened world.
        measurements: rows of `measure`.
        profile: greenland, outback, seabed or equal; None for the profile of each site's setting.
        weights: criterion -> weight of 0 or more, in place of a profile; a criterion not named weighs nothing.

    Returns:
        Assessment by site_id; plants, islands, limits and complexes are not scored and left out.

    Raises:
        ScoringError: no such profile, or weights with unknown names, negative numbers or nothing above 0.
    """
    if weights is not None:
        check_weights(world.methods, weights)
    elif profile is not None:
        world.methods.profile_weights(profile)
    by = _Weights(world=world, profile=profile, weights=weights)
    asked = list(subjects(world, measurements, SCORED_KINDS))
    measured = from_subjects(asked, world)
    found: dict[str, Assessment] = {}
    for setting in dict.fromkeys(one.setting for one in asked):
        rows = np.array([i for i, one in enumerate(asked) if one.setting == setting])
        values = values_of(world, measured.take(rows), setting, by.of(setting)[1])
        found |= _assessed(world, [asked[i] for i in rows], values, *by.of(setting))
    return {one.site_id: found[one.site_id] for one in asked}


def assess_sites(
    world: World,
    site_ids: Sequence[str] | None = None,
    *,
    profile: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> dict[str, Assessment]:
    """Measure and judge sites of a world: what `assess` says of their measurements, in the order asked.

    Raises:
        ScoringError: no such site, or as for `assess`.
    """
    chosen = scored_sites(world, site_ids)
    home = shipped(world, JUDGED)
    if home is None:
        return assess(world, measure(world, chosen), profile=profile, weights=weights)
    if profile is not None:
        world.methods.profile_weights(profile)
    found = _catalogue(home)
    return reweigh(world, {site_id: found[site_id] for site_id in chosen}, profile=profile, weights=weights)


@kept(*JUDGED, on_disk=True)
def _catalogue(world: World) -> dict[str, Assessment]:
    """Return what is judged of every site, with all criteria: any weights follow from it."""
    return assess(world, measure(world, scored_sites(world)), weights=dict.fromkeys(world.criteria, 1.0))


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Weights:
    """Which weights sites are judged by: their own, else those of a profile, else those of their setting's profile."""

    world: World
    profile: str | None
    weights: Mapping[str, float] | None

    def of(self, setting: str) -> tuple[str, Mapping[str, float]]:
        """Return the name of the profile of a setting and its weights."""
        if self.weights is not None:
            return OWN_WEIGHTS, self.weights
        name = self.profile or self.world.methods.profile_for(setting)
        return name, self.world.methods.profile_weights(name)


def _assessed(
    world: World, asked: Sequence[Subject], values: Mapping[str, Values], profile: str, weights: Mapping[str, float]
) -> dict[str, Assessment]:
    """Return the assessments of sites of one setting."""
    judged = []
    for i, subject in enumerate(asked):
        gates = judge_gates(world, subject)
        unfc, reason = unfc_code(world, subject, gates)
        judged.append(Assessment(
            site_id=subject.site_id, profile=profile, values=_told(values, i), contributions={}, total=None,
            total_low=None, total_high=None, coverage=0.0, missing=(), gates=gates, unfc=unfc, unfc_reason=reason,
            least={name: float(one.least[i]) for name, one in values.items() if one.least[i] > one.low[i]},
        ))  # fmt: skip
    return _weighed(world, judged, values, profile, weights)


def _told(values: Mapping[str, Values], i: int) -> dict[str, Value]:
    """Return the values of one subject, those that do not apply left out."""
    return {
        name: (float(one.low[i]), _known(one.base[i]), float(one.high[i]))
        for name, one in values.items()
        if one.applies[i]
    }


def _known(number: float) -> float | None:
    return None if math.isnan(number) else float(number)


def reweigh(
    world: World,
    found: Mapping[str, Assessment],
    *,
    profile: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> dict[str, Assessment]:
    """Judge sites again by other weights, without looking at their measurements and facts again.

    Args:
        world: the opened world.
        found: assessments in which every criterion had a weight, so that every value is known.
        profile: as for `assess`.
        weights: as for `assess`.

    Raises:
        ScoringError: as for `assess`.
    """
    if weights is not None:
        check_weights(world.methods, weights)
    by, settings = _Weights(world=world, profile=profile, weights=weights), world.sites["setting"].to_dict()
    again: dict[str, Assessment] = {}
    for setting in dict.fromkeys(str(settings[site_id]) for site_id in found):
        judged = [one for site_id, one in found.items() if settings[site_id] == setting]
        again |= _weighed(world, judged, _as_values(judged), *by.of(setting))
    return {site_id: again[site_id] for site_id in found}


def _as_values(judged: Sequence[Assessment]) -> dict[str, Values]:
    """Return the values of assessments as arrays."""
    names = dict.fromkeys(name for one in judged for name in one.values)  # noqa: PD011 - a mapping, no frame
    blank = (0.0, None, 0.0)
    made = {}
    for name in names:
        low, base, high = zip(*(one.values.get(name, blank) for one in judged), strict=True)  # noqa: PD011
        made[name] = Values(
            low=np.array(low), base=np.array(base, dtype=float), high=np.array(high),
            applies=np.array([name in one.values for one in judged]),  # noqa: PD011
            least=np.array([one.least.get(name, one.values.get(name, blank)[0]) for one in judged]),  # noqa: PD011
        )  # fmt: skip
    return made


def check_weights(methods: Methods, weights: Mapping[str, float]) -> None:
    """Refuse weights that cannot be used.

    Raises:
        ScoringError: all faults at once.
    """
    faults = [
        ScoringSaying.NO_CRITERION(repr(name), listed(methods.criteria))
        for name in weights
        if name not in methods.criteria
    ]
    faults += [
        ScoringSaying.ODD_WEIGHT(name, repr(weight))
        for name, weight in weights.items()
        if not (isinstance(weight, (int, float)) and math.isfinite(weight) and weight >= 0)
    ]
    if not faults and not any(weight > 0 for weight in weights.values()):
        faults.append(ScoringSaying.NO_WEIGHT())
    if faults:
        raise ScoringError(Joint.LINES(*faults))


def _weighed(
    world: World,
    judged: Sequence[Assessment],
    values: Mapping[str, Values],
    profile: str,
    weights: Mapping[str, float],
) -> dict[str, Assessment]:
    """Return assessments with what follows from their values and these weights."""
    heavy = {name: values[name] for name, weight in weights.items() if weight > 0 and name in values}
    found = sums(heavy, weights, len(judged), world.methods.parameters[LEAST_COVERAGE])
    again = {}
    for i, one in enumerate(judged):
        own = _told(heavy, i)
        contributions = {
            name: float(column[i]) for name, column in found.contributions.items() if column[i] == column[i]
        }
        again[one.site_id] = dataclasses.replace(
            one, profile=profile, values=own, contributions=contributions,
            total=math.fsum(contributions.values()) if contributions else None,
            total_low=_known(found.total_low[i]), total_high=_known(found.total_high[i]),
            coverage=float(found.coverage[i]), missing=tuple(name for name, value in own.items() if value[1] is None),
        )  # fmt: skip
    return again


def score_table(
    world: World,
    *,
    profile: str | None = None,
    weights: Mapping[str, float] | None = None,
    site_ids: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return one score row a scored site, in the order of the sites.

    Columns: site_id, total, total_low, total_high, coverage, gates, profile, missing, unfc, then for each criterion
    <criterion>_value and <criterion>_contribution; NaN where unknown or inapplicable. Contributions add up to total.

    Raises:
        ScoringError: an unknown site, profile or weight.
    """
    found = assess_sites(world, site_ids, profile=profile, weights=weights)
    rows = [_score_row(world, assessment) for assessment in found.values()]
    return pd.DataFrame(rows, columns=_score_columns(world))


def _score_columns(world: World) -> list[str]:
    head = ["site_id", "total", "total_low", "total_high", "coverage", "gates", "profile", "missing", "unfc"]
    return [*head, *(f"{name}_{part}" for name in world.criteria for part in ("value", "contribution"))]


def _score_row(world: World, found: Assessment) -> dict[str, object]:
    row: dict[str, object] = {
        "site_id": found.site_id,
        "total": _float(found.total),
        "total_low": _float(found.total_low),
        "total_high": _float(found.total_high),
        "coverage": found.coverage,
        "gates": gate_text(found.gates),
        "profile": found.profile,
        "missing": "; ".join(found.missing),
        "unfc": found.unfc,
    }
    bases = {name: base for name, (_, base, _) in found.values.items()}  # noqa: PD011
    for name in world.criteria:
        row[f"{name}_value"] = _float(bases.get(name))
        row[f"{name}_contribution"] = found.contributions.get(name, np.nan)
    return row


def _float(number: float | None) -> float:
    return np.nan if number is None else number
