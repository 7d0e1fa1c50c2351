"""What a user has built and changed on the what-if page, and the way back."""

import streamlit as st

from oreway.outputs.words.formatting import fault_text
from oreway.said import why
from oreway.views import answers, scenario
from oreway.views.state import language, ui

FILE_KEY, FAULT_KEY = "scenario_file", "scenario_fault"
BUILT, CHANGES, PAST = "built", "changed_facts", "what_if_past"


def built() -> list[answers.Built]:
    """Return what the user has built so far."""
    found: list[answers.Built] = st.session_state.setdefault(BUILT, [])
    return found


def changes() -> list[str]:
    """Return the facts the user has changed so far, each as SITE:FIELD=VALUE."""
    found: list[str] = st.session_state.setdefault(CHANGES, [])
    return found


def remember() -> None:
    """Keep what there is before a step, so that it can be undone."""
    st.session_state.setdefault(PAST, []).append((list(built()), list(changes())))


def can_undo() -> bool:
    """Tell whether there is a step to go back to."""
    return bool(st.session_state.get(PAST))


def undo() -> None:
    """Go back one step."""
    if can_undo():
        st.session_state[BUILT], st.session_state[CHANGES] = st.session_state[PAST].pop()


def files() -> None:
    """Offer the scenario as a file, and to open one; a refusal is kept for the page to say."""
    if built() or changes():
        st.download_button(
            ui("scenario_save"), scenario.scenario_file(built(), changes()), "oreway-scenario.json",
            "application/json", on_click="ignore", icon=":material/save:",
        )  # fmt: skip
    with st.expander(ui("scenario_open"), icon=":material/folder_open:"):
        st.file_uploader(
            ui("scenario_open"), type=["json"], key=FILE_KEY, on_change=take_file, label_visibility="collapsed"
        )
        if fault := st.session_state.get(FAULT_KEY):
            st.error(ui("scenario_bad", why=fault_text(fault, language())))


def take_file() -> None:
    """Take what an opened scenario holds in the place of what is built and changed."""
    held, file = st.session_state, st.session_state.get(FILE_KEY)
    held[FAULT_KEY] = ""
    if file is None:
        return
    try:
        found = scenario.read_scenario_file(file.getvalue())
    except scenario.ScenarioError as error:
        held[FAULT_KEY] = why(error)
        return
    remember()
    held[BUILT], held[CHANGES] = found


def remove_built(i: int) -> None:
    """Take away one thing built."""
    remember()
    st.session_state[BUILT] = [one for at, one in enumerate(built()) if at != i]


def remove_change(i: int) -> None:
    """Take back one changed fact."""
    remember()
    st.session_state[CHANGES] = [one for at, one in enumerate(changes()) if at != i]


def remove_all() -> None:
    """Take everything away."""
    remember()
    st.session_state[BUILT], st.session_state[CHANGES] = [], []
