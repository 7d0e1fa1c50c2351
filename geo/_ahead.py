"""Kernels compiled ahead: their machine code kept on disk, read and run by LLVM alone.

A process that asks about one point spends more on loading numba than on the answer. So what the few kernels of such an
answer are compiled to, by numba, from the same source and with the same options, is kept once more without what ties it
to numba: bare functions of numbers and addresses, called through ctypes. Only plain numbers and contiguous arrays come
in, nothing is allocated within, and names are looked up before anything is linked, so that what does not fit is left
to numba.
"""

import ctypes
import hashlib
import json
import logging
import os
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite
import numpy as np
from llvmlite import binding as llvm

from oreway.geo.errors import MisfitError
from oreway.later import later

with later(__name__):
    from oreway.geo._compiler import machine_code

LOG = logging.getLogger(__name__)
Kind = str | tuple["Kind", ...]  # int, float, float64:2 (an array and its dimensions, ! if written), a tuple
Kernel = Callable[..., Any]
Plain = tuple[Any, ...]  # numbers and addresses

_SETTINGS = "NUMBA_"  # a user's settings of the compiler, but for the folder of its cache: numba alone knows them
_FOLDER = "NUMBA_CACHE_DIR"
_RELEASE = "NRT_MemInfo_call_dtor"
_NUMBERS: dict[str, tuple[type, Any]] = {"int": (int, ctypes.c_int64), "float": (float, ctypes.c_double)}


class _Code(NamedTuple):
    """A function's machine code: its name there, whether it returns a number, the names it calls, the code."""

    symbol: str
    returns: bool
    calls: list[str]
    code: bytes


def kept(function: Callable[..., Any], kinds: tuple[Kind, ...]) -> Kernel | None:
    """Return a function as the machine code kept of it, None where there is none that can be used.

    What it returns raises MisfitError for what is of other kinds.
    """
    path = _path(function)
    code = None if path is None else _read(path, _mark(function))
    address = None if code is None else _linked(code)
    return None if code is None or address is None else _callable(address, kinds, returns=code.returns)


def keep(function: Callable[..., Any], kinds: tuple[Kind, ...], options: dict[str, Any]) -> None:
    """Keep the machine code of a function where that can be done and it is not kept yet."""
    path, mark = _path(function), _mark(function)
    if path is not None and os.access(path.parent, os.W_OK) and _read(path, mark) is None:
        try:
            _write(path, mark, _Code(*machine_code(function, kinds, options)))
        except Exception:  # numba runs what cannot be kept; another version of it may have other parts
            LOG.debug("%s is not kept ahead; numba runs it", function.__name__, exc_info=True)


def _path(function: Callable[..., Any]) -> Path | None:
    """Return the file of a function's code; None where none can be kept."""
    if sys.platform != "linux" or any(name.startswith(_SETTINGS) and name != _FOLDER for name in os.environ):
        return None
    source = Path(function.__code__.co_filename)
    named = os.environ.get(_FOLDER)
    folder = Path(named) if named else source.parent / "__pycache__"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{source.stem}.{function.__name__}.code"
    return None


def _mark(function: Callable[..., Any]) -> bytes:
    """Return what stands for all that a function's code depends on: kernels call kernels of other files."""
    return _mark_of(Path(function.__code__.co_filename).parent)


@cache
def _mark_of(folder: Path) -> bytes:
    compiler = find_spec("numba")
    by = Path(compiler.origin).with_name("_version.py") if compiler and compiler.origin else Path(__file__)
    features = llvm.get_host_cpu_features().flatten()
    mark = hashlib.sha256(f"{llvmlite.__version__}\n{llvm.get_host_cpu_name()}\n{features}".encode())
    for source in (by, *sorted(folder.glob("_*.py"))):
        mark.update(source.read_bytes())
    return mark.digest()


def _seal(mark: bytes, head: bytes, code: bytes) -> bytes:
    return hashlib.sha256(mark + head + code).hexdigest().encode()


def _read(path: Path, mark: bytes) -> _Code | None:
    """Return what is kept, None where there is nothing, or it is damaged or made for another source or machine."""
    try:
        seal, head, code = path.read_bytes().split(b"\n", 2)
    except (OSError, ValueError):
        return None
    if seal != _seal(mark, head, code):
        return None
    symbol, returns, calls = json.loads(head)
    return _Code(symbol, returns, calls, code)


def _write(path: Path, mark: bytes, code: _Code) -> None:
    """Keep code; the file appears whole or not at all."""
    head = json.dumps(code[:3]).encode()
    handle, fresh = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(b"\n".join([_seal(mark, head, code.code), head, code.code]))
        Path(fresh).chmod(0o644)
        Path(fresh).replace(path)
    finally:
        Path(fresh).unlink(missing_ok=True)


