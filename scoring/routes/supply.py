"""Deposit → port → named refinery, leg by leg: distance, days, cost, carbon, season, and who else holds that stage.

Each route is one way of getting the product a site plans to ship to one plant that may take it: a land leg to a port
(or straight to the plant where both stand on one landmass), a sea leg along the shipping lanes, a land leg at the far
end. What a leg rests on (network, straight line with a stated detour, or nothing) stands in `method`.
"""

import dataclasses
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from oreway.layers.read import read_table
from oreway.layers.vocabulary import PlantStatus, SiteKind
from oreway.scoring.errors import ScoringError
from oreway.scoring.measure.measure import chosen_sites
from oreway.scoring.routes import legs as legs_room
from oreway.scoring.routes.legs import Leg, Place, Roads
from oreway.scoring.world.world import World

RANKED = (PlantStatus.OPERATING, PlantStatus.COMMISSIONING, PlantStatus.BUILDING, PlantStatus.PLANNED)
RUNNING = (PlantStatus.OPERATING, PlantStatus.COMMISSIONING)
FITS = ("fits", "unknown", "needs_step", "no")
FORM_ORDER = {
    "mud": 0, "ore": 0, "concentrate": 1, "intermediate": 2, "mixed_carbonate": 2, "mixed_chloride": 2,
    "mixed_oxide": 2, "chemical": 3, "oxide": 3, "metal": 4, "alloy": 5, "magnet": 6, "scrap": 9,
}  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Route:
    """One way from a site to one plant; sums are None where a leg has no figure."""

    refinery_id: str
    refinery_name: str
    country_code: str
    bloc: str
    status: str
    fit: str
    planned: bool
    open: bool
    legs: tuple[Leg, ...]
    distance_km: float | None
    days: float | None
    usd_per_t: float | None
    kg_co2_per_t: float | None
    note: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Supply:
    """Every route of a site, best first, the port chosen and by what rule, and China's share of the stages."""

    site_id: str
    product: str
    product_note: str
    port_id: str
    port_name: str
    port_rule: str
    closed: tuple[str, ...]
    china_share: tuple[dict[str, str], ...]
    routes: tuple[Route, ...]
    best: str
    best_allied: str
    planned: tuple[str, ...]


def supply(world: World, site_id: str, *, to: str | None = None, closed: Iterable[str] = ()) -> Supply:
    """Return the routes of one site to every fitting plant, or to one named plant.

    Args:
        world: the opened world.
        site_id: a deposit, zone or stockpile.
        to: a refinery's site_id; None for every plant that fits.
        closed: passages that may not be used, e.g. "suez", "malacca".

    Returns:
        Supply; routes are sorted by fit, state of the plant, then cost per tonne.

    Raises:
        ScoringError: the site or plant is not known or is of the wrong kind, or a passage is not known.
    """
    site = chosen_sites(world, [site_id]).iloc[0]
    if site["kind"] not in {SiteKind.DEPOSIT, SiteKind.ZONE, SiteKind.STOCKPILE}:
        raise ScoringError(f"site {site_id}: a {site['kind']} ships nothing; name a deposit, zone or stockpile")
    shut = tuple(sorted(set(closed)))
    roads = Roads(world, shut)
    product, product_note = _product(site)
    plants = _plants(world, site, product, to)
    planned = _planned(world, site_id)
    start = legs_room.start(world, site, roads)
    routes = [_route(world, start, roads, plant, product, planned) for _, plant in plants.iterrows()]
    ordered = tuple(sorted(routes, key=_order))
    usable = [
        route
        for route in ordered
        if route.usd_per_t is not None and route.status in RUNNING and route.open and route.fit != "no"
    ]
    allied = [route for route in usable if route.bloc == "allied"]
    return Supply(
        site_id=site_id, product=product, product_note=product_note, port_id=start.port_id, port_name=start.port.name,
        port_rule=start.rule, closed=shut, china_share=_china_share(world, plants),
        routes=ordered, best=usable[0].refinery_id if usable else "", planned=planned,
        best_allied=allied[0].refinery_id if allied else "",
    )  # fmt: skip


def _order(route: Route) -> tuple[int, int, float]:
    cost = route.usd_per_t if route.usd_per_t is not None else float("inf")
    state = RANKED.index(PlantStatus(route.status)) if route.status in RANKED else len(RANKED)
    return FITS.index(route.fit), state // 2, cost


def _product(site: "pd.Series[str]") -> tuple[str, str]:
    forms = [word for word in str(site["products"]).split(";") if word in FORM_ORDER]
    if forms:
        return min(forms, key=FORM_ORDER.__getitem__), "as planned"
    return "concentrate", "not known what will be shipped; taken as concentrate"


