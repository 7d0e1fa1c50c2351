"""The first words of the map page: what it answers, and what is covered."""

import pandas as pd
from babel.lists import format_list
from streamlit.delta_generator import DeltaGenerator

from oreway.layers.vocabulary import Setting, SiteKind
from oreway.outputs.words.formatting import country_label
from oreway.outputs.words.translation import LANGUAGES, Language, translated
from oreway.views import cached, state
from oreway.views.first_words import head_html
from oreway.views.page_texts import WORDS

SHIPPING = {SiteKind.DEPOSIT, SiteKind.ZONE, SiteKind.STOCKPILE}


def head(place: DeltaGenerator, about: str, covered: str = "") -> None:
    """Show the first words of the page."""
    place.html(head_html(state.language(), about, covered))


def whole_head(known: pd.DataFrame, lang: Language) -> str:
    """Return the first words of the page once the data are open."""
    return head_html(lang, counted(len(known), lang), covered(known, lang))


def counted(sites: int, lang: Language) -> str:
    """Return how many sites and facts there are, in words."""
    sourced = int((cached.world().facts["source_url"] != "").sum())
    return translated(WORDS["welcome_counts"], lang).format(sites=sites, facts=f"{sourced:,}")


def covered(known: pd.DataFrame, lang: Language) -> str:
    """Return in one line what is covered, and how the map shows it."""
    states = cached.world().methods.tables["networks"]
    deposits = known[known["kind"].isin(SHIPPING)]
    at_sea = deposits["setting"] == Setting.SEABED
    names, seabed = (
        named(rows.drop_duplicates("country_code"), lang) for rows in (deposits[~at_sea], deposits[at_sea])
    )
    power = int(((states["class"] == "power") & (states["state"] == "present")).sum())
    return translated(WORDS["covered"], lang).format(names=names, seabed=seabed, power=power)


def named(rows: pd.DataFrame, lang: Language) -> str:
    """Return the countries of rows as a list in words."""
    every = rows.drop_duplicates("country_code")
    pairs = zip(every["country"], every["country_code"], strict=True)
    return format_list([country_label(name, code, lang) for name, code in pairs], locale=LANGUAGES[lang].locale)
