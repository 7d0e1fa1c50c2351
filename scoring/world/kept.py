"""Functions of a world whose answers are kept with it, and shared by every world that has the same parts.

`@kept("ports", "parameters")` says which parts of a world a function reads. A world changed from another one asks that
other one as long as these parts are the very same, so a what-if makes anew what its change touches and nothing else.
"""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from oreway.layers.registry import LAYERS
from oreway.scoring.world.criteria import COMPLETENESS, TABLES
from oreway.scoring.world.world import World, token

P = ParamSpec("P")
T = TypeVar("T")
Parts = tuple[str, ...]
WHOLE = ("sites", "facts", "plants", "parameters", "criteria", "data_version")
KNOWN = frozenset({*WHOLE, *TABLES, COMPLETENESS, *(layer.id for layer in LAYERS)})


class Keeper(Protocol):
    """A decorator that leaves the type of a function of a world as it is."""

    def __call__(self, make: Callable[Concatenate[World, P], T], /) -> Callable[Concatenate[World, P], T]:
        """Return the function whose answers are kept."""


def kept(*parts: str, also: Callable[..., Parts] | None = None) -> Keeper:
    """Keep the answers of a function of a world and hashable arguments.

    Args:
        parts: the parts of the world it reads: ids of layers, names of method tables, or words of WHOLE.
        also: tells further parts from the arguments.

    Raises:
        KeyError: a part is none.
    """
    unknown = set(parts) - KNOWN
    if unknown:
        raise KeyError(f"kept: no part {', '.join(sorted(unknown))}")

    def wrap(make: Callable[Concatenate[World, P], T], /) -> Callable[Concatenate[World, P], T]:
        @functools.wraps(make)
        def ask(world: World, /, *args: P.args, **kwargs: P.kwargs) -> T:
            read = parts if also is None else (*parts, *also(world, *args, **kwargs))
            home = _home(world, read)
            return home.memory.get((make, args, *kwargs.items()), lambda: make(home, *args, **kwargs))

        return ask

    return wrap


def _home(world: World, parts: Parts) -> World:
    """Return the oldest world that has the very same parts."""
    while world.base is not None and all(part(world, name) is part(world.base, name) for name in parts):
        world = world.base
    return world


def part(world: World, name: str) -> object:
    """Return a part of a world by its name."""
    if name in TABLES or name == COMPLETENESS:
        return world.methods.tables[name]
    if name == "parameters":
        return world.methods.parameters
    if name == "criteria":
        return world.methods.criteria
    return getattr(world, name) if name in WHOLE else token(world.infrastructure, name)
