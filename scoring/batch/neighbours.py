"""Points in the order of a curve through space, so that a part of a batch holds neighbours and a small box."""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from oreway.arrays import Floats
from oreway.scoring.batch.parts import written
from oreway.scoring.batch.read import POINTS, Chunk, Reject

KEY_BITS = 16  # of each coordinate; about 600 m
CELL_BITS = 20  # of the 32 of a key: the cells whose points are counted, about 40 km
KEY = "key"
Keys = npt.NDArray[np.uint32]


def curve_key(lon: Floats, lat: Floats) -> Keys:
    """Return where points stand on a Morton curve through the lon/lat plane."""
    most = (1 << KEY_BITS) - 1
    x, y = (
        np.minimum((values + half) / (2 * half) * (most + 1), most).astype(np.uint32)
        for values, half in ((lon, 180.0), (lat, 90.0))
    )
    key: Keys = _spread(x) | _spread(y) << np.uint32(1)
    return key


def _spread(bits: Keys) -> Keys:
    """Return the 16 low bits with a gap after each."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | bits << np.uint32(shift)) & np.uint32(mask)
    return bits


def by_place(work: Iterator[Chunk], folder: Path, size: int) -> Iterator[Chunk]:
    """Yield the points of all chunks again in chunks of neighbours, of at most a number of rows.

    The points wait in a folder, each chunk sorted along the curve. All rejects come with the first chunk.

    Raises:
        ScoringError: the folder cannot be written to.
    """
    with written(folder):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    counts, rejects, shelves = np.zeros(1 << CELL_BITS, np.int64), list[Reject](), list[Path]()
    schema = POINTS
    for chunk in work:
        shelves.append(folder / f"{chunk.number:06d}.arrow")
        key = _shelve(chunk.points, shelves[-1])
        counts += np.bincount(key >> np.uint32(2 * KEY_BITS - CELL_BITS), minlength=len(counts))
        rejects += chunk.rejects
        schema = chunk.points.schema
    total, number, done = int(counts.sum()), 0, 0
    for first, last in _runs(counts, size):
        near = _gathered(shelves, first, last)
        for start in range(0, near.num_rows, size):
            part = near.slice(start, size)
            done += part.num_rows
            yield Chunk(number=number, points=part, rejects=tuple(rejects), done=done / total)
            number, rejects = number + 1, []
    if total == 0:
        yield Chunk(number=0, points=schema.empty_table(), rejects=tuple(rejects), done=1.0)


def _shelve(points: pa.Table, path: Path) -> Keys:
    key = curve_key(points["lon"].to_numpy(), points["lat"].to_numpy())
    order = np.argsort(key, kind="stable")
    table = points.append_column(KEY, pa.array(key)).take(order).combine_chunks()
    with written(path), pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return key


def _runs(counts: npt.NDArray[np.int64], size: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last cell of runs of cells that hold at most so many points, or one cell that holds more."""
    used = np.nonzero(counts)[0]
    before = np.append(0, np.cumsum(counts[used]))
    at = 0
    while at < len(used):
        after = max(at + 1, int(np.searchsorted(before, before[at] + size, side="right")) - 1)
        yield int(used[at]), int(used[after - 1])
        at = after


def _gathered(shelves: Sequence[Path], first: int, last: int) -> pa.Table:
    """Return the points of a run of cells from all shelves, along the curve, then by line."""
    shift = 2 * KEY_BITS - CELL_BITS
    found = []
    for path in shelves:
        with pa.memory_map(str(path)) as shelf:
            table = pa.ipc.open_file(shelf).read_all()
            key = table[KEY].to_numpy()
            low, high = np.searchsorted(key, [first << shift, (last + 1) << shift])
            found.append(table.slice(low, high - low))
    near = pa.concat_tables(found)
    order = np.lexsort((near["line"].to_numpy(), near[KEY].to_numpy()))
    return near.take(order).drop_columns([KEY]).combine_chunks()
