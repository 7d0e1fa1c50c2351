"""Facts changed on the what-if page, in words: SITE:FIELD=VALUE."""

import streamlit as st

from oreway.outputs.words.formatting import phrase
from oreway.scoring.errors import ScoringError
from oreway.views import answers, cached
from oreway.views.state import language, ui

CHANGES, CHANGE_KEY = "changed_facts", "build_change"


def changes() -> list[str]:
    """Return the facts the user has changed so far, each as SITE:FIELD=VALUE."""
    found: list[str] = st.session_state.setdefault(CHANGES, [])
    return found


def change(built: tuple[answers.Built, ...]) -> None:
    """Change the fact the form names, or keep the refusal for the page to say."""
    held = st.session_state
    held["change_fault"] = None
    try:
        answers.check_built(cached.world().data_version, built, (*changes(), held[CHANGE_KEY]))
    except ScoringError as error:
        held["change_fault"] = phrase(str(error), language())
        return
    held[CHANGES] = [*changes(), held[CHANGE_KEY].strip()]
    held[CHANGE_KEY] = ""


def change_form(built: tuple[answers.Built, ...]) -> None:
    """Show which facts are changed, and let the user change one more."""
    held = st.session_state
    held.setdefault(CHANGE_KEY, "")
    st.text_input(ui("change_fact"), key=CHANGE_KEY, help=ui("change_hint"), placeholder="gl-tanbreez:stage=fs")
    st.button(ui("change_add"), on_click=change, args=(built,), icon=":material/edit:")
    if held.get("change_fault"):
        st.error(held["change_fault"])
    for i, one in enumerate(changes()):
        st.button(ui("build_remove", name=one), key=f"unchange_{i}", icon=":material/close:",
                  on_click=lambda i=i: held[CHANGES].pop(i))  # fmt: skip
