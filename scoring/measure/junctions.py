"""Bounds on the distance to a line known only by its junctions and the true length between them."""

import dataclasses
import functools

import numpy as np
import shapely

from oreway.geo.junctions import Junctions
from oreway.geo.nearest import Places
from oreway.scoring.measure.points import OUT, Floats, Found, Ints
from oreway.scoring.measure.targets import WORTH_KEEPING, kept_landmass_of, targets
from oreway.scoring.world.disk_cache import fingerprint
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import store
from oreway.scoring.world.world import World

JUNCTIONS = {"rail": "rail_network", "road": "road_network"}
NETWORK_SOURCE = "OpenStreetMap contributors (junction network)"


@dataclasses.dataclass(frozen=True, kw_only=True)
class LandNetwork:
    """The network of one landmass; edge is, for each junction, the place in the layer of an edge that ends there."""

    junctions: Junctions
    edge: Ints


def _parts(world: World, layer_id: str, *_: object) -> tuple[str, ...]:
    del world
    return (layer_id,)


@kept("landmasses", "parameters", also=_parts)
def edge_rows(world: World, layer_id: str) -> dict[int, Ints]:
    """Return which rows of a network lie on each landmass, those at sea left out."""
    homes = kept_landmass_of(world, layer_id, world.infrastructure[layer_id])
    return {int(code): np.nonzero(homes == code)[0] for code in np.unique(homes) if code != OUT}


@kept("landmasses", "parameters", also=_parts)
def land_network(world: World, layer_id: str, landmass: int) -> LandNetwork:
    """Return the network of one landmass that has edges, made once and kept."""
    rows = edge_rows(world, layer_id)[landmass]
    frame = world.infrastructure[layer_id].iloc[rows]
    names = np.concatenate([frame["from_node"].to_numpy(), frame["to_node"].to_numpy()])
    _, first_seen, number = np.unique(names, return_index=True, return_inverse=True)
    lines = frame.geometry.to_numpy()
    ends = np.concatenate([shapely.get_coordinates(shapely.get_point(lines, at)) for at in (0, -1)])
    lon, lat = ends[first_seen].T
    disk, name = store(world), f"{layer_id}-on-{landmass}-{fingerprint(frame.index)}"
    big = len(frame) >= WORTH_KEEPING
    saved = {
        "keep_index": lambda part, make: disk.index(f"{name}-{part}", make),
        "keep_array": lambda part, make: disk.array(f"{name}-{part}", make),
    } if big else {}  # fmt: skip
    made = Junctions(
        lon, lat, np.stack(np.split(number.astype(np.int64), 2), axis=1), frame["length_km"].to_numpy(np.float64),
        **saved,
    )  # fmt: skip
    return LandNetwork(junctions=made, edge=rows[first_seen % len(frame)])


def junction_bounds(world: World, asked: Places, landmass: Ints, class_: str) -> Found:
    """Return the nearest junction on each point's landmass as `Found`; nothing where the landmass has none.

    high_km is the distance to that junction, at lon, lat; low_km the provable least distance of any edge. feature is
    the place of an edge that ends there, after the features of the class.
    """
    layer_id, found = JUNCTIONS[class_], Found.nothing(len(landmass))
    after = len(targets(world, class_).frame)
    lands = edge_rows(world, layer_id)
    for code in np.unique(landmass):
        if int(code) in lands:
            rows = np.nonzero(landmass == code)[0]
            found.put(rows, _on_land(land_network(world, layer_id, int(code)), asked.take(rows), after))
    return found


def _on_land(land: LandNetwork, asked: Places, after: int) -> Found:
    found = land.junctions.bounds(asked)
    return Found(
        feature=after + land.edge[found.junction], lon=found.lon, lat=found.lat, distance_km=found.high_km,
        low_km=found.low_km, high_km=found.high_km, nil=np.zeros(len(asked.lon), np.int8),
    )  # fmt: skip


def with_junctions(corridor: Found, junction: Found) -> Found:
    """Return the nearer of corridor and junction, an upper bound; either lowers low_km."""
    nearer = np.isfinite(junction.high_km) & ~(corridor.distance_km <= junction.high_km)
    pick = functools.partial(np.where, nearer)
    low: Floats = np.fmin(junction.low_km, corridor.distance_km)
    return Found(
        feature=pick(junction.feature, corridor.feature), lon=pick(junction.lon, corridor.lon),
        lat=pick(junction.lat, corridor.lat), distance_km=pick(junction.high_km, corridor.distance_km), low_km=low,
        high_km=pick(junction.high_km, corridor.high_km), nil=corridor.nil,
    )  # fmt: skip
