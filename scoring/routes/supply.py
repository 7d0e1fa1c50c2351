"""Deposit → port → named refinery, leg by leg, to plants that take the product on record, and on to metal and magnet.

Each route is one way of getting the product a site plans to ship to one plant: a land leg to a port (or straight to
the plant where both stand on one landmass), a sea leg along the shipping lanes, a land leg at the far end. What a leg
rests on (network, straight line with a stated detour, or nothing) stands in `method`. A plant that nothing says takes
others' feed is never the answer; where nothing fits, the answer is that nobody takes it, and why each plant fails.
"""

import dataclasses
from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import cache

import numpy as np
import pandas as pd

from oreway.layers.answers import answer
from oreway.layers.read import read_table
from oreway.layers.rule_days import rules_in_force, today
from oreway.layers.vocabulary import ALLIED_RULES, Bloc, ControlEffect, PlantStatus, SiteKind, Tie, TieState
from oreway.said import listed
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.subject import facts_of
from oreway.scoring.measure.measure import chosen_sites
from oreway.scoring.reasons import Note
from oreway.scoring.routes.evidence import RARE_EARTHS, Evidence, Owner, Rule, evidence
from oreway.scoring.routes.fit import (
    CONTRACTS,
    FITS,
    FORM_ORDER,
    NO,
    TIES,
    YES,
    Reason,
    Shipment,
    TieOnRecord,
    assess_fit,
    shipment,
    tie_to,
    words,
)
from oreway.scoring.routes.ports import Start, plant_place, plant_start, site_start
from oreway.scoring.routes.roads import Leg, Place, Roads
from oreway.scoring.routes.trips import cheapest_way
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.coded import decode, encode
from oreway.scoring.world.kept import KNOWN, shipped
from oreway.scoring.world.world import World

