"""What a unit of capital asks for a year: the cash-flow template solved once over lives and rates, then looked up."""

from functools import lru_cache

import numpy as np

from oreway.scoring.price.cost_models import Values
from oreway.scoring.price.economics import Template

LIVES = np.arange(3.0, 61.0)
RATES = np.linspace(0.02, 0.25, 24)
STEPS = 60


def capital_charge(template: Template, life_years: Values, rate: Values, tax: float) -> Values:
    """Return yearly earnings before sustaining capital and tax, per unit of capital, that make net present value zero.

    Args:
        template: building years, ramp, sustaining capital, closure and depreciation, as in `economics.cash_flow`.
        life_years: 3 to 60.
        rate: real discount rate, 0.02 to 0.25; beyond them the nearest counts.
        tax: tax rate.
    """
    table = _table(template, tax)
    down, along = (
        np.interp(values, grid, np.arange(float(len(grid)))) for values, grid in ((life_years, LIVES), (rate, RATES))
    )
    row, column = (
        np.minimum(place.astype(int), size - 2) for place, size in zip((down, along), table.shape, strict=True)
    )
    below, right = down - row, along - column
    near = table[row, column] * (1 - right) + table[row, column + 1] * right
    far = table[row + 1, column] * (1 - right) + table[row + 1, column + 1] * right
    found: Values = near * (1 - below) + far * below
    return found


@lru_cache(maxsize=16)
def _table(template: Template, tax: float) -> Values:
    """Solve by halving for every life and rate at once."""
    low = np.zeros((len(LIVES), len(RATES)))
    high = np.full_like(low, 10.0)
    for _ in range(STEPS):
        middle = (low + high) / 2
        enough = _value(template, middle, tax) >= 0
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _value(template: Template, earned: Values, tax: float) -> Values:
    """Return net present value per unit of capital, of the shape of `earned` (lives, rates)."""
    growth = 1 + RATES[None, :]
    value = -sum(share / growth**year for year, share in enumerate(template.build_shares)) * np.ones_like(earned)
    loss = np.zeros_like(earned)
    first = len(template.build_shares)
    for year in range(int(LIVES[-1])):
        output = template.ramp[year] if year < len(template.ramp) else 1.0
        flow = output * earned - template.sustaining_share
        relief = 1 / template.depreciation_years if year < template.depreciation_years else 0.0
        taxable = flow - relief - loss
        loss = np.maximum(0.0, -taxable)
        flow = flow - tax * np.maximum(0.0, taxable)
        runs = np.greater(LIVES, year)[:, None]
        last = np.equal(LIVES, year + 1)[:, None]
        value = value + np.where(runs, flow - np.where(last, template.closure_share, 0.0), 0.0) / growth ** (
            first + year
        )
    return value
