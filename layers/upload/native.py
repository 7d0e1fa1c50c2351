"""Formats read by native libraries, each from a private folder; nothing else in them is opened.

The content, not the name, decides which library sees a file, and GDAL is asked for one driver only: a GeoPackage must
be
one in its header, a Shapefile in the headers of both its parts, a MapInfo table one that names no other table, so that
no
other driver (VRT, say, which opens files and addresses) ever recognises it.
"""

import contextlib
import io
import json
import re
import sqlite3
import tempfile
import warnings
from collections.abc import Collection
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from oreway.layers.errors import UploadError
from oreway.layers.tables.delimited import encoding_of, fitted, head_level, head_of
from oreway.layers.upload.limits import Limits, brief, limit_columns, limit_count, limit_unpacked
from oreway.layers.upload.raw import FEATURE, ROW, Choice, Raw, Shapes, chosen_layer, table_of, text_of, texts
from oreway.layers.upload.sayings import FileSaying
from oreway.said import Said

GEOPACKAGE_IDS = frozenset({b"GPKG", b"GP10", b"GP11"})
GEOPACKAGE, SHAPEFILE, FLATGEOBUF, GEODATABASE, MAPINFO, EXCEL, OPEN_SHEET = (
    "GPKG", "ESRI Shapefile", "FlatGeobuf", "OpenFileGDB", "MapInfo File", "XLSX", "ODS",
)  # fmt: skip
DRIVERS = (GEOPACKAGE, SHAPEFILE)
SHEETS = (EXCEL, OPEN_SHEET)
AS_TEXT = {
    f"OGR_{name}_{option}": value
    for name in SHEETS for option, value in (("HEADERS", "DISABLE"), ("FIELD_TYPES", "STRING"))
}  # fmt: skip
LATIN = "ISO-8859-1"
CURVES = frozenset({8, 9, 10, 11, 12})  # circular string to multi-surface
HEAD_ROWS = 100
FAULTS = (
    pa.ArrowException, pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.CRSError,
    pyogrio.errors.FeatureError, pyogrio.errors.GeometryError, pyogrio.errors.FieldError, shapely.errors.ShapelyError,
    sqlite3.Error, OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, OverflowError,
)  # fmt: skip


def from_parquet(content: bytes, place: str, limits: Limits) -> Raw:
    """Return the rows of a Parquet file, with its geometry where it has one.

    Raises:
        UploadError: not readable, or above a limit.
    """
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        metadata = file.metadata
        limit_count(metadata.num_rows, place, limits)
        limit_columns(metadata.num_columns, metadata.num_rows, place, limits)
        limit_unpacked(
            sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups)), place, limits
        )
        raw = _geoparquet(content) if b"geo" in (file.schema_arrow.metadata or {}) else _plain_parquet(file)
        limit_count(len(raw.lines), place, limits)
    except UploadError:
        raise
    except FAULTS as error:
        raise UploadError(FileSaying.NOT_GEOPARQUET(place, brief(error))) from None
    return raw


def _geoparquet(content: bytes) -> Raw:
    try:
        frame = gpd.read_parquet(io.BytesIO(content))  # type: ignore[arg-type]
    except shapely.errors.ShapelyError:
        return _damaged_geoparquet(content)
    named = frame.index.name is not None and frame.index.name not in frame.columns
    frame = frame.reset_index(drop=not named and frame.index.nlevels == 1)
    others = [name for name in frame.columns if name != frame.geometry.name and not _is_shape(frame[name].dtype)]
    columns = {str(name): [text_of(_plain(value)) for value in frame[name]] for name in others}
    return Raw(
        table=table_of(columns, len(frame)), lines=np.arange(1, len(frame) + 1), counted=ROW,
        shapes=frame.geometry.to_numpy(), crs=frame.crs,
    )  # fmt: skip


def _damaged_geoparquet(content: bytes) -> Raw:
    """Return the rows of GeoParquet of which some shapes are no WKB; these are faults."""
    table = pq.read_table(io.BytesIO(content))
    page = json.loads(table.schema.metadata[b"geo"])
    name = str(page["primary_column"])
    shapes, faults = _from_wkb(table[name].to_pylist())
    others = [key for key in table.column_names if key != name and not pa.types.is_binary(table[key].type)]
    columns = {key: texts(table[key]) for key in others if not pa.types.is_nested(table[key].type)}
    return Raw(
        table=table_of(columns, table.num_rows), lines=np.arange(1, table.num_rows + 1), counted=ROW, shapes=shapes,
        crs=page["columns"][name].get("crs", "EPSG:4326"), faults=faults,
    )  # fmt: skip


def _is_shape(kind: object) -> bool:
    return str(kind) == "geometry"


