"""The cache of refreshed layers: replaced whole, checked when read, never in the shipped data."""

import errno

import geopandas as gpd
import pytest

from oreway.layers.cache_folder import cache_folder
from oreway.layers.catalog import DATA
from oreway.layers.online import refresh as online
from oreway.layers.online.refresh import OnlineError
from tests.layers.stub_service import arcgis, run, untouched


def test_a_second_refresh_takes_the_place_of_the_first(stub, tmp_path, opener, older):
    stub.answers = arcgis(7)
    run(stub, tmp_path, opener)
    assert len(online.refreshed_layer("roads", tmp_path)) == 7
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.name[0] != ".") == [".json", ".parquet"]


def test_a_full_disk_leaves_the_older_layer_as_it_was(stub, tmp_path, opener, older, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    stub.answers = arcgis(7)
    monkeypatch.setattr(gpd.GeoDataFrame, "to_parquet", full)
    with pytest.raises(OnlineError, match=r"cannot be written .*No space left"):
        run(stub, tmp_path, opener)
    assert untouched(tmp_path, older)


def test_a_layer_never_refreshed_is_none_and_says_nothing(tmp_path, caplog):
    assert online.read_refreshed("roads", tmp_path / "nowhere") is None
    assert caplog.records == []
    assert online.cache_faults(tmp_path) == []


@pytest.mark.parametrize("damage", ["bytes", "missing", "side", "elsewhere"])
def test_a_damaged_cache_is_reported_and_ignored(tmp_path, older, caplog, damage):
    parquet, side = next(tmp_path.glob("*.parquet")), tmp_path / "roads.json"
    if damage == "bytes":
        parquet.write_bytes(parquet.read_bytes()[:-1] + b"!")
    elif damage == "missing":
        parquet.unlink()
    elif damage == "side":
        side.write_text(side.read_text()[:50])
    else:
        side.write_text(side.read_text().replace(parquet.name, "../../etc/passwd"))
    assert online.refreshed_layer("roads", tmp_path) is None
    assert "the shipped layer is used" in caplog.text
    assert len(online.cache_faults(tmp_path)) == 1


def test_the_cache_is_never_in_the_shipped_data(stub, opener):
    with pytest.raises(OnlineError, match="lies in the shipped data"):
        run(stub, DATA / "cache", opener)


def test_the_folder_comes_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("OREWAY_CACHE", str(tmp_path / "own"))
    assert cache_folder() == tmp_path / "own"
    monkeypatch.delenv("OREWAY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "oreway"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder().parts[-2:] == (".cache", "oreway")


def test_a_folder_that_cannot_be_made_is_named(stub, tmp_path, opener):
    (tmp_path / "file").write_text("")
    with pytest.raises(OnlineError, match="cannot be made"):
        run(stub, tmp_path / "file" / "cache", opener)
