"""The nearest of a class told in a table: names, sources, direction, and why there is no distance."""

from typing import Any

import numpy as np
import numpy.typing as npt

from oreway.arrays import Bools
from oreway.geo.geodesy import azimuth_deg
from oreway.scoring.measure.classes import BY_SEA_OR_AIR, STATED, across_water, nearest_feature
from oreway.scoring.measure.features import ICE, REFINERY, accuracy_km, first_edge, texts
from oreway.scoring.measure.ice import ICE_MAPS
from oreway.scoring.measure.junctions import JUNCTIONS
from oreway.scoring.measure.missed import AT_SITE
from oreway.scoring.measure.points import ABSENT, NILS, OUT, PRESENT, UNKNOWN, Found, Points, Texts, same_text
from oreway.scoring.measure.targets import class_rule, maybe_targets
from oreway.scoring.reasons import NOTHING, Code, Reason, joined, note
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import SETTINGS, Whereabouts, codes, countries, network_state
from oreway.scoring.world.world import World

GEODESIC, INTERVAL = "geodesic", "interval"
FEEDS = {
    "yes": Code.FEED_YES, "no": Code.FEED_NO, "letter": Code.FEED_LETTER, "unknown": Code.FEED_UNKNOWN,
}  # fmt: skip
GREENLAND = "GL"
Columns = dict[str, npt.NDArray[Any]]
Notes = npt.NDArray[np.object_]  # of `Note`


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


def _junction(world: World, found: Found, class_: str) -> Bools:
    told: Bools = (found.nil == 0) & (found.feature >= first_edge(world, class_))
    return told


def _reasons(world: World, points: Points, where: Whereabouts, found: Found, columns: Columns, class_: str) -> Columns:
    """Return note and, where it is not the feature's own that counts, name, source and as_of."""
    n = len(found.nil)
    if class_ == REFINERY:
        return {"note": _steps(world, points, columns["feature_id"])}
    if class_ == ICE:
        return {"note": _maps(world, found), "name": _ice_names(world, found)}
    if class_ not in STATED:
        return {"note": _nothing(n)}
    own = _nothing(n)
    if class_ in JUNCTIONS:
        own[_junction(world, found, class_)] = note(Code.JUNCTION_BOUND)
    return _states(world, points, where, found, {**columns, "note": own}, class_)


def _nothing(n: int) -> Notes:
    return np.full(n, NOTHING, dtype=object)


def _steps(world: World, points: Points, feature_id: Texts) -> Notes:
    third, found = _third_party(world), _nothing(len(feature_id))
    steps = [note(Code.STEP, words) if words else note(Code.NO_STEP) for words in points.stage_words]
    for i, (code, key) in enumerate(zip(points.stages, feature_id, strict=True)):
        nobody = note(Code.NOBODY_RUNS) if points.stage_words[code] else NOTHING
        feed = note(FEEDS[third[key] or UNKNOWN]) if key in third else nobody
        found[i] = steps[code] + feed
    return found


@kept("plants", on_disk=True)
def _third_party(world: World) -> dict[str, str]:
    return {str(key): str(word) for key, word in world.plants["third_party_feed"].items()}


def _ice_names(world: World, found: Found) -> Texts:
    """Return the name of the nearest ice: that of Greenland has one, other ice is just land ice."""
    names, there = same_text("", len(found.nil)), found.nil == 0
    names[there] = Reason(Code.ICE)
    of_greenland = countries(world, found.lon[there], found.lat[there]) == GREENLAND
    names[np.nonzero(there)[0][of_greenland]] = Reason(Code.ICE_OF_GREENLAND)
    return names


def _maps(world: World, found: Found) -> Notes:
    none, notes = note(Code.NO_ICE, world.methods.parameters["ice_reach_km"]), _nothing(len(found.nil))
    for i, pair in enumerate(zip(*found.of_maps, strict=True)):
        seen = zip(ICE_MAPS.values(), pair, strict=True)
        notes[i] = joined([note(Code.ON_MAP, title, float(km)) for title, km in seen if km == km]) or none
    return notes


def _states(world: World, points: Points, where: Whereabouts, found: Found, columns: Columns, class_: str) -> Columns:
    """Say what is known of the network of each point's country, and why there is no distance where there is none."""
    names = codes(world).countries
    pairs = zip(where.country.tolist(), where.setting.tolist(), strict=True)
    stated = [network_state(world, class_, names[country], SETTINGS[setting]) for country, setting in pairs]
    state, reason, source, as_of, _ = (np.array(one, dtype=object) for one in zip(*stated, strict=True))
    present, on_land, there = state == PRESENT, where.landmass != OUT, found.nil == 0
    near, seen = _for_information(world, points, where, state == ABSENT, class_)
    missing = np.full(len(there), NOTHING, dtype=object)
    missing[present & ~there] = note(Code.NONE_FOUND)
    missing[present & ~there & on_land] = note(Code.NONE_ON_LANDMASS)
    if class_rule(world, class_)["missed"] != AT_SITE:
        reason[~(there | seen | ~present)] = NOTHING  # what a layer lacks does not matter where it has nothing
    own, across = _nothing(len(there)), _nothing(len(there))
    own[there], across[columns["across"]] = columns["note"][there], note(Code.ACROSS)
    unsure = _unsure(world, points, found, class_)
    notes = _nothing(len(there))
    for i, parts in enumerate(zip(own, reason, missing, near, across, unsure, strict=True)):
        notes[i] = joined(parts)
    return {
        "note": notes,
        "source": np.where(there, columns["source"], source), "as_of": np.where(there, columns["as_of"], as_of),
    }  # fmt: skip


def _unsure(world: World, points: Points, found: Found, class_: str) -> Notes:
    """Name a nearer feature of unknown size, which may count."""
    maybe, notes = maybe_targets(world, class_), _nothing(len(found.nil))
    if maybe is None:
        return notes
    answer = maybe.index.query_places(points.places)
    nearer = (found.nil == 0) & (answer.distance_km < found.distance_km)
    for i in np.nonzero(nearer)[0]:
        name = maybe.texts["name"].take(answer.feature[i : i + 1])[0]
        notes[i] = note(Code.MAY_COUNT, name, float(answer.distance_km[i]))
    return notes


def _for_information(
    world: World, points: Points, where: Whereabouts, absent: Bools, class_: str
) -> tuple[Notes, Bools]:
    """Name what is near where a country has no network that could be joined."""
    near, seen, rows = _nothing(len(absent)), np.zeros(len(absent), bool), np.nonzero(absent)[0]
    if len(rows):
        found = nearest_feature(world, points.places.take(rows), where.landmass[rows], class_)
        names = texts(world, class_, found.feature)["name"]
        for i, name, km in zip(rows, names, found.distance_km, strict=True):
            if km == km:
                near[i], seen[i] = note(Code.FOR_INFORMATION, name, float(km)), True
    return near, seen


def names_of(world: World, found: Found, class_: str) -> Texts:
    """Return the name of each answer of a class as the table of the nearest tells it."""
    return _ice_names(world, found) if class_ == ICE else texts(world, class_, found.feature)["name"]
