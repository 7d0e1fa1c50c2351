"""Road and railway networks: junctions and the true length between two of them, as plain arrays or as a frame."""

import dataclasses
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from oreway.arrays import Floats, Ints
from oreway.layers.catalog import DATA, verified_path
from oreway.layers.errors import CatalogError
from oreway.layers.registry import EDGE_PREFIX
from oreway.layers.sayings import LayerSaying
from oreway.said import listed

NODES = {"road_network": "road_nodes", "rail_network": "rail_nodes"}
PER_DEGREE = 1000.0
PER_KM = 1000.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class NetworkTable:
    """A network: lon and lat of its junctions in degrees; from, to, kilometres and a mark for each edge.

    is_joined: the edge joins a dead end to the nearest junction and is not in the source.
    """

    layer_id: str
    lon: Floats
    lat: Floats
    from_node: Ints
    to_node: Ints
    length_km: Floats
    is_joined: npt.NDArray[np.bool_]

    def feature_ids(self, rows: Ints | None = None) -> npt.NDArray[np.object_]:
        """Return the ids of edges, all of them for None."""
        ends = [self.from_node, self.to_node] if rows is None else [self.from_node[rows], self.to_node[rows]]
        texts = [pc.cast(pa.array(one), pa.string()) for one in ends]
        named = pc.binary_join_element_wise(EDGE_PREFIX[self.layer_id], *texts, "-")
        ids: npt.NDArray[np.object_] = named.to_numpy(zero_copy_only=False)
        return ids


def read_network(layer_id: str, data: Path = DATA) -> NetworkTable:
    """Read a network as arrays.

    Args:
        layer_id: road_network or rail_network.
        data: the data folder.

    Raises:
        CatalogError: no such network, or a file is missing, damaged, or does not fit the other.
    """
    if layer_id not in NODES:
        raise CatalogError(LayerSaying.NO_NETWORK(repr(layer_id), listed(NODES)))
    paths = [verified_path(name, data) for name in (NODES[layer_id], layer_id)]
    try:
        nodes, edges = (pq.ParquetFile(path).read() for path in paths)
        lon, lat = (nodes[name].to_numpy() / PER_DEGREE for name in ("lon", "lat"))
        first, last = (edges[name].to_numpy().astype(np.int64) for name in ("from_node", "to_node"))
        km = edges["length_m"].to_numpy() / PER_KM
        joined = edges["is_joined"].to_numpy(zero_copy_only=False)
    except (pa.ArrowException, OSError, KeyError, ValueError) as error:
        names = " and ".join(path.name for path in paths)
        raise CatalogError(LayerSaying.NOT_NETWORK(names, error)) from None
    if len(first) and max(int(first.max()), int(last.max())) >= len(lon):
        raise CatalogError(LayerSaying.UNTIED_EDGE(paths[1].name, paths[0].name))
    return NetworkTable(
        layer_id=layer_id, lon=lon, lat=lat, from_node=first, to_node=last, length_km=km, is_joined=joined
    )


def network_frame(table: NetworkTable) -> gpd.GeoDataFrame:
    """Return a network as a frame: an edge a row, its chord as geometry, indexed by feature_id, EPSG:4326."""
    ends = np.stack(
        [np.stack([table.lon[at], table.lat[at]], axis=1) for at in (table.from_node, table.to_node)], axis=1
    )
    columns = {
        "from_node": table.from_node, "to_node": table.to_node, "length_km": table.length_km,
        "is_joined": table.is_joined,
    }  # fmt: skip
    index = pd.Index(table.feature_ids(), name="feature_id", dtype="str")
    return gpd.GeoDataFrame(columns, index=index, geometry=shapely.linestrings(ends), crs="EPSG:4326")
