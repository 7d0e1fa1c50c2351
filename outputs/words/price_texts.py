"""Words of the price by published cost equations: what a site needs, what drives it, what a floor brings."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from oreway.outputs.words.translation import Language, message, message_in, translated

PRICE: dict[str, str] = {
    "estimate_told": message(
        "By published cost equations: break-even at {p50} {unit} for {product} ({p10}–{p90}, P10 to P90, money of "
        "2024), driven by {drivers}."
    ),
    "estimate_study": message(
        "The costs are those of {study}, escalated and with their own error; the rest is estimated."
    ),
    "estimate_held": message(
        "No plan of its own gives an ore rate; the rule of thumb is held at {rate} Mt a year, the largest that a study "
        "of its kind plans."
    ),
    "estimate_weak": message("Of what it reckons with, these rest on one weak page: {fields}."),
    "estimate_decks": message(
        "Draws that earn their cost: dumping {dumping} %, middle {mid} %, floor {floor} %, high {high} %."
    ),
    "estimate_floor": message("With all else at middle prices it enters at {p50} US$/kg of NdPr oxide ({p10}–{p90})."),
    "estimate_missing": message("No price by published cost equations: missing {missing}."),
    "own_plan": message("By its own published plan:"),
    "factor_cost": message("cost error"),
    "factor_escalation": message("escalation"),
    "factor_ore_rate": message("ore rate"),
    "factor_strip": message("stripping"),
    "factor_recovery": message("recovery"),
    "factor_grade": message("grade"),
    "factor_basket": message("basket"),
    "factor_payable": message("what the buyer pays"),
    "factor_conversion": message("cracking and separation"),
    "factor_access": message("access bill"),
    "factor_discount": message("discount rate"),
    "sold_rare earth basket": message("a basket of rare earth oxides"),
    "sold_spodumene concentrate": message("spodumene concentrate"),
    "sold_tungsten trioxide": message("tungsten trioxide"),
    "sold_antimony": message("antimony"),
    "sold_nickel": message("nickel"),
    "sold_vanadium pentoxide": message("vanadium pentoxide"),
    "sold_zinc": message("zinc"),
    "sold_flake graphite": message("flake graphite"),
    "route_stockpile": message_in("process route", "stockpile"),
    "route_sands": message_in("process route", "mineral sands"),
    "route_clay": message_in("process route", "clay, heap leach"),
    "route_peralkaline": message_in("process route", "peralkaline rock"),
    "route_hard_rock": message_in("process route", "rare earths in hard rock"),
    "route_lithium": message_in("process route", "spodumene"),
    "route_tungsten": message_in("process route", "tungsten"),
    "route_antimony": message_in("process route", "antimony"),
    "route_graphite": message_in("process route", "graphite"),
    "route_scandium": message_in("process route", "scandium"),
    "route_laterite": message_in("process route", "nickel laterite, pressure leach"),
    "route_molybdenum": message_in("process route", "molybdenum"),
    "route_vanadium": message_in("process route", "vanadium"),
    "route_zinc": message_in("process route", "zinc"),
    "floors_alt": message("NdPr oxide price at which each site enters, P10–P50–P90 in US$/kg: {sites}."),
    "floors_axis": message("NdPr oxide, US$/kg (each step doubles it)"),
    "curve_alt": message("Tonnes of {product} oxides a year by floor price, P10–P50–P90: {steps}."),
    "curve_axis": message("floor under NdPr oxide, US$/kg"),
    "curve_tonnes": message("t/y of {product} oxides"),
}


def word(key: str, lang: Language) -> str:
    """Return a word of this table."""
    return translated(PRICE[key], lang)


def driver_words(row: Mapping[Any, Any] | pd.Series, lang: Language, most: int = 3) -> str:
    """Return the strongest drivers of a price with their shares of the variance."""
    shares = {key: float(row[f"share_{key}"]) for key in FACTOR_KEYS if pd.notna(row.get(f"share_{key}"))}
    best = sorted(shares.items(), key=lambda one: -one[1])[:most]
    return " · ".join(f"{word(f'factor_{key}', lang)} {share:.0%}" for key, share in best)


FACTOR_KEYS = tuple(key.removeprefix("factor_") for key in PRICE if key.startswith("factor_"))
