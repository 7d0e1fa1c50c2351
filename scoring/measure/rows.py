"""The nearest of a class told in a table: names, sources, direction, and in words why there is no distance."""

from typing import Any

import numpy as np
import numpy.typing as npt

from oreway.geo.geodesy import azimuth_deg
from oreway.scoring.measure.classes import BY_SEA_OR_AIR, STATED, across_water, nearest_feature
from oreway.scoring.measure.features import ICE, REFINERY, accuracy_km, first_edge, texts
from oreway.scoring.measure.ice import ICE_MAPS
from oreway.scoring.measure.junctions import JUNCTIONS
from oreway.scoring.measure.points import (
    ABSENT,
    NILS,
    OUT,
    PRESENT,
    UNKNOWN,
    Found,
    Mask,
    Points,
    Texts,
    join_notes,
    same_text,
)
from oreway.scoring.measure.targets import maybe_targets
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import SETTINGS, Whereabouts, codes, countries, network_state
from oreway.scoring.world.world import World

GEODESIC, INTERVAL = "geodesic", "interval"
ACROSS = "on another landmass"
UPPER_BOUND = "nearest junction, an upper bound: the line itself may pass nearer"
ICE_NAME, ICE_OF_GREENLAND = "Land ice", "Land ice of Greenland"
GREENLAND = "GL"
Columns = dict[str, npt.NDArray[Any]]


def told(world: World, points: Points, where: Whereabouts, found: Found, class_: str) -> Columns:
    """Return the columns of a table of the nearest, one entry a point; low_km and high_km stay with `found`.

    Where nil is not empty every number is NaN and feature_id, name and method are "".
    """
    known = texts(world, class_, found.feature)
    there, gone = found.feature != OUT, found.nil != 0
    azimuth = np.full(len(there), np.nan)
    azimuth[there] = azimuth_deg(points.lon[there], points.lat[there], found.lon[there], found.lat[there])
    columns: Columns = {
        **known, "azimuth_deg": azimuth, "lon": found.lon, "lat": found.lat, "distance_km": found.distance_km,
        "accuracy_km": accuracy_km(world, class_, found.feature),
        "nil": np.array(NILS, dtype=object)[found.nil], "method": _methods(world, found, class_),
        "across": across_water(world, found, where, class_) if class_ in BY_SEA_OR_AIR else np.zeros(len(gone), bool),
    }  # fmt: skip
    columns |= _reasons(world, points, where, found, columns, class_)
    for name in ("lon", "lat", "distance_km", "azimuth_deg", "accuracy_km"):
        columns[name] = np.where(gone, np.nan, columns[name])
    for name in ("feature_id", "name", "method"):
        columns[name] = np.where(gone, "", columns[name])
    return columns


def _methods(world: World, found: Found, class_: str) -> Texts:
    n = len(found.feature)
    if class_ not in JUNCTIONS:
        return same_text(INTERVAL if class_ == ICE else GEODESIC, n)
    return np.where(_junction(world, found, class_) | (class_ == "rail"), INTERVAL, GEODESIC).astype(object)


def _junction(world: World, found: Found, class_: str) -> Mask:
    told: Mask = (found.nil == 0) & (found.feature >= first_edge(world, class_))
    return told


def _reasons(world: World, points: Points, where: Whereabouts, found: Found, columns: Columns, class_: str) -> Columns:
    """Return note and, where it is not the feature's own that counts, name, source and as_of."""
    n = len(found.nil)
    if class_ == REFINERY:
        return {"note": _steps(world, points, columns["feature_id"])}
    if class_ == ICE:
        return {"note": _maps(world, found), "name": _ice_names(world, found)}
    if class_ not in STATED:
        return {"note": same_text("", n)}
    own = np.where(_junction(world, found, class_), UPPER_BOUND, "") if class_ in JUNCTIONS else same_text("", n)
    return _states(world, points, where, found, {**columns, "note": own}, class_)


