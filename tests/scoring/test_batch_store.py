"""What a batch keeps on disk: cells that tell the place of a point, and a cache that is never in the way."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from oreway.layers.cache_folder import cache_folder
from oreway.scoring.world.cells import MIXED, cell_labels
from oreway.scoring.world.place import MANY, cells, locate
from oreway.scoring.world.world import without
from tests.scoring.batch_points import run

pytestmark = pytest.mark.usefixtures("cache")


def test_cells_tell_the_landmass_country_and_setting_that_the_exact_test_tells(shipped):
    random = np.random.default_rng(9)
    n = 20_000
    lon, lat = random.uniform(-180, 180, n), np.degrees(np.arcsin(random.uniform(-1, 1, n)))
    few = MANY - 1
    exact = [locate(shipped, lon[at : at + few], lat[at : at + few]) for at in range(0, n, few)]
    pd.testing.assert_frame_equal(locate(shipped, lon, lat), pd.concat(exact, ignore_index=True))


def test_few_cells_are_left_to_the_exact_test(shipped):
    assert (cells(shipped, "landmasses") == MIXED).mean() < 0.05


def test_a_point_on_the_far_edge_of_the_earth_has_a_cell():
    labels = np.arange(18 * 36, dtype=np.int16).reshape(18, 36)
    assert cell_labels(np.array([180.0, -180.0]), np.array([90.0, -90.0]), labels).tolist() == [18 * 36 - 1, 0]


def test_another_choice_of_features_is_never_answered_from_the_cache(tiny, tmp_path):
    points = pd.DataFrame({"lon": [5.0], "lat": [0.0]})
    run(points, tmp_path, tiny)
    _, table = run(points, tmp_path, without(tiny, "ports", ["wpi-shallow"]))
    assert table["port_id"].iloc[0] == "wpi-deep"


def test_a_cache_that_cannot_be_written_to_costs_nothing_but_time(tiny, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path / "file"))
    fresh = dataclasses.replace(tiny)
    _, table = run(pd.DataFrame({"lon": [5.0], "lat": [0.0]}), tmp_path, fresh)
    assert table["port_id"].iloc[0] == "wpi-shallow"


def test_the_cache_is_in_the_users_folder_unless_named(monkeypatch, tmp_path):
    monkeypatch.delenv("OREWAY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "oreway"
