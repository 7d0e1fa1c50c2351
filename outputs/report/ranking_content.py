"""What a ranking report says: the order, how sure it is, and the gates beside it."""

import datetime
import re
from collections.abc import Mapping
from typing import Any

from oreway.outputs.pictures.charts import acceptability_chart
from oreway.outputs.pictures.figure_content import figure_of
from oreway.outputs.report.data_credits import dataset_rows
from oreway.outputs.report.many_contents import Gates, Peers, Ranked, Ranking
from oreway.outputs.report.site_content import report_words
from oreway.outputs.words.formatting import Language, date_text, label, nil_label, number
from oreway.outputs.words.report_texts import METHOD_LINES
from oreway.outputs.words.translation import translated
from oreway.scoring.judge.assess import Assessment, assess_sites
from oreway.scoring.judge.gates import CLOSED, CONDITIONAL, UNKNOWN, GateResult
from oreway.scoring.rank.acceptability import peers, rank, stability
from oreway.scoring.world.world import World

SHOWN_STATES = (CLOSED, CONDITIONAL, UNKNOWN)
ASIDE = re.compile(r"\s*[（(].*[)）]$")


def ranking_content(
    world: World, *, profile: str | None, draws: int | None, seed: int, lang: Language = "en", created: datetime.date
) -> Ranking:
    """Return everything a ranking report prints, in one language.

    Raises:
        ScoringError: an unknown profile, or fewer than one draw.
    """
    table = rank(world, profile, draws, seed)
    found = assess_sites(world, profile=profile)
    names = {str(site_id): str(name) for site_id, name in world.sites["name"].items()}
    groups: list[Peers] = []
    for name, rows in peers(world, found).items():
        chart = acceptability_chart(stability(world, rows, draws=draws, seed=seed), names, lang)
        own = table[table["peers"] == name].to_dict("records")
        texts = [_row({str(key): value for key, value in row.items()}, found, names, lang) for row in own]
        groups.append({"title": label(f"peers_{name}", lang), "rows": texts, "chart": figure_of(chart)})
    unranked = [names[site_id] for site_id, one in found.items() if one.total is None]
    used = int(table["draws"].iloc[0]) if len(table) else 0
    return {
        "lang": lang,
        "created": [created.year, created.month, created.day],
        "words": report_words(lang),
        "head": {
            "weights": label(profile, lang) if profile else label("own_weights", lang),
            "created": date_text(created, lang),
            "data_version": world.data_version,
        },
        "note": label("ranking_note", lang).format(draws=number(used, 0, lang), seed=seed),
        "groups": groups,
        "unranked": label("not_ranked", lang).format(names=", ".join(unranked)) if unranked else "",
        "method": [translated(line, lang) for line in METHOD_LINES],
        "licences": dataset_rows(world),
    }


def _row(row: Mapping[str, Any], found: Mapping[str, Assessment], names: Mapping[str, str], lang: Language) -> Ranked:
    site_id = str(row["site_id"])
    one = found[site_id]
    return {
        "rank": str(row["rank"]),
        "id": site_id,
        "name": names[site_id],
        "total": number(row["total"], 1, lang),
        "points": float(row["total"]),
        "bounds": f"{number(row['score_p5'], 0, lang)}–{number(row['score_p95'], 0, lang)}",
        "first": number(100 * row["first_share"], 0, lang),
        "top3": number(100 * row["top3_share"], 0, lang),
        "range": f"{row['best_rank']}–{row['worst_rank']}",
        "coverage": f"{number(100 * row['coverage'], 0, lang)} %",
        "weights": label(str(row["profile"]), lang),
        "gates": [part for state in SHOWN_STATES if (part := _gates(one.gates, state, lang))["names"]],
    }


def _gates(gates: tuple[GateResult, ...], state: str, lang: Language) -> Gates:
    names = [ASIDE.sub("", label(gate.id, lang)) for gate in gates if gate.state == state]
    word = nil_label(state, lang) if state == UNKNOWN else label(state, lang)
    return {"state": state, "word": word, "names": ", ".join(names)}
