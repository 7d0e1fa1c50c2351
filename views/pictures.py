"""The report's pictures on the page, each with its text alternative; drawn once a question."""

import html

import streamlit as st

from oreway.outputs.pictures.charts import Chart, supply_strip
from oreway.outputs.pictures.figure_content import Nothing, Profile
from oreway.outputs.pictures.ground_profiles import profile_content
from oreway.outputs.pictures.polar import polar_view
from oreway.outputs.words.formatting import Language, label
from oreway.outputs.words.translation import message
from oreway.scoring.routes.supply import Route
from oreway.views import cached
from oreway.views.assets import page_address, publish
from oreway.views.state import language
from oreway.views.waiting import waiting

LARGER, USUAL_MM = 1.7, 160.0  # a picture made for paper may be so much larger on a wide screen


def show(chart: Chart | None, *, whole: bool = False) -> None:
    """Show a picture; nothing for None.

    Args:
        chart: the picture.
        whole: a phone shows it whole, as a map; else large enough to be read, and moved sideways.
    """
    if chart is None:
        return
    show_at(publish("picture", chart.svg.encode(), "svg"), chart.alt, chart.width_mm, whole=whole)


def show_at(url: str, alt: str, width_mm: float = USUAL_MM, *, whole: bool = False) -> None:
    """Show a picture that is published, with its text alternative, up to somewhat larger than it was made for."""
    alt, most = html.escape(alt, quote=True), LARGER * width_mm
    kind = "oreway-picture whole" if whole else "oreway-picture"
    picture = f'<img class="{kind}" alt="{alt}" style="max-width:{most:.0f}mm" src="{page_address(url)}">'
    st.html(picture if whole else f'<div class="oreway-wide">{picture}</div>')


@waiting(message("Drawing the ground round the site …"))
@st.cache_data(show_spinner=False, max_entries=200)
def _of_site(version: str, site_id: str, lang: Language) -> tuple[Chart | None, Profile | Nothing]:
    """Return the view of the whole island, and title, picture and note of the profile."""
    found = cached.site_dossier(version, site_id)
    return polar_view(found, cached.world(), lang), profile_content(found, lang)


def of_site(site_id: str) -> None:
    """Show the ground to the port or the depth across the site, and where it lies in Greenland."""
    polar, profile = _of_site(cached.world().data_version, site_id, language())
    if "chart" in profile:
        st.subheader(profile["title"])
        drawn = profile["chart"]
        if "svg" in drawn:
            show(Chart(svg=drawn["svg"], alt=drawn["alt"], width_mm=drawn["width"]))
        st.caption(profile["note"])
    if polar is not None:
        st.subheader(label("polar_view", language()))
        show(polar, whole=True)


def strip(route: Route, site_name: str) -> None:
    """Show a route as a strip of stations."""
    show(supply_strip(route, site_name, language()))
