"""The facts of a site as rows for people: value with unit, category, date, source, and whether it has aged."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from oreway.later import later
from oreway.layers.vocabulary import Backing, Confidence, FactState

with later(__name__):
    import pandas as pd

    from oreway.layers.backing import decides
    from oreway.layers.schema import as_number
    from oreway.outputs.report.contents import Fact, FactGroup
    from oreway.outputs.words.formatting import (
        Language,
        date_text,
        fact_label,
        free_word,
        label,
        phrase,
        readable,
        spoken,
    )
    from oreway.outputs.words.money import money

STALE_MONTHS = 18
THEMES: dict[str, str] = {
    "theme_resource": "resource reserve grade contained cutoff exploration_target host_unit hreo ndpr mine_plan "
    "recoverable concentrate_grade drill samples years_of_demand",
    "theme_rock": "host_mineral deposit_model u_ppm u3o8 th_ppm tho2 radioactivity geometry burial process recovery",
    "theme_study": "capex opex npv irr mine_life basket funding study economics schedule production_total",
    "theme_chain": "planned capacity output products feed offtake refined_at throughput chain china_share world_share "
    "quota group_capacity programme",
    "theme_place": "logical_port quoted_distance infrastructure water_depth area season location address trial "
    "lujavrite land_use position",
    "theme_law": "gate licence permit owner operator status environment heritage arbitration",
}
MARKED = {Confidence.CONFLICT, Confidence.UNVERIFIED, Confidence.DERIVED, Confidence.LOW}


def latest_day(as_of: str) -> datetime.date | None:
    """Return the last day that YYYY, YYYY-MM or YYYY-MM-DD can mean, so that age is never overstated."""
    parts = [int(part) for part in as_of.split("-")] if as_of else []
    if not parts:
        return None
    if len(parts) == 3:
        return datetime.date(parts[0], parts[1], parts[2])
    year, month = (parts[0], parts[1]) if len(parts) == 2 else (parts[0], 12)
    following = datetime.date(year + month // 12, month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)


def stale(as_of: str, created: datetime.date, months: int = STALE_MONTHS) -> bool:
    """Tell whether the date of a figure lies more than so many months before the day the page or report is made."""
    latest = latest_day(as_of)
    if latest is None:
        return False
    limit = created.year * 12 + created.month - 1 - months
    year, month = divmod(limit, 12)
    return (latest.year, latest.month - 1, latest.day) < (year, month, created.day)


def figure(text: str) -> str:
    """Return a number with thousands separators and the decimals it came with; other text as it is."""
    if as_number(text) is None or "e" in text.lower():
        return text
    whole, _, decimals = text.partition(".")
    grouped = f"{int(whole):,}" if whole.lstrip("-").isdigit() else whole
    return (f"{grouped}.{decimals}" if decimals else grouped).replace("-", "−")


def value_text(fact: Mapping[str, Any], lang: Language = "en") -> str:
    """Return value, range and unit of a fact."""
    value, low, high = (str(fact[key] or "") for key in ("value", "low", "high"))
    sums = {text: money(text, fact["unit"], lang) for text in (value, low, high) if text}
    said = sums if sums and all(sums.values()) else {text: figure(text) for text in sums}
    text = date_text(value, lang) if fact["unit"] == "date" else said.get(value, "")
    if low and high:
        bounds = "–".join(said[bound] for bound in dict.fromkeys((low, high)))
    else:
        bounds = f"≥ {said[low]}" if low else f"≤ {said[high]}" if high else ""
    if value in {"", low, high} and bounds:
        text = bounds
    elif bounds:
        text = f"{text} ({bounds})"
    return text if said is sums or fact["unit"] in {"", "date"} else f"{text} {free_word(fact['unit'], lang)}"


def theme(field: str) -> str:
    """Return the theme under which a field is printed."""
    for key, starts in THEMES.items():
        if field.startswith(tuple(starts.split())):
            return key
    return "theme_other"


def fact_row(fact: Mapping[str, Any], names: Mapping[str, str], created: datetime.date, lang: Language) -> Fact:
    """Return one fact as texts; a category that is a site is printed by its name."""
    category = str(fact["category"] or "")
    note, source = readable(str(fact["note"] or ""), lang), str(fact["source_title"])
    return {
        "fact": fact_label(str(fact["field"]), lang),
        "value": value_text(fact, lang),
        "marks": ", ".join(label(mark, lang) for mark in _marks(fact)),
        "state": str(fact["state"] or ""),
        "note": phrase(note, lang),
        "spoken": spoken(note, lang),
        "category": ", ".join(
            part for part in (names.get(category) or free_word(category, lang), str(fact["code"] or "")) if part
        ),
        "as_of": date_text(str(fact["as_of"] or "—"), lang),
        "stale": stale(str(fact["as_of"] or ""), created),
        "source": phrase(source, lang),
        "source_spoken": spoken(source, lang),
        "url": str(fact["source_url"] or ""),
    }


def _marks(fact: Mapping[str, Any]) -> list[str]:
    """Return what stands beside a value: superseded or in conflict, a confidence that has to be seen, weak ground."""
    confidence = [fact["confidence"]] if fact["confidence"] in MARKED else []
    ground = fact.get("rests_on")
    weak = ground in {Backing.ONE_WEAK, Backing.ADDS_UP} and decides(str(fact["field"]))
    marks = [fact["state"], *confidence, *([ground] if weak else [])]
    return list(dict.fromkeys(str(mark) for mark in marks if mark))


def in_order(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the facts of one site field by field as they come: current ones first, then superseded ones."""
    order = {field: i for i, field in enumerate(dict.fromkeys(facts["field"]))}
    ranks = facts.assign(
        first=facts["field"].map(order), past=facts["state"] == FactState.SUPERSEDED, kind=facts["category"]
    )
    return facts.loc[ranks.sort_values(["first", "past", "kind"], kind="stable").index]


def factsheet(
    facts: pd.DataFrame, names: Mapping[str, str], created: datetime.date, lang: Language = "en"
) -> list[FactGroup]:
    """Return the facts by theme, superseded ones after the current ones of their field.

    Gates and gaps are left out, they have places of their own in the report.
    """
    rows = [{str(key): value for key, value in row.items()} for row in in_order(facts).to_dict("records")]
    order = [*THEMES, "theme_other"]
    groups: dict[str, list[Fact]] = {key: [] for key in order}
    for row in rows:
        if row["field"] == "gate" or row["confidence"] == Confidence.GAP:
            continue
        groups[theme(str(row["field"]))].append(fact_row(row, names, created, lang))
    return [{"title": label(key, lang), "rows": found} for key, found in groups.items() if found]
