"""The price each site needs: published cost estimators, the site's own study where there is one, and what drives it.

Frame in, frame out: `break_even` takes sites, facts and access bills and returns a row a site with P10, P50 and P90.
A draw's revenue at break-even is (capital x charge + operating cost) / (1 - royalty), where the charge is what the
cash-flow template of `economics` asks a year for one unit of capital; divided by revenue at the mid deck it scales
every product's price alike. Money of 2024.
"""

import dataclasses
import math
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.scoring.errors import ScoringError
from oreway.scoring.price.cases import RARE_EARTHS, Case, Study, cases
from oreway.scoring.price.charge import capital_charge
from oreway.scoring.price.cost_models import (
    Methods,
    Spread,
    Values,
    estimated,
    life_and_rate,
    read_price_methods,
    spread,
)
from oreway.scoring.price.decks import (
    DECKS,
    MAGNETS,
    MID,
    NDPR,
    REE_MINERALS,
    Sales,
    other_sales,
    oxide_sales,
    read_prices,
    revenue,
)
from oreway.scoring.price.economics import Template, read_template
from oreway.scoring.reasons import NOTHING, Code, Note, note
from oreway.scoring.sayings import ScoringSaying

FACTORS = (
    "cost", "escalation", "ore_rate", "strip", "recovery", "grade", "basket", "payable", "conversion", "access",
    "discount",
)  # fmt: skip
BASKET_UNIT = "US$/kg REO"
QUANTILES = (10, 50, 90)
DRAWS = 10_000
CONVERSION_LEFT = {"": "full", "none": "full", "carbonate": "separation", "full": "", "separation": ""}

