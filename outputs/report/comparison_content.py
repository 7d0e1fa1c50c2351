"""What a comparison of two to four sites says, side by side: nothing is added up across sites."""

import datetime
from collections.abc import Sequence

from oreway.outputs.files.files import OutputError
from oreway.outputs.pictures.charts import supply_strip
from oreway.outputs.pictures.figure_content import Figure, Nothing, figure_of
from oreway.outputs.report.contents import Bar, Credit, Distance
from oreway.outputs.report.data_credits import credit_rows
from oreway.outputs.report.many_contents import BarRow, Comparison, Row
from oreway.outputs.report.site_content import contribution_rows, distance_row, gate_rows, report_words, score_content
from oreway.outputs.report.verdict import words
from oreway.outputs.words.formatting import (
    Language,
    amount,
    class_label,
    commodity_label,
    country_label,
    date_text,
    label,
    nil_label,
    number,
    stage_label,
    standing_label,
)
from oreway.outputs.words.output_sayings import OutputSaying
from oreway.outputs.words.report_texts import METHOD_LINES
from oreway.outputs.words.translation import translated
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.dossier.judgement import Judgement, judgement
from oreway.scoring.routes.supply import Route
from oreway.scoring.world.world import World

FEWEST, MOST = 2, 4


def comparison_content(
    world: World, site_ids: Sequence[str], *, lang: Language = "en", created: datetime.date
) -> Comparison:
    """Return everything a comparison prints, in one language.

    Raises:
        OutputError: fewer than two different sites or more than four.
        ScoringError: a site is not known.
    """
    chosen = list(dict.fromkeys(site_ids))
    if not FEWEST <= len(chosen) <= MOST:
        raise OutputError(OutputSaying.COMPARED(len(chosen), FEWEST, MOST))
    found = [dossier(world, site_id) for site_id in chosen]
    judged = [judgement(world, one) for one in found]
    return {
        "lang": lang,
        "created": [created.year, created.month, created.day],
        "words": report_words(lang),
        "head": {
            "names": [str(one.site["name"]) for one in found],
            "created": date_text(created, lang),
            "data_version": world.data_version,
        },
        "groups": [
            {"title": label("sites", lang), "rows": _facts(found, lang)},
            {"title": label("score", lang), "rows": _scores(found, lang)},
            {"title": label("distances", lang), "rows": _distances(found, lang)},
            {"title": label("bill", lang), "rows": _bills(judged, lang)},
            {"title": label("way", lang), "rows": _ways(judged, lang)},
            {"title": label("price", lang), "rows": _prices(judged, lang)},
        ],
        "gates": [gate_rows(one.assessment, lang) for one in found],
        "bars": _bars(found, world, lang),
        "strips": _strips(found, judged, lang),
        "method": [translated(line, lang) for line in METHOD_LINES],
        "licences": _credits(found, world),
    }


def _row(name: str, cells: Sequence[str], notes: Sequence[str] = ()) -> Row:
    padded = list(notes) + [""] * (len(cells) - len(notes))
    return {"name": name, "cells": [{"text": text, "note": note} for text, note in zip(cells, padded, strict=True)]}


def _facts(found: Sequence[Dossier], lang: Language) -> list[Row]:
    sites = [one.site for one in found]

    def text(key: str) -> list[str]:
        return [str(site.get(key) or "") for site in sites]

    goods = [", ".join(commodity_label(word, lang) for word in words(site.get("commodities"))) for site in sites]
    countries = [country_label(*pair, lang) for pair in zip(text("country"), text("country_code"), strict=True)]
    return [
        _row(label("country", lang), countries),
        _row(label("kind", lang), [label(word, lang) for word in text("kind")]),
        _row(
            label("stage", lang),
            [stage_label(word, lang) if word else "—" for word in text("stage")],
            [standing_label(word, lang) for word in text("standing")],
        ),
        _row(label("commodities", lang), goods),
    ]


def _scores(found: Sequence[Dossier], lang: Language) -> list[Row]:
    contents = [score_content(one.assessment, lang) for one in found]
    scores = [score if "text" in score else None for score in contents]
    codes = [one.assessment.unfc if one.assessment is not None else "" for one in found]
    profiles = ["" if one.assessment is None else label(one.assessment.profile, lang) for one in found]
    none = label("not_scored", lang)
    return [
        _row(
            label("score", lang),
            [none if score is None else f"{score['text']} {label('score_of', lang)}" for score in scores],
            ["" if score is None else score["range"] for score in scores],
        ),
        _row(label("weights_used", lang), profiles),
        _row(label("coverage", lang), ["" if score is None else score["coverage"] for score in scores]),
        _row(label("unfc", lang), codes),
    ]


