"""Formats read by native libraries: GeoParquet, GeoPackage, zipped Shapefile; nothing else in them is opened.

The content, not the name, decides which library sees a file: a GeoPackage must be one in its header, a Shapefile in the
headers of both its parts, so that no other GDAL driver (VRT, say, which opens files and addresses) ever recognises it.
"""

import contextlib
import io
import lzma
import sqlite3
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from oreway.layers.errors import UploadError
from oreway.layers.upload.limits import Limits, brief, limit_columns, limit_count, limit_unpacked, shown

SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
SHAPE_MAGIC, SHAPE_VERSION = b"\x00\x00\x27\x0a", b"\xe8\x03\x00\x00"
GEOPACKAGE_IDS = frozenset({b"GPKG", b"GP10", b"GP11"})
DRIVERS = ("GPKG", "ESRI Shapefile")
MOST_MEMBERS = 1_000
FAULTS = (
    pa.ArrowException, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.CRSError,
    pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, pyogrio.errors.FieldError, shapely.errors.ShapelyError,
    sqlite3.Error, OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, OverflowError,
)  # fmt: skip


def from_parquet(content: bytes, place: str, limits: Limits) -> gpd.GeoDataFrame:
    """Return the frame in a GeoParquet file.

    Raises:
        UploadError: not readable, or above a limit.
    """
    try:
        metadata = pq.ParquetFile(io.BytesIO(content)).metadata
        unpacked = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
        limit_count(metadata.num_rows, place, limits)
        limit_columns(metadata.num_columns, metadata.num_rows, place, limits)
        limit_unpacked(unpacked, place, limits)
        frame = gpd.read_parquet(io.BytesIO(content))  # type: ignore[arg-type]
        limit_count(len(frame), place, limits)
    except UploadError:
        raise
    except FAULTS as error:
        raise UploadError(f"{place}: not readable as GeoParquet ({brief(error)}); write it with geopandas") from None
    return frame


def from_geopackage(content: bytes, place: str, limits: Limits) -> gpd.GeoDataFrame:
    """Return the first table with geometry of a GeoPackage; views and computed columns are never run.

    Raises:
        UploadError: not readable, without such a table, or above a limit.
    """
    if content[68:72] not in GEOPACKAGE_IDS:
        raise UploadError(f"{place}: an SQLite file but no GeoPackage; export it as GeoPackage")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.gpkg"
        path.write_bytes(content)
        try:
            plain = _plain_tables(path)
        except sqlite3.Error as error:
            raise UploadError(f"{place}: a damaged GeoPackage ({brief(error)}); export it again") from None
        if not {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= plain:
            raise UploadError(f"{place}: lacks the tables of a GeoPackage; export it as GeoPackage")
        return _by_gdal(path, place, limits, plain)


def _plain_tables(path: Path) -> set[str]:
    """Return the names of the tables that only hold data: no views, no virtual tables, no computed columns."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'create virtual%' LIMIT 10000"
        ).fetchall()
        hidden = "SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden <> 0"
        return {str(name) for (name,) in names if not database.execute(hidden, (name,)).fetchone()[0]}


def _by_gdal(path: Path, place: str, limits: Limits, tables: set[str] | None = None) -> gpd.GeoDataFrame:
    try:
        with warnings.catch_warnings(action="ignore"):  # what GDAL finds odd but can read; only in the reading process
            frame = _gdal_frame(path, place, limits, tables)
    except UploadError:
        raise
    except FAULTS as error:
        raise UploadError(f"{place}: not readable ({brief(error)}); export it again") from None
    if not isinstance(frame, gpd.GeoDataFrame):
        raise UploadError(f"{place}: holds no geometry; export points")
    return frame


def _gdal_frame(path: Path, place: str, limits: Limits, tables: Collection[str] | None) -> pd.DataFrame:
    layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
    layer = _first_layer(layers, tables, place)
    info = pyogrio.read_info(path, layer=layer, force_feature_count=True)
    _check_driver(str(info["driver"]), place)
    limit_count(int(info["features"]), place, limits)
    limit_columns(len(info["fields"]), int(info["features"]), place, limits)
    frame: pd.DataFrame = pyogrio.read_dataframe(path, layer=layer, max_features=limits.features)
    limit_count(len(frame), place, limits)
    return frame


def _first_layer(layers: Sequence[str], tables: Collection[str] | None, place: str) -> str:
    plain = [name for name in layers if tables is None or name in tables]
    if not plain:
        raise UploadError(f"{place}: holds no layer with geometry; export points")
    return plain[0]


def _check_driver(driver: str, place: str) -> None:
    if driver not in DRIVERS:
        raise UploadError(f"{place}: neither GeoPackage nor Shapefile inside; export it again")


def from_zip(content: bytes, place: str, limits: Limits, notes: list[str]) -> gpd.GeoDataFrame:
    """Return the frame of the one Shapefile in a zip archive; other members are left alone.

    Raises:
        UploadError: damaged, another content, or above a limit.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise UploadError(f"{place}: a damaged zip archive; make it again") from None
    with archive, tempfile.TemporaryDirectory() as folder:
        members = [item for item in archive.infolist() if item.filename and not item.filename.endswith("/")]
        if len(members) > MOST_MEMBERS:
            raise UploadError(f"{place}: {len(members):,} files in the archive; expected one Shapefile")
        limit_unpacked(sum(item.file_size for item in members), place, limits)
        shapes = [item for item in members if item.filename.lower().endswith(".shp")]
        if len(shapes) != 1:
            raise UploadError(f"{place}: {len(shapes)} .shp files in the archive; expected exactly one Shapefile")
        stem = shapes[0].filename[:-4]
        for item in members:
            ending = Path(item.filename).suffix.lower()
            if item.filename[: -len(ending) or None] == stem and ending in SHAPEFILE_PARTS:
                part = _unpacked(archive, item, place, limits)
                _check_part(part, ending, place)
                (Path(folder) / f"upload{ending}").write_bytes(part)
        if not (Path(folder) / "upload.shx").exists() or not (Path(folder) / "upload.dbf").exists():
            raise UploadError(f"{place}: the Shapefile lacks its .shx or .dbf; zip all of its files")
        if not (Path(folder) / "upload.prj").exists():
            notes.append("no .prj beside the Shapefile: taken as WGS84 longitude and latitude")
        return _by_gdal(Path(folder) / "upload.shp", place, limits)


def _check_part(part: bytes, ending: str, place: str) -> None:
    if ending in {".shp", ".shx"} and not (part.startswith(SHAPE_MAGIC) and part[28:32] == SHAPE_VERSION):
        raise UploadError(f"{place}: its {ending} is no Shapefile; export it again")


def _unpacked(archive: zipfile.ZipFile, item: zipfile.ZipInfo, place: str, limits: Limits) -> bytes:
    most = int(limits.unpacked_mb * 1e6)
    try:
        with archive.open(item) as handle:
            content = handle.read(most + 1)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError,
            LookupError, zlib.error, lzma.LZMAError) as error:  # fmt: skip
        raise UploadError(f"{place}: {shown(item.filename)} cannot be unpacked ({brief(error)})") from None
    limit_unpacked(len(content), place, limits)
    return content
