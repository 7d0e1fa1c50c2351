"""The page of the balance: what could reach magnets without a Chinese step, what holds it back, what helps most."""

import dataclasses

import streamlit as st

from oreway.outputs.files.export import csv_bytes
from oreway.outputs.pictures.balance_picture import balance_chart, element_words
from oreway.outputs.report.balance_tables import balance_sentences, step_table, year_table
from oreway.outputs.words.formatting import label
from oreway.scoring.balance.answer import Asked, Balance, Inputs, of_year
from oreway.scoring.balance.balance import balance, chain, read_inputs
from oreway.scoring.balance.network import RULES, Network
from oreway.scoring.balance.next_step import Step, mines_among, next_steps
from oreway.scoring.balance.tables import ELEMENTS
from oreway.views import address, cached, pictures
from oreway.views.guard import guarded
from oreway.views.state import language, ui

ELEMENT_KEY, RULE_KEY, YEAR_KEY = "balance_element", "balance_rule", "balance_year"
USUAL_YEAR = 2030
EVERY = "every"


@st.cache_resource(show_spinner=False)
def _inputs(version: str) -> Inputs:  # noqa: ARG001 - the cache's key
    return read_inputs()


@st.cache_resource(show_spinner=False, max_entries=16)
def _chain(version: str, element: str, rule: str) -> Network:
    return chain(_inputs(version), _asked(version, element, rule, USUAL_YEAR))


@st.cache_data(show_spinner=False, max_entries=400)
def _year(version: str, element: str, rule: str, year: int) -> Balance:
    return balance(_inputs(version), _asked(version, element, rule, year), net=_chain(version, element, rule))


@st.cache_resource(show_spinner=False, max_entries=16)
def _whole(version: str, element: str, rule: str) -> dict[str, Balance]:  # noqa: ARG001 - the cache's key
    """Return where the answer for every year is put, once it has been worked out with its progress shown."""
    return {}


@st.cache_data(show_spinner=False, max_entries=60)
def _steps(version: str, element: str, rule: str, year: int) -> tuple[Step, ...]:
    return next_steps(_inputs(version), _asked(version, element, rule, year))


def _asked(version: str, element: str, rule: str, year: int) -> Asked:
    draws = int(_inputs(version).tables.number("draws"))
    return Asked(element=element, rule=rule, draws=draws, years=(year,))


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    version, lang = cached.world().data_version, language()
    inputs = _inputs(version)
    st.title(ui("balance_title"))
    st.write(ui("balance_intro"))
    for key, known in ((ELEMENT_KEY, ELEMENTS), (RULE_KEY, RULES)):
        if st.session_state.get(key) not in known:
            st.session_state[key] = known[0]
    left, right = st.columns(2)
    element = left.selectbox(
        ui("balance_element"), ELEMENTS, key=ELEMENT_KEY, format_func=element_words, on_change=address.write
    )
    rule = right.selectbox(
        ui("balance_rule"),
        RULES,
        key=RULE_KEY,
        format_func=lambda key: label(f"counts_{key}", lang),
        on_change=address.write,
    )
    years = inputs.tables.years
    st.session_state.setdefault(YEAR_KEY, USUAL_YEAR)
    year = st.slider(ui("balance_year"), years[0], years[-1], key=YEAR_KEY)
    whole = _whole(version, element, rule).get(EVERY)
    now = _year(version, element, rule, year) if whole is None else of_year(whole, year)
    st.markdown("\n\n".join(balance_sentences(now, year, lang)))
    pictures.show(balance_chart(now, inputs.tables, year, lang))
    st.caption(label("balance_note", lang))
    _by_year(version, element, rule, years)
    _next(version, element, rule, year)
    if now.missing:
        names = label("comma", lang).join(dict.fromkeys(phase.key for phase in now.missing))
        st.caption(label("balance_missing", lang).format(names=names))


def _by_year(version: str, element: str, rule: str, years: tuple[int, ...]) -> None:
    lang = language()
    st.header(label("balance_by_year", lang))
    found = _every(version, element, rule, years)
    table = year_table(found, lang)
    st.dataframe(table, hide_index=True, width="stretch", alt=label("balance_by_year", lang), placeholder="–")
    st.download_button(
        ui("csv"), csv_bytes(found.table), f"oreway-balance-{element}.csv", "text/csv", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip


def _every(version: str, element: str, rule: str, years: tuple[int, ...]) -> Balance:
    """Return the answer for every year, with its progress where it is not at hand."""
    held = _whole(version, element, rule)
    if EVERY not in held:
        bar = st.progress(0.0, text=ui("balance_working"))
        asked = dataclasses.replace(_asked(version, element, rule, years[0]), years=years)

        def on(done: float, _: int) -> None:
            bar.progress(done, text=ui("balance_working"))

        held[EVERY] = balance(_inputs(version), asked, on, _chain(version, element, rule))
        bar.empty()
    return held[EVERY]


def _next(version: str, element: str, rule: str, year: int) -> None:
    lang = language()
    st.header(label("next_title", lang))
    steps = _steps(version, element, rule, year)
    if not steps:
        st.info(label("next_none", lang))
        return
    st.dataframe(
        step_table(steps, lang), hide_index=True, width="stretch", alt=label("next_title", lang), placeholder="–"
    )
    if not mines_among(steps, _inputs(version)):
        st.write(label("next_no_mine", lang))
    st.caption(label("next_note", lang))


page()
