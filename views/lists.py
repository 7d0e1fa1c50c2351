"""The sites as lists: the filters, and the ranked table that is the map's twin for the keyboard."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from oreway.layers.registry import LAYERS, SITE_ROLES
from oreway.layers.vocabulary import Setting
from oreway.outputs.map.panel import GATE_SIGNS
from oreway.outputs.words.formatting import commodity_label, country_label, stage_label
from oreway.outputs.words.translation import LANGUAGES
from oreway.scoring.judge.assess import Assessment
from oreway.views import state, surfaces
from oreway.views.grids import printed
from oreway.views.state import ui

PRINTED = ("rank", "name", "total", "range", "gates", "country")
FILTERS = ("layer", "commodity", "country", "stage")


def site_names(sites: pd.DataFrame) -> dict[str, str]:
    """Return the sites' names in the user's language by site_id."""
    names = sites["name"]
    told = sites[LANGUAGES[state.language()].names]
    names = told.where(told != "", names)
    return {str(key): str(name) for key, name in names.items()}


def search(sites: pd.DataFrame) -> None:
    """Show the search box: the map's twin for the keyboard."""
    names = site_names(sites)
    st.selectbox(
        ui("find"), sorted(names, key=lambda key: names[key].casefold()), index=None, key=state.FIND_KEY,
        format_func=lambda key: names[key], placeholder=ui("find_hint"), on_change=state.take_find,
        label_visibility="collapsed",
    )  # fmt: skip


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
        held = st.session_state.get(f"filter_{name}", [])
        st.session_state[f"filter_{name}"] = [one for one in held if one in options]
        wanted = box.multiselect(ui(name), options, format_func=words_for, placeholder=ui("any"), key=f"filter_{name}")
        if wanted:
            shown = shown[_holds(shown[column], wanted)]
    st.session_state.setdefault("filter_score", (0, 100))
    ends: Any = box.slider(ui("score"), 0, 100, key="filter_score")  # a pair, as the state holds one
    low, high = ends
    if (low, high) != (0, 100):
        shown = shown[shown["total"].between(low, high)]
    box.caption(ui("shown", shown=len(shown), all=len(known)))
    with box:
        surfaces.choose()
    return shown


def ranked(shown: pd.DataFrame, judged: Mapping[str, Assessment]) -> pd.DataFrame:
    """Return the shown sites that have a score, best first, as the table prints them."""
    lang = state.language()
    rows = shown[shown["total"].notna()].sort_values(["total", "name"], ascending=[False, True])
    pairs = zip(rows["country"], rows["country_code"], strict=True)
    return pd.DataFrame(
        {
            "rank": np.arange(1, len(rows) + 1, dtype="int16"),
            "name": list(site_names(rows).values()),
            "total": rows["total"].to_numpy(dtype="float32").round(1),
            "range": [f"{low:.0f}–{high:.0f}" for low, high in zip(rows["total_low"], rows["total_high"], strict=True)],
            "gates": pd.Categorical([_not_open(judged[str(key)]) for key in rows.index]),
            "stage": pd.Categorical([stage_label(stage, lang) for stage in rows["stage"]]),
            "country": pd.Categorical([country_label(name, code, lang) for name, code in pairs]),
            "coverage": (rows["coverage"] * 100).round().to_numpy(dtype="int16"),
        },
        index=rows.index,
    )


def _not_open(assessment: Assessment) -> str:
    states = [gate.state for gate in assessment.gates]
    counts = {state: states.count(state) for state in ("closed", "conditional", "unknown")}
    return " ".join(f"{GATE_SIGNS[state]} {count}" for state, count in counts.items() if count) or GATE_SIGNS["open"]


def ranking(shown: pd.DataFrame, judged: Mapping[str, Assessment], height: int) -> None:
    """Show the ranked table; a row chosen here is chosen on the map, and the other way round."""
    st.session_state["where"] = "seabed" if st.session_state.get("where") == "seabed" else "land"
    where = st.segmented_control(
        ui("where"), ("land", "seabed"), key="where", required=True, label_visibility="collapsed",
        format_func=ui,
    )  # fmt: skip
    at_sea = shown["setting"] == Setting.SEABED
    table = ranked(shown[at_sea if where == "seabed" else ~at_sea], judged)
    if table.empty:
        st.info(ui("none_shown"))
        return
    ids = [str(key) for key in table.index]
    chosen = state.chosen_site()
    rows = [ids.index(chosen)] if chosen in ids else []
    cells = [(row, "name") for row in rows]
    st.session_state[state.TABLE_KEY] = {"selection": {"rows": rows, "columns": [], "cells": cells}}

    def take_row() -> None:
        told = st.session_state[state.TABLE_KEY]["selection"]
        by_cell = [row for row, _ in told["cells"]]  # what the arrow keys move; a row's box is for the mouse
        picked = by_cell if by_cell and by_cell != rows else told["rows"]
        state.choose_site(ids[picked[0]] if picked else None)

    st.caption(ui("table_hint"))
    with st.container(key="screen_ranked"):
        st.dataframe(
            table.reset_index(drop=True), key=state.TABLE_KEY, on_select=take_row, hide_index=True, width="stretch",
            selection_mode=["single-row", "single-cell"], height=height, alt=ui("table"),
            column_config={
                "rank": st.column_config.NumberColumn("#", width=30),
                "name": st.column_config.TextColumn(ui("name"), width=165),
                "total": st.column_config.NumberColumn(ui("score_short"), format="%.1f", width=50),
                "range": st.column_config.TextColumn(ui("range"), width=80),
                "gates": st.column_config.TextColumn(ui("gates"), width=80, help=ui("gates_help")),
                "stage": st.column_config.TextColumn(ui("stage"), width=110),
                "country": st.column_config.TextColumn(ui("country"), width=90),
                "coverage": st.column_config.NumberColumn(ui("coverage"), format="%d %%", width=80),
            },
        )  # fmt: skip
    heads = {"rank": "#", "total": ui("score_short")} | {
        name: ui(name) for name in ("name", "range", "gates", "country")
    }
    printed(table[list(heads)].rename(columns=heads))
