"""The address bar and the choices behind it: read once, written after each choice, read again on back and forward."""

from typing import Any

import streamlit as st

from oreway.outputs.words.translation import SOURCE, known_language

LANG_KEY = "lang"
LISTS = {
    "layer": "filter_layer", "commodity": "filter_commodity", "country": "filter_country", "stage": "filter_stage",
    "closed": "supply_closed", "with": "compare_sites",
}  # fmt: skip
WORDS = {"profile": "rank_profile", "to": "supply_plant", "where": "where", "shape": "rank_shape"}
USUAL = {None, "", "land", "setting", "half_life"}  # not worth a word in the address
SCORE_KEY, WHOLE = "filter_score", (0, 100)
SURFACE_REGION, SURFACE_BAND = "surface_region", "surface_band"
KEPT = ("find", LANG_KEY, "show", SCORE_KEY, SURFACE_REGION, SURFACE_BAND, *LISTS.values(), *WORDS.values())
NOT_KEPT = ("build_map", "build_file")  # neither may be set by a script
KEPT_PREFIXES = ("weight_", "passage_", "build_", "price_")


def keep() -> None:
    """Hold what the user set on other pages: Streamlit forgets a widget that is not on the page."""
    state = st.session_state
    for key in [str(key) for key in state]:
        if key in KEPT or (key.startswith(KEPT_PREFIXES) and key not in NOT_KEPT):
            state[key] = state[key]


def wanted() -> dict[str, str]:
    """Return the address of what is chosen."""
    state = st.session_state
    site, point, score = state.get("chosen_site"), state.get("chosen_point"), state.get(SCORE_KEY, WHOLE)
    found = {} if (lang := known_language(state.get(LANG_KEY))) == SOURCE else {"lang": lang}
    if site is not None:
        found["site"] = str(site)
    if point is not None:
        found["at"] = f"{point[0]:.5f},{point[1]:.5f}"
    found |= {name: ",".join(state[key]) for name, key in LISTS.items() if state.get(key)}
    found |= {name: str(state[key]) for name, key in WORDS.items() if state.get(key) not in USUAL}
    if tuple(score) != WHOLE:
        found["score"] = f"{score[0]}-{score[1]}"
    return found


def write() -> None:
    """Put the choice into the address; the same address is not written twice, so that back stays one step."""
    address = wanted()
    if st.query_params.to_dict() != address:
        st.query_params.from_dict(address)
    st.session_state["written"] = address


def moved(page: str) -> bool:
    """Tell whether the address was changed by other hands: first visit, a link, back or forward.

    A change of page through the menu empties the address, and back may pass that empty one again; what was chosen then
    stays. Only the map's own empty address means that nothing is chosen.
    """
    state, now = st.session_state, st.query_params.to_dict()
    turned = state.get("page") != page
    state["page"] = page
    return "written" not in state or (now != state["written"] and bool(now or not (turned or page)))


def read() -> None:
    """Take filters, closed passages, compared sites and profile from the address."""
    state: Any = st.session_state
    now = st.query_params.to_dict()
    for name, key in LISTS.items():
        state[key] = [part for part in now.get(name, "").split(",") if part]
    for name, key in WORDS.items():
        if name in now:
            state[key] = now[name]
        else:
            state.pop(key, None)
    ends = now.get("score", "").split("-")
    low, high = (int(end) for end in ends) if len(ends) == 2 and all(end.isdecimal() for end in ends) else WHOLE
    state[SCORE_KEY] = (low, high) if 0 <= low <= high <= WHOLE[1] else WHOLE
