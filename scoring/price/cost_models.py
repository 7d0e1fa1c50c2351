"""Capital and operating cost of a mine and its plant by the U.S. Bureau of Mines' published equations.

Camm (1991, Information Circular 9298) gives cost = A X^B for X short tons a day, in US$ of 1989; coefficients, ranges
and their sources are data/methods/price_cost_models.csv and price_parameters.csv.
"""

import dataclasses
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt

from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.scoring.errors import ScoringError
from oreway.scoring.sayings import ScoringSaying

Values = npt.NDArray[np.float64]
Spread = tuple[float, float, float]
P90 = 1.2815515655446004  # the standard normal variate below which nine of ten draws lie
OPEN_PIT, SMALL, LARGE = "open_pit", "small_open_pit", "large_open_pit"
MONEY_OF = 2024


@dataclasses.dataclass(frozen=True, kw_only=True)
class Methods:
    """The tables of the price method.

    models: (part, model) -> capital_a, capital_b, operating_a, operating_b.
    spreads: parameter -> P10, base, P90.
    index: CPI-U by year.
    """

    models: dict[tuple[str, str], tuple[float, float, float, float]]
    spreads: dict[str, Spread]
    index: dict[int, float]

    def base(self, name: str) -> float:
        """Return the base value of a parameter."""
        return self.spreads[name][1]

    def to_money_of_today(self, year: int) -> float:
        """Return the factor from money of a year to money of 2024; later years count as 2024.

        Raises:
            ScoringError: the index has no such year.
        """
        if min(year, MONEY_OF) not in self.index:
            raise ScoringError(ScoringSaying.NO_PRICE_YEAR(year))
        return self.index[MONEY_OF] / self.index[min(year, MONEY_OF)]


def read_price_methods(data: Path = DATA) -> Methods:
    """Read the tables of the price method."""
    models = {
        (str(row["part"]), str(row["model"])): (
            float(row["capital_a"]), float(row["capital_b"]), float(row["operating_a"]), float(row["operating_b"]),
        )
        for row in read_table("price_cost_models", data).to_dict("records")
    }  # fmt: skip
    rows = read_table("price_parameters", data)
    ranges = zip(rows["low"].astype(float), rows["base"].astype(float), rows["high"].astype(float), strict=True)
    years = read_table("price_index", data)
    return Methods(
        models=models,
        spreads=dict(zip(rows["name"], ranges, strict=True)),
        index=dict(zip(years["year"].astype(int), years["cpi_u"].astype(float), strict=True)),
    )


def spread(variate: Values, around: Spread) -> Values:
    """Return draws whose median is the base and whose P10 and P90 are low and high: a lognormal with two wings.

    Args:
        variate: standard normal draws.
        around: low, base, high, all above 0; or 0, 0, 0 for nothing.
    """
    low, base, high = around
    if base == 0:
        return np.zeros_like(variate)
    wings = np.where(variate > 0, math.log(high / base), math.log(base / low))
    found: Values = base * np.exp(variate / P90 * wings)
    return found


def equation(methods: Methods, part: str, model: str, short_tons_per_day: Values) -> tuple[Values, Values]:
    """Return capital (US$) and operating cost (US$ a short ton) of one model, in money of 1989.

    Raises:
        ScoringError: no such model.
    """
    if (part, model) not in methods.models:
        raise ScoringError(ScoringSaying.NO_COST_MODEL(part, repr(model)))
    capital_a, capital_b, operating_a, operating_b = methods.models[part, model]
    return capital_a * short_tons_per_day**capital_b, operating_a * short_tons_per_day**operating_b


def mining(methods: Methods, mine: str, ore_per_day: Values, strip: Values) -> tuple[Values, Values]:
    """Return capital (US$) and operating cost (US$ a day) of mining, in money of 1989.

    Args:
        methods: the tables.
        mine: a mine model, or open_pit for the small or the large one by its rate of ore and waste.
        ore_per_day: short tons.
        strip: waste over ore; counts in an open pit alone.
    """
    if mine != OPEN_PIT:
        capital, operating = equation(methods, "mine", mine, ore_per_day)
        return capital, operating * ore_per_day
    moved = ore_per_day * (1 + strip)
    small, large = (equation(methods, "mine", model, moved) for model in (SMALL, LARGE))
    is_large = moved >= methods.base("large_open_pit_from")
    return np.where(is_large, large[0], small[0]), np.where(is_large, large[1], small[1]) * moved


def mine_and_mill(methods: Methods, mine: str, mill: str, ore_mt_per_y: Values, strip: Values) -> tuple[Values, Values]:
    """Return capital (US$M) and operating cost (US$M a year) of mine and mill, in money of 1989."""
    days = methods.base("working_days")
    per_day = ore_mt_per_y * 1e6 / methods.base("short_ton_t") / days
    capital, operating = mining(methods, mine, per_day, strip)
    plant, plant_operating = equation(methods, "mill", mill, per_day)
    return (capital + plant) / 1e6, (operating + plant_operating * per_day) * days / 1e6


def estimated(
    methods: Methods, mine: str, mill: str, ore_mt_per_y: Values, strip: Values, variates: tuple[Values, Values]
) -> tuple[Values, Values]:
    """Return draws of capital (US$M) and operating cost (US$M a year) in money of 2024, corrected by studies.

    Args:
        methods: the tables; the corrections are those fitted by `studies.fit`.
        mine: the mine model.
        mill: the mill model.
        ore_mt_per_y: draws of the ore rate.
        strip: draws of waste over ore.
        variates: standard normal draws of the common error and of the escalation.
    """
    capital, operating = mine_and_mill(methods, mine, mill, ore_mt_per_y, strip)
    raised = spread(variates[1], methods.spreads["escalation"])
    return (
        capital * raised * spread(variates[0], methods.spreads["correction_capital"]),
        operating * raised * spread(variates[0], methods.spreads["correction_operating"]),
    )


def life_and_rate(methods: Methods, ore_mt: Values, coefficient: Values) -> tuple[Values, Values]:
    """Return mine life (years) and ore rate (Mt a year) by Taylor's rule: life = c T^0.25, T in short tons.

    Args:
        methods: the tables.
        ore_mt: ore to be mined, Mt.
        coefficient: draws of c.
    """
    short_tons = ore_mt * 1e6 / methods.base("short_ton_t")
    life = coefficient * short_tons ** methods.base("life_exponent")
    return life, ore_mt / life
