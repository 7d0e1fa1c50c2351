"""What the answers of a class point into: the ids, names, sources and accuracies of its features, one place each.

Features of the layer come first, then what else may be an answer: the edges of a junction network.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from oreway.arrays import Floats
from oreway.scoring.measure.ice import ICE_MAPS
from oreway.scoring.measure.junctions import JUNCTIONS, NETWORK_SOURCE
from oreway.scoring.measure.points import OUT, Ints, Texts, picked
from oreway.scoring.measure.targets import ID, TEXTS, Cells, Rows, Targets, class_rule, filled, ice_targets, targets
from oreway.scoring.reasons import Code, Name, Reason
from oreway.scoring.world.kept import kept
from oreway.scoring.world.networks import edge_names
from oreway.scoring.world.world import World

REFINERY, ICE = "refinery", "ice"
OF_EDGES: Mapping[str, Name] = {"name": Reason(Code.JUNCTION), "source": NETWORK_SOURCE, "as_of": ""}
PLANT_TEXTS = {"name": "name", "source": "position_source_title", "as_of": "position_as_of"}


def _parts(world: World, class_: str) -> tuple[str, ...]:
    if class_ in {REFINERY, ICE}:
        return ("plants" if class_ == REFINERY else "ice",)
    return (class_rule(world, class_)["layer"],)


def _sets(world: World, class_: str) -> tuple[Targets, ...]:
    """Return the features of a class, one set after the other: ice has two maps."""
    return tuple(ice_targets(world, name) for name in ICE_MAPS) if class_ == ICE else (targets(world, class_),)


@kept("classes", "landmasses", "parameters", also=_parts)
def _texts(world: World, class_: str) -> Mapping[str, Rows]:
    """Return feature_id, name, source and as_of of each feature of the layer, without a network's edges."""
    if class_ == REFINERY:
        return {name: Cells(column) for name, column in _plant_texts(world).items()}
    first, *more = _sets(world, class_)
    if not more:
        return first.texts
    return {name: Cells(np.concatenate([_whole(one.texts[name]) for one in (first, *more)])) for name in first.texts}


@kept("plants", on_disk=True)
def _plant_texts(world: World) -> dict[str, Texts]:
    columns = {name: filled(world.plants[column]) for name, column in PLANT_TEXTS.items()}
    return {"feature_id": filled(world.plants.index), **columns}


def _whole(texts: Rows) -> Texts:
    return texts.take(np.arange(len(texts)))


@kept("classes", "landmasses", "parameters", also=_parts)
def _accuracies(world: World, class_: str) -> Floats:
    if class_ == REFINERY:
        return _plant_accuracies(world)
    return np.concatenate([one.accuracy_km for one in _sets(world, class_)])


@kept("plants", on_disk=True)
def _plant_accuracies(world: World) -> Floats:
    return world.plants["position_accuracy_km"].to_numpy(dtype=float)


def first_edge(world: World, class_: str) -> int:
    """Return the place of the first edge among the answers of a class, past all features of its layer."""
    return len(_accuracies(world, class_))


def accuracy_km(world: World, class_: str, feature: Ints) -> Floats:
    """Return how far off features of a class may be; NaN for OUT."""
    known = _accuracies(world, class_)
    edge = feature >= len(known)
    found: Floats = picked(known, np.where(edge, OUT, feature), np.nan)
    found[edge] = world.methods.parameters["junction_accuracy_km"]
    return found


def texts(world: World, class_: str, feature: Ints, names: Iterable[str] = TEXTS) -> dict[str, Texts]:
    """Return feature_id, name (a `Name`), source and as_of, or some of them, of features of a class; "" for OUT."""
    known = {name: _texts(world, class_)[name] for name in names}
    n = first_edge(world, class_)
    in_layer = np.where(feature < n, feature, OUT)
    found = {name: column.take(in_layer) for name, column in known.items()}
    rows = np.nonzero(feature >= n)[0]
    if len(rows):
        for name in found:
            edges = edge_names(world, JUNCTIONS[class_], feature[rows] - n) if name == ID else OF_EDGES[name]
            found[name][rows] = edges
    return found
