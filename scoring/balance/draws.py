"""What chance does to the plans: which projects get built, how late, how fast they ramp up, how much each makes."""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from oreway.arrays import Floats
from oreway.scoring.balance.flow import UNLIMITED
from oreway.scoring.balance.network import Network
from oreway.scoring.balance.tables import COMMISSIONING, CONCENTRATE, ORE, RUNNING, STAGES, Phase, Range, Tables
from oreway.scoring.claims.schedules import Promise

MONTHS = 12
SHORTEST_RAMP = 1e-6  # years


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fate:
    """What became of the projects in each draw; arrays are draws long.

    built: 1 where a project was built, by its key; slip and ramp: years, by key; tonnes: the t a year of each phase,
    in the order of the tables; left: what is left of a tonne at each position of the chain, one column a stage;
    lost_before: what is left of a tonne of ore in the concentrate.
    """

    built: Mapping[str, Floats]
    slip: Mapping[str, Floats]
    ramp: Mapping[str, Floats]
    tonnes: Mapping[int, Floats]
    left: Floats
    dressed: Floats


def announced(tables: Tables) -> Fate:
    """Return the fate that was announced: everything built on its date, the mean ramp, the base of every figure."""
    keys = sorted({phase.key for phase in tables.phases})
    one, none = np.ones(1), np.zeros(1)
    recovery = tables.of("recovery")
    return Fate(
        built=dict.fromkeys(keys, one), slip=dict.fromkeys(keys, none),
        ramp=dict.fromkeys(keys, np.array([mean_ramp(tables)])),
        tonnes={i: np.array([phase.tonnes.base]) for i, phase in enumerate(tables.phases) if phase.tonnes},
        left=_left({stage: np.array([recovery[stage].base]) for stage in recovery}),
        dressed=np.array([recovery["concentrate"].base]),
    )  # fmt: skip


def drawn(tables: Tables, promises: Sequence[Promise], draws: int, seed: int) -> Fate:
    """Return what becomes of the projects in random draws; the same seed gives the same fates.

    The rate at which projects of one state get built is drawn once a draw for all of them: it is not known well, and
    that does not even out among projects. Slips are those of the dates on record, drawn with replacement.

    Args:
        tables: the tables of the balance.
        promises: the dates promised, with their slips.
        draws: how many.
        seed: of the random numbers.
    """
    chance = np.random.default_rng(seed)
    keys = sorted({phase.key for phase in tables.phases})
    states = {phase.key: phase.state for phase in tables.phases}
    slips = np.array([one.slip_months / MONTHS for one in promises if one.slip_months is not None])
    steps = sorted((float(key), value.base) for key, value in tables.of("ramp_years").items())
    rates = {
        state: triangular(chance.random(draws), bounds) for state, bounds in sorted(tables.of("success").items())
    }  # fmt: skip
    built, slip, ramp = {}, {}, {}
    for key in keys:
        state = states[key]
        built[key] = (chance.random(draws) < rates[state]).astype(float)
        late = slips[chance.integers(0, len(slips), draws)]
        slip[key] = np.zeros(draws) if state in {RUNNING, COMMISSIONING} else np.maximum(late, 0.0)
        ramp[key] = np.interp(chance.random(draws), [share for share, _ in steps], [years for _, years in steps])
    tonnes = {
        i: triangular(chance.random(draws), phase.tonnes) for i, phase in enumerate(tables.phases) if phase.tonnes
    }  # fmt: skip
    recovery = {
        stage: triangular(chance.random(draws), bounds) for stage, bounds in sorted(tables.of("recovery").items())
    }  # fmt: skip
    return Fate(built=built, slip=slip, ramp=ramp, tonnes=tonnes, left=_left(recovery), dressed=recovery["concentrate"])


def triangular(chance: Floats, bounds: Range) -> Floats:
    """Return the triangular distribution's value at each quantile; all of it the base where the bounds are equal."""
    low, base, high = bounds.low, bounds.base, bounds.high
    if high <= low:
        return np.full(len(chance), base)
    turn = (base - low) / (high - low)
    rising = low + np.sqrt(chance * (high - low) * (base - low))
    falling = high - np.sqrt((1 - chance) * (high - low) * (high - base))
    return np.where(chance < turn, rising, falling)


