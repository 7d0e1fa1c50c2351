"""The most that can flow through the chain in one year: a linear programme solved by HiGHS.

Tonnes are counted at the mine's gate: what is at a position of the chain is divided by what is left of a tonne there,
so that every arc passes on what it gets. Variables are what leaves each node and what goes along each arc; the goal is
what reaches magnet makers, then, with a weight too small to matter, what passes the other stages. Takers that the same
sellers deliver to share a market, which keeps the programme small; many years and draws are solved as one programme.
"""

import dataclasses
from collections.abc import Iterator, Sequence

import highspy
import numpy as np

from oreway.arrays import Floats
from oreway.later import later
from oreway.scoring.balance.network import Arc, Node
from oreway.scoring.balance.tables import MAGNET
from oreway.scoring.errors import ScoringError
from oreway.scoring.sayings import ScoringSaying

with later(__name__):
    from scipy import sparse

UNLIMITED = 1e6  # t a year: more than the world makes
EARLIER_WEIGHT = 1e-4  # of a tonne that passes an earlier stage, beside 1 for one that reaches a magnet
LEAST_PRICE = 1e-2  # shadow prices below it come from that weight
FULL = 1e-6  # t a year short of capacity that still counts as full
TOGETHER = 8  # programmes solved as one


@dataclasses.dataclass(frozen=True, kw_only=True)
class Solved:
    """What flows, by case and node, and the worth of one more tonne of capacity at each node.

    flows, prices: cases by nodes; ways: cases by arcs; tonnes counted at the mine's gate. A price is the tonnes more
    that reach magnets for a tonne more of capacity.
    """

    flows: Floats
    prices: Floats
    ways: Floats


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Links:
    """Who delivers to whom in the programme: nodes first, then markets; `arcs` says which arcs a link stands for."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    markets: int


class Flow:
    """One network, solved for any capacities: the programme is built once, its bounds change."""

    def __init__(self, nodes: Sequence[Node], arcs: Sequence[Arc]) -> None:
        """Build the programme.

        Args:
            nodes: mines and plant stages, and the limits that several share.
            arcs: who may deliver to whom, by places in `nodes`.
        """
        self._nodes, self._arcs = tuple(nodes), tuple(arcs)
        self._links = _links(len(nodes), self._arcs)
        self._solvers: dict[int, highspy.Highs] = {}

    def solve(self, capacities: Floats) -> Solved:
        """Return the best flow of each case.

        Args:
            capacities: cases by nodes, at the mine's gate.

        Raises:
            ScoringError: the solver found no optimum.
        """
        cases = len(capacities)
        parts = [self._part(capacities[i:i + TOGETHER]) for i in range(0, cases, TOGETHER)]  # fmt: skip
        values, duals = (np.concatenate([part[i] for part in parts]) for i in range(2))
        count = len(self._nodes)
        flows, upper = values[:, :count], np.minimum(capacities, UNLIMITED)
        binding = (flows >= upper - FULL) & (duals[:, :count] >= LEAST_PRICE)
        return Solved(
            flows=flows, prices=np.where(binding, duals[:, :count], 0.0), ways=self._ways(values[:, count:])
        )  # fmt: skip

    def _part(self, capacities: Floats) -> tuple[Floats, Floats]:
        cases, width = len(capacities), len(self._nodes) + len(self._links.starts)
        if cases not in self._solvers:
            self._solvers[cases] = self._solver(cases)
        solver = self._solvers[cases]
        upper = np.full((cases, width), UNLIMITED)
        upper[:, : len(self._nodes)] = np.minimum(capacities, UNLIMITED)
        size = upper.size
        solver.changeColsBounds(size, np.arange(size, dtype=np.int32), np.zeros(size), upper.ravel())
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            raise ScoringError(ScoringSaying.SOLVER(solver.getModelStatus()))
        told = solver.getSolution()
        values, duals = np.array(told.col_value), np.abs(np.array(told.col_dual))
        return values.reshape(cases, width), duals.reshape(cases, width)

    def _solver(self, cases: int) -> highspy.Highs:
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("presolve", "off")  # each starts from where the last one ended
        matrix, goal = self._matrix(), self._goal()
        blocks = sparse.kron(sparse.eye_array(cases), matrix, format="csc")
        told = highspy.HighsLp()
        told.num_row_, told.num_col_ = blocks.shape
        told.sense_ = highspy.ObjSense.kMaximize
        told.col_cost_ = np.tile(goal, cases)
        told.col_lower_, told.col_upper_ = np.zeros(blocks.shape[1]), np.full(blocks.shape[1], UNLIMITED)
        told.row_lower_, told.row_upper_ = np.full(blocks.shape[0], -highspy.kHighsInf), np.zeros(blocks.shape[0])
        told.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        told.a_matrix_.start_, told.a_matrix_.index_ = blocks.indptr, blocks.indices
        told.a_matrix_.value_ = blocks.data
        solver.passModel(told)
        return solver

    def _goal(self) -> Floats:
        weights = [
            0.0 if node.members else 1.0 if node.stage == MAGNET else EARLIER_WEIGHT for node in self._nodes
        ]  # fmt: skip
        return np.array(weights + [0.0] * len(self._links.starts))

    def _matrix(self) -> "sparse.csc_array":
        """Return the rows: a node gives no more than it gets, and passes on no more than it gives; so do markets."""
        count, links = len(self._nodes), self._links
        entries: list[tuple[int, int, float]] = []
        row = 0
        for place in range(count + links.markets):
            node = self._nodes[place] if place < count else None
            getting = [count + j for j, end in enumerate(links.ends) if end == place]
            giving = [count + j for j, start in enumerate(links.starts) if start == place]
            for terms in _terms(place, node, getting, giving):
                entries += [(row, column, value) for column, value in terms]
                row += 1
        rows, columns, values = zip(*entries, strict=True)
        return sparse.csc_array((values, (rows, columns)), shape=(row, count + len(links.starts)))

    def _ways(self, along: Floats) -> Floats:
        """Return what goes along each arc: what passes a market is shared out as its takers take."""
        count, links = len(self._nodes), self._links
        place = {(start, end): j for j, (start, end) in enumerate(zip(links.starts, links.ends, strict=True))}
        market_of = {end: start for start, end in zip(links.starts, links.ends, strict=True) if start >= count}
        found = np.zeros((len(along), len(self._arcs)))
        for i, arc in enumerate(self._arcs):
            if (arc.start, arc.end) in place:
                found[:, i] = along[:, place[arc.start, arc.end]]
                continue
            market = market_of[arc.end]
            through = sum(along[:, j] for (start, _), j in place.items() if start == market)
            share = along[:, place[market, arc.end]] / np.maximum(through, FULL)
            found[:, i] = along[:, place[arc.start, market]] * share
        return found


def _links(count: int, arcs: Sequence[Arc]) -> _Links:
    """Return the links of the programme: arcs, and markets where several takers have the same several sellers."""
    sellers: dict[int, list[int]] = {}
    for arc in arcs:
        sellers.setdefault(arc.end, []).append(arc.start)
    takers: dict[tuple[int, ...], list[int]] = {}
    for end, starts in sellers.items():
        takers.setdefault(tuple(sorted(starts)), []).append(end)
    pairs: list[tuple[int, int]] = []
    markets = 0
    for same, ends in sorted(takers.items()):
        if min(len(same), len(ends)) > 1:
            market = count + markets
            markets += 1
            pairs += [(start, market) for start in same] + [(market, end) for end in ends]
        else:
            pairs += [(start, end) for start in same for end in ends]
    return _Links(starts=tuple(a for a, _ in pairs), ends=tuple(b for _, b in pairs), markets=markets)


def _terms(
    place: int, node: Node | None, getting: Sequence[int], giving: Sequence[int]
) -> Iterator[list[tuple[int, float]]]:
    """Yield the rows of a node (what it gives is a column of its own), a market, or a limit that nodes share."""
    if node is None:
        yield [*((column, 1.0) for column in giving), *((column, -1.0) for column in getting)]
        return
    if node.members:
        yield [*((member, 1.0) for member in node.members), (place, -1.0)]
        return
    if not node.mine:
        yield [(place, 1.0), *((column, -1.0) for column in getting)]
    if giving:
        yield [*((column, 1.0) for column in giving), (place, -1.0)]
