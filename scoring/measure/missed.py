"""How much nearer a feature may lie that a layer lacks: the share of the true network it holds, country by country.

Let a layer hold a share s of the true features, each held or missed by itself. For points in the plane the areas out to
the nearest held one and to the nearest missed one are exponential with rates in the ratio s : 1 - s, so the missed one
lies within r times the distance to the held one with probability q / (1 + q), q = r^2 (1 - s) / s. That is the level p
of parameters.csv at r = (p / (1 - p) * s / (1 - s))^(1/2). Lines met by a growing circle are counted by its radius, not
by its area, so the root falls away; nor do ports, which stand along a line, the coast. r is held at 1; where no share
is known, or a layer is only a list, it is 0; of what an authority registers (ports, airfields) it is 1 until one is.
Airfields crowd along coasts and valleys, between a line and a plane: the root of 3/2 is taken.
"""

import numpy as np

from oreway.arrays import Bools, Floats
from oreway.scoring.measure.junctions import JUNCTIONS, edge_counts
from oreway.scoring.measure.targets import bound_to_landmass, class_rule, home, targets
from oreway.scoring.world.kept import Parts, kept
from oreway.scoring.world.place import BUILT, REST, Whereabouts, codes, network_state
from oreway.scoring.world.world import World

AT_SITE, LINE, POINT, SHORE, REGISTER = "at_site", "line", "point", "shore", "register"
POWERS = {LINE: 1.0, POINT: 0.5, SHORE: 1.0, REGISTER: 2 / 3}
REGISTERS = (SHORE, REGISTER)  # whole unless a share is known


def nearer_factor(share: Floats, level: float, kind: str) -> Floats:
    """Return what a distance is multiplied by, 0 to 1, so that a missed feature is nearer in no more than level of all.

    Args:
        share: of the true features that the layer holds, 0 to 1; NaN where nobody knows.
        level: how often a missed one may be nearer still.
        kind: line or point; shore or register for points along the coast or inland that an authority registers, all of
            them where nobody knows a share; anything else is a list whose gaps may be at the site.
    """
    if kind not in POWERS:
        return np.zeros(len(share))
    share = np.where(np.isnan(share), 1.0, share) if kind in REGISTERS else share
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


@kept("classes", "completeness", "networks", "countries", "landmasses", "places", "parameters", on_disk=True)
def low_factor(world: World, class_: str) -> Floats:
    """Return what the least distance to a class is multiplied by in each country, for what its layer lacks there."""
    kind, share = class_rule(world, class_)["missed"], shares(world, class_)
    if not kind:
        return np.ones(len(share))
    factor = nearer_factor(share, world.methods.parameters["missed_level"], kind)
    complete = [network_state(world, class_, code, "").complete for code in codes(world).countries]
    return np.where(complete, 1.0, factor)


def _layers(world: World, class_: str) -> Parts:
    more = (JUNCTIONS[class_],) if class_ in JUNCTIONS else ()
    return (class_rule(world, class_)["layer"], *more)


@kept(
    "classes", "networks", "countries", "landmasses", "coast", "places", "parameters", "joined_land", also=_layers,
    on_disk=True,
)  # fmt: skip
def _first_ones(world: World, class_: str) -> tuple[Bools, Bools, Bools]:
    """Tell in which countries, and on which landmasses, all that is known of a class is what a what-if builds.

    Then in which countries the layer of the class is complete.
    """
    known = codes(world)
    states = [network_state(world, class_, code, "") for code in known.countries]
    country = np.array([state.source == BUILT and not state.complete for state in states])
    landmass = np.zeros(len(known.landmasses) + 1, dtype=bool)
    frame = targets(world, class_).frame
    if "source" in frame.columns and bound_to_landmass(world, class_):
        built, homes = (frame["source"] == BUILT).to_numpy(dtype=bool), home(world, class_)
        landmass[homes[built]] = True
        landmass[homes[~built]] = False
        landmass[list(edge_counts(world, JUNCTIONS[class_])) if class_ in JUNCTIONS else []] = False
    landmass[-1] = False
    return country, landmass, np.array([state.complete for state in states])


def only_built(world: World, class_: str, where: Whereabouts) -> Bools:
    """Tell where a what-if builds the first of a class that is known of, so that what else is there stays unknown."""
    country, landmass, complete = _first_ones(world, class_)
    if not (country.any() or landmass.any()):
        return np.zeros(len(where.landmass), dtype=bool)
    alone: Bools = country[where.country] | (landmass[where.landmass] & ~complete[where.country])
    return alone
