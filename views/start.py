"""What a page shows before anything is chosen, a worked example; what the browser's tab is called; links to pages."""

from collections.abc import Mapping

import streamlit as st

from oreway.scoring.judge.assess import Assessment
from oreway.views import address, state
from oreway.views.state import ui

EXAMPLE, RIVAL = "gl-tanbreez", "gl-kvanefjeld"
NAME = "Oreway"
PLACES = {"site", "at"}  # one in the place of the other


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


def link(**given: str) -> dict[str, str]:
    """Return an address for a link to another page: all that is chosen, the language too, and what is given.

    A page opened with an address takes everything from it; what the address leaves out would be lost.
    """
    kept = {name: word for name, word in address.wanted().items() if name not in PLACES or not given.keys() & PLACES}
    return kept | given


def turn(page: str, words: str, icon: str, **given: str) -> None:
    """Show a link to another page, which keeps all that is chosen.

    Args:
        page: the page's module in this room.
        words: what the link says.
        icon: the name of its material icon.
        given: what it chooses, as words of the address.
    """
    st.page_link(f"views/{page}.py", label=words, icon=f":material/{icon}:", query_params=link(**given))


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
