"""Compiled functions kept on disk between runs; what is damaged there, or cannot be kept, is compiled anew."""

import contextlib
from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys

F = TypeVar("F", bound=Callable[..., Any])


class _MendingCache(FunctionCache):
    """numba's cache of one function; a file that cannot be read counts as missing and is written again."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the kept code of a signature, None where there is none that can be read.

        Kept code needs memory management and nothing else of numba; all that compiling needs is loaded when nothing is
        kept: it takes several times as long as reading every kernel.
        """
        try:
            rtsys.initialize(target_context)
            kept = self._load_overload(sig, target_context)  # type: ignore[no-untyped-call]
            return kept or super().load_overload(sig, target_context)  # type: ignore[no-untyped-call]
        except Exception:  # noqa: BLE001 - unpickling damaged bytes may raise anything
            self._forget()
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep the code of a signature where that can be done."""
        try:
            super().save_overload(sig, data)  # type: ignore[no-untyped-call]
        except Exception:  # noqa: BLE001 - the index on disk is read first, and may be damaged
            self._forget()

    def _forget(self) -> None:
        with contextlib.suppress(OSError):
            self.flush()  # type: ignore[no-untyped-call]


def compiled(**options: Any) -> Callable[[F], F]:
    """Return a decorator that compiles a function on its first call, to run without the interpreter's lock.

    options are numba's; a division by zero gives infinity or NaN unless they say otherwise.
    """

    def decorate(function: F) -> F:
        dispatcher: Any = njit(**{"nogil": True, "error_model": "numpy", **options})(function)
        with contextlib.suppress(RuntimeError):  # no folder to keep it in: compiled in each process
            dispatcher._cache = _MendingCache(function)  # type: ignore[no-untyped-call]
        found: F = dispatcher
        return found

    return decorate
