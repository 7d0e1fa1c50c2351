"""The sites as lists: the filters, and the ranked table that is the map's twin for the keyboard."""

from collections.abc import Callable, Hashable, Mapping

import pandas as pd
import streamlit as st

from layers.read import SITE_ROLES
from layers.registry import LAYERS
from outputs.wording import commodity_label, country_label, label, stage_label
from scoring.assess import Assessment
from views import state
from views.state import ui

FILTERS = ("layer", "commodity", "country", "stage")
MOST_ROWS = 12
ROW_PX = 35


def site_names(sites: pd.DataFrame) -> dict[str, str]:
    """Return the sites' names in the user's language by site_id."""
    names = sites["name"]
    if state.language() == "ja":
        names = sites["name_ja"].where(sites["name_ja"] != "", names)
    return {str(key): str(name) for key, name in names.items()}


def _parts(texts: pd.Series) -> list[str]:
    return sorted({part.strip() for text in texts for part in str(text).split(";") if part.strip()})


def _holds(texts: pd.Series, wanted: list[str]) -> pd.Series:
    keep = set(wanted)
    return texts.map(lambda text: bool(keep & {part.strip() for part in str(text).split(";")}))


def filters(known: pd.DataFrame) -> pd.DataFrame:
    """Show the filters; return the sites that pass them all."""
    lang = state.language()
    titles = {layer.id: layer.title for layer in LAYERS if layer.role in SITE_ROLES}
    codes = dict(zip(known["country_code"], known["country"], strict=True))
    words: dict[str, tuple[str, list[str], Callable[[str], str]]] = {
        "layer": ("layer", list(titles), lambda key: titles[key]),
        "commodity": ("commodities", _parts(known["commodities"]), lambda key: commodity_label(key, lang)),
        "country": ("country_code", sorted(codes, key=lambda code: codes[code]),
                    lambda code: country_label(codes[code], code, lang)),
        "stage": ("stage", _parts(known["stage"]), lambda key: stage_label(key, lang)),
    }  # fmt: skip
    shown = known
    box = st.popover(ui("filters"), icon=":material/filter_alt:", width="stretch")
    for name in FILTERS:
        column, options, words_for = words[name]
        wanted = box.multiselect(ui(name), options, format_func=words_for, placeholder=ui("any"), key=f"filter_{name}")
        if wanted:
            shown = shown[_holds(shown[column], wanted)]
    low, high = box.slider(ui("score"), 0, 100, (0, 100), key="filter_score")
    if (low, high) != (0, 100):
        shown = shown[shown["total"].between(low, high)]
    box.caption(ui("shown", shown=len(shown), all=len(known)))
    return shown


def ranked(shown: pd.DataFrame, judged: Mapping[str, Assessment]) -> pd.DataFrame:
    """Return the shown sites that have a score, best first, as the table prints them."""
    lang = state.language()
    rows = shown[shown["total"].notna()].sort_values(["total", "name"], ascending=[False, True])
    return pd.DataFrame(
        {
            "rank": range(1, len(rows) + 1),
            "name": list(site_names(rows).values()),
            "country": [
                country_label(c, code, lang) for c, code in zip(rows["country"], rows["country_code"], strict=True)
            ],
            "stage": [stage_label(stage, lang) for stage in rows["stage"]],
            "total": rows["total"].round(1).to_numpy(),
            "range": [f"{low:.0f}–{high:.0f}" for low, high in zip(rows["total_low"], rows["total_high"], strict=True)],
            "coverage": (rows["coverage"] * 100).round(0).to_numpy(),
            "gates": [_not_open(judged[str(key)]) for key in rows.index],
        },
        index=rows.index,
    )


def _not_open(assessment: Assessment) -> str:
    lang = state.language()
    return " · ".join(
        f"{label(gate.id, lang)}: {label(gate.state, lang)}"
        for gate in assessment.gates
        if gate.state in {"closed", "conditional"}
    )


def ranking(shown: pd.DataFrame, judged: Mapping[str, Assessment]) -> None:
    """Show the ranked table; a row chosen here is chosen on the map, and the other way round."""
    st.subheader(ui("table"))
    table = ranked(shown, judged)
    if table.empty:
        st.info(ui("none_shown"))
        return
    ids: list[Hashable] = list(table.index)
    chosen = state.chosen_site()
    rows = [ids.index(chosen)] if chosen in ids else []
    st.session_state[state.TABLE_KEY] = {"selection": {"rows": rows, "columns": [], "cells": []}}

    def take_row() -> None:
        picked = st.session_state[state.TABLE_KEY]["selection"]["rows"]
        state.choose_site(str(ids[picked[0]]) if picked else None)

    st.caption(ui("table_hint"))
    st.dataframe(
        table, key=state.TABLE_KEY, on_select=take_row, selection_mode="single-row", hide_index=True, width="stretch",
        height=ROW_PX * (min(len(table), MOST_ROWS) + 1) + 2, alt=ui("table"),
        column_config={
            "rank": st.column_config.NumberColumn("#", width=40),
            "name": st.column_config.TextColumn(ui("name"), width="medium"),
            "country": st.column_config.TextColumn(ui("country")),
            "stage": st.column_config.TextColumn(ui("stage")),
            "total": st.column_config.ProgressColumn(ui("score"), min_value=0, max_value=100, format="%.1f"),
            "range": st.column_config.TextColumn(ui("range")),
            "coverage": st.column_config.NumberColumn(ui("coverage"), format="%d %%"),
            "gates": st.column_config.TextColumn(ui("gates"), width="large"),
        },
    )  # fmt: skip
