"""Bounds on the distance to a line known only by its junctions and the true length between them."""

import dataclasses
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from oreway.arrays import Floats
from oreway.geo.junctions import Junctions
from oreway.geo.nearest import Places
from oreway.scoring.measure.points import OUT, Found, Ints, rows_by_code
from oreway.scoring.measure.targets import WORTH_KEEPING, targets
from oreway.scoring.world.kept import kept
from oreway.scoring.world.networks import edge_homes, network_mark, network_table
from oreway.scoring.world.place import store
from oreway.scoring.world.world import World

JUNCTIONS = {"rail": "rail_network", "road": "road_network"}
NETWORK_SOURCE = "OpenStreetMap contributors (junction network)"


@dataclasses.dataclass(frozen=True, kw_only=True)
class LandNetwork:
    """The network of one landmass; edge is, for each junction, the place in the layer of an edge that ends there.

    row is the place in the layer of each of its edges.
    """

    junctions: Junctions
    edge: Ints
    row: Ints


def _parts(world: World, layer_id: str, *_: object) -> tuple[str, ...]:
    del world
    return (layer_id,)


@kept("landmasses", "coast", "parameters", "joined_land", also=_parts, on_disk=True)
def edge_counts(world: World, layer_id: str) -> dict[int, int]:
    """Return how many edges of a network each landmass has, those at sea left out."""
    codes, counts = np.unique(edge_homes(world, layer_id), return_counts=True)
    return {int(code): int(count) for code, count in zip(codes, counts, strict=True) if code != OUT}


@kept("landmasses", "coast", "parameters", "joined_land", also=_parts)
def land_network(world: World, layer_id: str, landmass: int) -> LandNetwork:
    """Return the network of one landmass that has edges, made once and kept, a large one on disk."""
    disk, name = store(world), f"{layer_id}-on-{landmass}-{network_mark(world, layer_id)}"
    made = functools.partial(_land, world, layer_id, landmass)
    if edge_counts(world, layer_id)[landmass] < WORTH_KEEPING:
        land, edge, row = made()
        return LandNetwork(junctions=land, edge=edge, row=row)
    once = functools.cache(made)
    edge = disk.array(f"{name}-edge", lambda: once()[1])
    row = disk.array(f"{name}-row", lambda: once()[2])
    return LandNetwork(junctions=Junctions.kept(lambda: once()[0], disk.index, disk.array, name), edge=edge, row=row)


@kept("landmasses", "coast", "parameters", "joined_land", also=_parts)
def _edges_by_land(world: World, layer_id: str) -> dict[int, Ints]:
    """Return the edges of a network on each landmass, in their order."""
    return rows_by_code(edge_homes(world, layer_id))


def _land(world: World, layer_id: str, landmass: int) -> tuple[Junctions, Ints, Ints]:
    table, rows = network_table(world, layer_id), _edges_by_land(world, layer_id)[landmass]
    ends = np.stack([table.from_node[rows], table.to_node[rows]], axis=1)
    nodes, first_seen, number = np.unique(ends.T.ravel(), return_index=True, return_inverse=True)
    pairs = np.stack(np.split(number.astype(np.int64), 2), axis=1)
    made = Junctions.build(table.lon[nodes], table.lat[nodes], pairs, table.length_km[rows])
    return made, rows[first_seen % len(rows)], rows


def junction_bounds(world: World, asked: Places, landmass: Ints, class_: str) -> Found:
    """Return the nearest edge on each point's landmass as `Found`; nothing where the landmass has none.

    high_km is the distance to the nearest junction, low_km the provable least distance of any edge, distance_km how far
    away one is likely to pass, at lon, lat. feature is the place of that edge, after the features of the class.
    """
    layer_id, found = JUNCTIONS[class_], Found.nothing(len(landmass))
    after = targets(world, class_).count
    lands = edge_counts(world, layer_id)
    for code, rows in rows_by_code(landmass).items():
        if code in lands:
            found.put(rows, _on_land(land_network(world, layer_id, code), asked.take(rows), after))
    return found


def _on_land(land: LandNetwork, asked: Places, after: int) -> Found:
    found = land.junctions.bounds(asked)
    edge = np.where(found.edge < 0, land.edge[found.junction], land.row[found.edge])
    return Found(
        feature=after + edge, lon=found.lon, lat=found.lat, distance_km=found.likely_km,
        low_km=found.low_km, high_km=found.high_km, nil=np.zeros(len(asked.lon), np.int8),
    )  # fmt: skip


def with_junctions(corridor: Found, junction: Found) -> Found:
    """Return the nearer of corridor and edge; either bounds the other."""
    nearer = np.isfinite(junction.distance_km) & ~(corridor.distance_km <= junction.distance_km)
    pick: Callable[[Any, Any], Any] = functools.partial(np.where, nearer)
    low: Floats = np.fmin(junction.low_km, corridor.distance_km)
    return Found(
        feature=pick(junction.feature, corridor.feature), lon=pick(junction.lon, corridor.lon),
        lat=pick(junction.lat, corridor.lat), distance_km=pick(junction.distance_km, corridor.distance_km), low_km=low,
        high_km=np.fmin(junction.high_km, corridor.high_km), nil=corridor.nil,
    )  # fmt: skip
