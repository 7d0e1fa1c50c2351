"""The files points are read from: delimited text, Parquet and GeoJSON, each in blocks, never whole."""

import codecs
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pyogrio
import shapely

from layers._upload_text import DELIMITERS
from scoring._batch_read import CHUNK, Reject, Source, spelled
from scoring.errors import ScoringError

Lines = npt.NDArray[np.int64]
BLOCK_BYTES = 8 << 20
SAMPLE_BYTES = 1 << 20
TEXT_ENDINGS, PARQUET_ENDINGS = (".csv", ".tsv", ".txt"), (".parquet", ".geoparquet")
JSON_ENDINGS = (".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson")
WGS84 = ("OGC:CRS84", "EPSG:4326")


def open_source(path: Path) -> Source:
    """Open a file of points; its ending says the format.

    Raises:
        ScoringError: no such file, an ending of no known format, or a file that cannot be read.
    """
    if not path.is_file():
        raise ScoringError(f"{path}: no such file; check the path")
    ending = path.suffix.lower()
    if ending in TEXT_ENDINGS:
        return TextSource(path)
    if ending in PARQUET_ENDINGS:
        return ParquetSource(path)
    if ending in JSON_ENDINGS:
        return GeoJsonSource(path)
    known = " ".join((*TEXT_ENDINGS, *PARQUET_ENDINGS, *JSON_ENDINGS))
    raise ScoringError(f"{path}: ending {ending!r} names no format of points; use one of {known}")


class TextSource:
    """Delimited text; lines are counted from 1, the header's. Lines with nothing in them count but are no rows."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as handle:
            sample = handle.read(SAMPLE_BYTES)
        self._encoding, mark = _encoding(sample)
        first, *_ = [*sample[mark:].decode(self._encoding, "replace").splitlines(), ""]
        self._skip = int(first.lower().startswith("sep=") and len(first) == 5)
        self._delimiter = first[4] if self._skip else max(DELIMITERS, key=first.count)
        self._bad: list[tuple[int, str]] = []
        self._told = 0
        self._size = max(1, path.stat().st_size)
        self._file = path.open("rb")
        self.names = self._reader([]).schema.names
        self._file.seek(0)

    def _reader(self, columns: Sequence[str]) -> pacsv.CSVStreamingReader:
        options = pacsv.ConvertOptions(
            include_columns=list(columns), column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        )
        try:
            return pacsv.open_csv(
                pa.PythonFile(self._file, mode="r"),
                read_options=pacsv.ReadOptions(
                    use_threads=False, block_size=BLOCK_BYTES, encoding=self._encoding, skip_rows=self._skip
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=self._delimiter, invalid_row_handler=self._note_bad, ignore_empty_lines=False
                ),
                convert_options=options,
            )
        except pa.ArrowException as error:
            raise _unreadable(self._path, error, "save it as CSV in UTF-8") from None

    def _note_bad(self, row: pacsv.InvalidRow) -> str:
        reason = f"{row.actual_columns} cells where the header has {row.expected_columns}; quote cells with delimiters"
        self._bad.append((int(row.number or 0), reason))
        return "skip"

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield some columns, and the line of each row."""
        self._bad.clear()
        first, rows = 2 + self._skip, 0
        try:
            for batch in self._reader(columns):
                skipped = np.array([number - i for i, (number, _) in enumerate(self._bad)], dtype=np.int64)
                line = first + rows + np.arange(batch.num_rows)
                rows += batch.num_rows
                table = pa.Table.from_batches([batch])
                filled = np.any([np.asarray(column) != "" for column in table.columns], axis=0)
                kept = table if filled.all() else table.filter(pa.array(filled))
                yield kept, (line + np.searchsorted(skipped, line, side="right"))[filled]
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise _unreadable(self._path, error, "save it as CSV in UTF-8") from None

    def unreadable(self) -> list[Reject]:
        """Return, and forget, the rows with more or fewer cells than the header."""
        fresh = [Reject(line=line, reason=reason) for line, reason in self._bad[self._told :]]
        self._told = len(self._bad)
        return fresh

    def done(self) -> float:
        """Return which share of the file has been read."""
        return 1.0 if self._file.closed else min(1.0, self._file.tell() / self._size)


def _encoding(sample: bytes) -> tuple[str, int]:
    """Return the encoding of a text and the length of its byte-order mark."""
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8", len(codecs.BOM_UTF8)
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", 0
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=False)
    except UnicodeDecodeError:
        return "cp1252", 0
    return "utf-8", 0


def _unreadable(path: Path, error: BaseException, cure: str) -> ScoringError:
    return ScoringError(f"{path}: not readable ({str(error).splitlines()[0][:200]}); {cure}")


def _point_columns(shapes: npt.NDArray[np.object_]) -> dict[str, npt.NDArray[np.float64]]:
    """Return lon and lat of points, NaN for what is missing, empty or no point."""
    point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    return {
        "lon": np.where(point, shapely.get_x(shapes), np.nan),
        "lat": np.where(point, shapely.get_y(shapes), np.nan),
    }


