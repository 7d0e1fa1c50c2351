"""What the report of a what-if says: what was built and changed, who loses, who gains, and each site that changes."""

import datetime
from collections.abc import Sequence
from typing import Any

import pandas as pd

from oreway.outputs.report import whatif_tables as after
from oreway.outputs.report.data_credits import dataset_rows
from oreway.outputs.report.many_contents import Moved, WhatIf
from oreway.outputs.report.site_content import position_text, report_words
from oreway.outputs.words.formatting import (
    Language,
    amount,
    class_label,
    date_text,
    fact_label,
    label,
    number,
    site_name,
)
from oreway.outputs.words.report_texts import METHOD_LINES
from oreway.outputs.words.translation import translated
from oreway.scoring.whatif.changes import FactChange
from oreway.scoring.whatif.closing import Closing, closed_feature
from oreway.scoring.whatif.whatif import Addition
from oreway.scoring.world.world import World

BUILT_KM = 0.1


def whatif_content(
    world: World,
    table: pd.DataFrame,
    built: Sequence[Addition],
    steps: Sequence[FactChange | Closing],
    *,
    lang: Language,
    created: datetime.date,
) -> WhatIf:
    """Return everything a what-if report prints, in one language; sites that stay as they are are only counted.

    Args:
        world: the world as it is.
        table: rows of `scoring.whatif.whatif.compare`.
        built: what was built.
        steps: the facts changed and what is closed.
        lang: language of the words.
        created: the day it carries.
    """
    names = {str(key): site_name(row, lang) for key, row in _site_rows(world).items()}
    rows = after.ordered(table)
    told = [_row(row, names, lang) for row in rows.to_dict("records") if after.is_changed(row)]
    same = len(rows) - len(told)
    return {
        "lang": lang,
        "created": [created.year, created.month, created.day],
        "words": report_words(lang),
        "head": {"created": date_text(created, lang), "data_version": world.data_version},
        "steps": [*(_built(one, lang) for one in built), *(_step(world, one, names, lang) for one in steps)],
        "sentences": after.sentences(table, names, lang),
        "rows": told,
        "same": label("whatif_same_one" if same == 1 else "whatif_same", lang).format(number=same, all=len(rows)),
        "method": [translated(line, lang) for line in METHOD_LINES],
        "licences": dataset_rows(world),
    }


def _site_rows(world: World) -> dict[str, dict[str, Any]]:
    rows = pd.DataFrame(world.sites.drop(columns="geometry")).to_dict("index")
    return {str(key): {str(name): value for name, value in row.items()} for key, row in rows.items()}


def _built(one: Addition, lang: Language) -> str:
    point = one.geometry.representative_point()
    place = position_text(point.x, point.y, BUILT_KM, lang)
    unit = "MW" if one.class_ == "power" else "m"
    size = "" if one.size is None else f", {number(one.size, 0, lang)} {unit}"
    kind = class_label(one.class_, lang, short=True)
    name = one.name.removeprefix(f"{kind} ")  # what was given no name is called by its kind
    return label("whatif_built", lang).format(kind=kind, name=name, size=size, place=place)


def _step(world: World, one: FactChange | Closing, names: dict[str, str], lang: Language) -> str:
    if not isinstance(one, Closing):
        return _change(one, names, lang)
    kind = class_label(one.class_, lang, short=True)
    return label("whatif_closed", lang).format(kind=kind, name=closed_feature(world, one)["name"])


def _change(one: FactChange, names: dict[str, str], lang: Language) -> str:
    gate = one.field == "gate"
    name = label(one.category, lang) if gate else fact_label(one.field, lang)
    value = after.value_words(one.field, one.value, lang)
    return label("whatif_changed", lang).format(site=names[one.site_id], fact=name, value=value)


def _row(row: Any, names: dict[str, str], lang: Language) -> Moved:
    def pair(name: str, digits: int = 0) -> str:
        texts = [
            "–" if pd.isna(row[f"{name}_{when}"]) else number(row[f"{name}_{when}"], digits, lang)
            if name != "bill" else amount(row[f"{name}_{when}"], lang)
            for when in ("before", "after")
        ]  # fmt: skip
        return texts[0] if texts[0] == texts[1] else f"{texts[0]} → {texts[1]}"

    moved = not pd.isna(row["gain"]) and abs(row["gain"]) >= after.LEAST_POINTS
    return {
        "name": names[row["site_id"]],
        "gain": after.signed(row["gain"], lang) if moved else "0",
        "is_loss": bool(moved and row["gain"] < 0),
        "score": pair("total", 1),
        "rank": pair("rank"),
        "bill": pair("bill"),
        "way": pair("chain_km"),
        "gates": "; ".join(after.gate_changes(str(row["gates_before"]), str(row["gates_after"]), lang)),
    }
