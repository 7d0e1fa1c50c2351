"""The switch between languages, at the top of every page; all that was chosen stays."""

import streamlit as st

from oreway.outputs.words.translation import LANGUAGES
from oreway.views import state
from oreway.views.address import LANG_KEY
from oreway.views.state import ui


def switch() -> None:
    """Show the languages; the style sheet puts them into the page's top line."""
    with st.container(key="language"):
        st.segmented_control(
            ui("language"), list(LANGUAGES), key=LANG_KEY, on_change=state.take_language, required=True,
            format_func=lambda code: LANGUAGES[code].name, label_visibility="collapsed",
        )  # fmt: skip
