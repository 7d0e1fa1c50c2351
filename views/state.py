"""The user's choice: one home, kept in the address so that a link shows the same page."""

import difflib
import math
from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st

from oreway.outputs.words.formatting import fault_text
from oreway.outputs.words.translation import Language, known_language, translated
from oreway.views import address
from oreway.views.page_texts import WORDS
from oreway.views.waiting import LANG_KEY

MAP_KEY, FIND_KEY, TABLE_KEY = "map", "find", "table"
FOUND_KEY, WHY_KEY = "find_found", "find_why"  # what a search has found, or why it has found nothing
NEAR_ENOUGH = 0.4


def language() -> Language:
    """Return the language of the page."""
    return known_language(st.session_state.get(LANG_KEY))


def ui(key: str, **values: object) -> str:
    """Return the page's word for a key in the user's language."""
    return template(key).format(**values)


def template(key: str) -> str:
    """Return the page's sentence for a key with its places still to fill in."""
    return translated(WORDS[key], language())


def chosen_site() -> str | None:
    """Return the chosen site's id."""
    found: str | None = st.session_state.get("chosen_site")
    return found


def chosen_point() -> tuple[float, float] | None:
    """Return the chosen point, (lon, lat), when it is not a site."""
    found: tuple[float, float] | None = st.session_state.get("chosen_point")
    return found


def move() -> int:
    """Return a number that grows when the map has to move to the choice; 0 when it was made on the map."""
    return int(st.session_state.get("move", 0))


def choose_site(site_id: str | None, *, on_map: bool = False) -> None:
    """Choose a site, or nothing."""
    state = st.session_state
    state["chosen_site"], state["chosen_point"], state["address_fault"] = site_id, None, None
    state[FIND_KEY] = site_id
    _moved(on_map=on_map)
    address.write()


def choose_point(lon: float, lat: float, *, on_map: bool = False) -> None:
    """Choose a point that is no site."""
    state = st.session_state
    state["chosen_site"], state["chosen_point"], state["address_fault"] = None, (lon, lat), None
    state[FIND_KEY] = None
    _moved(on_map=on_map)
    address.write()


def _moved(*, on_map: bool) -> None:
    st.session_state[FOUND_KEY], st.session_state[WHY_KEY], st.session_state["address_faults"] = [], "", []
    moves = int(st.session_state.get("moves", 0)) + 1
    st.session_state["moves"] = moves
    st.session_state["move"] = 0 if on_map else moves


def take_click(other: Callable[[dict[str, Any]], None] | None = None) -> None:
    """Take what the map sent: a site's id, or a point; what is neither goes to `other`."""
    sent: Any = st.session_state.get(MAP_KEY)
    if isinstance(sent, dict) and sent.get("kind") == "site" and isinstance(sent.get("id"), str):
        choose_site(sent["id"], on_map=True)
    elif isinstance(sent, dict) and sent.get("kind") == "point":
        point = read_point(f"{sent.get('lon')},{sent.get('lat')}")
        if point is not None:
            choose_point(*point, on_map=True)
    elif isinstance(sent, dict) and other is not None:
        other(sent)


def take_find() -> None:
    """Take what the search box holds."""
    choose_site(st.session_state.get(FIND_KEY))


def take_language() -> None:
    """Keep the language in the address."""
    address.write()


def read_point(text: str) -> tuple[float, float] | None:
    """Return the point a text "lon,lat" names, or None."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        return None
    if not (math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90):
        return None
    return lon, lat


def take_language_first() -> None:
    """Read the language before the first word is shown."""
    if LANG_KEY not in st.session_state:
        st.session_state[LANG_KEY] = known_language(st.query_params.get("lang"))


def restore(page: str) -> None:
    """Read the choice from the address when it was not written by us; what cannot be read is kept for the page to say.

    Args:
        page: the url path of the page.
    """
    address.keep()
    if not address.moved(page):
        return
    state = st.session_state
    faults = address.read()
    site, at = st.query_params.get("site"), st.query_params.get("at")
    state[LANG_KEY] = known_language(st.query_params.get("lang"))
    state["address_site"], state["address_fault"] = site, None
    point = None if at is None else read_point(at)
    if site is None and point is not None:
        choose_point(*point)
    elif site is None:
        choose_site(None)
        state["address_fault"] = ui("bad_point", at=at) if at is not None else None
    state["address_faults"] = [ui("bad_word", word=word, why=fault_text(why, language())) for word, why in faults]


def settle(known: Iterable[object]) -> None:
    """Match the address with the ids of the sites there are; show what in it cannot be used."""
    state = st.session_state
    wanted, faults = state.pop("address_site", None), state.get("address_faults", [])
    ids = [str(key) for key in known]
    if wanted is not None:
        if wanted in ids:
            choose_site(wanted)
        else:
            near = difflib.get_close_matches(wanted.lower(), ids, n=3, cutoff=NEAR_ENOUGH)
            hint = ui("did_you_mean", near=", ".join(near)) if near else ui("find_hint")
            choose_site(None)
            state["address_fault"] = ui("unknown_site", site=wanted, hint=hint)
    elif chosen_site() is not None and chosen_site() not in ids:
        choose_site(None)
    state["address_faults"] = faults  # they stay until something is chosen
    if told := "\n\n".join(fault for fault in [*faults, state.get("address_fault")] if fault):
        st.error(told, icon=":material/wrong_location:")
