"""What the commands that judge share: a profile file of one's own, and the shape of the value functions."""

from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from oreway.later import later
from oreway.layers.vocabulary import HALF_LIFE, LINEAR

with later(__name__):
    from oreway.scoring.world.weight_profiles import read_profile, with_shapes
    from oreway.scoring.world.world import World


class Shape(StrEnum):
    """Shapes of the value functions."""

    HALF_LIFE = HALF_LIFE
    LINEAR = LINEAR


WeightsOption = Annotated[
    Path | None, typer.Option(help="Profile of your own: CSV with criterion_id,weight and, if you like, shape.")
]
ShapeOption = Annotated[
    Shape | None, typer.Option(help="Value of a distance: halved each h (default), or linear in cost.")
]


def judged(world: World, weights: Path | None, shape: Shape | None) -> tuple[World, Mapping[str, float] | None]:
    """Return the world judged in the shape asked for, and the weights of the file; a shape in the file comes first."""
    if shape is not None:
        world = with_shapes(world, shape.value)
    if weights is None:
        return world, None
    own = read_profile(weights)
    return with_shapes(world, own.shapes), own.weights
