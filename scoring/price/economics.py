"""Price break-even by a short cash-flow template, against price decks; what is missing is asked for, never invented.

The template (two years of building, a three-step ramp, sustaining capital, closure, straight-line depreciation) was
fitted to published rare-earth studies; its figures are in data/methods/cash_flow.csv. It serves break-even prices and
rank. It does not serve an internal rate of return to the point.
"""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from oreway.later import later
from oreway.layers.catalog import DATA
from oreway.layers.read import current, read_table
from oreway.layers.vocabulary import Confidence
from oreway.scoring.errors import ScoringError
from oreway.scoring.sayings import ScoringSaying

with later(__name__):
    from scipy.optimize import brentq

Flows = npt.NDArray[np.float64]
IRR_BOUNDS = (-0.9, 10.0)
NDPR_SOLD = frozenset({"REE", "HREE", "Nd", "NdPr"})
NDPR_ALONE = "rare earths (this plan is reckoned for NdPr oxide alone)"
NEEDED = {
    "capex": "capital cost",
    "opex": "operating cost",
    "planned_output": "annual NdPr oxide output",
    "mine_life_years": "mine life",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Template:
    """The cash-flow template; shares are of initial capital or nameplate output."""

    build_shares: tuple[float, ...]
    ramp: tuple[float, ...]
    sustaining_share: float
    closure_share: float
    depreciation_years: int
    irr_error_points: float
    usd_per_aud: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """One mine plan in millions of one currency a year at nameplate."""

    capex_m: float
    opex_m_per_y: float
    life_years: int
    tax_rate: float
    discount_rate: float
    royalty_rate: float = 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Appraisal:
    """What the template says of one site; `missing` lists what must be known before it can say more."""

    site_id: str
    assessable: bool
    missing: tuple[str, ...]
    case: str
    break_even_usd_per_kg: float | None
    break_even_low: float | None
    break_even_high: float | None
    decks: tuple[tuple[str, float, float, float | None], ...]
    irr_error_points: float
    source_title: str
    source_url: str
    note: str


def read_template(data: Path = DATA) -> Template:
    """Read the template's parameters from data/methods/cash_flow.csv."""
    table = read_table("cash_flow", data).set_index("parameter")["value"].astype(float)
    return Template(
        build_shares=(table["build_share_year_1"], table["build_share_year_2"]),
        ramp=(table["ramp_year_1"], table["ramp_year_2"]),
        sustaining_share=table["sustaining_share"],
        closure_share=table["closure_share"],
        depreciation_years=int(table["depreciation_years"]),
        irr_error_points=table["irr_error_points"],
        usd_per_aud=table["usd_per_aud"],
    )


def cash_flow(plan: Plan, revenue_m_per_y: float, template: Template) -> Flows:
    """Return the yearly cash flow after royalty and tax, in millions, the first year of building being year 0.

    Args:
        plan: the mine plan.
        revenue_m_per_y: sales at nameplate output.
        template: the template's parameters.

    Returns:
        Array of length building years + life.
    """
    years = plan.life_years
    output = np.ones(years)
    output[: len(template.ramp)] = template.ramp[:years]
    sustaining = template.sustaining_share * plan.capex_m
    earned = output * (revenue_m_per_y * (1 - plan.royalty_rate) - plan.opex_m_per_y) - sustaining
    depreciation = np.zeros(years)
    depreciation[: template.depreciation_years] = plan.capex_m / template.depreciation_years
    flows = earned - _taxes(earned - depreciation, plan.tax_rate)
    flows[-1] -= template.closure_share * plan.capex_m
    return np.concatenate([-plan.capex_m * np.array(template.build_shares), flows])


def _taxes(profit: Flows, rate: float) -> Flows:
    taxes = np.zeros_like(profit)
    loss = 0.0
    for year, amount in enumerate(profit):
        taxable = amount - loss
        loss = max(0.0, -taxable)
        taxes[year] = rate * max(0.0, taxable)
    return taxes


def npv(flows: Flows, discount_rate: float) -> float:
    """Return the net present value at year 0, in the unit of the flows."""
    return float(flows @ (1 + discount_rate) ** -np.arange(len(flows), dtype=float))


def irr(flows: Flows) -> float | None:
    """Return the internal rate of return as a fraction, or None where no rate balances the flows."""
    low, high = (npv(flows, bound) for bound in IRR_BOUNDS)
    if low * high > 0:
        return None
    return float(brentq(lambda rate: npv(flows, rate), *IRR_BOUNDS))


def break_even(plan: Plan, output_kg_per_y: float, template: Template) -> float:
    """Return the price per kg at which net present value is zero, in the plan's currency.

    Raises:
        ScoringError: no output, so no price can balance the plan.
    """
    if not output_kg_per_y > 0:
        raise ScoringError(ScoringSaying.OUTPUT(output_kg_per_y))

    def value(price: float) -> float:
        return npv(cash_flow(plan, price * output_kg_per_y / 1e6, template), plan.discount_rate)

    high = 1.0
    while value(high) < 0:
        high *= 2
    return float(brentq(value, 0.0, high, xtol=1e-6))


def fiscal(country_code: str, region: str, data: Path = DATA) -> pd.Series:
    """Return the row of data/methods/fiscal.csv for a region, else for its country.

    Raises:
        ScoringError: no such country.
    """
    table = read_table("fiscal", data)
    own = table[(table["country_code"] == country_code) & (table["region"] == region)]
    if own.empty:
        own = table[(table["country_code"] == country_code) & (table["region"] == "")]
    if own.empty:
        raise ScoringError(ScoringSaying.NO_FISCAL(country_code))
    return own.iloc[0]


def missing_inputs(facts: pd.DataFrame) -> tuple[str, ...]:
    """Return what the catalogue lacks for a break-even price of one site, in words.

    Args:
        facts: the facts of one site; superseded ones are not known any more.
    """
    facts = current(facts)
    known = facts[(facts["value"] != "") | (facts["low"] != "")]
    lacking = [
        words for field, words in NEEDED.items() if field != "planned_output" and field not in set(known["field"])
    ]
    output = known[(known["field"] == "planned_output") & known["category"].str.contains("NdPr oxide")]
    return tuple(lacking if len(output) else [*lacking, NEEDED["planned_output"]])


def appraise(
    site_id: str,
    country_code: str,
    facts: pd.DataFrame,
    *,
    commodities: str = "",
    prices_usd_per_kg: Mapping[str, float] | None = None,
    data: Path = DATA,
) -> Appraisal:
    """Return a site's break-even NdPr price and its value under the price decks.

    Args:
        site_id: the site.
        country_code: ISO 3166-1 alpha-2, for tax and royalty.
        facts: the site's facts, to say what is missing.
        commodities: what the site holds, a ";" list, "" where nobody says: without rare earths nothing is reckoned.
        prices_usd_per_kg: deck name → NdPr oxide price; None for `site_decks`.
        data: the data folder.

    Returns:
        Appraisal; where inputs are missing it is not assessable and lists them.
    """
    template = read_template(data)
    cases = read_table("economic_cases", data)
    own = cases[cases["site_id"] == site_id]
    if own.empty:
        sold = set(commodities.split(";"))
        missing = missing_inputs(facts) if sold & NDPR_SOLD or not commodities else (NDPR_ALONE,)
        missing = missing or ("operating cost on the same basis as the capital cost",)
        return Appraisal(
            site_id=site_id, assessable=False, missing=missing, case="", break_even_usd_per_kg=None,
            break_even_low=None, break_even_high=None, decks=(), irr_error_points=template.irr_error_points,
            source_title="", source_url="", note="not assessable with what is published",
        )  # fmt: skip
    row = own.iloc[-1]
    terms = fiscal(country_code, row["region"], data)
    rate = template.usd_per_aud if row["currency"] == "A$" else 1.0
    output_kg = float(row["ndpr_t_per_y"]) * 1000
    plans = {bound: _plan(row, terms, f"royalty_rate{suffix}") for bound, suffix in BOUNDS.items()}
    prices = {bound: float(rate * break_even(plan, output_kg, template)) for bound, plan in plans.items()}
    decks = prices_usd_per_kg if prices_usd_per_kg is not None else site_decks(facts, data)
    return Appraisal(
        site_id=site_id, assessable=True, missing=(), case=str(row["case"]), break_even_usd_per_kg=prices["base"],
        break_even_low=prices["low"], break_even_high=prices["high"],
        decks=tuple(_deck(name, price, plans["base"], output_kg, rate, template) for name, price in decks.items()),
        irr_error_points=template.irr_error_points, source_title=row["source_title"], source_url=row["source_url"],
        note=row["note"],
    )  # fmt: skip


FLOOR, OFFTAKE = "floor", "offtake"
BOUNDS = {"low": "_low", "base": "", "high": "_high"}


def _plan(row: pd.Series, fiscal: pd.Series, royalty: str) -> Plan:
    return Plan(
        capex_m=float(row["capex_m"]),
        opex_m_per_y=float(row["opex_per_kg_ndpr"]) * float(row["ndpr_t_per_y"]) / 1000,
        life_years=int(row["life_years"]),
        tax_rate=float(fiscal["tax_rate"]),
        discount_rate=float(row["discount_rate"]),
        royalty_rate=float(fiscal[royalty]),
    )


def _deck(
    name: str, price_usd: float, plan: Plan, output_kg: float, usd_rate: float, template: Template
) -> tuple[str, float, float, float | None]:
    flows = cash_flow(plan, price_usd / usd_rate * output_kg / 1e6, template) * usd_rate
    rate = irr(flows)
    return name, price_usd, npv(flows, plan.discount_rate), None if rate is None else rate * 100


def price_decks(data: Path = DATA) -> dict[str, float]:
    """Return the NdPr oxide price of each deck, US$/kg, lowest first."""
    table = read_table("price_decks", data)
    rows = table[table["commodity"].str.contains("NdPr")]
    prices = rows.groupby("deck", sort=False)["price"].first().astype(float).sort_values()
    return {str(name): float(price) for name, price in prices.items()}


def site_decks(facts: pd.DataFrame, data: Path = DATA) -> dict[str, float]:
    """Return the price decks that hold for a site: the floor only where its facts record an offtake.

    Args:
        facts: the facts of one site; superseded ones do not count.
        data: the data folder.
    """
    facts = current(facts)
    recorded = (facts["field"] == OFFTAKE) & (facts["confidence"] != Confidence.GAP) & (facts["value"] != "")
    return {name: price for name, price in price_decks(data).items() if name != FLOOR or recorded.any()}