def _steps(world: World, points: Points, feature_id: Texts) -> Texts:
    third = _third_party(world)
    told_steps = [
        f"step: {words.replace(';', ', ')}" if words else "no step of the chain is kept for this commodity"
        for words in points.stage_words
    ]
    feeds = [f"third-party feed: {third[key] or UNKNOWN}" if key in third else "" for key in feature_id]
    pairs = zip(points.stages, feeds, strict=True)
    return np.array([join_notes(told_steps[code], feed) for code, feed in pairs], dtype=object)


@kept("plants")
def _third_party(world: World) -> dict[str, str]:
    return {str(key): str(word) for key, word in world.plants["third_party_feed"].items()}


def _ice_names(world: World, found: Found) -> Texts:
    """Return the name of the nearest ice: that of Greenland has one, other ice is just land ice."""
    names, there = same_text("", len(found.nil)), found.nil == 0
    names[there] = ICE_NAME
    of_greenland = countries(world, found.lon[there], found.lat[there]) == GREENLAND
    names[np.nonzero(there)[0][of_greenland]] = ICE_OF_GREENLAND
    return names


def _maps(world: World, found: Found) -> Texts:
    reach = world.methods.parameters["ice_reach_km"]
    notes = [
        join_notes(*(f"{title}: {km:.1f} km" for title, km in zip(ICE_MAPS.values(), pair, strict=True) if km == km))
        or f"no land ice within {reach:,.0f} km"
        for pair in zip(*found.of_maps, strict=True)
    ]
    return np.array(notes, dtype=object)


def _states(world: World, points: Points, where: Whereabouts, found: Found, columns: Columns, class_: str) -> Columns:
    """Say what is known of the network of each point's country, and why there is no distance where there is none."""
    names = codes(world).countries
    pairs = zip(where.country.tolist(), where.setting.tolist(), strict=True)
    stated = [network_state(world, class_, names[country], SETTINGS[setting]) for country, setting in pairs]
    state, reason, source, as_of, _ = (np.array(one, dtype=object) for one in zip(*stated, strict=True))
    present, on_land, there = state == PRESENT, where.landmass != OUT, found.nil == 0
    near, seen = _for_information(world, points, where, state == ABSENT, class_)
    missing = np.where(present & ~there, np.where(on_land, "none kept on this landmass", "none found"), "")
    reason = np.where(there | seen | ~present, reason, "")  # what a layer lacks does not matter where it has nothing
    across = np.where(columns["across"], ACROSS, "")
    unsure = _unsure(world, points, found, class_)
    parts = zip(np.where(there, columns["note"], ""), reason, missing, near, across, unsure, strict=True)
    return {
        "note": np.array([join_notes(*part) for part in parts], dtype=object),
        "source": np.where(there, columns["source"], source), "as_of": np.where(there, columns["as_of"], as_of),
    }  # fmt: skip


def _unsure(world: World, points: Points, found: Found, class_: str) -> Texts:
    """Name a nearer feature of unknown size, which may count."""
    maybe, notes = maybe_targets(world, class_), same_text("", len(found.nil))
    if maybe is None:
        return notes
    answer = maybe.index.query_places(points.places)
    nearer = (found.nil == 0) & (answer.distance_km < found.distance_km)
    for i in np.nonzero(nearer)[0]:
        name = maybe.texts["name"][answer.feature[i]]
        notes[i] = f"{name}, {answer.distance_km[i]:.1f} km, may count too: its size is not known"
    return notes


def _for_information(world: World, points: Points, where: Whereabouts, absent: Mask, class_: str) -> tuple[Texts, Mask]:
    """Name what is near where a country has no network that could be joined."""
    told_near, rows = same_text("", len(absent)), np.nonzero(absent)[0]
    if len(rows):
        found = nearest_feature(world, points.places.take(rows), where.landmass[rows], class_)
        names = texts(world, class_, found.feature)["name"]
        told_near[rows] = [
            f"for information: {name}, {km:.1f} km, no network" if km == km else ""
            for name, km in zip(names, found.distance_km, strict=True)
        ]
    return told_near, told_near != ""


def names_of(world: World, found: Found, class_: str) -> Texts:
    """Return the name of each answer of a class as the table of the nearest tells it."""
    return _ice_names(world, found) if class_ == ICE else texts(world, class_, found.feature)["name"]
