"""Points of any number from a file, in chunks of one size, with what cannot be used told by line."""

import dataclasses
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from oreway.layers.upload.text import LAT_NAMES, LON_NAMES
from oreway.layers.upload.upload import ACCURACY_NAMES, ID_NAMES, NAME_NAMES
from oreway.scoring.errors import ScoringError

CHUNK = 49_152
COMMODITY_NAMES = ("commodities", "commodity", "minerals")
ROLES = {
    "site_id": ID_NAMES, "name": NAME_NAMES, "lon": LON_NAMES, "lat": LAT_NAMES, "accuracy": ACCURACY_NAMES,
    "commodities": COMMODITY_NAMES,
}  # fmt: skip
TEXT_ROLES = ("site_id", "name", "commodities")
SHOWN = 30
LETTERED = re.compile(r"^([+-]?\d+(?:[.,]\d+)?)°?([NSEW])?$")
POINTS = pa.schema(
    [
        ("line", pa.int64()),
        ("site_id", pa.string()),
        ("name", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("accuracy", pa.float64()),
        ("commodities", pa.string()),
    ]
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reject:
    """A row that cannot be used: its line (1 is the first line of a text file, else the first row) and the reason."""

    line: int
    reason: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chunk:
    """Some rows of the input: good ones as a table of the schema POINTS, the others as rejects."""

    number: int
    points: pa.Table
    rejects: tuple[Reject, ...]
    done: float


class Source(Protocol):
    """A file that yields its rows in blocks."""

    names: Sequence[str]

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, npt.NDArray[np.int64]]]:
        """Yield some columns, and the line of each row."""

    def unreadable(self) -> list[Reject]:
        """Return, and forget, the rows that could not even be split into columns."""

    def done(self) -> float:
        """Return which share of the file has been read, from 0 to 1."""


def spelled(names: Iterable[str]) -> dict[str, str]:
    """Return which column of a file plays which role, by the usual spellings."""
    plain: dict[str, str] = {}
    for name in names:
        word = re.sub(r"\(.*?\)|\[.*?\]|°", "", name).strip().lower()
        plain.setdefault(re.sub(r"[\s\-]+", "_", word).strip("_"), name)
    return {
        role: plain[found] for role, words in ROLES.items() if (found := next((w for w in words if w in plain), ""))
    }


def chunks(source: Source, place: str, *, accuracy_km: float, size: int = CHUNK) -> Iterator[Chunk]:
    """Yield the points of a source in chunks of the same number of rows, the last one shorter.

    Raises:
        ScoringError: the file has no columns for longitude and latitude.
    """
    roles = spelled(source.names)
    absent = [word for word, role in (("longitude", "lon"), ("latitude", "lat")) if role not in roles]
    if absent:
        seen = ", ".join(name[:SHOWN] for name in source.names[:12]) or "none"
        raise ScoringError(f"{place}: no {' or '.join(absent)} column among {seen}; name the columns lon and lat")
    number, waiting, rejects = 0, POINTS.empty_table(), []
    for block, lines in source.blocks(list(dict.fromkeys(roles.values()))):
        rejects += source.unreadable()
        for start in range(0, block.num_rows, size):
            part = slice(start, start + size)
            good, bad = _checked(block.slice(start, size), lines[part], roles, accuracy_km)
            rejects += bad
            waiting = pa.concat_tables([waiting, good])
            while waiting.num_rows >= size:
                yield Chunk(number=number, points=waiting.slice(0, size), rejects=tuple(rejects), done=source.done())
                number, waiting, rejects = number + 1, waiting.slice(size), []
    rejects += source.unreadable()
    if waiting.num_rows or rejects or number == 0:
        yield Chunk(number=number, points=waiting, rejects=tuple(rejects), done=1.0)


def _checked(
    block: pa.Table, lines: npt.NDArray[np.int64], roles: dict[str, str], accuracy_km: float
) -> tuple[pa.Table, list[Reject]]:
    """Return the rows that can be used, and the reasons why the others cannot."""
    lon, lat = (
        degrees(block[roles[role]].combine_chunks(), letters) for role, letters in (("lon", "EW"), ("lat", "NS"))
    )
    bad = ~((np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    accuracy = np.full(len(lon), accuracy_km)
    if "accuracy" in roles:
        given = degrees(block[roles["accuracy"]].combine_chunks(), "")
        accuracy = np.where(np.isfinite(given) & (given > 0), given, accuracy_km)
    rejects = [_reject(block, roles, int(i), int(lines[i]), lon[i], lat[i]) for i in np.nonzero(bad)[0]]
    columns = {"line": pa.array(lines), "lon": pa.array(lon), "lat": pa.array(lat), "accuracy": pa.array(accuracy)}
    for role in TEXT_ROLES:
        given = block[roles[role]] if role in roles else pa.nulls(len(lon), pa.string())
        columns[role] = pc.utf8_trim_whitespace(pc.fill_null(given.cast(pa.string()), ""))
    ids = columns["site_id"]
    numbered = pc.binary_join_element_wise("row", columns["line"].cast(pa.string()), "-")
    columns["site_id"] = pc.if_else(pc.equal(ids, ""), numbered, ids)
    table = pa.table({name: columns[name] for name in POINTS.names}).cast(POINTS)
    return (table.filter(pa.array(~bad)) if bad.any() else table), rejects


def _reject(block: pa.Table, roles: dict[str, str], row: int, line: int, lon: float, lat: float) -> Reject:
    for role, word, value, limit in (("lon", "longitude", lon, 180), ("lat", "latitude", lat, 90)):
        text = str(block[roles[role]][row].as_py() or "").strip()
        if not np.isfinite(value):
            told = f"{word} {text[:SHOWN]!r} is not a number" if text else f"no {word}"
            return Reject(line=line, reason=f"{told}; give decimal degrees")
        if abs(value) > limit:
            return Reject(line=line, reason=f"{word} {value:g}; expected -{limit} to {limit}")
    return Reject(line=line, reason="no position; give longitude and latitude")


def degrees(column: pa.Array, letters: str) -> npt.NDArray[np.float64]:
    """Return numbers of a column; text may carry a decimal comma, a degree sign or a letter of `letters`; else NaN."""
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        try:
            return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            return np.full(len(column), np.nan)
    text = pc.utf8_trim_whitespace(pc.fill_null(column, ""))
    plain = pc.match_substring_regex(text, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
    cast = pc.cast(pc.if_else(plain, text, None), pa.float64()).to_numpy(zero_copy_only=False)
    number = np.array(cast, dtype=np.float64)
    for i in np.nonzero(~plain.to_numpy(zero_copy_only=False))[0]:
        number[i] = _lettered(text[int(i)].as_py(), letters)
    return number


def _lettered(text: str, letters: str) -> float:
    match = LETTERED.match(text.replace(" ", "").upper())
    if match is None or (match[2] and match[2] not in letters):
        return float("nan")
    number = float(match[1].replace(",", "."))
    return -abs(number) if match[2] and match[2] in "SW" else number


def unreadable_file(path: Path, error: BaseException, cure: str) -> ScoringError:
    """Return the refusal of a file that a library could not read."""
    return ScoringError(f"{path}: not readable ({str(error).splitlines()[0][:200]}); {cure}")
