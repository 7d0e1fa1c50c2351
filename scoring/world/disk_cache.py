"""Indexes and tables kept on disk between runs: one folder a data version, mapped by every process that needs it."""

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from oreway.geo.errors import GeoError
from oreway.geo.nearest import NearestIndex
from oreway.layers.cache_folder import cache_folder
from oreway.scoring.world.world import World

FORMAT = "5"  # of what is kept here; a new number leaves the old folders unread
SHOWN_DIGITS = 12


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


class Store:
    """The folder of one data version. A folder that cannot be written to only costs time: things are made anew."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @classmethod
    def of(cls, world: World) -> "Store":
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
