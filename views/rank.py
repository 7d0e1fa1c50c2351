"""The ranking page: ranks with their stability, weights by profile or slider, what would flip them, who is beaten."""

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from oreway.outputs.files.export import csv_bytes
from oreway.outputs.report import rank_tables as ranks
from oreway.outputs.words.formatting import class_label, number
from oreway.scoring.judge.assess import Assessment
from oreway.scoring.rank.acceptability import peers
from oreway.views import address, answers, cached, pictures
from oreway.views.guard import guarded
from oreway.views.lists import site_names
from oreway.views.state import language, settle, ui
from oreway.views.weights import chosen, chosen_shape

ROW_HEIGHT, MOST_ROWS = 35, 14


def show(table: pd.DataFrame, title: str, place: DeltaGenerator | None = None) -> DeltaGenerator:
    """Show a table with its headings in words, in place of an earlier one if there is one; return its place."""
    return (place or st).dataframe(
        table.rename(columns={str(name): ui(f"col_{name}") for name in table.columns}), hide_index=True,
        width="stretch", height=ROW_HEIGHT * (min(len(table), MOST_ROWS) + 1) + 3, alt=title, placeholder="–",
    )  # fmt: skip


def ranking(found: dict[str, Assessment], names: dict[str, str], key: answers.Weights) -> None:
    """Show ranks and how sure they are; until the new sentence is known the old one stays."""
    sentence = st.container()
    grid = show(ranks.plain_table(found, names, language()).round(1), ui("table"))
    answer = answers.stability_of(cached.world().data_version, tuple(found), key)
    table = ranks.stability_table(found, answer, language())
    table.insert(1, "name", [names[str(site_id)] for site_id in table.index])
    first = table.iloc[0]
    sentence.text(
        ui(
            "rank_told", name=first["name"], share=number(first["first_share"], 0, language()),
            error=number(first["first_error"], 1, language()), top=number(first["top3_share"], 0, language()),
            draws=number(answer.draws, 0, language()),
        )
    )  # fmt: skip
    show(table.round(1), ui("table"), grid)
    pictures.show(pictures.ranks(cached.world().data_version, tuple(found), key, language()))
    st.download_button(
        ui("csv"), csv_bytes(table.reset_index()), "oreway-ranking.csv", "text/csv", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip


def parts(found: dict[str, Assessment], names: dict[str, str]) -> None:
    """Show what makes up each score."""
    opened = cached.world()
    order = sorted(found, key=lambda key: -(found[key].total or 0))
    points = pd.DataFrame([dict(found[key].contributions) for key in order]).round(1)
    points = points[[name for name in opened.criteria if name in points.columns]]
    points.columns = [class_label(str(name), language(), short=True) for name in points.columns]
    points.insert(0, ui("name"), [names[key] for key in order])
    st.dataframe(points, hide_index=True, width="stretch", placeholder="–", alt=ui("points"))


def beaten(found: dict[str, Assessment], names: dict[str, str]) -> None:
    """Show which sites another beats on every known count, whatever the weights."""
    by = ranks.by_base(found)
    sure = ranks.undominated(found)
    st.text(ui("pareto_told", number=sum(not other for other in by.values()), all=len(by)))
    order = sorted(by, key=lambda key: (by[key] != "", -(found[key].total or 0)))
    rows = [
        {
            "name": names[key], "total": round(found[key].total or 0, 1),
            "beaten_by": names[by[key]] if by[key] else ui("pareto_none"), "sure": ui("yes") if sure[key] else "–",
        }
        for key in order
    ]  # fmt: skip
    show(pd.DataFrame(rows), ui("pareto"))


def turned(found: dict[str, Assessment], names: dict[str, str], key: answers.Weights) -> None:
    """Show what would swap neighbours."""
    swaps = answers.flips_of(cached.world().data_version, tuple(found), key)
    show(ranks.flip_table(swaps, names, language()).round(2), ui("flips"))


@st.fragment
@guarded
def ranked() -> None:
    """Show choice and ranking; a weight runs this part of the page alone, and what takes longest comes last."""
    opened = cached.world()
    held = st.session_state
    held["where"] = "seabed" if held.get("where") == "seabed" else "land"
    where = st.segmented_control(ui("where"), ("land", "seabed"), key="where", required=True, format_func=ui)
    profile, own = chosen()
    key: answers.Weights = (profile, own, chosen_shape())
    address.write()
    if own is not None and not any(weight for _, weight in own):
        st.warning(ui("weights_nothing"))
        return
    found = peers(opened, answers.judged_by(opened.data_version, *key)).get(str(where), {})
    names = site_names(opened.sites)
    if not found:
        st.info(ui("rank_empty"))
        return
    ranking(found, names, key)
    st.header(ui("flips"))
    st.caption(ui("flips_hint"))
    last = st.container()
    st.header(ui("pareto"))
    st.caption(ui("pareto_hint"))
    beaten(found, names)
    st.header(ui("points"))
    parts(found, names)
    with last:
        turned(found, names, key)


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    fault = settle([str(key) for key in cached.world().sites.index])
    if fault:
        st.error(fault)
    st.title(ui("table"))
    ranked()


page()
