"""What is known of each site for its price: ore, grade, rate, route and study, each from its facts or left open."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from oreway.layers.backing import firm
from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import Backing, Confidence, FactState
from oreway.scoring.price import ore as ores
from oreway.scoring.price.cost_models import Methods, Spread, read_price_methods
from oreway.scoring.reasons import Code, Note, joined, note

PRICED_KINDS = ("deposit", "zone", "stockpile")
RARE_EARTHS = ("ree", "sands")
SAND_HOSTS, SAND_BASKET = frozenset({"zircon", "rutile"}), "sand_monazite"
NDPR, HEAVY = "NdPr oxide", ("Dy oxide", "Tb oxide")
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
    ore_mt_per_y, life_years: the site's own plan, or what its own output needs, else None for Taylor's rule.
    most_mt_per_y: what Taylor's rule may not exceed: the largest ore rate of a study of its route; None without one.
    grades: fact field -> percent (g/t for gold).
    output_t_per_y: the study's own output of the lead product (TREO for rare earths), else None.
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
    most_mt_per_y: float | None
    grades: Mapping[str, float]
    output_t_per_y: float | None
    shares: Mapping[str, float]
    own_shares: bool
    study: Study | None
    from_site: tuple[str, ...]
    one_weak: tuple[str, ...]
    missing: Note


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Known:
    """What all sites share: routes, baskets, products with the lead first, the studies in force, the largest rates."""

    routes: Sequence[Row]
    baskets: Sequence[Row]
    products: Sequence[Row]
    studies: Mapping[str, Row]
    most: Mapping[str, float]
    methods: Methods

    def lead(self, family: str) -> Row | None:
        """Return the lead product of a family."""
        return next((row for row in self.products if row["family"] == family), None)


def cases(sites: pd.DataFrame, facts: pd.DataFrame, data: Path = DATA, *, only_firm: bool = False) -> list[Case]:
    """Return a case for every deposit, zone and stockpile, in the order of the sites.

    Args:
        sites: indexed by site_id.
        facts: the facts of all of them.
        data: the data folder; routes, baskets and studies are in data/methods.
        only_firm: without figures that one weak page alone prints; a site that would lose a product's grade so has no
            price.
    """
    known = _tables(data)
    chosen = sites.loc[sites["kind"].isin(PRICED_KINDS), ["country_code", "kind", "host_minerals", "commodities",
                                                          "deposit_model"]]  # fmt: skip

    def made(held: pd.DataFrame) -> list[Case]:
        by_site = _numbered(held)
        rows = zip(chosen.index.astype(str), chosen.to_dict("records"), strict=True)
        return [_case(site_id, site, by_site.get(site_id, []), known) for site_id, site in rows]

    if not only_firm:
        return made(facts)
    pairs = zip(made(firm(facts)), made(facts), strict=True)
    return [_without_loss(one, whole, known.products) for one, whole in pairs]


def _tables(data: Path) -> _Known:
    studies = read_table("price_studies", data).to_dict("records")
    most: dict[str, float] = {}
    for row in studies:
        if row["ore_mt_per_y"]:
            most[str(row["route"])] = max(most.get(str(row["route"]), 0.0), float(row["ore_mt_per_y"]))
    return _Known(
        routes=read_table("price_routes", data).to_dict("records"),
        baskets=read_table("price_baskets", data).to_dict("records"),
        products=sorted(read_table("price_products", data).to_dict("records"), key=lambda row: -int(row["lead"])),
        studies={str(row["site_id"]): row for row in studies if row["current"] == "yes"},
        most=most,
        methods=read_price_methods(data),
    )


def _without_loss(one: Case, whole: Case, products: Sequence[Row]) -> Case:
    """Return a case of firm figures; with a product's grade gone that the whole case has, it lacks that grade."""
    sold = [row for row in products if row["family"] == one.family]
    gone = {str(row["grade_field"]): str(row["product"]) for row in reversed(sold)}
    lacks = [note(Code.LACKS_FIRM, gone[field]) for field in gone if field in whole.grades and field not in one.grades]
    return dataclasses.replace(one, missing=joined([one.missing, *lacks])) if lacks and not one.missing else one


