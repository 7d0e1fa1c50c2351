"""The terminal: each command in a fresh process, as a ratio to `python -c "import geopandas"` in the same run.

Seconds are of processor, user and system together, medians of five with a warm file cache: what a busy machine changes
least, and the ratio less still. A command is run once before, so that indexes and compiled code are at hand.

    python -m benchmarks terminal
    python -m benchmarks.terminal [command ...]
"""

import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from benchmarks import peers
from benchmarks.tables import Table

RUNS = {"full": 5, "small": 1}
POINTS, SEED = 1000, 1
SITE = "au-mt-weld"
# commands, what each is measured with, and the goal as a ratio
COMMANDS: Mapping[str, tuple[Sequence[str], float]] = {
    "--help": (["--help"], 0.3),
    "a wrong command": (["nonsense"], 0.3),
    "a wrong option": (["score", "--nonsense"], 0.3),
    "sites": (["sites"], 1.2),
    "layers": (["layers"], 1.2),
    "show": (["show", SITE], 1.2),
    "nearest": (["nearest", "--lon", "133", "--lat", "-25"], 1.6),
    "supply": (["supply", SITE], 2.2),
    "bill": (["bill", SITE], 2.2),
    "score": (["score", "--json"], 2.5),
    "rank": (["rank"], 3.0),
    "report": (["report", SITE, "-o", "{folder}/reports"], 4.0),
    "batch of 1,000 points": (["batch", "{folder}/points.csv", "-o", "{folder}/out.parquet"], 3.0),
}


def processor(command: Sequence[str], runs: int) -> float:
    """Return the seconds of processor of a command and its children, the median of some runs."""
    taken = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=False, cwd=peers.ROOT)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        taken.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return statistics.median(taken)


def points(path: Path, count: int = POINTS) -> None:
    """Write points spread evenly over the Earth."""
    draw = np.random.default_rng(SEED)
    lon, lat = draw.uniform(-180, 180, count), np.degrees(np.arcsin(draw.uniform(-1, 1, count)))
    rows = [f"p{i},{x:.4f},{y:.4f}\n" for i, (x, y) in enumerate(zip(lon, lat, strict=True))]
    path.write_text("name,lon,lat\n" + "".join(rows), encoding="utf-8")


def run(size: str = "full", chosen: Sequence[str] = ()) -> Iterator[Table]:
    """Yield the table of the commands."""
    runs = RUNS[size]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        points(Path(folder) / "points.csv")
        one = processor([sys.executable, "-c", "import geopandas"], runs)
        for name, (words, goal) in COMMANDS.items():
            if chosen and name not in chosen:
                continue
            command = [sys.executable, str(peers.ROOT / "cli.py"), *(word.format(folder=folder) for word in words)]
            processor(command, 1)
            seconds = processor(command, runs)
            rows.append((name, f"{seconds:.2f} s", f"{seconds / one:.2f}", f"{goal:g}"))
    note = f'`python -c "import geopandas"` takes {one:.2f} s of processor in this run.'
    yield Table(title="The terminal", columns=("command", "processor", "ratio", "goal"), rows=rows, note=note)


def main() -> None:
    """Print the table of the commands named, or of all."""
    for table in run("full", sys.argv[1:]):
        print(table.text(), flush=True)


if __name__ == "__main__":
    main()
