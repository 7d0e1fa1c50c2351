"""Criteria, value functions, weights and gates as data: read from data/methods, no bare numbers in code."""

from __future__ import annotations

import dataclasses
import functools
import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from oreway.later import later
from oreway.layers.catalog import DATA
from oreway.layers.vocabulary import HALF_LIFE, LINEAR
from oreway.said import listed
from oreway.scoring.errors import ScoringError
from oreway.scoring.sayings import ScoringSaying

with later(__name__):
    import pandas as pd

    from oreway.layers.read import read_table, read_text_table

PROFILES = ("greenland", "outback", "seabed", "equal")
SHAPES = (HALF_LIFE, LINEAR)
TABLES = (
    "criteria",
    "value_functions",
    "settings",
    "weights",
    "classes",
    "port_draught",
    "port_season",
    "seabed",
    "refinery_fit",
    "places",
    "parameters",
    "networks",
    "gates",
    "unfc",
    "unfc_g",
    "unit_costs",
    "joined_land",
)
COMPLETENESS = "completeness"  # of several files, one for each kind of layer  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class ValueFunction:
    """Value of a distance (or depth) d: 1 up to d0, then falling with x = (c*d - d0)/h, c the detour of the way.

    shape: half_life for 2^-x; linear for 1 - x/reach, 0 from x = reach on. h is the distance whose link costs 10 % of
    a reference capital, so that a reach of 5 is linear in cost and ends at half of that capital.
    """

    class_: str
    d0: float
    h: float
    circuity_low: float
    circuity: float
    circuity_high: float
    reach: float = 5.0
    shape: str = HALF_LIFE

    def value(self, amount: float, circuity: float | None = None) -> float:
        """Return the value in [0, 1] of a distance (or depth); the base detour unless one is given."""
        return float(self.curve(np.float64(amount), self.circuity if circuity is None else circuity))

    def curve(self, amount: npt.NDArray[np.float64] | np.float64, circuity: float) -> npt.NDArray[np.float64]:
        """Return the values in [0, 1] of many amounts, in their shape."""
        beyond = np.maximum(0.0, amount * circuity - self.d0) / self.h
        if self.shape == LINEAR:
            return np.asarray(np.maximum(0.0, 1.0 - beyond / self.reach))
        return np.asarray(np.exp2(-beyond))

    def amount(self, value: float) -> float:
        """Return the farthest distance (or depth) that has this base value; NaN where none has."""
        if not 0 <= value <= 1 or (value == 0 and self.shape == HALF_LIFE):
            return math.nan
        beyond = self.reach * (1 - value) if self.shape == LINEAR else -math.log2(value)
        return (self.d0 + self.h * beyond) / self.circuity

    def values(self, low: float, amount: float, high: float) -> tuple[float, float, float]:
        """Return (low, base, high) value: the far bound with the longest detour, the near one with the shortest."""
        return self.value(high, self.circuity_high), self.value(amount), self.value(low, self.circuity_low)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Criterion:
    """One thing a site is judged by, with its value functions by setting."""

    id: str
    title: str
    group: str
    scale: str
    class_: str
    rationale: str
    source: str
    functions: Mapping[str, tuple[ValueFunction, ...]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Gate:
    """A condition that stands beside the score and is never averaged into it; empty selectors fit every site."""

    id: str
    title: str
    country_codes: tuple[str, ...]
    settings: tuple[str, ...]
    kinds: tuple[str, ...]
    commodities: tuple[str, ...]
    fact_fields: tuple[str, ...]
    closed_at_ppm_u: float | None
    reason_missing: str
    source_url: str
    as_of: str

    def applies(self, country_code: str, setting: str, kind: str, commodities: tuple[str, ...]) -> bool:
        """Tell whether this gate has to be judged for a site."""
        return (
            (not self.country_codes or country_code in self.country_codes)
            and (not self.settings or setting in self.settings)
            and (not self.kinds or kind in self.kinds)
            and (not self.commodities or bool(set(self.commodities) & set(commodities)))
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Methods:
    """Every method table, read once: criteria, gates, weights and the plain look-up tables."""

    criteria: Mapping[str, Criterion]
    gates: tuple[Gate, ...]
    weights: Mapping[str, Mapping[str, float]]
    tables: Mapping[str, pd.DataFrame]
    parameters: Mapping[str, float]

    def profile_for(self, setting: str) -> str:
        """Return the weight profile a setting uses by default."""
        return self._setting(setting, "profile")

    def values_from(self, setting: str) -> str:
        """Return the setting whose value functions are used."""
        return self._setting(setting, "values_from")

    def _setting(self, setting: str, column: str) -> str:
        if setting not in self._settings:
            raise ScoringError(ScoringSaying.NO_SETTING(repr(setting), listed(self._settings)))
        return self._settings[setting][column]

    @functools.cached_property
    def _settings(self) -> dict[str, dict[str, str]]:
        rows = self.tables["settings"].to_dict("records")
        return {str(row["setting"]): {str(key): str(value) for key, value in row.items()} for row in rows}

    def profile_weights(self, profile: str) -> Mapping[str, float]:
        """Return the weights of a profile.

        Raises:
            ScoringError: no such profile.
        """
        if profile not in self.weights:
            raise ScoringError(ScoringSaying.NO_PROFILE(repr(profile), listed(self.weights)))
        return self.weights[profile]


def words(text: str) -> tuple[str, ...]:
    """Return the parts of a ";" list."""
    return tuple(part.strip() for part in str(text).split(";") if part.strip())


def _functions(rows: pd.DataFrame, reach: float) -> Mapping[str, tuple[ValueFunction, ...]]:
    made: dict[str, tuple[ValueFunction, ...]] = {}
    for row in rows.to_dict("records"):
        one = ValueFunction(
            class_=row["class"], d0=float(row["d0"]), h=float(row["h"]), circuity_low=float(row["circuity_low"]),
            circuity=float(row["circuity"]), circuity_high=float(row["circuity_high"]), reach=reach,
        )  # fmt: skip
        made[row["setting"]] = (*made.get(row["setting"], ()), one)
    return made


def _criteria(tables: Mapping[str, pd.DataFrame], reach: float) -> dict[str, Criterion]:
    functions = tables["value_functions"]
    return {
        row["criterion_id"]: Criterion(
            id=row["criterion_id"],
            class_=row["class"],
            functions=_functions(functions[functions["criterion_id"] == row["criterion_id"]], reach),
            **{key: row[key] for key in ("title", "group", "scale", "rationale", "source")},
        )
        for row in tables["criteria"].to_dict("records")
    }


def _gates(table: pd.DataFrame) -> tuple[Gate, ...]:
    lists = ("country_codes", "settings", "kinds", "commodities", "fact_fields")
    return tuple(
        Gate(
            id=row["gate_id"],
            title=row["title"],
            closed_at_ppm_u=float(row["closed_at_ppm_u"]) if row["closed_at_ppm_u"] else None,
            reason_missing=row["reason_missing"],
            source_url=row["source_url"],
            as_of=row["as_of"],
            **{key: words(row[key]) for key in lists},
        )
        for row in table.to_dict("records")
    )


def _weights(table: pd.DataFrame) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for row in table.to_dict("records"):
        found.setdefault(row["profile"], {})[row["criterion_id"]] = float(row["weight"])
    return found


def read_methods(data: Path = DATA) -> Methods:
    """Read every method table of data/methods.

    Raises:
        CatalogError: a table is missing.
        ScoringError: a cell that has to be a number is none, or a column is missing.
    """
    tables = {name: read_table(name, data) for name in TABLES}
    parts = sorted((data / "methods").glob(f"{COMPLETENESS}*.csv"))
    shares = [read_text_table(path).reindex(columns=["country_code", "class", "share"]) for path in parts]
    tables[COMPLETENESS] = pd.concat(shares, ignore_index=True) if shares else pd.DataFrame(columns=["share"])
    try:
        parameters = {row["name"]: float(row["value"]) for row in tables["parameters"].to_dict("records")}
        return Methods(
            criteria=_criteria(tables, parameters["linear_reach"]),
            gates=_gates(tables["gates"]),
            weights=_weights(tables["weights"]),
            tables=tables,
            parameters=parameters,
        )
    except (KeyError, ValueError) as error:
        raise ScoringError(ScoringSaying.METHOD_TABLE(error)) from None
