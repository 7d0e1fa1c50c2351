"""What a floor under the NdPr price brings: cumulative tonnes of the sites that would break even, by a year."""

import dataclasses
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.scoring.errors import ScoringError
from oreway.scoring.price.breakeven import DRAWS, QUANTILES, ndpr_floor, priced_sites
from oreway.scoring.price.cases import RARE_EARTHS
from oreway.scoring.price.cost_models import MONEY_OF, Spread, Values, spread
from oreway.scoring.price.decks import MAGNETS, NDPR
from oreway.scoring.sayings import ScoringSaying

PRODUCTS = {"NdPr": (NDPR,), "DyTb": MAGNETS}
FLOORS = tuple(float(price) for price in range(20, 305, 5))
YEARS = (2030, 2035)
TODAY = 2026
LEAST = 0.1  # a start this long away is today's: a lognormal has no zero


@dataclasses.dataclass(frozen=True, kw_only=True)
class Offer:
    """Draws of one site: its NdPr floor (US$/kg), kilograms by product, and the year it starts."""

    site_id: str
    floor: Values
    tonnes: dict[str, Values]
    start: Values


def offers(
    sites: pd.DataFrame, facts: pd.DataFrame, *, draws: int = DRAWS, seed: int = 0, data: Path = DATA,
    only_firm: bool = False,
) -> list[Offer]:  # fmt: skip
    """Return what every priced rare-earth site offers; a part of another priced site is left out.

    Args:
        sites: indexed by site_id.
        facts: the facts of all of them.
        draws: draws a site.
        seed: their seed.
        data: the data folder; years to a start by stage are data/methods/price_starts.csv.
        only_firm: without figures that one weak page alone prints, as `cases.cases` says.
    """
    tables, found = priced_sites(sites, facts, draws=draws, seed=seed, data=data, only_firm=only_firm)
    stages = {
        row["stage"]: (float(row["low"]), float(row["base"]), float(row["high"]))
        for row in read_table("price_starts", data).to_dict("records")
    }
    priced = {one.case.site_id for one in found}
    return [
        Offer(
            site_id=one.case.site_id,
            floor=ndpr_floor(one, tables),
            tonnes={name: _tonnes(one.sales, parts) for name, parts in PRODUCTS.items()},
            start=_start(one.case.site_id, stages[str(sites["stage"][one.case.site_id])], draws, seed),
        )
        for one in found
        if one.case.family in RARE_EARTHS and sites["parent_id"][one.case.site_id] not in priced
    ]


def _tonnes(sales: dict[str, Values], parts: Sequence[str]) -> Values:
    total: Values = np.sum([sales[part] for part in parts], axis=0) / 1000
    return total


def _start(site_id: str, years: Spread, draws: int, seed: int) -> Values:
    variate = np.random.default_rng([seed, zlib.crc32(f"{site_id} start".encode())]).standard_normal(draws)
    low, base, high = (max(year, LEAST) for year in years)
    found: Values = TODAY + spread(variate, (low, base, high))
    return found


def supply_curve(found: Sequence[Offer], product: str, year: int, floors: Sequence[float] = FLOORS) -> pd.DataFrame:
    """Return tonnes a year that a floor brings by a year, over the draws.

    Args:
        found: the offers.
        product: NdPr or DyTb.
        year: sites that start later bring nothing.
        floors: NdPr oxide prices, US$/kg.

    Returns:
        A row a floor: floor, p10, p50, p90 (tonnes a year of the product's oxides) and sites (mean number of them).

    Raises:
        ScoringError: no such product, or a year that is past.
    """
    if product not in PRODUCTS:
        raise ScoringError(ScoringSaying.NO_PRODUCT(repr(product), " or ".join(PRODUCTS)))
    if year < MONEY_OF:
        raise ScoringError(ScoringSaying.YEAR_PAST(year))
    rows = []
    for floor in floors:
        runs = [(one.floor <= floor) & (one.start <= year) for one in found]
        total = np.sum([one.tonnes[product] * enters for one, enters in zip(found, runs, strict=True)], axis=0)
        p10, p50, p90 = np.percentile(total, QUANTILES)
        count = float(np.sum([enters.mean() for enters in runs]))
        rows.append({"floor": floor, "p10": p10, "p50": p50, "p90": p90, "sites": count})
    return pd.DataFrame(rows)


def floor_for(curve: pd.DataFrame, tonnes: float) -> dict[str, float | None]:
    """Return the lowest floor of a supply curve that brings a tonnage, for P10, P50 and P90; None where none does.

    p50: the floor at which half of the draws reach it; p90 the one at which one draw in ten does.
    """
    found: dict[str, float | None] = {}
    for name in ("p10", "p50", "p90"):
        enough = curve[curve[name] >= tonnes]
        found[name] = float(enough["floor"].iloc[0]) if len(enough) else None
    return found
