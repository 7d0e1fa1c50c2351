"""Relief and bathymetry as numbers: heights at places and along the geodesic between two places.

Rasters are in EPSG:4326, north up; a height is linear between the centres of the four cells round a place.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.errors import RasterioIOError
from rasterio.windows import Window

from oreway.arrays import Floats
from oreway.geo.errors import GeoError
from oreway.geo.geodesy import Degrees, checked_lon_lat, distance_km, geodesic_points
from oreway.geo.sayings import GeoSaying

MOST_CELLS = 25_000_000  # 200 MB as numbers


@dataclass(frozen=True, kw_only=True)
class Profile:
    """Heights along a geodesic, shape (n,): metres above sea level, NaN where the raster has none.

    distance_km runs from 0 at the start to the geodesic distance at the end.
    """

    lon: Floats
    lat: Floats
    distance_km: Floats
    height_m: Floats


@dataclass(frozen=True, kw_only=True)
class Relief:
    """A window of a raster: heights in metres, NaN where missing, with cell centres at lon and lat (north first)."""

    lon: Floats
    lat: Floats
    height_m: Floats


def sample(path: Path, lon: Degrees, lat: Degrees) -> Floats:
    """Return the heights at places, in the shape given; NaN outside the raster and where its nearest cell is empty.

    Raises:
        GeoError: the file is no raster in EPSG:4326, or a coordinate is NaN, infinite or out of range.
    """
    x, y = checked_lon_lat(lon, lat, "sample")
    flat_x, flat_y = np.atleast_1d(x).ravel(), np.atleast_1d(y).ravel()
    if not len(flat_x):
        return np.empty(x.shape)
    relief = read_relief(path, float(flat_x.min()), float(flat_y.min()), float(flat_x.max()), float(flat_y.max()))
    return heights(relief, flat_x, flat_y).reshape(x.shape)


def profile(path: Path, lon1: float, lat1: float, lon2: float, lat2: float, n: int = 200) -> Profile:
    """Return n heights evenly spaced along the geodesic from the first place to the second, both included.

    Raises:
        GeoError: the file is no raster in EPSG:4326, a coordinate is out of range, or n is below 2.
    """
    if n < 2:
        raise GeoError(GeoSaying.PROFILE_PLACES(n))
    length = distance_km(lon1, lat1, lon2, lat2)
    if length == 0:
        lon, lat = np.full(n, float(lon1)), np.full(n, float(lat1))
    else:
        lon, lat = geodesic_points(lon1, lat1, lon2, lat2, length / (n - 1) * (1 + 1e-12))
    return Profile(lon=lon, lat=lat, distance_km=np.linspace(0.0, length, n), height_m=sample(path, lon, lat))


def read_relief(path: Path | str, west: float, south: float, east: float, north: float) -> Relief:
    """Return the cells of a raster over a box, with one cell more on every side where the raster goes on.

    Raises:
        GeoError: the file is no readable raster, not in EPSG:4326 with north up, or has more than MOST_CELLS there.
    """
    try:
        with rasterio.open(path) as raster:
            if raster.crs is None or raster.crs.to_epsg() != 4326:
                raise GeoError(GeoSaying.RASTER_SYSTEM(path, raster.crs))
            to_globe = raster.transform
            if to_globe.b or to_globe.d or to_globe.e >= 0 or to_globe.a <= 0:
                raise GeoError(GeoSaying.RASTER_TURNED(path))
            left, right = (np.array([west, east]) - to_globe.c) / to_globe.a
            top, bottom = (np.array([north, south]) - to_globe.f) / to_globe.e
            columns = np.clip([np.floor(left) - 1, np.ceil(right) + 1], 0, raster.width).astype(int)
            rows = np.clip([np.floor(top) - 1, np.ceil(bottom) + 1], 0, raster.height).astype(int)
            cells = int(np.diff(rows)[0]) * int(np.diff(columns)[0])
            if cells > MOST_CELLS:
                raise GeoError(
                    GeoSaying.RASTER_CELLS(
                        path, f"{cells:,}", f"{MOST_CELLS:,}", f"{np.ceil(np.sqrt(cells / MOST_CELLS)):.0f}"
                    )
                )
            window = Window.from_slices(tuple(rows.tolist()), tuple(columns.tolist()))
            height = raster.read(1, window=window, masked=True).astype(np.float64).filled(np.nan)
    except RasterioIOError as fault:
        raise GeoError(GeoSaying.NO_RASTER(path, fault)) from fault
    lon = to_globe.c + (np.arange(*columns) + 0.5) * to_globe.a
    lat = to_globe.f + (np.arange(*rows) + 0.5) * to_globe.e
    return Relief(lon=lon, lat=lat, height_m=height)


def heights(relief: Relief, lon: Floats, lat: Floats) -> Floats:
    """Return the heights at places, shape (n,), between cell centres; NaN outside and where the nearest is empty."""
    found = np.full(len(lon), np.nan)
    if relief.height_m.size == 0:
        return found
    column, inside_x = _place(relief.lon, lon)
    row, inside_y = _place(relief.lat, lat)
    total, weight = np.zeros(len(lon)), np.zeros(len(lon))
    for i in (0, 1):
        for j in (0, 1):
            r, c = (
                np.minimum(row.astype(int) + i, len(relief.lat) - 1),
                np.minimum(column.astype(int) + j, len(relief.lon) - 1),
            )
            height = relief.height_m[r, c]
            share = np.abs(1 - i - row % 1) * np.abs(1 - j - column % 1) * np.isfinite(height)
            total += share * np.nan_to_num(height)
            weight += share
    nearest = np.isfinite(relief.height_m[np.rint(row).astype(int), np.rint(column).astype(int)])
    good = inside_x & inside_y & nearest & (weight > 0)
    found[good] = total[good] / weight[good]
    return found


def _place(centres: Floats, values: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return fractional positions among cell centres, kept within them, and which values the cells cover."""
    step = centres[1] - centres[0] if len(centres) > 1 else 1.0
    at = (values - centres[0]) / step
    inside = (at >= -0.5 - 1e-9) & (at <= len(centres) - 0.5 + 1e-9)
    return np.clip(at, 0, len(centres) - 1), inside
