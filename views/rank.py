"""The ranking page: ranks with their stability, weights by profile or slider, what would flip them, who is beaten."""

import pandas as pd
import streamlit as st

from oreway.layers.vocabulary import Setting
from oreway.outputs.files.export import csv_bytes
from oreway.outputs.report import rank_tables as ranks
from oreway.outputs.words.formatting import class_label, label, number
from oreway.scoring.judge.assess import Assessment
from oreway.scoring.rank.acceptability import peers
from oreway.scoring.rank.topsis import topsis_ranks
from oreway.views import address, answers, cached, own, rank_charts
from oreway.views.folds import clipped, folded
from oreway.views.grids import grid, in_words, on_screen, printed
from oreway.views.guard import guarded
from oreway.views.lists import site_names
from oreway.views.state import language, settle, ui
from oreway.views.weights import chosen, chosen_shape, criteria_of

MOST_ROWS = 14
PRINTED = ("rank", "name", "total", "first_share", "best_rank", "worst_rank", "gates")


def ranking(found: dict[str, Assessment], names: dict[str, str], key: answers.Weights) -> None:
    """Show ranks and how sure they are; until the new sentence is known the old one stays."""
    lang, sentence = language(), st.container()
    order = ranks.shared_ranks(found)
    above = st.container()
    with st.container(key="screen_ranks"):
        plain = in_words(ranks.plain_table(found, names, lang).round(1))
        shown = on_screen(plain, ui("table"), most=MOST_ROWS)
    with above, clipped("bars", ui("fold_all", number=len(found))):  # a chart takes longer than the table under it
        rank_charts.bars(found, names, order)
    peers_found = {site_id: one for site_id, one in found.items() if not site_id.startswith(own.PREFIX)}
    answer = answers.stability_of(cached.world().data_version, tuple(peers_found), key)
    table = with_others(ranks.stability_table(peers_found, answer, lang), found, key)
    table.insert(1, "name", [names[str(site_id)] for site_id in table.index])
    told = [first_words(ranks.stability_table(peers_found, answer, lang), names, answer.draws)]
    told += [ui("rank_tied", names=label("comma", lang).join(names[one] for one in tied), rank=order[tied[0]])
             for tied in ranks.ties(order)]  # fmt: skip
    sentence.text("\n".join(told))
    on_screen(in_words(table.round(1)), ui("table"), most=MOST_ROWS, place=shown)
    printed(in_words(table.round(1)[list(PRINTED)]))
    with clipped("likely", ui("fold_all", number=len(peers_found))):
        rank_charts.likely(answer, names)
    st.caption(ui("topsis_told"))
    st.download_button(
        ui("csv"), csv_bytes(table.reset_index()), "oreway-ranking.csv", "text/csv", on_click="ignore",
        icon=":material/download:",
    )  # fmt: skip


def first_words(table: pd.DataFrame, names: dict[str, str], draws: int) -> str:
    """Say who stands first; where the draws cannot tell several apart, say so of all of them."""
    lang, first = language(), ranks.tied_first(table)
    if len(first) > 1:
        share = {str(key): float(one) for key, one in table["first_share"].items()}
        shares = label("comma", lang).join(f"{names[key]} {number(share[key], 0, lang)} %" for key in first)
        return ui("rank_first_tied", number=len(first), shares=shares, draws=number(draws, 0, lang))
    row = table.loc[first[0], ["first_share", "first_error", "top3_share"]].astype(float).to_dict()
    told = ui(
        "rank_told", name=names[first[0]], share=number(row["first_share"], 0, lang),
        error=number(row["first_error"], 1, lang), top=number(row["top3_share"], 0, lang),
        draws=number(draws, 0, lang),
    )  # fmt: skip
    highest, shares_of = str(table["total"].astype(float).idxmax()), table["first_share"].astype(float).to_dict()
    if highest == first[0]:
        return told
    return f"{told} {ui('rank_highest', name=names[highest], share=number(shares_of[highest], 0, lang))}"


def with_others(table: pd.DataFrame, found: dict[str, Assessment], key: answers.Weights) -> pd.DataFrame:
    """Return the table with own sites among the others, ranks shared by equals, and the rank by TOPSIS beside."""
    lang, order = language(), ranks.shared_ranks(found)
    plain = ranks.plain_table(found, dict.fromkeys(found, ""), lang).drop(columns="name")
    plain.update(table.drop(columns="rank"))
    plain["rank"] = [order[str(site_id)] for site_id in plain.index]
    methods = cached.world().methods
    profiles = {one.profile for one in found.values()}
    weights = {name: dict(key[1]) if key[1] is not None else methods.profile_weights(name) for name in profiles}
    by = topsis_ranks(found, weights)
    plain.insert(2, "topsis_rank", [by.get(str(site_id)) for site_id in plain.index])
    return plain


def parts(found: dict[str, Assessment], names: dict[str, str]) -> None:
    """Show what makes up each score."""
    opened = cached.world()
    order = sorted(found, key=lambda key: -(found[key].total or 0))
    points = pd.DataFrame([dict(found[key].contributions) for key in order]).round(1)
    points = points[[name for name in opened.criteria if name in points.columns]]
    points.columns = [class_label(str(name), language(), short=True) for name in points.columns]
    points.insert(0, ui("name"), [names[key] for key in order])
    grid(points, ui("points"))


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
    with folded("pareto", ui("fold_table")):
        grid(in_words(pd.DataFrame(rows)), ui("pareto"), most=MOST_ROWS)


def turned(found: dict[str, Assessment], names: dict[str, str], key: answers.Weights) -> None:
    """Show what would swap neighbours."""
    swaps = answers.flips_of(cached.world().data_version, tuple(found), key)
    grid(in_words(ranks.flip_table(swaps, names, language()).round(2)), ui("flips"), most=MOST_ROWS)


def own_among(place: str, key: answers.Weights) -> dict[str, Assessment]:
    """Return the user's own sites of a setting that have a total, judged by the same weights."""
    profile, weights, shape = key
    found = own.judged(profile, None if weights is None else dict(weights), shape)
    return {
        site_id: one
        for site_id, one in found.items()
        if one.total is not None and (own.setting(site_id) == Setting.SEABED) == (place == Setting.SEABED)
    }


@st.fragment
@guarded
def ranked() -> None:
    """Show choice and ranking; a weight runs this part of the page alone, and what takes longest comes last."""
    opened = cached.world()
    held = st.session_state
    held["where"] = "seabed" if held.get("where") == "seabed" else "land"
    where = st.segmented_control(ui("where"), ("land", "seabed"), key="where", required=True, format_func=ui,
                                 help=ui("where_help"))  # fmt: skip
    version, place = opened.data_version, str(where)
    profile, mine = chosen(criteria_of(place))
    key: answers.Weights = (profile, mine, chosen_shape())
    address.write()
    if mine is not None and not any(weight for _, weight in mine):
        st.warning(ui("weights_nothing"))
        return
    found = peers(opened, answers.judged_by(version, *key)).get(place, {})
    names = site_names(opened.sites) | own.names()
    if not found:
        st.info(ui("rank_empty"))
        return
    ranking(found | own_among(place, key), names, key)
    st.header(ui("flips"))
    st.caption(ui("flips_hint"))
    last = folded("flips", ui("fold_table"))
    st.header(ui("pareto"))
    st.caption(ui("pareto_hint"))
    beaten(found, names)
    st.header(ui("points"))
    with folded("points", ui("fold_table")):
        parts(found, names)
    with last:
        turned(found, names, key)


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    settle(cached.world().sites.index)
    st.title(ui("table"))
    ranked()


page()
