"""Imports that wait until what they bring is used: help, and refusals of words, need none of what answers need.

    with later(__name__):
        from oreway.scoring.world.world import open_world

reads, to people and to tools, as the import it is; Python's own `lazy from … import …` (PEP 810) will say the same.
What is imported so may be called, indexed, gone through, asked for its parts, and named in annotations.
"""

import builtins
import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


class Later:
    """What stands in for a thing of another module, and fetches it when it is used."""

    def __init__(self, module: str, name: str = "") -> None:
        self._module, self._name = module, name

    def found(self) -> Any:
        """Import the module and return the thing."""
        module = importlib.import_module(self._module)
        return getattr(module, self._name) if self._name else module

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do what the thing does when it is called."""
        return self.found()(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        """Return a part of the thing; not what Python itself asks of every object."""
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.found(), name)

    def __getitem__(self, key: Any) -> Any:
        """Return an item of the thing."""
        return self.found()[key]

    def __iter__(self) -> Iterator[Any]:
        """Iterate over the thing."""
        return iter(self.found())

    def __or__(self, other: object) -> "Later":
        """Return itself: a type that may be None, in an annotation."""
        return self


class _Module(ModuleType):
    """A module that hands out what stands in for its parts."""

    def __getattr__(self, name: str) -> Later:
        return Later(self.__name__, name)


@contextmanager
def later(module: str) -> Iterator[None]:
    """Let the imports that the module of this name makes in the block wait until they are used."""
    usual = builtins.__import__

    def wait(name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:  # noqa: A002
        if globals is None or globals.get("__name__") != module:  # another thread's, say
            return usual(name, globals, locals, fromlist, level)
        return _Module(name) if fromlist else Later(name)

    builtins.__import__ = wait
    try:
        yield
    finally:
        builtins.__import__ = usual
