"""Compiled functions kept on disk between runs; what is damaged there, or cannot be kept, is compiled anew.

numba is loaded when the first of them is called: much is answered without.
"""

import functools
import threading
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

from oreway.later import later

with later(__name__):
    from oreway.geo._compiler import dispatcher

F = TypeVar("F", bound=Callable[..., Any])
_LOCK = threading.RLock()
_waiting: "list[_Waiting]" = []


class _Waiting:
    """What stands in for a compiled function until one is called."""

    def __init__(self, function: Callable[..., Any], options: dict[str, Any]) -> None:
        functools.update_wrapper(self, function)
        self.function, self.options = function, options
        self.found: Callable[..., Any] | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Make what this and all others that wait stand for, and call it."""
        if self.found is None:
            _wake()
        return self.found(*arguments) if self.found is not None else None


def _wake() -> None:
    """Make what all that wait stand for, each among names of its own in which no one waits.

    Only then do the modules' own names change: another thread never meets one that is half awake.
    """
    with _LOCK:
        asleep, _waiting[:] = list(_waiting), []
        inner = {id(one.function.__globals__): dict(one.function.__globals__) for one in asleep}
        made = {id(one): dispatcher(_among(one.function, inner), one.options) for one in asleep}
        for names in inner.values():
            names.update({name: made.get(id(thing)) or thing.found
                          for name, thing in names.items() if isinstance(thing, _Waiting)})  # fmt: skip
        for one in asleep:
            one.found = made[id(one)]
            names = one.function.__globals__
            names.update({name: one.found for name, thing in list(names.items()) if thing is one})


def _among(function: Callable[..., Any], names: dict[int, dict[str, Any]]) -> Callable[..., Any]:
    """Return the same function among other names."""
    same = FunctionType(function.__code__, names[id(function.__globals__)], function.__name__, function.__defaults__)
    same.__qualname__, same.__module__, same.__doc__ = function.__qualname__, function.__module__, function.__doc__
    return same


def compiled(**options: Any) -> Callable[[F], F]:
    """Return a decorator that compiles a function on its first call, to run without the interpreter's lock.

    options are numba's; a division by zero gives infinity or NaN unless they say otherwise.
    """

    def decorate(function: F) -> F:
        waiting: Any = _Waiting(function, {"nogil": True, "error_model": "numpy", **options})
        with _LOCK:
            _waiting.append(waiting)
        found: F = waiting
        return found

    return decorate
