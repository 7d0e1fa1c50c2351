"""Functions of a world whose answers are kept with it, and shared by every world that has the same parts.

`@kept("ports", "parameters")` says which parts of a world a function reads. A world changed from another one asks that
other one as long as these parts are the very same, so a what-if makes anew what its change touches and nothing else.
What is kept on disk too is that of the shipped world alone, from one run to the next.
"""

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from oreway.layers.answers import answer
from oreway.layers.registry import LAYERS
from oreway.scoring.world.coded import decode, encode
from oreway.scoring.world.criteria import COMPLETENESS, TABLES
from oreway.scoring.world.memory import NOT_MADE
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


def kept(*parts: str, also: Callable[..., Parts] | None = None, on_disk: bool = False) -> Keeper:
    """Keep the answers of a function of a world and hashable arguments.

    Args:
        parts: the parts of the world it reads: ids of layers, names of method tables, or words of WHOLE.
        also: tells further parts from the arguments.
        on_disk: keep those of the shipped world on disk: of what `coded` holds, asked with texts and numbers.

    Raises:
        KeyError: a part is none.
    """
    unknown = set(parts) - KNOWN
    if unknown:
        raise KeyError(f"kept: no part {', '.join(sorted(unknown))}")

    def wrap(make: Callable[Concatenate[World, P], T], /) -> Callable[Concatenate[World, P], T]:
        @functools.wraps(make)
        def ask(world: World, /, *args: P.args, **kwargs: P.kwargs) -> T:
            home = world
            if world.base is not None:
                home = _home(world, parts if also is None else (*parts, *also(world, *args, **kwargs)))
            key = (make, args, *kwargs.items())
            found: T = home.memory.known(key)
            if found is not NOT_MADE:
                return found
            made = functools.partial(make, home, *args, **kwargs)
            if on_disk and home.mark is not None:
                name = f"{make.__module__}.{make.__qualname__}{args!r}{sorted(kwargs.items())!r}"
                made = functools.partial(_on_disk, name, made, home.mark)
            return home.memory.get(key, made)

        return ask

    return wrap


def _on_disk(name: str, make: Callable[[], T], seen: str) -> T:
    found: T = decode(answer(name, lambda: encode(make()), seen))
    return found


def shipped(world: World, parts: Parts) -> World | None:
    """Return the shipped world where this one has the very same parts, else None."""
    home = _home(world, parts)
    return home if home.mark is not None else None


def _home(world: World, parts: Parts) -> World:
    """Return the oldest world that has the very same parts."""
    while world.base is not None and all(part(world, name) is part(world.base, name) for name in parts):
        world = world.base
    return world


def part(world: World, name: str) -> object:
    """Return a part of a world by its name."""
    if name == "criteria":  # what is made of the table of that name: other shapes change these, not the table
        return world.methods.criteria
    if name == "parameters":
        return world.methods.parameters
    if name in TABLES or name == COMPLETENESS:
        return world.methods.tables[name]
    return getattr(world, name) if name in WHOLE else token(world.infrastructure, name)
