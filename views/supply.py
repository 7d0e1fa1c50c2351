"""The supply page: the ways from one site to the refineries that could take its product, leg by leg."""

from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from oreway.layers.vocabulary import SiteKind
from oreway.outputs.map.site_map import Choice
from oreway.outputs.report import route_tables as routes
from oreway.outputs.report.bill_ways import ways_drawing
from oreway.outputs.words.formatting import label
from oreway.scoring.build.bill import Bill, bill
from oreway.scoring.routes.supply import Route, Supply, supply
from oreway.views import answers, cached, own, pictures, state
from oreway.views.closures import before_and_after, stress_test
from oreway.views.grids import grid, in_words
from oreway.views.guard import guarded
from oreway.views.lists import site_names
from oreway.views.page_map import page_map
from oreway.views.passages import passages
from oreway.views.start import say_example, site_or_example, title
from oreway.views.state import language, ui
from oreway.views.ways import countries, sentences, ties_and_chain

MAP_HEIGHT = 560
SHIPPING = {SiteKind.DEPOSIT, SiteKind.ZONE, SiteKind.STOCKPILE}
PLANT_KEY = "supply_plant"
PRINTED = ("role", "plant", "country", "owner", "status", "reason", "tie", *routes.SUMS)


def choose(sites: pd.DataFrame) -> str | None:
    """Show the list of sites that ship something; return the chosen one, or the worked example."""
    names = site_names(sites[sites["kind"].isin(SHIPPING)])
    if st.session_state.get(state.FIND_KEY) not in names:
        st.session_state[state.FIND_KEY] = None
    st.selectbox(
        ui("find"), sorted(names, key=lambda key: names[key].casefold()), index=None, key=state.FIND_KEY,
        format_func=lambda key: names[key], placeholder=ui("choose_site"), on_change=state.take_find,
    )  # fmt: skip
    if state.chosen_site() not in {None, *names}:
        return None
    site, is_example = site_or_example(names)
    if site is not None:
        title(names[site], ui("supply"))
        if is_example:
            say_example(names[site])
    return site


def chosen_route(found: Supply) -> Route:
    """Let the user choose a route; the best one is chosen first."""
    by_id = {route.refinery_id: route for route in found.routes}
    if st.session_state.get(PLANT_KEY) not in by_id:
        st.session_state[PLANT_KEY] = found.best if found.best in by_id else found.routes[0].refinery_id
    lang = language()
    picked = st.selectbox(
        ui("route_to"), list(by_id), key=PLANT_KEY,
        format_func=lambda key: " · ".join(
            part for part in (by_id[key].refinery_name, routes.role_words(found, key, lang)) if part
        ),
    )  # fmt: skip
    return by_id[picked]


def ways_of(site: str, closed: tuple[str, ...]) -> Supply:
    """Return the ways of a site, one's own or of the catalogue, with some passages closed."""
    version, mine = cached.world().data_version, own.own()
    if site.startswith(own.PREFIX) and mine is not None:
        return supply(mine.world, site, closed=closed)
    return answers.supply_of(version, site, closed)


def nearest_of(site: str) -> pd.DataFrame:
    """Return what is nearest to a site, one's own or of the catalogue."""
    version, mine = cached.world().data_version, own.own()
    if site.startswith(own.PREFIX) and mine is not None:
        return mine.rows[mine.rows["site_id"] == site]
    return cached.site_brief(version, site).nearest


def place_and_bill(site: str) -> tuple[dict[Any, Any], Bill]:
    """Return the row of a site and what has to be built for it."""
    opened, mine = cached.world(), own.own()
    if site.startswith(own.PREFIX) and mine is not None:
        return mine.world.sites.to_dict("index")[site], bill(mine.world, site)
    return opened.sites.to_dict("index")[site], answers.bill_of(opened.data_version, site)


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    opened, lang = cached.world(), language()
    state.settle(opened.sites.index)
    st.title(ui("supply_title"))
    site, mine = choose(opened.sites), None
    if own.names():
        mine = st.selectbox(ui("supply_own"), list(own.names()), index=None, key="supply_own",
                            format_func=lambda key: own.names()[key], placeholder="–")  # fmt: skip
    site = site if mine is None else mine
    if site is None:
        st.info(ui("supply_choose"))
        return
    closed = passages()
    found = ways_of(site, closed)
    sentences(found, nearest_of(site))
    names = {str(key): str(name) for key, name in opened.sites["name"].items()} | own.names()
    if closed:
        before_and_after(found, ways_of(site, ()))
    ties_and_chain(found, names)
    if not found.routes:
        return
    route = chosen_route(found)
    row, built = place_and_bill(site)
    drawn = {
        "chosen": {"id": site, "lon": float(row["lon"]), "lat": float(row["lat"])}, "lines": [], "hidden": [],
        "shown": None, "routes": [*routes.drawing(route, lang), *ways_drawing(built, lang)],
        "fit": routes.mark(site, route.refinery_id, closed),
    }  # fmt: skip
    st_folium(
        page_map(), key="supply_map", height=MAP_HEIGHT, width=None, use_container_width=True, returned_objects=[],
        feature_group_to_add=Choice(drawn),
    )  # fmt: skip
    st.header(ui("legs_to", plant=route.refinery_name))
    pictures.strip(route, (site_names(opened.sites) | own.names())[site])
    with st.container(key="legs"):
        st.table(in_words(routes.leg_table(route, lang)).set_axis(range(1, len(route.legs) + 1), axis=0))
    for note in (routes.route_note(route, lang, names), routes.fill_words(site, route.refinery_id, lang)):
        if note:
            st.text(note)
    st.header(ui("all_routes", number=len(found.routes)))
    table = routes.route_table(found, countries(), lang, names)
    grid(
        in_words(table), ui("routes"), paper=in_words(table[list(PRINTED)]), columns={
            ui("col_role"): st.column_config.TextColumn(width="medium"),
            ui("col_source_url"): st.column_config.LinkColumn(),
        },
    )  # fmt: skip
    shares(routes.share_table(found, lang))
    if mine is None:
        stress_test(site)


def shares(table: pd.DataFrame) -> None:
    """Show China's share of the stages."""
    lang = language()
    st.header(label("china_title", lang))
    if table.empty:
        st.info(label("china_none", lang))
        return
    grid(in_words(table), label("china_title", lang), columns={ui("col_source_url"): st.column_config.LinkColumn()})


page()
