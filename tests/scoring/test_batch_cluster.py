"""A batch on a real Dask cluster: the same bytes, also when a worker is killed."""

import os
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import pytest
from distributed import Client

from oreway.scoring.batch.batch import batch
from oreway.scoring.errors import ScoringError
from tests.scoring.batch_points import ROOT, by_line, mini_points, run, world_points, written

pytestmark = pytest.mark.usefixtures("cache")
PATIENCE_S = 900  # longer than any loaded machine takes to start two workers


class Cluster:
    """A real scheduler and two workers on 127.0.0.1, each a process of its own."""

    def __init__(self, folder):
        self._address = folder / "scheduler.json"
        self._folder = folder
        self.processes = [self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")]
        for _ in range(2):
            options = (
                "--host",
                "127.0.0.1",
                "--nthreads",
                "1",
                "--no-nanny",
                "--no-dashboard",
                "--death-timeout",
                str(PATIENCE_S),
            )
            self.processes.append(self._start("worker", *options, "--local-directory", str(folder)))

    def wait(self):
        with Client(scheduler_file=str(self._address), timeout=PATIENCE_S) as client:
            client.wait_for_workers(2, timeout=PATIENCE_S)
            self.address = client.scheduler.address

    def _start(self, role, *options):
        command = [sys.executable, "-m", "dask", role, "--scheduler-file", str(self._address), *options]
        waits = {f"DASK_DISTRIBUTED__COMM__TIMEOUTS__{name}": f"{PATIENCE_S}s" for name in ("CONNECT", "TCP")}
        paths = {**os.environ, **waits, "PYTHONPATH": str(ROOT)}
        with (self._folder / f"{role}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=paths, stdout=log, stderr=log)

    def kill_worker(self):
        self.processes[-1].kill()

    def stop(self):
        """End at once: a worker asked politely may wait for a scheduler that is already gone."""
        for process in self.processes:
            process.kill()
        for process in self.processes:
            process.wait()


@pytest.fixture
def cluster(tmp_path_factory, monkeypatch):
    monkeypatch.setattr("oreway.scoring.batch.cluster.CONNECT_SECONDS", PATIENCE_S)
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        started.wait()
        yield started
    finally:
        started.stop()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_writes_the_same_bytes_even_when_a_worker_is_killed(shipped, tmp_path, cluster):
    run(world_points(4000), tmp_path, shipped, out="alone.parquet", chunk_rows=100)
    killed = []

    def kill_one(done, rows):
        if not killed:
            killed.append(rows)
            cluster.kill_worker()

    out = tmp_path / "together.parquet"
    done = batch(
        tmp_path / "in.parquet", out, world=shipped, chunk_rows=100, scheduler=cluster.address, progress=kill_one
    )  # fmt: skip
    assert killed[0] < 4000
    assert done.rows_out == 4000
    assert out.read_bytes() == (tmp_path / "alone.parquet").read_bytes()


@pytest.mark.heavy
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_cluster_leaves_a_folder_of_parts(shipped, tmp_path, cluster):
    run(world_points(200_000), tmp_path, shipped, out="alone.parquet")
    folder = f"{tmp_path / 'parts'}/"
    batch(tmp_path / "in.parquet", folder, world=shipped, scheduler=cluster.address)
    alone, together = gpd.read_parquet(tmp_path / "alone.parquet"), by_line(folder)
    pd.testing.assert_frame_equal(pd.DataFrame(alone), pd.DataFrame(together))


def test_a_scheduler_that_does_not_answer_is_named(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("oreway.scoring.batch.cluster.CONNECT_SECONDS", 1)
    written(mini_points(5), tmp_path / "in.csv")
    with pytest.raises(ScoringError, match=r"tcp://127\.0\.0\.1:1: no answer"):
        batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny, scheduler="tcp://127.0.0.1:1")
