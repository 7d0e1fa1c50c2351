"""The nearest of each class for millions of points: the rules of `scoring.measure.classes` on plain arrays."""

from collections.abc import Iterable

import numpy as np

from oreway.geo.nearest import Places
from oreway.scoring.measure.classes import STATED
from oreway.scoring.measure.junctions import JUNCTIONS
from oreway.scoring.measure.junctions_arrays import with_junctions
from oreway.scoring.measure.ready import NIL_ABSENT, NIL_INAPPLICABLE, NIL_UNKNOWN, Found, Points, Ready
from oreway.scoring.measure.targets import CLASSES, targets
from oreway.scoring.measure.targets_arrays import BOW_KM, IceMap, plants_for
from oreway.scoring.world.place import SHAPES, Floats
from oreway.scoring.world.place_cells import MIXED, OUT, Ints, Whereabouts, cell_labels


def measure_points(
    ready: Ready, points: Points, classes: Iterable[str] = CLASSES
) -> tuple[Whereabouts, dict[str, Found]]:
    """Return where the points lie and the nearest of each class, the same as `measure.nearest` row by row."""
    where = ready.locator.locate(points.lon, points.lat)
    workers = {"refinery": _refinery, "ice": _ice}
    return where, {class_: workers.get(class_, _from_layer)(ready, points, where, class_) for class_ in classes}


def _from_layer(ready: Ready, points: Points, where: Whereabouts, class_: str) -> Found:
    """Nearest feature of a layer where its country's network is present, else the reason why there is none."""
    n = len(points.lon)
    feature, low, km, high = np.full(n, OUT), np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    nil = np.zeros(n, np.int8)
    if class_ in STATED:
        nil = ready.states(class_).nil[where.country, where.setting]
    rows = np.nonzero(nil == 0)[0]
    asked, landmass = points.places.take(rows), where.landmass[rows]
    feature[rows], km[rows] = _nearest(ready, asked, landmass, class_)
    low[rows] = high[rows] = km[rows]
    if class_ in JUNCTIONS and len(rows):
        corridor = Found(feature=feature[rows], distance_km=km[rows], low_km=km[rows], high_km=km[rows], nil=nil[rows])
        found = with_junctions(ready, asked, landmass, class_, corridor)
        feature[rows], km[rows], low[rows], high[rows] = found.feature, found.distance_km, found.low_km, found.high_km
    if class_ in STATED:
        complete = ready.states(class_).complete[where.country, where.setting]
        lost = np.where((where.landmass != OUT) & complete, NIL_ABSENT, NIL_UNKNOWN)
        nil = np.where((nil == 0) & np.isnan(km), lost, nil).astype(np.int8)
    found = Found(feature=feature, distance_km=km, low_km=low, high_km=high, nil=nil)
    return _widened(found, points, ready.targets(class_).accuracy_km)


def _nearest(ready: Ready, asked: Places, landmass: Ints, class_: str) -> tuple[Ints, Floats]:
    """Nearest feature anywhere; where the class is reached by land, the nearest on the point's own landmass.

    The nearest of all is the nearest on the landmass when it lies there; only the other points are asked again.
    """
    kept = ready.targets(class_)
    answer = kept.index.query_places(asked)
    feature, km = answer.feature, answer.distance_km
    if not kept.bound_to_landmass or not len(kept.home):
        return feature, km
    again = np.nonzero((landmass != OUT) & (kept.home[feature] != landmass))[0]
    feature[again], km[again] = OUT, np.nan
    again = again[np.isin(landmass[again], kept.home)]
    again = again[np.argsort(landmass[again], kind="stable")]
    for rows in np.split(again, np.nonzero(np.diff(landmass[again]))[0] + 1) if len(again) else []:
        code = landmass[rows[0]]
        local = targets(ready.world, class_, str(ready.locator.landmass_ids[code]))
        nearest = local.index.query_places(asked.take(rows))
        feature[rows], km[rows] = np.nonzero(kept.home == code)[0][nearest.feature], nearest.distance_km
    return feature, km


