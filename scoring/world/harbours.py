"""The land that ports stand on: outlines leave out moles and new ground, on which the largest ports lie."""

from __future__ import annotations

import numpy as np

from oreway.arrays import Ints
from oreway.geo.geodesy import destination
from oreway.later import later
from oreway.scoring.world.place import landmass_positions
from oreway.scoring.world.world import World

with later(__name__):
    import geopandas as gpd

OUT = -1
AFLOAT = ("", "Open Roadstead")  # kinds of harbour that need no shore; "" where the index does not say
DIRECTIONS = 16


def harbour_landmasses(world: World, ports: gpd.GeoDataFrame) -> Ints:
    """Return the landmass of each port, a place in `place.codes`, OUT at sea.

    A harbour with a shore, so no roadstead, stands on the land within port_reach_km (data/methods/parameters.csv).
    """
    lon, lat = (np.asarray(one, dtype=np.float64) for one in (ports.geometry.x, ports.geometry.y))
    found = landmass_positions(world, lon, lat)
    if "harbor_type" not in ports.columns:
        return found
    ashore = ~ports["harbor_type"].fillna("").isin(AFLOAT).to_numpy()
    asked = np.nonzero((found == OUT) & ashore)[0]
    if not len(asked):
        return found
    parameters = world.methods.parameters
    step_km = parameters["port_reach_km"] - parameters["coast_tolerance_km"]
    azimuth = np.tile(np.arange(DIRECTIONS) * 360.0 / DIRECTIONS, len(asked))
    around = destination(np.repeat(lon[asked], DIRECTIONS), np.repeat(lat[asked], DIRECTIONS), azimuth, step_km)
    near = landmass_positions(world, *around).reshape(len(asked), DIRECTIONS)
    for row, seen in zip(asked.tolist(), near, strict=True):
        land, often = np.unique(seen[seen != OUT], return_counts=True)
        if len(land):
            found[row] = land[np.argmax(often)]
    return found
