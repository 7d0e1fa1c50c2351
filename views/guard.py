"""Refusals become a box on the page: place, fault, cure; never a traceback."""

import functools
from collections.abc import Callable
from typing import ParamSpec

import streamlit as st

from oreway.geo.errors import GeoError
from oreway.layers.errors import LayerError
from oreway.outputs.files.files import OutputError
from oreway.outputs.words.formatting import fault_text
from oreway.said import why
from oreway.scoring.errors import ScoringError
from oreway.views.state import language, ui

REFUSALS = (LayerError, GeoError, ScoringError, OutputError)


P = ParamSpec("P")


def guarded(page: Callable[P, None]) -> Callable[P, None]:
    """Return the page, or a part of it, with its refusals shown in a box."""

    @functools.wraps(page)
    def shown(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            page(*args, **kwargs)
        except REFUSALS as error:
            st.error(ui("trouble"), icon=":material/report:")
            st.code(fault_text(why(error), language()), language=None, wrap_lines=True)
            st.caption(ui("trouble_cure"))

    return shown
