"""The networks of a world: junctions and true lengths as arrays, their landmasses, and what ways are sought along."""

from __future__ import annotations

import dataclasses
import functools

import numpy as np
import numpy.typing as npt
import shapely

from oreway.arrays import Floats, Ints
from oreway.later import later
from oreway.layers.registry import EDGE_PREFIX
from oreway.scoring.world.disk_cache import fingerprint
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import MANY, landmass_positions, store
from oreway.scoring.world.world import World, as_network

with later(__name__):
    import geopandas as gpd
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    from oreway.geo.geodesy import distance_km
    from oreway.geo.network import Network
    from oreway.geo.sea import SeaLanes
    from oreway.layers.networks import NetworkTable
    from oreway.layers.read import read_table
    from oreway.scoring.world.links import with_links

SHIPPED = "shipped"  # the mark of edges told by the data version
ROUND_KM = 10.0  # edges between nearer junctions are left as they are
KM_PER_DEGREE = 111.0
CELLS_PER_DEGREE = 2  # junctions that roads join within half a degree are taken to lie on one landmass


def _layer(world: World, layer_id: str, *_: object) -> tuple[str, ...]:
    del world
    return (layer_id,)


@kept(also=_layer)
def network_table(world: World, layer_id: str) -> NetworkTable:
    """Return a network as arrays; node numbers of a frame are replaced by places."""
    shipped = as_network(world.infrastructure, layer_id)
    if shipped is not None:
        return shipped
    frame = world.infrastructure[layer_id]
    names = np.concatenate([frame["from_node"].to_numpy(), frame["to_node"].to_numpy()])
    _, first_seen, number = np.unique(names, return_index=True, return_inverse=True)
    ends = np.concatenate([_ends(frame, at) for at in (0, -1)])
    lon, lat = ends[first_seen].T
    first, last = np.split(number.astype(np.int64), 2)
    joined = frame["is_joined"].to_numpy(dtype=bool) if "is_joined" in frame.columns else np.zeros(len(frame), bool)
    return NetworkTable(
        layer_id=layer_id, lon=lon, lat=lat, from_node=first, to_node=last, is_joined=joined,
        length_km=frame["length_km"].to_numpy(np.float64),
    )  # fmt: skip


def _ends(frame: gpd.GeoDataFrame, at: int) -> npt.NDArray[np.float64]:
    return shapely.get_coordinates(shapely.get_point(frame.geometry.to_numpy(), at))


def edge_names(world: World, layer_id: str, rows: Ints) -> npt.NDArray[np.object_]:
    """Return the feature_id of some edges of a network."""
    if network_mark(world, layer_id) == SHIPPED:
        first, last = _edge_ends(world, layer_id)
        pairs = zip(first[rows].tolist(), last[rows].tolist(), strict=True)
        return np.array([f"{EDGE_PREFIX[layer_id]}-{start}-{end}" for start, end in pairs], dtype=object)
    return world.infrastructure[layer_id].index.to_numpy(dtype=object)[rows]


@kept(also=_layer)
def _edge_ends(world: World, layer_id: str) -> tuple[Ints, Ints]:
    """Return the junctions at the ends of each edge of a shipped network, from disk where left there."""
    disk, table = store(world), functools.partial(network_table, world, layer_id)
    name = f"{layer_id}-{SHIPPED}"
    return disk.array(f"{name}-from", lambda: table().from_node), disk.array(f"{name}-to", lambda: table().to_node)


@kept(also=_layer, on_disk=True)
def network_mark(world: World, layer_id: str) -> str:
    """Return a short text that is another one for other edges; those shipped are told by the data version."""
    if as_network(world.infrastructure, layer_id) is not None:
        return SHIPPED
    return fingerprint(world.infrastructure[layer_id].index)


@kept("landmasses", "coast", "parameters", "joined_land", also=_layer)
def edge_homes(world: World, layer_id: str) -> Ints:
    """Return the landmass of each edge of a network, a place in `place.codes`, OUT at sea; from disk where left there.

    Of junctions that roads join and that lie in one cell, one is asked for all.
    """

    def make() -> npt.NDArray[np.int16]:
        table = network_table(world, layer_id)
        home = _node_homes(world, table)
        return home[table.from_node].astype(np.int16)

    return store(world).array(f"home-{layer_id}-{network_mark(world, layer_id)}", make).astype(np.int64)