RANKED = (PlantStatus.OPERATING, PlantStatus.COMMISSIONING, PlantStatus.BUILDING, PlantStatus.PLANNED)
RUNNING = (PlantStatus.OPERATING, PlantStatus.COMMISSIONING)
PLANT_COLUMNS = ("name", "country_code", "lon", "lat", "stage", "chain_stages")
EVERY_PART = tuple(sorted(KNOWN))
NEAREST_FAILING = 3  # plants whose reason is told where none fits
UNTIED = len(TIES)
MINERALS = {
    "graphite": "graphite", "Li": "lithium", "Co": "cobalt", "Cu": "copper", "Ga": "gallium", "Sb": "antimony",
    "Ni": "nickel", "Sc": "scandium", "W": "tungsten", "Ti": "titanium", "Nb": "niobium", "Ta": "tantalum",
    "Zr": "zirconium",
}  # fmt: skip
SHIPPING = (SiteKind.DEPOSIT, SiteKind.ZONE, SiteKind.STOCKPILE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Route:
    """One way from a site to one plant; sums are None where a leg has no figure.

    fit: yes, step_missing, unknown or no, with the reasons; tie: what binds the site to the plant (own, binding,
    offtake, letter, plan or nothing); third_party: whether the plant takes others' feed on record; controls: public
    rules on what the plant makes; old: whether the evidence of the fit is so old that it may not hold any more.
    """

    refinery_id: str
    refinery_name: str
    country_code: str
    bloc: str
    owner: str
    owner_country: str
    owner_bloc: str
    status: str
    stages: tuple[str, ...]
    fit: str
    reasons: tuple[Reason, ...]
    tie: str
    tie_status: str
    tie_source_title: str
    tie_source_url: str
    third_party: str
    capacity: str
    controls: tuple[Rule, ...]
    planned: bool
    legs: tuple[Leg, ...]
    distance_km: float | None
    days: float | None
    usd_per_t: float | None
    kg_co2_per_t: float | None
    source_title: str
    source_url: str
    as_of: str
    old: bool = False

    @property
    def running(self) -> bool:
        """Tell whether the plant works today, be it still in commissioning."""
        return self.status in RUNNING

    @property
    def at_rate(self) -> bool:
        """Tell whether the plant is past commissioning; before that it takes what is bound to it and no more."""
        return self.status == PlantStatus.OPERATING

    @property
    def contracted(self) -> bool:
        """Tell whether the site owns the plant or has sold to it."""
        return bool(self.tie) and Tie(self.tie) in CONTRACTS


@dataclasses.dataclass(frozen=True, kw_only=True)
class ChainStep:
    """One step of the chain from ore to product: the plant that does it, or why nobody does; China's share of it."""

    stage: str
    refinery_id: str
    refinery_name: str
    country_code: str
    status: str
    reason: Reason
    distance_km: float | None
    usd_per_t: float | None
    china_share: tuple[dict[str, str], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Supply:
    """Every route of a site, best first, the port chosen and by what rule, ties, chain, and China's share.

    best: the plant the product is bound to, else the operating one that takes it on record: one that a letter or plan
    names first, evidence that is not old before old, then the cheapest; "" with best_reason where there is none.
    best_open: the cheapest operating one that takes it, bound or not. A plant in commissioning is an answer only for
    what is bound to it. best_allied: as best, among plants that the rule counts as allied. failing: the nearest plants
    that do not take it.
    """

    site_id: str
    product: str
    product_known: bool
    wanted: str
    hosts: tuple[str, ...]
    port_id: str
    port_name: str
    port_rule: Note
    closed: tuple[str, ...]
    start_note: Note
    china_share: tuple[dict[str, str], ...]
    routes: tuple[Route, ...]
    ties: tuple[TieOnRecord, ...]
    chain: tuple[ChainStep, ...]
    allied_rule: str
    best: str
    best_reason: Reason | None
    best_open: str
    best_allied: str
    planned: tuple[str, ...]
    failing: tuple[str, ...]

    def route(self, refinery_id: str) -> Route | None:
        """Return the route to a plant, None where there is none."""
        return next((one for one in self.routes if one.refinery_id == refinery_id), None)


def supply(
    world: World,
    site_id: str,
    *,
    to: str | None = None,
    closed: Iterable[str] = (),
    without: Iterable[str] = (),
    allied_rule: str = ALLIED_RULES[0],
    brief: bool = False,
) -> Supply:
    """Return the routes of one site to every plant of its next steps, or to one named plant.

    Args:
        world: the opened world.
        site_id: a deposit, zone or stockpile.
        to: a refinery's site_id; None for every plant of the next steps.
        closed: passages that may not be used, e.g. "suez", "malacca".
        without: plants that are out of service.
        allied_rule: what counts as allied: the plant's country, its owner's, or both (country_and_owner).
        brief: only the plants that take the product, and no steps after the first: the same answers in less time.

    Returns:
        Supply; routes are sorted by fit, what binds the site (of one kind what is in force first), state of the
        plant, whether a letter or plan names it, age of the evidence, then cost per tonne. With nothing closed and
        nothing out of service the answer of the shipped world comes from disk where an earlier run left it.

    Raises:
        ScoringError: the site, plant, passage or rule is not known, or the site ships nothing.
    """
    asked = _Asked(
        site_id=site_id, to=to, closed=tuple(closed), without=tuple(without), allied_rule=allied_rule, brief=brief
    )  # fmt: skip
    home = shipped(world, EVERY_PART) if not asked.closed and not asked.without else None
    if home is None:
        return _supply(world, asked)
    name = f"supply {asked} {rules_in_force(today())}"
    found: Supply = decode(answer(name, lambda: encode(_supply(world, asked)), home.mark))
    return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Asked:
    """What is asked: see `supply`."""

    site_id: str
    to: str | None
    closed: tuple[str, ...]
    without: tuple[str, ...]
    allied_rule: str
    brief: bool


def _supply(world: World, asked: _Asked) -> Supply:
    site_id, to, allied_rule, brief = asked.site_id, asked.to, asked.allied_rule, asked.brief
    site = chosen_sites(world, [site_id]).iloc[0]
    if site["kind"] not in SHIPPING:
        raise ScoringError(ScoringSaying.SHIPS_NOTHING(site_id, site["kind"]))
    if allied_rule not in ALLIED_RULES:
        raise ScoringError(ScoringSaying.NO_ALLIED_RULE(repr(allied_rule), listed(ALLIED_RULES)))
    told = evidence()
    row = {str(key): value for key, value in site.items()} | {"site_id": site_id}
    ties = told.ties_of(site_id)
    wants = shipment(row, told.minerals, told.elements, told.made_by_bound(site_id, ties, str(site["parent_id"])))
    roads = Roads(world, tuple(sorted(set(asked.closed))))
    plants = _plants(world, told, wants, ties, to, frozenset(asked.without))
    if brief:
        fits = [assess_fit(wants, told.feeds.get(str(name), ()), tie_to(str(name), ties)).fit for name in plants.index]
        plants = plants[np.array(fits, dtype=object) == YES]
    start = site_start(world, site, roads)
    planned = _planned(world, site_id, ties)
    routes = [
        _route(world, told, start, roads, plant, wants, tie_to(str(name), ties), planned)
        for name, plant in plants[list(PLANT_COLUMNS)].assign(plant_id=plants.index).to_dict("index").items()
    ]
    ordered = tuple(sorted((_under_rules(route, site, wants, told) for route in routes), key=_order))
    usable = [route for route in ordered if _usable(route)]
    best = _first(usable)
    allied = [route for route in usable if is_allied(route, allied_rule)]
    open_ = [route for route in usable if route.at_rate]
    chain = () if brief else _chain(world, told, wants, roads, best)
    return Supply(
        site_id=site_id, product=wants.form, product_known=bool(words(str(site["products"]))), wanted=wants.wanted,
        hosts=wants.hosts, port_id=start.port_id, port_name=str(start.port.name), port_rule=start.rule,
        closed=roads.asked, start_note=start.note, china_share=_shares(told, wants, chain), routes=ordered,
        ties=ties, chain=chain,
        allied_rule=allied_rule, best=best, best_reason=None if best else _no_best(wants, ordered, told),
        best_open=min(open_, key=_cost).refinery_id if open_ else "", best_allied=_first(allied), planned=planned,
        failing=() if best else tuple(route.refinery_id for route in ordered[:NEAREST_FAILING]),
    )  # fmt: skip


def is_allied(route: Route, rule: str = ALLIED_RULES[0]) -> bool:
    """Tell whether a plant counts as allied by a rule: its country's bloc, its owner's, or both."""
    by_country, by_owner = route.bloc == Bloc.ALLIED, route.owner_bloc == Bloc.ALLIED
    return {"country": by_country, "owner": by_owner}.get(rule, by_country and by_owner)


def _usable(route: Route) -> bool:
    return route.fit == YES and route.usd_per_t is not None and (route.at_rate or route.contracted)


def _cost(route: Route) -> float:
    return float("inf") if route.usd_per_t is None else route.usd_per_t


def _bond(route: Route) -> tuple[int, bool]:
    """Return how firmly the site is bound, the strongest first: of ties of one kind, that in force before others."""
    if not route.contracted:
        return UNTIED, False
    return TIES.index(Tie(route.tie)), route.tie_status != TieState.IN_FORCE


def _state(route: Route) -> int:
    return (RANKED.index(PlantStatus(route.status)) if route.status in RANKED else len(RANKED)) // 2


def _order(route: Route) -> tuple[int, tuple[int, bool], int, bool, bool, float, str]:
    """Return the key of the order: fit, bond, state, named by a letter or plan, age of the evidence, cost."""
    named = bool(route.tie)
    return FITS.index(route.fit), _bond(route), _state(route), not named, route.old, _cost(route), route.refinery_id


def _first(usable: Sequence[Route]) -> str:
    """Return the plant of the first route: contract before cost."""
    return usable[0].refinery_id if usable else ""


def _no_best(wants: Shipment, routes: Sequence[Route], told: Evidence) -> Reason:
    """Return why no plant is the answer: the step nobody does, or that none in operation takes this."""
    host = wants.hosts[0] if wants.hosts else ""
    if not routes:
        steps = told.steps_of(wants.wanted)
        return Reason("no_plant_listed", (wants.wanted, steps[0].stage if steps else ""))
    direct = [route for route in routes if not any(reason.code in {"form", "step_missing"} for reason in route.reasons)]
    if all(route.fit == NO or not route.at_rate for route in direct):
        return Reason("nobody_takes", (wants.form, host))
    return Reason("none_on_record", (wants.form, host))


def _plants(
    world: World,
    told: Evidence,
    wants: Shipment,
    ties: Sequence[TieOnRecord],
    to: str | None,
    without: frozenset[str],
) -> pd.DataFrame:
    """Return the plants to judge: those of the next steps for what is wanted, and those the site is tied to."""
    plants = world.plants
    for name in (*without, *([to] if to else ())):
        if name not in plants.index:
            raise ScoringError(ScoringSaying.NO_REFINERY(repr(name)))
    if to is not None:
        return plants.loc[[to]]
    steps = told.steps_of(wants.wanted)
    ahead = {step.stage for step in steps if any(FORM_ORDER[form] >= FORM_ORDER[wants.form] for form in step.takes)}
    next_ = {step.stage for step in steps if wants.form in step.takes} or ahead
    first = next((i for i, step in enumerate(steps) if step.stage in next_), 0)
    near = next_ | ({steps[first + 1].stage} if steps[first:first + 1] and wants.form not in {"oxide", "metal", "alloy"}
                    and len(steps) > first + 1 and steps[first].gives == "mixed_carbonate" else set())  # fmt: skip
    tied = {one.refinery_id for one in ties if one.holds} | told.feeding(wants.site_id, wants.within)
    chosen = [
        name in tied or (stage in RANKED and bool(near & {*words(chain)}) and _concerns(told, str(name), wants))
        for name, stage, chain in zip(plants.index, plants["stage"], plants["chain_stages"], strict=True)
    ]
    twice = plants["parent_id"].isin(plants.index)  # a project told twice: as such, and as the works it is part of
    there = zip(chosen, twice, plants.index, strict=True)
    return plants[[one and not other and str(name) not in without for one, other, name in there]]


def _concerns(told: Evidence, plant_id: str, wants: Shipment) -> bool:
    """Tell whether a plant makes anything of what is wanted, or whether that is not on record."""
    rows = told.feeds.get(plant_id, ())
    made = {word for row in rows for word in words(row["elements"])}
    return not made or bool(made & (wants.makes | ({"Dy", "Tb", "HREE"} if wants.wanted in RARE_EARTHS else set())))


def _planned(world: World, site_id: str, ties: Sequence[TieOnRecord]) -> tuple[str, ...]:
    """Return the plants that ties or the site's facts name for its product, the strongest tie first."""
    rows = facts_of(world, site_id).get("refined_at", ())
    named = [one.refinery_id for one in ties if one.holds and one.refinery_id]
    named += [word for row in rows for word in words(row["category"])]
    lapsed = {one.refinery_id for one in ties if not one.holds}
    return tuple(dict.fromkeys(word for word in named if word in world.plants.index and word not in lapsed))


def _under_rules(route: Route, site: "pd.Series[str]", wants: Shipment, told: Evidence) -> Route:
    """Return the route with what a public rule of the site's country does to it: sends it elsewhere, or closes it."""
    made = {wants.wanted, *wants.makes}
    reasons = []
    for row in told.controls:
        if row["from_country"] != site["country_code"] or not made & {*words(row["elements"])}:
            continue
        there, directed = route.country_code == row["to_country"], row["effect"] == ControlEffect.DIRECTED_TO
        applies = (directed and wants.form == "mud" and not there) or (row["effect"] == ControlEffect.CLOSED and there)
        if applies and told.in_force(row, today()):
            reasons.append(Reason("programme" if directed else "closed_by", (row["rule_id"], row["to_country"])))
    return dataclasses.replace(route, fit=NO, reasons=(*route.reasons, *reasons)) if reasons else route


def _route(
    world: World,
    told: Evidence,
    start: Start,
    roads: Roads,
    plant: Mapping[Hashable, object],
    wants: Shipment,
    tie: TieOnRecord | None,
    planned: Sequence[str],
) -> Route:
    plant_id, country = str(plant["plant_id"]), str(plant["country_code"])
    fit = assess_fit(wants, told.feeds.get(plant_id, ()), tie)
    end = Place(name=str(plant["name"]), lon=float(str(plant["lon"])), lat=float(str(plant["lat"])))
    path = cheapest_way(world, start, end, country, roads)
    owner = told.owners.get(plant_id, Owner(name="", country_code="", share_pct=""))
    made = frozenset(word for row in told.feeds.get(plant_id, ()) for word in words(row["elements"]))
    stages = words(str(plant["chain_stages"]))
    return Route(
        refinery_id=plant_id, refinery_name=str(plant["name"]), country_code=country, bloc=told.bloc(country),
        owner=owner.name, owner_country=owner.country_code,
        owner_bloc=told.bloc(owner.country_code) if owner.country_code else "",
        status=fit.state or str(plant["stage"]), stages=stages, fit=fit.fit, reasons=fit.reasons,
        tie=tie.tie if tie else "", tie_status=tie.status if tie else "",
        tie_source_title=tie.source_title if tie else "", tie_source_url=tie.source_url if tie else "",
        third_party=fit.openness, capacity=fit.capacity,
        controls=told.rules(country, frozenset(stages), made, today()), planned=plant_id in planned, legs=path,
        distance_km=_sum(path, "distance_km"), days=_sum(path, "days"), usd_per_t=_sum(path, "usd_per_t"),
        kg_co2_per_t=_sum(path, "kg_co2_per_t"), source_title=fit.source_title, source_url=fit.source_url,
        as_of=fit.as_of,
        old=bool(fit.as_of) and int(fit.as_of[:4]) < world.methods.parameters["evidence_old_before"],
    )  # fmt: skip


def _sum(path: Sequence[Leg], field: str) -> float | None:
    values = [getattr(leg, field) for leg in path]
    return None if any(value is None for value in values) else float(sum(values))


def _chain(world: World, told: Evidence, wants: Shipment, roads: Roads, best: str) -> tuple[ChainStep, ...]:
    """Return the steps from what is shipped to the last product, each with its plant or the reason there is none."""
    steps = told.steps_of(wants.wanted)
    at = next((i for i, step in enumerate(steps) if wants.form in step.takes), None)
    if at is None:
        return ()
    found: list[ChainStep] = []
    here, missing = best, not best
    done = _done(told, wants, best)
    way: tuple[float | None, float | None] = (None, None)
    form = wants.form
    for step in steps[at:]:
        if found and not missing and step.stage not in done:
            here, way = _next_plant(world, told, wants, roads, here, step.stage, form)
            missing = not here
            done = _done(told, wants, here)
        reason = Reason("nobody_takes_next") if missing else Reason("done")
        found.append(_step(world, told, wants, step.stage, "" if missing else here, reason, way))
        way, form = (None, None), step.gives
    return tuple(found)


def _done(told: Evidence, wants: Shipment, plant_id: str) -> frozenset[str]:
    """Return the steps that a plant does for what is wanted: a maker of niobium metal makes none of rare earths."""
    return frozenset(stage for row in _working(told, wants, plant_id) for stage in words(row["stage"]))


def _working(told: Evidence, wants: Shipment, plant_id: str) -> list[Mapping[str, str]]:
    return [row for row in told.feeds.get(plant_id, ()) if wants.makes & {*words(row["elements"])}]


def _step(
    world: World,
    told: Evidence,
    wants: Shipment,
    stage: str,
    plant_id: str,
    reason: Reason,
    way: tuple[float | None, float | None],
) -> ChainStep:
    plant = world.plants.loc[plant_id] if plant_id else None
    states = [row["stage_state"] for row in _working(told, wants, plant_id) if stage in words(row["stage"])]
    return ChainStep(
        stage=stage, refinery_id=plant_id, refinery_name="" if plant is None else str(plant["name"]),
        country_code="" if plant is None else str(plant["country_code"]),
        status="" if plant is None else next(filter(None, states), str(plant["stage"])), reason=reason,
        distance_km=way[0], usd_per_t=way[1],
        china_share=_share_rows(wants.wanted, {stage}),
    )  # fmt: skip


def _next_plant(
    world: World, told: Evidence, wants: Shipment, roads: Roads, here: str, stage: str, form: str
) -> tuple[str, tuple[float | None, float | None]]:
    """Return the plant that takes a step's product further, its own first, then the cheapest open one at rate."""
    carried = dataclasses.replace(wants, site_id=here, form=form, hosts=())
    plants = world.plants
    own = told.feeding(here)
    able = []
    for name, status in zip(map(str, plants.index), plants["stage"], strict=True):
        found = assess_fit(carried, told.feeds.get(name, ()), None)
        state = found.state or status
        runs = state == PlantStatus.OPERATING or (state in RUNNING and name in own)
        if runs and name != here and stage in found.stages and found.fit == YES:
            able.append(name)
    if not able:
        return "", (None, None)
    start = plant_start(world, here, roads)
    ways = {}
    for name in able:
        path = cheapest_way(world, start, plant_place(world, name), str(plants["country_code"][name]), roads)
        cost, km = _sum(path, "usd_per_t"), _sum(path, "distance_km")
        if cost is not None:
            ways[name] = (name not in own, cost, km)
    if not ways:
        return "", (None, None)
    name = min(ways, key=lambda one: (ways[one][0], ways[one][1]))
    return name, (ways[name][2], ways[name][1])


def _shares(told: Evidence, wants: Shipment, chain: Sequence[ChainStep]) -> tuple[dict[str, str], ...]:
    """Return China's shares of the steps that the product still has before it, for the site's own mineral."""
    stages = {step.stage for step in chain} or {step.stage for step in told.steps_of(wants.wanted)}
    return _share_rows(wants.wanted, stages)


def _share_rows(wanted: str, stages: set[str]) -> tuple[dict[str, str], ...]:
    mineral = "rare earth" if wanted in RARE_EARTHS else MINERALS.get(wanted, "")
    return tuple(dict(row) for row in _shares_of(mineral, frozenset(stages)))


@cache
def _shares_of(mineral: str, stages: frozenset[str]) -> tuple[dict[str, str], ...]:
    table = read_shares()
    rows = table[table["stage"].isin(stages)] if mineral else table.iloc[:0]
    columns = ["mineral", "stage", "share_pct", "low", "high", "year", "source_title", "source_url", "note"]
    return tuple(
        {str(key): str(value) for key, value in row.items()}
        for row in rows[columns].to_dict("records")
        if mineral in row["mineral"]
    )


@cache
def read_shares() -> pd.DataFrame:
    """Return data/methods/china_share.csv."""
    return read_table("china_share")
