"""The networks that ways are sought along, each made once and kept with its world."""

from oreway.geo.network import Network
from oreway.geo.sea import SeaLanes
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World


@kept("road_network")
def road_network(world: World) -> Network:
    """Return the junctions of roads and the true lengths between them."""
    return Network.from_frame(world.infrastructure["road_network"])


@kept("rail_network")
def rail_network(world: World) -> Network:
    """Return the junctions of railways and the true lengths between them."""
    return Network.from_frame(world.infrastructure["rail_network"])


@kept("sea_lanes")
def sea_lanes(world: World) -> SeaLanes:
    """Return the shipping lanes with their passages."""
    return SeaLanes.from_frame(world.infrastructure["sea_lanes"])
