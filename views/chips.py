"""What narrows the map: each filter as a chip that takes it back, the clicks on the legend, and the drawn area."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from oreway.layers.registry import LAYERS, SITE_ROLES
from oreway.layers.vocabulary import PlantStatus, Stage
from oreway.outputs.words.formatting import commodity_label, country_label, number, stage_label
from oreway.views import address, state
from oreway.views.address import AREA_KEY, SCORE_KEY, WHOLE, read_ring
from oreway.views.state import language, ui

STAGES = {*(one.value for one in Stage), *(one.value for one in PlantStatus)}
TURNS = (-360.0, 0.0, 360.0)
Corner = tuple[float, float]


def take_filter(wanted: Any) -> None:
    """Take a click on the legend: show the sites of its line alone; the same click again shows all."""
    held = st.session_state
    if not isinstance(wanted, Mapping):
        return
    stages, score = wanted.get("stage"), wanted.get("score")
    if isinstance(stages, list) and set(map(str, stages)) <= STAGES:
        old = held.get("filter_stage", [])
        held["filter_stage"] = [] if set(old) == set(stages) else [str(one) for one in stages]
    elif isinstance(score, list) and len(score) == len(WHOLE) and wanted.get("where") in {"land", "seabed"}:
        low, high = int(score[0]), int(score[1])
        if not 0 <= low < high <= WHOLE[1]:
            return
        again = tuple(held.get(SCORE_KEY, WHOLE)) == (low, high)
        held[SCORE_KEY] = WHOLE if again else (low, high)
    held["whole_again"] = True


def take_area(ring: Any) -> None:
    """Take a drawn area; the sites in it are shown alone."""
    corners = read_ring(ring)
    if corners:
        st.session_state[AREA_KEY] = corners
        st.session_state["show"] = "ranking"  # the list of what lies in it
        st.session_state["whole_again"] = True


def _northing(lat: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> Any:
    """Return the map's own northing, so that an edge is straight where it was drawn straight."""
    return np.arcsinh(np.tan(np.radians(np.clip(lat, -89.9, 89.9))))


def inside(sites: pd.DataFrame, corners: Sequence[Corner]) -> "pd.Series[bool]":
    """Tell which sites stand in a drawn area; it may run across 180 degrees."""
    ring = np.array(corners, dtype=float)
    area = shapely.Polygon(np.column_stack([ring[:, 0], _northing(ring[:, 1])])).buffer(0)
    lon, up = sites["lon"].to_numpy(dtype=float), _northing(sites["lat"].to_numpy(dtype=float))
    found = np.zeros(len(sites), dtype=bool)
    for turn in TURNS:
        found |= shapely.contains_xy(area, lon + turn, up)
    return pd.Series(found, index=sites.index, dtype=bool)


def _words() -> dict[str, Callable[[str], str]]:
    lang = language()
    titles = {layer.id: layer.title for layer in LAYERS if layer.role in SITE_ROLES}
    return {
        "layer": lambda key: titles.get(key, key),
        "commodity": lambda key: commodity_label(key, lang),
        "country": lambda code: country_label("", code, lang),
        "stage": lambda key: stage_label(key, lang),
    }


def active() -> list[tuple[str, Callable[[], None]]]:
    """Return every filter in force in words, with what takes it back."""
    held, found = st.session_state, list[tuple[str, Callable[[], None]]]()
    for name, words in _words().items():
        found += [(words(value), partial(_without, name, value)) for value in held.get(f"filter_{name}", [])]
    low, high = held.get(SCORE_KEY, WHOLE)
    if (low, high) != WHOLE:
        found.append((f"{ui('score')} {low}–{high}", partial(_set, SCORE_KEY, WHOLE)))
    if held.get(AREA_KEY):
        found.append((ui("area_chip"), partial(_set, AREA_KEY, ())))
    return found


def _set(key: str, value: object) -> None:
    st.session_state[key] = value


def _without(name: str, value: str) -> None:
    key = f"filter_{name}"
    st.session_state[key] = [one for one in st.session_state.get(key, []) if one != value]


def clear() -> None:
    """Take every filter back."""
    for _, back in active():
        back()


def chips(shown: pd.DataFrame, known: pd.DataFrame) -> None:
    """Show the filters in force, how many sites they leave, and the way back; nothing where there is none.

    The container is always there: what stands below it, the map, would else be mounted anew.
    """
    found = active()
    with st.container(horizontal=True, key="chips", vertical_alignment="center"):
        if not found:
            return
        st.markdown(f"**{ui('shown', shown=len(shown), all=len(known))}**{_statistics(shown)}")
        for i, (words, back) in enumerate(found):
            st.button(f"{words} ✕", key=f"chip_{i}", on_click=back, help=ui("chip_help"))
        st.button(ui("clear_all"), key="chip_all", on_click=clear, type="tertiary")


def _statistics(shown: pd.DataFrame) -> str:
    totals = shown["total"].dropna()
    if not st.session_state.get(AREA_KEY) or totals.empty:
        return ""
    lang = language()
    least, middle, most = (number(value, 0, lang) for value in (totals.min(), totals.median(), totals.max()))
    return " · " + ui("area_statistics", scored=len(totals), least=least, middle=middle, most=most)


def rerun_whole() -> None:
    """Run the whole page again where a click on the map has changed what it shows."""
    if st.session_state.pop("whole_again", False):
        address.write()
        st.rerun(scope="app")


def sent(message: Mapping[str, Any]) -> None:
    """Take a message of the map that is no choice of a place."""
    if message.get("kind") == "filter":
        take_filter(message.get("filter"))
    elif message.get("kind") == "area":
        take_area(message.get("ring"))
    elif message.get("kind") == "clear":
        state.choose_site(None, on_map=True)
