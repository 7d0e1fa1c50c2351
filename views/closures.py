"""What closures do: the ways of a site before and after, and the test that closes each passage and plant in turn."""

import pandas as pd
import streamlit as st

from oreway.outputs.report import route_tables as routes
from oreway.scoring.routes.stress import Closure, history, stress
from oreway.scoring.routes.supply import Route, Supply
from oreway.views import answers, cached
from oreway.views.grids import grid, in_words
from oreway.views.lists import site_names
from oreway.views.state import ui
from oreway.views.ways import told

SIZES = ("distance_km", "days", "usd_per_t")


def before_and_after(found: Supply, usual: Supply) -> None:
    """Say the best way with everything open and with the closures, and list every plant whose way changes."""
    st.header(ui("closed_title"))
    st.text(f"{ui('closed_before')}: {_best(usual)}\n{ui('closed_after')}: {_best(found)}")
    rows = [row for route in found.routes if (row := _row(route, usual.route(route.refinery_id)))]
    if not rows:
        st.caption(ui("closed_same"))
        return
    grid(in_words(pd.DataFrame(rows)), ui("closed_title"))


def _best(found: Supply) -> str:
    route = found.route(found.best) if found.best else None
    return ui("closed_none") if route is None else told(route)


def _row(route: Route, before: Route | None) -> dict[str, object]:
    """Return a plant's way before and after; nothing where it stays as it is."""
    if before is None or before.distance_km == route.distance_km:
        return {}
    row: dict[str, object] = {"plant": route.refinery_name}
    for name in SIZES:
        row[f"{name}_before"] = routes.as_told(getattr(before, name))
        row[f"{name}_after"] = routes.as_told(getattr(route, name))
    return row


def stress_test(site: str) -> None:
    """Offer to close each passage and each plant in turn, for this site or for all; it takes its time."""
    st.header(ui("stress_title"))
    st.caption(ui("stress_hint"))
    held = st.session_state
    with st.container(horizontal=True):
        if st.button(ui("stress_one"), icon=":material/bolt:"):
            held["stress_of"] = (site,)
        if st.button(ui("stress_all"), icon=":material/public:"):
            held["stress_of"] = ()
    asked = held.get("stress_of")
    if asked is None or asked not in {(), (site,)}:
        return
    closures = _closures(asked)
    if not closures:
        st.info(ui("stress_none"))
        return
    show_closures(closures)


def _closures(asked: tuple[str, ...]) -> tuple[Closure, ...]:
    """Return the stress test of some sites or of all, with its progress where it is not at hand."""
    held = answers.stresses_of(cached.world().data_version)
    if asked not in held:
        bar = st.progress(0.0, text=ui("stress_working"))

        def on(done: float, _: int) -> None:
            bar.progress(done, text=ui("stress_working"))

        held[asked] = stress(cached.world(), asked, on)
        bar.empty()
    return held[asked]


def show_closures(closures: tuple[Closure, ...]) -> None:
    """Show each closure with whom it hits, the worst first, and what was published of closures of the past."""
    names = site_names(cached.world().sites)
    rows = []
    for one in closures:
        what = ui(f"passage_{one.name}") if one.kind == "passage" else names.get(one.name, one.name)
        for hit in one.hits:
            rows.append({  # noqa: PERF401 - two loops in one comprehension read worse
                "closed": what, "site": names.get(hit.site_id, hit.site_id),
                "plant_before": names.get(hit.before, hit.before),
                "plant_after": ui("closed_none") if hit.lost else names.get(hit.after, hit.after),
                "extra_km": routes.as_told(hit.extra_km), "extra_days": routes.as_told(hit.extra_days),
                "extra_usd_per_t": routes.as_told(hit.extra_usd_per_t),
            })  # fmt: skip
    lost = sum(one.lost for one in closures)
    st.text(ui("stress_told", closures=len(closures), lost=lost, changed=sum(one.changed for one in closures)))
    if rows:
        grid(in_words(pd.DataFrame(rows)), ui("stress_title"))
    st.subheader(ui("stress_history"))
    past = history()
    grid(
        pd.DataFrame({
            ui("closure"): past["title"], ui("fact"): [ui(f"past_{name}") for name in past["quantity"]],
            ui("value"): [row["value"] or f"{row['low']}–{row['high']}" for row in past.to_dict("records")],
            ui("unit"): past["unit"], ui("as_of"): past["as_of"], ui("source"): past["source_url"],
        }), ui("stress_history"), columns={ui("source"): st.column_config.LinkColumn()},
    )  # fmt: skip