def _refinery(ready: Ready, points: Points, where: Whereabouts, class_: str) -> Found:
    """Nearest operating plant that performs one of the next steps for the point's commodity."""
    del class_, where
    n = len(points.lon)
    feature, km, nil = np.full(n, OUT), np.full(n, np.nan), np.zeros(n, np.int8)
    for code in np.unique(points.stages):
        rows = np.nonzero(points.stages == code)[0]
        stages = points.stage_words[code]
        if not stages:
            nil[rows] = NIL_UNKNOWN
            continue
        index, among_all = plants_for(ready.world, stages)
        answer = index.query_places(points.places.take(rows))
        feature[rows] = np.append(among_all, OUT)[answer.feature]
        km[rows] = answer.distance_km
    accuracy = ready.world.plants["position_accuracy_km"].to_numpy(dtype=float)
    return _widened(Found(feature=feature, distance_km=km, low_km=km, high_km=km, nil=nil), points, accuracy)


def _ice(ready: Ready, points: Points, where: Whereabouts, class_: str) -> Found:
    """Distance to the ice of the nearer of two maps; both maps bound it."""
    del class_, where
    asked = [_on_ice(ready, one, points) for one in ready.ice]
    (first, first_km), (second, second_km) = asked
    nearer = np.where(np.isnan(first_km), np.inf, first_km) <= np.where(np.isnan(second_km), np.inf, second_km)
    km = np.where(nearer, first_km, second_km)
    accuracy = np.concatenate([one.accuracy_km for one in ready.ice])
    found = Found(
        feature=np.where(nearer, first, second), distance_km=km, low_km=np.fmin(first_km, second_km),
        high_km=np.fmax(first_km, second_km), nil=np.where(np.isnan(km), NIL_INAPPLICABLE, 0).astype(np.int8),
    )  # fmt: skip
    return _widened(found, points, accuracy)


def _on_ice(ready: Ready, chart: IceMap, points: Points) -> tuple[Ints, Floats]:
    """Return the nearest ice of one map within reach; cells wholly on the ice or out of reach need no search.

    Only a point so close to an outline that its bow matters is asked of the index of areas, which is slower.
    """
    reach = ready.world.methods.parameters["ice_reach_km"]
    feature = cell_labels(points.lon, points.lat, chart.cells)
    km = np.where(feature >= 0, 0.0, np.nan)
    mixed = np.nonzero(feature == MIXED)[0]
    rows = np.nonzero(feature < OUT)[0]
    edge = chart.outlines.query_places(points.places.take(rows), within_km=reach)
    feature[rows], km[rows] = edge.feature, edge.distance_km
    close = mixed[km[mixed] <= BOW_KM]
    held = chart.holder(points.lon[mixed], points.lat[mixed])
    feature[mixed[held >= 0]], km[mixed[held >= 0]] = held[held >= 0], 0.0
    with SHAPES:
        exact = chart.index.query(points.lon[close], points.lat[close], within_km=reach)
    feature[close], km[close] = exact.feature, exact.distance_km
    return np.where(feature < 0, OUT, feature + chart.first), km


def _widened(found: Found, points: Points, accuracy_km: Floats) -> Found:
    """Widen the bounds by the accuracy of point and feature, floor 0; empty what stands for nothing."""
    slack = points.accuracy_km + np.append(accuracy_km, 0.0)[found.feature]
    gone = found.nil != 0
    return Found(
        feature=np.where(gone, OUT, found.feature),
        distance_km=np.where(gone, np.nan, found.distance_km),
        low_km=np.where(gone, np.nan, np.maximum(found.low_km - slack, 0.0)),
        high_km=np.where(gone, np.nan, found.high_km + slack),
        nil=found.nil,
    )
