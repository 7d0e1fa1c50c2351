"""The map page: choose a place on the map or in the list, and read beside it what stands in between."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit_folium import st_folium

from oreway.outputs.map.site_map import Choice, filter_state, line_rows
from oreway.views import cached, chips, embed, glossary, points, state, surfaces
from oreway.views.address import AREA_KEY
from oreway.views.covered import head, whole_head
from oreway.views.find import search
from oreway.views.guard import guarded
from oreway.views.lists import filters
from oreway.views.page_map import page_map
from oreway.views.place import beside, downloads_of_shown
from oreway.views.state import ui

HEIGHT = 690


def toolbar(known: pd.DataFrame, place: DeltaGenerator, narrow: DeltaGenerator) -> pd.DataFrame:
    """Show what is covered and the filters; return the sites that are shown."""
    place.html(whole_head(known, state.language()))
    with narrow:
        shown = filters(known)
    if corners := st.session_state.get(AREA_KEY):
        shown = shown[chips.inside(shown, corners)]
    chips.chips(shown, known)
    return shown


def choice(shown: pd.DataFrame, known: pd.DataFrame) -> Choice:
    """Return what the choice draws: the place, its lines, and which sites are shown."""
    version, site, point, lang = (
        cached.world().data_version,
        state.chosen_site(),
        state.chosen_point(),
        state.language(),
    )
    drawn: dict[str, object] = {"chosen": None, "lines": [], "move": state.move()}
    drawn |= {"own": own} if (own := st.session_state.get("own_url")) else {}
    drawn |= {"area": area} if (area := st.session_state.get(AREA_KEY)) else {}
    drawn |= surfaces.drawn()
    drawn |= filter_state([str(key) for key in shown.index], [str(key) for key in known.index])
    if site is not None:
        lon, lat = (round(float(known[column].to_dict()[site]), 5) for column in ("lon", "lat"))
        drawn["chosen"] = {"id": site, "lon": lon, "lat": lat}
        drawn["lines"] = line_rows(cached.site_brief(version, site).nearest, lang)
    elif point is not None:
        drawn["chosen"] = {"lon": point[0], "lat": point[1]}
        drawn["lines"] = line_rows(points.point_dossier(version, *point).nearest, lang)
    return Choice(drawn)


@st.fragment
@guarded
def map_and_panel(known: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Show the map and, beside it, the chosen place; a click runs this part of the page alone."""
    chips.rerun_whole()
    left, right = st.columns([31, 19], gap="small")
    with left, st.container(key="map-side"):
        st_folium(
            page_map(), key=state.MAP_KEY, height=HEIGHT, width=None, use_container_width=True, returned_objects=[],
            feature_group_to_add=choice(shown, known), on_change=lambda: state.take_click(chips.sent),
        )  # fmt: skip
    with right:
        search(known)
        beside(shown)


@guarded
def page() -> None:
    """Read, choose, compute, show; the first visitor reads what is being done before the data are open."""
    frame = embed.unframed("head")
    with frame:
        about, narrow = st.columns([4, 1], vertical_alignment="center")
        place = about.empty()
    if not st.session_state.get("was_open"):
        head(place, ui("opening"))
    opened = cached.world()
    state.settle(opened.sites.index)
    known = opened.sites.join(cached.scores(opened.data_version))
    st.session_state["was_open"] = True
    with frame:
        shown = toolbar(known, place, narrow)
    map_and_panel(known, shown)
    if not embed.is_embedded():
        downloads_of_shown(shown)
    glossary.tips()


page()
