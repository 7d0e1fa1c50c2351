"""A what-if in words and rows: who loses, who gains, what else changes; losers come first."""

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from oreway.outputs.words.formatting import Language, gate_state, label, number, stage_label, standing_label
from oreway.outputs.words.judgement_texts import WHAT_IF
from oreway.outputs.words.translation import translated

LEAST_POINTS = 0.05  # what rounds to less than a tenth of a point is no change
MOST_NAMED, MOST_DRAWN = 3, 12
OTHERS = ("rank", "bill", "chain_km", "refinery", "gates", "unfc")


def ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Return rows of `scoring.whatif.whatif.compare`: those that lose, worst first, those that gain, the others."""
    lost, won = moved(table)
    rest = table.drop(index=[*lost.index, *won.index])
    changed = _changed(rest)
    return pd.concat([lost, won, rest[changed], rest[~changed]], ignore_index=True)


def moved(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows that lose, the most first, and those that gain, the most first."""
    lost = table[table["gain"] <= -LEAST_POINTS].sort_values("gain", kind="stable")
    won = table[table["gain"] >= LEAST_POINTS].sort_values("gain", ascending=False, kind="stable")
    return lost, won


def _changed(table: pd.DataFrame) -> "pd.Series[bool]":
    found = pd.Series(data=False, index=table.index)
    for name in OTHERS:
        before, after = table[f"{name}_before"], table[f"{name}_after"]
        found |= (before != after) & ~(before.isna() & after.isna())
    return found


def is_changed(row: Mapping[Any, Any]) -> bool:
    """Tell whether anything of one row differs before and after."""
    one = pd.DataFrame([row])
    return bool(not pd.isna(row["gain"]) and abs(row["gain"]) >= LEAST_POINTS) or bool(_changed(one).iloc[0])


def value_words(field: str, value: str, lang: Language) -> str:
    """Return the new value of a fact in words where it is one of the vocabulary."""
    if field == "gate":
        return gate_state(value, lang)
    if field == "standing":
        return standing_label(value, lang)
    return stage_label(value, lang) if field == "stage" else value


def sentences(table: pd.DataFrame, names: Mapping[str, str], lang: Language) -> list[str]:
    """Return what happens, one sentence each: who loses, who gains, whose gates change, for whom only the rest does."""
    lost, won = moved(table)
    told = [_told("lose", lost, len(table), names, lang), _told("gain", won, len(table), names, lang)]
    told += [
        translated(WHAT_IF["gate"], lang).format(site=names[row["site_id"]], change=change)
        for row in table.to_dict("records")
        for change in gate_changes(str(row["gates_before"]), str(row["gates_after"]), lang)
    ]
    rest = int(_changed(table.drop(index=[*lost.index, *won.index])).sum())
    return [*told, translated(WHAT_IF["rest"], lang).format(number=rest)] if rest else told


def _told(which: str, rows: pd.DataFrame, count: int, names: Mapping[str, str], lang: Language) -> str:
    if rows.empty:
        return translated(WHAT_IF[f"{which}_none"], lang)
    named = label("comma", lang).join(
        f"{names[row['site_id']]} {signed(row['gain'], lang)}" for row in rows.head(MOST_NAMED).to_dict("records")
    )
    more = "" if len(rows) <= MOST_NAMED else "…"
    counted = f"{which}_one" if len(rows) == 1 else which
    told = translated(WHAT_IF[counted], lang).format(number=len(rows), all=count, named=f"{named}{more}")
    return told.replace("….", "…")


def signed(points: float, lang: Language) -> str:
    """Return points with their sign: +1.2, −3.1."""
    return f"{'+' if points > 0 else '−'}{number(abs(points), 1, lang)}"


def gate_changes(before: str, after: str, lang: Language) -> list[str]:
    """Return what differs between two texts of gates (`scoring.judge.gates.gate_text`), in words."""
    one, other = _gates(before), _gates(after)
    return [
        f"{label(gate, lang)}: {gate_state(one.get(gate, 'unknown'), lang)} → {gate_state(state, lang)}"
        for gate, state in other.items()
        if one.get(gate, state) != state
    ]


def gate_list(gates: str, lang: Language) -> str:
    """Return a text of gates in words."""
    return "; ".join(f"{label(gate, lang)}: {gate_state(state, lang)}" for gate, state in _gates(gates).items())


def _gates(text: str) -> dict[str, str]:
    parts = (part.partition("=") for part in text.split("; ") if part)
    return {gate: state for gate, _, state in parts}


def signs(table: pd.DataFrame, places: Mapping[str, tuple[float, float]], lang: Language) -> list[dict[str, Any]]:
    """Return the sites that gain or lose most as signs of the map: blue where they gain, orange where they lose.

    Args:
        table: rows of `scoring.whatif.whatif.compare`.
        places: (lon, lat) by site_id.
        lang: language of the numbers.
    """
    rows = pd.concat(moved(table))
    largest = rows.reindex(rows["gain"].abs().sort_values(ascending=False, kind="stable").index).head(MOST_DRAWN)
    return [
        {
            "points": [list(places[row["site_id"]])], "mode": "sea" if row["gain"] > 0 else "road", "sure": True,
            "text": signed(row["gain"], lang),
        }
        for row in largest.to_dict("records")
        if math.isfinite(row["gain"])
    ]  # fmt: skip
