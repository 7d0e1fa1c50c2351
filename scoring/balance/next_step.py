"""The best next step: the one mine, plant or opening that adds most tonnes at magnets, per US$ where one is known.

Each step is tried on the chain as it runs or starts up today. What is announced or being built is tried as if it ran in
full; a plant that takes others' feed by no record, as if it did. What a mine needs of ports, roads and lines before it
can deliver at all comes from its bill.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from oreway.arrays import Floats
from oreway.scoring.balance.answer import Asked, Inputs
from oreway.scoring.balance.balance import announced_late, chain, with_limits
from oreway.scoring.balance.draws import capacities, without_figure
from oreway.scoring.balance.flow import Flow
from oreway.scoring.balance.network import Network, closed_arcs
from oreway.scoring.balance.tables import (
    AUD,
    BUILDING,
    COMMISSIONING,
    MAGNET,
    PLANNED,
    RUNNING,
    STAGES,
    USD,
    Phase,
    Tables,
)
from oreway.scoring.build.bill import Bill
from oreway.scoring.price.economics import read_template

BUILD, OPEN = "build", "open"
ENOUGH = 0.5  # t a year: less is nothing


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """One step: build a project, or open a plant to others' feed.

    tonnes: what it adds at magnets, t of oxide a year; at_most: its capacity is not on record, so that it may be less;
    capex_usd_m: None where no cost is on record; access_usd_m and
    access_item: what its mine needs of ports, roads, lines and power (P50), and the dearest of them.
    """

    kind: str
    key: str
    node_ids: tuple[str, ...]
    names: tuple[str, ...]
    stages: tuple[str, ...]
    tonnes: float
    at_most: bool
    capex_usd_m: float | None
    access_usd_m: float | None
    access_item: str
    sources: tuple[str, ...]

    @property
    def tonnes_per_usd_m(self) -> float | None:
        """Return the tonnes a year for a million US$."""
        return self.tonnes / self.capex_usd_m if self.capex_usd_m else None


def next_steps(inputs: Inputs, asked: Asked, *, possible: bool = False) -> tuple[Step, ...]:
    """Return the steps that add anything, the best first: by tonnes per US$ where a cost is known, then by tonnes.

    Args:
        inputs: the tables and the evidence.
        asked: element, rule, what is out of service; the first of its years counts.
        possible: on the chain that nothing on record rules out, instead of the one on record.
    """
    net, year, today = chain(inputs, asked), asked.years[0], as_today(inputs.tables)
    closed = closed_arcs(net, inputs.told, year)
    start = _reached(net, today, year, closed, possible=possible)
    found = []
    for key, phases in _projects(inputs.tables, asked.element).items():
        gain = _reached(net, built(today, key), year, closed, possible=possible) - start
        found.append(_build(inputs, key, phases, gain))
    unknown = {net.nodes[i].node_id for i in without_figure(net)}
    for plant_id in () if possible else _doubted(net):
        gain = _reached(_opened(net, plant_id), today, year, closed, filled=plant_id) - start
        found.append(_open(net, plant_id, gain, at_most=plant_id in unknown))
    return tuple(sorted((step for step in found if step.tonnes >= ENOUGH), key=_order))


def with_access(steps: Sequence[Step], bills: Mapping[str, Bill]) -> tuple[Step, ...]:
    """Return the steps with what their mines need of ports, roads, lines and power, by the bills at hand."""
    found = []
    for step in steps:
        bill = next((bills[node] for node in step.node_ids if node in bills), None)
        dear = None if bill is None or bill.items.empty else bill.items.nlargest(1, "cost_usd_m").iloc[0]
        found.append(
            step if bill is None
            else dataclasses.replace(
                step, access_usd_m=bill.p50, access_item="" if dear is None else str(dear["title"])
            )
        )  # fmt: skip
    return tuple(found)


def best_addition(flow: Flow, today: Floats, additions: Sequence[Floats], reached: Sequence[int]) -> tuple[int, float]:
    """Return which addition of capacity adds most at magnets, and how much.

    Args:
        flow: the programme.
        today: capacities by node.
        additions: what each addition adds, by node.
        reached: places of the magnet makers.
    """
    cases = np.stack([today, *(today + one for one in additions)])
    made = flow.solve(cases).flows[:, list(reached)].sum(axis=1)
    gains = made[1:] - made[0]
    best = int(np.argmax(gains))
    return best, float(gains[best])


def as_today(tables: Tables) -> Tables:
    """Return the tables with what is planned or being built left out: it has no start."""
    return dataclasses.replace(
        tables,
        phases=tuple(
            dataclasses.replace(phase, start=None) if phase.state in {BUILDING, PLANNED} else phase
            for phase in tables.phases
        ),
    )


def built(tables: Tables, key: str) -> Tables:
    """Return the tables with one project running in full."""
    first = float(tables.number("first_year"))
    return dataclasses.replace(
        tables,
        phases=tuple(
            dataclasses.replace(phase, start=first, state=RUNNING)
            if phase.key == key and phase.state not in {RUNNING, COMMISSIONING} else phase
            for phase in tables.phases
        ),
    )  # fmt: skip


def _reached(
    net: Network, tables: Tables, year: int, closed: frozenset[int], *, possible: bool = False, filled: str = ""
) -> float:
    """Return what reaches magnets in a year, t of oxide.

    Args:
        net: the chain.
        tables: what runs.
        year: of the export controls and of what ends.
        closed: arcs that a rule closes.
        possible: with the arcs that are not on record, and plants without a figure up to the limit they share.
        filled: a plant without a figure that has this limit for itself.
    """
    fate = announced_late(tables)
    useful = capacities(net, tables, fate, year, possible=possible or bool(filled))[0] > 0
    kept = net.pruned([bool(one) for one in useful], possible=possible, closed=closed)
    if not kept.nodes:
        return 0.0
    limited = with_limits(kept) if possible or filled else kept
    found = capacities(limited, tables, fate, year, possible=possible)
    if filled:
        most = capacities(limited, tables, fate, year, possible=True)
        own = [node.node_id == filled or bool(node.members) for node in limited.nodes]
        found[:, own] = most[:, own]
    solved = Flow(limited.nodes, limited.arcs).solve(found)
    reached = [i for i, node in enumerate(limited.nodes) if node.stage == MAGNET and not node.members]
    return float(solved.flows[0, reached].sum() * fate.left[0, STAGES.index(MAGNET)])


def _projects(tables: Tables, element: str) -> dict[str, list[Phase]]:
    """Return what is planned or being built and has a tonnage, by project."""
    found: dict[str, list[Phase]] = {}
    for phase in tables.phases:
        if phase.element == element and phase.state in {BUILDING, PLANNED} and phase.tonnes is not None:
            found.setdefault(phase.key, []).append(phase)
    return dict(sorted(found.items()))


def _doubted(net: Network) -> list[str]:
    """Return the plants that may take others' feed, but by no record, and work."""
    return sorted({
        net.nodes[arc.end].node_id for arc in net.arcs if not arc.on_record and not net.nodes[arc.end].doubtful
    })  # fmt: skip


