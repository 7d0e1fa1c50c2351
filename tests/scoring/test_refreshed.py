"""Layers fetched online count only when asked for, and say their date."""

import pandas as pd
import pytest
from shapely.geometry import Point

from oreway.layers.online.cache import Refreshed, write_layer
from oreway.layers.read import read_layer
from oreway.scoring.measure.measure import nearest
from oreway.scoring.world.world import open_world


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path))
    shipped = read_layer("ports")
    row = shipped.iloc[[0]].copy()
    row.index = pd.Index(["fresh-1"], name="feature_id")
    row = row.set_geometry([Point(-46.0, 60.99)]).assign(
        name="Fresh quay", source="stub 2026-11-01", as_of="2026-11-01"
    )
    about = Refreshed(
        layer_id="ports", services=("stub",), urls=("https://example.org",), left_out=0,
        licence="public domain", attribution="stub",
        retrieved="2026-11-01", rows=1, file="", sha256="", scope="whole", areas=(), countries=(),
    )  # fmt: skip
    write_layer(row, about, tmp_path)
    return tmp_path


def name_of_port(world):
    return nearest(world, -46.0, 60.983, classes=["port"])["name"].iloc[0]


def test_a_refreshed_layer_is_never_mixed_in_unasked(cache):
    assert name_of_port(open_world.__wrapped__()) == "Narsaq"


def test_asked_for_it_stands_in_and_the_data_version_says_its_date(cache):
    world = open_world(refreshed=True)
    assert name_of_port(world) == "Fresh quay"
    assert "+ports-2026-11-01-" in world.data_version


def test_a_damaged_cache_is_left_aside(cache):
    (next(cache.rglob("*.parquet"))).write_bytes(b"PAR1 broken")
    assert name_of_port(open_world(refreshed=True)) == "Narsaq"
