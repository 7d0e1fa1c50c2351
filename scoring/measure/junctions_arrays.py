"""Junction networks for millions of points: the bounds of `measure.junctions` without its texts and directions."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from oreway.geo.nearest import Places
from oreway.scoring.measure.junctions import JUNCTIONS
from oreway.scoring.measure.junctions import _lands as junction_lands
from oreway.scoring.measure.ready import Found, Ready
from oreway.scoring.measure.targets_arrays import Texts
from oreway.scoring.world.disk_cache import positions
from oreway.scoring.world.place import Floats
from oreway.scoring.world.place_cells import OUT, Ints


def with_junctions(ready: Ready, asked: Places, landmass: Ints, class_: str, corridor: Found) -> Found:
    """Let the nearest junction, an upper bound, stand where no corridor is nearer; for rail lower low_km."""
    feature, low, high = _bounds(ready, asked, landmass, class_)
    nearer = ~np.isnan(high) & ~(corridor.distance_km <= high)
    taken_low = np.where(nearer, low, corridor.low_km)
    if class_ == "rail":
        either = np.fmin(low, corridor.distance_km)
        taken_low = np.where(np.isnan(either), taken_low, either)
    km = np.where(nearer, high, corridor.distance_km)
    return Found(
        feature=np.where(nearer, feature, corridor.feature), distance_km=km, low_km=taken_low, high_km=km,
        nil=corridor.nil,
    )  # fmt: skip


def _bounds(ready: Ready, asked: Places, landmass: Ints, class_: str) -> tuple[Ints, Floats, Floats]:
    """Return what `junctions.junction_bounds` tells, without the directions and texts that take it longest."""
    n = len(landmass)
    feature, low, high = np.full(n, OUT), np.full(n, np.nan), np.full(n, np.nan)
    kept = ready.targets(class_)
    lands = junction_lands(ready.world, JUNCTIONS[class_])
    for name, land in lands.items():
        rows = np.nonzero(landmass == ready.locator.landmass_ids.get_loc(name))[0]
        if len(rows):
            found = land.network.interval_of_places(asked.take(rows))
            low[rows], high[rows] = found.low_km, found.high_km
            feature[rows] = len(kept.ids) - len(kept.edges) + _edges_at(ready, class_, name, land.edge_at, found.node)
    return feature, low, high


def _edges_at(ready: Ready, class_: str, landmass: str, edge_at: Mapping[object, str], nodes: Texts) -> Ints:
    """Return the place among the edges of the class of the edge that ends at each junction."""

    def make() -> tuple[pd.Index, Ints]:
        return pd.Index(list(edge_at)), positions(ready.targets(class_).edges, list(edge_at.values()))

    names, edges = ready.world.indexes.get(("batch edges", class_, landmass), make)
    found: Ints = edges[names.get_indexer(pd.Index(nodes))]
    return found
