"""The ways of a site in words: best of all, best allied, planned, what binds it, and the steps to the last product."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from oreway.outputs.report import route_tables as routes
from oreway.outputs.words.formatting import amount, country_label, label, note_text
from oreway.scoring.routes.supply import Route, Supply
from oreway.views import cached
from oreway.views.grids import grid
from oreway.views.state import language, ui


def sentences(found: Supply, nearest: pd.DataFrame) -> None:
    """Say the answer in plain words: best of all, best allied, planned, and how the nearest stands to them.

    Args:
        found: the routes.
        nearest: what is nearest to the site, as the panel shows it.
    """
    lang = language()
    by_id = {route.refinery_id: route for route in found.routes}
    known = "product_known" if found.product_known else "product_taken"
    ships = label("way_ships", lang).format(
        product=label(found.product, lang), why=label(known, lang),
        port=found.port_name,
        rule=note_text(found.port_rule, lang),
    )  # fmt: skip
    names = {str(key): str(name) for key, name in cached.world().sites["name"].items()}
    lines = routes.best_words(found, lang, names)[:1]
    for role, ids in (("best", (found.best,)), ("best_allied", (found.best_allied,)), ("planned", found.planned)):
        for route in (by_id[one] for one in ids if one in by_id):
            words = label(f"role_{role}", lang)
            lines.append(f"{routes.ROLES[role]} {words[:1].upper()}{words[1:]}: {told(route)}")
    if found.best and not found.best_allied:
        lines.append(label("way_no_allied", lang))
    if not found.planned:
        lines.append(label("way_no_planned", lang))
    with st.container(key="answer"):
        st.text("\n".join(lines))
    st.text("\n".join(line for line in (ships, routes.nearest_words(found, nearest, lang, names)) if line))
    if failing := routes.failing_words(found, lang, names):
        st.text("\n".join([label("failing", lang), *(f"• {line}" for line in failing)]))


def ties_and_chain(found: Supply, names: Mapping[str, str]) -> None:
    """Show what binds the site to whom, and the steps from what is shipped to the last product."""
    lang = language()
    lines = routes.tie_lines(found, names, lang)
    if lines:
        st.header(label("ties_title", lang))
        st.text("\n".join(f"• {line}" for line in lines))
    steps = routes.chain_table(found, lang)
    if not steps.empty:
        st.header(label("chain_title", lang))
        shown = steps.rename(columns={"plant": label("chain_plant", lang), "distance_km": label("chain_km", lang)})
        shown = shown.rename(columns={"chain_stage": ui("col_chain_stage"), "share": label("china_title", lang)})
        grid(shown, label("chain_title", lang))


def countries() -> dict[str, str]:
    """Return the plants' countries by code."""
    plants = cached.world().plants
    return dict(zip(plants["country_code"], plants["country"], strict=True))


def told(route: Route) -> str:
    """Return one route as a sentence."""
    lang = language()
    km, days, usd, _ = (float("nan") if getattr(route, name) is None else getattr(route, name) for name in routes.SUMS)
    country = country_label(countries().get(route.country_code, ""), route.country_code, lang)
    way = ui(
        "route_told", plant=route.refinery_name, country=country, km=amount(km, lang), days=amount(days, lang),
        usd=amount(usd, lang),
    )  # fmt: skip
    told = "; ".join(routes.caveats(route, lang))
    return f"{way} ({told})" if told else way
