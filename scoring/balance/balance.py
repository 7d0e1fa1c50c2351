"""What the alliance could have: tonnes by year, stage and bloc, what holds it back, and how far it is from the demand.

Two answers side by side: what is on record (plants take what they say they take, plants without a figure count for
nothing), and what is possible (whatever nothing on record rules out). The truth lies between them; draws over what gets
built, when and how fast widen both.
"""

import dataclasses
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pandas as pd

from oreway.arrays import Floats
from oreway.layers.read import read_sites
from oreway.said import listed
from oreway.scoring.balance.answer import ALL, BLOCS, COLUMNS, Asked, Balance, Held, Inputs, Way
from oreway.scoring.balance.draws import Fate, announced, capacities, drawn, without_figure
from oreway.scoring.balance.flow import Flow, Solved
from oreway.scoring.balance.kept import Document, digest, remembered
from oreway.scoring.balance.network import DONE, RULES, Network, Node, closed_arcs, network
from oreway.scoring.balance.passages import cut
from oreway.scoring.balance.tables import CONCENTRATE, ELEMENTS, MAGNET, ORE, STAGES, Tables, read_tables
from oreway.scoring.claims.schedules import schedules
from oreway.scoring.errors import ScoringError
from oreway.scoring.routes.evidence import evidence
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.world import open_world

Progress = Callable[[float, int], None]


def read_inputs() -> Inputs:
    """Read the sites, the evidence of the chain, the tables of the balance and the promised dates."""
    return Inputs(sites=read_sites(), told=evidence(), tables=read_tables(), promises=schedules())


def check(asked: Asked, inputs: Inputs) -> None:
    """Refuse what cannot be asked.

    Raises:
        ScoringError: the element, rule, year, number of draws, mine or plant is not known.
    """
    tables = inputs.tables
    known = {phase.node_id for phase in tables.phases} | set(inputs.sites.index)
    if asked.element not in ELEMENTS:
        raise ScoringError(ScoringSaying.NO_ELEMENT(repr(asked.element), listed(ELEMENTS)))
    if asked.rule not in RULES:
        raise ScoringError(ScoringSaying.NO_ALLIED_RULE(repr(asked.rule), listed(RULES)))
    if asked.draws < 1:
        raise ScoringError(ScoringSaying.DRAWS(asked.draws))
    for year in asked.years:
        if year not in tables.years:
            raise ScoringError(ScoringSaying.YEAR(year, tables.years[0], tables.years[-1]))
    for name in asked.without:
        if name not in known:
            raise ScoringError(ScoringSaying.NO_PLANT(repr(name)))


def chain(inputs: Inputs, asked: Asked) -> Network:
    """Return the chain that is asked for: who may deliver to whom."""
    check(asked, inputs)
    net = network(inputs.sites, inputs.told, inputs.tables, asked.element, asked.rule, asked.without)
    if not asked.closed:
        return net
    return cut(open_world() if inputs.world is None else inputs.world, net, asked.closed)


def balance(inputs: Inputs, asked: Asked, progress: Progress | None = None, net: Network | None = None) -> Balance:
    """Return the balance of one element.

    Args:
        inputs: the tables and the evidence.
        asked: what is asked for; the same question gives the same answer to the last digit.
        progress: called with the share done and the programmes solved.
        net: the chain that is asked for, where it is at hand.
    """
    check(asked, inputs)
    tables = inputs.tables
    net = chain(inputs, asked) if net is None else net
    plan, chance = announced(tables), drawn(tables, inputs.promises, asked.draws, asked.seed)
    rows: list[list[Any]] = []
    held: list[Held] = []
    ways: dict[int, tuple[Way, ...]] = {}
    made: dict[int, dict[tuple[str, str, str], float]] = {}
    with ThreadPoolExecutor(max(1, min(os.cpu_count() or 1, len(asked.years)))) as workers:
        answers = workers.map(lambda year: _year(inputs, net, year, plan, chance), asked.years)
        for i, (year, (nodes, told)) in enumerate(zip(asked.years, answers, strict=True)):
            rows += told["rows"]
            held += [Held(year=year, stage=stage, share=share, names=tuple(names))
                     for stage, share, names in told["held"]]  # fmt: skip
            ways[year] = tuple(
                Way(start=nodes[start], end=nodes[end], tonnes=tonnes, arrives=arrives)
                for start, end, tonnes, arrives in told["ways"]
            )
            made[year] = {(stage, country, bloc): tonnes for stage, country, bloc, tonnes in told["made"]}
            if progress is not None:
                progress((i + 1) / len(asked.years), (i + 1) * asked.draws)
    table = pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(COLUMNS[3:], float))
    return Balance(
        asked=asked, table=table, demand=_demand(table, tables, asked.element), held=tuple(held), ways=ways,
        made=made,
        missing=tuple(
            phase for phase in tables.phases
            if phase.element == asked.element and (phase.tonnes is None or phase.start is None)
        ),
    )  # fmt: skip