class ParquetSource:
    """Parquet with columns for longitude and latitude, or GeoParquet with points in WGS84; rows are counted from 1."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(path, error, "write it again as Parquet") from None
        self._rows = 0
        names = list(self._file.schema_arrow.names)
        self._geometry = "" if {"lon", "lat"} <= set(spelled(names)) else self._point_column()
        self.names: Sequence[str] = [*names, "lon", "lat"] if self._geometry else names

    def _point_column(self) -> str:
        metadata = (self._file.schema_arrow.metadata or {}).get(b"geo")
        if metadata is None:
            return ""
        try:
            geo = json.loads(metadata)
            name = str(geo["primary_column"])
            column = geo["columns"][name]
        except (ValueError, KeyError, TypeError) as error:
            raise _unreadable(self._path, error, "write it again as GeoParquet") from None
        crs = column.get("crs", {"id": {"authority": "OGC", "code": "CRS84"}}) or {}
        code = "{authority}:{code}".format(**{"authority": "", "code": "", **crs.get("id", {})})
        if code not in WGS84 or column.get("encoding") != "WKB":
            raise ScoringError(f"{self._path}: geometry in {code or 'an unnamed system'}; write it as WKB in EPSG:4326")
        return name

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield some columns, and the number of each row."""
        wanted = [name for name in columns if not (self._geometry and name in {"lon", "lat"})]
        read = [*wanted, self._geometry] if self._geometry else wanted
        try:
            for batch in self._file.iter_batches(batch_size=CHUNK, columns=read):
                table = pa.Table.from_batches([batch])
                if self._geometry:
                    shapes = shapely.from_wkb(table[self._geometry].to_numpy(), on_invalid="ignore")
                    for name, values in _point_columns(shapes).items():
                        table = table.append_column(name, pa.array(values))
                lines = self._rows + 1 + np.arange(table.num_rows)
                self._rows += table.num_rows
                yield table, lines
        except (pa.ArrowException, OSError) as error:
            raise _unreadable(self._path, error, "write it again as Parquet") from None

    def unreadable(self) -> list[Reject]:
        """Return nothing: a row of Parquet has all its columns."""
        return []

    def done(self) -> float:
        """Return which share of the rows has been read."""
        return self._rows / max(1, int(self._file.metadata.num_rows))


class GeoJsonSource:
    """GeoJSON points, a FeatureCollection or a feature a line, read by GDAL; features are counted from 1."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as handle:
            start = handle.read(SAMPLE_BYTES).lstrip(codecs.BOM_UTF8).lstrip()[:1]
        if start != b"{":
            raise ScoringError(f"{path}: no GeoJSON; expected a FeatureCollection, or one feature a line")
        self._read(lambda: self._remember(pyogrio.read_info(path, layer=0)))
        self._seen = 0

    def _remember(self, info: dict[str, object]) -> None:
        crs = str(info["crs"] or "EPSG:4326")
        if crs not in WGS84:
            raise ScoringError(f"{self._path}: reference system {crs[:60]}; export it in WGS84 (EPSG:4326)")
        self._total = int(str(info["features"]))
        self._fields = [str(name) for name in info["fields"]]  # type: ignore[attr-defined]
        self.names: Sequence[str] = ["lon", "lat", *(name for name in self._fields if name not in {"lon", "lat"})]

    def _read(self, action: Callable[[], None]) -> None:
        try:
            action()
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.CRSError) as error:
            raise _unreadable(self._path, error, "export it again as GeoJSON (RFC 7946)") from None

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield some columns, and the number of each feature."""
        wanted = [name for name in columns if name not in {"lon", "lat"}]
        try:
            with pyogrio.raw.open_arrow(self._path, layer=0, columns=wanted, batch_size=CHUNK, use_pyarrow=True) as (
                meta,
                reader,
            ):
                shape = meta["geometry_name"] or "wkb_geometry"
                for batch in reader:
                    table = pa.Table.from_batches([batch])
                    shapes = shapely.from_wkb(table[shape].to_numpy(zero_copy_only=False), on_invalid="ignore")
                    table = table.select(wanted)
                    for name, values in _point_columns(shapes).items():
                        table = table.append_column(name, pa.array(values))
                    lines = self._seen + 1 + np.arange(table.num_rows)
                    self._seen += table.num_rows
                    yield table, lines
        except (pyogrio.errors.DataSourceError, pyogrio.errors.FeatureError, pa.ArrowException) as error:
            raise _unreadable(self._path, error, "export it again as GeoJSON (RFC 7946)") from None

    def unreadable(self) -> list[Reject]:
        """Return nothing: GDAL gives every feature or none."""
        return []

    def done(self) -> float:
        """Return which share of the features has been read; 0 where their number is not known."""
        return self._seen / self._total if self._total > 0 else 0.0
