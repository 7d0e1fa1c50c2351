"""Delimited text with positions: encodings, delimiters, decimal commas and column spellings told apart."""

import codecs
import csv
import io
import re
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from oreway.layers.errors import UploadError
from oreway.layers.upload.limits import Limits, limit_columns, shown

LON_NAMES = (
    "lon", "long", "longitude", "lng", "x", "lon_dd", "long_dd", "decimal_longitude", "decimallongitude", "lon_wgs84",
    "longitude_wgs84", "longitud", "länge", "laenge", "経度",
)  # fmt: skip
LAT_NAMES = (
    "lat", "latitude", "y", "lat_dd", "decimal_latitude", "decimallatitude", "lat_wgs84", "latitude_wgs84", "latitud",
    "breite", "緯度",
)  # fmt: skip
DELIMITERS = (",", ";", "\t", "|")
SEPARATORS = (*DELIMITERS, ":", "^", "~")
LONGEST_NUMBER, LONGEST_NAME = 60, 100
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
DEGREES = re.compile(r"""^\s*([+-]?\d+(?:[.,]\d+)?)\s*°?\s*([NSEWnsew])?\s*$""")


def decoded(content: bytes, place: str, notes: list[str]) -> str:
    """Return bytes as text: by byte-order mark, as UTF-8, as UTF-16 without a mark, or as Windows-1252 with a note.

    Raises:
        UploadError: none of these fits, or the text holds binary bytes.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _strict(content, encoding, place)
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if max(even, odd) > len(content) / 6:
        notes.append("read as UTF-16 without a byte-order mark")
        return _strict(content, "utf-16-be" if even > odd else "utf-16-le", place)
    if b"\x00" in content:
        raise UploadError(f"{place}: binary; expected CSV, GeoJSON, GeoPackage, GeoParquet, zipped Shapefile or KML")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        notes.append("not UTF-8: read as Windows-1252 (Latin-1); check the names, or save the file as UTF-8")
        return _strict(content, "cp1252", place)


def _strict(content: bytes, encoding: str, place: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UploadError(f"{place}: text in an unknown encoding; save it as UTF-8") from None


def sites_from_csv(text: str, place: str, limits: Limits, notes: list[str]) -> gpd.GeoDataFrame:
    """Return a frame of points from delimited text with longitude and latitude columns.

    Raises:
        UploadError: no such columns, uneven rows, or too many of them.
    """
    delimiter = _delimiter(text)
    header, rows = _rows(text, delimiter, place, limits)
    table = pd.DataFrame(rows, columns=header, dtype=str)
    lon, lat = _named(table, LON_NAMES), _named(table, LAT_NAMES)
    if lon is None or lat is None:
        absent = "longitude" if lon is None else "latitude"
        seen = ", ".join(shown(column[:30]) for column in header[:12])
        raise UploadError(f"{place}: no {absent} column among {seen}; name the columns lon and lat, in decimal degrees")
    if delimiter != "," and any(DECIMAL_COMMA.search(value[:LONGEST_NUMBER]) for value in [*table[lon], *table[lat]]):
        notes.append("decimal commas in longitude and latitude were read as points")
    x = np.array([_degrees(value, "EW") for value in table[lon]])
    y = np.array([_degrees(value, "NS") for value in table[lat]])
    geometry = gpd.points_from_xy(x, y)
    empty = ~(np.isfinite(x) & np.isfinite(y))
    others = table.drop(columns=[lon, lat, "geometry"], errors="ignore")
    frame = gpd.GeoDataFrame(others, geometry=geometry, crs="EPSG:4326")
    frame.loc[empty, "geometry"] = None
    return frame


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    if first.lower().startswith("sep=") and first[4:] in SEPARATORS:
        return first[4:]
    return max(DELIMITERS, key=first.count)


def _rows(text: str, delimiter: str, place: str, limits: Limits) -> tuple[list[str], list[list[str]]]:
    lines: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=delimiter):
            if any(cell.strip() for cell in row) and not (not lines and row[0].lower().startswith("sep=")):
                lines.append([cell.strip() for cell in row])
            if len(lines) > limits.features + 1:
                raise UploadError(f"{place}: more than {limits.features:,} rows; use `oreway batch` for more")
            if lines:
                limit_columns(len(lines[0]), len(lines), place, limits)
    except csv.Error as error:
        raise UploadError(f"{place}: not readable as delimited text ({error}); save it as CSV in UTF-8") from None
    if len(lines) < 2:
        raise UploadError(f"{place}: no rows below a header line; expected columns such as name, lon, lat")
    header = _unique_names(lines[0])
    uneven = [n for n, row in enumerate(lines[1:], start=2) if len(row) > len(header) and any(row[len(header) :])]
    if uneven:
        raise UploadError(
            f"{place}, row {uneven[0]}: more cells than the header has columns ({len(header)}); quote cells that hold "
            f"the delimiter {delimiter!r}"
        )
    width = len(header)
    return header, [(row + [""] * width)[:width] for row in lines[1:]]


def _unique_names(names: Sequence[str]) -> list[str]:
    given, seen = set(names), set()
    unique = []
    for position, name in enumerate(names, start=1):
        word = fresh = name[:LONGEST_NAME] or f"column_{position}"
        while fresh in seen or (fresh != name and fresh in given):
            word, fresh = f"{word}_", f"{word}_{position}"
        seen.add(fresh)
        unique.append(fresh)
    return unique


def _named(table: pd.DataFrame, names: Sequence[str]) -> str | None:
    by_lower = {
        re.sub(r"[\s\-]+", "_", re.sub(r"\(.*?\)|\[.*?\]|°", "", str(c)).strip().lower()).strip("_"): str(c)
        for c in table.columns
    }
    return next((by_lower[name] for name in names if name in by_lower), None)


def _degrees(text: str, letters: str) -> float:
    if len(text) > LONGEST_NUMBER or "_" in text:
        return float("nan")
    match = DEGREES.match(text)
    if match is None:
        try:
            return float(text)
        except ValueError:
            return float("nan")
    number = float(match[1].replace(",", "."))
    letter = (match[2] or "").upper()
    if letter and letter not in letters:
        return float("nan")
    return -abs(number) if letter in {"S", "W"} and letter else number
