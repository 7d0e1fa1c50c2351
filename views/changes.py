"""Facts changed and things closed on the what-if page: by menus, or in words: SITE:FIELD=VALUE."""

from typing import Any

import pandas as pd
import streamlit as st
from shapely.geometry.base import BaseGeometry

from oreway.outputs.report.whatif_tables import value_words
from oreway.outputs.words.formatting import class_label, fact_label, fault_text, free_word, label, number
from oreway.outputs.words.translation import LANGUAGES
from oreway.said import why
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import scored_sites
from oreway.scoring.whatif.changes import GATE, PLACE
from oreway.scoring.whatif.choices import FactChoice, fact_choices
from oreway.scoring.whatif.closing import CLOSABLE, REFINERY, Closing, Open, closed_feature, read_step
from oreway.views import answers, cached, state
from oreway.views.lists import site_names
from oreway.views.state import language, ui
from oreway.views.what_if_steps import CHANGES, built, changes, remember, remove_change

CHANGE_KEY, SITE_KEY, FACT_KEY = "build_change", "build_site", "build_fact"
VALUE_KEY = "build_value"
CLOSED_CLASS_KEY, NEAR_KEY, CLOSED_KEY = "close_class", "close_site", "close_thing"
MOST_OFFERED = 40


def change(text: str) -> bool:
    """Change the fact a text names, or keep the refusal for the page to say; tell which."""
    held = st.session_state
    held["change_fault"] = None
    said = by_id(text.strip())
    try:
        answers.check_built(cached.world().data_version, tuple(built()), (*changes(), said))
    except ScoringError as error:
        held["change_fault"] = fault_text(why(error), language())
        return False
    remember()
    one = read_step(said)
    same = said if isinstance(one, Closing) else f"{one.site_id}:{one.field}{'.' if one.category else ''}{one.category}"
    held[CHANGES] = [*(other for other in changes() if other.partition("=")[0] != same), said]
    return True


def by_id(text: str) -> str:
    """Return a change with the id of its gate where the text names it by a word the page shows, in any language."""
    before, dot, rest = text.partition(f":{GATE}.")
    shown, equals, value = rest.partition("=")
    if not (dot and equals):
        return text
    for gate in cached.world().gates:
        if shown.strip().casefold() in {label(gate.id, lang).casefold() for lang in LANGUAGES}:
            return f"{before}{dot}{gate.id}={value}"
    return text


def take_menus(text: str) -> None:
    """Change what the menus say."""
    change(text)


def take_words() -> None:
    """Change what the text box says."""
    if change(st.session_state[CHANGE_KEY]):
        st.session_state[CHANGE_KEY] = ""


def fact_words(one: FactChoice) -> str:
    """Return a fact of the menu as the page calls it, with what it is now."""
    lang = language()
    name = label(one.category, lang) if one.field == GATE else fact_label(one.field, lang)
    part = f" ({free_word(one.category, lang)})" if one.category and one.field != GATE else ""
    now = value_words(one.field, one.now, lang) if one.now else label("not_known", lang)
    return ui("change_now", fact=f"{name}{part}", now=f"{now} {one.unit}".strip())


def taken_back(text: str) -> str:
    """Return the words of the button that takes a step back: what it opens again, or site, fact and value."""
    one, names = read_step(text), site_names(cached.world().sites)
    if isinstance(one, Closing):
        return ui("close_open", name=closed_feature(cached.world(), one)["name"])
    name = label(one.category, language()) if one.field == GATE else fact_label(one.field, language())
    change = f"{names.get(one.site_id, one.site_id)}: {name} → {value_words(one.field, one.value, language())}"
    return ui("change_back", change=change)


def site_menu(title: str, key: str) -> str:
    """Let the user choose one of the scored sites, the chosen one to begin with; return its id."""
    opened, held = cached.world(), st.session_state
    names = site_names(opened.sites)
    ids = sorted(scored_sites(opened), key=lambda one: names[one].casefold())
    start = state.chosen_site()
    if held.get(key) not in ids:
        held[key] = start if start in ids else ids[0]
    return str(st.selectbox(title, ids, key=key, format_func=lambda one: names[one]))


