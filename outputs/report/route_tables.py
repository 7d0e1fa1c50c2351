"""Routes to refineries as people read them: sentences, tables, China's share of the stage, and the line for the map."""

import math
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from oreway.outputs.words.data_labels import COMMODITIES
from oreway.outputs.words.formatting import Language, amount, country_label, label, phrase, stage_label
from oreway.scoring.routes.supply import Route, Supply

RARE_EARTHS = frozenset({"REE", "HREE", "NdPr", "Y", "Sm"})
SIMPLIFY_DEGREES = 0.02
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


def route_table(found: Supply, countries: Mapping[str, str], lang: Language) -> pd.DataFrame:
    """Return the routes, best first, one row each; numbers stay numbers.

    Args:
        found: the routes.
        countries: English name by country code.
        lang: language of the words.
    """
    rows = [
        {
            "role": role_words(found, route.refinery_id, lang),
            "plant": route.refinery_name,
            "country": country_label(countries.get(route.country_code, route.country_code), route.country_code, lang),
            "bloc": label(f"bloc_{route.bloc}", lang),
            "status": stage_label(route.status, lang),
            "fit": label(f"fit_{route.fit}", lang),
            **{name: round(_number(getattr(route, name)), 1 if name == "usd_per_t" else 0) for name in SUMS},
            "note": phrase(route.note, lang),
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
                "from": phrase(leg.start.name, lang),
                "to_place": phrase(leg.end.name, lang),
                "mode": label(f"mode_{leg.mode}", lang),
                "distance_km": f"{amount(_number(leg.distance_km), lang)}{span}",
                "days": amount(_number(leg.days), lang),
                "usd_per_t": amount(_number(leg.usd_per_t), lang),
                "kg_co2_per_t": amount(_number(leg.kg_co2_per_t), lang),
                "method": label(leg.method, lang),
                "note": " · ".join(part for part in (phrase(leg.source, lang), phrase(leg.note, lang)) if part),
            }
        )
    return pd.DataFrame(rows)


def share_table(found: Supply, commodities: str, lang: Language) -> pd.DataFrame:
    """Return China's shares of the stages after the mine for the site's own minerals, with year and source.

    Args:
        found: the routes.
        commodities: the site's commodities, ";" between them.
        lang: language of the words; notes stay as recorded.
    """
    symbols = {word.strip() for word in commodities.split(";")}
    minerals = {COMMODITIES[symbol].lower() for symbol in symbols - RARE_EARTHS if symbol in COMMODITIES}
    minerals |= {"rare earth"} if symbols & RARE_EARTHS else set()
    rows = [row for row in found.china_share if any(mineral in row["mineral"].lower() for mineral in minerals)]
    bounds = [
        f" ({row['low']}–{row['high']})" if row["low"] and row["high"] else f" (> {row['low']})" if row["low"] else ""
        for row in rows
    ]
    return pd.DataFrame(
        {
            "mineral": [phrase(row["mineral"], lang) for row in rows],
            "chain_stage": [label(row["stage"], lang) for row in rows],
            "share": [f"{row['share_pct']}{span} %".strip() for row, span in zip(rows, bounds, strict=True)],
            "year": [row["year"] for row in rows],
            "source": [row["source_title"] for row in rows],
            "source_url": [row["source_url"] for row in rows],
            "note": [row["note"] for row in rows],
        }
    )


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
