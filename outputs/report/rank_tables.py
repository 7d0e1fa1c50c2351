"""Ranks as tables: how stable they are, what would flip neighbours, and which sites no other beats on every count."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from oreway.outputs.words.formatting import NO_BREAK_SPACE, Language, class_label, gate_state, km, label, number
from oreway.outputs.words.translation import message, translated
from oreway.scoring.judge.assess import Assessment
from oreway.scoring.rank.acceptability import TOP, Acceptability
from oreway.scoring.rank.flips import FACT, RECORDED

FLIPS: Mapping[str, str] = {
    "fact": message("{site}: {what} at {to} instead of {from_}"),
    "value": message("{site}: value of {what} {to} instead of {from_}"),
    "berth_depth_m": message("{site}: {to} m of water at the berth instead of {from_}"),
    "berth_depth_m_unknown": message("{site}: {to} m of water at the berth, where no depth is recorded"),
    "open_months": message("{site}: open {to} months a year instead of {from_}"),
    "water_depth_m": message("{site}: {to} m of water instead of {from_}"),
    "weight": message("weight of {what} {to} instead of {from_}"),
    "equal": message("the same score: any change would; they stand in the order of their ids"),
}

MOST_DIGITS, JOINT = 6, 2.0
STABILITY = ("first_share", "first_error", "top3_share", "best_rank", "worst_rank")


def gate_words(one: Assessment, lang: Language = "en") -> str:
    """Return the gates of a site as one text."""
    return "; ".join(f"{label(gate.id, lang)}: {gate_state(gate.state, lang)}" for gate in one.gates)


def stability_table(found: Mapping[str, Assessment], answer: Acceptability, lang: Language = "en") -> pd.DataFrame:
    """Return peers best first: rank, total, share of first places ± its error, share of the top three, 90 % of ranks.

    Gates and UNFC code stand beside them as text.

    Args:
        found: peers that have a total, in the order of `answer`.
        answer: their acceptability.
        lang: language of the gates.
    """
    best, worst = answer.rank_range()
    first = answer.ranks[:, 0]
    return _ranked(
        found,
        {
            "first_share": 100 * first,
            "first_error": 100 * answer.standard_error(first),
            "top3_share": 100 * answer.ranks[:, :TOP].sum(axis=1),
            "best_rank": best,
            "worst_rank": worst,
        },
        lang,
    )


def plain_table(found: Mapping[str, Assessment], names: Mapping[str, str], lang: Language = "en") -> pd.DataFrame:
    """Return the table of `stability_table` with names while the stability is not known yet: its columns are empty."""
    table = _ranked(found, dict.fromkeys(STABILITY, np.nan), lang)
    table.insert(1, "name", [names[str(site_id)] for site_id in table.index])
    return table


def _ranked(found: Mapping[str, Assessment], stability: Mapping[str, object], lang: Language) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "total": [one.total for one in found.values()],
            **stability,
            "coverage": [100 * one.coverage for one in found.values()],
            "gates": [gate_words(one, lang) for one in found.values()],
            "unfc": [one.unfc for one in found.values()],
        },
        index=pd.Index(list(found), name="site_id"),
    )
    table = table.sort_values(["total", "site_id"], ascending=[False, True], kind="stable")
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def shared_ranks(found: Mapping[str, Assessment]) -> dict[str, int]:
    """Return the rank of each site by its total to a tenth of a point, as it is shown; equal ones share the first."""
    totals = {key: round(one.total or 0.0, 1) for key, one in found.items()}
    return {key: 1 + sum(other > total for other in totals.values()) for key, total in totals.items()}


def ties(order: Mapping[str, int]) -> list[list[str]]:
    """Return the sites that share a rank, best first, those alone left out."""
    groups: dict[int, list[str]] = {}
    for key, place in order.items():
        groups.setdefault(place, []).append(key)
    return [sorted(groups[place]) for place in sorted(groups) if len(groups[place]) > 1]


def tied_first(table: pd.DataFrame) -> list[str]:
    """Return the sites whose share of first places no number of draws so far sets below the largest, largest first.

    Args:
        table: as of `stability_table`; two shares are apart when they differ by more than twice their joint error.
    """
    order = table.sort_values("first_share", ascending=False, kind="stable")
    top = order.iloc[0]
    joint = JOINT * np.sqrt(order["first_error"] ** 2 + top["first_error"] ** 2)
    near = order[top["first_share"] - order["first_share"] <= joint]
    return [str(key) for key in near.index]


def undominated(found: Mapping[str, Assessment]) -> dict[str, str]:
    """Return for each site the id of one that beats it whatever the weights, "" for none.

    A site beats another judged by the same criteria when its lower bound is at least the other's upper bound on every
    criterion, and above it on one; so a doubt never makes a site beaten.
    """
    return {key: next((other for other in found if _beats(found[other], one)), "") for key, one in found.items()}


def _beats(one: Assessment, other: Assessment) -> bool:
    mine, theirs = one.values, other.values  # noqa: PD011 - no frame
    if one is other or set(mine) != set(theirs):
        return False
    gaps = [mine[name][0] - theirs[name][2] for name in mine]
    known = [(mine[name][1] or 0) - (theirs[name][1] or 0) for name in mine]
    return min(gaps, default=-1) >= 0 and max(known) > 0


def by_base(found: Mapping[str, Assessment]) -> dict[str, str]:
    """Return for each site the id of one at least as good by base value on every known criterion, "" for none.

    Criteria that either of two sites has no base value for are left out of their comparison.
    """
    return {key: next((other for other in found if _covers(found[other], one)), "") for key, one in found.items()}


def _covers(one: Assessment, other: Assessment) -> bool:
    mine, theirs = one.values, other.values  # noqa: PD011 - no frame
    if one is other or set(mine) != set(theirs):
        return False
    pairs = [(mine[name][1], theirs[name][1]) for name in mine]
    gaps = [a - b for a, b in pairs if a is not None and b is not None]
    return bool(gaps) and min(gaps) >= 0 and max(gaps) > 0


def flip_table(flips: pd.DataFrame, names: Mapping[str, str], lang: Language = "en") -> pd.DataFrame:
    """Return what would swap neighbours, as texts.

    Args:
        flips: rows of `scoring.rank.flips.flips`.
        names: name by site_id.
        lang: language of the words.
    """
    rows = []
    for row in flips.to_dict("records"):
        what = class_label(row["criterion_id"], lang, short=True)
        start, end = _apart(row["from_value"], row["to_value"], 2, lang)
        kind = "value" if row["change"] == FACT else "weight"
        if row["change"] == FACT and np.isfinite(row["from_km"]) and np.isfinite(row["to_km"]):
            kind, (start, end) = "fact", _km_apart(row["from_km"], max(row["to_km"], 0.0), lang)
        subject = names.get(row["site_id"], "")
        if row["change"] == RECORDED:
            start, end = _apart(row["from_recorded"], row["to_recorded"], 1, lang)
            kind = row["field"] if np.isfinite(row["from_recorded"]) else f"{row['field']}_unknown"
            subject = row["field_of"] or subject
        if row["gap"] == 0:
            kind = "equal"
        told = translated(FLIPS[kind], lang).format(site=subject, what=what, from_=start, to=end)
        rows.append({"above": names[row["above"]], "below": names[row["below"]], "gap": row["gap"], "change": told})
    return pd.DataFrame(rows, columns=["above", "below", "gap", "change"])


def _apart(start: float, end: float, digits: int, lang: Language) -> tuple[str, str]:
    """Return two numbers as texts, with more digits where they would read the same."""
    texts = number(start, digits, lang), number(end, digits, lang)
    if texts[0] != texts[1] or digits == MOST_DIGITS:
        return texts
    return _apart(start, end, digits + 1, lang)


def _km_apart(start: float, end: float, lang: Language) -> tuple[str, str]:
    texts = km(start, lang), km(end, lang)
    if texts[0] != texts[1]:
        return texts
    first, last = _apart(start, end, 1, lang)
    return f"{first}{NO_BREAK_SPACE}km", f"{last}{NO_BREAK_SPACE}km"
