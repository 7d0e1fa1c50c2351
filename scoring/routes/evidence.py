"""What is on record about plants, ready to be asked: feeds by plant, owners, ties, public rules, blocs, chain steps."""

import dataclasses
import functools
from collections.abc import Iterable, Mapping

import pandas as pd

from oreway.layers.evidence import PAUSE, read_evidence
from oreway.layers.read import read_table
from oreway.layers.rule_days import spans
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import Bloc, ControlEffect, ControlKind, Tie
from oreway.scoring.routes.fit import CONTRACTS, TieOnRecord, ties_by_site, words

RARE_EARTHS = frozenset({"REE", "HREE", "LREE", "NdPr", "Nd", "Pr", "Y", "Sm", "Dy", "Tb"})


@dataclasses.dataclass(frozen=True, kw_only=True)
class Owner:
    """Who controls a plant: the largest owner on record, the country it answers to, and its share."""

    name: str
    country_code: str
    share_pct: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rule:
    """A dated public rule that opens or closes a way: an export control, a national programme."""

    rule_id: str
    kind: str
    effect: str
    since: str
    until: str
    source_title: str
    source_url: str
    note: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a chain as the tables tell it: what goes in, what comes out."""

    stage: str
    takes: tuple[str, ...]
    gives: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Evidence:
    """The tables, by what they are asked for."""

    feeds: Mapping[str, tuple[dict[str, str], ...]]
    owners: Mapping[str, Owner]
    ties: pd.DataFrame
    controls: tuple[dict[str, str], ...]
    blocs: Mapping[str, str]
    minerals: pd.DataFrame
    elements: pd.DataFrame
    steps: Mapping[str, tuple[Step, ...]]

    @functools.cached_property
    def _ties(self) -> dict[str, tuple[TieOnRecord, ...]]:
        return ties_by_site(self.ties)

    def ties_of(self, site_id: str) -> tuple[TieOnRecord, ...]:
        """Return the ties of a site, the strongest first, lapsed ones last."""
        return self._ties.get(site_id, ())

    def bloc(self, country_code: str) -> str:
        """Return the bloc of a country; "other" for one the table does not name."""
        return self.blocs.get(country_code, Bloc.OTHER.value)

    def rules(self, from_country: str, stages: frozenset[str], elements: frozenset[str], on: str) -> tuple[Rule, ...]:
        """Return the public rules in force on a day for what a country's plants make.

        Args:
            from_country: where the plant stands.
            stages: the steps it performs.
            elements: what it makes.
            on: the day, YYYY-MM-DD.
        """
        return tuple(
            Rule(**{field.name: row[field.name] for field in dataclasses.fields(Rule)})
            for row in self.controls
            if row["from_country"] == from_country
            and row["kind"] == ControlKind.EXPORT_CONTROL
            and self.in_force(row, on)
            and stages & {*words(row["stages"])}
            and _concerns(elements, frozenset(words(row["elements"])))
        )

    def in_force(self, row: Mapping[str, str], on: str) -> bool:
        """Tell whether a rule holds on a day: it has begun, has not ended, and no row pauses it on that day."""
        pause = f"{row['rule_id']}{PAUSE}"
        paused = any(other["rule_id"] == pause and spans(other["since"], other["until"], on) for other in self.controls)
        return row["effect"] != ControlEffect.SUSPENDED and spans(row["since"], row["until"], on) and not paused

    def feeding(self, site_id: str, within: str = "") -> set[str]:
        """Return the plants that name a site, or what it is a part of, as a source of their feed."""
        names = {site_id, within or site_id}
        return {
            name
            for name, rows in self.feeds.items()
            if any(not names.isdisjoint(words(row["captive_sources"])) for row in rows)
        }

    def made_by_bound(self, site_id: str, ties: Iterable[TieOnRecord], within: str = "") -> frozenset[str]:
        """Return what the plants make that own, have bought from, or name a site or what it is a part of."""
        bound = {one.refinery_id for one in ties if one.holds and Tie(one.tie) in CONTRACTS}
        bound |= self.feeding(site_id, within)
        rows = [row for name in bound for row in self.feeds.get(name, ())]
        return frozenset(word for row in rows for word in words(row["elements"]))

    def steps_of(self, element: str) -> tuple[Step, ...]:
        """Return the steps from ore to product for an element, first to last; empty where none are known."""
        return self.steps.get("REE" if element in RARE_EARTHS else element, ())


def _concerns(made: frozenset[str], ruled: frozenset[str]) -> bool:
    """Tell whether a rule names what a plant makes; a plant of rare earths makes those of the rule too."""
    return bool(made & ruled) or bool(made & {"REE", "HREE"} and ruled & RARE_EARTHS)


@functools.cache
def evidence() -> Evidence:
    """Return the tables of evidence, read once."""
    feeds: dict[str, list[dict[str, str]]] = {}
    for row in read_evidence("plant_fit").to_dict("records"):
        feeds.setdefault(str(row["site_id"]), []).append({str(key): str(value) for key, value in row.items()})
    steps: dict[str, list[Step]] = {}
    for row in read_table("chain_steps").to_dict("records"):
        steps.setdefault(str(row["element"]), []).append(
            Step(stage=str(row["step"]), takes=words(row["takes"]), gives=str(row["gives"]))
        )
    controls = read_evidence("controls").to_dict("records")
    return Evidence(
        feeds={name: tuple(rows) for name, rows in feeds.items()},
        owners=_owners(read_evidence("owners")),
        ties=read_evidence("ties"),
        controls=tuple({str(key): str(value) for key, value in row.items()} for row in controls),
        blocs={str(row["country_code"]): str(row["bloc"]) for row in read_evidence("blocs").to_dict("records")},
        minerals=read_table("host_minerals"),
        elements=read_table("elements_made"),
        steps={name: tuple(rows) for name, rows in steps.items()},
    )


def _owners(table: pd.DataFrame) -> dict[str, Owner]:
    """Return the largest owner of each site whose country is on record."""
    found: dict[str, tuple[float, Owner]] = {}
    for row in table.to_dict("records"):
        site_id, share = str(row["site_id"]), as_number(str(row["share_pct"])) or 0.0
        owner = Owner(name=str(row["owner"]), country_code=str(row["owner_country"]), share_pct=str(row["share_pct"]))
        if site_id not in found or share > found[site_id][0]:
            found[site_id] = (share, owner)
    return {site_id: owner for site_id, (_, owner) in found.items()}
