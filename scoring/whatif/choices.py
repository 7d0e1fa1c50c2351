"""Which facts of a site a what-if may change, with what they are now: for menus in place of typed words."""

import dataclasses

import pandas as pd

from oreway.layers.schema import as_number
from oreway.layers.vocabulary import Confidence, FactState, Setting
from oreway.scoring.judge.gates import STRICTEST_FIRST, UNKNOWN, gates_of
from oreway.scoring.judge.subject import DEPTH
from oreway.scoring.whatif.changes import GATE, SITE_FIELDS
from oreway.scoring.world.world import World


@dataclasses.dataclass(frozen=True, kw_only=True)
class FactChoice:
    """One fact that may be changed: its field (and category), what it is now, and the words it may take.

    words is empty for a number or a text; is_number tells which.
    """

    field: str
    now: str
    words: tuple[str, ...] = ()
    category: str = ""
    unit: str = ""
    is_number: bool = False

    def said(self, site_id: str, value: str) -> str:
        """Return the change as SITE:FIELD.CATEGORY=VALUE, as `changes.read_change` takes it."""
        return f"{site_id}:{self.field}{'.' if self.category else ''}{self.category}={value}"


def fact_choices(world: World, site_id: str) -> tuple[FactChoice, ...]:
    """Return what may be changed of a site: stage, standing, place, its gates, and the numbers a judgement reads."""
    site = world.sites.loc[site_id]
    facts = world.facts[
        (world.facts["site_id"] == site_id)
        & (world.facts["confidence"] != Confidence.GAP)
        & (world.facts["state"] != FactState.SUPERSEDED)
    ]
    place = str(site["country_code"]), str(site["setting"]), str(site["kind"]), str(site["commodities"])
    stated = facts[facts["field"] == GATE].drop_duplicates("category").set_index("category")["value"].to_dict()
    asked = [gate for gate in world.gates if gate in gates_of(world, *place) or gate.id in stated]
    found = [_of_site(field, str(site[field])) for field in SITE_FIELDS]
    found += [
        FactChoice(field=GATE, category=gate.id, now=str(stated.get(gate.id, UNKNOWN)), words=STRICTEST_FIRST)
        for gate in asked
    ]
    read = [(name, "ppm") for gate in asked for name in gate.fact_fields]
    read += [(DEPTH, "m")] if site["setting"] == Setting.SEABED else []
    return (*found, *(one for name, unit in read for one in _numbers(facts, name, unit)))


def _numbers(facts: pd.DataFrame, field: str, unit: str) -> list[FactChoice]:
    """Return the numbers a site has of a field, or one that is not known yet."""
    rows = facts[(facts["field"] == field) & facts["value"].map(lambda value: as_number(value) is not None)]
    kept = rows.drop_duplicates("category").to_dict("records")
    told = [FactChoice(field=field, category=row["category"], now=row["value"], unit=row["unit"], is_number=True)
            for row in kept]  # fmt: skip
    return told or [FactChoice(field=field, now="", unit=unit, is_number=True)]


def _of_site(field: str, now: str) -> FactChoice:
    choices = SITE_FIELDS[field]
    return FactChoice(field=field, now=now, words=choices, is_number=not choices and as_number(now) is not None)
