"""The view for a frame in somebody else's page (`?embed=1`): map and panel, without header, menu and filters."""

import contextlib
import html
import urllib.parse
from contextlib import AbstractContextManager
from typing import Literal

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from oreway.views import address
from oreway.views.first_words import EMBED
from oreway.views.state import ui

YES = frozenset({"1", "true"})
HIDDEN = "beyond-embed"
STYLE = (
    f"<style>header[data-testid=stHeader], [class*=st-key-{HIDDEN}] {{display: none !important}}"
    "[data-testid=stMainBlockContainer] {padding: 0.25rem 0.5rem 0 !important}"
    "[data-testid=stMainBlockContainer] > div > [data-testid=stVerticalBlock],"
    "[data-testid=stMainBlockContainer] > [data-testid=stVerticalBlock] {gap: 0}</style>"
)


def is_embedded() -> bool:
    """Tell whether the page was opened for a frame; it stays so for as long as it is open."""
    held = st.session_state
    if "embedded" not in held:
        context = get_script_run_ctx()  # Streamlit keeps this word of the address to itself
        given = urllib.parse.parse_qs(context.query_string if context else "").get(EMBED, [])
        held["embedded"] = bool(st.context.is_embedded) or bool(YES & set(given))
    return bool(held["embedded"])


def dress(logo: str) -> Literal["top", "hidden"]:
    """Show the logo, or in a frame nothing of the page's head; return where the menu stands."""
    if is_embedded():
        st.html(STYLE)
        return "hidden"
    st.logo(logo, size="large")
    return "top"


def unframed(part: str) -> AbstractContextManager[object]:
    """Return a place for what a frame does not show; it still works there."""
    return st.container(key=f"{HIDDEN}-{part}") if is_embedded() else contextlib.nullcontext()


def way_out() -> None:
    """Offer the whole page in a tab of its own, at what is chosen now."""
    whole = urllib.parse.urlencode(address.wanted())
    st.html(f'<a href="?{html.escape(whole, quote=True)}" target="_blank" rel="noopener">{ui("open_whole")} ↗</a>')
