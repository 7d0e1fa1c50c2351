"""The smallest single change that would swap two neighbours of a ranking: a value, a weight, or a recorded fact."""

import dataclasses
import itertools
import math
from collections.abc import Hashable, Iterator, Mapping, Sequence

import pandas as pd

from oreway.scoring.judge.assess import SCORED_KINDS, Assessment, assess_sites, scored_sites
from oreway.scoring.judge.fact_thresholds import Berth, Deep, Record, deep, depth_record, port_records, usable_berths
from oreway.scoring.judge.subject import Subject, subjects
from oreway.scoring.measure.measure import measure
from oreway.scoring.rank.acceptability import peers
from oreway.scoring.world.world import World

COLUMNS = (
    "above", "below", "gap", "change", "criterion_id", "site_id", "from_value", "to_value", "from_km", "to_km",
    "field", "field_of", "from_recorded", "to_recorded",
)  # fmt: skip
FACT, WEIGHT, RECORDED = "fact", "weight", "recorded"
PORT = "port"


def flips(
    world: World,
    profile: str | None = None,
    *,
    weights: Mapping[str, float] | None = None,
    site_ids: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return, for each pair of neighbours by base total, the smallest single changes that would swap them.

    Returns:
        One row a pair and kind of change (`fact`, `weight` or `recorded`), columns COLUMNS; gap in points. A fact's
        from_value and to_value are values in [0, 1], from_km the distance measured and to_km the one needed (NaN where
        the criterion is no distance); a weight's are shares of the sum. `recorded` is a fact as it was recorded: field
        berth_depth_m or open_months of the port field_of, or water_depth_m of site_id, from_recorded (NaN: not known)
        to to_recorded. A kind that cannot swap the pair alone has no row.

    Raises:
        ScoringError: an unknown profile, weight or site.
    """
    measurements = measure(world, scored_sites(world, site_ids))
    found = assess_sites(world, site_ids, profile=profile, weights=weights)
    return flips_among(ground(world, measurements), found, weights)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ground:
    """What flips rest on whatever the weights: measured sites with their distances and the ports they may use."""

    world: World
    distances: Mapping[Hashable, float]
    subjects: Mapping[str, Subject]
    berths: Mapping[str, list[Berth]]
    deep: Deep


def ground(world: World, measurements: pd.DataFrame) -> Ground:
    """Return what the flips of measured sites rest on."""
    asked = {one.site_id: one for one in subjects(world, measurements, SCORED_KINDS)}
    return Ground(
        world=world, subjects=asked, distances=measurements.set_index(["site_id", "class"])["distance_km"].to_dict(),
        berths=usable_berths(world, list(asked.values())), deep=deep(world),
    )  # fmt: skip


def flips_among(of: Ground, found: Mapping[str, Assessment], weights: Mapping[str, float] | None) -> pd.DataFrame:
    """Return `flips` of sites that are measured and judged, by these weights, already."""
    given = _Given(of=of, world=of.world, weights=weights)
    known = {key: one for key, one in found.items() if one.total is not None}
    rows = []
    for above, below in _neighbours(of.world, known):
        fact = min(_fact_changes(given, above, below), key=_size, default=None)
        weight = min(_weight_changes(given, above, below), key=_size, default=None)
        recorded = min(_recorded_changes(given, above, below), key=_size, default=None)
        rows += [row for row in (fact, weight, recorded) if row is not None]
    return pd.DataFrame(rows, columns=list(COLUMNS))


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Given:
    of: Ground
    world: World
    weights: Mapping[str, float] | None

    def shares(self, one: Assessment) -> dict[str, float]:
        """Return the weights of the known criteria of a site as shares of their sum."""
        chosen = self.weights if self.weights is not None else self.world.methods.profile_weights(one.profile)
        total = math.fsum(chosen[name] for name in one.contributions)
        return {name: chosen[name] / total for name in one.contributions}


def _neighbours(world: World, found: Mapping[str, Assessment]) -> Iterator[tuple[Assessment, Assessment]]:
    """Yield the pairs of neighbours by base total, on land and at sea apart."""
    for group in peers(world, found).values():
        yield from itertools.pairwise(sorted(group.values(), key=lambda one: (-_total(one), one.site_id)))


def _total(one: Assessment) -> float:
    return math.nan if one.total is None else one.total


def _size(row: Mapping[str, object]) -> float:
    return abs(float(str(row["to_value"])) - float(str(row["from_value"])))


def _row(above: Assessment, below: Assessment, change: str, name: str) -> dict[str, object]:
    return {
        "above": above.site_id, "below": below.site_id, "gap": _total(above) - _total(below), "change": change,
        "criterion_id": name, "site_id": "", "from_km": math.nan, "to_km": math.nan,
        "field": "", "field_of": "", "from_recorded": math.nan, "to_recorded": math.nan,
    }  # fmt: skip


def _fact_changes(given: _Given, above: Assessment, below: Assessment) -> Iterator[dict[str, object]]:
    """Yield each value that would close the gap alone: the upper site's falling or the lower site's rising."""
    gap = (_total(above) - _total(below)) / 100
    for one, sign in ((above, -1.0), (below, 1.0)):
        for name, share in given.shares(one).items():
            base = one.values[name][1] or 0.0  # noqa: PD011
            to = base + sign * gap / share
            if 0 <= to <= 1:
                row = _row(above, below, FACT, name)
                near, far = _distances(given, one, name, to)
                yield {**row, "site_id": one.site_id, "from_value": base, "to_value": to, "from_km": near, "to_km": far}


def _distances(given: _Given, one: Assessment, name: str, value: float) -> tuple[float, float]:
    """Return the distance measured and the one that has this value; NaN for other scales and for value 0."""
    criterion = given.world.criteria[name]
    setting = given.world.methods.values_from(str(given.world.sites["setting"][one.site_id]))
    functions = criterion.functions.get(setting, ())
    if criterion.scale != "distance" or not functions:
        return math.nan, math.nan
    function = functions[0]
    return given.of.distances.get((one.site_id, criterion.class_), math.nan), function.amount(value)


def _weight_changes(given: _Given, above: Assessment, below: Assessment) -> Iterator[dict[str, object]]:
    """Yield each weight that would close the gap alone, for two sites judged by the same criteria and profile."""
    if above.profile != below.profile or set(above.contributions) != set(below.contributions):
        return
    shares = given.shares(above)
    if len(shares) == 1:
        return
    difference = {name: (above.values[name][1] or 0.0) - (below.values[name][1] or 0.0) for name in shares}  # noqa: PD011
    for name, share in shares.items():
        rest = math.fsum(shares[other] * difference[other] for other in shares if other != name)
        if difference[name] == 0:
            continue
        needed = -rest / difference[name]
        if needed >= 0:
            row = _row(above, below, WEIGHT, name)
            yield {**row, "from_value": share, "to_value": needed / (1 - share + needed)}


def _recorded_changes(given: _Given, above: Assessment, below: Assessment) -> Iterator[dict[str, object]]:
    """Yield each recorded fact that would close the gap alone: depth or season of a port, depth of water."""
    shares = [given.shares(one).get(PORT, 0.0) for one in (above, below)]
    if any(shares):
        parts = [one.contributions.get(PORT, 0.0) for one in (above, below)]
        rest = (_total(above) - parts[0] - _total(below) + parts[1]) / 100
        upper, lower = (
            (given.of.berths[one.site_id], share) for one, share in zip((above, below), shares, strict=True)
        )
        for record in port_records(given.world, given.of.deep, upper, lower, rest):
            yield _recorded(_row(above, below, RECORDED, PORT), record)
    for row in _fact_changes(given, above, below):
        criterion = given.world.criteria[str(row["criterion_id"])]
        values = float(str(row["from_value"])), float(str(row["to_value"]))
        found = depth_record(given.world, given.of.subjects[str(row["site_id"])], criterion, values)
        if found is not None:
            yield _recorded({**row, "change": RECORDED}, found)


def _recorded(row: dict[str, object], record: Record) -> dict[str, object]:
    return {
        **row, "field": record.field, "field_of": record.name, "from_recorded": record.now,
        "to_recorded": record.needed, "from_value": 0.0, "to_value": record.size,
    }  # fmt: skip
