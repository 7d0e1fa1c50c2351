"""The page of what was said: public claims against the evidence, promised dates, programmes and rules."""

import pandas as pd
import streamlit as st

from oreway.layers.vocabulary import Verdict
from oreway.outputs.map.said_panel import said_list
from oreway.outputs.report.judged_contents import PromiseRow
from oreway.outputs.report.said_content import VERDICT_SIGNS, claim_rows, promise_rows
from oreway.outputs.words.formatting import date_text, label, phrase
from oreway.outputs.words.money import money
from oreway.outputs.words.reason_texts import parted
from oreway.outputs.words.translation import Language
from oreway.scoring.claims.programmes import programmes
from oreway.scoring.claims.public_claims import about, public_claims
from oreway.scoring.claims.schedules import promises_of, schedules
from oreway.views import cached, state
from oreway.views.grids import grid
from oreway.views.guard import guarded
from oreway.views.lists import search, site_names
from oreway.views.state import language, ui

VERDICT_KEY = "said_verdicts"
# the claim that the end of the address names is opened, and one that is opened is named there: it can be sent
LINKED = """<script>(() => {  // {lang}
  const show = () => {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named && named.matches(".claims > details")) { named.open = true; named.scrollIntoView(); }
  };
  show();
  window.onhashchange = show;
  const keep = ({ target }) => {
    if (!target.matches || !target.matches(".claims > details[id]") || !target.open) return;
    history.replaceState(history.state, "", location.pathname + location.search + "#" + target.id);
  };
  if (window.orewayClaims) document.removeEventListener("toggle", window.orewayClaims, true);
  window.orewayClaims = keep;
  document.addEventListener("toggle", keep, true);
})();</script>"""


@guarded
def page() -> None:
    """Read, choose, show."""
    opened, lang = cached.world(), language()
    state.settle(opened.sites.index)
    st.title(ui("said"))
    st.write(ui("said_intro"))
    names, site = site_names(opened.sites), state.chosen_site()
    search(opened.sites)
    claims, promises = public_claims(), schedules()
    if site is not None:
        claims, promises = about(site, claims), promises_of(site, promises)
    st.session_state[VERDICT_KEY] = [one for one in st.session_state.get(VERDICT_KEY, []) if one in set(Verdict)]
    wanted = st.multiselect(ui("verdict"), list(Verdict), key=VERDICT_KEY, format_func=_word, placeholder=ui("any"))
    shown = [one for one in claims if not wanted or one.verdict in wanted]
    st.caption(ui("said_count", shown=len(shown), all=len(claims)))
    st.html(said_list(claim_rows(shown, lang), names, lang))
    st.html(LINKED.replace("{lang}", lang), unsafe_allow_javascript=True)
    _promises(promise_rows(promises, lang), names)
    if site is None:
        _programmes()


def _word(verdict: str) -> str:
    return f"{VERDICT_SIGNS[Verdict(verdict)]} {label(f'verdict_{verdict}', language())}"


def _promises(rows: list[PromiseRow], names: dict[str, str]) -> None:
    lang = language()
    st.header(label("promises", lang))
    if not rows:
        st.info(ui("promises_none"))
        return
    table = pd.DataFrame(
        {
            ui("name"): [names[row["site_id"]] for row in rows],
            label("promise", lang): [row["promise"] for row in rows],
            label("promised_for", lang): [row["promised_for"] for row in rows],
            label("promised_on", lang): [row["promised_on"] for row in rows],
            label("happened", lang): [row["happened"] for row in rows],
            label("slip_months", lang): pd.array([row["slip"] or None for row in rows], dtype="string"),
            ui("note"): [row["note"] for row in rows],
            ui("source"): [row["url"] for row in rows],
            ui("source_later"): [row["happened_url"] or None for row in rows],
        }
    )
    _shown(table, label("promises", lang), (ui("source"), ui("source_later")))
    st.caption(label("promises_note", lang))


def _programmes() -> None:
    lang = language()
    rows = programmes().to_dict("records")
    notes = [parted(row["note"]) for row in rows]
    st.header(ui("programmes"))
    st.write(ui("programmes_intro"))
    table = pd.DataFrame(
        {
            ui("programme"): [phrase(row["programme"], lang) for row in rows],
            ui("fact"): [phrase(row["field"].replace("_", " "), lang) for row in rows],
            ui("value"): [_held(row["value"], row["unit"], lang) for row in rows],
            ui("as_of"): [date_text(row["as_of"], lang) for row in rows],
            ui("confidence"): [label(row["confidence"], lang) for row in rows],
            ui("note"): [phrase(note, lang) for note, _ in notes],
            ui("source"): [row["source_url"] or None for row in rows],
            ui("source_also"): [url or None for _, url in notes],
        }
    )
    _shown(table, ui("programmes"), (ui("source"), ui("source_also")))


def _held(value: str, unit: str, lang: Language) -> str:
    told = money(value, unit, lang) or f"{phrase(value, lang)} {phrase(unit, lang)}".strip()
    return told if value else label("not_known", lang)


def _shown(table: pd.DataFrame, title: str, links: tuple[str, ...]) -> None:
    grid(table, title, columns={name: st.column_config.LinkColumn() for name in links})


page()
