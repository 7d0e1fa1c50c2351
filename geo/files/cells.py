"""Cells of tables and spreadsheets: text that no program takes for a formula, shapes as text where they fit."""

import re
from collections.abc import Iterable

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULA = f"^'*[{''.join(FORMULA_STARTS).replace('-', chr(92) + '-')}]"
NUMBER = r"^-\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$"  # text of a user's own column that is no formula
LONGEST_CELL = 32_767  # characters a cell of Excel and LibreOffice holds
WKT_DECIMALS = 6
GEOMETRY, SHAPE_TEXT, SHAPE_NOTE = "geometry", "geometry_wkt", "geometry_note"
TOO_LONG = "shape of {:,} characters is too long for a cell; export .gpkg, .parquet or .geojson"


def neutral_text(value: object) -> object:
    """Return text that a spreadsheet would take for a formula with a quote before it; anything else unchanged.

    Text that begins with quotes and such a sign gets one more, so that taking one off gives every text back
    (`layers.tables.delimited.unguarded`).
    """
    if isinstance(value, str) and re.match(FORMULA, value) and not re.fullmatch(NUMBER, value):
        return "'" + value
    return value


def neutral(table: pa.Table) -> pa.Table:
    """Return a table whose text cells and names of columns are `neutral_text`."""
    for place, field in enumerate(table.schema):
        if pa.types.is_string(field.type):
            given = table[field.name]
            text = pc.if_else(
                pc.match_substring_regex(given, NUMBER), given, pc.replace_substring_regex(given, FORMULA, r"'\0")
            )
            table = table.set_column(place, field.name, text)
    return table.rename_columns([str(neutral_text(name)) for name in table.column_names])


def plain_text(table: pa.Table, names: Iterable[str] | None = None) -> pa.Table:
    """Return the table with dictionary columns as plain text."""
    wanted = set(table.column_names if names is None else names)
    fields = [
        pa.field(field.name, pa.string()) if pa.types.is_dictionary(field.type) and field.name in wanted else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields, table.schema.metadata))


def arrow_table(frame: pd.DataFrame) -> pa.Table:
    """Return a frame as a table, its named index as first column, its shapes as WKB in `geometry`; "" is missing.

    A column of unlike things becomes text.
    """
    flat = frame.reset_index() if frame.index.name is not None else frame.reset_index(drop=True)
    shapes = flat.geometry.to_numpy() if isinstance(flat, gpd.GeoDataFrame) else None
    if isinstance(flat, gpd.GeoDataFrame):
        flat = pd.DataFrame(flat.drop(columns=flat.geometry.name))
    columns = {str(name): _column(flat[name]) for name in flat.columns}
    if shapes is not None:
        columns[GEOMETRY] = pa.array(shapely.to_wkb(shapes, include_srid=False), pa.binary())
    return pa.table(columns) if columns else pa.table({})


def _column(series: pd.Series) -> pa.Array:
    if pd.api.types.is_object_dtype(series) or pd.api.types.is_string_dtype(series):
        gone = series.isna() | (series == "")
        values = [None if missing else value for value, missing in zip(series, gone, strict=True)]
        try:
            found = pa.array(values)
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            found = pa.array([None if value is None else str(value) for value in values])
        return found.cast(pa.string()) if pa.types.is_null(found.type) else found
    found = pa.Array.from_pandas(series)
    return found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found


def with_shapes_as_text(table: pa.Table) -> pa.Table:
    """Return a table without `geometry`: points as lon and lat, other shapes as WKT where a cell holds it.

    A shape too long for a cell is left out, and the column geometry_note says so.
    """
    if GEOMETRY not in table.column_names:
        return table
    shapes = shapely.from_wkb(table[GEOMETRY].to_numpy(zero_copy_only=False))
    table = table.drop_columns([GEOMETRY])
    are_points = bool((shapely.get_type_id(shapes) == shapely.GeometryType.POINT).all())
    if are_points:
        if "lon" in table.column_names:
            return table
        return table.append_column("lon", pa.array(shapely.get_x(shapes))).append_column(
            "lat", pa.array(shapely.get_y(shapes))
        )
    texts = shapely.to_wkt(shapes, rounding_precision=WKT_DECIMALS)
    long = np.array([text is not None and len(text) > LONGEST_CELL for text in texts], bool)
    table = table.append_column(SHAPE_TEXT, pa.array(np.where(long, None, texts), pa.string()))
    if long.any():
        notes = [TOO_LONG.format(len(text)) if over else None for text, over in zip(texts, long, strict=True)]
        table = table.append_column(SHAPE_NOTE, pa.array(notes, pa.string()))
    return table
