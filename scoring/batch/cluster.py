"""The parts of a batch on a dask.distributed cluster: every worker opens the world itself and writes its own parts."""

import dataclasses
import functools
import threading
from collections.abc import Iterator

import pyarrow as pa
from distributed import Client, Future, as_completed
from distributed.scheduler import KilledWorker

from oreway.scoring.batch.parts import Parts, Step, step_of
from oreway.scoring.batch.read import Chunk
from oreway.scoring.batch.sayings import BatchSaying
from oreway.scoring.batch.table import batch_table
from oreway.scoring.errors import ScoringError
from oreway.scoring.measure.classes import prepare
from oreway.scoring.world.place import key_of
from oreway.scoring.world.world import World, open_world

CONNECT_SECONDS = 20
RETRIES = 2
AHEAD = 3  # chunks waiting at the scheduler for each thread
_OPENING = threading.Lock()


@functools.lru_cache(maxsize=1)
def _world_ready() -> World:
    world = open_world()
    prepare(world)
    return world


def worker_part(points: bytes, number: int, parts: Parts, key: str, profile: str | None) -> int:
    """Measure and write one part on a worker; return its number.

    Raises:
        ScoringError: the worker has another data version, or cannot write to the folder.
    """
    with _OPENING:
        world = _world_ready()
    if key_of(world) != key:
        raise ScoringError(BatchSaying.OTHER_VERSION())
    if not parts.folder.is_dir():
        raise ScoringError(BatchSaying.FOLDER_UNSEEN(parts.folder))
    with pa.ipc.open_stream(points) as reader:
        chunk = reader.read_all()
    parts.save(number, batch_table(world, chunk, profile))
    return number


def _as_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table.combine_chunks())
    content: bytes = sink.getvalue().to_pybytes()
    return content


def on_cluster(address: str, work: Iterator[Chunk], parts: Parts, key: str, profile: str | None) -> Iterator[Step]:
    """Yield a step for every chunk once its part is finished, in the order they finish.

    The points travel with the task, so a part of a worker that dies is done again by another.

    Raises:
        ScoringError: the scheduler does not answer, or several workers died over the same part.
    """
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ScoringError(BatchSaying.NO_SCHEDULER(address, error)) from None
    with client:
        waiting: dict[Future[int], Step] = {}
        finished = as_completed(loop=client.loop)  # type: ignore[no-untyped-call]
        for chunk in work:
            step = step_of(chunk)
            if parts.rows(chunk.number) == step.rows:
                yield dataclasses.replace(step, kept=True)
                continue
            arguments = (_as_bytes(chunk.points), chunk.number, parts, key, profile)
            task = client.submit(worker_part, *arguments, pure=False, retries=RETRIES)
            waiting[task] = step
            finished.add(task)  # type: ignore[no-untyped-call]
            while len(waiting) >= AHEAD * _threads(client):
                yield _next(finished, waiting)
        while waiting:
            yield _next(finished, waiting)


def _threads(client: Client) -> int:
    threads: dict[str, int] = client.nthreads()  # type: ignore[no-untyped-call]
    return max(1, sum(threads.values()))


def _next(finished: as_completed, waiting: dict[Future[int], Step]) -> Step:
    task = next(finished)
    try:
        task.result()
    except KilledWorker as error:
        raise ScoringError(BatchSaying.WORKERS_DIED(error)) from None
    return waiting.pop(task)
