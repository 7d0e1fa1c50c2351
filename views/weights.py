"""The weights the ranking uses: a profile, or one's own by sliders; kept while one visits other pages."""

import streamlit as st

from oreway.layers.vocabulary import HALF_LIFE
from oreway.outputs.words.formatting import class_label, label
from oreway.scoring.world.criteria import SHAPES
from oreway.views import cached
from oreway.views.state import language, ui

PROFILE_KEY, SHAPE_KEY, OWN, SETTING = "rank_profile", "rank_shape", "own_weights", "setting"


def start_from(profile: str) -> None:
    """Set the sliders to a profile's weights in percent."""
    opened = cached.world()
    weights = opened.methods.profile_weights(profile)
    total = sum(weights.values())
    for name in opened.criteria:
        st.session_state[f"weight_{name}"] = round(100 * weights.get(name, 0.0) / total)


def chosen_shape() -> str:
    """Show the shapes of the value functions; return the chosen one."""
    held = st.session_state
    if held.get(SHAPE_KEY) not in SHAPES:
        held[SHAPE_KEY] = HALF_LIFE
    st.segmented_control(
        ui("shape"), SHAPES, key=SHAPE_KEY, required=True, format_func=lambda key: ui(f"shape_{key}"),
        help=ui("shape_help"),
    )  # fmt: skip
    return str(held[SHAPE_KEY])


def chosen() -> tuple[str | None, tuple[tuple[str, float], ...] | None]:
    """Show the choice; return (profile, weights), None for the profile of each site's setting."""
    opened, lang, held = cached.world(), language(), st.session_state
    options = [SETTING, *opened.methods.weights, OWN]
    if held.get(PROFILE_KEY) not in options:
        held[PROFILE_KEY] = SETTING
    picked = st.selectbox(
        ui("weights_of"), options, key=PROFILE_KEY,
        format_func=lambda key: ui(f"weights_{key}") if key in {SETTING, OWN} else label(key, lang),
    )  # fmt: skip
    if picked == SETTING:
        return None, None
    if picked != OWN:
        return str(picked), None
    names = [name for name in opened.criteria if name in opened.methods.profile_weights("equal")]
    if not any(f"weight_{name}" in held for name in names):
        start_from("equal")
    columns = st.columns(4)
    for i, name in enumerate(names):
        held.setdefault(f"weight_{name}", 0)
        columns[i % 4].slider(ui("weight_of", what=class_label(name, lang, short=True)), 0, 100, key=f"weight_{name}")
    with st.container(horizontal=True):
        for profile in opened.methods.weights:
            st.button(ui("weights_from", profile=label(profile, lang)), on_click=start_from, args=(profile,))
    return None, tuple((name, float(held[f"weight_{name}"])) for name in names)
