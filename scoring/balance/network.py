"""The chain as a network: mines and plants by stage, and who may deliver to whom by what is on record.

Two kinds of arc: on record (the plant takes it), and possible (nothing on record says that it does, nor that it does
not). Positions along the chain are those of the stages; what is lost between two positions does not depend on the way.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from oreway.layers.evidence import TAKEN
from oreway.layers.vocabulary import ALLIED_RULES, Bloc, ChainStage, ControlEffect, ControlKind, Feed, PlantStatus, Tie
from oreway.scoring.balance.tables import (
    ALLOY,
    COMMISSIONING,
    CONCENTRATE,
    CRACKING,
    MAGNET,
    METAL,
    ORE,
    OUTSIDE,
    RUNNING,
    SEPARATION,
    STAGES,
    Tables,
)
from oreway.scoring.routes.evidence import Evidence
from oreway.scoring.routes.fit import (
    FORM_ORDER,
    MADE_SOLUBLE,
    STEP_MISSING,
    UNKNOWN,
    YES,
    Shipment,
    assess_fit,
    shipment,
    tie_to,
    words,
)

NO_CHINESE_STEP = "no_chinese_step"
RULES = (NO_CHINESE_STEP, *ALLIED_RULES)
CHINA = "CN"
DONE = (CRACKING, SEPARATION, METAL, ALLOY, MAGNET)  # what plants do, in the order of the chain
WORKING = (PlantStatus.OPERATING, PlantStatus.COMMISSIONING, PlantStatus.BUILDING, PlantStatus.PLANNED)
ORDER = (*WORKING, PlantStatus.UNKNOWN)  # of several units the one that is furthest
STANDING = (PlantStatus.OPERATING, PlantStatus.COMMISSIONING, PlantStatus.UNKNOWN)
GIVES = {SEPARATION: (Feed.OXIDE.value,), METAL: (Feed.METAL.value,), ALLOY: (Feed.ALLOY.value,), MAGNET: ()}
MAKES = {"NdPr": frozenset({"REE", "NdPr", "Nd"}), "DyTb": frozenset({"HREE", "Dy", "Tb"})}
MIXED = frozenset({"REE"})  # before separation every rare earth goes along


@dataclasses.dataclass(frozen=True, kw_only=True)
class Node:
    """One mine, or one stage of one plant.

    doubtful: nothing on record says that it works today; standing: it works, or may; figured: what it makes today is
    on record; state: of a plant's stage, by the
    words of `PlantStatus`; part: of the figure on record, where contracts bind one part of a mine and the rest is free;
    members: for a limit that several nodes share, their places.
    """

    node_id: str
    stage: str
    name: str
    country_code: str
    bloc: str
    doubtful: bool
    standing: bool
    mine: bool
    figured: bool = False
    state: str = ""
    part: float = 1.0
    members: tuple[int, ...] = ()

    @property
    def position(self) -> int:
        """Return where along the chain it stands."""
        return STAGES.index(self.stage)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Arc:
    """Who may deliver to whom: places in the list of nodes; on_record: the taker takes it by what is on record."""

    start: int
    end: int
    on_record: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Network:
    """The nodes and arcs of one element under one rule of what counts."""

    element: str
    rule: str
    nodes: tuple[Node, ...]
    arcs: tuple[Arc, ...]

    def pruned(self, useful: Sequence[bool], *, possible: bool, closed: frozenset[int] = frozenset()) -> "Network":
        """Return the network without the nodes that no mine reaches through useful ones, and without closed arcs.

        Args:
            useful: as long as the nodes: whether it can ever do anything.
            possible: keep the arcs that are not on record too.
            closed: places of arcs that a rule closes.
        """
        arcs = [arc for i, arc in enumerate(self.arcs) if (possible or arc.on_record) and i not in closed]
        kept = {i for i, node in enumerate(self.nodes) if node.mine and useful[i]}
        more = True
        while more:
            found = {arc.end for arc in arcs if arc.start in kept and useful[arc.end]} - kept
            kept |= found
            more = bool(found)
        places = {old: new for new, old in enumerate(sorted(kept))}
        return dataclasses.replace(
            self, nodes=tuple(self.nodes[i] for i in sorted(kept)),
            arcs=tuple(
                Arc(start=places[arc.start], end=places[arc.end], on_record=arc.on_record)
                for arc in arcs if arc.start in kept and arc.end in kept
            ),
        )  # fmt: skip

    def index(self) -> dict[tuple[str, str], tuple[int, ...]]:
        """Return the places of each mine or stage of a plant, by id and stage: of a mine partly bound two."""
        found: dict[tuple[str, str], tuple[int, ...]] = {}
        for i, node in enumerate(self.nodes):
            found[node.node_id, node.stage] = (*found.get((node.node_id, node.stage), ()), i)
        return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Seller:
    """Who delivers: the node, the forms it sells and their hosts; free: the part of a mine that no contract binds."""

    place: int
    node: Node
    forms: tuple[str, ...]
    hosts: tuple[str, ...]
    free: bool = False


def network(
    sites: pd.DataFrame, told: Evidence, tables: Tables, element: str, rule: str, without: Iterable[str] = ()
) -> Network:
    """Return who may deliver an element to whom, among the mines and plants that a rule counts.

    Args:
        sites: every site by site_id, plants among them.
        told: the evidence of the chain.
        tables: the tables of the balance.
        element: NdPr or DyTb.
        rule: a word of `RULES`.
        without: plants and mines that are out of service.
    """
    out = set(without)
    plants = sites[(sites["layer"] == "refining") & sites["stage"].isin((*WORKING, PlantStatus.UNKNOWN))]
    nodes: list[Node] = []
    sellers: list[Seller] = []
    for node, forms, hosts in _mines(sites, told, tables, element):
        if node.node_id not in out and counts(told, node, rule, _owner(told, tables, node)):
            held = _bound_part(tables, node.node_id, element)
            for part, free in ((held, False), (1.0 - held, True)):
                if part > 0:
                    one = dataclasses.replace(node, part=part)
                    sellers.append(Seller(place=len(nodes), node=one, forms=forms, hosts=hosts, free=free))
                    nodes.append(one)
    figured = {
        phase.node_id for phase in tables.phases
        if phase.element == element and phase.tonnes and phase.state in {RUNNING, COMMISSIONING}
    }  # fmt: skip
    for plant_id, plant in plants.iterrows():
        for node, forms in _plant(str(plant_id), plant, told, element):
            if node.node_id not in out and counts(told, node, rule, _owner(told, tables, node)):
                sellers.append(Seller(place=len(nodes), node=node, forms=forms, hosts=()))
                nodes.append(dataclasses.replace(node, figured=node.node_id in figured))
    inside = list(_inside(sellers, nodes))
    integrated = {start for start, end in inside if nodes[start].stage == CRACKING}
    arcs = dict.fromkeys(inside, True)
    for seller in sellers:
        bound = _bound(seller, told)
        for end, on_record in _takers(seller, nodes, told, element):
            taker = nodes[end].node_id
            if (bound and taker not in bound) or (seller.place in integrated and not _names(told, taker, seller)):
                continue
            arcs[seller.place, end] = arcs.get((seller.place, end), False) or on_record
    return Network(
        element=element, rule=rule, nodes=tuple(nodes),
        arcs=tuple(Arc(start=a, end=b, on_record=on_record) for (a, b), on_record in sorted(arcs.items())),
    )  # fmt: skip


def counts(told: Evidence, node: Node, rule: str, owner_country: str) -> bool:
    """Tell whether a rule counts a mine or plant: none of China, or allied by country, by owner, or by both."""
    if rule == NO_CHINESE_STEP:
        return CHINA not in {node.country_code, owner_country}
    by_country = node.bloc == Bloc.ALLIED
    by_owner = told.bloc(owner_country) == Bloc.ALLIED if owner_country else node.mine and by_country
    return {"country": by_country, "owner": by_owner}.get(rule, by_country and by_owner)


def closed_arcs(net: Network, told: Evidence, year: int) -> frozenset[int]:
    """Return the arcs that a country's export control closes in the middle of a year."""
    day = f"{year}-07-01"
    rules = [
        row
        for row in told.controls
        if row["kind"] == ControlKind.EXPORT_CONTROL
        and row["effect"] == ControlEffect.CLOSED
        and told.in_force(row, day)
    ]
    return frozenset(
        i for i, arc in enumerate(net.arcs) if any(_closes(row, net.nodes[arc.start], net.nodes[arc.end],
                                                           MAKES[net.element] | MIXED) for row in rules)
    )  # fmt: skip


