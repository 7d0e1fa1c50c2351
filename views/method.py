"""The method page: the rules in plain words, the criteria with their reasons, and the weights."""

import pandas as pd
import streamlit as st

from oreway.outputs.words.formatting import label
from oreway.outputs.words.report_texts import METHOD_LINES
from oreway.outputs.words.translation import translated
from oreway.views import cached
from oreway.views.guard import guarded
from oreway.views.state import language, ui


@guarded
def page() -> None:
    """Read, show."""
    opened, lang = cached.world(), language()
    st.title(ui("method"))
    st.write(ui("method_intro"))
    st.markdown("\n".join(f"{i}. {translated(line, lang)}" for i, line in enumerate(METHOD_LINES, start=1)))
    st.subheader(ui("criteria"))
    criteria = pd.DataFrame(
        {
            ui("criterion"): [translated(item.title, lang) for item in opened.criteria.values()],
            ui("why"): [translated(item.rationale, lang) for item in opened.criteria.values()],
            ui("source"): [item.source for item in opened.criteria.values()],
        }
    )
    st.table(criteria.set_index(ui("criterion")))
    st.subheader(ui("weights"))
    weights = pd.DataFrame({label(name, lang): dict(rows) for name, rows in opened.methods.weights.items()})
    weights = weights.reindex([name for name in opened.criteria if name in weights.index]).round(3)
    weights.index = [translated(opened.criteria[str(name)].title, lang) for name in weights.index]
    st.table(weights.map(lambda value: "–" if pd.isna(value) or value == 0 else f"{value:.3f}"))
    st.subheader(label("gates", lang))
    st.table(
        pd.DataFrame(
            {
                "": [translated(gate.title, lang) for gate in opened.gates],
                ui("why"): [translated(g.reason_missing, lang) for g in opened.gates],
            }
        )
    )


page()
