"""Answers of the shipped data kept on disk between runs, each under a mark of all that it was worked out from.

The mark is a hash of every data file, of the code and of what is installed beside it, taken anew by every process: an
answer kept for other facts or other code is not found, and what is damaged or half written counts as not there.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from oreway.layers.cache_folder import cache_folder
from oreway.layers.catalog import DATA

T = TypeVar("T")
FORMAT = "1"  # of what is kept here; a new number leaves the old folders unread
FOLDER = "answers"
ROOT = DATA.parent
ROOMS = ("geo", "layers", "scoring", "outputs", "commands")
PICTURES = "web"  # the part of data/ that no answer reads
SHOWN_DIGITS = 16
KEPT_MARKS, KEPT_VERSIONS = 8, 6  # of the newest: an older folder is swept when a new one is begun
VERSION = re.compile(r"[0-9a-f]{12}")  # the folders of indexes, one a data version
STARTED_NS = time.time_ns()  # what was written since is not what this process has loaded
FilesSeen = tuple[tuple[str, int, int], ...]


def answer(name: str, make: Callable[[], T], seen: str | None = None) -> T:
    """Return the answer of this name, made and kept first where it is not there.

    Args:
        name: what is asked, whole: the question and all that it depends on beside the data. Any text.
        make: gives the answer of the shipped data: None, text, numbers, lists, and dicts with texts as keys. Numbers
            come back as they were, NaN and infinity too; tuples come back as lists.
        seen: the mark of the data that `make` reads, taken when they were opened; by default that of now.

    A folder that cannot be written to only costs time.
    """
    seen = seen or mark()
    if seen is None:
        return _plain(make())
    path = cache_folder() / FOLDER / seen / f"{_file_name(name)}.json"
    found = _read(path, name)
    if found is not None:
        told: T = found[0]
        return told
    made = make()
    line = json.dumps([name, made], ensure_ascii=False).encode()
    if mark() == seen:
        _write(path, line)
    again: T = json.loads(line)[1]
    return again


def ready(name: str, seen: str) -> Any:
    """Return the answer of this name and mark, None where none stands ready."""
    found = _read(cache_folder() / FOLDER / seen / f"{_file_name(name)}.json", name)
    return None if found is None else found[0]


def _plain(made: T) -> T:
    told: T = json.loads(json.dumps(made))
    return told


def _file_name(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[: 2 * SHOWN_DIGITS]


def _read(path: Path, name: str) -> list[Any] | None:
    """Return the answer in a list of one, None where there is none that is whole and of this name."""
    try:
        digest, _, line = path.read_bytes().partition(b"\n")
        if digest.decode() != hashlib.sha256(line).hexdigest():
            return None
        told, found = json.loads(line)
    except (OSError, ValueError):
        return None
    return [found] if told == name else None


def _write(path: Path, line: bytes) -> None:
    try:
        if not path.parent.is_dir():
            sweep()
            path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as fresh:
            fresh.write(hashlib.sha256(line).hexdigest().encode() + b"\n" + line)
        Path(fresh.name).replace(path)
    except OSError:
        return


def sweep() -> None:
    """Remove the folders of earlier data and code but for the newest few: answers, and indexes of a data version."""
    for folder, most in ((cache_folder() / FOLDER, KEPT_MARKS), (cache_folder(), KEPT_VERSIONS)):
        named = VERSION if most == KEPT_VERSIONS else re.compile(f"[0-9a-f]{{{SHOWN_DIGITS}}}")
        with suppress(OSError):
            old = [one for one in folder.iterdir() if named.fullmatch(one.name)]
            for one in sorted(old, key=lambda one: one.stat().st_mtime_ns, reverse=True)[most - 1 :]:
                shutil.rmtree(one, ignore_errors=True)


def mark(root: Path = ROOT) -> str | None:
    """Return a hash of the data, the code and the packages installed; None when some changed under this process."""
    seen = tuple(_files(root))
    if max(changed for _, _, changed in seen) > STARTED_NS:
        return None
    return _hash(root, seen)


def _files(root: Path) -> Iterator[tuple[str, int, int]]:
    """Yield path below root, size and time of the last change of each file that an answer may depend on."""
    for top, ending in (("data", ""), *((room, ".py") for room in ROOMS)):
        for folder, inner, names in os.walk(root / top):
            inner[:] = sorted(one for one in inner if one not in {PICTURES, "__pycache__"})
            for name in sorted(one for one in names if one.endswith(ending)):
                path = os.path.join(folder, name)  # noqa: PTH118 - of hundreds, at every start
                stat = os.stat(path)  # noqa: PTH116
                yield os.path.relpath(path, root), stat.st_size, max(stat.st_mtime_ns, stat.st_ctime_ns)


@lru_cache(maxsize=2)
def _hash(root: Path, files: FilesSeen) -> str:
    digest = hashlib.sha256(f"{FORMAT} {sys.version}\n".encode())
    for package in _installed():
        digest.update(f"{package}\n".encode())
    for name, size, _ in files:
        digest.update(f"{name} {size}\n".encode())
        digest.update((root / name).read_bytes())
    return digest.hexdigest()[:SHOWN_DIGITS]


def _installed() -> list[str]:
    """Return name and version of all that is installed, as the folders beside it say."""
    found: set[str] = set()
    for folder in sys.path:
        with suppress(OSError):
            found.update(one for one in os.listdir(folder or ".") if one.endswith(".dist-info"))  # noqa: PTH208
    return sorted(found)
