"""The map page: choose a place on the map or in the list, and read beside it what stands in between."""

from collections.abc import Callable

import pandas as pd
import streamlit as st
from babel.lists import format_list
from streamlit.delta_generator import DeltaGenerator
from streamlit_folium import st_folium

from oreway.layers.vocabulary import Setting, SiteKind
from oreway.outputs.files.files import creation_date
from oreway.outputs.map.panel import point_panel, site_panel
from oreway.outputs.map.site_map import Choice, filter_state, line_rows, site_map
from oreway.outputs.words.formatting import country_label
from oreway.outputs.words.translation import LANGUAGES, Language
from oreway.scoring.dossier.dossier import Dossier
from oreway.views import cached, chips, embed, points, state, surfaces, take_away
from oreway.views.address import AREA_KEY
from oreway.views.assets import assets_url
from oreway.views.find import search
from oreway.views.guard import guarded
from oreway.views.lists import filters, ranking, site_names
from oreway.views.state import ui

SHIPPING = {SiteKind.DEPOSIT, SiteKind.ZONE, SiteKind.STOCKPILE}
HEIGHT = 690
PANEL_HEIGHT, TABLE_HEIGHT = 530, 420
PDF, GEOJSON = "application/pdf", "application/geo+json"
EXAMPLES = ("gl-tanbreez", "gl-kvanefjeld", "jp-minamitorishima", "au-nolans", "my-kuantan")


def head(place: DeltaGenerator, about: str, covered: str = "") -> None:
    """Show the first words of the page."""
    more = f"<p>{covered}</p>" if covered else ""
    place.html(f'<div class="oreway-head"><h1>{ui("welcome")}</h1> <small>{about}</small>{more}</div>')


def covered(known: pd.DataFrame) -> str:
    """Return in one line what is covered, and how the map shows it."""
    lang, states = state.language(), cached.world().methods.tables["networks"]
    deposits = known[known["kind"].isin(SHIPPING)]
    at_sea = deposits["setting"] == Setting.SEABED
    names, seabed = (
        named(rows.drop_duplicates("country_code"), lang) for rows in (deposits[~at_sea], deposits[at_sea])
    )
    power = int(((states["class"] == "power") & (states["state"] == "present")).sum())
    return ui("covered", names=names, seabed=seabed, power=power)


def named(rows: pd.DataFrame, lang: Language) -> str:
    """Return the countries of rows as a list in words."""
    every = rows.drop_duplicates("country_code")
    pairs = zip(every["country"], every["country_code"], strict=True)
    return format_list([country_label(name, code, lang) for name, code in pairs], locale=LANGUAGES[lang].locale)


def toolbar(known: pd.DataFrame, place: DeltaGenerator, narrow: DeltaGenerator) -> pd.DataFrame:
    """Show what is covered and the filters; return the sites that are shown."""
    sourced = int((cached.world().facts["source_url"] != "").sum())
    head(place, ui("welcome_counts", sites=len(known), facts=f"{sourced:,}"), covered(known))
    with narrow:
        shown = filters(known)
    if corners := st.session_state.get(AREA_KEY):
        shown = shown[chips.inside(shown, corners)]
    chips.chips(shown, known)
    return shown


def choice(shown: pd.DataFrame, known: pd.DataFrame) -> Choice:
    """Return what the choice draws: the place, its lines, and which sites are shown."""
    version, site, point, lang = (
        cached.world().data_version,
        state.chosen_site(),
        state.chosen_point(),
        state.language(),
    )
    drawn: dict[str, object] = {"chosen": None, "lines": [], "move": state.move()}
    drawn |= {"own": own} if (own := st.session_state.get("own_url")) else {}
    drawn |= {"area": area} if (area := st.session_state.get(AREA_KEY)) else {}
    drawn |= surfaces.drawn()
    drawn |= filter_state([str(key) for key in shown.index], [str(key) for key in known.index])
    if site is not None:
        lon, lat = (round(float(known[column].to_dict()[site]), 5) for column in ("lon", "lat"))
        drawn["chosen"] = {"id": site, "lon": lon, "lat": lat}
        drawn["lines"] = line_rows(cached.site_brief(version, site).nearest, lang)
    elif point is not None:
        drawn["chosen"] = {"lon": point[0], "lat": point[1]}
        drawn["lines"] = line_rows(points.point_dossier(version, *point).nearest, lang)
    return Choice(drawn)


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


def beside(shown: pd.DataFrame) -> None:
    """Show the panel; on a phone it is a sheet over the map once a place is chosen, with a way back."""
    chosen = state.chosen_site() is not None or state.chosen_point() is not None
    with st.container(key="sheet" if chosen else "no-sheet"):
        if chosen:
            st.button(ui("close"), key="close-sheet", on_click=state.choose_site, args=(None,))
        panel(shown)


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
    st.markdown(ui("try"))
    names = site_names(opened.sites)
    with st.container(horizontal=True):
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
            st.page_link(
                "views/site.py", label=ui("all_facts"), icon=":material/fact_check:", query_params={"site": site}
            )


def save(words: str, made: Callable[[], bytes], name: str, kind: str, *, some: bool = True) -> None:
    """Show a button that makes a file when it is pressed."""
    icon = ":material/picture_as_pdf:" if kind == PDF else ":material/download:"
    st.download_button(words, made, name, kind, on_click="ignore", icon=icon, disabled=not some)


@st.fragment
@guarded
def map_and_panel(known: pd.DataFrame, shown: pd.DataFrame) -> None:
    """Show the map and, beside it, the chosen place; a click runs this part of the page alone."""
    chips.rerun_whole()
    version, lang = cached.world().data_version, state.language()
    left, right = st.columns([31, 19], gap="small")
    with left, st.container(key="map-side"):
        st_folium(
            site_map(assets_url(), cached.map_url(version, lang), ahead=cached.ahead(version, lang), lang=lang),
            key=state.MAP_KEY,
            height=HEIGHT, width=None, use_container_width=True, returned_objects=[],
            feature_group_to_add=choice(shown, known), on_change=lambda: state.take_click(chips.sent),
        )  # fmt: skip
    with right:
        search(known)
        beside(shown)


@guarded
def page() -> None:
    """Read, choose, compute, show; the first visitor reads what is being done before the data are open."""
    frame = embed.unframed("head")
    with frame:
        about, narrow = st.columns([4, 1], vertical_alignment="center")
        place = about.empty()
    if not st.session_state.get("was_open"):
        head(place, ui("opening"))
    opened = cached.world()
    fault = state.settle([str(key) for key in opened.sites.index])
    if fault:
        st.error(fault, icon=":material/wrong_location:")
    known = opened.sites.join(cached.scores(opened.data_version))
    st.session_state["was_open"] = True
    with frame:
        shown = toolbar(known, place, narrow)
    map_and_panel(known, shown)
    if not embed.is_embedded():
        downloads_of_shown(shown)


page()
