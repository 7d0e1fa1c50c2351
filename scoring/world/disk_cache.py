"""Indexes and tables kept on disk between runs: one folder a data version, mapped by every process that needs it."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from oreway.geo.errors import GeoError
from oreway.geo.nearest import NearestIndex
from oreway.later import later
from oreway.layers.cache_folder import cache_folder
from oreway.scoring.world.coded import decode, encode
from oreway.scoring.world.world import World

with later(__name__):
    import pandas as pd

FORMAT = "5"  # of what is kept here; a new number leaves the old folders unread
Pieces = tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]
SHOWN_DIGITS = 12
CODED = "\x01"  # begins a cell that is no text


def world_key(world: World) -> str:
    """Return a short hash of the data and method tables: what is kept for one is never used for another."""
    digest = hashlib.sha256(f"{FORMAT} {world.data_version}\n".encode())
    for name in sorted(world.methods.tables):
        digest.update(world.methods.tables[name].to_csv(index=False).encode())
    return digest.hexdigest()[:SHOWN_DIGITS]


def fingerprint(ids: pd.Index) -> str:
    """Return a short hash of ids in their order: another choice of features is another index."""
    codes = pd.util.hash_array(ids.to_numpy(dtype=object), categorize=False)
    return hashlib.sha256(np.ascontiguousarray(codes).tobytes()).hexdigest()[:SHOWN_DIGITS]


def positions(ids: pd.Index, wanted: object) -> npt.NDArray[np.int64]:
    """Return where each wanted id stands among ids, -1 where it does not."""
    return ids.get_indexer(pd.Index(np.asarray(wanted, dtype=object))).astype(np.int64)


class Texts:
    """Texts in their order, read by row from where they are mapped; what is no text is told as `coded` does."""

    def __init__(self, ends: npt.NDArray[np.int64], letters: npt.NDArray[np.uint8]) -> None:
        self._ends, self._letters = ends, letters

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._ends) - 1

    def take(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
        """Return the texts of some rows, "" for -1."""
        found = np.full(len(rows), "", dtype=object)
        known, letters = np.nonzero(rows >= 0)[0], self._letters.data
        starts, ends = self._ends[rows[known]].tolist(), self._ends[rows[known] + 1].tolist()
        for i, start, end in zip(known.tolist(), starts, ends, strict=True):
            cell = str(letters[start:end], "utf-8")
            found[i] = decode(json.loads(cell[1:])) if cell[:1] == CODED else cell
        return found

    @classmethod
    def of(cls, cells: npt.NDArray[np.object_]) -> Texts:
        """Return texts as they are mapped."""
        told = [(cell if isinstance(cell, str) else CODED + json.dumps(encode(cell))).encode() for cell in cells]
        return cls(*_joined(told))

    @property
    def arrays(self) -> Pieces:
        """Return where each text ends, after a 0, and the letters of all."""
        return self._ends, self._letters


def _joined(pieces: list[bytes]) -> Pieces:
    """Return where each piece ends, after a 0, and all of them with one byte after the last: none is no file."""
    return np.cumsum([0, *map(len, pieces)], dtype=np.int64), np.frombuffer(b"".join(pieces) + b"\n", np.uint8)


def _part(made: Callable[[], Pieces], part: int) -> npt.NDArray[Any]:
    return made()[part]


def _fit(ends: npt.NDArray[np.int64], letters: npt.NDArray[np.uint8]) -> bool:
    """Tell whether two files are of one making."""
    return len(ends) > 0 and int(ends[-1]) + 1 == len(letters)


class Store:
    """The folder of one data version. A folder that cannot be written to only costs time: things are made anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, world: World) -> Store:
        """Return the store of a world."""
        return cls(cache_folder() / world_key(world))

    def index(self, name: str, make: Callable[[], NearestIndex]) -> NearestIndex:
        """Return the index of this name mapped from disk, made and saved first when it is not there."""
        folder = self.folder / name
        try:
            return NearestIndex.open(folder)
        except GeoError:
            made = make()
        try:
            made.save(folder)
            return NearestIndex.open(folder)
        except (OSError, GeoError):  # not writable, or another process was quicker
            return made

    def texts(self, name: str, make: Callable[[], npt.NDArray[np.object_]]) -> Texts:
        """Return the texts of this name mapped from disk, made and saved first when they are not there."""
        return Texts(*self._pieces(name, lambda: Texts.of(make()).arrays))

    def shapes(self, name: str, make: Callable[[], npt.NDArray[np.object_]]) -> npt.NDArray[np.object_]:
        """Return the shapes of this name, made and saved first when they are not there."""
        ends, letters = self._pieces(name, lambda: _joined(list(shapely.to_wkb(make()))))
        whole = letters.tobytes()
        pieces = [whole[begin:end] for begin, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True)]
        return np.asarray(shapely.from_wkb(np.array(pieces, dtype=object)), dtype=object).reshape(len(pieces))

    def _pieces(self, name: str, make: Callable[[], Pieces]) -> Pieces:
        """Return ends and letters of this name; two files that are not of one making are written again."""
        made = functools.cache(make)
        files = {f"{name}-until": 0, f"{name}-letters-of": 1}
        for _ in range(2):
            ends, letters = (self.array(place, functools.partial(_part, made, part)) for place, part in files.items())
            if _fit(ends, letters):
                return ends, letters
            for place in files:
                with contextlib.suppress(OSError):
                    (self.folder / f"{place}.npy").unlink()
        return made()

    def array(self, name: str, make: Callable[[], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        """Return the array of this name mapped from disk, made and saved first when it is not there."""
        path = self.folder / f"{name}.npy"
        try:
            return np.asarray(np.load(path, mmap_mode="c"))
        except (OSError, ValueError):
            made = make()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=self.folder))
        except OSError:
            return made
        try:
            np.save(fresh / path.name, made)
            (fresh / path.name).replace(path)
        except OSError:
            return made
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
        return made
