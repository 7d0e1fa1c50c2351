"""Claim checks: announced figures against each other, with the arithmetic shown."""

import dataclasses
from pathlib import Path

import pandas as pd

from oreway.layers.catalog import DATA
from oreway.layers.read import current, read_table
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import ResourceCategory
from oreway.scoring.reasons import Code, Note, note

CONTAINED = ("measured", "indicated", "measured_indicated", "inferred")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Claim:
    """One figure that does not sit well with another; the reason carries the arithmetic."""

    id: str
    text: Note
    sources: tuple[str, ...]


def claims(facts: pd.DataFrame, data: Path = DATA) -> tuple[Claim, ...]:
    """Return the flags a careful reader would raise on one site's facts.

    Args:
        facts: the facts of one site; superseded ones raise no flag.
        data: the data folder; thresholds are in data/methods/claims.csv.
    """
    facts = current(facts)
    limits = read_table("claims", data).set_index("check")["value"].astype(float)
    highest = facts["high"].map(as_number).astype(float)
    numbers = facts.assign(number=facts["value"].map(as_number).astype(float).fillna(highest))
    found = [*_life(numbers, limits["min_life_years"]), *_returns(numbers, limits["max_irr_pct"])]
    return (*found, *_uncoded(facts))


def _contained_kt(numbers: pd.DataFrame) -> tuple[float, str] | None:
    rows = numbers[(numbers["field"] == "contained_reo_kt") & numbers["number"].notna()]
    totals = rows[rows["category"] == ResourceCategory.RESOURCE_TOTAL]
    if len(totals):
        best = totals.sort_values("as_of").iloc[-1]
        return float(best["number"]), str(best["source_title"])
    parts = rows[rows["category"].isin(CONTAINED)].drop_duplicates("category", keep="last")
    if parts.empty:
        return None
    return float(parts["number"].sum()), str(parts["source_title"].iloc[0])


def _life(numbers: pd.DataFrame, least_years: float) -> list[Claim]:
    contained = _contained_kt(numbers)
    if contained is None:
        return []
    planned = numbers[(numbers["field"] == "planned_output") & (numbers["unit"] == "t/y") & numbers["number"].gt(0)]
    planned = planned[planned["category"].str.contains("REO|concentrate", regex=True)]
    planned = planned[~planned["category"].str.endswith(" concentrate")]  # named for what it is: nobody calls it oxide
    found = []
    for row in planned.to_dict("records"):
        years = contained[0] * 1000 / row["number"]
        if years >= least_years:
            continue
        code = Code.LIFE_CONCENTRATE if "concentrate" in row["category"] else Code.LIFE_OUTRUN
        text = note(code, float(row["number"]), str(row["category"]), contained[0], float(years))
        found.append(Claim(id="life", text=text, sources=(str(row["source_title"]), contained[1])))
    return found


def _returns(numbers: pd.DataFrame, most_pct: float) -> list[Claim]:
    rows = numbers[(numbers["field"] == "irr_pct") & numbers["number"].gt(most_pct)]
    return [
        Claim(
            id="irr",
            text=note(Code.HIGH_RETURN, float(row["number"]), str(row["category"] or row["as_of"]), float(most_pct)),
            sources=(str(row["source_title"]),),
        )
        for row in rows.to_dict("records")
    ]


def _uncoded(facts: pd.DataFrame) -> list[Claim]:
    rows = facts[facts["field"].isin(["resource_mt", "reserve_mt"]) & (facts["value"] != "")]
    bad = rows[rows["category"].isin(["", ResourceCategory.UNCLASSIFIED])]
    return [
        Claim(
            id="category",
            text=note(Code.UNCODED, str(row["value"]), str(row["unit"])),
            sources=(str(row["source_title"]),),
        )
        for row in bad.to_dict("records")
    ]