def _year(inputs: Inputs, net: Network, year: int, plan: Fate, chance: Fate) -> tuple[tuple[Node, ...], Document]:
    """Return the nodes of what is on record in a year, and what its programmes tell, kept on disk if they are many."""
    record = Case(inputs, net, year, possible=False)
    possible = Case(inputs, net, year, possible=True)

    def made() -> Document:
        return _told(year, inputs.tables, record, possible, plan, chance)

    if len(chance.left) < inputs.tables.number("draws"):
        return record.net.nodes, made()
    key = digest(
        year, record.net, possible.net, sorted(inputs.tables.assumed.items()), record.capacities(plan),
        record.capacities(chance), possible.capacities(chance), plan.left, plan.dressed, chance.left, chance.dressed,
    )  # fmt: skip
    return record.net.nodes, remembered(key, made)


def _told(year: int, tables: Tables, record: "Case", possible: "Case", plan: Fate, chance: Fate) -> Document:
    """Solve a year; return its rows, what holds it back, its ways (by places of nodes) and what is made."""
    as_announced, by_chance, at_most = record.solve(plan), record.solve(chance), possible.solve(chance)
    shares = record.held_back(by_chance, chance)
    rows = _rows(year, tables, (record, as_announced, plan), (record, by_chance, chance), (possible, at_most, chance),
                 shares)  # fmt: skip
    return {
        "rows": rows.astype(object).to_numpy().tolist(),
        "held": [[stage, share, list(names)] for stage, share, names in _held(record, by_chance, chance, shares,
                                                                              tables)],
        "ways": [list(way) for way in record.ways(as_announced, plan)],
        "made": [[*key, tonnes] for key, tonnes in record.made(as_announced, plan).items()],
    }  # fmt: skip


class Case:
    """One year of the chain, by what is on record or by what is possible."""

    def __init__(self, inputs: Inputs, net: Network, year: int, *, possible: bool) -> None:
        """Keep what mines can reach, with what export controls close that year left out, and build the programme."""
        self._tables, self.year, self.possible = inputs.tables, year, possible
        useful = capacities(net, inputs.tables, announced_late(inputs.tables), inputs.tables.years[-1],
                            possible=possible)[0] > 0  # fmt: skip
        early = np.array([node.mine for node in net.nodes])
        kept = net.pruned(list(useful | early), possible=possible, closed=closed_arcs(net, inputs.told, year))
        self.net = with_limits(kept) if possible else kept
        self.flow = Flow(self.net.nodes, self.net.arcs)

    def capacities(self, fate: Fate) -> Floats:
        """Return what each node could do: draws by nodes, at the mine's gate."""
        return capacities(self.net, self._tables, fate, self.year, possible=self.possible)

    def solve(self, fate: Fate) -> Solved:
        """Return the best flow of each draw."""
        return self.flow.solve(self.capacities(fate))

    def at(self, stage: str) -> list[int]:
        """Return the places of the mines or plants of a stage."""
        return [i for i, node in enumerate(self.net.nodes) if node.stage == stage and not node.members]

    def passes(self, solved: Solved, fate: Fate, stage: str, bloc: str = ALL) -> Floats:
        """Return what leaves a stage in each draw, t of oxide; ore is what the concentrate was made of."""
        places = [i for i in self.at(CONCENTRATE if stage == ORE else stage) if bloc in {ALL, self.net.nodes[i].bloc}]
        out = solved.flows[:, places].sum(axis=1)
        made: Floats = out / fate.dressed if stage == ORE else out * fate.left[:, STAGES.index(stage)]
        return made

    def held_back(self, solved: Solved, fate: Fate) -> dict[str, float]:
        """Return the share of what reaches magnets that each stage's capacities hold it to, over all draws.

        By the duality of linear programmes what reaches magnets is the sum over the nodes of capacity times shadow
        price; nothing holds back what is not there.
        """
        worth = solved.prices * np.minimum(self.capacities(fate), solved.flows)
        total = float(worth.sum())
        return {
            stage: float(sum(worth[:, i].sum() for i, node in enumerate(self.net.nodes) if node.stage == stage)) / total
            if total > 0 else 0.0
            for stage in STAGES
        }  # fmt: skip

    def made(self, solved: Solved, fate: Fate) -> dict[tuple[str, str, str], float]:
        """Return what leaves each stage in the first draw, t of oxide by stage, country and bloc."""
        found: dict[tuple[str, str, str], float] = {}
        for i, node in enumerate(self.net.nodes):
            tonnes = float(solved.flows[0, i] * fate.left[0, node.position])
            if tonnes >= 1 and not node.members:
                key = (node.stage, node.country_code, node.bloc)
                found[key] = found.get(key, 0.0) + tonnes
        return found

    def ways(self, solved: Solved, fate: Fate) -> list[tuple[int, int, float, float]]:
        """Return what goes where in the first draw, the greatest first: places of both ends, t leaving, t arriving."""
        nodes, first = self.net.nodes, self.net.index()
        along: dict[tuple[int, int], float] = {}
        for arc, tonnes in zip(self.net.arcs, solved.ways[0], strict=True):
            start = first[nodes[arc.start].node_id, nodes[arc.start].stage][0]  # both parts of a mine partly bound
            along[start, arc.end] = along.get((start, arc.end), 0.0) + float(tonnes)
        found = [
            (start, end, tonnes * float(fate.left[0, nodes[start].position]),
             tonnes * float(fate.left[0, nodes[end].position]))
            for (start, end), tonnes in along.items() if tonnes >= 1
        ]  # fmt: skip
        return sorted(found, key=lambda way: (-way[2], nodes[way[0]].node_id, nodes[way[1]].node_id))


