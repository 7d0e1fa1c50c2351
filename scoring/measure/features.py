"""What the answers of a class point into: the ids, names, sources and accuracies of its features, one place each.

Features of the layer come first, then what else may be an answer: the edges of a junction network.
"""

from collections.abc import Mapping

import numpy as np

from oreway.scoring.measure.ice import ICE_MAPS
from oreway.scoring.measure.junctions import JUNCTIONS, NETWORK_SOURCE
from oreway.scoring.measure.points import Floats, Texts, same_text
from oreway.scoring.measure.targets import Targets, class_rule, filled, ice_targets, targets
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World

REFINERY, ICE = "refinery", "ice"
JUNCTION_NAME = "junction of the network"
PLANT_TEXTS = {"name": "name", "source": "position_source_title", "as_of": "position_as_of"}


def _parts(world: World, class_: str) -> tuple[str, ...]:
    if class_ in {REFINERY, ICE}:
        return ("plants" if class_ == REFINERY else "ice",)
    return (class_rule(world, class_)["layer"], *((JUNCTIONS[class_],) if class_ in JUNCTIONS else ()))


def _sets(world: World, class_: str) -> tuple[Targets, ...]:
    """Return the features of a class, one set after the other: ice has two maps."""
    return tuple(ice_targets(world, name) for name in ICE_MAPS) if class_ == ICE else (targets(world, class_),)


@kept("classes", "landmasses", "parameters", also=_parts)
def ids(world: World, class_: str) -> Texts:
    """Return the id of each feature of a class."""
    if class_ == REFINERY:
        return world.plants.index.to_numpy(dtype=object)
    parts = [one.frame.index.to_numpy(dtype=object) for one in _sets(world, class_)]
    if class_ in JUNCTIONS:
        parts.append(world.infrastructure[JUNCTIONS[class_]].index.to_numpy(dtype=object))
    joined: Texts = np.concatenate(parts)
    return joined


@kept("classes", "landmasses", "parameters", also=_parts)
def accuracy_km(world: World, class_: str) -> Floats:
    """Return how far off each feature of a class may be."""
    if class_ == REFINERY:
        return world.plants["position_accuracy_km"].to_numpy(dtype=float)
    parts = [one.accuracy_km for one in _sets(world, class_)]
    if class_ in JUNCTIONS:
        edges = len(world.infrastructure[JUNCTIONS[class_]])
        parts.append(np.full(edges, world.methods.parameters["junction_accuracy_km"]))
    return np.concatenate(parts)


@kept("classes", "landmasses", "parameters", also=_parts)
def texts(world: World, class_: str) -> Mapping[str, Texts]:
    """Return feature_id, name, source and as_of of each feature of a class; the one past the last is empty."""
    if class_ == REFINERY:
        columns = {name: filled(world.plants[column]) for name, column in PLANT_TEXTS.items()}
        return {"feature_id": filled(world.plants.index), **columns}
    sets = _sets(world, class_)
    found = {name: np.concatenate([one.texts[name][:-1] for one in sets]) for name in sets[0].texts}
    edges = world.infrastructure[JUNCTIONS[class_]].index if class_ in JUNCTIONS else []
    of_edges = {"name": JUNCTION_NAME, "source": NETWORK_SOURCE, "as_of": ""}
    made = {name: np.concatenate([found[name], same_text(text, len(edges))]) for name, text in of_edges.items()}
    joined = {"feature_id": ids(world, class_), **made}
    return {name: np.append(column, "") for name, column in joined.items()}


def first_edge(world: World, class_: str) -> int:
    """Return the place of the first edge among the features of a class, past them all where it has no network."""
    return sum(len(one.frame) for one in _sets(world, class_)) if class_ != REFINERY else len(world.plants)
