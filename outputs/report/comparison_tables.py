"""Two to four sites side by side: what differs, said in words, and the tables behind it."""

import itertools
import math
from collections.abc import Mapping, Sequence

import pandas as pd

from oreway.outputs.words.formatting import Language, class_label, km, label, nil_label, number, place_name
from oreway.scoring.build.bill import Bill
from oreway.scoring.judge.assess import Assessment

MOST_DIFFERENCES = 3
SMALL_POINTS = 1.0


def differences(found: Mapping[str, Assessment], first: str, second: str) -> list[tuple[str, float]]:
    """Return the criteria that set two sites apart, largest first: points of the first less points of the second.

    Only criteria known for both are compared; differences below one point are left out.
    """
    one, other = found[first].contributions, found[second].contributions
    gaps = [(name, one[name] - other[name]) for name in one if name in other]
    large = [gap for gap in gaps if abs(gap[1]) >= SMALL_POINTS]
    return sorted(large, key=lambda gap: -abs(gap[1]))[:MOST_DIFFERENCES]


def pairs(found: Mapping[str, Assessment], site_ids: Sequence[str]) -> list[tuple[str, str, float]]:
    """Return neighbours by score among those judged with the same weights: (upper, lower, points between them)."""
    told = []
    for profile in dict.fromkeys(found[key].profile for key in site_ids if key in found):
        totals = {key: found[key].total for key in site_ids if key in found and found[key].profile == profile}
        scored = sorted(((key, total) for key, total in totals.items() if total is not None), key=lambda one: -one[1])
        told += [(a, b, high - low) for (a, high), (b, low) in itertools.pairwise(scored)]
    return told


def comparable(found: Mapping[str, Assessment], site_ids: Sequence[str]) -> bool:
    """Tell whether all were judged with the same weights, so that their scores may be compared."""
    return len({found[key].profile for key in site_ids if key in found}) < 2


def distance_table(nearest: Mapping[str, pd.DataFrame], names: Mapping[str, str], lang: Language) -> pd.DataFrame:
    """Return what is nearest to each site, one column a site; the nearest of a row is marked with ●.

    Args:
        nearest: rows of `scoring.measure.measure.nearest` by site_id.
        names: name by site_id.
        lang: language of the words.
    """
    rows: dict[str, dict[str, str]] = {}
    classes = dict.fromkeys(name for table in nearest.values() for name in table["class"])
    for class_ in classes:
        found = {key: table[table["class"] == class_].iloc[0] for key, table in nearest.items()}
        distances = {key: float(row["distance_km"]) for key, row in found.items() if not row["nil"]}
        least = min(distances.values(), default=math.nan)
        rows[class_label(class_, lang, short=True)] = {
            names[key]: _cell(row, distances.get(key), least, lang) for key, row in found.items()
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def _cell(row: pd.Series, distance_km: float | None, least_km: float, lang: Language) -> str:
    if distance_km is None or math.isnan(distance_km):
        return nil_label(str(row["nil"]) or "unknown", lang)
    mark = "● " if distance_km == least_km else ""
    named = place_name({str(key): value for key, value in row.items()}, lang)
    return f"{mark}{km(distance_km, lang)} {named}".strip()


def bill_table(bills: Mapping[str, Bill], names: Mapping[str, str], lang: Language) -> pd.DataFrame:
    """Return the items of the access bills in US$ million, one column a site, and their sums."""
    rows: dict[str, dict[str, str]] = {}
    for key, bill in bills.items():
        totals = bill.items.groupby("item_id", sort=False)["cost_usd_m"].sum()
        for item_id, cost in totals.items():
            rows.setdefault(label(f"item_{item_id}", lang), {})[names[key]] = number(float(cost), 0, lang)
    for key, bill in bills.items():
        rows.setdefault(label("itemised", lang), {})[names[key]] = number(bill.base, 0, lang)
        span = f"{number(bill.p50, 0, lang)} ({number(bill.p10, 0, lang)}–{number(bill.p90, 0, lang)})"
        rows.setdefault(label("bill_p50", lang), {})[names[key]] = span
    return pd.DataFrame.from_dict(rows, orient="index", columns=[names[key] for key in bills]).fillna("–")