def _closes(row: Mapping[str, str], start: Node, end: Node, made: frozenset[str]) -> bool:
    return (
        row["from_country"] == start.country_code != end.country_code
        and row["to_country"] in {"*", end.country_code}
        and start.stage in words(row["stages"])
        and bool(made & {*words(row["elements"])})
    )


def _owner(told: Evidence, tables: Tables, node: Node) -> str:
    if node.node_id in tables.mines:
        return tables.mines[node.node_id].owner_country
    owner = told.owners.get(node.node_id)
    return owner.country_code if owner else ""


def _mines(
    sites: pd.DataFrame, told: Evidence, tables: Tables, element: str
) -> Iterable[tuple[Node, tuple[str, ...], tuple[str, ...]]]:
    """Yield each mine of the tables with the form and the hosts of what it sells."""
    rows = {phase.node_id: phase for phase in tables.phases if phase.element == element}
    for node_id, phase in sorted(rows.items()):
        if node_id in tables.mines:
            mine = tables.mines[node_id]
            yield (
                _mine_node(told, node_id, phase.stage, mine.name, mine.country_code),
                (mine.form,), (mine.host_mineral,) if mine.host_mineral else (),
            )  # fmt: skip
        elif not node_id.startswith(OUTSIDE) and str(sites.loc[node_id, "layer"]) != "refining":
            site = sites.loc[node_id]
            row = {str(key): value for key, value in site.items()} | {"site_id": node_id, "commodities": "REE"}
            wants = shipment(row, told.minerals, told.elements)
            tied = [one.form for one in told.ties_of(node_id) if one.holds and one.refinery_id]
            form = min((wants.form, *tied), key=FORM_ORDER.__getitem__)
            yield (
                _mine_node(told, node_id, phase.stage, str(site["name"]), str(site["country_code"])),
                (form,), wants.hosts,
            )  # fmt: skip


