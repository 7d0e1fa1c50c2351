"""Everything known of one site in one piece: what the page, the report and `oreway show` print."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from oreway.layers.vocabulary import Confidence
from oreway.scoring.judge.assess import Assessment, assess_sites
from oreway.scoring.measure.measure import chosen_sites, measure
from oreway.scoring.reasons import Code, Note, note, recorded
from oreway.scoring.world.world import World


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dossier:
    """One site: its row, its facts, what is nearest, the judgement (None where the kind is not scored) and notes.

    notes say what is not known, each by itself.
    """

    site: Mapping[str, object]
    facts: pd.DataFrame
    nearest: pd.DataFrame
    assessment: Assessment | None
    data_version: str
    notes: tuple[Note, ...]


def dossier(
    world: World, site_id: str, *, profile: str | None = None, weights: Mapping[str, float] | None = None
) -> Dossier:
    """Return everything known of a site.

    Raises:
        ScoringError: no such site, profile or weight.
    """
    return next(dossiers(world, [site_id], profile=profile, weights=weights))


def dossiers(
    world: World,
    site_ids: Sequence[str],
    *,
    profile: str | None = None,
    weights: Mapping[str, float] | None = None,
) -> Iterator[Dossier]:
    """Yield everything known of each site, in the order asked; all are measured and judged at once.

    Raises:
        ScoringError: no such site, profile or weight.
    """
    rows = chosen_sites(world, site_ids)
    measurements = measure(world, site_ids)
    judged = assess_sites(world, site_ids, profile=profile, weights=weights)
    by_site = {str(key): own for key, own in measurements.groupby("site_id", sort=False)}
    for site_id, row in rows.iterrows():
        key = str(site_id)
        facts = world.facts[world.facts["site_id"] == key].reset_index(drop=True)
        measured = by_site[key].reset_index(drop=True)
        yield Dossier(
            site={"site_id": key, **{str(name): _plain(value) for name, value in row.items()}},
            facts=facts,
            nearest=measured.drop(columns="site_id"),
            assessment=judged.get(key),
            data_version=world.data_version,
            notes=_notes(facts, measured, judged.get(key), world),
        )


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    return value


def _notes(facts: pd.DataFrame, measurements: pd.DataFrame, found: Assessment | None, world: World) -> tuple[Note, ...]:
    notes = [
        note(Code.CLASS_UNKNOWN, str(row["class"]), row["note"])
        for row in measurements[measurements["nil"] == "unknown"].to_dict("records")
    ]
    if found is not None:
        measured = set(measurements["class"])
        for name in found.missing:
            criterion = world.criteria[name]
            if criterion.class_ not in measured or criterion.class_ == "":
                notes.append(note(Code.CRITERION_UNKNOWN, recorded(criterion.title)))
        notes += [note(Code.GATE_UNKNOWN, gate.id, gate.reason) for gate in found.gates if gate.state == "unknown"]
    gaps = facts[facts["confidence"] == Confidence.GAP]
    notes += [note(Code.FACT_GAP, str(row["field"]), recorded(row["note"])) for row in gaps.to_dict("records")]
    return tuple(dict.fromkeys(notes))