def menus() -> None:
    """Let the user choose site, fact and value."""
    opened, held = cached.world(), st.session_state
    site = site_menu(ui("name"), SITE_KEY)
    choices = fact_choices(opened, site)
    keys = [f"{one.field}.{one.category}" for one in choices]
    if held.get(FACT_KEY) not in keys:
        held[FACT_KEY] = keys[0]
    fact = st.selectbox(ui("fact"), keys, key=FACT_KEY, format_func=lambda key: fact_words(choices[keys.index(key)]))
    one = choices[keys.index(fact)]
    value = new_value(one, f"{VALUE_KEY}_{site}_{fact}")
    st.button(
        ui("change_this"), on_click=take_menus, args=(one.said(site, value),), icon=":material/edit:", type="primary",
        disabled=not value or value == one.now,
    )  # fmt: skip


def new_value(one: FactChoice, key: str) -> str:
    """Ask for the new value by what the fact is: one of some words, a number, a text."""
    if one.words:
        others = [word for word in one.words if word != one.now]
        return str(
            st.selectbox(
                ui("change_to"), others, key=key, format_func=lambda word: value_words(one.field, word, language())
            )
        )
    if one.is_number:
        start = pd.to_numeric(one.now, errors="coerce")
        given = st.number_input(
            f"{ui('change_to')} {one.unit}".strip(), value=None if pd.isna(start) else float(start), key=key,
            format="%.5f" if one.field in PLACE else "%g", placeholder="–",
        )  # fmt: skip
        return "" if given is None else f"{given:.10g}" if given != start else one.now
    return str(st.text_input(ui("change_to"), value=one.now, key=key)).strip()


def change_form() -> None:
    """Let the user change one more fact, and show which are changed."""
    held = st.session_state
    held.setdefault(CHANGE_KEY, "")
    menus()
    with st.expander(ui("change_words")):
        st.text_input(ui("change_fact"), key=CHANGE_KEY, help=ui("change_hint"), placeholder="gl-tanbreez:stage=fs")
        st.button(ui("change_add"), on_click=take_words, icon=":material/edit:")
    if held.get("change_fault"):
        st.error(held["change_fault"])


def changed_list() -> None:
    """Show which facts are changed and what is closed, each with a way to take it back."""
    for i, one in enumerate(changes()):
        st.button(taken_back(one), key=f"unchange_{i}", icon=":material/close:", on_click=remove_change, args=(i,))


def close_form() -> None:
    """Let the user choose what closes: its kind, the site near which it lies, and which one."""
    lang, opened = language(), cached.world()
    class_ = st.selectbox(
        ui("close_what"), CLOSABLE, key=CLOSED_CLASS_KEY,
        format_func=lambda key: ui("close_plant") if key == REFINERY else class_label(key, lang, short=True),
    )  # fmt: skip
    site = site_menu(ui("close_near"), NEAR_KEY)
    here = float(opened.sites["lon"].to_dict()[site]), float(opened.sites["lat"].to_dict()[site])
    found = answers.open_near(opened.data_version, class_, here, MOST_OFFERED)
    known = {one.feature_id: one for one in found}
    thing = st.selectbox(
        ui("close_which"), list(known), key=f"{CLOSED_KEY}_{class_}_{site}",
        format_func=lambda key: f"{known[key].name} · {number(known[key].distance_km, 0, lang)} km",
    )  # fmt: skip
    st.button(
        ui("close_this"), on_click=take_closing, args=(known[thing], class_), icon=":material/block:", type="primary"
    )
    st.caption(ui("close_hint"))
    if st.session_state.get("change_fault"):
        st.error(st.session_state["change_fault"])


def take_closing(one: Open, class_: str) -> None:
    """Close what the menus say."""
    change(one.said(class_))


def closed_drawn(closings: list[Closing]) -> list[tuple[BaseGeometry, str]]:
    """Return what is closed with its words, as `drawn_shapes.drawing` takes it."""
    rows: list[dict[Any, Any]] = [closed_feature(cached.world(), one).to_dict() for one in closings]
    return [(row["geometry"], ui("close_told", name=str(row["name"]))) for row in rows]
