"""What is known of each site for its price: ore, grade, rate, route and study, each from its facts or left open."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import Backing, Confidence, FactState
from oreway.scoring.price.cost_models import Spread
from oreway.scoring.reasons import Code, Note, joined, note

PRICED_KINDS = ("deposit", "zone", "stockpile")
TOTALS = ("reserve_total", "resource_total", "measured_indicated", "unclassified", "")
PARTS = (("proved", "probable"), ("measured", "indicated", "inferred"))
TONNAGES = ("reserve_mt", "mine_plan_mt", "resource_mt", "stockpile_mt")
RARE_EARTHS = ("ree", "sands")
SAND_HOSTS, SAND_BASKET = frozenset({"zircon", "rutile"}), "sand_monazite"
NDPR, HEAVY = "NdPr oxide", ("Dy oxide", "Tb oxide")
RATE_FIELDS = ("throughput_mt_y", "throughput_kt_y", "planned_ore_rate")
RATE_UNITS = {"Mt/y": 1.0, "kt/y": 1e-3, "t/y": 1e-6, "t/day": 350e-6}
CONTAINED = (("contained_reo_kt", "grade_treo_pct"), ("contained_sb_kt", "grade_sb_pct"))
Row = Mapping[Any, Any]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Study:
    """A published study: costs in millions of its currency and year; None where it gives none."""

    name: str
    year: int
    currency: str
    capex_m: float | None
    opex_m_per_y: float | None
    conversion_done: str
    study_class: str
    source_title: str
    source_url: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Case:
    """One site as the price method sees it.

    ore_mt: ore to be mined; None where no tonnage is on record.
    ore_mt_per_y, life_years: the site's own plan, else None for Taylor's rule.
    grades: fact field -> percent (g/t for gold).
    output_t_per_y: the plan's own output of the lead product (TREO for rare earths), else None.
    shares: product -> percent of TREO; own_shares says whether they are the site's.
    from_site: which inputs are the site's own.
    one_weak: the fields among them whose figure one page prints that is neither a primary source nor seconded.
    missing: what keeps the site from a price.
    """

    site_id: str
    country_code: str
    route: str
    family: str
    mine: str
    mill: str
    conversion: str
    strip: Spread
    recovery: Spread
    ore_mt: float | None
    ore_mt_per_y: float | None
    life_years: float | None
    grades: Mapping[str, float]
    output_t_per_y: float | None
    shares: Mapping[str, float]
    own_shares: bool
    study: Study | None
    from_site: tuple[str, ...]
    one_weak: tuple[str, ...]
    missing: Note


def cases(sites: pd.DataFrame, facts: pd.DataFrame, data: Path = DATA) -> list[Case]:
    """Return a case for every deposit, zone and stockpile, in the order of the sites.

    Args:
        sites: indexed by site_id.
        facts: the facts of all of them.
        data: the data folder; routes, baskets and studies are in data/methods.
    """
    routes = read_table("price_routes", data).to_dict("records")
    baskets = read_table("price_baskets", data).to_dict("records")
    studies = read_table("price_studies", data).to_dict("records")
    current = {row["site_id"]: row for row in studies if row["current"] == "yes"}
    by_site = _known(facts)
    chosen = sites.loc[sites["kind"].isin(PRICED_KINDS), ["country_code", "kind", "host_minerals", "commodities",
                                                          "deposit_model"]]  # fmt: skip
    return [
        _case(str(site_id), site, by_site.get(str(site_id), []), routes, baskets, current.get(str(site_id)))
        for site_id, site in zip(chosen.index, chosen.to_dict("records"), strict=True)
    ]


def _known(facts: pd.DataFrame) -> dict[str, list[Row]]:
    """Return the facts that hold and have a number, by site."""
    found: dict[str, list[Row]] = {}
    columns = ["site_id", "field", "value", "low", "high", "unit", "category", "state", "confidence", "rests_on"]
    for row in facts.reindex(columns=columns, fill_value="").to_dict("records"):
        if row["state"] == FactState.SUPERSEDED or row["confidence"] == Confidence.GAP:
            continue
        number = _number(row["value"])
        bounds = [bound for bound in (_number(row["low"]), _number(row["high"])) if bound is not None]
        if number is None and bounds:
            number = sum(bounds) / len(bounds)
        if number is not None and number > 0:
            found.setdefault(str(row["site_id"]), []).append({**row, "number": number})
    return found


def _case(
    site_id: str, site: Row, facts: Sequence[Row], routes: Sequence[Row], baskets: Sequence[Row], study: Row | None
) -> Case:
    route = _route(site, routes)
    graded = _grades(facts)
    grades = {field: float(row["number"]) for field, row in graded.items()}
    if study is not None and study["grade_field"] and study["grade_pct"]:
        grades[str(study["grade_field"])] = float(study["grade_pct"])
    ore = _ore(facts, grades)
    rate, life = _plan(facts, ore, study)
    if study is not None and ore is None and rate and life:
        ore = rate * life
    shares, own = _shares(site, facts, baskets, "" if route is None else route["family"])
    output = None if study is None else _number(study["lead_t_per_y"])
    told = {
        "ore": ore is not None, "ore_rate": rate is not None, "life": life is not None, "grade": bool(grades),
        "basket": own, "output": output is not None, "capital": study is not None,
        "operating": study is not None and bool(study["opex_m_per_y"]),
    }  # fmt: skip
    return Case(
        site_id=site_id, country_code=str(site["country_code"]), route=_of(None, route, "route"),
        family=_of(None, route, "family"), mine=_of(study, route, "mine"), mill=_of(study, route, "mill"),
        conversion=_of(None, route, "conversion"), strip=_spread(route, "strip"), recovery=_spread(route, "recovery"),
        ore_mt=ore, ore_mt_per_y=rate, life_years=life, grades=grades, output_t_per_y=output, shares=shares,
        own_shares=own, study=None if study is None else _study(study),
        from_site=tuple(name for name, is_own in told.items() if is_own),
        one_weak=_weak([*_mined(facts, grades), *graded.values(), *([] if study is not None else _planned(facts))]),
        missing=_missing(route, ore),
    )  # fmt: skip


def _route(site: Row, routes: Iterable[Row]) -> Row | None:
    """Return the first route whose every filled condition holds."""
    hosts = {host.strip() for host in str(site["host_minerals"]).split(";")}
    lead = str(site["commodities"]).split(";")[0]
    for row in routes:
        holds = (
            row["kind"] in {"", site["kind"]}
            and (not row["hosts"] or hosts & set(row["hosts"].split(";")))
            and row["words"] in str(site["deposit_model"]).lower()
            and (not row["leads"] or lead in row["leads"].split(";"))
        )
        if holds:
            return row
    return None


def _weak(used: Iterable[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(row["field"]) for row in used if row["rests_on"] == Backing.ONE_WEAK))


def _grades(facts: Sequence[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in facts:
        field = str(row["field"])
        if field.startswith("grade_") and (field not in found or _order(row) < _order(found[field])):
            found[field] = row
    return found


def _order(row: Row) -> int:
    category = str(row["category"])
    return TOTALS.index(category) if category in TOTALS else len(TOTALS)


def _ore(facts: Sequence[Row], grades: Mapping[str, float]) -> float | None:
    """Return the ore to be mined: the reserve, the mine plan, the resource, or contained metal over its grade."""
    rows = _mined(facts, grades)
    if not rows:
        return None
    grade = dict(CONTAINED).get(str(rows[0]["field"]))
    return float(rows[0]["number"]) / grades[grade] / 10 if grade else float(sum(row["number"] for row in rows))


def _mined(facts: Sequence[Row], grades: Mapping[str, float]) -> list[Row]:
    """Return the facts that say how much ore is to be mined: one, or the parts that add up to it."""
    for field in TONNAGES:
        tonnes = {str(row["category"]): row for row in facts if row["field"] == field and row["unit"] == "Mt"}
        if tonnes:
            return _total(tonnes)
    for contained, grade in CONTAINED:
        amounts = [row for row in facts if row["field"] == contained]
        if amounts and grade in grades:
            return amounts[-1:]
    return []


def _total(by_category: Mapping[str, Row]) -> list[Row]:
    for total in TOTALS:
        if total in by_category:
            return [by_category[total]]
    for parts in PARTS:
        if any(part in by_category for part in parts):
            return [by_category[part] for part in parts if part in by_category]
    return list(by_category.values())[-1:]


def _planned(facts: Sequence[Row]) -> list[Row]:
    """Return the facts of the site's own plan: its life and its ore rate."""
    lives = [row for row in facts if row["field"] == "mine_life_years"]
    rates = [row for row in facts if row["field"] in RATE_FIELDS and row["unit"] in RATE_UNITS]
    return [*lives[-1:], *rates[-1:]]


