"""The price a site needs, under the price decks and under one's own price; and figures that do not add up."""

import math

import pandas as pd
import streamlit as st

from oreway.outputs.pictures.charts import break_even_chart, deck_label
from oreway.outputs.report.judgement_content import estimate_words
from oreway.outputs.words.formatting import label, note_text, number
from oreway.outputs.words.price_texts import word
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.price.economics import appraise, site_decks
from oreway.scoring.price.figure_checks import claims
from oreway.views import answers, cached
from oreway.views.address import PRICE_KEY, PRICES, USUAL_PRICE
from oreway.views.folds import FEW, folded
from oreway.views.pictures import show
from oreway.views.state import language, ui


def price(found: Dossier) -> None:
    """Show the estimate, and by the site's own plan break-even, decks and the user's price, or what that lacks."""
    lang, held = language(), st.session_state
    st.subheader(label("price", lang))
    held.setdefault(PRICE_KEY, USUAL_PRICE)
    site_id, country = str(found.site["site_id"]), str(found.site["country_code"])
    estimate = estimate_words(answers.price_of(cached.world().data_version, site_id), lang)
    if estimate:
        st.text(estimate)
    plain = appraise(site_id, country, found.facts, commodities=str(found.site.get("commodities") or ""))
    if not plain.assessable or plain.break_even_usd_per_kg is None:
        missing = label("comma", lang).join(label(one, lang) for one in plain.missing)
        st.caption(f"{word('own_plan', lang)} {label('price_missing', lang).format(missing=missing)}")
        return
    low, high = (math.nan if bound is None else bound for bound in (plain.break_even_low, plain.break_even_high))
    st.text(
        label("price_break_even", lang).format(
            price=number(plain.break_even_usd_per_kg, 0, lang), low=number(low, 0, lang), high=number(high, 0, lang),
            case=plain.case,
        )
    )  # fmt: skip
    own = st.slider(ui("own_price"), *PRICES, key=PRICE_KEY)
    judged = appraise(site_id, country, found.facts, prices_usd_per_kg={**site_decks(found.facts), "own": float(own)})
    rows = [
        {
            label("deck", lang): ui("own_price_row") if name == "own" else deck_label(name, lang),
            label("deck_price", lang): number(deck_price, 0, lang),
            label("npv_usd_m", lang): number(round(value, -1), 0, lang),
            label("irr_range", lang): _span(rate, judged.irr_error_points),
        }
        for name, deck_price, value, rate in judged.decks
    ]
    st.table(pd.DataFrame(rows).set_index(label("deck", lang)))
    chart = break_even_chart(plain, lang)
    show(chart)
    st.caption(f"{label('price_note', lang).format(points=f'{judged.irr_error_points:g}')} {plain.source_title}")


def _span(rate: float | None, error: float) -> str:
    if rate is None:
        return label("irr_none", language())
    return f"{number(rate - error, 0, language())}–{number(rate + error, 0, language())}"


def doubts(found: Dossier) -> None:
    """Show the claims that do not sit well with other figures, with the arithmetic."""
    lang = language()
    rows = claims(found.facts)
    st.subheader(label("claims", lang))
    with folded("doubts", ui("fold_some", number=len(rows))) if len(rows) > FEW else st.container():
        for one in rows:
            st.text(f"⚠ {note_text(one.text, lang)} ({'; '.join(dict.fromkeys(one.sources))})")
    st.caption(label("claims_note" if rows else "claims_none", lang))
