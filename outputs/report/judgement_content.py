"""What a report says of bill, routes, price and claim checks, as plain texts and numbers in one language."""

import datetime
import math
from collections.abc import Iterable, Mapping
from typing import Any

from oreway.outputs.pictures.charts import break_even_chart, deck_label, supply_strip
from oreway.outputs.pictures.figure_content import Nothing, figure_of
from oreway.outputs.report.bill_ways import way_note
from oreway.outputs.report.judged_contents import (
    BillItem,
    BillPart,
    CheckRow,
    Checks,
    Deck,
    Judged,
    LegRow,
    Legs,
    Price,
    RouteRow,
    Share,
    Step,
    Way,
)
from oreway.outputs.report.route_tables import (
    best_words,
    bloc_words,
    chain_table,
    owner_words,
    route_note,
    share_words,
    tie_lines,
)
from oreway.outputs.words.chain_texts import tie_text
from oreway.outputs.words.formatting import (
    Language,
    amount,
    country_label,
    fact_label,
    free_word,
    kilometres,
    label,
    note_text,
    number,
    phrase,
    spoken,
    stage_label,
)
from oreway.outputs.words.price_texts import driver_words, word
from oreway.outputs.words.reason_texts import name_of
from oreway.outputs.words.translation import LANGUAGES, SOURCE
from oreway.scoring.build.bill import Bill
from oreway.scoring.dossier.judgement import BEST_ALLIED, PLANNED, Judgement, Season, Shown
from oreway.scoring.price.decks import DECKS
from oreway.scoring.price.economics import Appraisal
from oreway.scoring.price.figure_checks import Claim
from oreway.scoring.reasons import Code, note
from oreway.scoring.routes.roads import Leg
from oreway.scoring.routes.supply import Route, Supply
from oreway.scoring.world.world import World

WHOLE_FROM = 100.0  # prices from here on are told without decimals


def judgement_content(
    judged: Judgement | None, *, world: World, created: datetime.date, lang: Language = "en"
) -> Judged:
    """Return the sections bill, way, price and claims; each is empty where nothing is judged (plants, islands)."""
    if judged is None:
        return {"bill": Nothing(), "way": Nothing(), "price": Nothing(), "claims": Nothing()}
    return {
        "bill": bill_content(judged.bill, lang),
        "way": _way(judged, world, created, lang),
        "price": _price(judged.appraisal, estimate_words(judged.priced, lang), lang),
        "claims": _claims(judged.claims, lang),
    }


def _span(low: float, high: float, lang: Language) -> str:
    first, last = _count(low, lang), _count(high, lang)
    return f" ({first}–{last})" if first != last else ""


def bill_content(found: Bill, lang: Language) -> BillPart:
    """Return a bill as texts: rows, sum, percentiles and what is not priced."""
    return {
        "note": label("bill_note", lang).format(draws=number(found.draws, 0, lang), seed=found.seed),
        "rows": _items(found, lang),
        "sum": [amount(value, lang) for value in (found.low, found.base, found.high)],
        "spread": [[f"P{p}", amount(value, lang)] for p, value in ((10, found.p10), (50, found.p50), (90, found.p90))],
        "left_out": [note_text(one, lang) for one in found.left_out],
        "remarks": LANGUAGES[lang].gap.join(note_text(one, lang) for one in found.remarks),
        "totals": found.totals,
    }


def _count(value: float, lang: Language) -> str:
    return number(value, 0, lang) if value == round(value) else amount(value, lang)


def _items(found: Bill, lang: Language) -> list[BillItem]:
    ways = iter(found.ways)
    notes = ["" if not method else way_note(next(ways), lang) for method in found.items["method"]]
    rows = found.items.to_dict("records")
    return [_item({str(k): v for k, v in row.items()}, note, lang) for row, note in zip(rows, notes, strict=True)]


def _item(row: Mapping[str, Any], way: str, lang: Language) -> BillItem:
    span = _span(row["quantity_low"], row["quantity_high"], lang)
    title = row["title"] if lang == SOURCE else label(f"item_{row['item_id']}", lang)
    return {
        "id": row["item_id"],
        "title": str(title),
        "note": "; ".join(part for part in (note_text(row["note"], lang), way) if part),
        "quantity": f"{_count(row['quantity'], lang)}{span} {free_word(str(row['unit']), lang)}",
        "costs": [amount(row[key], lang) for key in ("cost_low_usd_m", "cost_usd_m", "cost_high_usd_m")],
        "tag": str(row["tag"]),
        "source": str(row["source"]),
        "nil": bool(row["cost_high_usd_m"] == 0),
    }