@ctypes.CFUNCTYPE(None, ctypes.c_void_p)
def _release(owner: int | None) -> None:
    """Stand in for what gives back numba's own arrays: none comes in, so it is never called."""
    del owner


@cache
def _engine() -> Any:
    """Return what links machine code into this process."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    if not llvm.address_of_symbol(_RELEASE):
        llvm.add_symbol(_RELEASE, ctypes.cast(_release, ctypes.c_void_p).value)
    return engine


def _linked(code: _Code) -> int | None:
    """Return the address of a function, None where a name it calls is not to be had: LLVM would end the process."""
    engine = _engine()
    if not all(llvm.address_of_symbol(name) for name in code.calls):
        return None
    engine.add_object_file(llvm.ObjectFileRef.from_data(code.code))
    engine.finalize_object()
    return int(engine.get_function_address(code.symbol)) or None


def _callable(address: int, kinds: tuple[Kind, ...], *, returns: bool) -> Kernel:
    """Return a function at an address: numba's own way to call, a place for the result and one for faults first."""
    types = [ctypes.c_void_p, ctypes.c_void_p, *(one for kind in kinds for one in _types(kind))]
    function = ctypes.CFUNCTYPE(ctypes.c_int32, *types)(address)
    ways = [_way(kind) for kind in kinds]

    def call(*arguments: Any) -> int | None:
        if len(arguments) != len(ways):
            raise MisfitError
        result, fault = ctypes.c_int64(0), ctypes.c_void_p()
        plain: list[Any] = []
        for way, given in zip(ways, arguments, strict=True):
            plain += way(given)
        if function(ctypes.addressof(result), ctypes.addressof(fault), *plain):
            raise MisfitError
        return result.value if returns else None

    return call


def _types(kind: Kind) -> Iterator[Any]:
    """Yield the types of what a kind is passed as; an array: two owners, size, item size, address, shape, steps."""
    if isinstance(kind, tuple):
        for one in kind:
            yield from _types(one)
    elif kind in _NUMBERS:
        yield _NUMBERS[kind][1]
    else:
        dimensions = int(kind.rstrip("!").split(":")[1])
        yield from (ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_void_p)
        yield from [ctypes.c_int64] * (2 * dimensions)


def _way(kind: Kind) -> Callable[[Any], Plain]:
    """Return what turns a thing of a kind into numbers and addresses; it raises MisfitError for one of another kind."""
    if isinstance(kind, tuple):
        return _together([_way(one) for one in kind])
    if kind in _NUMBERS:
        return _number(_NUMBERS[kind][0])
    dtype, dimensions = kind.rstrip("!").split(":")
    if kind.endswith("!"):
        return partial(_array, np.dtype(dtype), int(dimensions), written=True)
    return _remembered(partial(_array, np.dtype(dtype), int(dimensions), written=False))


def _together(ways: list[Callable[[Any], Plain]]) -> Callable[[Any], Plain]:
    def way(given: Any) -> Plain:
        if not isinstance(given, tuple) or len(given) != len(ways):
            raise MisfitError
        return tuple(one for part_way, part in zip(ways, given, strict=True) for one in part_way(part))

    return way


def _number(of: type) -> Callable[[Any], Plain]:
    def way(given: Any) -> Plain:
        if not isinstance(given, of):
            raise MisfitError
        return (given,)

    return way


def _remembered(of_array: Callable[[Any], Plain]) -> Callable[[Any], Plain]:
    """Return a way that knows the arrays it has met, while they live: those of an index come with every call."""
    known: dict[int, tuple[weakref.ref[Any], Plain]] = {}

    def forget(key: int, gone: weakref.ref[Any]) -> None:
        if key in known and known[key][0] is gone:  # its number may be another's by now
            del known[key]

    def way(given: Any) -> Plain:
        key = id(given)
        met = known.get(key)
        if met is not None and met[0]() is given:
            return met[1]
        plain = of_array(given)
        known[key] = weakref.ref(given, partial(forget, key)), plain
        return plain

    return way


def _array(dtype: np.dtype[Any], dimensions: int, given: Any, *, written: bool) -> Plain:
    if not isinstance(given, np.ndarray) or given.dtype != dtype or given.ndim != dimensions:
        raise MisfitError
    flags = given.flags
    if not (flags.c_contiguous and flags.aligned and (flags.writeable or not written)):
        raise MisfitError
    return (None, None, given.size, given.itemsize, given.ctypes.data, *given.shape, *given.strides)
