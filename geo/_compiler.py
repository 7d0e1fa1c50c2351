"""numba and its cache, loaded with the first compiled function that is called."""

import contextlib
import struct
from collections.abc import Callable
from typing import Any

from llvmlite import binding as llvm
from numba import njit, types
from numba.core.caching import FunctionCache
from numba.core.compiler import Flags, compile_extra
from numba.core.runtime.nrt import rtsys

_SYMBOL = struct.Struct("<IBBHQQ")  # ELF-64: place of the name, kind, sight, section (0: elsewhere), value, size


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


def machine_code(
    function: Callable[..., Any], kinds: tuple[Any, ...], options: dict[str, Any]
) -> tuple[str, bool, list[str], bytes]:
    """Return a function compiled for kinds of arguments, without what calls it from Python or allocates.

    Args:
        function: as written.
        kinds: as `oreway.geo._ahead` says them.
        options: numba's.

    Returns:
        Its name in the code, whether it returns a number, the names the code calls, the code.
    """
    made: Any = njit(**options)(function)
    flags: Any = Flags()  # type: ignore[no-untyped-call]
    made.targetdescr.options.parse_as_flags(flags, made.targetoptions)
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.nrt = False
    given = tuple(map(_numba_type, kinds))
    target = made.targetdescr
    context = (target.typing_context, target.target_context)
    done = compile_extra(*context, function, given, None, flags, {})  # type: ignore[no-untyped-call]
    code = done.library.serialize_using_object_code()[2][0]
    return done.fndesc.llvm_func_name, done.signature.return_type != types.none, _outer_names(code), code


def _outer_names(code: bytes) -> list[str]:
    """Return the names that an ELF object file expects to find elsewhere."""
    parts = {part.name(): part.data() for part in llvm.ObjectFileRef.from_data(code).sections()}
    names = parts[b".strtab"]
    begins = [name for name, _, _, section, _, _ in _SYMBOL.iter_unpack(parts[b".symtab"]) if name and not section]
    return sorted(names[begin : names.index(b"\0", begin)].decode() for begin in begins)


def _numba_type(kind: Any) -> Any:
    if isinstance(kind, tuple):
        return types.Tuple([_numba_type(one) for one in kind])  # type: ignore[no-untyped-call]
    if ":" not in kind:
        return {"int": types.int64, "float": types.float64}[kind]
    dtype, dimensions = kind.rstrip("!").split(":")
    return types.Array(getattr(types, dtype), int(dimensions), "C")
