"""Compiled functions kept on disk between runs; what is damaged there, or cannot be kept, is compiled anew.

numba is loaded when the first of them is called: much is answered without. The few that answer for one point are kept
ahead of it besides (`_ahead`): until they have been called often, they run without numba.
"""

import functools
import threading
from collections.abc import Callable
from types import FunctionType
from typing import Any, TypeVar

from oreway.geo.errors import MisfitError
from oreway.later import later

with later(__name__):
    from oreway.geo._ahead import keep, kept
    from oreway.geo._compiler import dispatcher

F = TypeVar("F", bound=Callable[..., Any])
_OFTEN = 5_000  # calls of what is kept ahead that cost as much more than numba's as loading numba does
_LOCK = threading.RLock()
_waiting: "list[_Waiting]" = []
_ahead: "list[_Waiting]" = []  # of these, what is kept ahead


def _nothing(*arguments: Any) -> Any:
    """Stand in for machine code that is not kept."""
    raise MisfitError(arguments)


class _Waiting:
    """What stands in for a compiled function until one is called."""

    def __init__(self, function: Callable[..., Any], kinds: tuple[Any, ...], options: dict[str, Any]) -> None:
        functools.update_wrapper(self, function)
        self.function, self.kinds, self.options = function, kinds, options
        self.found: Any = None
        self.ahead: Callable[..., Any] | None = None
        self.calls = 0

    def __call__(self, *arguments: Any) -> Any:
        """Run what is kept ahead of numba, else make what this and all others that wait stand for, and call it."""
        if self.found is None and self.kinds:
            try:
                return self._quick()(*arguments)
            except MisfitError:
                pass
        if self.found is None:
            wake()
        if self.ahead is _nothing:
            self._keep()
        return self.found(*arguments)

    def _quick(self) -> Callable[..., Any]:
        """Return what is kept ahead of numba, as long as that is the quicker way."""
        with _LOCK:
            self.calls += 1
            self.ahead = self.ahead or kept(self.function, self.kinds) or _nothing
            return self.ahead if self.calls <= _OFTEN else _nothing

    def _keep(self) -> None:
        """Keep this and all others that are to be kept ahead, once."""
        with _LOCK:
            awake = [one for one in _ahead if one.found is not None]
            for one in awake if self.ahead is _nothing else ():
                one.ahead = one.found
                keep(one.found.py_func, one.kinds, one.options)


def wake() -> None:
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


def compiled(ahead: tuple[Any, ...] = (), **options: Any) -> Callable[[F], F]:
    """Return a decorator that compiles a function on its first call, to run without the interpreter's lock.

    Args:
        ahead: the kinds of its arguments (see `_ahead`), for a function that is to be kept ahead of numba as well: one
            that allocates nothing and returns nothing or an int.
        options: numba's; a division by zero gives infinity or NaN unless they say otherwise.
    """

    def decorate(function: F) -> F:
        waiting: Any = _Waiting(function, ahead, {"nogil": True, "error_model": "numpy", **options})
        with _LOCK:
            _waiting.append(waiting)
            _ahead.extend([waiting] if ahead else ())
        found: F = waiting
        return found

    return decorate
