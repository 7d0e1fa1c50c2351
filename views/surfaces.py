"""Score or remoteness of a region as a layer of the map: chosen below the map, made when first asked for."""

import math
from typing import Any

import streamlit as st

from oreway.outputs.files.regions import REGIONS
from oreway.outputs.pictures.surface_picture import BANDS, SCORE, SurfacePicture, surface_picture
from oreway.outputs.words.formatting import Language, class_label, country_label, number
from oreway.scoring.batch.batch import ready_world
from oreway.scoring.world.world import World
from oreway.views import cached
from oreway.views.address import SURFACE_BAND, SURFACE_REGION
from oreway.views.assets import publish
from oreway.views.state import language, ui

COUNTRIES = {"greenland": ("Greenland", "GL"), "australia": ("Australia", "AU")}


@st.cache_resource(show_spinner=False)
def _ready(version: str) -> World:  # noqa: ARG001 - the cache's key
    return ready_world(cached.world())


@st.cache_data(show_spinner=False, max_entries=40)
def _picture(version: str, region: str, band: str) -> SurfacePicture:
    return surface_picture(_ready(version), region, band)


def choose() -> None:
    """Show which region is shaded, and by what."""
    lang = language()
    st.selectbox(
        ui("surface_region"), list(REGIONS), key=SURFACE_REGION, index=None, placeholder=ui("surface_none"),
        format_func=lambda region: country_label(*COUNTRIES[region], lang),
    )  # fmt: skip
    if st.session_state.get(SURFACE_REGION):
        st.selectbox(ui("surface_band"), BANDS, key=SURFACE_BAND, format_func=lambda band: _name(band, lang))
        st.caption(ui("surface_hint"))


def drawn() -> dict[str, Any]:
    """Return the chosen surface as the map draws it; empty when none is chosen."""
    region, band = (str(st.session_state.get(key) or "") for key in (SURFACE_REGION, SURFACE_BAND))
    band = band or SCORE
    if region not in REGIONS or band not in BANDS:
        return {}
    lang = language()
    with st.spinner(ui("measuring_cells")):
        found = _picture(cached.world().data_version, region, band)
    unit = "" if band == SCORE else ", km"
    return {
        "surface": {
            "url": publish(f"surface-{region}-{band}".replace("_", "-"), found.png, "png"),
            "bounds": found.bounds,
            "title": f"{_name(band, lang)}{unit}",
            "classes": [(colour, _span(low, high, lang)) for colour, low, high in found.classes],
        }
    }


def _span(low: float, high: float, lang: Language) -> str:
    return f"≥ {number(low, 0, lang)}" if math.isinf(high) else f"{number(low, 0, lang)}–{number(high, 0, lang)}"


def _name(band: str, lang: Language) -> str:
    return ui("score") if band == SCORE else class_label(band, lang)
