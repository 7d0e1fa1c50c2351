"""The page of the balance: what could reach magnets without a Chinese step, what holds it back, what helps most."""

import pandas as pd
import streamlit as st

from oreway.outputs.files.balance_book import balance_book
from oreway.outputs.files.export import csv_bytes
from oreway.outputs.files.files import creation_date
from oreway.outputs.pictures.balance_picture import balance_chart, element_words
from oreway.outputs.report.balance_tables import balance_sentences, step_table, year_table
from oreway.outputs.report.report import balance_report
from oreway.outputs.words.formatting import label
from oreway.scoring.balance.answer import Balance, of_year
from oreway.scoring.balance.balance import balance
from oreway.scoring.balance.network import RULES
from oreway.scoring.balance.next_step import mines_among
from oreway.scoring.balance.tables import ELEMENTS
from oreway.views import address, cached, pictures
from oreway.views.address import USUAL_YEAR, YEAR_KEY
from oreway.views.balance_answers import (
    Question,
    asked_of,
    chain_of,
    inputs_of,
    longer_of,
    steps_of,
    whole_of,
    year_of,
)  # fmt: skip
from oreway.views.grids import grid
from oreway.views.guard import guarded
from oreway.views.lists import site_names
from oreway.views.passages import passages
from oreway.views.state import language, ui

ELEMENT_KEY, RULE_KEY = "balance_element", "balance_rule"
EVERY = "every"
MOST_ROWS = 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    version, lang = cached.world().data_version, language()
    inputs = inputs_of(version)
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
    if st.session_state.get(YEAR_KEY) not in years:
        st.session_state[YEAR_KEY] = USUAL_YEAR
    year = st.slider(ui("balance_year"), years[0], years[-1], key=YEAR_KEY)
    asked = Question(version, element, rule, passages())
    whole = whole_of(asked).get(EVERY)
    now = year_of(asked, year) if whole is None else of_year(whole, year)
    st.markdown("\n\n".join(balance_sentences(now, year, lang)))
    pictures.show(balance_chart(now, inputs.tables, year, lang))
    st.caption(label("balance_note", lang))
    _closures(asked, year)
    _by_year(asked, years, year)
    _next(asked, year)
    if now.missing:
        named = site_names(cached.world().sites)
        told = dict.fromkeys(named.get(phase.key, phase.key) for phase in now.missing)
        st.caption(label("balance_missing", lang).format(names=label("comma", lang).join(told)))


def _closures(asked: Question, year: int) -> None:
    """Show which ways as announced the closed passages make longer, or leave without any way."""
    if not asked.closed:
        return
    st.header(ui("balance_closed", year=year))
    rows = [
        (f"{one.start.name} → {one.end.name}", one.tonnes, one.extra_km, one.extra_days, one.extra_usd_per_t,
         ui("balance_no_way") if one.extra_km is None else "")
        for one in longer_of(asked, year)
    ]  # fmt: skip
    if not rows:
        st.caption(ui("balance_closed_none", year=year))
        return
    names = ("way", "way_t", "extra_km", "extra_days", "extra_usd_per_t", "way_note")
    table = pd.DataFrame(rows, columns=[ui(f"col_{name}") for name in names]).round(0)
    grid(table, ui("balance_closed", year=year))


def _by_year(asked: Question, years: tuple[int, ...], year: int) -> None:
    lang = language()
    st.header(label("balance_by_year", lang))
    found = _every(asked, years)
    table = year_table(found, lang)
    grid(table, label("balance_by_year", lang), most=MOST_ROWS)
    tables, version, steps = inputs_of(asked.version).tables, asked.version, steps_of(asked, year)
    with st.container(horizontal=True):
        for ending, (words, kind, make) in {
            "csv": (ui("csv"), "text/csv", lambda: csv_bytes(found.table)),
            "xlsx": ("XLSX", XLSX, lambda: balance_book(found, tables, steps, longer_of(asked, year))),
            "pdf": ("PDF", "application/pdf", lambda: balance_report(
                found, tables, steps, year=year, data_version=version, created=creation_date(), lang=lang)),
        }.items():  # fmt: skip
            st.download_button(
                words, make, f"oreway-balance-{asked.element}.{ending}", kind, on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip


def _every(asked: Question, years: tuple[int, ...]) -> Balance:
    """Return the answer for every year, with its progress where it is not at hand."""
    held = whole_of(asked)
    if EVERY not in held:
        bar = st.progress(0.0, text=ui("balance_working"))

        def on(done: float, _: int) -> None:
            bar.progress(done, text=ui("balance_working"))

        held[EVERY] = balance(inputs_of(asked.version), asked_of(asked, *years), on, chain_of(asked))
        bar.empty()
    return held[EVERY]


def _next(asked: Question, year: int) -> None:
    lang = language()
    st.header(label("next_title", lang))
    steps = steps_of(asked, year)
    if not steps:
        st.info(label("next_none", lang))
        return
    grid(step_table(steps, lang), label("next_title", lang))
    if not mines_among(steps, inputs_of(asked.version)):
        st.write(label("next_no_mine", lang))
    st.caption(label("next_note", lang))


page()
