"""The one writer of CSV, GeoJSON, GeoParquet and GeoPackage: tables are added one after the other, in any number.

A table has its shapes as WKB in `geometry`; without that column its rows are points at `lon` and `lat`. Everything is
EPSG:4326.
"""

import codecs
import io
import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import shapely

from oreway.arrays import Floats
from oreway.geo.files.boxes import CORNERS, Box
from oreway.geo.files.cells import GEOMETRY, neutral, plain_text, with_shapes_as_text
from oreway.geo.geojson import DECIMALS, geometry, plain
from oreway.later import later

with later(__name__):
    import pyogrio

ENDINGS = (".parquet", ".csv", ".geojson", ".gpkg")
GEOPARQUET = "1.1.0"
SYSTEM = "EPSG:4326"
POINT_WKB = np.dtype([("order", "u1"), ("kind", "<u4"), ("lon", "<f8"), ("lat", "<f8")])
LITTLE_ENDIAN, POINT = 1, 1
FILTERED = ("line", "lon", "lat", "total", *(f"bbox.{corner}" for corner in CORNERS))  # have least and greatest
NIL_ENDING = "_nil"  # such a cell says why there is no value; "" says that there is one
Members = Mapping[str, object]


class Writer(Protocol):
    """Something tables are added to."""

    def add(self, table: pa.Table) -> None:
        """Write the rows of a table."""

    def __enter__(self) -> "Writer":
        """Start the file."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file; without an error it is on the disk afterwards."""


def bounds_of(table: pa.Table) -> Floats:
    """Return west, south, east, north of each row, shape (n, 4)."""
    if GEOMETRY in table.column_names:
        found: Floats = shapely.bounds(_shapes(table))
        return found
    lon, lat = (table[name].to_numpy() for name in ("lon", "lat"))
    return np.column_stack([lon, lat, lon, lat])


def with_geometry(table: pa.Table) -> pa.Table:
    """Return the table with the columns geometry (WKB) and bbox of GeoParquet at its end."""
    sides = bounds_of(table)
    box = pa.StructArray.from_arrays([pa.array(side, from_pandas=True) for side in sides.T], names=list(CORNERS))
    if GEOMETRY in table.column_names:
        shapes = table[GEOMETRY]
        return table.drop_columns([GEOMETRY]).append_column(GEOMETRY, shapes).append_column("bbox", box)
    wkb = np.empty(table.num_rows, POINT_WKB)
    wkb["order"], wkb["kind"], wkb["lon"], wkb["lat"] = LITTLE_ENDIAN, POINT, sides[:, 0], sides[:, 1]
    offsets = pa.py_buffer((np.arange(table.num_rows + 1) * POINT_WKB.itemsize).astype(np.int32))
    points = pa.Array.from_buffers(pa.binary(), table.num_rows, [None, offsets, pa.py_buffer(wkb.tobytes())])
    return table.append_column(GEOMETRY, points).append_column("bbox", box)


def _shapes(table: pa.Table) -> npt.NDArray[np.object_]:
    found: npt.NDArray[np.object_] = shapely.from_wkb(table[GEOMETRY].to_numpy(zero_copy_only=False))
    return found


class ParquetRows:
    """GeoParquet, one row group a table."""

    def __init__(self, path: Path, schema: pa.Schema, members: Members, name: str = "") -> None:
        del name
        self._box, self._members = Box(), members
        self._kinds: set[str] = set() if GEOMETRY in schema.names else {"Point"}
        schema = with_geometry(schema.empty_table()).schema
        texts = [f.name for f in schema if pa.types.is_dictionary(f.type) or pa.types.is_string(f.type)]
        self._writer = pq.ParquetWriter(
            path, schema, compression="lz4", use_dictionary=texts, store_schema=False,
            write_statistics=[name for name in FILTERED if name.partition(".")[0] in schema.names],
        )  # fmt: skip

    def add(self, table: pa.Table) -> None:
        """Write the rows of a table."""
        self._box.add(bounds_of(table))
        if GEOMETRY in table.column_names:
            self._kinds |= {shape.geom_type for shape in _shapes(table) if shape is not None}
        self._writer.write_table(with_geometry(table), row_group_size=max(1, table.num_rows))

    def __enter__(self) -> "ParquetRows":
        """Start the file."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file with the page of GeoParquet and our own."""
        if kind is None:
            pages = {"geo": self._page(), "oreway": dict(self._members)}
            self._writer.add_key_value_metadata({key: json.dumps(page) for key, page in pages.items()})
        self._writer.close()

    def _page(self) -> dict[str, Any]:
        crs = gpd.GeoSeries([], crs=SYSTEM).crs
        column: dict[str, Any] = {
            "encoding": "WKB",
            "geometry_types": sorted(self._kinds),
            "crs": crs.to_json_dict() if crs is not None else None,
            "covering": {"bbox": {corner: ["bbox", corner] for corner in CORNERS}},
        }
        corners = self._box.corners()
        if corners is not None:
            column["bbox"] = corners
        return {"version": GEOPARQUET, "primary_column": GEOMETRY, "columns": {GEOMETRY: column}}


