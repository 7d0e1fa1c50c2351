"""The address bar and the choices behind it: read once, written after each choice, read again on back and forward.

Own sites never stand in it: they stay in the session. What the map alone knows (view, layers, base map) stands behind
the #, where data/web/oreway-keep.js keeps it.
"""

from typing import Any

import streamlit as st

from oreway.outputs.words.translation import SOURCE, known_language
from oreway.said import why
from oreway.views import cached, scenario
from oreway.views.waiting import LANG_KEY

LISTS = {
    "layer": "filter_layer", "commodity": "filter_commodity", "country": "filter_country", "stage": "filter_stage",
    "closed": "supply_closed", "with": "compare_sites", "verdict": "said_verdicts",
}  # fmt: skip
SURFACE_REGION, SURFACE_BAND = "surface_region", "surface_band"
WORDS = {
    "profile": "rank_profile", "to": "supply_plant", "where": "where", "shape": "rank_shape", "show": "show",
    "shade": SURFACE_REGION, "by": SURFACE_BAND, "element": "balance_element", "counts": "balance_rule",
    "facts": "facts_find", "product": "prices_product",
}  # fmt: skip
YEAR_KEY, TONNES_KEY, YES = "balance_year", "prices_tonnes_", "1"
ONLY_KEY, FIRM_KEY = "prices_only", "prices_firm"
SWITCHES = {"ree": ONLY_KEY, "firm": FIRM_KEY}
USUAL_YEAR, USUAL_TONNES, TONNES = 2030, {"NdPr": 15_000, "DyTb": 500}, (10, 200_000)
PRICE_KEY, USUAL_PRICE, PRICES = "price_ndpr", 80, (20, 250)  # US$/kg NdPr oxide, to try
NUMBERS = {
    "year": (YEAR_KEY, USUAL_YEAR, (2000, 2100)),
    "own_price": (PRICE_KEY, USUAL_PRICE, PRICES),
    **{f"{one.lower()}_t": (f"{TONNES_KEY}{one}", usual, TONNES) for one, usual in USUAL_TONNES.items()},
}
USUAL = {None, "", "land", "setting", "half_life", "place", "score", "NdPr", "no_chinese_step"}  # not worth a word
SCORE_KEY, WHOLE = "filter_score", (0, 100)
AREA_KEY, CORNER = "filter_area", "_"
LEAST_CORNERS, MOST_CORNERS, TURN, RIGHT_ANGLE, SHOWN = 3, 60, 360.0, 90.0, 40
OWN, WEIGHT = "own_weights", "weight_"
PAIRS, PAIRS_KEY, PAIRS_EDITOR = "pairs", "compared_pairs", "pairs_editor_"
BUILT, CHANGES = "built", "changed_facts"
KEPT = ("find", LANG_KEY, "show", SCORE_KEY, SURFACE_REGION, SURFACE_BAND, *LISTS.values(), *WORDS.values())
NOT_KEPT = ("build_map", "build_file")  # neither may be set by a script
KEPT_PREFIXES = ("weight_", "passage_", "build_", "price_", "prices_", "balance_")


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
    found |= {name: str(state[key]) for name, (key, usual, _) in NUMBERS.items() if state.get(key, usual) != usual}
    found |= {name: YES for name, key in SWITCHES.items() if state.get(key)}
    if tuple(score) != WHOLE:
        found["score"] = f"{score[0]}-{score[1]}"
    if state.get(AREA_KEY):
        found["area"] = CORNER.join(f"{lon:g},{lat:g}" for lon, lat in state[AREA_KEY])
    if state.get(WORDS["profile"]) == OWN and (own := _own_weights()):
        found["weights"] = scenario.weights_word(own)
    if state.get(WORDS["profile"]) == PAIRS and (word := scenario.pairs_word(state.get(PAIRS_KEY, {}))):
        found["pairs"] = word
    if word := scenario.scenario_word(state.get(BUILT, []), state.get(CHANGES, [])):
        found["whatif"] = word
    return found


def _own_weights() -> dict[str, int]:
    held = st.session_state
    return {str(key).removeprefix(WEIGHT): int(held[key]) for key in sorted(map(str, held)) if key.startswith(WEIGHT)}


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


def read() -> list[tuple[str, str]]:
    """Take everything but the place from the address; return the words that could not be read, each with why."""
    state: Any = st.session_state
    now = st.query_params.to_dict()
    for name, key in LISTS.items():
        state[key] = [part for part in now.get(name, "").split(",") if part]
    for name, key in WORDS.items():
        if name in now:
            state[key] = now[name]
        else:
            state.pop(key, None)
    for name, (key, usual, (least, most)) in NUMBERS.items():
        told = now.get(name, "")
        state[key] = int(told) if told.isdecimal() and least <= int(told) <= most else usual
    state.update({key: now.get(name) == YES for name, key in SWITCHES.items()})
    ends = now.get("score", "").split("-")
    low, high = (int(end) for end in ends) if len(ends) == 2 and all(end.isdecimal() for end in ends) else WHOLE
    state[SCORE_KEY] = (low, high) if 0 <= low <= high <= WHOLE[1] else WHOLE
    return [fault for fault in (_read_area(now), _read_weights(now), _read_pairs(now), _read_scenario(now)) if fault]


def _read_area(now: dict[str, str]) -> tuple[str, str] | None:
    state: Any = st.session_state
    word = now.get("area", "")
    state[AREA_KEY] = read_ring([corner.split(",") for corner in word.split(CORNER)]) if word else ()
    return ("area", word[:SHOWN]) if word and not state[AREA_KEY] else None


def read_ring(ring: Any) -> tuple[tuple[float, float], ...]:
    """Return the corners of an area, (lon, lat); empty where it is none."""
    try:
        corners = tuple((round(float(lon), 4), round(float(lat), 4)) for lon, lat in ring)
    except (TypeError, ValueError):
        return ()
    right = all(abs(lon) <= 2 * TURN and abs(lat) <= RIGHT_ANGLE for lon, lat in corners)
    return corners if right and LEAST_CORNERS <= len(corners) <= MOST_CORNERS else ()


def _read_weights(now: dict[str, str]) -> tuple[str, str] | None:
    if "weights" not in now:
        return None
    known = list(cached.world().criteria)
    try:
        found = scenario.read_weights(now["weights"], known)
    except scenario.ScenarioError as error:
        return "weights", why(error)
    for name, weight in found.items():
        st.session_state[f"{WEIGHT}{name}"] = weight
    return None


def _read_pairs(now: dict[str, str]) -> tuple[str, str] | None:
    state: Any = st.session_state
    if "pairs" not in now:
        return None
    try:
        state[PAIRS_KEY] = scenario.read_pairs(now["pairs"], list(cached.world().criteria))
    except scenario.ScenarioError as error:
        return "pairs", why(error)
    for key in [str(key) for key in state if str(key).startswith(PAIRS_EDITOR)]:
        del state[key]
    return None


def _read_scenario(now: dict[str, str]) -> tuple[str, str] | None:
    state: Any = st.session_state
    if "whatif" not in now:
        return None
    try:
        state[BUILT], state[CHANGES] = scenario.read_scenario(now["whatif"])
    except scenario.ScenarioError as error:
        return "whatif", why(error)
    return None
