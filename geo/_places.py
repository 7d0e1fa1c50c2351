"""Positions made ready for searching, and the threads that search them."""

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from oreway.arrays import Floats, Ints
from oreway.geo import _kernels as kernels
from oreway.geo.geodesy import Degrees, checked_lon_lat

_SMALL = 512  # rows below which a thread costs more than it saves
_FEW = 8  # a choice smaller than one in so many is few
_MANY = 4096  # positions before it is asked in which order they come, and steps that are looked at
_AS_NEAR = 2.0  # of the usual step; a grid has the long ones between its rows too
_ALONE = np.zeros(1, np.int64)
_here = threading.local()


@dataclass(frozen=True, kw_only=True)
class Places:
    """Checked positions made ready once for any number of indexes; xyz is sorted along a space-filling curve."""

    lon: Floats
    lat: Floats
    order: Ints
    xyz: Floats

    @cached_property
    def _at(self) -> Ints:
        """The row of each place in xyz."""
        at = np.empty(len(self.order), np.int64)
        at[self.order] = np.arange(len(self.order))
        return at

    def take(self, rows: Ints) -> "Places":
        """Return some of the places, each at most once, as they are sorted: many are picked out, few are looked up."""
        if len(rows) * _FEW < len(self.lon):
            at = self._at[rows]
            order = np.argsort(at)
            return Places(lon=self.lon[rows], lat=self.lat[rows], order=order, xyz=self.xyz[at[order]])
        if len(rows) == len(self.lon) and (np.diff(rows) == 1).all():
            return self
        place = np.full(len(self.lon), -1, np.int64)
        place[rows] = np.arange(len(rows))
        order = place[self.order]
        kept = order >= 0
        return Places(lon=self.lon[rows], lat=self.lat[rows], order=order[kept], xyz=self.xyz[kept])


def places(lon: Degrees, lat: Degrees) -> Places:
    """Return positions ready to be asked about; a scalar counts as one row.

    Raises:
        GeoError: a coordinate is NaN, infinite or out of range; names the row.
    """
    x, y = _one(lon, lat) or _many(lon, lat)
    xyz = np.empty((len(x), 3))
    in_threads(len(x), kernels.to_ecef, x, y, xyz)
    if len(x) == 1:
        return Places(lon=x, lat=y, order=_ALONE, xyz=xyz)
    if _walked(xyz):
        return Places(lon=x, lat=y, order=np.arange(len(x)), xyz=xyz)
    order = _along_curve(xyz)
    return Places(lon=x, lat=y, order=order, xyz=xyz[order])


def _one(lon: Degrees, lat: Degrees) -> tuple[Floats, Floats] | None:
    """Return a single good position as rows, without what it takes to look at many; None for anything else."""
    if isinstance(lon, float) and isinstance(lat, float) and -180 <= lon <= 180 and -90 <= lat <= 90:
        return np.array([lon]), np.array([lat])
    return None


def _many(lon: Degrees, lat: Degrees) -> tuple[Floats, Floats]:
    x, y = checked_lon_lat(lon, lat, "place")
    return np.ascontiguousarray(x.ravel()), np.ascontiguousarray(y.ravel())


def _walked(xyz: Floats) -> bool:
    """Tell whether many positions come as one walks, like the cells of a grid: as near to each other as along a curve.

    Some steps stand for all; n places in a square, one after the other, are its side over the root of n apart.
    """
    n = len(xyz)
    if n < _MANY:
        return False
    seen = np.arange(0, n - 1, n // _MANY)
    steps = np.linalg.norm(xyz[seen + 1] - xyz[seen], axis=1)
    across = float(np.linalg.norm(np.ptp(xyz[seen], axis=0)))
    return bool(steps.mean() <= _AS_NEAR * across / np.sqrt(n))


def _along_curve(xyz: Floats) -> Ints:
    """Return the positions of xyz along a space-filling curve."""
    n = len(xyz)
    order = np.empty(n, np.int64)
    rooms = (np.empty(n, np.uint32), np.empty(n, np.uint32), np.empty(n, np.int64))
    kernels.morton_order(xyz, *rooms, order, np.empty(kernels.COUNTED, np.int64))
    return order


def searching(kernel: Callable[..., int | None]) -> Callable[..., int | None]:
    """Return a kernel that is given room for its search with every call, as each thread needs its own."""

    def searched(*arguments: object) -> int | None:
        return kernel(*arguments, np.empty(kernels.DEPTH, np.int64), np.empty(kernels.DEPTH))

    return searched


@cache
def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def one_thread() -> Iterator[None]:
    """Search in the calling thread alone while this lasts: other threads have the other processors at work already."""
    before, _here.alone = getattr(_here, "alone", False), True
    try:
        yield
    finally:
        _here.alone = before


def in_threads(n: int, kernel: Callable[..., int | None], *arguments: object) -> int:
    """Run a compiled kernel over the rows 0 to n, in ranges on all processors when many; return the sum of its counts.

    Plain threads, not numba's own: its parallel kernels abort or hang when two sessions call them at once.
    """
    if n < _SMALL or _processors() == 1 or getattr(_here, "alone", False):
        return kernel(0, n, *arguments) or 0
    bounds = np.linspace(0, n, 4 * _processors() + 1).astype(int).tolist()
    with ThreadPoolExecutor(_processors()) as pool:
        counts = pool.map(lambda lo, hi: kernel(lo, hi, *arguments), bounds[:-1], bounds[1:])
        return sum(count or 0 for count in counts)
