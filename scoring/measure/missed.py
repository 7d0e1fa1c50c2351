"""How much nearer a feature may lie that a layer lacks: the share of the true network it holds, country by country.

Let a layer hold a share s of the true features, each held or missed by itself. For points in the plane the areas out to
the nearest held one and to the nearest missed one are exponential with rates in the ratio s : 1 - s, so the missed one
lies within r times the distance to the held one with probability q / (1 + q), q = r^2 (1 - s) / s. That is the level p
of parameters.csv at r = (p / (1 - p) * s / (1 - s))^(1/2). Lines met by a growing circle are counted by its radius, not
by its area, so the root falls away. r is held at 1; where no share is known, or a layer is only a list, it is 0.
"""

import numpy as np

from oreway.scoring.measure.points import Floats
from oreway.scoring.measure.targets import class_rule
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import REST, codes, network_state
from oreway.scoring.world.world import World

AT_SITE, LINE, POINT = "at_site", "line", "point"
POWERS = {LINE: 1.0, POINT: 0.5}


def nearer_factor(share: Floats, level: float, kind: str) -> Floats:
    """Return what a distance is multiplied by, 0 to 1, so that a missed feature is nearer in no more than level of all.

    Args:
        share: of the true features that the layer holds, 0 to 1; NaN where nobody knows.
        level: how often a missed one may be nearer still.
        kind: line or point; anything else is a list whose gaps may be at the site.
    """
    if kind not in POWERS:
        return np.zeros(len(share))
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = level / (1 - level) * share / (1 - share)
    return np.where(np.isnan(share), 0.0, np.minimum(1.0, np.nan_to_num(odds, nan=0.0, posinf=1.0) ** POWERS[kind]))


@kept("classes", "completeness", "networks", "countries", "landmasses", "places", "parameters")
def shares(world: World, class_: str) -> Floats:
    """Return the share of the true network that the layer of a class holds in each country; NaN where nobody knows."""
    table = world.methods.tables["completeness"]
    rows = table[table["class"] == class_] if "class" in table.columns else table.iloc[:0]
    known = {str(code): float(share) for code, share in zip(rows["country_code"], rows["share"], strict=True) if share}
    found = [known.get(code, known.get(REST, np.nan)) for code in codes(world).countries]
    complete = [network_state(world, class_, code, "").complete for code in codes(world).countries]
    return np.where(complete, 1.0, np.array(found, dtype=float))


@kept("classes", "completeness", "networks", "countries", "landmasses", "places", "parameters")
def low_factor(world: World, class_: str) -> Floats:
    """Return what the least distance to a class is multiplied by in each country, for what its layer lacks there."""
    kind, share = class_rule(world, class_)["missed"], shares(world, class_)
    if not kind:
        return np.ones(len(share))
    factor = nearer_factor(share, world.methods.parameters["missed_level"], kind)
    complete = [network_state(world, class_, code, "").complete for code in codes(world).countries]
    return np.where(complete, 1.0, factor)