def _mine_node(told: Evidence, node_id: str, stage: str, name: str, country: str) -> Node:
    return Node(
        node_id=node_id, stage=CONCENTRATE if stage == ORE else stage, name=name, country_code=country,
        bloc=told.bloc(country), doubtful=False, standing=False, mine=True,
    )  # fmt: skip


def _plant(
    plant_id: str, plant: "pd.Series[str]", told: Evidence, element: str
) -> Iterable[tuple[Node, tuple[str, ...]]]:
    """Yield the stages of a plant that an element passes through, each with the forms that it gives."""
    rows = told.feeds.get(plant_id, ())
    made = tuple(form for form in words(str(plant["products"])) if form in MADE_SOLUBLE)
    for stage in DONE:
        wanted = MAKES[element] | (MIXED if stage == CRACKING else frozenset())
        doing = [row for row in rows if stage in words(row["stage"]) and wanted & {*words(row["elements"])}]
        states = [row["stage_state"] or str(plant["stage"]) for row in doing]
        if states:
            state = next((one for one in ORDER if one in states), states[0])
            node = Node(
                node_id=plant_id, stage=stage, name=str(plant["name"]), country_code=str(plant["country_code"]),
                bloc=told.bloc(str(plant["country_code"])), doubtful=state == PlantStatus.UNKNOWN,
                standing=state in STANDING, mine=False, state=state,
            )  # fmt: skip
            yield node, GIVES.get(stage, made or (Feed.MIXED_CARBONATE.value,))


def _inside(sellers: Sequence[Seller], nodes: Sequence[Node]) -> Iterable[tuple[int, int]]:
    """Yield the ways between two stages of one plant of which the later takes what the earlier gives."""
    for i, (seller, after) in enumerate(zip(sellers, nodes[1:], strict=False)):
        node = seller.node
        if node.node_id == after.node_id and not node.mine and TAKEN[ChainStage(after.stage)] & {*seller.forms}:
            yield i, i + 1


def _takers(seller: Seller, nodes: Sequence[Node], told: Evidence, element: str) -> Iterable[tuple[int, bool]]:
    """Yield where a seller may deliver: the stage at which the taker's feed enters, and whether it is on record."""
    places = {(node.node_id, node.stage): i for i, node in enumerate(nodes) if not node.mine}
    ties = told.ties_of(seller.node.node_id) if seller.node.mine else ()
    for plant_id in sorted({node.node_id for node in nodes if not node.mine} - {seller.node.node_id}):
        tie = tie_to(plant_id, ties)
        for row in told.feeds.get(plant_id, ()):
            entry = next((stage for stage in DONE if stage in words(row["stage"])), "")
            place = places.get((plant_id, entry))
            if place is None or nodes[place].position <= seller.node.position:
                continue
            makes = MAKES[element] | (MIXED if entry == CRACKING else frozenset())
            found = [assess_fit(_wants(seller, form, makes), (row,), tie) for form in seller.forms]
            fits = {one.fit for one in found if not any(reason.code == STEP_MISSING for reason in one.reasons)}
            if fits & {YES, UNKNOWN}:
                yield place, YES in fits


def _bound(seller: Seller, told: Evidence) -> frozenset[str]:
    """Return the plants a seller delivers to and to no other; empty where it is free.

    A mine: those it owns or is bound to, and those that name it; a cracking plant: those that name it.
    """
    if seller.free:
        return frozenset()
    name = seller.node.node_id
    if not seller.node.mine:
        return frozenset(told.feeding(name)) if seller.node.stage == CRACKING else frozenset()
    held = {one.refinery_id for one in told.ties_of(name) if one.holds and one.tie in (Tie.OWN, Tie.BINDING)}
    return frozenset(held | told.feeding(name)) - {""}


def _bound_part(tables: Tables, node_id: str, element: str) -> float:
    """Return the part of a mine that its contracts bind: the smallest that its figures name."""
    return min(phase.bound for phase in tables.phases if (phase.node_id, phase.element) == (node_id, element))


def _names(told: Evidence, plant_id: str, seller: Seller) -> bool:
    """Tell whether a plant names a seller as a source of its feed."""
    return any(seller.node.node_id in words(row["captive_sources"]) for row in told.feeds.get(plant_id, ()))


def _wants(seller: Seller, form: str, makes: frozenset[str]) -> Shipment:
    return Shipment(site_id=seller.node.node_id, form=form, hosts=seller.hosts, wanted="REE", makes=makes)
