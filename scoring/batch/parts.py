"""The work folder of a run: what is being done, and the finished parts, so that a killed run can go on."""

import dataclasses
import json
import shutil
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from oreway.geo.files.rows import Members, open_writer
from oreway.said import PlainSaying
from oreway.scoring.batch.read import Chunk, Reject
from oreway.scoring.batch.sayings import BatchSaying
from oreway.scoring.errors import ScoringError

JOB = "job.json"
JOINED, DATASET = "arrow", "parquet"
SEAL = ".seal"
BLOCK_BYTES = 1 << 20


@dataclasses.dataclass(frozen=True, kw_only=True)
class Step:
    """A chunk whose part is finished; kept says by an earlier run, table holds it while it is still at hand."""

    number: int
    rows: int
    rejects: tuple[Reject, ...]
    done: float
    kept: bool = False
    table: pa.Table | None = None


def step_of(chunk: Chunk) -> Step:
    """Return the step of a chunk, without its points."""
    return Step(number=chunk.number, rows=chunk.points.num_rows, rejects=chunk.rejects, done=chunk.done)


@contextmanager
def written(path: Path) -> Iterator[None]:
    """Turn a failure to write into a refusal that names the place.

    Raises:
        ScoringError: the folder is missing, not writable or full.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise ScoringError(BatchSaying.NOT_WRITTEN(path, reason)) from None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of one run. kind: JOINED parts are put together at the end, DATASET parts are the result."""

    folder: Path
    kind: str
    members: Members

    def path(self, number: int) -> Path:
        """Return where a part stands when it is finished."""
        return self.folder / f"part-{number:06d}.{self.kind}"

    def save(self, number: int, table: pa.Table) -> None:
        """Write a part; it appears whole or not at all, whoever else writes the same."""
        path = self.path(number)
        fresh = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
        with written(path):
            if self.kind == JOINED:
                with pa.OSFile(str(fresh), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                    writer.write_table(table)
            else:
                with open_writer(fresh, ".parquet", table.schema, self.members) as rows:
                    rows.add(table)
            seal = f"{table.num_rows} {_checksum(fresh)}"
            fresh.replace(path)
            fresh.write_text(seal, encoding="ascii")
            fresh.replace(self._seal(number))

    def _seal(self, number: int) -> Path:
        return self.path(number).with_suffix(SEAL)

    def rows(self, number: int) -> int | None:
        """Return the number of rows of a finished part, None when it is not there or damaged."""
        try:
            rows, checksum = map(int, self._seal(number).read_text(encoding="ascii").split())
            return rows if _checksum(self.path(number)) == checksum else None
        except (OSError, ValueError):
            return None

    def load(self, number: int) -> pa.Table:
        """Return a finished part that is to be joined."""
        with pa.OSFile(str(self.path(number))) as handle:
            return pa.ipc.open_file(handle).read_all()


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as handle:
        while block := handle.read(BLOCK_BYTES):
            found = zlib.crc32(block, found)
    return found


def work_folder(out: Path) -> Path:
    """Return the folder beside the output that holds a run's parts."""
    return out.parent / f".{out.name}.work"


def open_work(out: Path, job: dict[str, object], kind: str, members: Members) -> Parts:
    """Return the parts of this very job as an earlier run left them, else none in an empty folder.

    The members, a date among them, are those of the run that began the job.

    Raises:
        ScoringError: the folder of the output is missing or cannot be written to.
    """
    if not out.parent.is_dir():
        raise ScoringError(PlainSaying.NO_FOLDER(out.parent))
    folder = work_folder(out)
    try:
        page = json.loads((folder / JOB).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        page = {}
    with written(folder):
        if page.get("job") != json.loads(json.dumps(job)):
            page = {"job": job, "members": dict(members)}
            shutil.rmtree(folder, ignore_errors=True)
            (folder / "parts").mkdir(parents=True)
            fresh = folder / f"{JOB}.new"
            fresh.write_text(json.dumps(page, indent=1) + "\n", encoding="utf-8")
            fresh.replace(folder / JOB)
    return Parts(folder=folder / "parts", kind=kind, members=page["members"])


def settle_dataset(parts: Parts, count: int, out: Path) -> None:
    """Put the folder of finished parts in the place of the output.

    Raises:
        ScoringError: a part is missing, or the output cannot be written.
    """
    wanted = {parts.path(number).name for number in range(count)}
    with written(out):
        found = {path.name for path in parts.folder.iterdir()}
        for name in found - wanted:
            (parts.folder / name).unlink()
        if wanted - found:
            raise ScoringError(BatchSaying.PARTS_MISSING(out, len(wanted - found)))
        if out.exists():
            out.rmdir()
        parts.folder.rename(out)
