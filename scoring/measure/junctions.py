"""Bounds on the distance to a line known only by its junctions and the true length between them."""

import dataclasses
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from oreway.geo.geodesy import azimuth_deg
from oreway.geo.network import Network
from oreway.scoring.measure.points import INTERVAL, Floats, Rows, same_text
from oreway.scoring.measure.targets import ANYWHERE, kept_landmass_of
from oreway.scoring.world.world import World

EdgeRows = npt.NDArray[np.intp]

JUNCTIONS = {"rail": "rail_network", "road": "road_network"}
NETWORK_SOURCE = "OpenStreetMap contributors (junction network)"
UPPER_BOUND = "nearest junction, an upper bound: the line itself may pass nearer"


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Land:
    """The network of one landmass, and an edge that ends at each junction."""

    network: Network
    edge_at: Mapping[object, str]


def junction_bounds(world: World, class_: str, landmass: str, lon: Floats, lat: Floats) -> Rows:
    """Return the nearest junction of each point's network; NaN and "" where the landmass has none.

    high_km is the nearest junction, at lon, lat; low_km the provable least distance of any edge (`geo.network`).
    feature_id is an edge that ends at that junction.
    """
    layer_id, n = JUNCTIONS[class_], len(lon)
    ids, east, north, azimuth, low, high = same_text("", n), *np.full((5, n), np.nan)
    if landmass in _edges(world, layer_id):
        land = _land_of(world, layer_id, landmass)
        found = land.network.distance_interval(lon, lat)
        ids = np.array([land.edge_at[node] for node in found.node], dtype=object)
        east, north, low, high = found.lon, found.lat, found.low_km, found.high_km
        azimuth = azimuth_deg(lon, lat, east, north)
    return Rows(
        feature_id=ids, lon=east, lat=north, azimuth_deg=azimuth, low_km=low, high_km=high, distance_km=high,
        accuracy_km=np.full(n, world.methods.parameters["junction_accuracy_km"]),
        name=same_text("junction of the network", n), source=same_text(NETWORK_SOURCE, n), as_of=same_text("", n),
        method=same_text(INTERVAL, n), nil=same_text("", n), note=same_text(UPPER_BOUND, n),
    )  # fmt: skip


def _lands(world: World, layer_id: str) -> dict[str, _Land]:
    """Return the network of each landmass that has edges."""
    return {landmass: _land_of(world, layer_id, landmass) for landmass in _edges(world, layer_id)}


def _land_of(world: World, layer_id: str, landmass: str) -> _Land:
    """Return the network of one landmass that has edges, made once and kept."""
    frame, rows = world.infrastructure[layer_id], _edges(world, layer_id)[landmass]
    return world.indexes.get(("networks", layer_id, landmass), lambda: _land(gpd.GeoDataFrame(frame.iloc[rows])))


def _edges(world: World, layer_id: str) -> Mapping[str, EdgeRows]:
    """Return which rows of a network lie on each landmass, worked out once and kept."""

    def make() -> dict[str, EdgeRows]:
        home = kept_landmass_of(world, layer_id, world.infrastructure[layer_id])
        return {str(key): np.nonzero(home == key)[0] for key in np.unique(home[home != ANYWHERE])}

    return world.indexes.get(("network_edges", layer_id), make)


def _land(edges: gpd.GeoDataFrame) -> _Land:
    ends = pd.concat([edges["from_node"], edges["to_node"]])
    first = ends[~ends.duplicated()]
    names = {node: str(edge) for edge, node in first.items()}
    return _Land(network=Network.from_frame(edges), edge_at=names)
