"""The ranking as pictures that answer to the pointer: bars with their ranges, and how likely each rank is."""

from collections.abc import Mapping

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from oreway.outputs.map.panel import GATE_SIGNS
from oreway.outputs.words.formatting import gate_state, number
from oreway.scoring.judge.assess import Assessment
from oreway.scoring.rank.acceptability import Acceptability
from oreway.views.state import language, ui

STATES = {"closed": "#b00020", "conditional": "#b26b00", "unknown": "#6b7580", "open": "#0b7a5a"}
AT_NIGHT = {"closed": "#ff6b81", "conditional": "#e0a04a", "unknown": "#97a3ae", "open": "#3fbf97"}
ROW, LEAST_SHARE, MOST = 19, 0.005, 100
ROOM = "max(containerSize()[0], 0)"  # the width of the screen the picture has, px
NAMES = alt.ExprRef(f"{ROOM} < 520 ? 104 : 230")  # a phone gives the bars more room than the names
TICKS = alt.ExprRef(f"{ROOM} < 520 ? 4 : 10")
COLUMNS = alt.ExprRef(f"{ROOM} < 520 ? 2 : 0")
FRAME = 176  # px; title, key and axis stand within a picture's height
ROUND = {"left": 5, "top": 5, "right": 34, "bottom": 5}  # px; the signs of the best stand beyond the last tick
INK, PALE = "#1a222b", "#e6ebf0"


def at_night() -> bool:
    """Tell whether the reader's screen is set to dark."""
    return bool(st.context.theme.type == "dark")


def ink() -> str:
    """Return the colour of writing."""
    return PALE if at_night() else INK


def signs(one: Assessment) -> str:
    """Return the gates that are not open as signs with their number, ✓ where all are."""
    states = [gate.state for gate in one.gates]
    counts = {state: states.count(state) for state in STATES if state != "open"}
    return " ".join(f"{GATE_SIGNS[state]}{count}" for state, count in counts.items() if count) or GATE_SIGNS["open"]


def worst(one: Assessment) -> str:
    """Return the strictest state among a site's gates."""
    states = {gate.state for gate in one.gates}
    return next((state for state in STATES if state in states), "open")


def names_axis() -> alt.Axis:
    """Return an axis with every site's name on it."""
    return alt.Axis(labelLimit=NAMES, labelColor=ink(), labelOverlap=False, labelFlush=False)


def bars(found: Mapping[str, Assessment], names: Mapping[str, str], ranks: Mapping[str, int]) -> None:
    """Show each site's score as a bar with its low and high, coloured by the strictest gate, the best first.

    Args:
        found: peers that have a total.
        names: name by site_id.
        ranks: rank by site_id; equal scores share one.
    """
    lang = language()
    order = sorted(found, key=lambda key: (ranks[key], key))[:MOST]
    words = {state: gate_state(state, lang) for state in STATES}
    table = pd.DataFrame({
        "name": [f"{ranks[key]}. {names[key]}" for key in order],
        "total": [round(found[key].total or 0.0, 1) for key in order],
        "low": [round(found[key].total_low or 0.0, 1) for key in order],
        "high": [round(found[key].total_high or 0.0, 1) for key in order],
        "signs": [signs(found[key]) for key in order],
        "gates": [words[worst(found[key])] for key in order],
    })  # fmt: skip
    table["told"] = [f"{row.name}: {row.total} ({row.low}–{row.high})" for row in table.itertuples(index=False)]
    base = alt.Chart(table).encode(
        y=alt.Y("name:N", sort=list(table["name"]), title=None, axis=names_axis()),
        tooltip=[
            alt.Tooltip("name:N", title=ui("name")), alt.Tooltip("total:Q", title=ui("score")),
            alt.Tooltip("low:Q", title=ui("low")), alt.Tooltip("high:Q", title=ui("high")),
            alt.Tooltip("signs:N", title=ui("gates")),
        ],
    )  # fmt: skip
    axis = alt.X(
        "total:Q",
        title=ui("chart_points"),
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(labelColor=ink(), tickCount=TICKS),
    )
    colour = alt.Color(
        "gates:N", title=ui("chart_gates"), sort=None,
        scale=alt.Scale(domain=list(words.values()), range=list((AT_NIGHT if at_night() else STATES).values())),
        legend=alt.Legend(orient="top", labelColor=ink(), titleColor=ink(), columns=COLUMNS),
    )  # fmt: skip
    chart = alt.layer(
        base.mark_bar(height=10, opacity=0.75).encode(x=axis, color=colour, description="told:N"),
        base.mark_rule(strokeWidth=1.6, color=ink(), aria=False).encode(x="low:Q", x2="high:Q"),
        base.mark_text(align="left", dx=6, color=ink(), aria=False).encode(x="high:Q", text="signs:N"),
    ).properties(title=ui("chart_bars"), height=ROW * len(order) + FRAME, padding=ROUND)
    st.altair_chart(chart, width="stretch", alt=ui("chart_bars_alt", first=names[order[0]], number=len(order)))
    st.caption(f"{ui('chart_bars_key')} {ui('gates_help')}")


def likely(answer: Acceptability, names: Mapping[str, str]) -> None:
    """Show how likely each site takes each rank over all draws, a field of shades."""
    lang, count = language(), len(answer.site_ids)
    expected = answer.ranks @ np.arange(1, count + 1)
    order = [answer.site_ids[i] for i in np.argsort(expected, kind="stable")[:MOST]]
    at, rank = np.nonzero(answer.ranks >= LEAST_SHARE)
    table = pd.DataFrame({
        "site": [names[answer.site_ids[i]] for i in at], "rank": rank + 1,
        "share": (100 * answer.ranks[at, rank]).round(1),
    })  # fmt: skip
    kept = table[table["site"].isin([names[key] for key in order])]
    chart = (
        alt.Chart(kept)
        .mark_rect(aria=False)
        .encode(
            x=alt.X("rank:O", title=ui("col_rank"), axis=alt.Axis(labelAngle=0, labelOverlap=True, labelColor=ink())),
            y=alt.Y("site:N", sort=[names[key] for key in order], title=None,
                    axis=names_axis()),
            color=alt.Color("share:Q", title=ui("chart_share"), scale=alt.Scale(scheme="blues", reverse=at_night()),
                            legend=alt.Legend(orient="top", labelColor=ink(), titleColor=ink())),
            tooltip=[alt.Tooltip("site:N", title=ui("name")), alt.Tooltip("rank:O", title=ui("col_rank")),
                     alt.Tooltip("share:Q", title=ui("chart_share"))],
        )
        .properties(title=ui("chart_likely"), height=ROW * len(order) + FRAME)
    )  # fmt: skip
    top = int(np.argmax(answer.ranks[:, 0]))
    said = ui("chart_likely_alt", first=names[answer.site_ids[top]], share=number(100 * answer.ranks[top, 0], 0, lang))
    st.altair_chart(chart, width="stretch", alt=said)
