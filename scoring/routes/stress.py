"""What each closure does: every passage and every plant in use closed in turn, and which sites lose which way."""

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import pandas as pd

from oreway.layers.read import read_table
from oreway.layers.vocabulary import SiteKind
from oreway.scoring.reasons import Code
from oreway.scoring.routes.evidence import evidence
from oreway.scoring.routes.roads import USUALLY_CLOSED
from oreway.scoring.routes.supply import Route, Supply, supply
from oreway.scoring.world.networks import sea_lanes
from oreway.scoring.world.world import World

Progress = Callable[[float, int], None]
T = TypeVar("T")
FIRST_HALF = 0.5  # of the work: the ways with everything open
SHIPPING = (SiteKind.DEPOSIT, SiteKind.ZONE, SiteKind.STOCKPILE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Hit:
    """One site under one closure: what its new way adds, or lost, when none is left; unknown is None."""

    site_id: str
    before: str
    after: str
    lost: bool
    extra_km: float | None
    extra_days: float | None
    extra_usd_per_t: float | None
    tonnes_per_year: float | None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Closure:
    """One passage or plant closed and the sites that it hits, those worst hit first.

    lost_tonnes_per_year adds the sites that lose their way and whose tonnage is on record; None where none is.
    """

    kind: str
    name: str
    lost: int
    changed: int
    lost_tonnes_per_year: float | None
    hits: tuple[Hit, ...]


def stress(world: World, site_ids: Sequence[str] = (), progress: Progress | None = None) -> tuple[Closure, ...]:
    """Close each passage and each plant that a best way uses in turn; of all sites that ship, or of some.

    A site without a best plant has no way to lose and is left out.

    Args:
        world: the opened world.
        site_ids: which sites; none for all that ship.
        progress: called with the share done and the ways looked for so far.

    Raises:
        ScoringError: a site is not known or ships nothing.
    """
    ids = list(site_ids) or [str(name) for name in world.sites.index[world.sites["kind"].isin(SHIPPING)]]
    told = _Told(progress)
    usual = {name: supply(world, name, brief=True) for name in told.each(ids, FIRST_HALF)}
    used = {name: route for name, found in usual.items() if (route := found.route(found.best)) is not None}
    tonnes = _tonnes()
    passages = [name for name in sea_lanes(world).passages if name not in USUALLY_CLOSED]
    hits = [("passage", one, [name for name, route in used.items() if one in passages_of(route)]) for one in passages]
    hits += [
        ("plant", one, [name for name, route in used.items() if route.refinery_id == one])
        for one in sorted({route.refinery_id for route in used.values()})
    ]
    closures = []
    for kind, one, hit in told.each(hits, 1.0):
        closed, without = ([one], []) if kind == "passage" else ([], [one])
        after = {name: supply(world, name, closed=closed, without=without, brief=True) for name in hit}
        closures.append(_closure(kind, one, used, after, tonnes))
    return tuple(sorted(closures, key=lambda one: (-one.lost, -one.changed, one.name)))


class _Told:
    """Goes through things and tells how far it has come."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._from, self._seen = progress, 0.0, 0

    def each(self, things: Sequence[T], until: float) -> Iterator[T]:
        """Yield the things; with the last of them the share done is `until`."""
        start = self._from
        for i, one in enumerate(things, 1):
            yield one
            self._from, self._seen = start + (until - start) * i / len(things), self._seen + 1
            if self._progress is not None:
                self._progress(self._from, self._seen)


def passages_of(route: Route) -> set[str]:
    """Return the passages that a route's legs by sea name."""
    reasons = (reason for leg in route.legs if leg.mode == "sea" for reason in leg.note.reasons)
    return {str(reason.values[0]) for reason in reasons if reason.code == Code.PASSAGE}  # noqa: PD011 - no frame


def history() -> pd.DataFrame:
    """Return the published effects of historic closures, data/methods/closures_history.csv."""
    return read_table("closures_history")


def _closure(
    kind: str, name: str, used: dict[str, Route], after: dict[str, Supply], tonnes: dict[str, float]
) -> Closure:
    hits = [_hit(site_id, used[site_id], found, tonnes.get(site_id)) for site_id, found in after.items()]
    ordered = sorted(hits, key=lambda hit: (not hit.lost, -(hit.extra_usd_per_t or 0.0), hit.site_id))
    told = [hit.tonnes_per_year for hit in hits if hit.lost and hit.tonnes_per_year is not None]
    lost = sum(hit.lost for hit in hits)
    return Closure(
        kind=kind, name=name, lost=lost, changed=len(hits) - lost, hits=tuple(ordered),
        lost_tonnes_per_year=sum(told) if told else None,
    )  # fmt: skip


def _hit(site_id: str, before: Route, found: Supply, tonnes: float | None) -> Hit:
    after = found.route(found.best) if found.best else None
    return Hit(
        site_id=site_id, before=before.refinery_id, after=found.best, lost=after is None, tonnes_per_year=tonnes,
        extra_km=_more(before.distance_km, after.distance_km if after else None),
        extra_days=_more(before.days, after.days if after else None),
        extra_usd_per_t=_more(before.usd_per_t, after.usd_per_t if after else None),
    )  # fmt: skip


def _more(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


def _tonnes() -> dict[str, float]:
    """Return the largest yearly tonnage on record in a site's ties; sites without one are absent."""
    table = evidence().ties
    amount = pd.to_numeric(table["tonnes_per_year"], errors="coerce")
    return {str(key): float(value) for key, value in amount.groupby(table["site_id"]).max().dropna().items()}
