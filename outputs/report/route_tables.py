"""Routes to refineries as people read them: sentences, tables, China's share of the stage, and the line for the map."""

import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from oreway.outputs.pictures.balance_picture import element_words
from oreway.outputs.words.chain_texts import reason_text, route_reasons, tie_text
from oreway.outputs.words.formatting import (
    Language,
    amount,
    country_label,
    km,
    label,
    note_text,
    number,
    phrase,
    stage_label,
)
from oreway.outputs.words.reason_texts import name_of
from oreway.scoring.balance.fill import fill
from oreway.scoring.routes.supply import Route, Supply

SIMPLIFY_DEGREES, WHOLE_FROM = 0.02, 9.95
SUMS = ("distance_km", "days", "usd_per_t", "kg_co2_per_t")
ROLES = {"best": "★", "best_allied": "◆", "planned": "⚑"}


def roles(found: Supply, refinery_id: str) -> list[str]:
    """Return what a plant is among the routes: best, best_allied, planned, or several of these."""
    is_role = {
        "best": refinery_id == found.best, "best_allied": refinery_id == found.best_allied,
        "planned": refinery_id in found.planned,
    }  # fmt: skip
    return [role for role, yes in is_role.items() if yes]


def role_words(found: Supply, refinery_id: str, lang: Language) -> str:
    """Return the roles with their signs, in words."""
    return ", ".join(f"{ROLES[role]} {label(f'role_{role}', lang)}" for role in roles(found, refinery_id))


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def as_told(value: float | None) -> float:
    """Return a number with as many decimals as `amount` tells it with, so that table and sentence agree; or NaN."""
    found = _number(value)
    return found if math.isnan(found) else round(found, 0 if abs(found) >= WHOLE_FROM else 1)


def bloc_words(route: Route, lang: Language) -> str:
    """Return the bloc of a plant's country, and of its owner where that is another."""
    country = label(f"bloc_{route.bloc}", lang)
    if route.owner_bloc in {"", route.bloc}:
        return country
    return label("bloc_two", lang).format(country=country, owner=label(f"bloc_{route.owner_bloc}", lang))


def owner_words(route: Route, lang: Language) -> str:
    """Return the largest owner on record with its country; "" where none is."""
    country = country_label("", route.owner_country, lang) if route.owner_country else ""
    return f"{route.owner} ({country})" if route.owner and country else route.owner


def route_note(route: Route, lang: Language, names: Mapping[str, str]) -> str:
    """Return why a plant fits or not, and where it is so that it does not run, not at rate, or by old evidence."""
    return "; ".join(part for part in (route_reasons(route, lang, names), *caveats(route, lang)) if part)


def caveats(route: Route, lang: Language) -> list[str]:
    """Return what has to be said wherever a plant is named as the answer: not running, not at rate, old evidence."""
    told = []
    if not route.running:
        told.append(label("not_running", lang).format(stage_label(route.status, lang)))
    elif not route.at_rate:
        told.append(label("not_at_rate", lang))
    if route.old:
        told.append(label("old_evidence", lang).format(year=route.as_of[:4]))
    return told


def fill_words(site_id: str, plant_id: str, lang: Language) -> str:
    """Return how much of a plant a site would fill; "" where either has no figure on record."""
    found = fill(site_id, plant_id)
    if found is None:
        return ""
    return label("would_fill", lang).format(
        share=number(100 * found.share, 0, lang), element=element_words(found.element),
        brought=number(found.brought, 0, lang), holds=number(found.holds, 0, lang),
    )  # fmt: skip


def best_words(found: Supply, lang: Language, names: Mapping[str, str]) -> list[str]:
    """Return what is said where no plant is the answer: why, and why the nearest ones fail."""
    if found.best_reason is None:
        return []
    told = [reason_text(found.best_reason, lang, names)]
    if failing := failing_words(found, lang, names):
        told.append(f"{label('failing', lang)} {' · '.join(failing)}")
    return told


def failing_words(found: Supply, lang: Language, names: Mapping[str, str]) -> list[str]:
    """Return the nearest plants that are no answer where none is, each with why."""
    if found.best_reason is None:
        return []
    return [
        label("way_to_plant", lang).format(plant=route.refinery_name, why=route_note(route, lang, names))
        for route in found.routes
        if route.refinery_id in found.failing
    ]


def nearest_words(found: Supply, nearest: pd.DataFrame, lang: Language, names: Mapping[str, str]) -> str:
    """Return how the refinery the score counts stands to the best way; "" where none is near.

    Args:
        found: the routes.
        nearest: rows of `scoring.measure.measure.nearest` of the same site.
        lang: language of the words.
        names: names by site_id, for sources and plants.
    """
    rows = nearest[(nearest["class"] == "refinery") & nearest["distance_km"].notna()].to_dict("records")
    if not rows:
        return ""
    plant, away = str(rows[0]["name"]), km(float(rows[0]["distance_km"]), lang)
    if rows[0]["feature_id"] == found.best:
        return label("nearest_same", lang).format(plant=plant, km=away)
    route = found.route(str(rows[0]["feature_id"]))
    fits = label("nearest_no_way" if route is None else "nearest_dearer", lang)
    why = (route_note(route, lang, names) if route is not None else "") or fits
    return label("nearest_other", lang).format(plant=plant, km=away, why=why)


