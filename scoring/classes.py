"""One worker a class: the nearest of its features for many points at once, before the site's own uncertainty."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from scoring.criteria import words
from scoring.junctions import junction_bounds
from scoring.place import Floats, NetworkState, landmasses, network_state
from scoring.targets import ANYWHERE, FOUND, class_rule, find, ice_targets, plant_targets, targets
from scoring.world import World

RAW = (*FOUND, "low_km", "high_km", "method", "nil", "note")
GEODESIC, INTERVAL = "geodesic", "interval"
ABSENT, INAPPLICABLE, UNKNOWN, PRESENT = "absent_network", "inapplicable", "unknown", "present"
ACROSS = "on another landmass"
ICE_MAPS = {"mwdb": "MWDB-II", "ne50m": "Natural Earth 1:50m"}
NETWORK_SOURCE = "OpenStreetMap contributors (junction network)"
Answer = Callable[[str, pd.DataFrame], pd.DataFrame]


def join_notes(*parts: str) -> str:
    """Return the non-empty parts joined by a semicolon."""
    return "; ".join(part for part in parts if part)


def lonlat(points: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the lon and lat columns as float arrays."""
    return points["lon"].to_numpy(dtype=float), points["lat"].to_numpy(dtype=float)


def _by_group(points: pd.DataFrame, column: str, answer: Answer) -> pd.DataFrame:
    """Ask a question of each group of points and put the answers back in the points' order."""
    parts = [answer(str(key), rows).set_axis(rows.index) for key, rows in points.groupby(column, sort=True)]
    return pd.concat(parts).loc[points.index]


def _single(found: pd.DataFrame) -> pd.DataFrame:
    """Complete rows whose distance is one number."""
    distance = found["distance_km"]
    return found.assign(low_km=distance, high_km=distance, method=GEODESIC, nil="", note="")


def _nearest(world: World, points: pd.DataFrame, class_: str) -> pd.DataFrame:
    """Nearest feature anywhere, or on the point's own landmass when the class is reached by land."""
    if class_rule(world, class_)["same_landmass"] != "yes":
        return _single(find(targets(world, class_), *lonlat(points)).set_axis(points.index))

    def on_landmass(landmass: str, rows: pd.DataFrame) -> pd.DataFrame:
        return find(targets(world, class_, landmass or ANYWHERE), *lonlat(rows))

    return _single(_by_group(points, "landmass", on_landmass))


def _bounds(world: World, points: pd.DataFrame, class_: str) -> pd.DataFrame:
    def on_landmass(landmass: str, rows: pd.DataFrame) -> pd.DataFrame:
        return junction_bounds(world, class_, landmass, *lonlat(rows))

    return _by_group(points, "landmass", on_landmass)


def _take_junction(rows: pd.DataFrame, bounds: pd.DataFrame, world: World) -> pd.DataFrame:
    """Put the nearest junction, an upper bound, in the place of a corridor that is farther or missing."""
    nearer = bounds["high_km"].notna() & ~(rows["distance_km"] <= bounds["high_km"])
    accuracy = world.methods.parameters["junction_accuracy_km"]
    taken = bounds.assign(
        name="junction of the network", distance_km=bounds["high_km"], accuracy_km=accuracy,
        source=NETWORK_SOURCE, as_of="", method=INTERVAL, nil="",
        note="nearest junction, an upper bound: the line itself may pass nearer",
    )  # fmt: skip
    return rows.where(~nearer, taken[list(RAW)], axis=0)


def _road(world: World, points: pd.DataFrame, class_: str) -> pd.DataFrame:
    """Nearest curated corridor, or the nearest junction as an interval where that is nearer."""
    rows = _nearest(world, points, class_)[list(RAW)]
    return _take_junction(rows, _bounds(world, points, class_), world)


def _rail(world: World, points: pd.DataFrame, class_: str) -> pd.DataFrame:
    """Bounds from the junction network; a curated corridor lowers either bound. Never the chord between junctions."""
    corridor = _nearest(world, points, class_)[list(RAW)]
    bounds = _bounds(world, points, class_)
    rows = _take_junction(corridor, bounds, world)
    either = pd.concat([bounds["low_km"], corridor["distance_km"]], axis=1).min(axis=1)
    rows["low_km"] = either.fillna(rows["low_km"])
    rows["method"] = INTERVAL
    return rows


def _refinery(world: World, points: pd.DataFrame, class_: str) -> pd.DataFrame:
    """Nearest operating plant that performs one of the next steps for the point's commodity."""
    del class_

    def for_stages(stages: str, rows: pd.DataFrame) -> pd.DataFrame:
        found = find(plant_targets(world, words(stages)), *lonlat(rows))
        missing = UNKNOWN if not stages else ""
        note = "no step of the chain is kept for this commodity" if not stages else f"step: {stages.replace(';', ', ')}"
        return _single(found).assign(nil=missing, note=note)

    rows = _by_group(points, "chain_stages", for_stages)
    third = world.plants["third_party_feed"].to_dict()
    feed = [f"third-party feed: {third[key] or UNKNOWN}" if key in third else "" for key in rows["feature_id"]]
    return rows.assign(note=[join_notes(a, b) for a, b in zip(rows["note"], feed, strict=True)])


