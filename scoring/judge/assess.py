"""Assessments: an additive score with fixed anchors, its contributions and bounds, and the gates beside it."""

import dataclasses
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from oreway.layers.vocabulary import SiteKind
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.gates import GateResult, gate_text, judge_gates
from oreway.scoring.judge.unfc import unfc_code
from oreway.scoring.judge.values import Subject, Value, criterion_value
from oreway.scoring.measure.measure import chosen_sites, measure
from oreway.scoring.world.criteria import Methods
from oreway.scoring.world.world import World

SCORED_KINDS = (SiteKind.DEPOSIT.value, SiteKind.ZONE.value, SiteKind.STOCKPILE.value)
OWN_WEIGHTS = "own"
SCALE = 100.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Assessment:
    """The judgement of one site.

    values: (low, base, high) in [0, 1] by criterion; base None where unknown; inapplicable criteria are left out.
    contributions: points by known criterion; they add up to total. total is taken over the known criteria alone, and
    coverage is their share of the weight; total_low counts every unknown as 0, total_high as 1. Below the least
    coverage of parameters.csv there is no total and there are no contributions, only the bounds.
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
    unfc_reason: str


def scored_sites(world: World, site_ids: Sequence[str] | None = None) -> list[str]:
    """Return the ids, of those given or of all sites, that are scored: deposits, zones and stockpiles."""
    sites = chosen_sites(world, site_ids)
    return [str(site_id) for site_id in sites.index[sites["kind"].isin(SCORED_KINDS)]]


def subjects(world: World, measurements: pd.DataFrame) -> Iterator[Subject]:
    """Yield each scored site of a measurements frame with its facts and its rows by class."""
    asked = world.sites.loc[measurements["site_id"].unique()]
    wanted = world.facts["site_id"].isin({*asked.index, *asked.get("parent_id", ())})
    facts = {str(key): rows for key, rows in world.facts[wanted].groupby("site_id")}
    none = world.facts.iloc[:0]
    rows: dict[str, dict[str, Mapping[str, object]]] = {}
    for row in measurements.to_dict("records"):
        rows.setdefault(str(row["site_id"]), {})[str(row["class"])] = _texts(row)
    for key, site in asked.to_dict("index").items():
        if site["kind"] in SCORED_KINDS:
            yield Subject(
                site_id=str(key), site=_texts(site), facts=facts.get(str(key), none),
                enclosing=facts.get(str(site.get("parent_id", "")), none), setting=str(site["setting"]),
                rows=rows[str(key)],
            )  # fmt: skip


def _texts(row: Mapping[Hashable, object]) -> dict[str, object]:
    return {str(key): value for key, value in row.items()}


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
    found = {}
    for subject in subjects(world, measurements):
        name = OWN_WEIGHTS if weights is not None else profile or world.methods.profile_for(subject.setting)
        chosen = weights if weights is not None else world.methods.profile_weights(name)
        found[subject.site_id] = _assess_one(world, subject, name, chosen)
    return found


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
    settings = world.sites["setting"].to_dict()
    again = {}
    for site_id, one in found.items():
        name = OWN_WEIGHTS if weights is not None else profile or world.methods.profile_for(str(settings[site_id]))
        chosen = weights if weights is not None else world.methods.profile_weights(name)
        again[site_id] = _weighed(world, one, name, chosen)
    return again


def check_weights(methods: Methods, weights: Mapping[str, float]) -> None:
    """Refuse weights that cannot be used.

    Raises:
        ScoringError: all faults at once.
    """
    faults = [
        f"weights: no criterion {name!r}; choose from {', '.join(methods.criteria)}"
        for name in weights
        if name not in methods.criteria
    ]
    faults += [
        f"weights: {name} is {weight!r}; expected a number of 0 or more"
        for name, weight in weights.items()
        if not (isinstance(weight, (int, float)) and math.isfinite(weight) and weight >= 0)
    ]
    if not faults and not any(weight > 0 for weight in weights.values()):
        faults.append("weights: nothing above 0; give at least one criterion a weight")
    if faults:
        raise ScoringError("\n".join(faults))


def site_values(world: World, subject: Subject, weights: Mapping[str, float]) -> dict[str, Value]:
    """Return the values of the weighted criteria that apply to a site."""
    functions_for = world.methods.values_from(subject.setting)
    values = {}
    for name, weight in weights.items():
        criterion = world.criteria[name]
        land_criterion = criterion.group != "seabed"
        if weight <= 0 or land_criterion == (functions_for == "seabed"):
            continue
        value = criterion_value(world, criterion, subject)
        if value is not None:
            values[name] = value
    return values


def _assess_one(world: World, subject: Subject, profile: str, weights: Mapping[str, float]) -> Assessment:
    gates = judge_gates(world, subject)
    unfc, reason = unfc_code(world, subject, gates)
    unweighed = Assessment(
        site_id=subject.site_id, profile=profile, values=site_values(world, subject, weights), contributions={},
        total=None, total_low=None, total_high=None, coverage=0.0, missing=(), gates=gates, unfc=unfc,
        unfc_reason=reason,
    )  # fmt: skip
    return _weighed(world, unweighed, profile, weights)


def _weighed(world: World, one: Assessment, profile: str, weights: Mapping[str, float]) -> Assessment:
    """Return an assessment with what follows from its values and these weights."""
    values = {name: one.values[name] for name, weight in weights.items() if weight > 0 and name in one.values}  # noqa: PD011
    total = math.fsum(weights[name] for name in values)
    known = {name: base for name, (_, base, _) in values.items() if base is not None}
    coverage = math.fsum(weights[name] for name in known) / total if total else 0.0
    contributions = _contributions(known, weights) if coverage >= world.methods.parameters["minimum_coverage"] else {}
    low = math.fsum(weights[name] * value[0] for name, value in values.items())
    high = math.fsum(weights[name] * value[2] for name, value in values.items())
    return dataclasses.replace(
        one,
        profile=profile,
        values=values,
        contributions=contributions,
        total=math.fsum(contributions.values()) if contributions else None,
        total_low=SCALE * low / total if total else None,
        total_high=SCALE * high / total if total else None,
        coverage=coverage,
        missing=tuple(name for name in values if name not in known),
    )


def _contributions(known: Mapping[str, float], weights: Mapping[str, float]) -> dict[str, float]:
    """Return the points of each known criterion out of 100 over all known ones."""
    weight = math.fsum(weights[name] for name in known)
    return {name: SCALE * weights[name] * base / weight for name, base in known.items()}


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
    measurements = measure(world, scored_sites(world, site_ids))
    found = assess(world, measurements, profile=profile, weights=weights)
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