def announced_late(tables: Tables) -> Fate:
    """Return a fate in which everything with a figure has been built long ago, for what could ever matter."""
    plan = announced(tables)
    return dataclasses.replace(plan, ramp={key: np.zeros(1) for key in plan.ramp})


def with_limits(net: Network) -> Network:
    """Return the network with what all plants without a figure share at each stage: what was made outside China."""
    open_ = without_figure(net)
    limits = []
    for stage in DONE:
        members = tuple(i for i in open_ if net.nodes[i].stage == stage)
        if members:
            limits.append(Node(
                node_id=f"outside China: {stage}", stage=stage, name="", country_code="", bloc="", doubtful=False,
                standing=False, mine=False, members=members,
            ))  # fmt: skip
    return dataclasses.replace(net, nodes=(*net.nodes, *limits))


def _rows(
    year: int,
    tables: Tables,
    plan: tuple[Case, Solved, Fate],
    record: tuple[Case, Solved, Fate],
    possible: tuple[Case, Solved, Fate],
    shares: dict[str, float],
) -> pd.DataFrame:
    ends = [tables.number("low_percentile"), 50.0, tables.number("high_percentile")]
    rows = []
    for stage in STAGES:
        for bloc in BLOCS:
            told = float(plan[0].passes(plan[1], plan[2], stage, bloc)[0])
            on_record = np.percentile(record[0].passes(record[1], record[2], stage, bloc), ends)
            at_most = np.percentile(possible[0].passes(possible[1], possible[2], stage, bloc), ends)
            share = shares[stage] if bloc == ALL else np.nan
            rows.append((year, stage, bloc, told, *on_record, *at_most, share))
    return pd.DataFrame(rows, columns=list(COLUMNS)).round(dict.fromkeys(COLUMNS[3:-1], 1) | {COLUMNS[-1]: 4})


def _held(
    case: Case, solved: Solved, fate: Fate, shares: dict[str, float], tables: Tables
) -> Iterable[tuple[str, float, tuple[str, ...]]]:
    """Yield the stages that hold the chain back, the worst first, with their share and the plants or mines that do."""
    worth = (solved.prices * np.minimum(case.capacities(fate), solved.flows)).sum(axis=0)
    least = tables.number("shown_bottleneck_share")
    for stage, share in sorted(shares.items(), key=lambda one: -one[1]):
        if share >= least:
            places = sorted(case.at(stage), key=lambda i: -worth[i])
            yield stage, share, tuple(dict.fromkeys(case.net.nodes[i].name for i in places if worth[i] > 0))[:3]


def _demand(table: pd.DataFrame, tables: Tables, element: str) -> pd.DataFrame:
    """Return the demand outside China by year and scenario, and the gap to what reaches magnets."""
    reached = table[(table["stage"] == MAGNET) & (table["bloc"] == ALL)].set_index("year")
    share, outside = tables.assumed["element_share", element], tables.number("demand_outside_china")
    rows = []
    for scenario, points in tables.demand.items():
        first, last = points[0][0], points[-1][0]
        for year in (year for year in reached.index if first <= year <= last):
            world = float(np.interp(year, [at for at, _ in points], [tonnes for _, tonnes in points]))
            low, base, high = (world * outside * bound for bound in (share.low, share.base, share.high))
            rows.append((
                year, scenario, base, low - float(reached["possible_high_t"][year]),
                high - float(reached["record_low_t"][year]),
            ))  # fmt: skip
    return pd.DataFrame(rows, columns=["year", "scenario", "demand_t", "gap_low_t", "gap_high_t"]).round(1)
