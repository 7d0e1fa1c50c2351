"""The answer of the what-if page: every site before and after."""

import pandas as pd
import streamlit as st

from outputs import drawn
from views import cached
from views.lists import site_names
from views.state import ui


def answer(table: pd.DataFrame) -> None:
    """Show every site before and after, the greatest gain first."""
    names = site_names(cached.world().sites)
    table = table.assign(name=table["site_id"].map(names)).round(1)
    better = table[table["gain"] > 0]
    st.header(ui("before_after"))
    first = better.iloc[0] if len(better) else None
    told = "" if first is None else ui("build_best", name=first["name"], gain=f"{first['gain']:.1f}")
    st.text(f"{ui('build_gain', number=len(better), all=len(table))} {told}".strip())
    columns = ["name", "total_before", "total_after", "gain", "rank_before", "rank_after", "bill_before", "bill_after"]
    st.dataframe(
        table[columns].rename(columns={name: ui(f"col_{name}") for name in columns}), hide_index=True,
        width="stretch", alt=ui("before_after"), placeholder="–",
    )  # fmt: skip
    st.download_button(
        ui("csv"), drawn.to_csv(table), "oreway-what-if.csv", "text/csv", on_click="ignore", icon=":material/download:"
    )