def _way(judged: Judgement, world: World, created: datetime.date, lang: Language) -> Way:
    found = judged.supply
    ships = label("way_ships", lang).format(
        product=label(found.product, lang),
        why=label("product_known" if found.product_known else "product_taken", lang),
        port=found.port_name,
        rule=note_text(found.port_rule, lang),
    )
    return {
        "ships": ships,
        "season": _season(judged.season, lang),
        "routes": _routes(judged, world, lang),
        "lacks": _lacks(judged, world, lang),
        "china": [_share(row, created, lang) for row in found.china_share],
        "ties": tie_lines(found, _names(world), lang),
        "chain": _steps(found, lang),
        "best": found.best,
        "best_allied": found.best_allied,
    }


def _names(world: World) -> dict[str, str]:
    return {str(key): str(name) for key, name in world.sites["name"].items()}


def _steps(found: Supply, lang: Language) -> list[Step]:
    """Return the chain step by step: what is done, where or why nowhere, how far, and China's share of it."""
    rows = chain_table(found, lang).to_dict("records")
    return [
        {
            "step": str(row["chain_stage"]), "plant": str(row["plant"]), "share": str(row["share"]),
            "km": "" if math.isnan(row["distance_km"]) else kilometres(row["distance_km"], lang),
        }
        for row in rows
    ]  # fmt: skip


def _season(season: Season | None, lang: Language) -> str:
    if season is None:
        return ""
    if season.months is None:
        return label("season_unknown", lang).format(port=season.port_name)
    months, low, high = (f"{value:g}" for value in (season.months, season.low_months, season.high_months))
    span = "" if low == high else label("season_span", lang).format(low=low, high=high)
    return label("season_text", lang).format(port=season.port_name, months=months, span=span)


def _lacks(judged: Judgement, world: World, lang: Language) -> list[str]:
    found, roles = judged.supply, {role for one in judged.shown for role in one.roles}
    names = _names(world)
    said = best_words(found, lang, names)
    if found.start_note and (
        found.start_note != note(Code.OWN_BERTH) or "terminal" in set(judged.bill.items["item_id"])
    ):
        said.append(note_text(found.start_note, lang))
    if found.best and BEST_ALLIED not in roles:
        said.append(label("way_no_allied", lang))
    if not found.planned:
        said.append(label("way_no_planned", lang))
    elsewhere = [str(world.plants["name"].get(name, name)) for name in judged.planned_elsewhere]
    if elsewhere:
        said.append(label("way_planned_elsewhere", lang).format(names=", ".join(elsewhere)))
    return [_sentence(text, lang) for text in said]


def _sentence(text: str, lang: Language) -> str:
    """Return a text that stands among sentences as one: with a capital and a stop."""
    stop = "." if LANGUAGES[lang].gap else "。"
    return text if not text or text[-1] in ".。!?" else text[0].upper() + text[1:] + stop


def _routes(judged: Judgement, world: World, lang: Language) -> list[RouteRow]:
    """Return the printed routes; legs a later route shares with the first are named once."""
    site_name = str(world.sites["name"].get(judged.site_id, ""))
    shown = judged.shown
    first = shown[0].route.legs if shown else ()
    rows: list[RouteRow] = []
    for i, one in enumerate(shown):
        legs = one.route.legs
        shared = 0
        while i and shared < min(len(legs) - 1, len(first)) and legs[shared] == first[shared]:
            shared += 1
        rows.append(_route(one, _legs(legs, shared, lang), world, site_name, lang))
    return rows


def _legs(legs: tuple[Leg, ...], shared: int, lang: Language) -> Legs:
    said = label("as_above", lang).format(place=name_of(legs[shared - 1].end.name, lang)) if shared else ""
    return {"as_above": said, "legs": [_leg(leg, lang) for leg in legs[shared:]]}


def _route(shown: Shown, legs: Legs, world: World, site_name: str, lang: Language) -> RouteRow:
    route = shown.route
    roles = label("comma", lang).join(label(f"role_{role}", lang) for role in shown.roles)
    country = country_label(str(world.plants["country"].get(route.refinery_id, "")), route.country_code, lang)
    owner = owner_words(route, lang)
    marks = [
        country, bloc_words(route, lang), f"{label('owner', lang)}: {owner}" if owner else "",
        stage_label(route.status, lang), tie_text(route.tie, route.tie_status, lang),
    ]  # fmt: skip
    return {
        "id": route.refinery_id,
        "title": f"{roles[:1].upper()}{roles[1:]}: {route.refinery_name}",
        "marks": " · ".join([*dict.fromkeys(mark for mark in marks if mark), label(f"fit_{route.fit}", lang)]),
        "sums": _sums(route, lang),
        "note": route_note(route, lang, _names(world)),
        "strip": figure_of(supply_strip(route, site_name, lang)),
        "planned": PLANNED in shown.roles,
        **legs,
    }


