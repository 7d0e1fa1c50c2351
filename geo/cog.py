"""Rasters for others: cloud-optimised GeoTIFF in EPSG:4326, written strip by strip, whole or not at all."""

import glob
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import numpy as np
import rasterio
import rasterio.shutil
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.windows import Window

from oreway.arrays import Floats
from oreway.geo.errors import GeoError
from oreway.geo.sayings import GeoSaying
from oreway.said import PlainSaying, listed

NODATA = {"float32": -9999.0, "int16": -32768.0}
TILE = 512
WAITING_ROWS = 128  # of a tile while it waits: a row of such tiles has to fit into GDAL's cache
DEFLATE_LEVEL = 3  # 5 % larger than at 6, in half the time
CACHE_MB = 256  # of GDAL's own, whatever the size of the raster


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Square cells of cell_deg degrees in rows from north, starting at the corner (west, north)."""

    west: float
    north: float
    cell_deg: float
    width: int
    height: int

    def row_lat(self, first: int, count: int) -> Floats:
        """Return the latitude of the cell centres of some rows."""
        return np.asarray(self.north - (np.arange(first, first + count) + 0.5) * self.cell_deg, dtype=np.float64)

    def column_lon(self) -> Floats:
        """Return the longitude of the cell centres of all columns."""
        return np.asarray(self.west + (np.arange(self.width) + 0.5) * self.cell_deg, dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Band:
    """One band: stored number times scale is the value in unit; tags say what it is."""

    name: str
    unit: str
    scale: float
    tags: Mapping[str, str]


def clear_leftovers(path: Path) -> None:
    """Remove what killed writers of a path left beside it; only while no other is writing it."""
    for left in path.parent.glob(f".{glob.escape(path.name)}-*"):
        shutil.rmtree(left, ignore_errors=True)


class CogWriter:
    """Take the rows of all bands from north to south; on leaving without an error the file stands at its path.

    The cells wait uncompressed in a hidden folder beside the path: tiles and overviews need them all.

    Raises:
        GeoError: dtype is no key of NODATA, or the folder is missing, not writable or full.
    """

    def __init__(self, path: Path, grid: Grid, bands: Sequence[Band], *, dtype: str, tags: Mapping[str, str]) -> None:
        if dtype not in NODATA:
            raise GeoError(GeoSaying.CELL_TYPE(path, repr(dtype), listed(NODATA)))
        if not path.parent.is_dir():
            raise GeoError(PlainSaying.NO_FOLDER(path.parent))
        self._path, self._grid, self._bands, self._dtype, self._tags = path, grid, tuple(bands), dtype, dict(tags)

    def __enter__(self) -> "CogWriter":
        """Make room for the cells."""
        try:
            self._folder = Path(tempfile.mkdtemp(prefix=f".{self._path.name}-", dir=self._path.parent))
        except OSError as error:
            raise self._unwritable(error) from None
        self._env = rasterio.Env(GDAL_CACHEMAX=CACHE_MB)
        self._env.__enter__()
        grid = self._grid
        self._cells = rasterio.open(
            self._folder / "cells.tif", "w", driver="GTiff", dtype=self._dtype, count=len(self._bands),
            width=grid.width, height=grid.height, crs="EPSG:4326", nodata=NODATA[self._dtype], BIGTIFF="IF_SAFER",
            transform=rasterio.Affine(grid.cell_deg, 0.0, grid.west, 0.0, -grid.cell_deg, grid.north),
            INTERLEAVE="BAND", TILED=True, BLOCKXSIZE=TILE, BLOCKYSIZE=WAITING_ROWS,
        )  # fmt: skip
        self._describe()
        return self

    def _describe(self) -> None:
        self._cells.update_tags(**self._tags)
        self._cells.scales = [band.scale for band in self._bands]
        self._cells.units = [band.unit for band in self._bands]
        for number, band in enumerate(self._bands, start=1):
            self._cells.set_band_description(number, band.name)
            self._cells.update_tags(number, unit=band.unit, **band.tags)

    def write(self, first_row: int, values: Mapping[str, Floats]) -> None:
        """Write some whole rows: an array of shape (rows, width) for each band by name, NaN for no data."""
        nodata, whole = NODATA[self._dtype], self._dtype == "int16"
        for number, band in enumerate(self._bands, start=1):
            cells = np.asarray(values[band.name], dtype=np.float64) / band.scale
            stored = np.where(np.isnan(cells), nodata, np.rint(cells) if whole else cells).astype(self._dtype)
            window = Window(0, first_row, self._grid.width, len(stored))
            try:
                self._cells.write(stored, number, window=window)
            except RasterioError as error:
                raise self._unwritable(error) from None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Put tiles and overviews in order and the file in its place."""
        try:
            self._cells.close()
            if kind is None:
                self._finish()
        except (RasterioError, OSError) as fault:
            raise self._unwritable(fault) from None
        finally:
            self._env.__exit__(None, None, None)
            shutil.rmtree(self._folder, ignore_errors=True)

    def _finish(self) -> None:
        """Make overviews of the uncompressed cells (of compressed ones it takes four times as long), then compress."""
        factors = [2**i for i in range(1, 32) if max(self._grid.width, self._grid.height) > TILE * 2 ** (i - 1)]
        with rasterio.open(self._folder / "cells.tif", "r+") as cells:
            cells.build_overviews(factors, Resampling.average)
        fresh = self._folder / "whole.tif"
        rasterio.shutil.copy(
            self._folder / "cells.tif", fresh, driver="COG", COMPRESS="DEFLATE", LEVEL=DEFLATE_LEVEL, PREDICTOR="YES",
            BLOCKSIZE=TILE, OVERVIEWS="FORCE_USE_EXISTING", NUM_THREADS="ALL_CPUS",
            BIGTIFF="IF_SAFER",
        )  # fmt: skip
        fresh.replace(self._path)

    def _unwritable(self, error: BaseException) -> GeoError:
        reason = getattr(error, "strerror", None) or str(error).splitlines()[0][:200]
        return GeoError(GeoSaying.NOT_WRITABLE(self._path, reason))
