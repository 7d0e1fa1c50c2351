"""Bounds on the distance to a line known only by its junctions and the true length between them."""

import dataclasses
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.geodesy import azimuth_deg
from geo.network import Network
from scoring.place import Floats
from scoring.targets import ANYWHERE, kept_landmass_of
from scoring.world import World

Rows = npt.NDArray[np.intp]

JUNCTIONS = {"rail": "rail_network", "road": "road_network"}
BOUNDS = ("feature_id", "lon", "lat", "azimuth_deg", "low_km", "high_km")


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Land:
    """The network of one landmass, and an edge that ends at each junction."""

    network: Network
    edge_at: Mapping[object, str]


def junction_bounds(world: World, class_: str, landmass: str, lon: Floats, lat: Floats) -> pd.DataFrame:
    """Return BOUNDS for each point: NaN and "" where the landmass has no such network.

    high_km is the nearest junction, at lon, lat; low_km the provable least distance of any edge (`geo.network`).
    feature_id is an edge that ends at that junction.
    """
    layer_id = JUNCTIONS[class_]
    if landmass not in _edges(world, layer_id):
        n = len(lon)
        return pd.DataFrame({"feature_id": [""] * n, **{name: np.full(n, np.nan) for name in BOUNDS[1:]}})
    land = _land_of(world, layer_id, landmass)
    found = land.network.distance_interval(lon, lat)
    return pd.DataFrame(
        {
            "feature_id": [land.edge_at[node] for node in found.node],
            "lon": found.lon,
            "lat": found.lat,
            "azimuth_deg": azimuth_deg(lon, lat, found.lon, found.lat),
            "low_km": found.low_km,
            "high_km": found.high_km,
        }
    )


def _lands(world: World, layer_id: str) -> dict[str, _Land]:
    """Return the network of each landmass that has edges."""
    return {landmass: _land_of(world, layer_id, landmass) for landmass in _edges(world, layer_id)}


def _land_of(world: World, layer_id: str, landmass: str) -> _Land:
    """Return the network of one landmass that has edges, made once and kept."""
    frame, rows = world.infrastructure[layer_id], _edges(world, layer_id)[landmass]
    return world.indexes.get(("networks", layer_id, landmass), lambda: _land(gpd.GeoDataFrame(frame.iloc[rows])))


def _edges(world: World, layer_id: str) -> Mapping[str, Rows]:
    """Return which rows of a network lie on each landmass, worked out once and kept."""

    def make() -> dict[str, Rows]:
        home = kept_landmass_of(world, layer_id, world.infrastructure[layer_id])
        return {str(key): np.nonzero(home == key)[0] for key in np.unique(home[home != ANYWHERE])}

    return world.indexes.get(("network_edges", layer_id), make)


def _land(edges: gpd.GeoDataFrame) -> _Land:
    ends = pd.concat([edges["from_node"], edges["to_node"]])
    first = ends[~ends.duplicated()]
    names = {node: str(edge) for edge, node in first.items()}
    return _Land(network=Network.from_frame(edges), edge_at=names)
