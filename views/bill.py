"""What has to be built for a site: the bill item by item, its sums, and its ways as a file."""

import pandas as pd
import streamlit as st

from oreway.outputs.report.bill_ways import ways_geojson
from oreway.outputs.report.judgement_content import bill_content
from oreway.outputs.words.formatting import label
from oreway.views import answers
from oreway.views.folds import folded
from oreway.views.state import language, ui

COSTS = ("cost_low", "cost_base", "cost_high")


def bill(version: str, site_id: str) -> None:
    """Show the bill of a deposit, zone or stockpile."""
    lang, found = language(), answers.bill_of(version, site_id)
    content = bill_content(found, lang)
    st.subheader(label("bill", lang))
    rows = [
        {
            label("item", lang): ": ".join(part for part in (row["title"], row["note"]) if part),
            label("quantity", lang): row["quantity"],
            **{label(name, lang): cost for name, cost in zip(COSTS, row["costs"], strict=True)},
        }
        for row in content["rows"]
    ]
    rows.append({label("item", lang): label("itemised", lang), label("quantity", lang): "",
                 **{label(name, lang): cost for name, cost in zip(COSTS, content["sum"], strict=True)}})  # fmt: skip
    spread = " · ".join(f"{name} {value}" for name, value in content["spread"])
    st.text(f"{label('with_overrun', lang)}: {spread}")
    if content["remarks"]:
        st.text(content["remarks"])
    with folded("bill", ui("fold_table")):
        st.caption(ui("bill_unit"))
        st.table(pd.DataFrame(rows).set_index(label("item", lang)))
        st.caption(f"{label('not_priced', lang)}: {'; '.join(content['left_out'])}. {content['note']}")
    if found.ways:
        st.download_button(
            ui("bill_ways"), lambda: ways_geojson(found), f"{site_id}-ways.geojson", "application/geo+json",
            on_click="ignore", icon=":material/download:",
        )  # fmt: skip