def _plan(facts: Sequence[Row], ore: float | None, study: Row | None) -> tuple[float | None, float | None]:
    """Return the ore rate (Mt a year) and the life of the site's own plan, None where there is none."""
    if study is not None and study["ore_mt_per_y"]:
        return float(study["ore_mt_per_y"]), float(study["life_years"])
    planned = {str(row["field"]): row for row in _planned(facts)}
    life = float(planned["mine_life_years"]["number"]) if "mine_life_years" in planned else None
    rates = [row for field, row in planned.items() if field in RATE_FIELDS]
    if rates:
        rate = float(rates[0]["number"]) * RATE_UNITS[str(rates[0]["unit"])]
        return rate, life if life is not None or ore is None else ore / rate
    return (ore / life, life) if ore is not None and life is not None else (None, life)


def _shares(site: Row, facts: Sequence[Row], baskets: Sequence[Row], family: str) -> tuple[dict[str, float], bool]:
    """Return the basket of the site's host with the site's own share of NdPr where it has one."""
    if family not in RARE_EARTHS:
        return {}, False
    hosts = [host.strip() for host in str(site["host_minerals"]).split(";")]
    fitting = (row["basket"] for host in hosts for row in baskets if _fits(host, hosts, row))
    wanted = next(fitting, None)
    shares = {str(row["product"]): float(row["share_pct"]) for row in baskets if row["basket"] == wanted}
    own = [float(row["number"]) for row in facts if row["field"] == "ndpr_share_pct"]
    magnets = [float(row["number"]) for row in facts if row["field"] == "magnet_share_pct"]
    if shares and own:
        shares[NDPR] = own[-1]
    elif shares and magnets:
        shares[NDPR] = magnets[-1] - sum(shares[name] for name in HEAVY)
    return shares, bool(own or magnets)