def _plain(value: object) -> object:
    """Return a cell of a frame as a plain value, None where it is missing."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    return None if value is pd.NaT or value is pd.NA else value


def _plain_parquet(file: pq.ParquetFile) -> Raw:
    """Return a table without the page of GeoParquet; DuckDB's native geometry is its WKB."""
    table = file.read()
    kept = {}
    for name in table.column_names:
        column = table[name]
        if pa.types.is_binary(_stored(column.type)) or pa.types.is_large_binary(_stored(column.type)):
            kept[name] = column.cast(_stored(column.type))
        elif pa.types.is_nested(column.type):
            kept[name] = pa.array(texts(column), pa.string())
        else:
            kept[name] = column
    return Raw(table=pa.table(kept), lines=np.arange(1, table.num_rows + 1), counted=ROW)


def _stored(kind: pa.DataType) -> pa.DataType:
    return kind.storage_type if isinstance(kind, pa.BaseExtensionType) else kind


def from_geopackage(content: bytes, place: str, limits: Limits, choice: Choice) -> Raw:
    """Return a table of a GeoPackage; views and computed columns are never run.

    Raises:
        UploadError: not readable, without a table of positions, above a limit, or with several of them and none named.
    """
    if content[68:72] not in GEOPACKAGE_IDS:
        raise UploadError(FileSaying.NO_GEOPACKAGE(place))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.gpkg"
        path.write_bytes(content)
        try:
            plain = _plain_tables(path)
        except (sqlite3.Error, UnicodeDecodeError) as error:  # a name of a table may hold bytes that are no text
            raise UploadError(FileSaying.DAMAGED_GEOPACKAGE(place, brief(error))) from None
        if not {"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} <= plain:
            raise UploadError(FileSaying.LACKS_TABLES(place))
        return by_gdal(path, GEOPACKAGE, place, limits, choice, tables=plain)


def _plain_tables(path: Path) -> set[str]:
    """Return the names of the tables that only hold data: no views, no virtual tables, no computed columns."""
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.execute("PRAGMA trusted_schema = OFF")
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'create virtual%' LIMIT 10000"
        ).fetchall()
        hidden = "SELECT count(*) FROM pragma_table_xinfo(?) WHERE hidden <> 0"
        return {str(name) for (name,) in names if not database.execute(hidden, (name,)).fetchone()[0]}


def from_bytes(content: bytes, driver: str, ending: str, place: str, limits: Limits, choice: Choice) -> Raw:
    """Return the rows of a file that is whole in itself: FlatGeobuf, XLSX or ODS.

    Raises:
        UploadError: not readable, above a limit, or with several layers or sheets and none named.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"upload{ending}"
        path.write_bytes(content)
        return (
            from_sheets(path, driver, place, limits, choice)
            if driver in SHEETS
            else by_gdal(path, driver, place, limits, choice)
        )


def by_gdal(
    path: Path, driver: str, place: str, limits: Limits, choice: Choice, *, tables: Collection[str] | None = None,
    encoding: str | None = None,
) -> Raw:  # fmt: skip
    """Return the rows of one layer, read by one driver of GDAL.

    Raises:
        UploadError: not readable, or above a limit.
        ChoiceError: several layers of positions, and none named.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # what GDAL finds odd but can read; only in the reading process
            return _rows(path, driver, place, limits, choice, tables, encoding)
    except UploadError:
        raise
    except FAULTS as error:
        raise UploadError(FileSaying.NOT_READABLE(place, brief(error))) from None


def _rows(
    path: Path, driver: str, place: str, limits: Limits, choice: Choice, tables: Collection[str] | None,
    encoding: str | None,
) -> Raw:  # fmt: skip
    listed = [(str(name), kind) for name, kind in pyogrio.list_layers(path) if tables is None or name in tables]
    infos = {name: pyogrio.read_info(path, layer=name, force_feature_count=True) for name, _ in listed}
    if infos and str(next(iter(infos.values()))["driver"]) != driver:
        raise UploadError(FileSaying.NEITHER_INSIDE(place))
    shaped = [name for name, kind in listed if kind is not None]
    filled = [name for name in shaped if int(infos[name]["features"]) > 0]
    points = [name for name, kind in listed if name in filled and "Point" in str(kind)]
    if not filled and shaped:
        limit_count(0, place, limits)
    if not filled:
        filled = [
            name for name, _ in listed if int(infos[name]["features"]) > 0 and head_level(infos[name]["fields"]) == 2
        ]
    if not filled:
        raise UploadError(FileSaying.NO_LAYER_OF_SHAPES(place))
    others = [name for name, _ in listed if name not in filled]
    layer, notes = chosen_layer(filled, others, points, place, choice.layer)
    limit_count(int(infos[layer]["features"]), place, limits)
    limit_columns(len(infos[layer]["fields"]), int(infos[layer]["features"]), place, limits)
    raw = _layer(path, layer, encoding, limits, apart=driver == FLATGEOBUF)
    limit_count(len(raw.lines), place, limits)
    raw.notes, raw.layers = notes, tuple(filled)
    return raw


