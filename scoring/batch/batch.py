"""The same measures and scores for any number of points: from a file to a file, on this machine or on a Dask cluster.

Rows are read in chunks, each chunk becomes a part in a work folder beside the output, the parts become the output.
A run that was killed goes on from its finished parts; the output appears whole or not at all.
"""

import collections
import dataclasses
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pyarrow as pa

from oreway.arrays import Floats
from oreway.geo._places import one_thread
from oreway.geo.files.rows import ENDINGS, Members, Writer, open_writer, settle
from oreway.layers.endless import is_endless
from oreway.layers.errors import CoordinateError
from oreway.layers.extras import load
from oreway.layers.tables.systems import code_of
from oreway.layers.upload.raw import Choice
from oreway.layers.vocabulary import USUAL_ACCURACY_KM
from oreway.said import PlainSaying, listed, why
from oreway.scoring.batch.database import as_files
from oreway.scoring.batch.doubts import Doubts
from oreway.scoring.batch.lock import sole_run
from oreway.scoring.batch.neighbours import by_place
from oreway.scoring.batch.parts import (
    DATASET,
    JOINED,
    Parts,
    Step,
    open_work,
    settle_dataset,
    step_of,
    work_folder,
    written,
)
from oreway.scoring.batch.read import CHUNK, Chunk, PointReader, Reject
from oreway.scoring.batch.rejects import write_rejects
from oreway.scoring.batch.sayings import BatchSaying
from oreway.scoring.batch.sources import open_source
from oreway.scoring.batch.table import batch_table
from oreway.scoring.build.items import bill_points
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.score import score_points
from oreway.scoring.measure.classes import measure_points, prepare
from oreway.scoring.measure.measure import ANY_COMMODITY, points_of
from oreway.scoring.measure.targets import CLASSES
from oreway.scoring.world.cells import OUT
from oreway.scoring.world.place import key_of, whereabouts
from oreway.scoring.world.world import World, open_world

__all__ = ["BatchResult", "batch", "grid_values", "ready_world", "sole_run"]

LAYOUT = 3  # of the columns; a new number leaves the parts of older runs unused
Progress = Callable[[float, int], None]


@dataclasses.dataclass(frozen=True, kw_only=True)
class BatchResult:
    """What a batch did: rows_in = rows_out + rejected. resumed: rows taken over from an earlier, killed run.

    notes: what was understood of the input, and what was put right.
    """

    rows_in: int
    rows_out: int
    rejected: int
    resumed: int
    out: Path
    rejects: Path | None
    notes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Job:
    """What is asked of a batch."""

    source: Path
    out: Path
    is_folder: bool
    scheduler: str
    profile: str | None
    accuracy_km: float
    chunk_rows: int
    members: Members
    rejects: Path
    choice: Choice


def batch(
    source: str | Path,
    out: str | Path,
    *,
    world: World | None = None,
    scheduler: str = "",
    profile: str | None = None,
    accuracy_km: float = USUAL_ACCURACY_KM,
    choice: Choice | None = None,
    chunk_rows: int = CHUNK,
    members: Members | None = None,
    progress: Progress | None = None,
) -> BatchResult:
    """Measure and score every point of a file.

    Args:
        source: csv, tsv, parquet or geojson with points, or another format of `layers.upload.upload` under its limits,
        or the
            postgresql:// address of a table (see `layers.postgis`); columns by their usual spellings.
        out: .parquet, .csv, .geojson or .gpkg; with "/" at the end a folder of GeoParquet parts, each of neighbours
            (the column line leads back to the input); or an address, whose table is replaced in one transaction.
        world: the opened world; None opens the shipped one. A cluster's workers open the shipped one themselves.
        scheduler: address of a dask.distributed scheduler; "" for this machine.
        profile: a weight profile; None for the profile of each point's setting.
        accuracy_km: how far off a position may be where the file does not say.
        choice: the layer and the reference system, where the file does not say.
        chunk_rows: rows of a part; as many are in memory for each thread.
        members: provenance to write into the output.
        progress: called with the share of the input that is done, and the rows written so far.

    Raises:
        ScoringError: the input, the output or the profile cannot be used, another run writes the same output, or the
            scheduler does not answer.
        PostgisError: a table cannot be read or written; what stood there before stays as it was.
    """
    with as_files(str(source), str(out)) as files:
        job = _Job(
            source=files.source, out=Path(files.out), is_folder=files.out.endswith(("/", os.sep)), scheduler=scheduler,
            profile=profile, accuracy_km=accuracy_km, chunk_rows=chunk_rows, members=members or {},
            rejects=files.rejects, choice=choice or Choice(),
        )  # fmt: skip
        _check(job)
        with sole_run(job.out):
            return _run(job, world, progress or _silent)


