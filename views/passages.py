"""The sea passages as checkboxes: a closed one changes every route by sea."""

import streamlit as st

from oreway.views import answers, cached
from oreway.views.state import ui

USUALLY_CLOSED = ("northern_sea_route", "northwest")
CLOSED_KEY = "supply_closed"


def passages() -> tuple[str, ...]:
    """Show the chokepoints as checkboxes; return the closed ones as `scoring.routes.supply` takes them."""
    every = sorted(answers.passages(cached.world().data_version), key=lambda name: ui(f"passage_{name}"))
    closed = st.session_state.setdefault(CLOSED_KEY, [])
    with st.expander(ui("passages"), icon=":material/block:", expanded=bool(closed)):
        st.caption(ui("passages_hint"))
        columns = st.columns(4)
        found = []
        for i, name in enumerate(every):
            usual = name in USUALLY_CLOSED
            st.session_state[f"passage_{name}"] = (f"open:{name}" not in closed) if usual else name in closed
            shut = columns[i % 4].checkbox(ui(f"passage_{name}"), key=f"passage_{name}", on_change=take_passages)
            if shut != usual:
                found.append(f"open:{name}" if usual else name)
    return tuple(sorted(found))


def take_passages() -> None:
    """Take what the checkboxes hold."""
    held = st.session_state
    names = [str(key).removeprefix("passage_") for key in held if str(key).startswith("passage_")]
    shut = {name: bool(held[f"passage_{name}"]) for name in names}
    held[CLOSED_KEY] = sorted(
        f"open:{name}" if name in USUALLY_CLOSED else name
        for name, is_shut in shut.items()
        if is_shut != (name in USUALLY_CLOSED)
    )
