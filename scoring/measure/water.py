"""The nearest fresh water of what was fetched round a place: for information, never scored."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np

from oreway.geo.geodesy import azimuth_deg
from oreway.geo.nearest import NearestIndex
from oreway.layers.online.areas import Area
from oreway.layers.online.refresh import Refreshed
from oreway.scoring.measure.measure import COLUMNS
from oreway.scoring.reasons import Code, note

WATER = "water"


def water_row(frame: gpd.GeoDataFrame, about: Refreshed, lon: float, lat: float) -> dict[str, Any]:
    """Return the nearest river, lake or spring without salt as a row of `nearest`; nothing where none was fetched.

    Its least distance is 0: no map holds every stream. The greatest is that of the water found, which is there.
    """
    row: dict[str, Any] = {**dict.fromkeys(COLUMNS, ""), **dict.fromkeys(_NUMBERS), "class": WATER, "across": False}
    fresh = frame[frame["salt"] != "yes"]
    if fresh.empty or not _inside(about.areas, lon, lat):
        return {**row, "nil": "unknown", "note": note(Code.WATER_NOT_FETCHED)}
    found = NearestIndex.build(fresh.geometry.to_numpy()).query(np.array([lon]), np.array([lat]))
    water, km = fresh.iloc[int(found.feature[0])], float(found.distance_km[0])
    accuracy_km = float(water["accuracy_km"])
    there = float(found.lon[0]), float(found.lat[0])
    return row | {
        "feature_id": str(fresh.index[int(found.feature[0])]), "name": str(water["name"]) or str(water["kind"]),
        "lon": there[0], "lat": there[1], "distance_km": km, "low_km": 0.0, "high_km": km + accuracy_km,
        "azimuth_deg": float(azimuth_deg(lon, lat, *there)), "method": "geodesic", "source": str(water["source"]),
        "as_of": str(water["as_of"]), "accuracy_km": accuracy_km,
        "note": note(Code.WATER_SEASONAL if water["seasonal"] == "yes" else Code.WATER),
    }  # fmt: skip


_NUMBERS = ("lon", "lat", "distance_km", "low_km", "high_km", "azimuth_deg", "accuracy_km")


def _inside(areas: Sequence[Area], lon: float, lat: float) -> bool:
    return any(one.west <= lon <= one.east and one.south <= lat <= one.north for one in areas)
