"""Two states of the code side by side, in turn on one machine: what a change of data or engine costs.

The other state is a checkout in a folder of its own (`git worktree add FOLDER COMMIT`). Seconds are of processor, user
and system together, medians of three; each state keeps its indexes in a cache of its own, filled by a run before.

    python -m benchmarks.before_after FOLDER
"""

import contextlib
import os
import resource
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks import peers, terminal
from benchmarks.tables import Table

RUNS, POINTS = 3, 10_000
WAIT_S = 120.0
CLICK = """
import sys, time
import numpy as np
from oreway.scoring.judge.score import score_points
from oreway.scoring.measure.classes import measure_points
from oreway.scoring.measure.measure import ANY_COMMODITY, nearest, points_of
from oreway.scoring.world.place import whereabouts
from oreway.scoring.world.world import open_world

world = open_world()

def click(lon, lat):
    nearest(world, lon, lat)
    lon, lat = np.array([lon]), np.array([lat])
    where = whereabouts(world, lon, lat)
    asked = points_of(world, lon, lat, np.ones(1), np.zeros(1, np.int64), [ANY_COMMODITY])
    score_points(world, asked, where, measure_points(world, asked, where))

draw = np.random.default_rng(1)
places = list(zip(draw.uniform(115, 150, 40).tolist(), draw.uniform(-33, -18, 40).tolist()))
for _ in range(2):  # what is made ready by the first calls is left out
    begun = time.process_time()
    for place in places:
        click(*place)
print((time.process_time() - begun) / len(places))
"""


def _environment(tree: Path, cache: str) -> dict[str, str]:
    return os.environ | {"OREWAY_CACHE": cache, "PYTHONPATH": str(tree)}


def _spent(run: Callable[[], None]) -> float:
    """Return the seconds of processor that processes started and ended by a run took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def start(tree: Path, environment: Mapping[str, str]) -> float:
    """Return the seconds of processor from `oreway app` to the first answer of its server."""

    port = _free_port()
    command = [sys.executable, str(tree / "cli.py"), "app", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    page = subprocess.Popen(command, cwd=tree, env=environment, start_new_session=True, **quiet)  # type: ignore[call-overload]
    try:
        _answer(port)
        return _of_session(page.pid)
    finally:
        os.killpg(page.pid, signal.SIGINT)
        page.wait(WAIT_S)


def _of_session(leader: int) -> float:
    """Return the seconds of processor of all processes of a session, and of those of their children that have ended."""
    ticks = 0
    for told in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # ended meanwhile
            cells = told.read_text(encoding="utf-8").rpartition(")")[2].split()  # after the name: state is cell 3
            if int(cells[3]) == leader:
                ticks += sum(map(int, cells[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _answer(port: int) -> None:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as told:
                told.read()
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(f"no answer on port {port} within {WAIT_S:g} s")


def click(tree: Path, environment: Mapping[str, str]) -> float:
    """Return the seconds of processor of one place: its nearest of every class and its score, the world being open."""
    command = [sys.executable, "-c", CLICK]
    told = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=True)
    return float(told.stdout.split()[-1])


def batch(tree: Path, environment: Mapping[str, str]) -> float:
    """Return the seconds of processor of a whole batch of points all over the Earth."""
    with tempfile.TemporaryDirectory() as folder:
        given, out = Path(folder) / "points.csv", Path(folder) / "out.parquet"
        terminal.points(given, POINTS)
        command = [sys.executable, str(tree / "cli.py"), "batch", str(given), "-o", str(out)]
        return _spent(lambda: _run(command, tree, environment))


def _run(command: Sequence[str], tree: Path, environment: Mapping[str, str]) -> None:
    subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=True)


MEASURED: Mapping[str, Callable[[Path, Mapping[str, str]], float]] = {
    "`oreway app` to the first answer": start,
    "one place: nearest of every class, and score": click,
    f"batch of {POINTS:,} points": batch,
}


def side_by_side(other: Path) -> Table:
    """Return the seconds of another state of the code and of this one, measured in turn."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        trees = [(other, _environment(other, one)), (peers.ROOT, _environment(peers.ROOT, two))]
        rows = []
        for name, measure in MEASURED.items():
            taken: list[list[float]] = [[], []]
            for turn in range(RUNS + 1):
                for seconds, (tree, environment) in zip(taken, trees, strict=True):
                    spent = measure(tree, environment)
                    if turn:
                        seconds.append(spent)
            before, after = (statistics.median(seconds) for seconds in taken)
            rows.append((name, f"{before:.3f} s", f"{after:.3f} s", f"{after / before:.2f}"))
    return Table(title="Before and after", columns=("processor", "before", "after", "ratio"), rows=rows)


def main() -> None:
    """Print the table of the folder named and of this one."""
    if len(sys.argv) != 2 or not Path(sys.argv[1], "cli.py").is_file():
        sys.exit("usage: python -m benchmarks.before_after FOLDER (a checkout of the state before)")
    print(side_by_side(Path(sys.argv[1]).resolve()).markdown())


if __name__ == "__main__":
    main()