class CsvRows:
    """Comma-separated text, with the mark by which Excel knows UTF-8 and no cell it takes for a formula.

    Data version, date and licences stand in every row: a row that is copied out keeps them.
    """

    def __init__(self, path: Path | io.BytesIO, schema: pa.Schema, members: Members, name: str = "") -> None:
        del name
        self._file = path.open("wb") if isinstance(path, Path) else path
        self._file.write(codecs.BOM_UTF8)
        self._stamps = {f"oreway_{key}": _joined(members[key]) for key in members if key != "version"}
        self._writer: pacsv.CSVWriter | None = None
        self._schema = schema

    def add(self, table: pa.Table) -> None:
        """Write the rows of a table; a stranger's text that may pass for a formula gets a quote before it."""
        stamped = with_shapes_as_text(plain_text(neutral(table)))
        for name, text in self._stamps.items():
            stamped = stamped.append_column(name, pa.array([text] * stamped.num_rows, pa.string()))
        stamped = stamped.replace_schema_metadata(None)
        if self._writer is None:
            self._writer = pacsv.CSVWriter(self._file, stamped.schema)
        self._writer.write_table(stamped)

    def __enter__(self) -> "CsvRows":
        """Start the file."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file."""
        if self._writer is None and kind is None:
            self.add(self._schema.empty_table())
        if self._writer is not None:
            self._writer.close()
        if not isinstance(self._file, io.BytesIO):
            self._file.close()


def _joined(value: object) -> str:
    return "; ".join(str(item) for item in value) if isinstance(value, list) else str(value)


class GeoJsonRows:
    """An RFC 7946 FeatureCollection, a feature a line, its bounding box at the end; ids are those of the first column.

    A table whose first column is no `…_id` has no ids.
    """

    def __init__(self, path: Path, schema: pa.Schema, members: Members, name: str = "") -> None:
        del name
        first = schema.names[0] if schema.names else ""
        self._identity = first if first.endswith("_id") else ""
        self._file = path.open("w", encoding="utf-8", newline="\n")
        self._file.write(f'{{"type":"FeatureCollection","oreway":{_json(plain(dict(members)))},"features":[')
        self._box, self._first = Box(), True

    def add(self, table: pa.Table) -> None:
        """Write the rows of a table as features."""
        self._box.add(bounds_of(table))
        for row, shape in zip(self._rows(table), _geometries(table), strict=True):
            feature: dict[str, Any] = {"type": "Feature"}
            if self._identity:
                feature["id"] = row[self._identity]
            text = _json(feature | {"geometry": shape, "properties": row})
            self._file.write(("\n" if self._first else ",\n") + text)
            self._first = False

    def _rows(self, table: pa.Table) -> list[dict[str, Any]]:
        kept = table.drop_columns([GEOMETRY]) if GEOMETRY in table.column_names else table
        return [
            {key: None if value == "" and not key.endswith(NIL_ENDING) else plain(value) for key, value in row.items()}
            for row in plain_text(kept).to_pylist()
        ]

    def __enter__(self) -> "GeoJsonRows":
        """Start the file."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file."""
        corners = self._box.round_180()
        box = "" if corners is None else f',"bbox":{_json([round(side, DECIMALS) for side in corners])}'
        self._file.write(f"\n]{box}}}\n")
        self._file.close()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _geometries(table: pa.Table) -> list[dict[str, Any] | None]:
    """Return the geometry of each row as RFC 7946 has it; points are quick."""
    if GEOMETRY in table.column_names:
        return [geometry(shape, f"row {row}") for row, shape in enumerate(_shapes(table))]
    lon, lat = (np.round(table[name].to_numpy(), DECIMALS).tolist() for name in ("lon", "lat"))
    return [{"type": "Point", "coordinates": [x, y]} for x, y in zip(lon, lat, strict=True)]


class GpkgRows:
    """A GeoPackage of one layer; what comes with it stands in the layer's metadata."""

    def __init__(self, path: Path, schema: pa.Schema, members: Members, name: str = "") -> None:
        path.unlink(missing_ok=True)
        self._path, self._schema, self._layer, self._begun = path, schema, name or "rows", False
        self._members = {f"oreway_{key}": json.dumps(value) for key, value in members.items()}
        self._stamp = f"{members['created']}T00:00:00.000Z" if "created" in members else None

    def add(self, table: pa.Table) -> None:
        """Write the rows of a table."""
        whole = plain_text(with_geometry(table).drop_columns(["bbox"])).replace_schema_metadata(None)
        first: dict[str, Any] = {} if self._begun else {"layer_metadata": self._members}
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": self._stamp})
        try:
            pyogrio.write_arrow(
                whole, self._path, layer=self._layer, driver="GPKG", geometry_name=GEOMETRY, crs=SYSTEM,
                geometry_type=self._kind(table), append=self._begun, **first,
            )  # fmt: skip
        finally:
            pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})
        self._begun = True

    def _kind(self, table: pa.Table) -> str:
        """Return the layer's type: that of its shapes, or of both where simple and multiple ones are mixed."""
        if GEOMETRY not in table.column_names:
            return "Point"
        kinds = {shape.geom_type for shape in _shapes(table) if shape is not None}
        return kinds.pop() if len(kinds) == 1 else "Unknown"

    def __enter__(self) -> "GpkgRows":
        """Start the file."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Finish the file."""
        if kind is None and not self._begun:
            self.add(self._schema.empty_table())


KINDS: Mapping[str, Any] = {".parquet": ParquetRows, ".csv": CsvRows, ".geojson": GeoJsonRows, ".gpkg": GpkgRows}


def open_writer(path: Path, ending: str, schema: pa.Schema, members: Members, name: str = "") -> Writer:
    """Start a file of one of ENDINGS; the caller has checked the ending.

    Args:
        path: the file.
        ending: one of ENDINGS.
        schema: of the tables that will be added.
        members: provenance to write into the file.
        name: of the layer, where the format has layers.
    """
    writer: Writer = KINDS[ending](path, schema, members, name)
    return writer


def settle(fresh: Path, path: Path) -> None:
    """Put a finished file in its place, on the disk before anything else sees it."""
    with fresh.open("rb") as handle:
        os.fsync(handle.fileno())
    fresh.replace(path)
