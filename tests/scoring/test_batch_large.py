"""Large batches: memory that stays flat, many threads at once."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from tests.scoring.batch_points import ROOT, written

pytestmark = pytest.mark.usefixtures("cache")
FLAT = """
import resource, sys
from pathlib import Path
from oreway.scoring.batch.batch import batch
batch(Path(sys.argv[1]), sys.argv[2])
status = Path("/proc/self/status")  # the other figure may be that of the process that started this one
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(next(line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line) if status.exists() else peak)
"""


@pytest.mark.heavy
def test_memory_does_not_grow_with_the_input(tmp_path):
    def peak_mb(n):
        random = np.random.default_rng(4)
        points = pd.DataFrame({"lon": random.uniform(-180, 180, n), "lat": random.uniform(-80, 80, n)})
        command = [
            sys.executable,
            "-c",
            FLAT,
            str(written(points, tmp_path / "in.parquet")),
            str(tmp_path / "o.parquet"),
        ]
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        return int(told.split()[-1]) / (1024**2 if sys.platform == "darwin" else 1024)

    small, large = peak_mb(300_000), peak_mb(1_200_000)
    assert large < 1024
    assert large < 1.15 * small


CROWD = """
from concurrent.futures import ThreadPoolExecutor
import numpy as np
from oreway.scoring.batch.batch import grid_values, ready_world
from oreway.scoring.measure.targets import CLASSES

def ask(seed):
    random = np.random.default_rng(seed)
    grid_values(ready, random.uniform(-180, 180, 3000), random.uniform(-85, 85, 3000), CLASSES, score=True)

for _ in range(8):
    ready = ready_world(None)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(48)))
"""


@pytest.mark.heavy
def test_many_threads_may_ask_a_fresh_world_at_once():
    subprocess.run([sys.executable, "-c", CROWD], cwd=ROOT, check=True)
