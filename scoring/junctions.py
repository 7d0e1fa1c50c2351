"""Bounds on the distance to a line known only by its junctions and the true length between them."""

import dataclasses
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd

from geo.geodesy import azimuth_deg
from geo.network import Network
from scoring.place import Floats
from scoring.targets import ANYWHERE, landmass_of
from scoring.world import World

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
    land = None if landmass == ANYWHERE else _lands(world, JUNCTIONS[class_]).get(landmass)
    if land is None:
        n = len(lon)
        return pd.DataFrame({"feature_id": [""] * n, **{name: np.full(n, np.nan) for name in BOUNDS[1:]}})
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
    """Return the network of each landmass that has edges, made once and kept."""

    def make() -> dict[str, _Land]:
        frame = world.infrastructure[layer_id]
        home = landmass_of(world, frame)
        return {str(key): _land(gpd.GeoDataFrame(frame[home == key])) for key in np.unique(home[home != ANYWHERE])}

    return world.indexes.get(("networks", layer_id), make)


def _land(edges: gpd.GeoDataFrame) -> _Land:
    ends = pd.concat([edges["from_node"], edges["to_node"]])
    first = ends[~ends.duplicated()]
    names = {node: str(edge) for edge, node in first.items()}
    return _Land(network=Network.from_frame(edges), edge_at=names)