def mean_ramp(tables: Tables) -> float:
    """Return the mean of the years to nameplate: the area under the quantiles."""
    steps = sorted((float(key), value.base) for key, value in tables.of("ramp_years").items())
    return float(np.trapezoid([years for _, years in steps], [share for share, _ in steps]))


def ramped(year: int, start: Floats, ramp: Floats) -> Floats:
    """Return the share of nameplate that a plant makes in a year, output rising evenly to it over the ramp."""
    slow = np.maximum(ramp, SHORTEST_RAMP)
    return _made(year + 1 - start, slow) - _made(year - start, slow)


def _made(years: Floats, ramp: Floats) -> Floats:
    """Return the years' worth of nameplate output made since the start."""
    inside = np.clip(years, 0.0, None)
    return np.where(inside < ramp, inside**2 / (2 * ramp), inside - ramp / 2)


def _left(recovery: Mapping[str, Floats]) -> Floats:
    """Return what is left of a tonne at the mine's gate after each stage: draws by stages; 1 for concentrate."""
    draws = len(next(iter(recovery.values())))
    left = np.ones((draws, len(STAGES)))
    for i, stage in enumerate(STAGES):
        if i >= STAGES.index("cracking_leaching"):
            left[:, i] = left[:, i - 1] * recovery[stage]
    return left


def without_figure(net: Network) -> list[int]:
    """Return the plant stages whose plant stands, but with no figure of what it makes today; a plan is none."""
    return [i for i, node in enumerate(net.nodes) if node.standing and not node.figured]


def capacities(net: Network, tables: Tables, fate: Fate, year: int, *, possible: bool) -> Floats:
    """Return the capacity of every node in one year, at the mine's gate: draws by nodes.

    A stage without a figure does no more than the greatest of its plant's stages that are in the same state: a unit
    that runs lends nothing to one that is being built. A plant without any counts for nothing, or, where what is
    possible is asked for, has only the limit it shares with others of its kind, to which what they plan is added.
    """
    places = net.index()
    found = np.zeros((len(fate.left), len(net.nodes)))
    told: set[int] = set()
    for i, phase in enumerate(tables.phases):
        stage = CONCENTRATE if phase.stage == ORE else phase.stage
        if phase.element != net.element or phase.tonnes is None:
            continue
        for place in places.get((phase.node_id, stage), ()):
            told.add(place)
            made = _output(phase, i, fate, year, tables.number("as_of_year"))
            found[:, place] += net.nodes[place].part * made / fate.left[:, STAGES.index(stage)]
    for place, node in enumerate(net.nodes):
        same = [i for i in told if (net.nodes[i].node_id, net.nodes[i].state) == (node.node_id, node.state)]
        if same and place not in told:
            found[:, place] = found[:, sorted(same)].max(axis=1)
    planned = found.copy()
    if possible:
        found[:, without_figure(net)] = UNLIMITED
    else:
        found[:, [node.doubtful for node in net.nodes]] = 0.0
    for place, node in enumerate(net.nodes):
        if node.members:
            shared = shared_limit(tables, net.element, node.stage) / fate.left[:, node.position]
            found[:, place] = shared + planned[:, list(node.members)].sum(axis=1)
    return found


def shared_limit(tables: Tables, element: str, stage: str) -> float:
    """Return the most that all plants outside China made of an element at a stage, t of oxide a year."""
    world, outside = tables.number("world_magnet_rare_earths"), tables.assumed["outside_china", stage].high
    return world * outside * tables.assumed["element_share", element].high


def _output(phase: Phase, place: int, fate: Fate, year: int, as_of: float) -> Floats:
    """Return what one phase makes in a year, t of oxide by draw."""
    none = np.zeros(len(fate.left))
    if phase.start is None or (phase.until is not None and year > phase.until):
        return none
    tonnes = fate.tonnes[place]
    if phase.state == RUNNING:
        part_of_year = min(max(year + 1 - phase.start, 0.0), 1.0)
        return tonnes * part_of_year
    earliest = phase.start if phase.state == COMMISSIONING else np.maximum(phase.start, as_of)
    start = earliest + fate.slip[phase.key]
    made: Floats = tonnes * fate.built[phase.key] * ramped(year, start, fate.ramp[phase.key])
    return made
