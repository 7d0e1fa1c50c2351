"""The files a batch is written to: GeoParquet, CSV or GeoJSON, row group by row group, whole or not at all."""

import codecs
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from oreway.scoring.batch.table import plain_text, with_geometry
from oreway.scoring.errors import ScoringError

ENDINGS = (".parquet", ".csv", ".geojson")
GEOPARQUET = "1.1.0"
DECIMALS = 6
CORNERS = ("xmin", "ymin", "xmax", "ymax")
FORMULA = r"^[=+\-@\t\r]"
Members = Mapping[str, object]


class Box:
    """The bounding box of all points written so far."""

    def __init__(self) -> None:
        self._box = [math.inf, math.inf, -math.inf, -math.inf]

    def add(self, table: pa.Table) -> None:
        """Widen the box to a table's points."""
        if table.num_rows:
            lon, lat = table["lon"].to_numpy(), table["lat"].to_numpy()
            fresh = [lon.min(), lat.min(), lon.max(), lat.max()]
            self._box = [*map(min, self._box[:2], fresh[:2]), *map(max, self._box[2:], fresh[2:])]

    def corners(self) -> list[float] | None:
        """Return west, south, east, north; None while there are no points."""
        return [float(side) for side in self._box] if np.isfinite(self._box).all() else None


def geo_metadata(box: Box) -> dict[str, Any]:
    """Return the page of GeoParquet: points as WKB in EPSG:4326, with their covering box."""
    crs = gpd.GeoSeries([], crs="EPSG:4326").crs
    column: dict[str, Any] = {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "crs": crs.to_json_dict() if crs is not None else None,
        "covering": {"bbox": {corner: ["bbox", corner] for corner in CORNERS}},
    }
    corners = box.corners()
    if corners is not None:
        column["bbox"] = corners
    return {"version": GEOPARQUET, "primary_column": "geometry", "columns": {"geometry": column}}


class Writer(Protocol):
    """Something tables are added to."""

    def add(self, table: pa.Table) -> None:
        """Write the rows of a table."""

    def __enter__(self) -> "Writer":
        """Start the file."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file; without an error it is on the disk afterwards."""


class ParquetRows:
    """GeoParquet, one row group a table."""

    def __init__(self, path: Path, schema: pa.Schema, members: Members) -> None:
        self._box, self._members = Box(), members
        schema = with_geometry(schema.empty_table()).schema
        texts = [f.name for f in schema if pa.types.is_dictionary(f.type) or pa.types.is_string(f.type)]
        self._writer = pq.ParquetWriter(
            path, schema, compression="zstd", compression_level=1, use_dictionary=texts, store_schema=False
        )

    def add(self, table: pa.Table) -> None:
        """Write the rows of a table."""
        self._box.add(table)
        self._writer.write_table(with_geometry(table), row_group_size=max(1, table.num_rows))

    def __enter__(self) -> "ParquetRows":
        """Start the file."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file with the page of GeoParquet and our own."""
        if kind is None:
            pages = {"geo": geo_metadata(self._box), "oreway": dict(self._members)}
            self._writer.add_key_value_metadata({key: json.dumps(page) for key, page in pages.items()})
        self._writer.close()


class CsvRows:
    """Comma-separated text; data version and licences stand in every row, as in every export."""

    def __init__(self, path: Path, schema: pa.Schema, members: Members) -> None:
        self._file = path.open("wb")
        self._file.write(codecs.BOM_UTF8)  # by which Excel knows UTF-8
        self._stamps = {f"oreway_{key}": _joined(members[key]) for key in members if key != "version"}
        empty = self._stamped(plain_text(schema.empty_table()))
        self._writer = pacsv.CSVWriter(self._file, empty.schema)

    def _stamped(self, table: pa.Table) -> pa.Table:
        for name, text in self._stamps.items():
            table = table.append_column(name, pa.array([text] * table.num_rows, pa.string()))
        return table

    def add(self, table: pa.Table) -> None:
        """Write the rows of a table; a stranger's text that may pass for a formula gets a quote before it."""
        plain = plain_text(table)
        for name in (field.name for field in table.schema if pa.types.is_string(field.type)):
            text = pc.replace_substring_regex(plain[name], FORMULA, r"'\0")
            plain = plain.set_column(plain.schema.get_field_index(name), name, text)
        self._writer.write_table(self._stamped(plain))

    def __enter__(self) -> "CsvRows":
        """Start the file."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file."""
        self._writer.close()
        self._file.close()


def _joined(value: object) -> str:
    return "; ".join(str(item) for item in value) if isinstance(value, list) else str(value)


class GeoJsonRows:
    """An RFC 7946 FeatureCollection, its bounding box at the end."""

    def __init__(self, path: Path, schema: pa.Schema, members: Members) -> None:
        del schema
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write(f'{{"type": "FeatureCollection", "oreway": {json.dumps(dict(members))}, "features": [')
        self._box, self._first = Box(), True

    def add(self, table: pa.Table) -> None:
        """Write the rows of a table as features."""
        self._box.add(table)
        lon, lat = (np.round(table[name].to_numpy(), DECIMALS).tolist() for name in ("lon", "lat"))
        for row, x, y in zip(plain_text(table).to_pylist(), lon, lat, strict=True):
            properties = {
                key: None if value == "" and not key.endswith("_nil") else value for key, value in row.items()
            }
            feature = {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [x, y]},
                "properties": properties,
            }
            self._file.write(
                ("\n" if self._first else ",\n") + json.dumps(feature, ensure_ascii=False, allow_nan=False)
            )
            self._first = False

    def __enter__(self) -> "GeoJsonRows":
        """Start the file."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file."""
        corners = self._box.corners()
        box = "" if corners is None else f', "bbox": {json.dumps([round(side, DECIMALS) for side in corners])}'
        self._file.write(f"\n]{box}}}\n")
        self._file.close()


def open_writer(path: Path, ending: str, schema: pa.Schema, members: Members) -> Writer:
    """Start a file of one of ENDINGS.

    Raises:
        ScoringError: the ending names no format.
    """
    kinds: dict[str, Any] = {".parquet": ParquetRows, ".csv": CsvRows, ".geojson": GeoJsonRows}
    if ending not in kinds:
        raise ScoringError(f"ending {ending!r}: not known; name the file with one of {', '.join(ENDINGS)}")
    writer: Writer = kinds[ending](path, schema, members)
    return writer


def settle(fresh: Path, path: Path) -> None:
    """Put a finished file in its place, on the disk before anything else sees it."""
    with fresh.open("rb") as handle:
        os.fsync(handle.fileno())
    fresh.replace(path)