def _plants(world: World, site: "pd.Series[str]", product: str, to: str | None) -> pd.DataFrame:
    plants = world.plants
    if to is not None:
        if to not in plants.index:
            raise ScoringError(f"refinery {to!r}: not known; `oreway sites --layer refining` lists them")
        plants = plants.loc[[to]]
        return plants.assign(fit=[_fit(str(plant["feeds"]), product) or "no" for _, plant in plants.iterrows()])
    stages = _stages(world, str(site["commodities"]), product)
    own = plants[plants["stage"].isin([word.value for word in RANKED])]
    treats = [bool(stages & set(str(chain).split(";"))) for chain in own["chain_stages"]]
    own = own[np.array(treats, dtype=bool)]
    own = own.assign(fit=[_fit(str(feeds), product) for feeds in own["feeds"]])
    return own.loc[own["fit"] != ""]


def _stages(world: World, commodities: str, product: str) -> set[str]:
    """Return the steps of the chain a product needs next; none where no step is kept for what is named."""
    table = world.methods.tables["refinery_fit"]
    wanted = [word.strip() for word in commodities.split(";") if word.strip()]
    rows = table[table["commodity"].isin(wanted)]
    if not wanted:
        rows = table[table["commodity"] == "*"]
    stages = {stage for chain in rows["chain_stages"].head(1) for stage in chain.split(";")}
    separated = "separation" in stages and FORM_ORDER[product] >= FORM_ORDER["oxide"]
    return {"metal", "alloy"} if separated else stages


def _fit(feeds: str, product: str) -> str:
    forms = [word for word in feeds.split(";") if word in FORM_ORDER]
    if not forms:
        return "unknown"
    if product in forms:
        return "fits"
    later = [form for form in forms if FORM_ORDER[product] < FORM_ORDER[form] < FORM_ORDER["metal"]]
    return "needs_step" if later else ""


def _planned(world: World, site_id: str) -> tuple[str, ...]:
    facts = world.facts
    rows = facts[(facts["site_id"] == site_id) & (facts["field"] == "refined_at")]
    named = [word.strip() for category in rows["category"] for word in str(category).split(";")]
    return tuple(dict.fromkeys(word for word in named if word in world.plants.index))


def _blocs() -> dict[str, str]:
    return {str(row["country_code"]): str(row["bloc"]) for row in read_table("blocs").to_dict("records")}


def _route(
    world: World, start: legs_room.Start, roads: Roads, plant: "pd.Series[str]", product: str, planned: Sequence[str]
) -> Route:
    plant_id = str(plant.name)
    end = Place(name=str(plant["name"]), lon=float(plant["lon"]), lat=float(plant["lat"]))
    path = legs_room.path(world, start, end, str(plant["country_code"]), roads)
    notes = [start.note] if start.note else []
    if plant["fit"] == "needs_step":
        notes.append(f"takes {str(plant['feeds']).replace(';', ', ')}: the {product} needs a step before it")
    if plant["fit"] == "no":
        notes.append(f"takes {str(plant['feeds']).replace(';', ', ')}, not {product}")
    if plant["fit"] == "unknown":
        notes.append("what it takes in is not known")
    if plant["third_party_feed"] == "no":
        notes.append("takes no third-party feed")
    if plant["stage"] not in RUNNING:
        notes.append(f"not running: {plant['stage']}")
    return Route(
        refinery_id=plant_id, refinery_name=end.name, country_code=str(plant["country_code"]),
        bloc=world.indexes.get("blocs", _blocs).get(str(plant["country_code"]), "other"),
        status=str(plant["stage"]), fit=str(plant["fit"]),
        planned=plant_id in planned, open=plant_id in planned or str(plant["third_party_feed"]) != "no", legs=path,
        distance_km=_sum(path, "distance_km"), days=_sum(path, "days"), usd_per_t=_sum(path, "usd_per_t"),
        kg_co2_per_t=_sum(path, "kg_co2_per_t"), note="; ".join(notes),
    )  # fmt: skip


def _sum(path: Sequence[Leg], field: str) -> float | None:
    values = [getattr(leg, field) for leg in path]
    return None if any(value is None for value in values) else float(sum(values))


def _china_share(world: World, plants: pd.DataFrame) -> tuple[dict[str, str], ...]:
    table = world.indexes.get("china_share", lambda: read_table("china_share"))
    stages = {stage for chain in plants["chain_stages"] for stage in str(chain).split(";")}
    rows = table[table["stage"].isin(stages)]
    columns = ["mineral", "stage", "share_pct", "low", "high", "year", "source_title", "source_url", "note"]
    return tuple({str(k): str(v) for k, v in row.items()} for row in rows[columns].to_dict("records"))
