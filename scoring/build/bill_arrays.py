"""The access bill of millions of points: the rules of `scoring.build.bill` on plain arrays, every length straight.

A length is the straight line times the detour factor; `scoring.build.bill` puts the way over relief or along roads in
its place where it finds one, which takes seconds a point.
"""

import dataclasses
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from oreway.layers.vocabulary import Setting
from oreway.scoring.judge.score_arrays import Subjects, usable_port
from oreway.scoring.measure.ready import NIL_ABSENT, Found, Points, Ready
from oreway.scoring.world.criteria import ValueFunction
from oreway.scoring.world.place import Floats
from oreway.scoring.world.place_cells import SETTINGS, Whereabouts

Bounds = npt.NDArray[np.float64]  # shape (3, n) or (3, 1): low, base, high
POWER_MW = ("reference_power_low_mw", "reference_power_mw", "reference_power_high_mw")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Bills:
    """Totals in US$M; NaN at sea, and where road, power or the port to truck to is not known."""

    low: Floats
    base: Floats
    high: Floats


def bill_points(ready: Ready, points: Points, where: Whereabouts, found: Mapping[str, Found]) -> Bills:
    """Return the bills of measured points on land, as of sites without facts."""
    totals = np.full((3, len(where.setting)), np.nan)
    for code in np.unique(where.setting):
        setting = SETTINGS[code]
        if ready.world.methods.values_from(setting) != Setting.SEABED:
            rows = np.nonzero(where.setting == code)[0]
            totals[:, rows] = _total(
                Subjects(ready=ready, points=points, where=where, found=found, rows=rows, setting=setting)
            )
    return Bills(low=totals[0], base=totals[1], high=totals[2])


def _total(asked: Subjects) -> Bounds:
    methods = asked.ready.world.methods
    setting = methods.values_from(asked.setting)
    costs = methods.tables["unit_costs"]
    unit = {
        row["item_id"]: np.array([[float(row[key])] for key in ("low", "base", "high")])
        for row in costs[costs["setting"] == setting].to_dict("records")
    }
    by = {name: methods.criteria[name].functions[setting][0] for name in ("road", "power", "airfield", "town")}
    port = _terminal if setting == Setting.ARCTIC else _trucks
    road = _length(asked, "road", by["road"])
    tidewater = np.where(asked.nil("road") == NIL_ABSENT, _length(asked, "coast", by["road"]), np.nan)
    own_power = np.array([[methods.parameters[key]] for key in POWER_MW]) * unit["power_station"]
    power = np.where(
        asked.nil("power") == NIL_ABSENT, own_power, _length(asked, "power", by["power"]) * unit["power_line"]
    )
    airstrip = _share(asked, by["airfield"]) * unit["airstrip"]
    camp = _share(asked, by["town"]) * methods.parameters["reference_beds"] * unit["camp"]
    roads = np.where(asked.nil("road") == 0, road, tidewater) * unit["haul_road"]
    total: Bounds = roads + power + port(asked, by["road"], unit) + airstrip + camp
    return total


def _straight(asked: Subjects, class_: str, by: ValueFunction) -> Bounds:
    found, rows = asked.found[class_], asked.rows
    return np.stack(
        [
            found.low_km[rows] * by.circuity_low,
            found.distance_km[rows] * by.circuity,
            found.high_km[rows] * by.circuity_high,
        ]
    )


def _length(asked: Subjects, class_: str, by: ValueFunction) -> Bounds:
    """Return the length to build to the nearest of a class, NaN where none is known."""
    return np.where(asked.nil(class_) == 0, _straight(asked, class_, by), np.nan)


def _share(asked: Subjects, by: ValueFunction) -> Bounds:
    """Return how much of a facility of one's own is needed, as the bill of a site does; 0 to 1 where none is known."""
    needed = np.clip((_straight(asked, by.class_, by) - by.d0) / by.h, 0.0, 1.0)
    return np.where(asked.nil(by.class_) == 0, needed, np.array([[0.0], [1.0], [1.0]]))


def _terminal(asked: Subjects, by: ValueFunction, unit: Mapping[str, Bounds]) -> Bounds:
    """Return the cheaper of a terminal of one's own and a road to an existing berth of 10 m."""
    road = _length(asked, "deep_water_port", by) * unit["haul_road"]
    return np.where(road[1] < unit["terminal"][1], road, unit["terminal"])


def _trucks(asked: Subjects, by: ValueFunction, unit: Mapping[str, Bounds]) -> Bounds:
    """Return trucks on existing roads to the nearest port of 10 m on this landmass, NaN where there is none."""
    product = asked.ready.world.methods.parameters["product_mt_per_year"]
    length = np.where(usable_port(asked, "deep_water_port"), _length(asked, "deep_water_port", by), np.nan)
    return length * product * unit["haul_fleet"]
