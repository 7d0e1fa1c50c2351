"""A batch that is stopped, killed or damaged goes on to the same bytes and harms nothing that stood there."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from oreway.scoring.batch.batch import batch
from oreway.scoring.batch.parts import work_folder
from oreway.scoring.errors import ScoringError
from tests.scoring.batch_points import ROOT, StopError, by_line, mini_points, run, written

pytestmark = pytest.mark.usefixtures("cache")


def test_a_stopped_run_goes_on_and_gives_the_same_bytes(tiny, tmp_path):
    points = mini_points(500)
    run(points, tmp_path, tiny, out="whole.parquet", chunk_rows=50)

    def pull(done, rows):
        if rows >= 200:
            raise StopError

    with pytest.raises(StopError):
        batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, chunk_rows=50, progress=pull)
    assert not (tmp_path / "out.parquet").exists()
    done = batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, chunk_rows=50)
    assert done.resumed >= 200
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert not work_folder(tmp_path / "out.parquet").exists()


def half(content):
    return content[: len(content) // 2]


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("out", ["out.parquet", "parts/"])
@pytest.mark.parametrize("harm", [half, flipped])
def test_a_damaged_part_is_done_again(tiny, tmp_path, harm, out):
    points = mini_points(200)
    _, whole = run(points, tmp_path, tiny, out="whole.parquet", chunk_rows=50)

    def pull(done, rows):
        if rows >= 100:
            raise StopError

    place = f"{tmp_path}/{out}"
    with pytest.raises(StopError):
        batch(tmp_path / "in.parquet", place, world=tiny, chunk_rows=50, progress=pull)
    parts = work_folder(Path(place)) / "parts"
    part = next(path for path in sorted(parts.glob("part-*")) if path.suffix != ".seal")
    part.write_bytes(harm(part.read_bytes()))
    done = batch(tmp_path / "in.parquet", place, world=tiny, chunk_rows=50)
    assert 0 < done.resumed < 200
    pd.testing.assert_frame_equal(pd.DataFrame(by_line(place)), pd.DataFrame(whole))


def test_a_second_run_on_the_same_output_is_refused_and_harms_nothing(tiny, tmp_path):
    refusals = []

    def meanwhile(done, rows):
        with pytest.raises(ScoringError, match="another run is writing it") as refused:
            batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, profile="equal")
        refusals.append(refused)

    run(mini_points(100), tmp_path, tiny, out="whole.parquet", chunk_rows=50)
    batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, chunk_rows=50, progress=meanwhile)
    assert len(refusals) == 2
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"in.parquet", "out.parquet", "whole.parquet"}


def test_parts_of_another_input_are_not_taken_over(tiny, tmp_path):
    def pull(done, rows):
        raise StopError

    written(mini_points(200), tmp_path / "in.parquet")
    with pytest.raises(StopError):
        batch(tmp_path / "in.parquet", tmp_path / "out.parquet", world=tiny, chunk_rows=50, progress=pull)
    done, _ = run(mini_points(200, seed=6), tmp_path, tiny, chunk_rows=50)
    assert done.resumed == 0


def test_what_stood_there_before_stays_when_a_run_stops(tiny, tmp_path):
    (tmp_path / "out.csv").write_text("precious", encoding="utf-8")
    written(mini_points(50), tmp_path / "in.csv")

    def pull(done, rows):
        raise StopError

    with pytest.raises(StopError):
        batch(tmp_path / "in.csv", tmp_path / "out.csv", world=tiny, progress=pull)
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "precious"


def test_a_folder_with_something_in_it_is_not_overwritten(tiny, tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "mine").write_text("precious", encoding="utf-8")
    written(mini_points(5), tmp_path / "in.csv")
    with pytest.raises(ScoringError, match="not an empty folder"):
        batch(tmp_path / "in.csv", f"{tmp_path / 'parts'}/", world=tiny)


def oreway(*words):
    return [sys.executable, "-c", "import cli; cli.main()", *map(str, words)]


@pytest.mark.heavy
def test_the_command_killed_outright_goes_on_to_the_same_bytes(tmp_path):
    random = np.random.default_rng(4)
    points = pd.DataFrame({"lon": random.uniform(-180, 180, 300_000), "lat": random.uniform(-80, 80, 300_000)})
    source, out, whole = written(points, tmp_path / "in.parquet"), tmp_path / "out.parquet", tmp_path / "whole.parquet"
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000"}
    subprocess.run(oreway("batch", source, "-o", whole), cwd=ROOT, check=True, env=environment)
    with subprocess.Popen(oreway("batch", source, "-o", out), cwd=ROOT, env=environment) as process:
        while process.poll() is None and not list((work_folder(out) / "parts").glob("*.seal")):
            time.sleep(0.005)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert not out.exists()
    again = oreway("batch", source, "-o", out)
    told = subprocess.run(again, cwd=ROOT, check=True, env=environment, capture_output=True, text=True).stdout
    assert "of them from the run before" in told
    assert out.read_bytes() == whole.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"in.parquet", "out.parquet", "whole.parquet"}
