"""Remoteness as a raster: how far every cell of a region is from the nearest feature, exact on the ellipsoid."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.shutil import copy as copy_raster
from rasterio.transform import Affine

from geo.errors import GeoError
from geo.nearest import NearestIndex

Singles = npt.NDArray[np.float32]
Box = tuple[float, float, float, float]

_CELLS_AT_ONCE = 1_000_000


def remoteness(index: NearestIndex, bounds: Box, resolution_deg: float) -> Singles:
    """Return kilometres from each cell's centre to the nearest feature, north row first; NaN for an empty index.

    bounds: west, south, east, north; the box is filled with whole cells from its north-west corner.

    Raises:
        GeoError: the box is empty or off the globe, or the resolution is not above 0.
    """
    west, south, east, north = bounds
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90 and resolution_deg > 0):
        raise GeoError(
            f"surface: box {bounds} at {resolution_deg} degrees; expected west, south, east, north on the globe"
        )
    columns = max(1, round((east - west) / resolution_deg))
    rows = max(1, round((north - south) / resolution_deg))
    lon = np.minimum(west + (np.arange(columns) + 0.5) * resolution_deg, 180.0)
    lat = np.maximum(north - (np.arange(rows) + 0.5) * resolution_deg, -90.0)
    found = np.empty((rows, columns), np.float32)
    strip = max(1, _CELLS_AT_ONCE // columns)
    for top in range(0, rows, strip):
        part = lat[top : top + strip]
        answer = index.query(np.tile(lon, len(part)), np.repeat(part, columns))
        found[top : top + strip] = answer.distance_km.reshape(len(part), columns)
    return found


def write_surface(path: Path, km: Singles, bounds: Box, resolution_deg: float, *, tags: dict[str, str]) -> None:
    """Write a surface as a Cloud-Optimised GeoTIFF in EPSG:4326, whole or not at all; tags go into the file."""
    path = Path(path)
    fresh = path.with_name(f".{path.name}.part")
    place = Affine(resolution_deg, 0.0, bounds[0], 0.0, -resolution_deg, bounds[3])
    form = {"height": km.shape[0], "width": km.shape[1], "count": 1, "dtype": "float32", "nodata": float("nan")}
    try:
        with rasterio.MemoryFile() as memory:
            with memory.open(driver="GTiff", crs="EPSG:4326", transform=place, **form) as raster:
                raster.write(km, 1)
                raster.update_tags(**tags)
                raster.set_band_description(1, "distance_km")
            with memory.open() as raster:
                copy_raster(raster, fresh, driver="COG", compress="DEFLATE", predictor="YES")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
