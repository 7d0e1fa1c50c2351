"""One worker a class: the nearest of its features for any number of points, with bounds, or why there is none."""

import dataclasses
from collections.abc import Iterable

import numpy as np

from oreway.arrays import Bools
from oreway.geo._answer import Nearest
from oreway.geo.nearest import Places
from oreway.scoring.measure.features import accuracy_km
from oreway.scoring.measure.ice import nearest_ice, prepare_ice
from oreway.scoring.measure.junctions import JUNCTIONS, edge_counts, junction_bounds, land_network, with_junctions
from oreway.scoring.measure.missed import low_factor
from oreway.scoring.measure.points import (
    NIL_ABSENT,
    NIL_INAPPLICABLE,
    NIL_UNKNOWN,
    NILS,
    OUT,
    PRESENT,
    Codes,
    Found,
    Ints,
    Points,
    picked,
)
from oreway.scoring.measure.targets import (
    CLASSES,
    WORTH_KEEPING,
    bound_to_landmass,
    home,
    local,
    maybe_targets,
    places_of_plants,
    plant_targets,
    targets,
)
from oreway.scoring.world.criteria import words
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import COUNTRIES, LANDMASSES, SETTINGS, Whereabouts, cells, codes, network_state
from oreway.scoring.world.world import World

STATED = ("town", "road", "rail", "power", "port", "deep_water_port", "airfield")
BY_SEA_OR_AIR = ("port", "deep_water_port", "airfield")


def measure_points(
    world: World, points: Points, where: Whereabouts, classes: Iterable[str] = CLASSES
) -> dict[str, Found]:
    """Return the nearest of each class for points that lie as `where` says."""
    workers = {"refinery": _refinery, "ice": _ice}
    return {class_: workers.get(class_, _from_layer)(world, points, where, class_) for class_ in classes}


def prepare(world: World, classes: Iterable[str] = CLASSES) -> None:
    """Make everything that some classes need of many points, so that threads and other processes find it."""
    chosen = tuple(classes)
    for layer_id in (LANDMASSES, COUNTRIES):
        cells(world, layer_id)
    for class_ in chosen:
        if class_ == "ice":
            prepare_ice(world)
        elif class_ != "refinery":
            targets(world, class_)
            home(world, class_)
            accuracy_km(world, class_, np.zeros(0, np.int64))
        if class_ in JUNCTIONS:
            for landmass, edges in edge_counts(world, JUNCTIONS[class_]).items():
                if edges >= WORTH_KEEPING:  # smaller ones are made where they are asked for
                    land_network(world, JUNCTIONS[class_], landmass)


@dataclasses.dataclass(frozen=True, kw_only=True)
class States:
    """State of a class by country and setting: a code of NILS, 0 for present, and whether the layer is complete."""

    nil: Codes
    complete: Bools


@kept("networks", "landmasses", "countries", "places", on_disk=True)
def class_states(world: World, class_: str) -> States:
    """Return the state of a class in every country and setting."""
    names = codes(world).countries
    nil, complete = np.zeros((len(names), len(SETTINGS)), np.int8), np.zeros((len(names), len(SETTINGS)), np.bool_)
    for i, code in enumerate(names):
        for j, setting in enumerate(SETTINGS):
            state = network_state(world, class_, code, setting)
            nil[i, j] = 0 if state.state == PRESENT else NILS.index(state.state)
            complete[i, j] = state.complete
    return States(nil=nil, complete=complete)


def _from_layer(world: World, points: Points, where: Whereabouts, class_: str) -> Found:
    """Nearest feature of a layer where its country's network is present, else the reason why there is none."""
    found = Found.nothing(len(points.lon))
    stated = class_ in STATED
    nil = class_states(world, class_).nil[where.country, where.setting] if stated else found.nil
    rows = np.nonzero(nil == 0)[0]
    if len(rows):
        found.put(rows, nearest_feature(world, points.places.take(rows), where.landmass[rows], class_))
    maybe = maybe_targets(world, class_)
    if maybe is not None and len(rows):  # where there is none, no bound is told
        found.low_km[rows] = np.fmin(found.low_km[rows], maybe.index.query_places(points.places.take(rows)).distance_km)
    if stated:
        np.minimum(found.low_km, found.distance_km * low_factor(world, class_)[where.country], out=found.low_km)
        complete = class_states(world, class_).complete[where.country, where.setting]
        lost = np.where((where.landmass != OUT) & complete, NIL_ABSENT, NIL_UNKNOWN)
        nil = np.where((nil == 0) & np.isnan(found.distance_km), lost, nil).astype(np.int8)
    return _widened(world, dataclasses.replace(found, nil=nil), points, class_)


def nearest_feature(world: World, asked: Places, landmass: Ints, class_: str) -> Found:
    """Return the nearest feature of a layer, or junction of its network, whatever the state of the network."""
    found = _nearest(world, asked, landmass, class_)
    if class_ in JUNCTIONS:
        found = with_junctions(found, junction_bounds(world, asked, landmass, class_))
    return found