def _node_homes(world: World, table: NetworkTable) -> Ints:
    n = len(table.lon)
    if n < MANY:
        return landmass_positions(world, table.lon, table.lat)
    true = ~table.is_joined
    links = coo_array((np.ones(int(true.sum()), np.int8), (table.from_node[true], table.to_node[true])), shape=(n, n))
    part = connected_components(links.tocsr(), directed=False)[1].astype(np.int64)
    cell = np.floor((table.lon + 180) * CELLS_PER_DEGREE) * 1000 + np.floor((table.lat + 90) * CELLS_PER_DEGREE)
    _, chosen, group = np.unique(part * 1_000_000 + cell.astype(np.int64), return_index=True, return_inverse=True)
    asked = [chosen[at : at + MANY - 1] for at in range(0, len(chosen), MANY - 1)]  # few at a time: no cells needed
    homes = np.concatenate([landmass_positions(world, table.lon[one], table.lat[one]) for one in asked])
    found: Ints = homes[group]
    return found


@kept("road_network", "roads")
def road_network(world: World) -> Network:
    """Return the junctions of roads and the true lengths between them.

    Where hand-kept corridors know a shorter way, it counts: of two roads between the same junctions the source keeps
    one, which may be the way round. Hand-kept links join what the source leaves apart.
    """
    mended = _mended(network_table(world, "road_network"), world.infrastructure["roads"])
    table = with_links(mended, freight("road", "length_factor")[1])
    return _network(table, np.ones(len(table.from_node), dtype=bool))


def freight(mode: str, parameter: str) -> tuple[float, float, float]:
    """Return low, base and high of a row of data/methods/freight.csv."""
    table = read_table("freight")
    row = table[(table["mode"] == mode) & (table["parameter"] == parameter)]
    low, base, high = row[["low", "base", "high"]].to_numpy(dtype=np.float64)[0].tolist()
    return low, base, high


def _mended(table: NetworkTable, corridors: gpd.GeoDataFrame) -> NetworkTable:
    """Return the network in which an edge that goes far round is as long as the corridor that joins its ends."""
    least, _, most = freight("land", "circuity_plain")
    first, last = table.from_node, table.to_node
    bent = np.nonzero((table.length_km > ROUND_KM) & ~table.is_joined)[0]
    chord = distance_km(table.lon[first[bent]], table.lat[first[bent]], table.lon[last[bent]], table.lat[last[bent]])
    far = (chord > ROUND_KM) & (table.length_km[bent] > most * chord)
    bent, chord = bent[far], chord[far]
    ends = [shapely.points(table.lon[at[bent]], table.lat[at[bent]]) for at in (first, last)]
    length = table.length_km.copy()
    for line, reach_km in zip(corridors.geometry, corridors["accuracy_km"], strict=True):
        within = reach_km / KM_PER_DEGREE
        near = np.nonzero((shapely.distance(line, ends[0]) <= within) & (shapely.distance(line, ends[1]) <= within))[0]
        length[bent[near]] = np.minimum(length[bent[near]], least * chord[near])
    return dataclasses.replace(table, length_km=length)


@kept("rail_network")
def rail_network(world: World) -> Network:
    """Return the junctions of railways and the true lengths between them, without what its owners keep to themselves.

    Private are the railways inside the boxes of data/methods/private_railways.csv.
    """
    table = with_links(network_table(world, "rail_network"), freight("rail", "length_factor")[1])
    own = np.zeros(len(table.lon), dtype=bool)
    for row in read_table("private_railways").to_dict("records"):
        west, south, east, north = (float(row[side]) for side in ("west", "south", "east", "north"))
        own |= (table.lon >= west) & (table.lon <= east) & (table.lat >= south) & (table.lat <= north)
    return _network(table, ~(own[table.from_node] | own[table.to_node]))


def _network(table: NetworkTable, used: npt.NDArray[np.bool_]) -> Network:
    """Return the network of the edges that are used."""
    return Network.from_arrays(
        table.lon, table.lat, table.from_node[used], table.to_node[used], table.length_km[used]
    )  # fmt: skip


@kept("sea_lanes", "landmasses", "parameters")
def sea_lanes(world: World) -> SeaLanes:
    """Return the shipping lanes with their passages; open sea is where no landmass is."""

    def on_land(lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
        return landmass_positions(world, lon, lat) >= 0

    return SeaLanes.from_frame(world.infrastructure["sea_lanes"], on_land)
