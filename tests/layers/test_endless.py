"""What never ends is refused at once, wherever a file is read or written."""

import os
from pathlib import Path

import pytest

from oreway.layers.errors import LayerError
from oreway.layers.upload.upload import read_upload_file
from oreway.outputs.files.export import export_layer
from oreway.outputs.files.files import OutputError
from oreway.outputs.files.surface import surface
from oreway.scoring.batch.batch import batch
from oreway.scoring.batch.sources import open_source
from oreway.scoring.errors import ScoringError
from oreway.scoring.world.weight_profiles import read_profile

READERS = (read_upload_file, read_profile, open_source)


@pytest.fixture(params=("device", "pipe"))
def endless(request, tmp_path):
    path = tmp_path / "points.csv"
    if request.param == "device":
        path.symlink_to("/dev/zero")
    else:
        os.mkfifo(path)
    return path


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_a_device_or_a_pipe_is_refused_without_reading_it(read, endless):
    with pytest.raises((LayerError, ScoringError), match="a device or pipe, which may never end"):
        read(endless)


@pytest.mark.parametrize("read", READERS, ids=lambda read: read.__name__)
def test_a_file_that_is_not_there_is_told_as_before(read):
    with pytest.raises((LayerError, ScoringError), match=r"no such file|not found|cannot be read"):
        read(Path("/nowhere/points.csv"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such files")
def test_a_pipe_to_write_to_is_refused_before_anything_is_computed(tmp_path):
    pipes = {ending: tmp_path / f"out{ending}" for ending in (".csv", ".tif")}
    for pipe in pipes.values():
        os.mkfifo(pipe)
    (tmp_path / "in.csv").write_text("lon,lat\n133,-25\n", encoding="utf-8")
    asks = (
        lambda: batch(tmp_path / "in.csv", pipes[".csv"], world=None),
        lambda: export_layer(None, "all", pipes[".csv"]),
        lambda: surface("greenland", pipes[".tif"], cell_deg=1.0),
    )
    for ask in asks:
        with pytest.raises((OutputError, ScoringError), match="is a device or pipe, not a file"):
            ask()
    assert [pipe.is_fifo() for pipe in pipes.values()] == [True, True]