def _coast(world: World, points: pd.DataFrame, class_: str) -> pd.DataFrame:
    rows = _nearest(world, points, class_)
    land = world.infrastructure["landmasses"]
    shore = world.infrastructure["coast"]["landmass_id"].reindex(rows["feature_id"])
    told = land[["name", "source", "as_of"]].astype(object).reindex(shore).fillna("").set_axis(rows.index)
    names = [f"Coast of {name}" if name else "Coast" for name in told["name"]]
    return rows.assign(name=names, source=told["source"], as_of=told["as_of"])


def _ice(world: World, points: pd.DataFrame, class_: str) -> pd.DataFrame:
    """Distance to the ice of the nearer of two maps; both maps bound it."""
    del class_
    reach = world.methods.parameters["ice_reach_km"]
    maps = {key: find(ice_targets(world, key), *lonlat(points), reach).set_axis(points.index) for key in ICE_MAPS}
    distances = pd.concat({key: rows["distance_km"] for key, rows in maps.items()}, axis=1)
    nearer = distances["mwdb"].fillna(np.inf) <= distances["ne50m"].fillna(np.inf)
    rows = maps["mwdb"].where(nearer, maps["ne50m"], axis=0)
    gone = rows["distance_km"].isna()
    notes = [
        join_notes(*(f"{ICE_MAPS[key]}: {row[key]:.1f} km" for key in ICE_MAPS if np.isfinite(row[key])))
        for row in distances.to_dict("records")
    ]
    return rows.assign(
        name=np.where(gone, "", "Land ice of Greenland"), low_km=distances.min(axis=1), high_km=distances.max(axis=1),
        method=np.where(gone, "", INTERVAL), nil=np.where(gone, INAPPLICABLE, ""),
        note=[note or f"no land ice of Greenland within {reach:,.0f} km" for note in notes],
    )  # fmt: skip


WORKERS = {"road": _road, "rail": _rail, "refinery": _refinery, "coast": _coast, "ice": _ice}
STATED = ("town", "road", "rail", "power", "port", "deep_water_port", "airfield")


def class_rows(world: World, points: pd.DataFrame, class_: str) -> pd.DataFrame:
    """Return the columns RAW for each point, nil and note set, the site's own uncertainty not yet added.

    Args:
        world: the opened world.
        points: lon, lat, landmass, country_code, setting and chain_stages (";" list), any unique index.
        class_: one of `scoring.targets.CLASSES`.
    """
    rows = WORKERS.get(class_, _nearest)(world, points, class_)
    rows = _with_states(world, points, rows, class_) if class_ in STATED else rows
    if class_ in {"port", "deep_water_port", "airfield"}:
        rows = _with_landmass_note(world, points, rows)
    return rows[list(RAW)]


def _with_states(world: World, points: pd.DataFrame, rows: pd.DataFrame, class_: str) -> pd.DataFrame:
    """Replace distances by the state of the country's network where that is not `present`."""
    stated = _states(world, points, class_)
    found, on_land = rows["distance_km"].notna(), points["landmass"] != ""
    present = stated["state"] == PRESENT
    lost = np.where(on_land & stated["complete"].astype(bool), ABSENT, UNKNOWN)
    nil = np.where(present, np.where(found, "", lost), stated["state"])
    near = [
        f"for information: {n}, {d:.1f} km, no network" for n, d in zip(rows["name"], rows["distance_km"], strict=True)
    ]
    isolated = np.where(found & (stated["state"] == ABSENT), near, "")
    missing = np.where(present & ~found, np.where(on_land, "none kept on this landmass", "none found"), "")
    reason = stated["reason"].where(found | ~present, "")  # what a layer lacks does not matter where it has nothing
    parts = zip(rows["note"].where(present & found, ""), reason, missing, isolated, strict=True)
    return rows.assign(
        nil=nil,
        note=[join_notes(*part) for part in parts],
        source=rows["source"].where(present & found, stated["source"]),
        as_of=rows["as_of"].where(present & found, stated["as_of"]),
    )


def _states(world: World, points: pd.DataFrame, class_: str) -> pd.DataFrame:
    """Return state, reason, source and as_of of a class at each point."""
    places = points[["country_code", "setting"]].drop_duplicates()
    found = {
        (country, setting): network_state(world, class_, country, setting)
        for country, setting in places.itertuples(index=False, name=None)
    }
    keys = zip(points["country_code"], points["setting"], strict=True)
    return pd.DataFrame(
        [found[key] for key in keys], columns=list(NetworkState._fields), index=points.index, dtype=object
    )


def _with_landmass_note(world: World, points: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Say where the nearest port or airfield lies on another landmass than the point."""
    known = (rows["nil"] == "") & (points["landmass"] != "")
    there = landmasses(world, *lonlat(rows[known]))
    across = pd.Series(there != points.loc[known, "landmass"].to_numpy(), index=rows.index[known])
    notes = [join_notes(note, ACROSS if across.get(key, False) else "") for key, note in rows["note"].items()]
    return rows.assign(note=notes)