def _run(job: _Job, world: World | None, progress: Progress) -> BatchResult:
    source = open_source(job.source, job.choice)
    reading = PointReader(source, str(job.source), accuracy_km=job.accuracy_km, system=_code(job.choice.system))
    ready = ready_world(world, CLASSES, job.profile)
    key = key_of(ready)
    parts = open_work(job.out, _fingerprint(job, key), DATASET if job.is_folder else JOINED, job.members)
    doubts = Doubts(ready)
    work = _doubted(doubts, reading.chunks(job.chunk_rows))
    if job.is_folder:
        work = by_place(work, work_folder(job.out) / "points", job.chunk_rows)
    if job.scheduler:
        cluster = load("oreway.scoring.batch.cluster", "cluster")
        steps = cluster.on_cluster(job.scheduler, work, parts, key, job.profile)
    else:
        steps = _on_this_machine(ready, work, parts, job.profile)
    done = _finished(ready, job, parts, steps, progress, reading.schema)
    return dataclasses.replace(done, notes=(*reading.notes, *doubts.said()))


def _doubted(doubts: Doubts, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """Yield chunks, each looked at for positions that look wrong."""
    for chunk in chunks:
        wanted = doubts.columns(chunk.points.column_names)
        if wanted:
            doubts.add(chunk.points.select(wanted).to_pandas())
        yield chunk


def _code(system: str) -> str:
    """Return the code of the reference system a user names, "" for none.

    Raises:
        ScoringError: not known.
    """
    try:
        return code_of(system) if system else ""
    except CoordinateError as error:
        raise ScoringError(why(error)) from None


def ready_world(world: World | None, classes: Iterable[str] = CLASSES, profile: str | None = None) -> World:
    """Return a world, None for the shipped one, with the indexes of some classes opened or made.

    Raises:
        ScoringError: no such profile.
    """
    opened = world or open_world()
    if profile is not None:
        opened.methods.profile_weights(profile)
    prepare(opened, classes)
    return opened


def grid_values(
    world: World,
    lon: Floats,
    lat: Floats,
    classes: Iterable[str],
    *,
    score: bool = False,
    bill: bool = False,
    profile: str | None = None,
) -> dict[str, Floats]:
    """Return <class>_km for each class and, on request and on land, score and bill; NaN where there is none.

    score gives score and score_coverage, bill gives bill_usd_m, bill_low_usd_m and bill_high_usd_m.
    """
    points = points_of(world, lon, lat, np.zeros(len(lon)), np.zeros(len(lon), np.int64), [ANY_COMMODITY])
    shown, where = tuple(classes), whereabouts(world, lon, lat)
    found = measure_points(world, points, where, CLASSES if score or bill else shown)
    values = {f"{class_}_km": found[class_].distance_km for class_ in shown}
    if score:
        scores, land = score_points(world, points, where, found, profile), where.landmass != OUT
        values |= {"score": np.where(land, scores.total, np.nan)}
        values |= {"score_coverage": np.where(land, scores.coverage, np.nan)}
    if bill:
        bills = bill_points(world, points, where, found)
        values |= {"bill_usd_m": bills.base, "bill_low_usd_m": bills.low, "bill_high_usd_m": bills.high}
    return values


def _silent(done: float, rows: int) -> None:
    del done, rows


def _check(job: _Job) -> None:
    if job.source.resolve() == job.out.resolve():
        raise ScoringError(BatchSaying.IS_INPUT(job.out))
    if job.is_folder:
        if job.out.exists() and (not job.out.is_dir() or any(job.out.iterdir())):
            raise ScoringError(BatchSaying.FOLDER_FULL(job.out))
    elif job.out.is_dir():
        raise ScoringError(BatchSaying.IS_FOLDER(job.out))
    elif job.out.suffix.lower() not in ENDINGS:
        raise ScoringError(BatchSaying.OUT_ENDING(job.out, repr(job.out.suffix), listed(ENDINGS)))
    if is_endless(job.out):
        raise ScoringError(PlainSaying.IS_DEVICE(job.out))
    if not job.accuracy_km >= 0:
        raise ScoringError(BatchSaying.ACCURACY(job.accuracy_km))


def _fingerprint(job: _Job, key: str) -> dict[str, object]:
    """Return what has to be the same for the parts of a killed run to be of use."""
    stat = job.source.stat()
    return {
        "layout": LAYOUT, "chunk": job.chunk_rows, "world": key, "source": str(job.source.resolve()),
        "size": stat.st_size,
        "modified_ns": stat.st_mtime_ns, "profile": job.profile, "accuracy_km": job.accuracy_km,
        "folder": job.is_folder, "layer": job.choice.layer, "system": job.choice.system,
    }  # fmt: skip


def _on_this_machine(world: World, work: Iterator[Chunk], parts: Parts, profile: str | None) -> Iterator[Step]:
    """Yield a step for every chunk, in order; a few chunks are in hand at a time, so memory does not grow.

    A thread a chunk; a chunk that is all there is has all of them.
    """
    threads = os.cpu_count() or 1
    waiting: collections.deque[Future[Step]] = collections.deque()

    def one(chunk: Chunk) -> Step:
        step = step_of(chunk)
        if parts.rows(chunk.number) == step.rows:
            return dataclasses.replace(step, kept=True)
        with one_thread() if chunk.number or chunk.done < 1 else nullcontext():
            table = batch_table(world, chunk.points, profile)
        parts.save(chunk.number, table)
        return dataclasses.replace(step, table=table)

    with ThreadPoolExecutor(threads) as pool:
        try:
            for chunk in work:
                waiting.append(pool.submit(one, chunk))
                if len(waiting) > threads:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _finished(
    world: World, job: _Job, parts: Parts, steps: Iterator[Step], progress: Progress, schema: pa.Schema
) -> BatchResult:
    """Take the steps as they come, join their parts when a file is asked for, and put everything in its place."""
    seen: list[Step] = []
    rejects: list[Reject] = []

    def counted() -> Iterator[Step]:
        rows = 0
        for step in steps:
            rows += step.rows
            rejects.extend(step.rejects)
            seen.append(dataclasses.replace(step, table=None, rejects=()))
            yield step
            progress(step.done, rows)

    if job.is_folder:
        collections.deque(counted(), maxlen=0)
        settle_dataset(parts, len(seen), job.out)
    else:
        fresh = work_folder(job.out) / f"joined{job.out.suffix.lower()}"
        with written(job.out):
            columns = batch_table(world, schema.empty_table(), job.profile).schema
            with open_writer(fresh, job.out.suffix.lower(), columns, parts.members) as rows:
                _join(rows, parts, counted())
            settle(fresh, job.out)
    rows_out = sum(step.rows for step in seen)
    told = write_rejects(job.rejects, rejects)
    shutil.rmtree(work_folder(job.out), ignore_errors=True)
    return BatchResult(
        rows_in=rows_out + len(rejects), rows_out=rows_out, rejected=len(rejects), out=job.out, rejects=told,
        resumed=sum(step.rows for step in seen if step.kept),
    )  # fmt: skip


def _join(rows: Writer, parts: Parts, steps: Iterator[Step]) -> None:
    """Add the parts to a file in the order of the input, whatever the order they are finished in."""
    early: set[int] = set()
    following = 0
    for step in steps:
        if step.number != following:
            early.add(step.number)
            continue
        rows.add(parts.load(step.number) if step.table is None else step.table)
        following += 1
        while following in early:
            early.remove(following)
            rows.add(parts.load(following))
            following += 1
