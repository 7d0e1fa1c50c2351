"""How much a way climbs over the coarse relief of the world: where it climbs much, roads wind more than the network."""

import functools

import numpy as np

from oreway.arrays import Floats
from oreway.geo.geodesy import distance_km
from oreway.geo.terrain import Relief, heights, read_relief
from oreway.layers.catalog import verified_path

RELIEF = "relief_world"
WHOLE = (-180.0, -90.0, 180.0, 90.0)


@functools.cache
def world_relief() -> Relief:
    """Return the coarse relief of the world, read once."""
    return read_relief(verified_path(RELIEF), *WHOLE)


def climb_m_per_km(relief: Relief, lon: Floats, lat: Floats, step_km: float) -> float:
    """Return up and down together, metres a kilometre, along straight lines between places; the sea counts as 0 m.

    lon, lat: shape (n,), degrees; heights are read every step_km at most. 0 for a way without length.
    """
    if len(lon) < 2:
        return 0.0
    passed = np.append(0.0, np.cumsum(distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:])))
    length = float(passed[-1])
    if length == 0:
        return 0.0
    at = np.linspace(0.0, length, max(int(np.ceil(length / step_km)), 1) + 1)
    east = (np.interp(at, passed, np.unwrap(lon, period=360)) + 180) % 360 - 180
    height = np.fmax(heights(relief, east, np.interp(at, passed, lat)), 0.0)
    return float(np.abs(np.diff(height)).sum()) / length
