"""One site with what is needed to judge it: its row, its facts, and what was measured of it."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from oreway.geo.geodesy import distance_km
from oreway.layers.read import read_table
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import Confidence, FactState
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World

DEPTH = "water_depth_m"
MUD = "apatite"  # what carries the rare earths of the mud
CurrentFacts = Mapping[str, list[dict[str, str]]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Subject:
    """One site with what is needed to value it: row, facts, facts of the enclosing site, measurements by class."""

    site_id: str
    site: Mapping[str, object]
    facts: CurrentFacts
    rows: Mapping[str, Mapping[str, object]]
    setting: str
    enclosing: CurrentFacts = dataclasses.field(default_factory=dict)

    @property
    def place(self) -> tuple[float, float]:
        """Return where the site is measured from, (lon, lat)."""
        return number(self.site["lon"]), number(self.site["lat"])

    def fact_rows(self, field: str) -> list[dict[str, str]]:
        """Return the site's current facts of one field, gaps left out."""
        return self.facts.get(field, [])

    def depth_range(self) -> tuple[float, float, float] | None:
        """Return (low, middle, high) metres of water from the site's facts, else from those of the enclosing site."""
        for rows in (self.fact_rows(DEPTH), self.enclosing.get(DEPTH, [])):
            found = [known for fact in rows if (known := number_range(fact)) is not None]
            if found:
                return min(one[0] for one in found), found[0][1], max(one[2] for one in found)
        return None


def number(value: object) -> float:
    """Return a number of a table of mixed columns."""
    return float(str(value))


@kept("facts")
def facts_of(world: World, site_id: str) -> CurrentFacts:
    """Return the current facts of one site of a world by field; empty where it has none."""
    rows = _facts_by_site(world).get(site_id)
    return {} if rows is None else current_facts(rows)


@kept("facts")
def _facts_by_site(world: World) -> dict[str, pd.DataFrame]:
    return {str(key): rows for key, rows in world.facts.groupby("site_id")}


def current_facts(facts: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    """Return the current facts by field, gaps and superseded ones left out, in the order of the table."""
    rows: dict[str, list[dict[str, str]]] = {}
    if facts.empty:
        return rows
    for row in facts.to_dict("records"):
        if row["confidence"] != Confidence.GAP and row["state"] != FactState.SUPERSEDED:
            rows.setdefault(str(row["field"]), []).append({str(key): str(value) for key, value in row.items()})
    return rows


def number_range(fact: Mapping[str, str]) -> tuple[float, float, float] | None:
    """Return (low, middle, high) of a numeric fact; the middle of a range is its mean when no value is given."""
    low, value, high = (as_number(fact[key]) for key in ("low", "value", "high"))
    known = [one for one in (low, value, high) if one is not None]
    if not known:
        return None
    return min(known), value if value is not None else sum(known) / len(known), max(known)


@dataclasses.dataclass(frozen=True, kw_only=True)
class NamedPort:
    """A port that a site's facts name as the one it would use, and the fact that names it."""

    feature_id: str
    name: str
    lon: float
    lat: float
    fact: Mapping[str, str]

    def distances(self, subject: Subject) -> tuple[float, float, float]:
        """Return (low, measured, high) kilometres from the site, the site's position error taken into account."""
        km = distance_km(*subject.place, self.lon, self.lat)
        slack = number(subject.site["position_accuracy_km"])
        return max(0.0, km - slack), km, km + slack


def logical_port(world: World, subject: Subject) -> NamedPort | None:
    """Return the port the site's facts name last as the one it would use, its country's first; None if not held."""
    ids, ports = _port_names(world), world.infrastructure["ports"]
    home, country = subject.site.get("country_code"), _port_countries(world)
    for fact in sorted(subject.fact_rows("logical_port"), key=lambda fact: fact.get("as_of", ""), reverse=True):
        found = ids.get(fact["value"].casefold(), [])
        chosen = [key for key in found if country.get(key) == home] or found
        if chosen:
            shape: Any = ports.geometry.loc[chosen[0]]
            name = str(ports["name"].loc[chosen[0]])
            return NamedPort(feature_id=chosen[0], name=name, lon=float(shape.x), lat=float(shape.y), fact=fact)
    return None


@kept("ports")
def _port_countries(world: World) -> dict[str, str]:
    codes = world.infrastructure["ports"]["country_code"].fillna("")
    return {str(key): str(code) for key, code in codes.items()}


@kept("ports")
def _port_names(world: World) -> dict[str, list[str]]:
    """Return port ids by each part of their names: "Gronnedal (Kangilinnguit)" is found by either word."""
    names: dict[str, list[str]] = {}
    for key, name in world.infrastructure["ports"]["name"].items():
        for part in re.split(r"[()/-]| ko$", str(name).casefold()):
            names.setdefault(part.strip(), []).append(str(key))
    for row in read_table("port_aliases").to_dict("records"):
        names[str(row["name"]).casefold()] = [str(row["feature_id"])]
    return names


def subjects(world: World, measurements: pd.DataFrame, kinds: tuple[str, ...]) -> Iterator[Subject]:
    """Yield each site of some kinds in a measurements frame with its facts and its rows by class."""
    asked = world.sites.loc[measurements["site_id"].unique()]
    rows: dict[str, dict[str, Mapping[str, object]]] = {}
    for row in measurements.to_dict("records"):
        rows.setdefault(str(row["site_id"]), {})[str(row["class"])] = {str(key): value for key, value in row.items()}
    for key, site in asked.to_dict("index").items():
        if site["kind"] in kinds:
            yield Subject(
                site_id=str(key), site={str(name): value for name, value in site.items()},
                facts=facts_of(world, str(key)), enclosing=facts_of(world, str(site.get("parent_id", ""))),
                setting=str(site["setting"]), rows=rows[str(key)],
            )  # fmt: skip