def _distances(found: Sequence[Dossier], lang: Language) -> list[Row]:
    classes = list(dict.fromkeys(name for one in found for name in one.nearest["class"]))
    rows = []
    for name in classes:
        cells, notes = [], []
        for one in found:
            hits = one.nearest[one.nearest["class"] == name].to_dict("records")
            itself = bool(hits) and hits[0]["feature_id"] == one.site.get("site_id")
            row = distance_row({str(k): v for k, v in hits[0].items()}, lang) if hits and not itself else None
            cells.append(("—" if itself else nil_label("unknown", lang)) if row is None else _kilometres(row))
            notes.append("" if row is None else " · ".join(part for part in (row["name"], row["range"]) if part))
        rows.append(_row(class_label(name, lang), cells, notes))
    return rows


def _kilometres(row: Distance) -> str:
    return str(row["distance"]) if row["nil"] else f"{row['distance']} km {row['direction']}"


def _bills(judged: Sequence[Judgement | None], lang: Language) -> list[Row]:
    none = label("not_scored", lang)
    cells, itemised = [], []
    for one in judged:
        if one is None:
            cells.append(none)
            itemised.append("")
            continue
        p10, p50, p90, low, base, high = (
            amount(one.bill.totals[name], lang) for name in ("p10", "p50", "p90", "low", "base", "high")
        )
        cells.append(f"{p50} ({p10}–{p90})")
        itemised.append(f"{base} ({low}–{high})")
    return [_row(label("bill_p50", lang), cells), _row(label("itemised", lang), itemised)]


def _ways(judged: Sequence[Judgement | None], lang: Language) -> list[Row]:
    rows = []
    for key in ("best", "best_allied"):
        routes = [_named(one, key) for one in judged]
        texts = [
            label("not_scored", lang) if one is None else "—" if route is None else route.refinery_name
            for one, route in zip(judged, routes, strict=True)
        ]
        rows.append(_row(label(f"{key}_route", lang), texts, [_sums(route, lang) for route in routes]))
    ports = ["" if one is None else one.supply.port_name for one in judged]
    return [*rows, _row(label("port", lang), ports)]


def _named(one: Judgement | None, key: str) -> Route | None:
    if one is None:
        return None
    wanted = one.supply.best if key == "best" else one.supply.best_allied
    return next((route for route in one.supply.routes if route.refinery_id == wanted), None)


def _sums(route: Route | None, lang: Language) -> str:
    if route is None or route.distance_km is None or route.days is None or route.usd_per_t is None:
        return ""
    parts = (f"{amount(route.distance_km, lang)} km", f"{number(route.days, 0, lang)} {label('days', lang).lower()}")
    return " · ".join((*parts, f"{amount(route.usd_per_t, lang)} {label('usd_per_t', lang)}"))


def _prices(judged: Sequence[Judgement | None], lang: Language) -> list[Row]:
    cells, notes = [], []
    for one in judged:
        price = None if one is None else one.appraisal.break_even_usd_per_kg
        if one is not None and price is None:
            missing = ", ".join(label(word, lang) for word in one.appraisal.missing)
            notes.append(label("price_missing", lang).format(missing=missing))
        else:
            notes.append("" if one is None else one.appraisal.case)
        unsaid = label("not_scored" if one is None else "not_assessable", lang)
        cells.append(unsaid if price is None else number(price, 0, lang))
    return [
        _row(label("price_row", lang), cells, notes),
        _row(label("claims", lang), ["" if one is None else str(len(one.claims)) for one in judged]),
    ]


def _bars(found: Sequence[Dossier], world: World, lang: Language) -> list[BarRow]:
    """Return one row a criterion: what it gives each site of what it could, bars on the scale of all."""
    each = [{row["id"]: row for row in contribution_rows(one.assessment, world, lang)} for one in found]
    names = list(dict.fromkeys(name for rows in each for name in rows))
    rows: list[BarRow] = []
    for name in names:
        cells: list[Bar] = []
        for rows_of_site in each:
            row = rows_of_site.get(name)
            cells.append(
                Bar(text="", of="", bar=0.0, room=0.0) if row is None
                else Bar(text=row["text"], of=row["of"], bar=row["bar"], room=row["room"])
            )  # fmt: skip
        rows.append({"name": label(name, lang), "cells": cells})
    return rows


def _strips(found: Sequence[Dossier], judged: Sequence[Judgement | None], lang: Language) -> list[Figure | Nothing]:
    strips = []
    for one, verdict in zip(found, judged, strict=True):
        route = _named(verdict, "best")
        if route is not None:
            strips.append(figure_of(supply_strip(route, str(one.site["name"]), lang)))
    return strips


def _credits(found: Sequence[Dossier], world: World) -> list[Credit]:
    rows = {(row["licence"], row["credit"], row["title"]): row for one in found for row in credit_rows(one, world)}
    return list(rows.values())