def _fits(host: str, hosts: Sequence[str], row: Row) -> bool:
    if SAND_HOSTS & set(hosts):
        return bool(row["basket"] == SAND_BASKET)
    return row["basket"] != SAND_BASKET and host in row["hosts"].split(";")


def _missing(route: Row | None, ore: float | None) -> Note:
    found = []
    if route is None:
        found.append(note(Code.LACKS_ROUTE))
    elif not route["mill"]:
        found.append(note(Code.LACKS_LIFTING))
    if ore is None:
        found.append(note(Code.LACKS_TONNAGE))
    return joined(found)


def _of(study: Row | None, route: Row | None, name: str) -> str:
    source = study if study is not None else route
    return "" if source is None else str(source[name])


def _spread(route: Row | None, name: str) -> Spread:
    if route is None:
        return (0.0, 0.0, 0.0)
    return (float(route[f"{name}_low"]), float(route[name]), float(route[f"{name}_high"]))


def _number(value: Any) -> float | None:
    return as_number(str(value))


def _study(row: Row) -> Study:
    return Study(
        name=str(row["study"]), year=int(row["year"]), currency=str(row["currency"]),
        capex_m=_number(row["capex_m"]), opex_m_per_y=_number(row["opex_m_per_y"]),
        conversion_done=str(row["conversion_done"]), study_class=str(row["study_class"]),
        source_title=str(row["source_title"]), source_url=str(row["source_url"]),
    )  # fmt: skip
