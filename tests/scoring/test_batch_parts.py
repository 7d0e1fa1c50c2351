"""A batch cut into parts: neighbours together, along a curve, the same bytes each time."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from oreway.scoring.batch.batch import batch
from oreway.scoring.batch.neighbours import curve_key
from tests.scoring.batch_points import mini_points, run, written

pytestmark = pytest.mark.usefixtures("cache")


def test_the_parts_of_a_folder_hold_neighbours(tiny, tmp_path):
    run(mini_points(1000), tmp_path, tiny, out="whole.parquet")
    for name in ("parts", "again"):
        batch(tmp_path / "in.parquet", f"{tmp_path / name}/", world=tiny, chunk_rows=50)
    paths = sorted((tmp_path / "parts").iterdir())
    assert [path.name for path in paths] == [f"part-{i:06d}.parquet" for i in range(len(paths))]
    parts = [gpd.read_parquet(path) for path in paths]
    assert sum(map(len, parts)) == 1000
    assert max(map(len, parts)) <= 50
    assert len(parts) < 35
    widths, heights = (np.array([np.ptp(part[name]) for part in parts]) for name in ("lon", "lat"))
    assert np.median(widths * heights) < 60  # of the 15,000 square degrees that all points span
    assert [path.read_bytes() for path in paths] == [
        path.read_bytes() for path in sorted((tmp_path / "again").iterdir())
    ]


def test_points_on_one_spot_are_cut_into_parts_all_the_same(tiny, tmp_path):
    points = pd.DataFrame({"lon": [5.0] * 120, "lat": [0.0] * 120})
    batch(written(points, tmp_path / "in.parquet"), f"{tmp_path / 'parts'}/", world=tiny, chunk_rows=50)
    lines = [pq.read_table(path)["line"].to_pylist() for path in sorted((tmp_path / "parts").iterdir())]
    assert lines == [list(range(1, 51)), list(range(51, 101)), list(range(101, 121))]


def test_the_order_of_the_curve_is_that_of_a_quadtree():
    lon, lat = np.array([-180.0, 0.0, -180.0, 0.0, 180.0]), np.array([-90.0, -90.0, 0.0, 0.0, 90.0])
    assert (curve_key(lon, lat) >> 30).tolist() == [0, 1, 2, 3, 3]
    assert curve_key(np.array([180.0]), np.array([90.0]))[0] == 2**32 - 1