def _numbered(facts: pd.DataFrame) -> dict[str, list[Row]]:
    """Return the facts that hold and have a number, by site."""
    found: dict[str, list[Row]] = {}
    columns = ["site_id", "field", "value", "low", "high", "unit", "category", "state", "confidence", "rests_on",
               "as_of"]  # fmt: skip
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


def _case(site_id: str, site: Row, facts: Sequence[Row], known: _Known) -> Case:
    route, study = _route(site, known.routes), known.studies.get(site_id)
    family = _of(None, route, "family")
    mined = ores.mined(facts)
    graded = ores.graded(facts, mined)
    used: list[Row] = [*mined, *graded.values()]
    grades = {field: float(row["number"]) for field, row in graded.items()}
    if study is not None and study["grade_field"] and study["grade_pct"]:
        grades[str(study["grade_field"])] = float(study["grade_pct"])
        graded.pop(str(study["grade_field"]), None)
    ore = ores.ore_mt(mined, grades)
    rate, life = _plan(facts, mined, ore, study)
    if rate is not None and study is None:
        used += ores.planned(facts)
    if ore is None and rate and life:
        ore = rate * life
    made, need = _needed(facts, grades, route, known) if rate is None and ore is not None else (None, None)
    if made is not None and ore is not None and need is not None:
        rate, life = need, ore / need
        used.append(made)
    shares, own = _shares(site, facts, known.baskets, family)
    output = None if study is None else _number(study["lead_t_per_y"])
    sold = {row["grade_field"] for row in known.products if row["family"] == family}
    borrowed = any(row.get("borrowed") for field, row in graded.items() if field in sold)
    told = {
        "ore": ore is not None, "ore_rate": rate is not None, "life": life is not None and made is None,
        "grade": bool(grades) and not borrowed, "grade of another class than the tonnes": borrowed, "basket": own,
        "output": output is not None or made is not None, "capital": study is not None,
        "operating": study is not None and bool(study["opex_m_per_y"]),
    }  # fmt: skip
    return Case(
        site_id=site_id, country_code=str(site["country_code"]), route=_of(None, route, "route"), family=family,
        mine=_of(study, route, "mine"), mill=_of(study, route, "mill"), conversion=_of(None, route, "conversion"),
        strip=_spread(route, "strip"), recovery=_spread(route, "recovery"), ore_mt=ore, ore_mt_per_y=rate,
        life_years=life, most_mt_per_y=known.most.get(_of(None, route, "route")), grades=grades,
        output_t_per_y=output, shares=shares, own_shares=own, study=None if study is None else _study(study),
        from_site=tuple(name for name, is_own in told.items() if is_own), one_weak=_weak(used),
        missing=_missing(route, ore),
    )  # fmt: skip


def _plan(
    facts: Sequence[Row], mined: Sequence[Row], ore: float | None, study: Row | None
) -> tuple[float | None, float | None]:
    if study is not None and study["ore_mt_per_y"]:
        return float(study["ore_mt_per_y"]), float(study["life_years"])
    return ores.plan(facts, mined, ore)


def _needed(
    facts: Sequence[Row], grades: Mapping[str, float], route: Row | None, known: _Known
) -> tuple[Row, float] | tuple[None, None]:
    """Return the fact of a site's own output and the ore rate (Mt a year) that makes it at its grade and recovery."""
    lead = None if route is None else known.lead(str(route["family"]))
    if route is None or lead is None or lead["grade_field"] not in grades:
        return None, None
    made = ores.output(facts, str(lead["output_words"]))
    if made is None:
        return None, None
    pure = known.methods.base(str(lead["divide_by"])) if lead["divide_by"] else 1.0
    share = grades[str(lead["grade_field"])] / 100 * float(route["recovery"])
    return made, float(made["number"]) * pure / share / 1e6


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
