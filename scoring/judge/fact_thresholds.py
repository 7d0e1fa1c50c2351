"""Recorded facts behind a score: what the depth or the open months of a port, or the depth of water, would have to be.

A port stays on its side of the least depth of a deep-water port, so that the same ports are compared before and after.
"""

import dataclasses
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from oreway.scoring.judge.ports import MONTHS, berths, draught_values, port_at
from oreway.scoring.judge.subject import DEPTH, Subject
from oreway.scoring.judge.values import from_subjects, ports_in_use
from oreway.scoring.measure.targets import class_rule, targets
from oreway.scoring.world.criteria import Criterion
from oreway.scoring.world.world import World

BERTH_DEPTH, OPEN_MONTHS = "berth_depth_m", "open_months"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Deep:
    """The least depth of a deep-water port, and the least, the greatest and its own factor of the depths."""

    depth_m: float
    least: float
    edge: float
    most: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Record:
    """One recorded fact as it is and as it would have to be; size is the change of the factor it makes, in [0, 1].

    now is NaN where the depth is not known.
    """

    field: str
    name: str
    now: float
    needed: float
    size: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Berth:
    """A port that a site may be valued by: the base values of its distance, its depth and its season."""

    feature_id: str
    name: str
    distance: float
    draught: float
    season: float

    @property
    def value(self) -> float:
        """Return the value of the port."""
        return self.distance * self.draught * self.season


def usable_berths(world: World, asked: Sequence[Subject]) -> dict[str, list[Berth]]:
    """Return the ports each site may be valued by, those without a known season left out.

    They are the best one, the nearest and the nearest deep one that can be reached, and the one that facts name.
    """
    measured, known = from_subjects(asked, world), berths(world)
    chosen = [ports_in_use(world, measured.take(np.array([i])), one.setting) for i, one in enumerate(asked)]
    names, keys = world.infrastructure["ports"]["name"], targets(world, "port").frame.index
    return {
        one.site_id: [
            Berth(
                feature_id=str(keys[port]), name=str(names[keys[port]]), distance=distance,
                draught=float(known.draught.base[port]), season=float(known.season.base[port]),
            )
            for port, distance in found.items()
            if known.season.base[port] == known.season.base[port]
        ]
        for one, found in zip(asked, chosen, strict=True)
    }  # fmt: skip


Side = tuple[list[Berth], float]


def deep(world: World) -> Deep:
    """Return what parts deep-water ports from the others."""
    depth = float(class_rule(world, "deep_water_port")["minimum"])
    factors = world.methods.tables["port_draught"]["value"].astype(float)
    edge = float(draught_values(world, np.array([depth])).base[0])
    return Deep(depth_m=depth, least=float(factors.min()), edge=edge, most=float(factors.max()))


def port_records(world: World, parted: Deep, above: Side, below: Side, rest: float) -> Iterator[Record]:
    """Yield the change of each port's depth and open months that makes two sites equal, whichever site uses the port.

    Args:
        world: the opened world.
        parted: `deep` of that world.
        above: the `usable_berths` of the upper site and the weight of its port as a share of all its weights.
        below: the lower site and its.
        rest: what the upper site leads by in all other criteria, in shares; negative where it trails.
    """
    ports = {one.feature_id: one for found, _ in (below, above) for one in reversed(found)}
    for feature_id in dict.fromkeys(one.feature_id for found, _ in (above, below) for one in found):
        port = ports[feature_id]
        for field in (BERTH_DEPTH, OPEN_MONTHS):
            now, least, most = _range(world, parted, port, field)
            lines = [(share, *_line(found, feature_id, field)) for found, share in (above, below)]
            needed = _equal(lines, rest, now, least, most)
            if needed is not None:
                depth = _depth_m(world, feature_id)
                yield Record(
                    field=field, name=port.name, now=depth if field == BERTH_DEPTH else now * MONTHS,
                    needed=_told(world, field, needed), size=abs(needed - now),
                )  # fmt: skip


def _range(world: World, parted: Deep, port: Berth, field: str) -> tuple[float, float, float]:
    """Return (now, least, most) of the factor a fact makes."""
    if field == OPEN_MONTHS:
        return port.season, 0.0, 1.0
    depth = _depth_m(world, port.feature_id)
    ends = (parted.edge, parted.most) if depth >= parted.depth_m else (parted.least, parted.edge)
    return port.draught, *ends


def _line(found: list[Berth], feature_id: str, field: str) -> tuple[float, float]:
    """Return (slope, floor): the value of the best port is the larger of slope times the factor, and floor."""
    own = [one.distance * (one.season if field == BERTH_DEPTH else one.draught)
           for one in found if one.feature_id == feature_id]  # fmt: skip
    others = [one.value for one in found if one.feature_id != feature_id]
    return max(own, default=0.0), max(others, default=0.0)


def _equal(lines: list[tuple[float, float, float]], rest: float, now: float, least: float, most: float) -> float | None:
    """Return the factor nearest to now, from least to most, that makes both sites equal; None where none does."""
    (share_a, slope_a, floor_a), (share_b, slope_b, floor_b) = lines
    bends = [floor / slope for _, slope, floor in lines if slope > 0]
    at = np.unique([least, most, *(bend for bend in bends if least < bend < most)])
    lead = rest + share_a * np.maximum(slope_a * at, floor_a) - share_b * np.maximum(slope_b * at, floor_b)
    found = [
        float(x0 + (x1 - x0) * y0 / (y0 - y1))
        for (x0, y0), (x1, y1) in itertools.pairwise(zip(at.tolist(), lead.tolist(), strict=True))
        if y0 != y1 and y0 * y1 <= 0
    ]
    return min(found, key=lambda factor: abs(factor - now), default=None)


def _depth_m(world: World, feature_id: str) -> float:
    return float(berths(world).depth_m[port_at(world, feature_id)])


def _told(world: World, field: str, factor: float) -> float:
    """Return the metres or months that make a factor."""
    if field == OPEN_MONTHS:
        return factor * MONTHS
    table: Mapping[str, list[float]] = {
        name: world.methods.tables["port_draught"][name].astype(float).tolist() for name in ("value", "depth_m")
    }
    return float(np.interp(factor, table["value"], table["depth_m"]))


def depth_record(world: World, subject: Subject, criterion: Criterion, value: tuple[float, float]) -> Record | None:
    """Return the depth of water at a site that gives a criterion of depth its needed value; None where none does."""
    if criterion.scale != "depth":
        return None
    functions = criterion.functions.get(world.methods.values_from(subject.setting), ())
    now, needed = subject.depth_range(), functions[0].amount(value[1]) if functions else math.nan
    if now is None or not math.isfinite(needed):
        return None
    return Record(field=DEPTH, name="", now=now[1], needed=needed, size=abs(value[1] - value[0]))
