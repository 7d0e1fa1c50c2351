"""The one search box of the map: sites, plants, ports, airfields, towns, coordinates; what is not found says why."""

import pandas as pd
import streamlit as st

from oreway.layers.errors import CoordinateError
from oreway.layers.tables.typed import typed_places
from oreway.outputs.map.panel import point_title
from oreway.views import cached, gazetteer, state
from oreway.views.gazetteer import Hit
from oreway.views.lists import site_names
from oreway.views.state import FOUND_KEY, WHY_KEY, language, ui


def search(sites: pd.DataFrame) -> None:
    """Show the box, and below it what was found where that is not one place alone."""
    names, held = site_names(sites), st.session_state
    st.selectbox(
        ui("find"), sorted(names, key=lambda key: names[key].casefold()), index=None, key=state.FIND_KEY,
        format_func=lambda key: names.get(key, key), placeholder=ui("find_any"), on_change=take,
        label_visibility="collapsed", accept_new_options=True, filter_mode="contains",
    )  # fmt: skip
    if held.get(WHY_KEY):
        st.warning(held[WHY_KEY], icon=":material/search_off:")
    if held.get(FOUND_KEY):
        with st.container(horizontal=True):
            for i, hit in enumerate(held[FOUND_KEY]):
                st.button(hit.told(language()), key=f"hit_{i}", on_click=go, args=(hit,))


def take() -> None:
    """Take what the box holds: a site that was picked, or a text that has to be looked up."""
    held = st.session_state
    text = held.get(state.FIND_KEY)
    held[FOUND_KEY], held[WHY_KEY] = [], ""
    if text is None or text in cached.world().sites.index:
        state.choose_site(text)
        return
    held[state.FIND_KEY] = state.chosen_site()
    found, why = look_up(str(text))
    if len(found) == 1:
        go(found[0])
    held[FOUND_KEY], held[WHY_KEY] = found if len(found) > 1 else [], why


def look_up(text: str) -> tuple[list[Hit], str]:
    """Return the places a text may mean, and why there is none, or which way to read two numbers."""
    try:
        spots = [
            Hit(name=point_title(lon, lat), kind="", country="", country_code="", lon=lon, lat=lat, site_id="")
            for lon, lat in typed_places(text)
        ]
    except CoordinateError:
        spots = []
    if spots:
        return spots, ui("find_order") if len(spots) > 1 else ""
    found = gazetteer.hits(cached.world().data_version, text)
    if found:
        return found, ""
    return [], ui("find_no_position" if any(one.isdigit() for one in text) else "find_nothing", text=text)


def go(hit: Hit) -> None:
    """Choose what was found, and move the map there."""
    held = st.session_state
    held[FOUND_KEY], held[WHY_KEY] = [], ""
    if hit.site_id:
        state.choose_site(hit.site_id)
    else:
        state.choose_point(round(hit.lon, 5), round(hit.lat, 5))
