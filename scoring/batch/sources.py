"""Parquet and GeoJSON as sources of points, in blocks, never whole; and which source a file is."""

import codecs
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
import pyogrio
import shapely

from oreway.scoring.batch.read import CHUNK, Reject, Source, spelled, unreadable_file
from oreway.scoring.batch.text import TextSource
from oreway.scoring.errors import ScoringError

Lines = npt.NDArray[np.int64]
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
            self._file = pq.ParquetFile(path, pre_buffer=False)  # else it keeps all it has read
        except (pa.ArrowException, OSError) as error:
            raise unreadable_file(path, error, "write it again as Parquet") from None
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
            raise unreadable_file(self._path, error, "write it again as GeoParquet") from None
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
            raise unreadable_file(self._path, error, "write it again as Parquet") from None

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
            raise unreadable_file(self._path, error, "export it again as GeoJSON (RFC 7946)") from None

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
            raise unreadable_file(self._path, error, "export it again as GeoJSON (RFC 7946)") from None

    def unreadable(self) -> list[Reject]:
        """Return nothing: GDAL gives every feature or none."""
        return []

    def done(self) -> float:
        """Return which share of the features has been read; 0 where their number is not known."""
        return self._seen / self._total if self._total > 0 else 0.0
