"""Where on Earth a reference system is used: what lies far from it was read in the wrong unit, zone or order."""

import functools
import math

import geopandas as gpd
import numpy as np
import numpy.typing as npt

from oreway.arrays import Floats
from oreway.layers.tables.sayings import TableSaying
from oreway.said import Said

EARTH_RADIUS_M = 6_371_008.8  # the mean radius of WGS84 (NIMA TR8350.2)
FAR_M, FAR_SOUTH_OR_NORTH = 2_000_000.0, 5.0  # a grid is used beyond its zone, across a whole country, east and west


KM_A_DEGREE = math.radians(EARTH_RADIUS_M / 1000)
WRITTEN = ((1, TableSaying.FULL_DEGREES), (10, TableSaying.TENTHS))
FINER = len(WRITTEN)


def fineness(lon: Floats, lat: Floats) -> int:
    """Return how finely positions in degrees are written: the place in WRITTEN, FINER for more; 0 for none at all."""
    values = np.concatenate([lon, lat])
    values = values[np.isfinite(values)]
    fits = (np.abs(values * parts - np.round(values * parts)).max(initial=0.0) < ROUNDING for parts, _ in WRITTEN)
    return next((place for place, fit in enumerate(fits) if fit), FINER)


ROUNDING = 1e-9


def coarsely_written(fine: int) -> tuple[Said, ...]:
    """Return what is said of positions that are all written coarsely: how far off they may be; nothing for others."""
    if fine >= FINER:
        return ()
    parts, written = WRITTEN[fine]
    return (TableSaying.WRITTEN_COARSELY(written(), format(KM_A_DEGREE * math.sqrt(0.5) / parts, ".0f")),)


def far_from_use(code: object, lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
    """Return which positions lie far from where a reference system is used; none where nothing says where that is.

    Far is more than FAR_M metres, or FAR_SOUTH_OR_NORTH degrees of latitude: kilometres read as metres lie there.

    Args:
        code: whatever names a system: "EPSG:28351".
        lon: degrees of WGS84; a position without a number is far from everywhere.
        lat: as lon.
    """
    box = _box(code if isinstance(code, str) else str(code))
    if box is None:
        return np.zeros(len(lon), bool)
    west, south, east, north = box
    width, beyond = (east - west) % 360 or 360.0, (np.nan_to_num(lon, posinf=0.0, neginf=0.0) - west) % 360
    nearest_lon = west + np.where(beyond <= width, beyond, np.where(beyond - width < 360 - beyond, width, 0.0))
    height = np.clip(np.nan_to_num(lat, posinf=0.0, neginf=0.0), -90, 90)
    turn = np.radians(np.nan_to_num(lon, posinf=0.0, neginf=0.0) - nearest_lon)
    one, two = np.radians(height), np.radians(np.clip(height, south, north))
    half = np.sin((one - two) / 2) ** 2 + np.cos(one) * np.cos(two) * np.sin(turn / 2) ** 2
    away = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return np.asarray(
        ~(np.isfinite(lon) & np.isfinite(lat)) | (away > FAR_M) | (np.degrees(np.abs(one - two)) > FAR_SOUTH_OR_NORTH)
    )


@functools.lru_cache(maxsize=256)
def _box(code: str) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of where a system is used, in degrees; None where it is not said."""
    try:
        area = getattr(gpd.GeoSeries([], crs=code).crs, "area_of_use", None)
    except (ValueError, RuntimeError):  # a text of a system with a brace in its name is taken for JSON
        return None
    return None if area is None else (area.west, area.south, area.east, area.north)


def too_far(lon: float, lat: float, system: str) -> Said:
    """Return what is said of a position far from where its reference system is used."""
    return TableSaying.FAR_FROM_USE(format(lon, ".6g"), format(lat, ".6g"), system)
