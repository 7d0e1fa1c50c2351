"""What a product sells for under each price deck, and what a site sells."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.scoring.price.cost_models import Methods, Spread, Values, spread

MID = "mid"
DECKS = ("dumping", MID, "floor", "high")
NDPR = "NdPr oxide"
MAGNETS = ("Dy oxide", "Tb oxide")
REE_MINERALS = "rare earth minerals"
GRAMS, PERCENT = "grade_au_gpt", 100.0
Sales = dict[str, Values]  # product -> quantity a year in the unit of its price


def read_prices(data: Path = DATA) -> dict[str, dict[str, float]]:
    """Return product -> deck -> price; rare-earth oxides in US$/kg, the rest in the unit of price_decks.csv."""
    rows = read_table("price_decks", data)
    prices: dict[str, dict[str, float]] = {}
    for row in rows.to_dict("records"):
        prices.setdefault(row["commodity"], {}).setdefault(row["deck"], float(row["price"]))
    return prices


def revenue(sales: Sales, prices: dict[str, dict[str, float]], deck: str) -> Values:
    """Return revenue in US$M a year; a product without a price in the deck counts at its mid price, else at nothing."""
    total = np.zeros_like(next(iter(sales.values())))
    for product, quantity in sales.items():
        known = prices.get(product, {})
        total += quantity * known.get(deck, known.get(MID, 0.0)) / 1e6
    return total


def other_sales(
    products: Iterable[dict[str, str]], grades: dict[str, float], ore_t_per_y: Values, recovered: Values,
    methods: Methods, variates: Values, grade_error: Values,
) -> Sales:  # fmt: skip
    """Return what a site that is no rare-earth deposit sells, in the units of the price decks.

    Args:
        products: the rows of price_products.csv of its family; those without a grade are left out.
        grades: fact field -> percent, g/t for gold.
        ore_t_per_y: ore.
        recovered: recovered share.
        methods: the tables.
        variates: standard normal draws of what the buyer pays for.
        grade_error: true over stated grade.
    """
    sales: Sales = {}
    for row in products:
        grade = grades.get(row["grade_field"])
        if grade is None:
            continue
        share = grade * (1e-6 if row["grade_field"] == GRAMS else 1 / PERCENT)
        own = grades.get(row["own_share"])  # a mineral's share of the heavy minerals, where the site prints it
        paid = spread(variates, _payable(row)) if own is None else np.full_like(variates, own / PERCENT)
        kilograms = ore_t_per_y * share * grade_error * recovered * paid * 1000
        if row["divide_by"]:
            kilograms = kilograms / methods.base(row["divide_by"])
        sales[row["product"]] = kilograms / float(row["unit_kg"])
    return sales


def oxide_sales(shares: dict[str, float], treo_t_per_y: Values, ndpr_factor: Values) -> Sales:
    """Return kilograms of each oxide a year; the factor moves the magnet oxides and lanthanum and cerium give way."""
    magnets = {name: shares[name] / PERCENT * ndpr_factor for name in shares if name == NDPR or name in MAGNETS}
    moved = sum(magnets.values()) - sum(shares[name] for name in magnets) / PERCENT
    rest = sum(share for name, share in shares.items() if name not in magnets) / PERCENT
    scale = np.clip(1 - moved / rest, 0, None)
    others = {name: share / PERCENT * scale for name, share in shares.items() if name not in magnets}
    return {name: part * treo_t_per_y * 1000 for name, part in {**magnets, **others}.items()}


def _payable(row: dict[str, str]) -> Spread:
    return (float(row["payable_low"]), float(row["payable"]), float(row["payable_high"]))
