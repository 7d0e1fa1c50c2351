"""How the estimates stand against published studies, and the cash-flow template against their values.

Capital and operating cost are estimated from a study's ore rate, mining method and route. The studies marked `fit` in
data/methods/price_studies.csv give the corrections of price_parameters.csv, those marked `source` a cost of conversion;
the rest are used for nothing but the check.
"""

import dataclasses
import math
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from oreway.later import later
from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.scoring.price.breakeven import DRAWS, QUANTILES, Tables, priced_sites, read_tables
from oreway.scoring.price.cases import RARE_EARTHS
from oreway.scoring.price.charge import capital_charge
from oreway.scoring.price.cost_models import Spread, Values, estimated, mine_and_mill, spread
from oreway.scoring.price.decks import MID, revenue
from oreway.scoring.price.economics import Plan, cash_flow, npv

with later(__name__):
    from scipy.special import stdtrit

CAPITAL, OPERATING, NEEDED = "capital", "operating", "break-even revenue"
CRACKING, SEPARATION, FULL = "carbonate", "separation", "full"
CHECK, FIT = "check", "fit"
NINE_OF_TEN = 0.9
NOTHING = (0.0, 0.0, 0.0)
Study = dict[str, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Score:
    """How a set of studies compares.

    studies: how many; inside: share of them within P10 to P90; bias: geometric mean of P50 over published.
    """

    studies: int
    inside: float
    bias: float


def read_studies(data: Path = DATA) -> tuple[list[Study], dict[str, Study]]:
    """Return the studies and the routes by name."""
    studies = [_texts(row) for row in read_table("price_studies", data).to_dict("records")]
    routes = {str(row["route"]): _texts(row) for row in read_table("price_routes", data).to_dict("records")}
    return studies, routes


def _texts(row: dict[object, object]) -> Study:
    return {str(key): str(value) for key, value in row.items()}


def comparable(study: Study, route: Study) -> bool:
    """Say whether a study can be estimated: one that goes beyond a concentrate must give its tonnes of oxide."""
    converted = route["family"] in RARE_EARTHS and study["conversion_done"] in {CRACKING, SEPARATION, FULL}
    return bool(study["lead_t_per_y"]) or not converted


def check_studies(*, draws: int = DRAWS, seed: int = 0, data: Path = DATA) -> pd.DataFrame:
    """Return published against estimated costs of every study that can be compared, in US$M of 2024.

    Returns:
        A row a study and quantity (capital, operating cost a year, break-even revenue a year): study, used_for, route,
        quantity, published, p10, p50, p90, inside, ratio (P50 over published), source_url.
    """
    tables = read_tables(data)
    studies, routes = read_studies(data)
    rows: list[dict[str, object]] = []
    for study in studies:
        if not comparable(study, routes[study["route"]]):
            continue
        found = _estimate(study, routes[study["route"]], tables, draws, seed)
        for quantity, published in _published(study, tables).items():
            p10, p50, p90 = np.percentile(found[quantity], QUANTILES)
            rows.append({
                "study": study["study"], "used_for": study["used_for"], "route": study["route"], "quantity": quantity,
                "published": published, "p10": p10, "p50": p50, "p90": p90, "inside": bool(p10 <= published <= p90),
                "ratio": p50 / published, "source_url": study["source_url"],
            })  # fmt: skip
    return pd.DataFrame(rows)


def score(checked: pd.DataFrame) -> Score:
    """Return how a set of rows of `check_studies` compares."""
    return Score(
        studies=len(checked),
        inside=float(checked["inside"].mean()),
        bias=float(np.exp(np.log(checked["ratio"]).mean())),
    )


def fit(data: Path = DATA) -> dict[str, Spread]:
    """Return the corrections of capital and operating cost: low, base, high of published over estimated.

    Capital is taken net of the site's access bill, half of it at most, since that bill comes on top. The base is the
    geometric mean over the studies marked fit; low and high are P10 and P90 of one more project by their scatter
    (Student's t, since they are few), never closer than the published error.
    """
    tables = read_tables(data)
    methods = tables.methods
    studies, routes = read_studies(data)
    ratios: dict[str, list[float]] = {CAPITAL: [], OPERATING: []}
    for study in (one for one in studies if one["used_for"] == FIT):
        strip = np.array([float(routes[study["route"]]["strip"])])
        rate = np.array([float(study["ore_mt_per_y"])])
        raw = mine_and_mill(methods, study["mine"], study["mill"], rate, strip)
        published = _published(study, tables)
        access = tables.access.get(study["site_id"], NOTHING)[1]
        net = {**published, CAPITAL: max(published[CAPITAL] - access, published[CAPITAL] / 2)}
        for quantity, cost in zip((CAPITAL, OPERATING), raw, strict=True):
            if quantity in net:
                ratios[quantity].append(net[quantity] / float(cost[0]) / methods.base("escalation"))
    least, _, most = methods.spreads["error_estimator"]
    return {quantity: _spread_of(np.log(found), least, most) for quantity, found in ratios.items()}


def _spread_of(logs: Values, least: float, most: float) -> Spread:
    number = len(logs)
    reach = float(stdtrit(number - 1, NINE_OF_TEN)) * math.sqrt(1 + 1 / number)
    base, wing = float(np.exp(logs.mean())), float(np.exp(reach * logs.std(ddof=1)))
    return (base * min(1 / wing, least), base, base * max(wing, most))


def _estimate(study: Study, route: Study, tables: Tables, draws: int, seed: int) -> dict[str, Values]:
    random = np.random.default_rng([seed, zlib.crc32(study["study"].encode())])
    cost, raised, stripped, turned, ways = (random.standard_normal(draws) for _ in range(5))
    methods = tables.methods
    strip: Spread = (float(route["strip_low"]), float(route["strip"]), float(route["strip_high"]))
    rate = float(study["ore_mt_per_y"]) * np.ones(draws)
    capital, operating = estimated(methods, study["mine"], study["mill"], rate, spread(stripped, strip), (cost, raised))
    error = spread(cost, methods.spreads["error_estimator"])
    treo = float(study["lead_t_per_y"] or 0.0) * _share(study, route, methods.base("separation_share"))
    capital = capital + error * spread(turned, methods.spreads["conversion_capital"]) * treo / 1e6
    operating = operating + error * spread(turned, methods.spreads["conversion_operating"]) * treo / 1000
    capital = capital + spread(ways, tables.access.get(study["site_id"], NOTHING))
    return {CAPITAL: capital, OPERATING: operating, NEEDED: capital * _charge(study, tables) + operating}


def _share(study: Study, route: Study, separation: float) -> float:
    """Return the share of cracking and separation that a study's own plant does."""
    if route["family"] not in RARE_EARTHS:
        return 0.0
    return {CRACKING: 1 - separation, SEPARATION: separation, FULL: 1.0}.get(study["conversion_done"], 0.0)


def _charge(study: Study, tables: Tables) -> float:
    life, rate = np.array([float(study["life_years"])]), np.array([float(study["discount_rate"])])
    return float(capital_charge(tables.template, life, rate, 0.0)[0])


def _published(study: Study, tables: Tables) -> dict[str, float]:
    """Return what a study gives, in US$M of 2024."""
    methods = tables.methods
    today = methods.to_money_of_today(int(study["year"]))
    today *= methods.base("usd_per_aud") if study["currency"] == "A$" else 1.0
    found = {CAPITAL: float(study["capex_m"]) * today}
    if study["opex_m_per_y"]:
        found[OPERATING] = float(study["opex_m_per_y"]) * today
        found[NEEDED] = found[CAPITAL] * _charge(study, tables) + found[OPERATING]
    return found


def values(data: Path = DATA) -> pd.DataFrame:
    """Return published net present values beside the cash-flow template's, from the same capital, costs and sales.

    Returns:
        A row a study: study, currency, published_m, template_m, error (template over published, less one).
    """
    tables = read_tables(data)
    rows = []
    old = read_table("published_studies", data).to_dict("records")
    new = [row for row in read_table("price_studies", data).to_dict("records") if row["revenue_m_per_y"]]
    for row in [*old, *new]:
        plan = Plan(
            capex_m=float(row["capex_m"]), opex_m_per_y=float(row["opex_m_per_y"]), life_years=int(row["life_years"]),
            tax_rate=float(row["tax_rate"]), discount_rate=float(row["discount_rate"]),
        )  # fmt: skip
        ours = npv(cash_flow(plan, float(row["revenue_m_per_y"]), tables.template), plan.discount_rate)
        published = float(row.get("published_npv_m") or row["npv_m"])
        rows.append({"study": row["study"], "currency": row["currency"], "published_m": published, "template_m": ours,
                     "error": ours / published - 1})  # fmt: skip
    return pd.DataFrame(rows)


def order(table: pd.DataFrame) -> float:
    """Return Spearman's rank correlation of published and template values."""
    return float(table["published_m"].rank().corr(table["template_m"].rank()))


def positive_at(sites: pd.DataFrame, facts: pd.DataFrame, year: int, data: Path = DATA) -> pd.Series:
    """Return for each priced rare-earth site whether half of its draws or more earn their cost at a year's prices.

    Args:
        sites: indexed by site_id; a part of another priced site is left out.
        facts: the facts of all of them.
        year: 2011 or 2016, the prices of data/methods/price_years.csv, brought to money of 2024.
        data: the data folder.
    """
    tables, found = priced_sites(sites, facts, data=data)
    up = tables.methods.to_money_of_today(year)
    rows = [row for row in read_table("price_years", data).to_dict("records") if int(row["year"]) == year]
    prices = {**tables.prices, **{str(row["product"]): {MID: float(row["price"]) * up} for row in rows}}
    names = {one.case.site_id for one in found}
    kept = [
        one for one in found if one.case.family in RARE_EARTHS and sites["parent_id"][one.case.site_id] not in names
    ]
    shares = {one.case.site_id: float(np.mean(revenue(one.sales, prices, MID) >= one.needed)) for one in kept}
    return pd.Series(shares, name=str(year), dtype=float).ge(0.5)
