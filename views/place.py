"""The panel beside the map: the chosen place or how to choose one, the ranked table in its stead, and its files."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from oreway.outputs.files.files import creation_date
from oreway.outputs.map.panel import point_panel, site_panel
from oreway.scoring.dossier.dossier import Dossier
from oreway.views import cached, embed, points, state, take_away
from oreway.views.lists import ranking, site_names
from oreway.views.start import turn
from oreway.views.state import ui

PANEL_HEIGHT, TABLE_HEIGHT = 530, 420
PDF, GEOJSON = "application/pdf", "application/geo+json"
EXAMPLES = ("gl-tanbreez", "gl-kvanefjeld", "jp-minamitorishima", "au-nolans", "my-kuantan")


def beside(shown: pd.DataFrame) -> None:
    """Show the panel; on a phone it is a sheet over the map once a place is chosen, with a way back."""
    chosen = state.chosen_site() is not None or state.chosen_point() is not None
    with st.container(key="sheet" if chosen else "no-sheet"):
        if chosen:
            st.button(ui("close"), key="close-sheet", on_click=state.choose_site, args=(None,))
        panel(shown)


def panel(shown: pd.DataFrame) -> None:
    """Show what is known of the chosen place, or how to choose one; or the ranked table in its stead."""
    opened = cached.world()
    st.session_state.setdefault("show", "place")
    what = st.segmented_control(
        ui("show"), ("place", "ranking"), key="show", required=True, label_visibility="collapsed",
        format_func=lambda key: ui("place" if key == "place" else "table"), width="stretch",
    )  # fmt: skip
    if what == "ranking":
        ranking(shown, cached.assessments(opened.data_version), TABLE_HEIGHT)
    else:
        with st.container(height=PANEL_HEIGHT, border=True, key="place-box"):
            place()
    embed.way_out() if embed.is_embedded() else downloads()


def place() -> None:
    """Show the chosen place."""
    opened, site, point, lang = cached.world(), state.chosen_site(), state.chosen_point(), state.language()
    if site is not None:
        found = cached.site_brief(opened.data_version, site)
        st.html(site_panel(found, weights(found), creation_date(), lang))
    elif point is not None:
        own_name(*point)
        found = points.point_dossier(opened.data_version, *point)
        st.html(point_panel(found, weights(found), lang))
    else:
        welcome()


def weights(found: Dossier) -> dict[str, float]:
    """Return the weights a place was judged by; none where it was not scored."""
    profile = found.assessment.profile if found.assessment else ""
    return dict(cached.world().methods.profile_weights(profile)) if profile else {}


def own_name(lon: float, lat: float) -> None:
    """Say which of the user's own sites lies at a point, if one does."""
    own: pd.DataFrame | None = st.session_state.get("own_scored")
    if own is None or not st.session_state.get("own_url"):
        return
    for row in own[(own["lon"].round(5) == round(lon, 5)) & (own["lat"].round(5) == round(lat, 5))].to_dict("records"):
        score = "" if pd.isna(row["total"]) else f" · {ui('score')} {row['total']:.0f}"
        st.text(f"▼ {row['name']}{score}")


def welcome() -> None:
    """Say what the page is for and offer a few places to begin."""
    opened = cached.world()
    for key in ("welcome_site", "welcome_point", "welcome_colours"):
        st.markdown(ui(key))
    names = site_names(opened.sites)
    with st.container(horizontal=True, vertical_alignment="center", key="welcome-try"):
        st.markdown(ui("try"), width="content")
        for site_id in EXAMPLES:
            if site_id in names:
                st.button(names[site_id], on_click=state.choose_site, args=(site_id,))


def downloads_of_shown(shown: pd.DataFrame) -> None:
    """Offer the shown sites as files; they hang on the filters alone, so no click on the map sends this again."""
    version, ids = cached.world().data_version, tuple(str(key) for key in shown.index)
    with st.container(horizontal=True, vertical_alignment="center"):
        save(ui("geojson_shown"), lambda: cached.geojson(version, ids), "oreway-sites.geojson", GEOJSON, some=bool(ids))
        take_away.offer(ids)


def downloads() -> None:
    """Offer report and file of the chosen place, made when asked for."""
    version, site, point, lang = (
        cached.world().data_version,
        state.chosen_site(),
        state.chosen_point(),
        state.language(),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if site is not None:
            save(ui("report"), lambda: cached.report(version, site, lang), f"{site}.pdf", PDF)
            save(ui("geojson_place"), lambda: cached.geojson(version, (site,)), f"{site}.geojson", GEOJSON)
        elif point is not None:
            save(ui("report"), lambda: points.point_report(version, *point, lang), "oreway-point.pdf", PDF)
            save(ui("geojson_place"), lambda: points.point_file(version, *point), "oreway-point.geojson", GEOJSON)
        if site is not None:
            turn("site", ui("all_facts"), "fact_check", site=site)


def save(words: str, made: Callable[[], bytes], name: str, kind: str, *, some: bool = True) -> None:
    """Show a button that makes a file when it is pressed."""
    icon = ":material/picture_as_pdf:" if kind == PDF else ":material/download:"
    st.download_button(words, made, name, kind, on_click="ignore", icon=icon, disabled=not some)
