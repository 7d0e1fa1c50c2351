"""The answer of the what-if page: every site before and after."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from oreway.outputs.files import drawn_shapes as drawn
from oreway.outputs.words.formatting import gate_state, label
from oreway.views import cached
from oreway.views.lists import site_names
from oreway.views.state import language, ui

SHOWN = ("total_before", "total_after", "gain", "rank_before", "rank_after", "bill_before", "bill_after",
         "chain_km_before", "chain_km_after", "gates_after")  # fmt: skip


def answer(table: pd.DataFrame, geojson: Callable[[], bytes]) -> None:
    """Show every site before and after, the greatest gain first.

    Args:
        table: rows of `scoring.whatif.whatif.compare`.
        geojson: makes the file with places, when it is asked for.
    """
    names = site_names(cached.world().sites)
    table = table.assign(name=table["site_id"].map(names)).round(1)
    better = table[table["gain"] > 0]
    st.header(ui("before_after"))
    first = better.iloc[0] if len(better) else None
    told = "" if first is None else ui("build_best", name=first["name"], gain=f"{first['gain']:.1f}")
    st.text(f"{ui('build_gain', number=len(better), all=len(table))} {told}".strip())
    columns = ["name", *SHOWN]
    states = table["gates_after"].map(lambda gates: "; ".join(
        f"{label(name, language())}: {gate_state(state, language())}"
        for name, _, state in (part.partition("=") for part in gates.split("; ") if part)
    ))  # fmt: skip
    st.dataframe(
        table.assign(gates_after=states)[columns].rename(columns={name: ui(f"col_{name}") for name in columns}),
        hide_index=True, width="stretch", alt=ui("before_after"), placeholder="–",
    )  # fmt: skip
    st.download_button(
        ui("csv"), drawn.to_csv(table), "oreway-what-if.csv", "text/csv", on_click="ignore", icon=":material/download:"
    )
    st.download_button(
        ui("geojson"), geojson, "oreway-what-if.geojson", "application/geo+json", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip
