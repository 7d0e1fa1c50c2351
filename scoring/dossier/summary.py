"""The judgement of every site in one table: score, rank, bill, best chain, gates and UNFC code."""

from collections.abc import Mapping, Sequence

import pandas as pd

from oreway.scoring.build.bill import bills
from oreway.scoring.judge.assess import Assessment, assess_sites, scored_sites
from oreway.scoring.judge.gates import gate_text
from oreway.scoring.measure.measure import measure
from oreway.scoring.rank.acceptability import peers
from oreway.scoring.routes.supply import supply
from oreway.scoring.world.kept import KNOWN, kept
from oreway.scoring.world.world import World

CHAIN = ("chain_km", "chain_usd_per_t", "refinery")
BILL = ("bill", "bill_low", "bill_high", "bill_p10", "bill_p50", "bill_p90")
COLUMNS = ("total", "rank", *BILL, *CHAIN, "gates", "unfc")


def summary(
    world: World,
    site_ids: Sequence[str] | None = None,
    *,
    profile: str | None = None,
    weights: Mapping[str, float] | None = None,
    ways: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the judgement of the scored sites, columns COLUMNS, indexed by site_id.

    rank is that among all scored sites of the world, land and seabed apart, equal totals in the order of their ids;
    bill is the itemised base, all bills in US$ million; the chain is the best one to a running plant.

    Args:
        world: the opened world.
        site_ids: which sites; None for all. Those of kinds that are not scored are left out.
        profile: profile of the judgement; None for that of each site's setting.
        weights: weights in place of a profile.
        ways: the columns CHAIN of sites whose chain is known already.
    """
    rows = measure(world, scored_sites(world))
    found = assess_sites(world, profile=profile, weights=weights)
    rank = ranks(world, found)
    chosen = scored_sites(world, site_ids)
    found = {key: found[key] for key in chosen}
    built = bills(world, chosen, measurements=rows[rows["site_id"].isin(chosen)])
    table = pd.DataFrame(
        {
            "total": [one.total for one in found.values()],
            "rank": [rank.get(key) for key in found],
            "gates": [gate_text(one.gates) for one in found.values()],
            "unfc": [one.unfc for one in found.values()],
            "bill": [built[key].base for key in found],
            **{f"bill_{name}": [built[key].totals[name] for key in found]
               for name in ("low", "high", "p10", "p50", "p90")},
        },
        index=pd.Index(list(found), name="site_id"),
    ).astype({"total": float, "rank": float})  # fmt: skip
    same = pd.DataFrame(columns=list(CHAIN)) if ways is None else ways
    chains = _chains(world, [key for key in found if key not in same.index])
    joined = pd.concat([part for part in (same, chains) if len(part)]) if len(same) + len(chains) else same
    return table.join(joined)[list(COLUMNS)]


@kept(*sorted(KNOWN), on_disk=True)
def whole_summary(world: World) -> pd.DataFrame:
    """Return the `summary` of every scored site by its own profile; that of the shipped world stands ready on disk."""
    return summary(world)


def ranks(world: World, found: Mapping[str, Assessment]) -> dict[str, int]:
    """Return the rank of each site that has a total, land and seabed apart; equal totals in the order of their ids."""
    order: dict[str, int] = {}
    for group in peers(world, found).values():
        best_first = sorted(group, key=lambda key: (-(group[key].total or 0.0), key))
        order |= {key: place for place, key in enumerate(best_first, start=1)}
    return order


def _chains(world: World, site_ids: Sequence[str]) -> pd.DataFrame:
    rows = {}
    for site_id in site_ids:
        found = supply(world, site_id, brief=True)
        best = next((route for route in found.routes if route.refinery_id == found.best), None)
        rows[site_id] = (None, None, "") if best is None else (best.distance_km, best.usd_per_t, best.refinery_id)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(CHAIN))
    return table.astype({"chain_km": float, "chain_usd_per_t": float})
