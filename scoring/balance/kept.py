"""Answers kept on disk between runs: each under a hash of all that it was worked out from, so none is ever stale."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from oreway.layers.cache_folder import cache_folder

FORMAT = "1"  # of what is kept; a new number, or another solver, leaves the old files unread
FOLDER = "balance"
Document = dict[str, Any]


def digest(*parts: object) -> str:
    """Return a hash of numbers, texts, arrays and dataclasses of them."""
    found = hashlib.sha256(f"{FORMAT} {version('highspy')}".encode())
    for part in parts:
        found.update(part.tobytes() if isinstance(part, np.ndarray) else repr(part).encode())
        found.update(b"\n")
    return found.hexdigest()


def remembered(key: str, make: Callable[[], Document]) -> Document:
    """Return the document of this key, made and written first where it is not there.

    A folder that cannot be written to only costs time.
    """
    path = cache_folder() / FOLDER / f"{key}.json"
    try:
        told: Document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        told = make()
        _write(path, json.dumps(told).encode())
    return told


def _write(path: Path, told: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as fresh:
            fresh.write(told)
        Path(fresh.name).replace(path)
    except OSError:
        return
