"""A story of two minutes: a deposit becomes supply, or not; numbers are those of the other pages, links are live."""

import pandas as pd
import streamlit as st

from oreway.outputs.report import route_tables as routes
from oreway.outputs.report.verdict import identity
from oreway.outputs.words.formatting import class_label, gate_state, km, label, nil_label, number, place_name
from oreway.scoring.dossier.dossier import Dossier
from oreway.views import answers, cached, state
from oreway.views.guard import guarded
from oreway.views.lists import site_names
from oreway.views.start import turn
from oreway.views.state import language, ui
from oreway.views.ways import told

CHAPTERS = ("gl-tanbreez", "jp-minamitorishima", "au-mt-weld")
TOLD = ("port", "deep_water_port", "road", "power", "refinery")


def chapter(site_id: str, name: str) -> "st.delta_generator.DeltaGenerator":
    """Show one deposit with what stands around it and the links to look for oneself; return where its way is told."""
    lang, found = language(), cached.site_brief(cached.world().data_version, site_id)
    st.header(ui(f"story_{site_id}", name=name))
    st.write(identity(found.site, lang))
    st.markdown("\n".join(f"- {line}" for line in lines(found)))
    way = st.container()
    with st.container(horizontal=True):
        turn("explore", ui("show_on_map"), "map", site=site_id)
        turn("site", ui("all_facts"), "fact_check", site=site_id)
        turn("supply", ui("supply_title"), "route", site=site_id)
    return way


def lines(found: Dossier) -> list[str]:
    """Return what is nearest, the score with its bounds, and the gates that are not open."""
    lang, judged = language(), found.assessment
    rows = {str(row["class"]): row for row in found.nearest.to_dict("records")}
    near = [_near({str(key): value for key, value in rows[name].items()}) for name in TOLD if name in rows]
    told_lines = [f"{label('nearest', lang)}: {'; '.join(near)}"]
    if judged is not None and judged.total is not None:
        parts = (number(float(value or 0.0), 0, lang) for value in (judged.total, judged.total_low, judged.total_high))
        told_lines.append(ui("story_score", **dict(zip(("total", "low", "high"), parts, strict=True))))
    gates = [
        f"{label(gate.id, lang)} – {gate_state(gate.state, lang)}"
        for gate in ([] if judged is None else judged.gates)
        if gate.state not in {"open", "not_applicable"}
    ]
    told_lines.append(ui("story_gates", gates="; ".join(gates)) if gates else ui("story_gates_open"))
    return told_lines


def _near(row: dict[str, object]) -> str:
    lang, name = language(), class_label(str(row["class"]), language(), short=True)
    distance = float(str(row["distance_km"]))
    if row["nil"] or pd.isna(distance):
        return f"{name} – {nil_label(str(row['nil']) or 'unknown', lang)}"
    return f"{name} {km(distance, lang)} ({place_name(row, lang)})"


def way(site_id: str, names: dict[str, str]) -> tuple[str, str]:
    """Return the best way to a running plant, or that there is none, and why the nearest ones fail."""
    found = answers.supply_of(cached.world().data_version, site_id, ())
    best = found.route(found.best) if found.best else None
    if best is None:
        answer, *why = routes.best_words(found, language(), names)
        return answer, " ".join(why)
    return ui("story_way", way=told(best)), ""


@guarded
def page() -> None:
    """Show the three chapters; what takes longest comes last."""
    opened = cached.world()
    state.settle(opened.sites.index)
    st.title(ui("story"))
    st.write(ui("story_intro"))
    names = site_names(opened.sites)
    places = {site_id: chapter(site_id, names[site_id]) for site_id in CHAPTERS if site_id in names}
    st.write(ui("story_end"))
    with st.container(horizontal=True):
        turn("compare", ui("compare_title"), "compare_arrows", **{"with": ",".join(CHAPTERS[::2])})
        turn("what_if", ui("what_if_title"), "add_road")
        turn("method", ui("method"), "menu_book")
    for site_id, place in places.items():
        with place:
            answer, why = way(site_id, names)
            st.markdown(f"**{answer}**")
            if why:
                st.caption(why)


page()
