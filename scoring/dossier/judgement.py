"""The whole judgement of one site in one piece: bill, routes, price and claim checks, for report, terminal and page."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

from oreway.scoring.build.bill import Bill, bills
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.judge.assess import SCORED_KINDS
from oreway.scoring.judge.ports import MONTHS, berths, port_at
from oreway.scoring.price.breakeven import break_even
from oreway.scoring.price.economics import Appraisal, appraise
from oreway.scoring.price.figure_checks import Claim, claims
from oreway.scoring.routes.supply import Route, Supply, supply
from oreway.scoring.world.world import World

BEST, BEST_ALLIED, PLANNED = "best", "best_allied", "planned"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Season:
    """Open months a year at a port, 0 to 12; base None where no region of port_season.csv holds the port."""

    port_name: str
    low_months: float
    months: float | None
    high_months: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shown:
    """A route worth printing and why: best of all running plants, best allied one, planned one, or several of these."""

    roles: tuple[str, ...]
    route: Route


@dataclasses.dataclass(frozen=True, kw_only=True)
class Judgement:
    """What has to be built, the ways to a refinery, the price it needs, and figures that do not add up.

    priced: the site's row of `breakeven.break_even`.
    season is None where the port is not in the layer of ports.
    """

    site_id: str
    bill: Bill
    supply: Supply
    appraisal: Appraisal
    claims: tuple[Claim, ...]
    season: Season | None
    priced: Mapping[Any, Any] = dataclasses.field(default_factory=dict)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Return the routes worth printing, each once: best, best allied, planned."""
        found = self.supply
        roles: dict[str, tuple[str, ...]] = {}
        for role, names in ((BEST, (found.best,)), (BEST_ALLIED, (found.best_allied,)), (PLANNED, found.planned)):
            for name in names:
                roles[name] = (*roles.get(name, ()), role)
        routes = {route.refinery_id: route for route in found.routes}
        return tuple(Shown(roles=why, route=routes[name]) for name, why in roles.items() if name in routes)

    @property
    def planned_elsewhere(self) -> tuple[str, ...]:
        """Return planned plants that no route leads to: not among those that take this product."""
        reached = {route.refinery_id for route in self.supply.routes}
        return tuple(name for name in self.supply.planned if name not in reached)


def judgement(world: World, dossier: Dossier, *, seed: int = 0) -> Judgement | None:
    """Return the judgement of a deposit, zone or stockpile; None for plants, islands, limits and rock complexes.

    Args:
        world: the opened world the dossier was made from.
        dossier: the site.
        seed: seed of the bill's draws.
    """
    if dossier.site.get("kind") not in SCORED_KINDS:
        return None
    site_id = str(dossier.site["site_id"])
    routes = supply(world, site_id)
    measurements = dossier.nearest.assign(site_id=site_id)
    return Judgement(
        site_id=site_id,
        bill=bills(world, [site_id], seed=seed, measurements=measurements)[site_id],
        supply=routes,
        appraisal=appraise(
            site_id,
            str(dossier.site.get("country_code") or ""),
            dossier.facts,
            commodities=str(dossier.site.get("commodities") or ""),
        ),
        claims=claims(dossier.facts),
        season=_season(world, routes.port_id),
        priced=break_even(world.sites.loc[[site_id]], dossier.facts).iloc[0].to_dict(),
    )


def _season(world: World, port_id: str) -> Season | None:
    ports = world.infrastructure["ports"]
    if port_id not in ports.index:
        return None
    season, at = berths(world).season, port_at(world, port_id)
    low, base, high = (float(bound[at]) for bound in (season.low, season.base, season.high))
    return Season(
        port_name=str(ports["name"].loc[port_id]),
        low_months=MONTHS * low,
        months=None if math.isnan(base) else MONTHS * base,
        high_months=MONTHS * high,
    )
