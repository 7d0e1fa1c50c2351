"""Have a file read by a process of its own: what hangs, eats memory or crashes there harms nobody else."""

import dataclasses
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio

from oreway.layers.errors import ChoiceError, UploadError
from oreway.layers.upload.formats import driver_of
from oreway.layers.upload.limits import Limits
from oreway.layers.upload.native import DRIVERS
from oreway.layers.upload.raw import Choice
from oreway.layers.upload.sayings import FileSaying
from oreway.said import unpacked

ROOT = Path(__file__).parents[3]  # where `oreway` is imported from
WORKER = "oreway.layers.upload.worker"
NATIVE = (b"PAR1", b"SQLite format 3\x00", b"PK\x03\x04", b"\x1f\x8b", b"fgb\x03fgb")
SMALL_BYTES = 4_000
AT_ONCE = threading.BoundedSemaphore(2)
KEPT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL", "HOME", "USERPROFILE")
QUIET = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system", "PROJ_NETWORK": "OFF",
    "MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": "1",
}  # fmt: skip
Answer = tuple[gpd.GeoDataFrame, dict[str, Any]]


def may_read_here(content: bytes) -> bool:
    """Tell whether content is bounded in time and memory by its own size: delimited text, or shapes of a few kB."""
    if content.startswith(NATIVE):
        return False
    start = content[:400].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")[:1]
    return start not in {b"{", b"<", b"[", b"\x1e", b""} or len(content) <= SMALL_BYTES


def read_apart(content: bytes, place: str, limits: Limits, choice: Choice) -> Answer:
    """Return sites as a process of its own reads them, and what it tells: notes, rejected, counted, layers.

    Raises:
        UploadError: as `layers.upload.upload.read_upload`, or above the limits on time or memory.
    """
    if not AT_ONCE.acquire(timeout=2 * limits.seconds):
        raise UploadError(FileSaying.TOO_MANY_AT_ONCE(place))
    try:
        with tempfile.TemporaryDirectory(prefix="oreway-upload-") as folder:
            return _answer(_run(content, place, limits, choice, folder), place, limits)
    finally:
        AT_ONCE.release()


def _environment(folder: str, drivers: Sequence[str] = DRIVERS) -> dict[str, str]:
    """Return the environment of the reading process: no secret of ours, and no driver of GDAL but those named."""
    skipped = ",".join(name for name in pyogrio.list_drivers() if name not in drivers)
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    private = {"TMPDIR": folder, "TEMP": folder, "TMP": folder, "GDAL_SKIP": skipped, "OGR_SKIP": skipped}
    return kept | QUIET | private


def _run(
    content: bytes, place: str, limits: Limits, choice: Choice, folder: str
) -> "subprocess.CompletedProcess[bytes]":
    told = json.dumps([place, dataclasses.asdict(limits), dataclasses.asdict(choice)])
    command = [sys.executable, "-W", "ignore", "-m", WORKER, told]
    driver = driver_of(content)
    try:
        return subprocess.run(  # noqa: S603 - our own words; the file goes to standard input
            command, input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, check=False,
            env=_environment(folder, [driver] if driver else DRIVERS), timeout=limits.seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise UploadError(FileSaying.TOO_SLOW(place, format(limits.seconds, "g"))) from None
    except OSError as error:
        raise UploadError(FileSaying.NO_PROCESS(place, error.strerror)) from None


def _answer(done: "subprocess.CompletedProcess[bytes]", place: str, limits: Limits) -> Answer:
    head, _, body = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        raise UploadError(FileSaying.TOO_MUCH_MEMORY(place, format(limits.memory_mb, ",")))
    told = json.loads(head)
    if told.get("choices"):
        raise ChoiceError(unpacked(told["refusal"]), choices=tuple(map(str, told["choices"])))
    if "refusal" in told:
        raise UploadError(unpacked(told["refusal"]))
    sites = gpd.read_parquet(io.BytesIO(body))  # type: ignore[arg-type]
    return sites, told
