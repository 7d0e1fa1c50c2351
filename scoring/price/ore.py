"""What is mined and at what grade: tonnes and grades of one category, or of the parts that make it up."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from oreway.layers.backing import ORE_PARTS, OUTPUTS, TONNAGES
from oreway.layers.vocabulary import Backing

TOTALS = ("reserve_total", "resource_total", "measured_indicated", "unclassified", "")
PLANNED = ("reserve_mt", "mine_plan_mt", "stockpile_mt")  # ore that a plan mines whole; a resource is not
CONTAINED = (("contained_reo_kt", "grade_treo_pct"), ("contained_sb_kt", "grade_sb_pct"))
RATE_FIELDS = ("throughput_mt_y", "throughput_kt_y", "planned_ore_rate")
RATE_UNITS = {"Mt/y": 1.0, "kt/y": 1e-3, "t/y": 1e-6, "t/day": 350e-6}
LIFE = "mine_life_years"
FIRST = re.compile(r"\b(?:phase|stage) 1\b")  # what is built first is what is priced
Row = Mapping[Any, Any]


def mined(facts: Sequence[Row]) -> list[Row]:
    """Return the facts that say how much ore is to be mined: one, or the parts that add up to it.

    Args:
        facts: facts of one site that hold, each with its `number`.
    """
    for field in TONNAGES:
        tonnes = {str(row["category"]): row for row in facts if row["field"] == field and row["unit"] == "Mt"}
        if tonnes:
            return _total(tonnes)
    fields = {row["field"] for row in facts}
    for contained, grade in CONTAINED:
        if contained in fields and grade in fields:
            return [row for row in facts if row["field"] == contained][-1:]
    return []


def _total(by_category: Mapping[str, Row]) -> list[Row]:
    for total in TOTALS:
        if total in by_category:
            return [by_category[total]]
    for parts in ORE_PARTS:
        if any(part in by_category for part in parts):
            return [by_category[part] for part in parts if part in by_category]
    return list(by_category.values())[-1:]


def ore_mt(rows: Sequence[Row], grades: Mapping[str, float]) -> float | None:
    """Return the ore of `mined` in Mt: their sum, or contained metal over its grade; None where neither is known."""
    if not rows:
        return None
    grade = dict(CONTAINED).get(str(rows[0]["field"]))
    if grade is None:
        return float(sum(row["number"] for row in rows))
    return float(rows[0]["number"]) / grades[grade] / 10 if grade in grades else None


def graded(facts: Sequence[Row], ore: Sequence[Row]) -> dict[str, Row]:
    """Return the grade of the ore by field: of its own category, or the mean of its parts weighted by their tonnes.

    Where its own category has none, the total's of another category is taken and the row says so (`borrowed`); the
    grade of an area or of a part is never that of the whole.

    Args:
        facts: as for `mined`.
        ore: what `mined` returned.
    """
    by_field: dict[str, dict[str, Row]] = {}
    for row in facts:
        if str(row["field"]).startswith("grade_"):
            by_field.setdefault(str(row["field"]), {}).setdefault(str(row["category"]), row)
    found = {}
    for field, rows in by_field.items():
        own = [rows[str(part["category"])] for part in ore if str(part["category"]) in rows]
        if own and len(own) == len(ore):
            found[field] = _mean(own, [float(part["number"]) for part in ore])
        elif other := _other(rows):
            found[field] = {**other, "borrowed": bool(ore)}
    return found


def _mean(rows: Sequence[Row], tonnes: Sequence[float]) -> Row:
    if len(rows) == 1:
        return rows[0]
    mean = sum(row["number"] * weight for row, weight in zip(rows, tonnes, strict=True)) / sum(tonnes)
    weak = any(row["rests_on"] == Backing.ONE_WEAK for row in rows)
    return {**rows[0], "number": mean, "rests_on": Backing.ONE_WEAK if weak else rows[0]["rests_on"]}


def _other(rows: Mapping[str, Row]) -> Row | None:
    classes = (*TOTALS, *(part for parts in ORE_PARTS for part in parts))
    return next((rows[name] for name in classes if name in rows), None)


def planned(facts: Sequence[Row]) -> list[Row]:
    """Return the facts of the site's own plan, its life and its ore rate: of the first phase where it has phases."""
    lives = [row for row in facts if row["field"] == LIFE]
    rates = [row for row in facts if row["field"] in RATE_FIELDS and row["unit"] in RATE_UNITS]
    return [*_first(lives), *_first(rates)]


def _first(rows: Sequence[Row]) -> Sequence[Row]:
    return [row for row in rows if FIRST.search(str(row["category"]))][:1] or rows[-1:]


def plan(facts: Sequence[Row], ore: Sequence[Row], tonnes: float | None) -> tuple[float | None, float | None]:
    """Return the ore rate (Mt a year) and the life (years) of the site's own plan, None where there is none.

    A life alone gives the rate of a reserve or of a plan's ore; a plan mines only a part of a resource.

    Args:
        facts: as for `mined`.
        ore: what `mined` returned.
        tonnes: the ore in Mt.
    """
    rows = {str(row["field"]): row for row in planned(facts)}
    life = float(rows[LIFE]["number"]) if LIFE in rows else None
    rates = [row for field, row in rows.items() if field in RATE_FIELDS]
    if rates:
        rate = float(rates[0]["number"]) * RATE_UNITS[str(rates[0]["unit"])]
        return rate, life if life is not None or tonnes is None else tonnes / rate
    if tonnes is None or life is None or str(ore[0]["field"]) not in PLANNED:
        return None, None
    return tonnes / life, life


def output(facts: Sequence[Row], words: str) -> Row | None:
    """Return the fact of what a site makes a year of a product: what it made last, else what it plans.

    Args:
        facts: as for `mined`.
        words: how the category of such a fact begins; "" finds none.
    """
    rows = [row for row in facts if words and row["unit"] == "t/y" and _of(str(row["category"]), words)]
    for field in OUTPUTS:
        made = [row for row in rows if row["field"] == field]
        if made:
            return max(made, key=lambda row: f"{row['as_of']}-12-31"[:10])
    return None


def _of(category: str, words: str) -> bool:
    return category == words or category.startswith(f"{words},")