def _nearest(world: World, asked: Places, landmass: Ints, class_: str) -> Found:
    """Nearest feature anywhere; where the class is reached by land, the nearest on the point's own landmass.

    The nearest of all is the nearest on the landmass when it lies there; only the other points are asked again.
    """
    kept_targets = targets(world, class_)
    found = _as_found(kept_targets.index.query_places(asked))
    if not bound_to_landmass(world, class_) or not kept_targets.count:
        return found
    homes = home(world, class_)
    again = np.nonzero((landmass != OUT) & (homes[found.feature] != landmass))[0]
    if len(again):
        found.put(again, _on_landmass(world, asked.take(again), landmass[again], class_))
    return found


def on_own_land(world: World, points: Points, where: Whereabouts, found: Found, class_: str) -> Found:
    """Return the nearest of a class that stands on a point's own landmass; of a point on none, the nearest of all."""
    homes = picked(home(world, class_), found.feature, OUT)
    again = np.nonzero((where.landmass != OUT) & (homes != where.landmass))[0]
    reached = found.take(np.arange(len(found.nil)))
    if not len(again):
        return reached
    nearest = _on_landmass(world, points.places.take(again), where.landmass[again], class_)
    nil = np.where(np.isnan(nearest.distance_km), NIL_UNKNOWN, 0).astype(np.int8)
    near = _widened(world, dataclasses.replace(nearest, nil=nil), points.take(again), class_)
    reached.put(again, near)
    reached.nil[again] = near.nil
    return reached


def _on_landmass(world: World, asked: Places, landmass: Ints, class_: str) -> Found:
    """Return the nearest feature of a class on each landmass."""
    found = Found.nothing(len(landmass))
    rows = np.nonzero(np.isin(landmass, home(world, class_)))[0]
    rows = rows[np.argsort(landmass[rows], kind="stable")]
    for group in np.split(rows, np.nonzero(np.diff(landmass[rows]))[0] + 1) if len(rows) else []:
        here = local(world, class_, int(landmass[group[0]]))
        nearest = _as_found(here.index.query_places(asked.take(np.sort(group))))
        found.put(np.sort(group), dataclasses.replace(nearest, feature=here.rows[nearest.feature]))
    return found


def _as_found(answer: Nearest) -> Found:
    km = answer.distance_km
    return Found(
        feature=answer.feature, lon=answer.lon, lat=answer.lat, distance_km=km, low_km=km.copy(), high_km=km.copy(),
        nil=np.zeros(len(km), np.int8),
    )  # fmt: skip


def _refinery(world: World, points: Points, where: Whereabouts, class_: str) -> Found:
    """Nearest operating plant that performs one of the next steps for the point's commodity."""
    del where
    found = Found.nothing(len(points.lon))
    for code in np.unique(points.stages):
        rows, stages = np.nonzero(points.stages == code)[0], points.stage_words[code]
        if not stages:
            found.nil[rows] = NIL_UNKNOWN
            continue
        fit = plant_targets(world, words(stages))
        answer = _as_found(fit.index.query_places(points.places.take(rows)))
        among_all = picked(places_of_plants(world, words(stages)), answer.feature, OUT)
        found.put(rows, dataclasses.replace(answer, feature=among_all))
        found.nil[rows[among_all == OUT]] = NIL_UNKNOWN  # no plant that is kept runs the step
    return _widened(world, found, points, class_)


def _ice(world: World, points: Points, where: Whereabouts, class_: str) -> Found:
    """Distance to the ice of the nearer of two maps; both maps bound it."""
    del where
    found = nearest_ice(world, points)
    nil = np.where(np.isnan(found.distance_km), NIL_INAPPLICABLE, 0).astype(np.int8)
    return _widened(world, dataclasses.replace(found, nil=nil), points, class_)


def _widened(world: World, found: Found, points: Points, class_: str) -> Found:
    """Widen the bounds by the accuracy of point and feature, floor 0; empty what stands for nothing."""
    slack = points.accuracy_km + np.nan_to_num(accuracy_km(world, class_, found.feature))
    gone = found.nil != 0
    return Found(
        feature=np.where(gone, OUT, found.feature), lon=found.lon, lat=found.lat,
        distance_km=np.where(gone, np.nan, found.distance_km),
        low_km=np.where(gone, np.nan, np.maximum(found.low_km - slack, 0.0)),
        high_km=np.where(gone, np.nan, found.high_km + slack), nil=found.nil, of_maps=found.of_maps,
    )  # fmt: skip


def across_water(world: World, found: Found, where: Whereabouts, class_: str) -> Bools:
    """Tell where the nearest port or airfield is known and lies on another landmass than the point."""
    there = picked(home(world, class_), found.feature, OUT)
    lies_apart: Bools = (found.nil == 0) & (where.landmass != OUT) & (there != where.landmass)
    return lies_apart
