"""The sources page: every data set, whose it is, what was changed, and what is known to be wrong with it."""

from typing import Any

import pandas as pd
import streamlit as st

from oreway.layers.catalog import data_version, fault, read_catalog
from oreway.layers.completeness import read_completeness
from oreway.outputs.files.files import creation_date
from oreway.outputs.report.factsheet import stale
from oreway.outputs.words.formatting import (
    class_label,
    country_label,
    date_text,
    fact_label,
    free_word,
    gate_state,
    label,
)
from oreway.scoring.batch.doubts import country_names
from oreway.views import cached
from oreway.views.grids import grid
from oreway.views.guard import guarded
from oreway.views.lists import site_names
from oreway.views.state import language, ui

SHARED = ["road", "rail", "power"]
MOST_ROWS = 16
SAID = ["state", "confidence", "rests_on"]  # columns of words of ours
PRINTED = ("name", "fact", "value", "low", "high", "unit", "category", "as_of", "source_title")


@guarded
def page() -> None:
    """Read, show."""
    catalog = read_catalog()
    st.title(ui("sources"))
    st.write(ui("sources_intro"))
    st.caption(f"{label('data_version', language())}: {data_version()}")
    table = pd.DataFrame(
        {
            ui("data_set"): [item.title for item in catalog.values()],
            ui("credit"): [item.attribution for item in catalog.values()],
            ui("licence"): [item.licence for item in catalog.values()],
            ui("retrieved"): [date_text(item.retrieved, language()) for item in catalog.values()],
            ui("rows"): [item.rows for item in catalog.values()],
            ui("changes"): [item.changes for item in catalog.values()],
            ui("defects"): ["; ".join(item.known_defects) for item in catalog.values()],
            ui("source"): [item.source_url for item in catalog.values()],
            ui("whole"): [fault(item) or ui("right") for item in catalog.values()],
        }
    )
    grid(table, ui("sources"), most=len(table), columns={ui("source"): st.column_config.LinkColumn()})
    _shares()
    _facts()


def _shares() -> None:
    """Show what share of each country's true networks the layers hold, one row a country."""
    table, lang = read_completeness(), language()
    shares = table.pivot_table("share", index="country_code", columns="class", dropna=False).reindex(columns=SHARED)
    named = country_names(cached.world(), shares.index.to_numpy(dtype=object))
    names_shown = [country_label(name, code, lang) or code for name, code in zip(named, shares.index, strict=True)]
    shares = shares.set_axis([class_label(name, lang, short=True) for name in SHARED], axis="columns")
    shares.insert(0, ui("country"), names_shown)
    st.header(ui("share_held"))
    st.write(ui("share_held_intro"))
    meter = {name: st.column_config.ProgressColumn(format="percent", max_value=1.0) for name in shares.columns[1:]}
    shares = shares.sort_values(ui("country"))
    paper = shares.assign(**{name: [_percent(one) for one in shares[name]] for name in meter})
    grid(shares, ui("share_held"), most=MOST_ROWS, columns=meter, paper=paper)


def _percent(share: float) -> str:
    return "–" if pd.isna(share) else f"{share:.0%}"


def _facts() -> None:
    """Show every fact of every site with the address it comes from; every word looked for must stand in its line."""
    facts, lang = cached.world().facts, language()
    today = creation_date()
    st.header(ui("every_fact"))
    st.write(ui("every_fact_intro"))
    names, fields = site_names(cached.world().sites), {name: fact_label(name, lang) for name in facts["field"].unique()}
    kept = ["site_id", "field", "value", "low", "high", "unit", "category", "code", "as_of", *SAID]
    table = facts[kept].assign(
        old=[stale(str(day), today) for day in facts["as_of"]],
        source_title=facts["source_title"], source_url=facts["source_url"], note=facts["note"],
    )  # fmt: skip
    gate = table["field"] == "gate"
    table.loc[gate, "value"] = table.loc[gate, "value"].map(lambda state: gate_state(state, lang))
    table["category"] = table["category"].map(
        {one: names.get(one) or free_word(one, lang) for one in set(table["category"])}
    )
    for name in SAID:
        table[name] = table[name].map({one: label(one, lang) if one else "" for one in set(table[name])})
    table.insert(0, "name", facts["site_id"].map(names))
    table.insert(1, "fact", facts["field"].map(fields))
    table = table.iloc[table["name"].str.casefold().argsort(kind="stable")]
    wanted = st.text_input(ui("facts_find"), key="facts_find", placeholder="Tanbreez uranium").casefold().split()
    if wanted:
        lines = table.astype(str).agg(" ".join, axis="columns").str.casefold()
        table = table[lines.map(lambda line: all(word in line for word in wanted))]
        st.caption(ui("facts_found", shown=len(table), all=len(facts)))
    heads = {name: ui(name) for name in ("name", "fact", "value", "low", "high", "unit", "category", "as_of", "note")}
    heads |= {"code": ui("fact_code"), "state": ui("fact_state"), "confidence": ui("confidence"), "old": ui("old")}
    heads |= {"rests_on": ui("rests_on"), "source_title": ui("source"), "source_url": ui("col_source_url")}
    columns: dict[str, Any] = {name: st.column_config.Column(words) for name, words in heads.items()}
    columns |= {"site_id": None, "field": None, "source_url": st.column_config.LinkColumn(heads["source_url"])}
    paper = table[list(PRINTED)].rename(columns=heads)
    grid(table, ui("every_fact"), most=MOST_ROWS, columns=columns, paper=paper)


page()
