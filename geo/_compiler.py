"""numba and its cache, loaded with the first compiled function that is called."""

import contextlib
from collections.abc import Callable
from typing import Any

from numba import njit
from numba.core.caching import FunctionCache
from numba.core.runtime.nrt import rtsys


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


def dispatcher(function: Callable[..., Any], options: dict[str, Any]) -> Callable[..., Any]:
    """Return what compiles a function for the types it is called with, or finds its code on disk."""
    made: Any = njit(**options)(function)
    with contextlib.suppress(RuntimeError):  # no folder to keep it in: compiled in each process
        made._cache = _MendingCache(function)  # type: ignore[no-untyped-call]
    found: Callable[..., Any] = made
    return found
