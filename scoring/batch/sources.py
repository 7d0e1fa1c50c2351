"""Parquet, GeoJSON and the smaller formats as sources of points; and which source a file is."""

import codecs
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from oreway.later import later
from oreway.layers.endless import is_endless
from oreway.layers.errors import UploadError
from oreway.layers.upload.raw import Choice
from oreway.layers.upload.sayings import FileSaying
from oreway.said import PlainSaying, Said, why
from oreway.scoring.batch.read import CHUNK, Reject, Source, unreadable_file
from oreway.scoring.batch.sayings import BatchSaying
from oreway.scoring.batch.text import TextSource
from oreway.scoring.errors import ScoringError

with later(__name__):
    import pyogrio

    from oreway.layers.upload.upload import LIMITS, Upload, read_upload_file

Lines = npt.NDArray[np.int64]
SAMPLE_BYTES, SAMPLE_ROWS = 1 << 20, 1_000
TEXT_ENDINGS, PARQUET_ENDINGS = (".csv", ".tsv", ".txt"), (".parquet", ".geoparquet")
JSON_ENDINGS = (".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson")
SMALL_ENDINGS = (".kml", ".kmz", ".gpx", ".xlsx", ".ods", ".gpkg", ".fgb", ".zip", ".gz")
FEATURES = re.compile(rb"\{|\[\s*\{")
SHAPE = "\x00shape"
WGS84 = ("OGC:CRS84", "EPSG:4326")
NATIVE = ("WKB", "point")


def open_source(path: Path, choice: Choice = Choice()) -> Source:  # noqa: B008 - frozen
    """Open a file of points; its ending says the format.

    Raises:
        ScoringError: no such file, an ending of no known format, or a file that cannot be read.
    """
    if is_endless(path):
        raise ScoringError(PlainSaying.ENDLESS(path))
    if not path.is_file():
        raise ScoringError(BatchSaying.NO_FILE(path))
    ending = path.suffix.lower()
    if ending in TEXT_ENDINGS:
        return TextSource(path)
    if ending in PARQUET_ENDINGS:
        return ParquetSource(path)
    if ending in JSON_ENDINGS:
        return _json_source(path, choice)
    if ending in SMALL_ENDINGS:
        return UploadSource(path, choice)
    known = " ".join((*TEXT_ENDINGS, *PARQUET_ENDINGS, *JSON_ENDINGS, *SMALL_ENDINGS))
    raise ScoringError(BatchSaying.IN_ENDING(path, repr(ending), known))


def _json_source(path: Path, choice: Choice) -> Source:
    """Return GeoJSON of any size; what GDAL cannot read is read as an upload is, under its limits.

    Raises:
        ScoringError: neither can, with the reason of the one that knows more.
    """
    try:
        return GeoJsonSource(path)
    except ScoringError:
        with path.open("rb") as handle:
            start = handle.read(SAMPLE_BYTES).lstrip(codecs.BOM_UTF8 + b"\x1e \t\r\n")
        if not FEATURES.match(start) or path.stat().st_size > LIMITS.size_mb * 1e6:
            raise
    return UploadSource(path, choice)


class ParquetSource:
    """Parquet with columns of positions, or with a geometry, GeoParquet's or another's; rows are counted from 1."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.notes: list[Said] = []
        try:
            self._file = pq.ParquetFile(path, pre_buffer=False)  # else it keeps all it has read
        except (pa.ArrowException, OSError) as error:
            raise unreadable_file(path, error, BatchSaying.AS_PARQUET()) from None
        self._rows = 0
        self._column, self._is_wkb, self.crs = self._geometry()
        self.shape = SHAPE if self._column else ""
        schema = self._file.schema_arrow
        self.names: Sequence[str] = [name for name in schema.names if name != self._column and name != "bbox"]

    def _geometry(self) -> tuple[str, bool, object]:
        """Return the column of the geometry that the page of GeoParquet names, whether it is WKB, and its system."""
        metadata = (self._file.schema_arrow.metadata or {}).get(b"geo")
        if metadata is None:
            return "", True, None
        try:
            geo = json.loads(metadata)
            name = str(geo["primary_column"])
            column = geo["columns"][name]
            crs = column.get("crs", {"id": {"authority": "OGC", "code": "CRS84"}})
            encoding = str(column.get("encoding", "WKB"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise unreadable_file(self._path, error, BatchSaying.AS_GEOPARQUET()) from None
        if encoding not in NATIVE or name not in self._file.schema_arrow.names:
            raise ScoringError(BatchSaying.NOT_WKB(self._path, encoding))
        if crs is None:
            self.notes.append(FileSaying.TAKEN_AS_WGS84())
        return name, encoding == "WKB", _crs_text(crs)

    def sample(self) -> pa.Table:
        """Return the first rows."""
        first = next(self._file.iter_batches(batch_size=SAMPLE_ROWS), None)
        table = self._file.schema_arrow.empty_table() if first is None else pa.Table.from_batches([first])
        return _without_extensions(table.select([name for name in table.column_names if name in set(self.names)]))

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield some columns, and the number of each row."""
        read = [*columns, self._column] if self._column else list(columns)
        self._rows = 0
        try:
            for batch in self._file.iter_batches(batch_size=CHUNK, columns=read):
                table = _without_extensions(pa.Table.from_batches([batch]))
                if self._column:
                    shapes = self._wkb(table[self._column])
                    table = table.select(list(columns)).append_column(SHAPE, shapes)
                lines = self._rows + 1 + np.arange(table.num_rows)
                self._rows += table.num_rows
                yield table, lines
        except (pa.ArrowException, OSError) as error:
            raise unreadable_file(self._path, error, BatchSaying.AS_PARQUET()) from None

    def _wkb(self, column: pa.ChunkedArray) -> pa.Array:
        if self._is_wkb:
            return column.combine_chunks()
        cells = column.to_pylist()
        points = [None if cell is None else list(cell.values()) if isinstance(cell, dict) else cell for cell in cells]
        return pa.array([None if p is None else shapely.to_wkb(shapely.Point(p[:2])) for p in points], pa.binary())

    def unreadable(self) -> list[Reject]:
        """Return nothing: a row of Parquet has all its columns."""
        return []

    def done(self) -> float:
        """Return which share of the rows has been read."""
        return self._rows / max(1, int(self._file.metadata.num_rows))


