"""What a port is worth: draught times open season, for every port of a class at once."""

import dataclasses

import numpy as np
import numpy.typing as npt

from oreway.scoring.judge.values import MONTHS
from oreway.scoring.measure.ready import Ready
from oreway.scoring.world.place import Floats

Mask = npt.NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Values:
    """Value of one criterion: low and high bound, base NaN where unknown; `applies` is False where it is left out."""

    low: Floats
    base: Floats
    high: Floats
    applies: Mask


def berths(ready: Ready, class_: str) -> Values:
    """Return draught x season of each port of a class, made once and kept."""
    return ready.world.indexes.get(("batch berths", class_), lambda: _make_berths(ready, class_))


def _make_berths(ready: Ready, class_: str) -> Values:
    world = ready.world
    ports = world.infrastructure["ports"].loc[list(ready.targets(class_).ids)]
    draught = world.methods.tables["port_draught"]
    depths, worth = draught["depth_m"].astype(float).to_numpy(), draught["value"].astype(float).to_numpy()
    depth = ports["depth_m"].to_numpy(dtype=float)
    unknown = np.isnan(depth)
    value = np.where(unknown, worth[0], np.interp(depth, depths, worth))
    season = _seasons(ready, ports["country_code"].to_numpy(dtype=object), ports.geometry.x, ports.geometry.y)
    return Values(
        low=value * season.low, base=value * season.base, high=np.where(unknown, worth[-1], value) * season.high,
        applies=np.ones(len(ports), bool),
    )  # fmt: skip


def _seasons(ready: Ready, country: npt.NDArray[np.object_], x: npt.ArrayLike, y: npt.ArrayLike) -> Values:
    """Return open months over twelve from the first region of port_season.csv that holds each port."""
    lon, lat = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    months = np.tile([0.0, np.nan, MONTHS], (len(lon), 1))
    open_ = np.ones(len(lon), bool)
    for row in ready.world.methods.tables["port_season"].to_dict("records"):
        west, east, south, north = (float(row[key]) for key in ("west", "east", "south", "north"))
        inside = (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
        hit = open_ & inside & ((country == row["country_code"]) | (row["country_code"] == "*"))
        months[hit] = [float(row[key]) for key in ("open_months_low", "open_months", "open_months_high")]
        open_ &= ~hit
    low, base, high = (months / MONTHS).T
    return Values(low=low, base=base, high=high, applies=np.ones(len(lon), bool))
