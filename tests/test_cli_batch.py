"""The commands `oreway batch` and `oreway surface` as a user meets them."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import rasterio
from typer.testing import CliRunner

import cli
from oreway.commands import batch
from oreway.layers.catalog import data_version

ROOT = Path(__file__).parent.parent


def test_points_go_in_and_come_out_with_their_counts(tmp_path):
    (tmp_path / "in.csv").write_text("id,lon,lat\na,121.5,-30.7\nb,-46.0,60.9\nc,999,0\n", encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["batch", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv")])
    assert result.exit_code == 0
    assert "2 of 3 points" in result.stdout
    assert "1 rows left out" in result.stderr
    table = pd.read_csv(tmp_path / "out.csv").set_index("site_id")
    assert table["setting"].to_dict() == {"a": "outback", "b": "arctic"}
    assert (table["oreway_data_version"] == data_version()).all()
    assert table.loc["b", "road_nil"] == "absent_network"


def test_a_region_becomes_a_raster(tmp_path):
    command = ["surface", "120,-31,122,-29", "-o", str(tmp_path / "a.tif"), "--resolution", "0.5", "--class", "port"]
    result = CliRunner().invoke(cli.app, [*command, "--what", "remoteness"])
    assert result.exit_code == 0
    assert "4 x 4 cells, bands port_km" in result.stdout
    with rasterio.open(tmp_path / "a.tif") as raster:
        assert raster.count == 1


def test_no_progress_is_drawn_off_a_terminal(tmp_path):
    (tmp_path / "in.csv").write_text("lon,lat,position_accuracy_km\n121.5,-30.7,1\n", encoding="utf-8")
    command = [sys.executable, "cli.py", "batch", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv")]
    told = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True)
    assert told.stderr == ""
    assert told.stdout == f"{tmp_path / 'out.csv'}: 1 of 1 points\n"


def test_a_stopped_run_says_how_to_go_on(tmp_path, monkeypatch):
    def stopped(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(batch, "batch", stopped)
    result = CliRunner().invoke(cli.app, ["batch", "in.csv", "-o", "out.csv"])
    assert result.exit_code == 1
    assert "run the same command to go on" in result.stderr