def tie_lines(found: Supply, plants: Mapping[str, str], lang: Language) -> list[str]:
    """Return the contracts, letters and plans of a site, the strongest first, as lines with source and date."""
    lines = []
    for one in found.ties:
        whom = plants.get(one.refinery_id, "") or phrase(one.buyer, lang)
        tonnes = f", {number(float(one.tonnes_per_year), 0, lang)} t/y" if one.tonnes_per_year else ""
        what = f": {phrase(one.product, lang)}{tonnes}" if one.product else ""
        lines.append(f"{whom} – {tie_text(one.tie, one.status, lang)}{what} ({one.source_title}, {one.as_of})")
    return lines


def chain_table(found: Supply, lang: Language) -> pd.DataFrame:
    """Return the steps from what is shipped to the last product: plant or reason, way to it, China's share."""
    rows = []
    for step in found.chain:
        share = next((row for row in step.china_share if row["share_pct"] or row["low"]), None)
        percent = "" if share is None else f"{share['share_pct'] or '> ' + share['low']} % ({share['year']})"
        rows.append(
            {
                "chain_stage": label(step.stage, lang),
                "plant": step.refinery_name or reason_text(step.reason, lang),
                "distance_km": _number(step.distance_km),
                "share": percent,
            }
        )
    return pd.DataFrame(rows)


def route_table(
    found: Supply, countries: Mapping[str, str], lang: Language, names: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Return the routes, best first, one row each; numbers stay numbers.

    Args:
        found: the routes.
        countries: English name by country code.
        lang: language of the words.
        names: names by site_id, for sources and plants.
    """
    names = names or {}
    rows = [
        {
            "role": role_words(found, route.refinery_id, lang),
            "plant": route.refinery_name,
            "country": country_label(countries.get(route.country_code, route.country_code), route.country_code, lang),
            "bloc": bloc_words(route, lang),
            "owner": owner_words(route, lang),
            "status": stage_label(route.status, lang),
            "fit": label(f"fit_{route.fit}", lang),
            "reason": route_note(route, lang, names),
            "tie": tie_text(route.tie, route.tie_status, lang),
            **{name: as_told(getattr(route, name)) for name in SUMS},
            "capacity": "; ".join(
                part for part in (route.capacity, fill_words(found.site_id, route.refinery_id, lang)) if part
            ),
            "controls": "; ".join(rule.source_title for rule in route.controls),
            "source": route.source_title,
            "source_url": route.source_url,
        }
        for route in found.routes
    ]
    return pd.DataFrame(rows)


def leg_table(route: Route, lang: Language) -> pd.DataFrame:
    """Return the legs of a route as texts: from, to, way, km with bounds, days, cost, carbon and what it rests on."""
    rows = []
    for leg in route.legs:
        low, high = _number(leg.low_km), _number(leg.high_km)
        span = f" ({amount(low, lang)}–{amount(high, lang)})" if high - low > 1 else ""
        rows.append(
            {
                "from": name_of(leg.start.name, lang),
                "to_place": name_of(leg.end.name, lang),
                "mode": label(f"mode_{leg.mode}", lang),
                "distance_km": f"{amount(_number(leg.distance_km), lang)}{span}",
                "days": amount(_number(leg.days), lang),
                "usd_per_t": amount(_number(leg.usd_per_t), lang),
                "kg_co2_per_t": amount(_number(leg.kg_co2_per_t), lang),
                "method": label(leg.method, lang),
                "note": " · ".join(part for part in (note_text(leg.source, lang), note_text(leg.note, lang)) if part),
            }
        )
    return pd.DataFrame(rows)


def share_table(found: Supply, lang: Language) -> pd.DataFrame:
    """Return China's shares of the steps a product still has before it, with year and source.

    Args:
        found: the routes.
        lang: language of the words; notes stay as recorded.
    """
    rows = found.china_share
    return pd.DataFrame(
        {
            "mineral": [phrase(row["mineral"], lang) for row in rows],
            "chain_stage": [label(row["stage"], lang) for row in rows],
            "share": [share_words(row) for row in rows],
            "year": [row["year"] for row in rows],
            "source": [row["source_title"] for row in rows],
            "source_url": [row["source_url"] for row in rows],
            "note": [row["note"] for row in rows],
        }
    )


def share_words(row: Mapping[str, str]) -> str:
    """Return a share in per cent with its bounds."""
    bounds = f"{row['low']}–{row['high']}" if row["low"] and row["high"] else f"> {row['low']}" if row["low"] else ""
    if not row["share_pct"]:
        return f"{bounds} %" if bounds else f"< {row['high']} %" if row["high"] else ""
    return f"{row['share_pct']} ({bounds}) %" if bounds else f"{row['share_pct']} %"


def drawing(route: Route, lang: Language) -> list[dict[str, Any]]:
    """Return the legs as the map draws them: longitudes run on past 180, so that no leg crosses the map."""
    drawn: list[dict[str, Any]] = []
    last = route.legs[0].start.lon if route.legs else 0.0
    for leg in route.legs:
        points = np.array(leg.line, dtype=float)
        lon = np.unwrap(np.concatenate([[last], points[:, 0]]), period=360)[1:]
        line = shapely.LineString(np.column_stack([lon, points[:, 1]])).simplify(SIMPLIFY_DEGREES)
        places = shapely.get_coordinates(line).round(3).tolist()
        last = float(lon[-1])
        words = f"{label(f'mode_{leg.mode}', lang)} {amount(_number(leg.distance_km), lang)} km"
        drawn.append({"points": places, "mode": leg.mode, "sure": leg.method != "geodesic", "text": words})
    return drawn


def mark(*parts: object) -> int:
    """Return a number that changes with what is drawn, so that the map moves to it once."""
    return zlib.crc32(repr(parts).encode())