def _without_extensions(table: pa.Table) -> pa.Table:
    """Return a table with the stored form of columns of extension types, such as DuckDB's geometry."""
    fields = [
        field.with_type(field.type.storage_type) if isinstance(field.type, pa.BaseExtensionType) else field
        for field in table.schema
    ]
    return pa.table([table[i].cast(f.type) for i, f in enumerate(fields)], schema=pa.schema(fields))


def _crs_text(crs: object) -> str | None:
    """Return a reference system of GeoParquet as a code, or as the JSON it is; None where there is none."""
    if crs is None:
        return None
    identity = crs.get("id", {}) if isinstance(crs, dict) else {}
    code = f"{identity.get('authority', '')}:{identity.get('code', '')}"
    if code in WGS84:
        return "EPSG:4326"
    return code if len(code) > 1 else json.dumps(crs) if isinstance(crs, dict) else str(crs)


class GeoJsonSource:
    """GeoJSON points, a FeatureCollection or a feature a line, read by GDAL; features are counted from 1."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.notes: list[Said] = []
        with path.open("rb") as handle:
            start = handle.read(SAMPLE_BYTES).lstrip(codecs.BOM_UTF8).lstrip(b"\x1e \t\r\n")[:1]
        if start != b"{":
            raise ScoringError(BatchSaying.NO_GEOJSON(path))
        self.shape = SHAPE
        self._read(lambda: self._remember(pyogrio.read_info(path, layer=0)))
        self._seen = 0

    def _remember(self, info: dict[str, object]) -> None:
        if str(info["driver"]) not in {"GeoJSON", "GeoJSONSeq"}:
            raise ScoringError(BatchSaying.OTHER_DRIVER(self._path, info["driver"]))
        crs = str(info["crs"] or "EPSG:4326")
        self.crs: object = "EPSG:4326" if crs in WGS84 else crs
        self._total = int(str(info["features"]))
        self.names: Sequence[str] = [str(name) for name in info["fields"]]  # type: ignore[attr-defined]

    def _read(self, action: Callable[[], None]) -> None:
        try:
            action()
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.CRSError) as error:
            raise unreadable_file(self._path, error, BatchSaying.AS_GEOJSON()) from None

    def sample(self) -> pa.Table:
        """Return the first rows."""
        first = next(self.blocks(self.names), None)
        return (
            pa.table({name: pa.nulls(0, pa.string()) for name in self.names})
            if first is None
            else first[0].slice(0, SAMPLE_ROWS)
        )

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield some columns, and the number of each feature."""
        self._seen = 0
        try:
            with pyogrio.raw.open_arrow(
                self._path, layer=0, columns=list(columns), batch_size=CHUNK, use_pyarrow=True
            ) as (meta, reader):
                shape = meta["geometry_name"] or "wkb_geometry"
                for batch in reader:
                    table = pa.Table.from_batches([batch])
                    shapes = table[shape].cast(pa.binary())
                    table = table.select(list(columns)).append_column(SHAPE, shapes)
                    lines = self._seen + 1 + np.arange(table.num_rows)
                    self._seen += table.num_rows
                    yield table, lines
        except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, pa.ArrowException) as error:
            raise unreadable_file(self._path, error, BatchSaying.AS_GEOJSON()) from None

    def unreadable(self) -> list[Reject]:
        """Return nothing: GDAL gives every feature or none."""
        return []

    def done(self) -> float:
        """Return which share of the features has been read; 0 where their number is not known."""
        return self._seen / self._total if self._total > 0 else 0.0


class UploadSource:
    """A file of one of the formats that are read whole, as an upload is, by a process of its own."""

    crs: object = "EPSG:4326"
    shape = SHAPE

    def __init__(self, path: Path, choice: Choice) -> None:
        try:
            self._upload: Upload = read_upload_file(path, choice=choice)
        except UploadError as error:
            raise ScoringError(why(error)) from None
        sites = self._upload.sites
        self._frame = pd.DataFrame(sites.drop(columns=sites.geometry.name)).drop(columns=["lon", "lat", "line"])
        self._frame = self._frame.reset_index()
        self._shapes, self._lines = sites.geometry.to_numpy(), sites["line"].to_numpy(dtype=np.int64)
        self.names: Sequence[str] = list(self._frame.columns)
        self.notes = list(self._upload.notes)
        self._rejects = [Reject(line=line, reason=reason) for line, reason in self._upload.rejected]

    def sample(self) -> pa.Table:
        """Return the first rows."""
        return pa.Table.from_pandas(self._frame.head(SAMPLE_ROWS), preserve_index=False)

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield some columns, and the number of each row."""
        table = pa.Table.from_pandas(self._frame[list(columns)], preserve_index=False)
        yield table.append_column(SHAPE, pa.array(shapely.to_wkb(self._shapes), pa.binary())), self._lines

    def unreadable(self) -> list[Reject]:
        """Return, and forget, the rows the upload left out."""
        fresh, self._rejects = self._rejects, []
        return fresh

    def done(self) -> float:
        """Return that all has been read."""
        return 1.0
