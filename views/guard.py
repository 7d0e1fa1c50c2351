"""Refusals become a box on the page: place, fault, cure; never a traceback."""

import functools
from collections.abc import Callable

import streamlit as st

from geo.errors import GeoError
from layers.errors import LayerError
from outputs.files import OutputError
from scoring.errors import ScoringError
from views.state import ui

REFUSALS = (LayerError, GeoError, ScoringError, OutputError)


def guarded(page: Callable[[], None]) -> Callable[[], None]:
    """Return the page with its refusals shown in a box."""

    @functools.wraps(page)
    def shown() -> None:
        try:
            page()
        except REFUSALS as error:
            st.error(ui("trouble"), icon=":material/report:")
            st.code(str(error), language=None, wrap_lines=True)
            st.caption(ui("trouble_cure"))

    return shown