def _sums(route: Route, lang: Language) -> list[str]:
    values = (route.distance_km, route.days, route.usd_per_t, route.kg_co2_per_t)
    return [amount(_or_nan(value), lang) for value in values]


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _leg(leg: Leg, lang: Language) -> LegRow:
    low, high = _or_nan(leg.low_km), _or_nan(leg.high_km)
    known = leg.distance_km is not None
    source = note_text(leg.source, lang)
    return {
        "mode": label(f"mode_{leg.mode}", lang),
        "ends": f"{name_of(leg.start.name, lang)} → {name_of(leg.end.name, lang)}",
        "km": kilometres(_or_nan(leg.distance_km), lang),
        "range": f"{kilometres(low, lang)}–{kilometres(high, lang)}" if known else "",
        "days": number(_or_nan(leg.days), 1, lang),
        "usd_per_t": number(_or_nan(leg.usd_per_t), 1, lang),
        "rests_on": source if leg.method == "geodesic" else f"{label(leg.method, lang)}: {source}",
        "note": note_text(leg.note, lang),
    }


def _share(row: Mapping[str, str], created: datetime.date, lang: Language) -> Share:
    year = f"{row['year']} ({label('forecast', lang)})" if row["year"] > str(created.year) else row["year"]
    return {
        "what": f"{phrase(row['mineral'], lang)}, {label(row['stage'], lang)}",
        "share": share_words(row),
        "year": year,
        "source": row["source_title"],
        "url": row["source_url"],
        "note": phrase(row["note"], lang),
        "spoken": spoken(row["note"], lang),
    }


def _price(found: Appraisal, estimate: str, lang: Language) -> Price:
    points = f"{found.irr_error_points:g}"
    if not found.assessable or found.break_even_usd_per_kg is None:
        missing = label("comma", lang).join(label(word, lang) for word in found.missing)
        return {
            "none": label("price_missing", lang).format(missing=missing), "text": "", "decks": [], "note": "",
            "case_note": "", "source": "", "url": "", "chart": Nothing(), "estimate": estimate,
        }  # fmt: skip
    low, high = (found.break_even_low or math.nan, found.break_even_high or math.nan)
    return {
        "none": "",
        "text": label("price_break_even", lang).format(
            price=number(found.break_even_usd_per_kg, 0, lang),
            low=number(low, 0, lang), high=number(high, 0, lang), case=found.case,
        ),
        "decks": [_deck(deck, found.irr_error_points, lang) for deck in found.decks],
        "note": label("price_note", lang).format(points=points),
        "case_note": found.note,
        "source": found.source_title,
        "url": found.source_url,
        "chart": figure_of(break_even_chart(found, lang)),
        "estimate": estimate,
    }  # fmt: skip


def estimate_words(row: Mapping[Any, Any], lang: Language) -> str:
    """Return what published cost equations say of a site's price, in a few sentences; "" for a site without a row."""
    if not row:
        return ""
    if row["missing"]:
        return word("estimate_missing", lang).format(missing=note_text(row["missing"], lang))
    digits = 0 if row["p50"] >= WHOLE_FROM else 1
    p10, p50, p90 = (number(row[name], digits, lang) for name in ("p10", "p50", "p90"))
    told = [
        word("estimate_told", lang).format(
            p10=p10, p50=p50, p90=p90, unit=row["unit"], product=word(f"sold_{row['product']}", lang),
            drivers=driver_words(row, lang),
        )
    ]  # fmt: skip
    if row["case"]:
        told.append(word("estimate_study", lang).format(study=row["case"]))
    if not math.isnan(row["held_mt_per_y"]):
        told.append(word("estimate_held", lang).format(rate=number(row["held_mt_per_y"], 1, lang)))
    if row["one_weak"]:
        fields = label("comma", lang).join(fact_label(field, lang) for field in row["one_weak"].split(", "))
        told.append(word("estimate_weak", lang).format(fields=fields))
    shares = {deck: number(100 * row[f"survive_{deck}"], 0, lang) for deck in DECKS}
    told.append(word("estimate_decks", lang).format(**shares))
    if not math.isnan(row.get("ndpr_p50", math.nan)):
        enters = {name: number(row[f"ndpr_{name}"], 0, lang) for name in ("p10", "p50", "p90")}
        told.append(word("estimate_floor", lang).format(**enters))
    return LANGUAGES[lang].gap.join(told)


def _deck(deck: tuple[str, float, float, float | None], error_points: float, lang: Language) -> Deck:
    name, price, value, rate = deck
    span = label("irr_none", lang)
    if rate is not None:
        low, high = number(rate - error_points, 0, lang), number(rate + error_points, 0, lang)
        span = f"{low}–{high}"
    return {
        "name": deck_label(name, lang),
        "price": number(price, 0, lang),
        "npv": number(round(value, -1), 0, lang),
        "irr": span,
    }


def _claims(found: Iterable[Claim], lang: Language) -> Checks:
    rows: list[CheckRow] = [
        {"text": note_text(one.text, lang), "sources": "; ".join(dict.fromkeys(one.sources))} for one in found
    ]
    return {"rows": rows, "note": label("claims_note" if rows else "claims_none", lang)}
