"""Where a point lies: landmass, country and setting; at sea all but the setting are empty."""

import threading
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from oreway.geo.nearest import NearestIndex
from oreway.layers.vocabulary import Setting
from oreway.scoring.world.disk_cache import Store, fingerprint
from oreway.scoring.world.world import World

Floats = npt.NDArray[np.float64]
SEA, REST = "sea", "*"
SHAPES = threading.RLock()


def _areas(world: World, layer_id: str) -> tuple[npt.NDArray[np.object_], NearestIndex]:
    """Return a layer's polygons made ready for containment, and the index of their outlines."""
    polygons = world.infrastructure[layer_id].geometry.to_numpy(dtype=object)
    shapely.prepare(polygons)
    store = world.indexes.get("store", lambda: Store.of(world))
    key = f"outlines-{layer_id}-{fingerprint(world.infrastructure[layer_id].index)}"
    return polygons, store.index(key, lambda: NearestIndex.build(shapely.boundary(polygons), edge="lonlat"))


def _within(world: World, layer_id: str, lon: Floats, lat: Floats) -> npt.NDArray[np.int64]:
    """Return the position of the polygon that holds each point, or is within the coast tolerance; -1 for none."""
    polygons, outlines = world.indexes.get(("areas", layer_id), lambda: _areas(world, layer_id))
    holder = np.full(len(lon), -1, dtype=np.int64)
    points = shapely.STRtree(gpd.points_from_xy(lon, lat).to_numpy())
    with SHAPES:  # prepared shapes may not be asked by two threads at once
        polygon, point = points.query(polygons, predicate="intersects")
    holder[point] = polygon
    out = np.nonzero(holder < 0)[0]
    if len(out):
        reach = world.methods.parameters["coast_tolerance_km"]
        holder[out] = outlines.query(lon[out], lat[out], within_km=reach).feature
    return holder


def _pick(values: "pd.Series[str]", feature: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    """Return the text at each position, "" for -1 and for missing text."""
    texts = np.append(values.fillna("").astype(object).to_numpy(dtype=object), "")
    picked: npt.NDArray[np.object_] = texts[feature]
    return picked


def landmasses(world: World, lon: Floats, lat: Floats) -> npt.NDArray[np.object_]:
    """Return the feature_id of the landmass each point lies on or within 5 km of; "" at sea."""
    ids = world.infrastructure["landmasses"].index.to_series()
    return _pick(ids, _within(world, "landmasses", lon, lat))


def countries(world: World, lon: Floats, lat: Floats) -> npt.NDArray[np.object_]:
    """Return the country code of each point on land or within 5 km of it; "" at sea or where no code is known."""
    return _pick(world.infrastructure["countries"]["country_code"], _within(world, "countries", lon, lat))


def locate(world: World, lon: Floats, lat: Floats) -> pd.DataFrame:
    """Say of each point on which landmass, in which country and in which setting it lies.

    Args:
        world: the opened world.
        lon: degrees east, shape (n,).
        lat: degrees north, shape (n,).

    Returns:
        DataFrame with landmass, country_code and setting; a point over 5 km off any coast has the setting seabed.
    """
    landmass, country = landmasses(world, lon, lat), countries(world, lon, lat)
    table = world.methods.tables["places"].set_index("country_code")["setting"].to_dict()
    land = np.array([table.get(code, table[REST]) for code in country], dtype=object)
    polar = np.abs(lat) >= world.methods.parameters["arctic_latitude_deg"]
    land[polar] = Setting.ARCTIC.value
    setting = np.where(landmass == "", Setting.SEABED.value, land)
    country = np.where(landmass == "", "", country)
    return pd.DataFrame({"landmass": landmass, "country_code": country, "setting": setting})


class NetworkState(NamedTuple):
    """What is known of a class of infrastructure in a country: `present`, or the Nil that replaces a distance."""

    state: str
    reason: str
    source: str
    as_of: str
    complete: bool


EVERYWHERE = NetworkState("present", "", "", "", complete=False)


def network_state(world: World, class_: str, country_code: str, setting: str) -> NetworkState:
    """Return the state of a class in a country, or at sea for the setting seabed.

    A country that networks.csv does not name takes its "*" row; a class that it does not name is present everywhere.
    complete says that a feature the layer does not hold does not exist.
    """
    table = world.indexes.get("network_states", lambda: _states(world.methods.tables["networks"]))
    if setting == Setting.SEABED:
        return table.get((SEA, class_), EVERYWHERE)
    return table.get((country_code, class_), table.get((REST, class_), EVERYWHERE))


def _states(table: pd.DataFrame) -> dict[tuple[str, str], NetworkState]:
    return {
        (row["country_code"], row["class"]): NetworkState(
            row["state"], row["reason"], row["source"], row["as_of"], complete=row["complete"] == "yes"
        )
        for row in table.to_dict("records")
    }
