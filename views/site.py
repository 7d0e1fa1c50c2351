"""The site page: every fact of one site with its source and date, what is nearest, and what is not known."""

import streamlit as st

from oreway.outputs.files.files import creation_date
from oreway.outputs.map.panel import fact_sheet, site_panel, unknown_list
from oreway.outputs.map.said_panel import said_list
from oreway.outputs.report.factsheet import factsheet
from oreway.outputs.report.said_content import claim_rows
from oreway.outputs.report.site_content import unknown_rows
from oreway.outputs.words.formatting import label
from oreway.scoring.claims.public_claims import about, public_claims
from oreway.views import cached, state
from oreway.views.bill import bill
from oreway.views.folds import folded
from oreway.views.guard import guarded
from oreway.views.lists import search, site_names
from oreway.views.pictures import of_site
from oreway.views.price import doubts, price
from oreway.views.start import say_example, site_or_example, title, turn
from oreway.views.state import ui


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    opened, lang = cached.world(), state.language()
    state.settle(opened.sites.index)
    names = site_names(opened.sites)
    site, is_example = site_or_example(names)
    st.title(names[site] if site in names else ui("site"))
    search(opened.sites)
    if site is None:
        st.info(ui("choose_site"))
        return
    title(names[site], ui("site"))
    if is_example:
        say_example(names[site])
    found = cached.site_dossier(opened.data_version, site)
    profile = found.assessment.profile if found.assessment else ""
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(key="site_panel"):
        weights = opened.methods.profile_weights(profile) if profile else {}
        st.html(site_panel(found, weights, creation_date(), lang, with_facts=False))
        with st.container(horizontal=True):
            st.download_button(
                ui("report"), lambda: cached.report(opened.data_version, site, lang), f"{site}.pdf", "application/pdf",
                on_click="ignore", icon=":material/picture_as_pdf:",
            )  # fmt: skip
            turn("explore", ui("show_on_map"), "map", site=site)
        of_site(site)
    with right:
        if found.assessment is not None:
            bill(opened.data_version, site)
            price(found)
            doubts(found)
        claims = claim_rows(about(site, public_claims()), lang)
        if claims:
            st.subheader(ui("said"))
            with folded("claims", ui("fold_some", number=len(claims))):
                st.html(said_list(claims, {}, lang))
            turn("said", ui("said_more"), "gavel", site=site)
        st.subheader(ui("facts_of"))
        groups = factsheet(found.facts, names, creation_date(), lang)
        with folded("facts", ui("fold_some", number=sum(len(group["rows"]) for group in groups))):
            st.html(fact_sheet(groups, lang) or "<p></p>")
        missing = unknown_rows(found, lang)
        if missing:
            st.subheader(label("not_known_heading", lang))
            st.html(unknown_list(missing, lang))


page()
