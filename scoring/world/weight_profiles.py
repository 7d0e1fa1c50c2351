"""A user's own profile: weights, and the shape of the value functions, from a file or by name."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from oreway.layers.read import read_text_table
from oreway.layers.schema import as_number
from oreway.said import Joint, Said, listed
from oreway.scoring.errors import ScoringError
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.criteria import SHAPES, Methods
from oreway.scoring.world.world import World, changed

COLUMNS = ("criterion_id", "weight")
SHAPE = "shape"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OwnProfile:
    """Weights by criterion, and the shape of those criteria for which one is named."""

    weights: Mapping[str, float]
    shapes: Mapping[str, str]


def read_profile(path: Path) -> OwnProfile:
    """Read a profile: CSV with criterion_id, weight and, where wanted, shape (half_life or linear).

    Raises:
        LayerError: the file cannot be read.
        ScoringError: columns are missing, or weights or shapes cannot be used; all faults at once.
    """
    table = read_text_table(path)
    if not set(COLUMNS) <= set(table.columns):
        raise ScoringError(ScoringSaying.PROFILE_COLUMNS(path, listed(table.columns[:4])))
    faults: list[Said] = []
    weights: dict[str, float] = {}
    shapes: dict[str, str] = {}
    for line, row in enumerate(table.to_dict("records"), start=2):
        name, number, shape = row["criterion_id"], as_number(row["weight"]), row.get(SHAPE, "")
        if number is None:
            faults.append(ScoringSaying.PROFILE_WEIGHT(path, line, repr(row["weight"])))
        if name in weights:
            faults.append(ScoringSaying.PROFILE_TWICE(path, line, repr(name)))
        if shape and shape not in SHAPES:
            faults.append(ScoringSaying.PROFILE_SHAPE(path, line, repr(shape), listed(SHAPES)))
        weights[name] = number or 0.0
        shapes |= {name: shape} if shape else {}
    if faults:
        raise ScoringError(Joint.LINES(*faults))
    return OwnProfile(weights=weights, shapes=shapes)


def with_shapes(world: World, shapes: str | Mapping[str, str]) -> World:
    """Return the world judged by value functions of other shapes; the given world stays as it was.

    Args:
        world: the opened world.
        shapes: one shape for every criterion, or a shape by criterion.

    Raises:
        ScoringError: no such shape or criterion.
    """
    asked = dict.fromkeys(world.criteria, shapes) if isinstance(shapes, str) else dict(shapes)
    faults = [ScoringSaying.NO_SHAPE(repr(shape), listed(SHAPES)) for shape in asked.values()
              if shape not in SHAPES]  # fmt: skip
    faults += [ScoringSaying.SHAPE_CRITERION(repr(name), listed(world.criteria)) for name in asked
               if name not in world.criteria]  # fmt: skip
    if faults:
        raise ScoringError(Joint.LINES(*dict.fromkeys(faults)))
    return changed(world, methods=_shaped(world.methods, asked))


def _shaped(methods: Methods, shapes: Mapping[str, str]) -> Methods:
    criteria = dict(methods.criteria)
    for name, shape in shapes.items():
        functions = {
            setting: tuple(dataclasses.replace(one, shape=shape) for one in each)
            for setting, each in criteria[name].functions.items()
        }
        criteria[name] = dataclasses.replace(criteria[name], functions=functions)
    return dataclasses.replace(methods, criteria=criteria)
