"""The compare page: two to four sites side by side, with what differs said in words."""

import streamlit as st

from oreway.layers.vocabulary import HALF_LIFE
from oreway.outputs.map import panel
from oreway.outputs.report import comparison_tables as side_by_side
from oreway.outputs.words.formatting import class_label, label, number
from oreway.scoring.build.bill import Bill, bill
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.judge.assess import Assessment
from oreway.views import answers, cached, own, state
from oreway.views.guard import guarded
from oreway.views.lists import site_names
from oreway.views.start import pair, say_example
from oreway.views.state import language, ui

KEY, MOST, LEAST = "compare_sites", 4, 2
STARTED = "compare_started"


def choose(names: dict[str, str], chosen: str | None, example: list[str]) -> list[str]:
    """Show the list; return two to four site ids: at first the chosen one and its neighbour, or the worked example."""
    held = st.session_state
    given = [one for one in held.get(KEY, ()) if one in names]
    if not given and not held.get(STARTED):
        given, held["compare_example"] = example, chosen not in example
    held[KEY], held[STARTED] = given[:MOST], True
    picked: list[str] = st.multiselect(
        ui("compare_which"), sorted(names, key=lambda key: names[key].casefold()), key=KEY, max_selections=MOST,
        format_func=lambda key: names[key], placeholder=ui("find"), select_all=False,
    )  # fmt: skip
    return picked


def bar_order(picked: list[str], judged: dict[str, Assessment]) -> list[str]:
    """Return one order of the bars for all sites: by weight in the first that has the criterion."""
    found: dict[str, None] = {}
    for one in (judged[site_id] for site_id in picked):
        weights = cached.world().methods.profile_weights(one.profile)
        found |= dict.fromkeys(sorted(one.values, key=lambda name: -weights[name]))
    return list(found)


def column(site_id: str, judged: dict[str, Assessment], order: list[str]) -> None:
    """Show one site's ladder, score and gates."""
    opened, lang = cached.world(), language()
    brief = brief_of(site_id, judged)
    found = judged[site_id]
    weights = opened.methods.profile_weights(found.profile)
    parts = [
        panel.heading(brief.site, lang),
        panel.section(label("ladder", lang), panel.ladder(brief.site, lang)),
        panel.section(label("score", lang), panel.score(found, weights, lang, order)),
        panel.section(label("gates", lang), panel.gates(found, lang)),
    ]
    st.html(panel.tag("div", "".join(parts), "oreway-panel"))


def brief_of(site_id: str, judged: dict[str, Assessment]) -> Dossier:
    """Return what the panel shows of a site, one's own or of the catalogue."""
    if site_id.startswith(own.PREFIX):
        return own.brief(site_id, judged[site_id])
    return cached.site_brief(cached.world().data_version, site_id)


def bill_of(site_id: str) -> Bill:
    """Return what has to be built for a site, one's own or of the catalogue."""
    mine = own.own()
    if site_id.startswith(own.PREFIX) and mine is not None:
        return bill(mine.world, site_id)
    return answers.bill_of(cached.world().data_version, site_id)


def differences(picked: list[str], names: dict[str, str], judged: dict[str, Assessment]) -> None:
    """Say in words what sets the sites apart."""
    lang = language()
    if not side_by_side.comparable(judged, picked):
        st.warning(ui("compare_weights"))
    lines = []
    for upper, lower, points in side_by_side.pairs(judged, picked):
        gaps = side_by_side.differences(judged, upper, lower)
        told = ", ".join(
            f"{class_label(name, lang, short=True)} {'+' if gap > 0 else '−'}{number(abs(gap), 1, lang)}"
            for name, gap in gaps
        )
        line = ui("compare_told", upper=names[upper], lower=names[lower], points=number(points, 1, lang))
        lines.append(f"{line} {ui('compare_most', told=told) if told else ''}".strip())
    lines += [ui("compare_unscored", name=names[key]) for key in picked if judged[key].total is None]
    st.text("\n".join(lines))


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    opened, lang = cached.world(), language()
    state.settle(opened.sites.index)
    st.title(ui("compare_title"))
    judged, every = cached.assessments(opened.data_version), site_names(opened.sites)
    judged = judged | own.judged(None, None, HALF_LIFE)
    names = {key: name for key, name in (every | own.names()).items() if key in judged}
    chosen = state.chosen_site()
    picked = choose(names, chosen, pair(chosen, judged))
    if st.session_state.get("compare_example") and picked == pair(None, judged):
        say_example(", ".join(names[one] for one in picked))
    if len(picked) < LEAST:
        st.info(ui("compare_choose"))
        return
    differences(picked, names, judged)
    order = bar_order(picked, judged)
    for place, site_id in zip(st.columns(len(picked), gap="medium"), picked, strict=True):
        with place:
            column(site_id, judged, order)
    st.header(label("distances", lang))
    st.caption(ui("compare_mark"))
    nearest = {key: brief_of(key, judged).nearest for key in picked}
    st.table(side_by_side.distance_table(nearest, names, lang))
    st.header(label("bill", lang))
    st.caption(ui("bill_unit"))
    bills = {key: bill_of(key) for key in picked}
    st.table(side_by_side.bill_table(bills, names, lang))


page()
