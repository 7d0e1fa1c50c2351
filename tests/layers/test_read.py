"""Every shipped layer is read as geopandas itself reads it."""

import geopandas as gpd
import geopandas.testing
import pytest

from oreway.layers.catalog import find_dataset, verified_path
from oreway.layers.errors import CatalogError
from oreway.layers.networks import NODES
from oreway.layers.read import read_layer
from oreway.layers.registry import LAYERS


@pytest.mark.parametrize("layer", [one for one in LAYERS if one.id not in NODES], ids=lambda layer: layer.id)
def test_a_layer_is_what_geopandas_reads(layer):
    ours = read_layer(layer.id)
    theirs = gpd.read_parquet(verified_path(layer.dataset))
    if theirs.index.name != ours.index.name:
        theirs = theirs.set_index(ours.index.name)
    geopandas.testing.assert_geodataframe_equal(ours, theirs, check_crs=True)
    assert list(ours.columns) == list(theirs.columns)
    assert ours.crs.to_epsg() == 4326
    assert len(ours) == find_dataset(layer.dataset).rows


def test_a_table_without_geometry_is_not_taken_for_a_layer(tmp_path, monkeypatch):
    path = tmp_path / "ports.parquet"
    read_layer("ports").drop(columns="geometry").to_parquet(path)
    monkeypatch.setattr("oreway.layers.read.verified_path", lambda *_: path)
    with pytest.raises(CatalogError, match=r"ports\.parquet: not readable as GeoParquet"):
        read_layer("ports")
