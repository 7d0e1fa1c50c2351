"""The answer of the what-if page: who loses, who gains, and every site before and after."""

from typing import Any

import pandas as pd
import streamlit as st

from oreway.outputs.files.export import csv_bytes
from oreway.outputs.report import whatif_tables as after
from oreway.views import answers, cached
from oreway.views.grids import grid, in_words
from oreway.views.lists import site_names
from oreway.views.state import language, ui

SHOWN = ("total_before", "total_after", "gain", "rank_before", "rank_after", "bill_before", "bill_after",
         "chain_km_before", "chain_km_after", "gates_after")  # fmt: skip


def gains_drawn(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return gains and losses as the map draws them."""
    sites = cached.world().sites
    places = {str(key): (float(lon), float(lat)) for key, lon, lat in zip(sites.index, sites["lon"], sites["lat"],
                                                                          strict=True)}  # fmt: skip
    return after.signs(table, places, language())


def answer(table: pd.DataFrame, asked: answers.Asked) -> None:
    """Say who loses and gains, show every site before and after, losers first, and offer the files.

    Args:
        table: rows of `scoring.whatif.whatif.compare`.
        asked: what was built and changed, for the files.
    """
    lang, names = language(), site_names(cached.world().sites)
    st.header(ui("before_after"))
    st.text("\n".join(after.sentences(table, names, lang)))
    shown = after.ordered(table)
    shown = shown.assign(
        name=shown["site_id"].map(names),
        gates_after=[after.gate_list(str(text), lang) for text in shown["gates_after"]],
    ).round(1)
    columns = ["name", *SHOWN]
    grid(in_words(shown[columns]), ui("before_after"))
    with st.container(horizontal=True):
        st.download_button(
            ui("report"), lambda: answers.after_report(*asked, lang), "oreway-what-if.pdf", "application/pdf",
            on_click="ignore", icon=":material/picture_as_pdf:",
        )  # fmt: skip
        st.download_button(
            ui("csv"), csv_bytes(shown), "oreway-what-if.csv", "text/csv", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip
        st.download_button(
            ui("geojson"), lambda: answers.after_file(*asked), "oreway-what-if.geojson", "application/geo+json",
            on_click="ignore", icon=":material/download:",
        )  # fmt: skip