def _opened(net: Network, plant_id: str) -> Network:
    return dataclasses.replace(
        net,
        arcs=tuple(
            dataclasses.replace(arc, on_record=True) if net.nodes[arc.end].node_id == plant_id else arc
            for arc in net.arcs
        ),
    )


def _build(inputs: Inputs, key: str, phases: Sequence[Phase], gain: float) -> Step:
    nodes = tuple(dict.fromkeys(phase.node_id for phase in phases))
    return Step(
        kind=BUILD, key=key, node_ids=nodes, names=tuple(_name(inputs, node) for node in nodes),
        stages=tuple(dict.fromkeys(phase.stage for phase in phases)), tonnes=gain, at_most=False,
        capex_usd_m=_capex(inputs.tables, key), access_usd_m=None, access_item="",
        sources=tuple(dict.fromkeys(phase.source_url for phase in phases)),
    )  # fmt: skip


def _open(net: Network, plant_id: str, gain: float, *, at_most: bool) -> Step:
    nodes = [node for node in net.nodes if node.node_id == plant_id]
    return Step(
        kind=OPEN, key=plant_id, node_ids=(plant_id,), names=(nodes[0].name,),
        stages=tuple(node.stage for node in nodes), tonnes=gain, at_most=at_most, capex_usd_m=None, access_usd_m=None,
        access_item="", sources=(),
    )  # fmt: skip


def _name(inputs: Inputs, node_id: str) -> str:
    mine = inputs.tables.mines.get(node_id)
    return mine.name if mine else str(inputs.sites["name"][node_id])


def _capex(tables: Tables, key: str) -> float | None:
    """Return the capital of a project, US$ million: the greatest that its phases name."""
    rates = {USD: 1.0, AUD: read_template().usd_per_aud}
    rates |= {currency: rate.base for currency, rate in tables.of("usd_per").items()}
    costs = [
        phase.capex_m * rates[phase.currency]
        for phase in tables.phases
        if phase.key == key and phase.capex_m is not None
    ]
    return max(costs, default=None)


def _order(step: Step) -> tuple[bool, float, float, str]:
    per = step.tonnes_per_usd_m
    return per is None, -(per or 0.0), -step.tonnes, step.key


def mines_among(steps: Sequence[Step], inputs: Inputs) -> list[str]:
    """Return the mines of the catalogue that steps build anew, for their access bills."""
    layers = inputs.sites["layer"]
    running = {phase.node_id for phase in inputs.tables.phases if phase.state == RUNNING}
    nodes = {node for step in steps for node in step.node_ids} - running
    return sorted(node for node in nodes if node in layers.index and str(layers[node]) != "refining")
