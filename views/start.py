"""What a page shows before anything is chosen, a worked example; what the browser's tab is called; links to pages."""

from collections.abc import Mapping

import streamlit as st

from oreway.outputs.words.translation import SOURCE
from oreway.scoring.judge.assess import Assessment
from oreway.views import state
from oreway.views.address import LANG_KEY
from oreway.views.state import ui

EXAMPLE, RIVAL = "gl-tanbreez", "gl-kvanefjeld"
NAME = "Oreway"


def title(*parts: str) -> None:
    """Name the browser's tab: what is shown, then the page, then Oreway."""
    st.set_page_config(page_title=" · ".join([*(part for part in parts if part), NAME]))


def site_or_example(names: Mapping[str, str], fits: Mapping[str, object] | None = None) -> tuple[str | None, bool]:
    """Return the chosen site, or the worked example where none is chosen, and whether it is the example.

    Args:
        names: name by site_id.
        fits: the sites the page can show; those of `names` by default.
    """
    chosen, known = state.chosen_site(), names if fits is None else fits
    if chosen in known:
        return chosen, False
    return (EXAMPLE, True) if EXAMPLE in known else (None, False)


def link(**address: str) -> dict[str, str]:
    """Return an address for a link to another page, in the reader's language: one without it would be English."""
    return address if state.language() == SOURCE else {**address, LANG_KEY: state.language()}


def say_example(name: str) -> None:
    """Say that what follows is a worked example."""
    st.caption(ui("example_told", name=name))


def pair(chosen: str | None, judged: Mapping[str, Assessment]) -> list[str]:
    """Return two sites to compare: the chosen one beside its neighbour by score, or the worked example."""
    if chosen is None or chosen not in judged or judged[chosen].total is None:
        return [one for one in (EXAMPLE, RIVAL) if one in judged]
    mine = judged[chosen]
    near = [
        (abs((one.total or 0.0) - (mine.total or 0.0)), key)
        for key, one in judged.items()
        if key != chosen and one.total is not None and one.profile == mine.profile
    ]
    return [chosen, *(key for _, key in sorted(near)[:1])]
