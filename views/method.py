"""The method page: the rules in plain words, the criteria with their reasons, and the weights."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from oreway.outputs.words.formatting import label, number
from oreway.outputs.words.report_texts import METHOD_LINES
from oreway.outputs.words.translation import translated
from oreway.views import cached, glossary
from oreway.views.guard import guarded
from oreway.views.lists import site_names
from oreway.views.state import language, ui
from oreway.views.weights import criteria_of

EXAMPLE, ROAD, DOCUMENT = "au-mt-weld", "road", "docs/method.md "


def source_words(source: str) -> str:
    """Return where a criterion comes from; a section of the method document is named as one."""
    section = source.removeprefix(DOCUMENT)
    return source if section == source else ui("method_section", number=section)


def shares(weights: Mapping[str, float]) -> dict[str, float]:
    """Return weights in per cent of those that apply together: the criteria of the land, and those of the seabed."""
    found: dict[str, float] = {}
    for place in ("land", "seabed"):
        names = [name for name in criteria_of(place) if weights.get(name)]
        whole = sum(weights[name] for name in names)
        found |= {name: 100 * weights[name] / whole for name in names}
    return found


def example() -> None:
    """Reckon one contribution by hand, with the numbers as they stand today."""
    opened, lang = cached.world(), language()
    if EXAMPLE not in opened.sites.index:
        return
    one = cached.assessments(opened.data_version)[EXAMPLE]
    rows = cached.site_brief(opened.data_version, EXAMPLE).nearest.set_index("class")
    curve = opened.criteria[ROAD].functions[str(opened.sites["setting"][EXAMPLE])][0]
    weights = opened.methods.profile_weights(one.profile)
    base = one.values[ROAD][1]  # noqa: PD011 - no frame
    if base is None or one.total is None:
        return
    told = {
        "distance": number(float(rows["distance_km"][ROAD]), 2, lang), "detour": number(curve.circuity, 1, lang),
        "free": number(curve.d0, 0, lang), "half": number(curve.h, 0, lang), "value": number(base, 3, lang),
        "weight": number(weights[ROAD], 2, lang), "points": number(one.contributions[ROAD], 1, lang),
        "known": number(sum(weights[name] for name in one.contributions), 2, lang),
        "total": number(one.total, 1, lang),
    }  # fmt: skip
    st.subheader(ui("method_example"))
    st.text(ui("method_example_told", name=site_names(opened.sites)[EXAMPLE], **told))


@guarded
def page() -> None:
    """Read, show."""
    opened, lang = cached.world(), language()
    st.title(ui("method"))
    st.write(ui("method_intro"))
    st.markdown("\n".join(f"{i}. {translated(line, lang)}" for i, line in enumerate(METHOD_LINES, start=1)))
    glossary.listed()
    st.subheader(ui("criteria"))
    criteria = pd.DataFrame(
        {
            ui("criterion"): [translated(item.title, lang) for item in opened.criteria.values()],
            ui("why"): [translated(item.rationale, lang) for item in opened.criteria.values()],
            ui("source"): [source_words(item.source) for item in opened.criteria.values()],
        }
    )
    st.table(criteria.set_index(ui("criterion")))
    st.subheader(ui("weights"))
    weights = pd.DataFrame({label(name, lang): shares(dict(rows)) for name, rows in opened.methods.weights.items()})
    weights = weights.reindex([name for name in opened.criteria if name in weights.index])
    weights.index = [translated(opened.criteria[str(name)].title, lang) for name in weights.index]
    st.table(weights.map(lambda value: "–" if pd.isna(value) or value == 0 else f"{value:.1f}"))
    example()
    st.subheader(label("gates", lang))
    st.table(
        pd.DataFrame(
            {
                "": [translated(gate.title, lang) for gate in opened.gates],
                ui("gate_missing"): [translated(g.reason_missing, lang) for g in opened.gates],
            }
        )
    )


page()