def _layer(path: Path, layer: str, encoding: str | None, limits: Limits, *, apart: bool) -> Raw:
    """Return one layer; curves become lines and areas of straight pieces.

    apart: shapes are read by themselves, as GDAL's Arrow of FlatGeobuf is broken where one is missing.
    """
    meta, table = pyogrio.read_arrow(path, layer=layer, encoding=encoding, max_features=limits.features)
    name = meta["geometry_name"] or "wkb_geometry"
    rows = table.num_rows
    columns = {key: texts(table[key]) for key in table.column_names if key != name}
    raw = Raw(table=table_of(columns, rows), lines=np.arange(1, rows + 1), counted=FEATURE, crs=meta["crs"])
    if name in table.column_names:
        cells = [] if apart else table[name].to_pylist()
        if apart or any(cell is not None and int.from_bytes(cell[1:5], "little") % 1000 in CURVES for cell in cells):
            cells = list(pyogrio.raw.read(path, layer=layer, columns=[], max_features=limits.features)[2])
        raw.shapes, raw.faults = _from_wkb(cells)
    return raw


def _from_wkb(cells: list[bytes | None]) -> tuple[Shapes, dict[int, Said]]:
    shapes, faults = np.full(len(cells), None, dtype=object), dict[int, Said]()
    for i, cell in enumerate(cells):
        try:
            shapes[i] = None if cell is None else shapely.from_wkb(cell)
        except (shapely.errors.ShapelyError, TypeError):
            faults[i] = FileSaying.BAD_SHAPE()
    return shapes, faults


def from_sheets(path: Path, driver: str, place: str, limits: Limits, choice: Choice) -> Raw:
    """Return the rows of a workbook's sheet: the one that names positions, or the one chosen.

    Raises:
        UploadError: not readable, no rows, or above a limit.
        ChoiceError: several sheets of positions, and none named.
    """
    try:
        pyogrio.set_gdal_config_options(AS_TEXT)
        with warnings.catch_warnings(action="ignore"):
            sheets = _sheets(path, driver, place, limits)
    except UploadError:
        raise
    except FAULTS as error:
        raise UploadError(FileSaying.NOT_A_WORKBOOK(place, brief(error))) from None
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(AS_TEXT))
    filled = [name for name, rows in sheets.items() if len(rows) > 1]
    likely = [name for name in filled if is_headed(sheets[name])]
    if not filled:
        raise UploadError(FileSaying.NO_SHEET(place))
    others = [name for name in sheets if name not in (likely or filled)]
    sheet, notes = chosen_layer(likely or filled, others, [], place, choice.layer, note=FileSaying.SHEET_READ)
    raw = _from_rows(sheets[sheet], place)
    raw.notes = notes + raw.notes
    raw.layers = tuple(likely or filled)
    return raw


def is_headed(rows: list[list[str]]) -> bool:
    """Tell whether the first rows of a sheet name positions."""
    return any(head_level(row) for row in rows[:HEAD_ROWS])


def _sheets(path: Path, driver: str, place: str, limits: Limits) -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for name, _ in pyogrio.list_layers(path):
        info = pyogrio.read_info(path, layer=name, force_feature_count=True)
        if str(info["driver"]) != driver:
            raise UploadError(FileSaying.NO_WORKBOOK(place))
        if int(info["features"]) == 0:
            continue
        limit_count(int(info["features"]), place, limits)
        limit_columns(len(info["fields"]), int(info["features"]), place, limits)
        _, table = pyogrio.read_arrow(path, layer=name, max_features=limits.features + 1)
        columns = [texts(table[key]) for key in table.column_names]
        found[str(name)] = [[cell.strip() for cell in row] for row in zip(*columns, strict=True)] if columns else []
    return found


def _from_rows(rows: list[list[str]], place: str) -> Raw:
    numbered = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
    lines = [number for number, _ in numbered]
    head = head_of([row for _, row in numbered[:HEAD_ROWS]], lines, in_rows=True)
    body = [(number, fitted(row, len(head.names)) or row) for number, row in numbered[head.rows :]]
    if not body:
        raise UploadError(FileSaying.NO_ROWS(place))
    columns = dict(zip(head.names, zip(*(row for _, row in body), strict=True), strict=True))
    return Raw(
        table=table_of(columns, len(body)),
        lines=np.array([number for number, _ in body]),
        counted=ROW,
        notes=list(head.notes),
    )


def shapefile_encoding(dbf: bytes, cpg: bytes | None) -> tuple[str | None, Said | None]:
    """Return the encoding of a Shapefile's table where the file does not say it, and the note; else None."""
    if cpg is not None or len(dbf) < 32 or dbf[29]:
        return None, None
    body = dbf[int.from_bytes(dbf[8:10], "little") :]
    if body.isascii():
        return None, None
    found = encoding_of(re.sub(rb"[ \x00]+", b" ", body))
    codec = {"cp932": "CP932", "utf-8": "UTF-8"}.get(found.codec, "CP1252")
    return codec, FileSaying.SHAPEFILE_ENCODING(codec)
