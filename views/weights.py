"""The weights the ranking uses: a profile, or one's own by sliders; kept while one visits other pages."""

import itertools

import pandas as pd
import streamlit as st

from oreway.layers.vocabulary import HALF_LIFE, Setting
from oreway.outputs.words.formatting import class_label, label, number
from oreway.outputs.words.translation import translated
from oreway.scoring.rank.ahp import compared
from oreway.scoring.world.criteria import SHAPES
from oreway.views import cached
from oreway.views.address import OWN, PAIRS, PAIRS_EDITOR, PAIRS_KEY
from oreway.views.scenario import TIMES
from oreway.views.state import language, ui

PROFILE_KEY, SHAPE_KEY, SETTING = "rank_profile", "rank_shape", "setting"
PAIRS_START, EQUAL = "compared_start", "1"


def criteria_of(place: str) -> list[str]:
    """Return the criteria by which sites on land, or on the seabed, are judged."""
    opened = cached.world()
    settings = [one.value for one in Setting if (one == Setting.SEABED) == (place == Setting.SEABED)]
    used = {name for one in settings for name in opened.methods.profile_weights(opened.methods.profile_for(one))}
    return [name for name in opened.criteria if name in used]


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


def chosen(names: list[str]) -> tuple[str | None, tuple[tuple[str, float], ...] | None]:
    """Show the choice; return (profile, weights), None for the profile of each site's setting.

    Args:
        names: the criteria of the setting that is ranked; sliders and pairs are theirs alone.
    """
    opened, lang, held = cached.world(), language(), st.session_state
    options = [SETTING, *opened.methods.weights, OWN, PAIRS]
    if held.get(PROFILE_KEY) not in options:
        held[PROFILE_KEY] = SETTING
    picked = st.selectbox(
        ui("weights_of"), options, key=PROFILE_KEY, help=ui("weights_help"),
        format_func=lambda key: ui(f"weights_{key}") if key in {SETTING, OWN, PAIRS} else label(key, lang),
    )  # fmt: skip
    if picked == SETTING:
        return None, None
    if picked == PAIRS:
        return None, by_pairs(names)
    return (None, sliders(names)) if picked == OWN else (str(picked), None)


def sliders(names: list[str]) -> tuple[tuple[str, float], ...]:
    """Show one slider a criterion and what they add up to; return the weights."""
    opened, lang, held = cached.world(), language(), st.session_state
    if not any(f"weight_{name}" in held for name in names):
        start_from("equal")
    columns = st.columns(4)
    for i, name in enumerate(names):
        held.setdefault(f"weight_{name}", 0)
        why = f"{translated(opened.criteria[name].rationale, lang)} {ui('weight_help')}"
        words = ui("weight_of", what=class_label(name, lang, short=True))
        columns[i % 4].slider(words, 0, 100, key=f"weight_{name}", help=why)
    whole = sum(int(held[f"weight_{name}"]) for name in names)
    st.caption(ui("weights_sum", sum=whole))
    with st.container(horizontal=True):
        for profile in opened.methods.weights:
            if set(names) & set(opened.methods.profile_weights(profile)):
                st.button(ui("weights_from", profile=label(profile, lang)), on_click=start_from, args=(profile,))
    return tuple((name, float(held[f"weight_{name}"])) for name in names)


def by_pairs(names: list[str]) -> tuple[tuple[str, float], ...]:
    """Show every pair of criteria with how many times as important the first is; return the weights that follow."""
    lang, held = language(), st.session_state
    pairs = list(itertools.combinations(names, 2))
    told: dict[tuple[str, str], str] = held.setdefault(PAIRS_KEY, {})
    st.write(ui("pairs_intro"))
    key = f"{PAIRS_EDITOR}{'_'.join(names)}"
    if key not in held:  # on a first visit, or back from another page: begin with what was said last
        held[PAIRS_START] = pd.DataFrame({
            ui("pairs_one"): [class_label(one, lang, short=True) for one, _ in pairs],
            ui("pairs_times"): [told.get(pair, EQUAL) for pair in pairs],
            ui("pairs_other"): [class_label(other, lang, short=True) for _, other in pairs],
        })  # fmt: skip
    start: pd.DataFrame = held[PAIRS_START]
    edited = st.data_editor(
        start, key=key, hide_index=True, width="content", disabled=[start.columns[0], start.columns[2]],
        column_config={
            start.columns[1]: st.column_config.SelectboxColumn(options=list(TIMES), required=True, width="medium")
        },
    )  # fmt: skip
    told |= dict(zip(pairs, edited.iloc[:, 1].fillna(EQUAL), strict=True))
    found = compared(names, {pair: TIMES[told[pair]] for pair in pairs})
    limit = cached.world().methods.parameters["consistency_limit"]
    shares = label("comma", lang).join(
        f"{class_label(name, lang, short=True)} {number(100 * weight, 1, lang)} %"
        for name, weight in sorted(found.weights.items(), key=lambda one: -one[1])
    )
    st.text(ui("pairs_weights", weights=shares))
    ratio = ui("pairs_ratio", ratio=number(found.ratio, 2, lang), limit=number(limit, 1, lang))
    if found.ratio > limit:
        st.warning(f"{ratio} {ui('pairs_unsound')}")
    else:
        st.caption(ratio)
    return tuple((name, 100 * weight) for name, weight in found.weights.items())
