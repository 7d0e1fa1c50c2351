"""What each closure does: every passage and every plant in use closed in turn, and which sites lose which way."""

import dataclasses
from collections.abc import Sequence

import pandas as pd

from oreway.layers.read import read_table
from oreway.layers.vocabulary import SiteKind
from oreway.scoring.routes.evidence import evidence
from oreway.scoring.routes.legs import USUALLY_CLOSED
from oreway.scoring.routes.supply import Route, Supply, supply
from oreway.scoring.world.networks import sea_lanes
from oreway.scoring.world.world import World

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


def stress(world: World, site_ids: Sequence[str] = ()) -> tuple[Closure, ...]:
    """Close each passage and each plant that a best way uses in turn; of all sites that ship, or of some.

    A site without a best plant has no way to lose and is left out.

    Raises:
        ScoringError: a site is not known or ships nothing.
    """
    ids = list(site_ids) or [str(name) for name in world.sites.index[world.sites["kind"].isin(SHIPPING)]]
    usual = {name: supply(world, name) for name in ids}
    used = {name: route for name, found in usual.items() if (route := found.route(found.best)) is not None}
    tonnes = _tonnes()
    closures = []
    for passage in (name for name in sea_lanes(world).passages if name not in USUALLY_CLOSED):
        hit = [name for name, route in used.items() if passage in passages_of(route)]
        after = {name: supply(world, name, closed=[passage]) for name in hit}
        closures.append(_closure("passage", passage, used, after, tonnes))
    for plant in sorted({route.refinery_id for route in used.values()}):
        hit = [name for name, route in used.items() if route.refinery_id == plant]
        after = {name: supply(world, name, without=[plant]) for name in hit}
        closures.append(_closure("plant", plant, used, after, tonnes))
    return tuple(sorted(closures, key=lambda one: (-one.lost, -one.changed, one.name)))


def passages_of(route: Route) -> set[str]:
    """Return the passages that a route's legs by sea name."""
    return {word for leg in route.legs if leg.mode == "sea" for word in leg.note.split("; ")}


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