# what every table has, of sites too that have no rare earths or no price
WORDS = ("site_id", "route", "case", "from_site", "one_weak", "missing")
NUMBERS = (
    "product", "unit", "p10", "p50", "p90", "t_per_y", "held_mt_per_y", "life_capital_usd_m", "operating_usd_m_per_y",
    "needed_over_mid",
    *(f"survive_{deck}" for deck in DECKS), *(f"share_{name}" for name in FACTORS), "ndpr_p10", "ndpr_p50", "ndpr_p90",
    "ndpr_t_per_y", "dytb_t_per_y",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tables:
    """Everything the price method reads, read once."""

    methods: Methods
    prices: dict[str, dict[str, float]]
    products: dict[str, list[dict[str, str]]]  # family -> rows of price_products.csv, the lead product first
    access: dict[str, Spread]
    template: Template
    fiscal: dict[str, tuple[float, float]]  # country -> tax rate, royalty rate


@dataclasses.dataclass(frozen=True, kw_only=True)
class Priced:
    """The draws of one site.

    needed: revenue at break-even, US$M a year.
    sales: product -> quantity a year.
    capital, operating: US$M and US$M a year.
    lead_t_per_y: TREO of a rare-earth site, else the lead product in tonnes.
    ore_mt_per_y: ore of Taylor's rule; NaN where the site's own plan gives it.
    variates: factor -> its standard normal draws.
    """

    case: Case
    needed: Values
    sales: Sales
    capital: Values
    operating: Values
    lead_t_per_y: Values
    ore_mt_per_y: Values
    variates: dict[str, Values]


def read_tables(data: Path = DATA) -> Tables:
    """Read the tables of the price method."""
    bills = read_table("price_access", data).set_index("site_id")
    terms = read_table("fiscal", data)
    terms = terms[terms["region"] == ""]
    rates = zip(terms["tax_rate"].astype(float), terms["royalty_rate"].astype(float), strict=True)
    return Tables(
        methods=read_price_methods(data),
        prices=read_prices(data),
        products=_products(data),
        access=_bounds(bills),
        template=read_template(data),
        fiscal=dict(zip(terms["country_code"], rates, strict=True)),
    )


def _bounds(bills: pd.DataFrame) -> dict[str, Spread]:
    columns = (bills[name].astype(float) for name in ("p10", "p50", "p90"))
    return dict(zip(bills.index.astype(str), zip(*columns, strict=True), strict=True))


def _products(data: Path) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in sorted(read_table("price_products", data).to_dict("records"), key=lambda row: -int(row["lead"])):
        found.setdefault(row["family"], []).append({str(key): str(value) for key, value in row.items()})
    return found


def break_even(
    sites: pd.DataFrame,
    facts: pd.DataFrame,
    *,
    access: pd.DataFrame | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    data: Path = DATA,
    only_firm: bool = False,
) -> pd.DataFrame:
    """Return the break-even price of every site that has a tonnage and a price, and what the others lack.

    Args:
        sites: indexed by site_id, as `read_sites` returns them.
        facts: the facts of all of them.
        access: site_id -> p10, p50, p90 of the access bill in US$M; None for those shipped.
        draws: draws a site.
        seed: seed; a site's draws do not depend on which other sites are asked for.
        data: the data folder.
        only_firm: without figures that one weak page alone prints, as `cases.cases` says.

    Returns:
        A row a deposit, zone and stockpile, indexed by site_id: p10, p50, p90 with their unit, product, t_per_y (P50),
        held_mt_per_y (the ore rate Taylor's rule was held at, the largest that a study of its route plans, else NaN),
        ndpr_t_per_y, dytb_t_per_y, ndpr_p10, ndpr_p50, ndpr_p90 (US$/kg NdPr oxide with all else at the mid deck),
        survive_<deck> (share of draws), share_<factor> (of the variance of the logarithm), route, from_site, one_weak
        (fields that one weak page prints), case, missing; numbers are NaN where `missing` says why.

    Raises:
        ScoringError: fewer than 100 draws.
    """
    if draws < 100:
        raise ScoringError(ScoringSaying.PRICE_DRAWS(draws))
    tables = read_tables(data)
    if access is not None:
        tables = dataclasses.replace(tables, access=_bounds(access))
    rows = [priced_row(case, tables, draws, seed) for case in cases(sites, facts, data, only_firm=only_firm)]
    found = pd.DataFrame(rows, columns=[*dict.fromkeys((*(name for row in rows for name in row), *WORDS, *NUMBERS))])
    return found.set_index("site_id")


def priced_sites(
    sites: pd.DataFrame, facts: pd.DataFrame, *, draws: int = DRAWS, seed: int = 0, data: Path = DATA,
    only_firm: bool = False,
) -> tuple[Tables, list[Priced]]:  # fmt: skip
    """Return the tables and the draws of every site that has a price."""
    tables = read_tables(data)
    known = cases(sites, facts, data, only_firm=only_firm)
    found = (price(case, tables, draws, seed) for case in known if not case.missing)
    return tables, [one for one in found if not _unpriced(one.case, one, tables)]


def priced_row(case: Case, tables: Tables, draws: int, seed: int) -> dict[str, object]:
    """Return one site's row of `break_even`."""
    row: dict[str, object] = {
        "site_id": case.site_id, "route": case.route, "case": "" if case.study is None else case.study.name,
        "from_site": ", ".join(case.from_site), "one_weak": ", ".join(case.one_weak), "missing": case.missing,
    }  # fmt: skip
    if case.missing:
        return row
    found = price(case, tables, draws, seed)
    lacking = _unpriced(case, found, tables)
    if lacking:
        return row | {"missing": lacking}
    return row | _numbers(found, tables)


def price(case: Case, tables: Tables, draws: int, seed: int) -> Priced:
    """Return the draws of one site that lacks nothing."""
    random = np.random.default_rng([seed, zlib.crc32(case.site_id.encode())])
    z = {name: random.standard_normal(draws) for name in FACTORS}
    methods = tables.methods
    life, rate = _life_and_rate(case, methods, z["ore_rate"])
    recovered = np.minimum(spread(z["recovery"], case.recovery), 0.98)
    grade_error = spread(z["grade"], methods.spreads["grade_error"])
    sales, lead = _sales(case, tables, rate, recovered, grade_error, z)
    capital, operating = _costs(case, tables, rate, lead, z)
    if case.country_code not in tables.fiscal:
        raise ScoringError(ScoringSaying.NO_FISCAL(case.country_code))
    tax, royalty = tables.fiscal[case.country_code]
    years = np.clip(life, methods.base("shortest_life"), methods.base("longest_life"))
    interest = spread(z["discount"], methods.spreads["discount_rate"])
    charge = capital_charge(tables.template, years, interest, tax)
    needed = (capital * charge + operating) / (1 - royalty)
    return Priced(
        case=case, needed=needed, sales=sales, capital=capital, operating=operating, lead_t_per_y=lead, variates=z,
        ore_mt_per_y=rate if case.ore_mt_per_y is None else np.full_like(rate, np.nan),
    )  # fmt: skip


def _life_and_rate(case: Case, methods: Methods, variate: Values) -> tuple[Values, Values]:
    same = np.ones_like(variate)
    ore = (case.ore_mt or 0.0) * same
    if case.ore_mt_per_y is None:
        life, rate = life_and_rate(methods, ore, spread(variate, methods.spreads["life_coefficient"]))
        if case.most_mt_per_y is None:
            return life, rate
        held = np.minimum(rate, case.most_mt_per_y)
        return ore / held, held
    rate = case.ore_mt_per_y * same
    return (case.life_years * same if case.life_years else ore / rate), rate


def _sales(
    case: Case, tables: Tables, rate: Values, recovered: Values, grade_error: Values, z: dict[str, Values]
) -> tuple[Sales, Values]:
    """Return what is sold a year, and tonnes of the lead product (TREO for rare earths)."""
    ore_t = rate * 1e6 * (tables.methods.base("mined_share") if case.ore_mt_per_y is None else 1.0)
    basket = (0.95, 1.0, 1.05) if case.own_shares else tables.methods.spreads["peer_error"]
    if case.family == "ree":
        treo = ore_t * case.grades.get("grade_treo_pct", 0.0) / 100 * grade_error * recovered
        if case.output_t_per_y is not None:
            treo = case.output_t_per_y * grade_error
        return oxide_sales(dict(case.shares), treo, spread(z["basket"], basket)), treo
    rows = tables.products[case.family]
    sales = other_sales(rows, dict(case.grades), ore_t, recovered, tables.methods, z["payable"], grade_error)
    if case.family == "sands":
        minerals = sales.pop(REE_MINERALS, np.zeros_like(ore_t)) / 1000
        treo = minerals * spread(z["basket"], tables.methods.spreads["treo_in_ree_mineral"])
        if case.output_t_per_y is not None:
            treo = case.output_t_per_y * grade_error
        oxides = oxide_sales(dict(case.shares), treo, spread(z["basket"], basket))
        return {**oxides, **sales}, treo
    lead = rows[0]
    tonnes = sales.get(str(lead["product"]), np.zeros_like(ore_t)) * float(lead["unit_kg"]) / 1000
    if case.output_t_per_y is not None:
        made = case.output_t_per_y * grade_error
        sales[str(lead["product"])] = made * 1000 / float(lead["unit_kg"])
        tonnes = made
    return sales, tonnes


def _costs(case: Case, tables: Tables, rate: Values, lead: Values, z: dict[str, Values]) -> tuple[Values, Values]:
    """Return capital (US$M) and operating cost (US$M a year): the study's where it gives them, else the estimate's.

    One common error moves every estimated cost, and half of what moves the access bill, so that a sum of parts is
    never surer than its estimator.
    """
    methods, study = tables.methods, case.study
    capital, operating = estimated(
        methods, case.mine, case.mill, rate, spread(z["strip"], case.strip), (z["cost"], z["escalation"])
    )
    error = spread(z["cost"], methods.spreads["error_estimator"])
    more_capital, more_operating = (error * part for part in _conversion(case, methods, lead, z["conversion"]))
    joined = (z["cost"] + z["access"]) / math.sqrt(2)
    access = spread(joined, tables.access.get(case.site_id, (0.0, 0.0, 0.0)))
    if study is None:
        return capital + more_capital + access, operating + more_operating
    known = spread(z["cost"], methods.spreads[f"error_{study.study_class}"])
    today = methods.to_money_of_today(study.year) * (methods.base("usd_per_aud") if study.currency == "A$" else 1.0)
    capital = capital + access if study.capex_m is None else study.capex_m * today * known
    operating = operating if study.opex_m_per_y is None else study.opex_m_per_y * today * known
    return capital + more_capital, operating + more_operating


def _conversion(case: Case, methods: Methods, treo_t: Values, variate: Values) -> tuple[Values, Values]:
    """Return what cracking and separation still cost: nothing where the study goes as far as oxides."""
    if case.family not in RARE_EARTHS:
        return np.zeros_like(treo_t), np.zeros_like(treo_t)
    left = case.conversion if case.study is None else _left(case, case.study)
    share = {"": 0.0, "separation": methods.base("separation_share"), "full": 1.0}[left]
    capital = spread(variate, methods.spreads["conversion_capital"]) * treo_t / 1e6 * share
    return capital, spread(variate, methods.spreads["conversion_operating"]) * treo_t / 1000 * share


def _left(case: Case, study: Study) -> str:
    left = CONVERSION_LEFT[study.conversion_done]
    return case.conversion if left == "full" else left


def _unpriced(case: Case, found: Priced, tables: Tables) -> Note:
    """Return what keeps a site from a price once its products are known: a grade, or the price of its lead product."""
    if not np.any(found.lead_t_per_y > 0):
        return note(Code.LACKS_GRADE)
    if case.family in RARE_EARTHS:
        return NOTHING
    product = tables.products[case.family][0]["product"]
    return NOTHING if MID in tables.prices.get(product, {}) else note(Code.LACKS_PRICE, product)


def _numbers(found: Priced, tables: Tables) -> dict[str, object]:
    case, needed = found.case, found.needed
    mid = revenue(found.sales, tables.prices, MID)
    ratio = needed / mid
    product, unit, at_mid = _quoted(found, tables, mid)
    p10, p50, p90 = np.percentile(ratio * at_mid, QUANTILES)
    row: dict[str, object] = {
        "product": product, "unit": unit, "p10": p10, "p50": p50, "p90": p90,
        "t_per_y": float(np.median(found.lead_t_per_y)), "held_mt_per_y": _held(found),
        "life_capital_usd_m": float(np.median(found.capital)),
        "operating_usd_m_per_y": float(np.median(found.operating)),
        "needed_over_mid": float(np.median(ratio)),
    }  # fmt: skip
    row |= {f"survive_{deck}": float(np.mean(revenue(found.sales, tables.prices, deck) >= needed)) for deck in DECKS}
    row |= {f"share_{name}": share for name, share in _drivers(np.log(ratio), found.variates).items()}
    if case.family in RARE_EARTHS:
        row |= _floor(found, tables, mid)
    return row


def _held(found: Priced) -> float:
    """Return the ore rate (Mt a year) that Taylor's rule was held at in half of the draws or more, else NaN."""
    most = found.case.most_mt_per_y
    return most if most is not None and float(np.median(found.ore_mt_per_y)) >= most else math.nan


def _quoted(found: Priced, tables: Tables, mid: Values) -> tuple[str, str, Values]:
    """Return the product a price is quoted for, its unit and its mid price: the basket of oxides for rare earths."""
    if found.case.family in RARE_EARTHS:
        oxides = {name: amount for name, amount in found.sales.items() if name in found.case.shares}
        return "rare earth basket", BASKET_UNIT, revenue(oxides, tables.prices, MID) / found.lead_t_per_y * 1000
    lead = tables.products[found.case.family][0]
    product, unit = lead["product"], lead["unit"]
    return product, unit, np.full_like(mid, tables.prices[product][MID])


def ndpr_floor(found: Priced, tables: Tables) -> Values:
    """Return draws of the NdPr oxide price (US$/kg) at which a site breaks even, all else staying at the mid deck."""
    amount = found.sales[NDPR] / 1e6
    rest = revenue(found.sales, tables.prices, MID) - amount * tables.prices[NDPR][MID]
    floor: Values = np.maximum((found.needed - rest) / amount, 0.0)
    return floor


def _floor(found: Priced, tables: Tables, mid: Values) -> dict[str, object]:
    p10, p50, p90 = np.percentile(ndpr_floor(found, tables), QUANTILES)
    heavy = sum((found.sales[name] for name in MAGNETS), np.zeros_like(mid))
    return {
        "ndpr_p10": p10, "ndpr_p50": p50, "ndpr_p90": p90, "ndpr_t_per_y": float(np.median(found.sales[NDPR])) / 1000,
        "dytb_t_per_y": float(np.median(heavy)) / 1000,
    }  # fmt: skip


def _drivers(outcome: Values, variates: dict[str, Values]) -> dict[str, float]:
    """Return each factor's share of the variance: its squared correlation with the outcome, scaled to add up to one."""
    squares = {name: _correlation(outcome, drawn) ** 2 for name, drawn in variates.items()}
    total = sum(squares.values())
    return {name: square / total for name, square in squares.items()}


def _correlation(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> float:
    left, right = one - one.mean(), other - other.mean()
    return float(left @ right / np.sqrt((left @ left) * (right @ right)))


def drivers(row: pd.Series, most: int = 3) -> Sequence[tuple[str, float]]:
    """Return the factors that drive one row of `break_even`, the strongest first."""
    shares = {name: row.get(f"share_{name}", np.nan) for name in FACTORS}
    known = [(name, float(share)) for name, share in shares.items() if pd.notna(share)]
    return sorted(known, key=lambda one: -one[1])[:most]
