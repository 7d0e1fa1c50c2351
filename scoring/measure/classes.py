"""One worker a class: the nearest of its features for many points at once, before the site's own uncertainty."""

from dataclasses import replace

import numpy as np

from oreway.scoring.measure.junctions import junction_bounds
from oreway.scoring.measure.points import INTERVAL, Floats, Points, Rows, by_group, either, same_text
from oreway.scoring.measure.targets import ANYWHERE, class_rule, find, ice_targets, plant_targets, targets
from oreway.scoring.world.criteria import words
from oreway.scoring.world.place import landmasses, network_state
from oreway.scoring.world.world import World

ABSENT, INAPPLICABLE, UNKNOWN, PRESENT = "absent_network", "inapplicable", "unknown", "present"
ACROSS = "on another landmass"
ICE_MAPS = {"mwdb": "MWDB-II", "ne50m": "Natural Earth 1:50m"}


def join_notes(*parts: str) -> str:
    """Return the non-empty parts joined by a semicolon."""
    return "; ".join(part for part in parts if part)


def _nearest(world: World, points: Points, class_: str) -> Rows:
    """Nearest feature anywhere, or on the point's own landmass when the class is reached by land."""
    if class_rule(world, class_)["same_landmass"] != "yes":
        return find(targets(world, class_), points.lon, points.lat)

    def on_landmass(landmass: str, lon: Floats, lat: Floats) -> Rows:
        return find(targets(world, class_, landmass or ANYWHERE), lon, lat)

    return by_group(points, points.landmass, on_landmass)


def _with_junctions(world: World, points: Points, class_: str) -> tuple[Rows, Rows, Rows]:
    """Return the nearer of corridor and junction, the corridor, and the junction.

    A junction, an upper bound, stands in the place of a corridor that is farther or missing.
    """

    def on_landmass(landmass: str, lon: Floats, lat: Floats) -> Rows:
        return junction_bounds(world, class_, landmass, lon, lat)

    corridor, junction = _nearest(world, points, class_), by_group(points, points.landmass, on_landmass)
    nearer = np.isfinite(junction.high_km) & ~(corridor.distance_km <= junction.high_km)
    return either(nearer, junction, corridor), corridor, junction


def _road(world: World, points: Points, class_: str) -> Rows:
    """Nearest curated corridor, or the nearest junction as an interval where that is nearer."""
    return _with_junctions(world, points, class_)[0]


def _rail(world: World, points: Points, class_: str) -> Rows:
    """Bounds from the junction network; a curated corridor lowers either bound. Never the chord between junctions."""
    rows, corridor, junction = _with_junctions(world, points, class_)
    low = np.fmin(junction.low_km, corridor.distance_km)
    return replace(rows, low_km=low, method=same_text(INTERVAL, len(low)))


def _refinery(world: World, points: Points, class_: str) -> Rows:
    """Nearest operating plant that performs one of the next steps for the point's commodity."""
    del class_
    third = world.indexes.get("third_party_feed", world.plants["third_party_feed"].to_dict)

    def for_stages(stages: str, lon: Floats, lat: Floats) -> Rows:
        rows = find(plant_targets(world, words(stages)), lon, lat)
        step = f"step: {stages.replace(';', ', ')}" if stages else "no step of the chain is kept for this commodity"
        feeds = [f"third-party feed: {third[key] or UNKNOWN}" if key in third else "" for key in rows.feature_id]
        notes = np.array([join_notes(step, feed) for feed in feeds], dtype=object)
        return replace(rows, nil=same_text("" if stages else UNKNOWN, len(lon)), note=notes)

    return by_group(points, points.chain_stages, for_stages)


def _ice(world: World, points: Points, class_: str) -> Rows:
    """Distance to the ice of the nearer of two maps; both maps bound it."""
    del class_
    reach = world.methods.parameters["ice_reach_km"]
    maps = {key: find(ice_targets(world, key), points.lon, points.lat, reach) for key in ICE_MAPS}
    one, other = (maps[key].distance_km for key in ("mwdb", "ne50m"))
    rows = either((one <= other) | np.isnan(other), maps["mwdb"], maps["ne50m"])
    gone = np.isnan(rows.distance_km)
    told = [
        join_notes(*(f"{ICE_MAPS[key]}: {km:.1f} km" for key, km in zip(ICE_MAPS, pair, strict=True) if km == km))
        for pair in zip(*(maps[key].distance_km for key in ICE_MAPS), strict=True)
    ]
    notes = [note or f"no land ice of Greenland within {reach:,.0f} km" for note in told]
    return replace(
        rows, name=np.where(gone, "", "Land ice of Greenland").astype(object), low_km=np.fmin(one, other),
        high_km=np.fmax(one, other), method=np.where(gone, "", INTERVAL).astype(object),
        nil=np.where(gone, INAPPLICABLE, "").astype(object), note=np.array(notes, dtype=object),
    )  # fmt: skip


WORKERS = {"road": _road, "rail": _rail, "refinery": _refinery, "ice": _ice}
STATED = ("town", "road", "rail", "power", "port", "deep_water_port", "airfield")


def class_rows(world: World, points: Points, class_: str) -> Rows:
    """Return the nearest of a class for each point, nil and note set, the site's own uncertainty not yet added.

    class_ is one of `scoring.measure.targets.CLASSES`.
    """
    rows = WORKERS.get(class_, _nearest)(world, points, class_)
    rows = _with_states(world, points, rows, class_) if class_ in STATED else rows
    return _with_landmass_note(world, points, rows) if class_ in {"port", "deep_water_port", "airfield"} else rows


def _with_states(world: World, points: Points, rows: Rows, class_: str) -> Rows:
    """Replace distances by the state of the country's network where that is not `present`."""
    places = zip(points.country_code, points.setting, strict=True)
    stated = [network_state(world, class_, country, setting) for country, setting in places]
    state, reason, source, as_of, complete = (np.array(one, dtype=object) for one in zip(*stated, strict=True))
    found, on_land, present = ~np.isnan(rows.distance_km), points.landmass != "", state == PRESENT
    lost = np.where(on_land & complete.astype(bool), ABSENT, UNKNOWN)
    near = [
        f"for information: {name}, {km:.1f} km, no network" if aside else ""
        for name, km, aside in zip(rows.name, rows.distance_km, found & (state == ABSENT), strict=True)
    ]
    missing = np.where(present & ~found, np.where(on_land, "none kept on this landmass", "none found"), "")
    reason = np.where(found | ~present, reason, "")  # what a layer lacks does not matter where it has nothing
    told = present & found
    parts = zip(np.where(told, rows.note, ""), reason, missing, near, strict=True)
    return replace(
        rows,
        nil=np.where(present, np.where(found, "", lost), state),
        note=np.array([join_notes(*part) for part in parts], dtype=object),
        source=np.where(told, rows.source, source),
        as_of=np.where(told, rows.as_of, as_of),
    )


def _with_landmass_note(world: World, points: Points, rows: Rows) -> Rows:
    """Say where the nearest port or airfield lies on another landmass than the point."""
    across = (rows.nil == "") & (points.landmass != "")
    across[across] = landmasses(world, rows.lon[across], rows.lat[across]) != points.landmass[across]
    notes = [join_notes(note, ACROSS if far else "") for note, far in zip(rows.note, across, strict=True)]
    return replace(rows, note=np.array(notes, dtype=object))
