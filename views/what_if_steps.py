"""What a user has built and changed on the what-if page, and the way back."""

import streamlit as st

from oreway.views import answers

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
