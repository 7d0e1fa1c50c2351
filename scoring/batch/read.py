"""Points of any number from a file, in chunks of one size, with what cannot be used told by line.

Which columns hold what, and how their text becomes positions, commodities and accuracies, is told by the modules that
read
an upload too; here it is done for columns at once.
"""

import collections
import dataclasses
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import shapely

from oreway.arrays import Floats
from oreway.layers.errors import CoordinateError
from oreway.layers.tables.areas import FINER, coarsely_written, far_from_use, fineness
from oreway.layers.tables.attributes import MOST_ACCURACY_KM, UNIT_KM, commodities, kilometres
from oreway.layers.tables.columns import accuracy_unit, further_commodities, spelled
from oreway.layers.tables.coordinates import PLAIN, SHOWN, folded, looks_swapped, numbers, off_earth
from oreway.layers.tables.position_plan import DEGREES, FOLDED, ZERO, understood
from oreway.layers.tables.positions import Placed, in_wgs84, placed, system_name
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.tables.systems import WGS84
from oreway.layers.upload.sayings import FileSaying
from oreway.layers.vocabulary import USUAL_ACCURACY_KM
from oreway.said import PlainSaying, Said, listed, why
from oreway.scoring.batch.ids import Ids
from oreway.scoring.batch.sayings import BatchSaying
from oreway.scoring.errors import ScoringError

CHUNK = 32_768
TEXT_ROLES = ("site_id", "name", "commodities")
READ_ROLES = (*TEXT_ROLES, "accuracy")
MOST_WORDS, MOST_OWN = 12, 200
UNTIDY = r"[\p{C}]|\s\s|[\t\r\n]"
RESERVED = frozenset({"", "line", "site_id", "name", "lon", "lat", "accuracy", "commodities", "geometry", "bbox"})
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
    reason: Said


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chunk:
    """Some rows of the input: good ones as a table that begins with the columns POINTS, the others as rejects."""

    number: int
    points: pa.Table
    rejects: tuple[Reject, ...]
    done: float


class Source(Protocol):
    """A file that yields its rows in blocks.

    names: its columns but the geometry. shape: the column of a block that holds WKB, "" for none, in the reference
    system
    crs. notes: what was understood when it was opened.
    """

    names: Sequence[str]
    notes: list[Said]
    shape: str
    crs: object

    def sample(self) -> pa.Table:
        """Return the first rows."""

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, npt.NDArray[np.int64]]]:
        """Yield some columns, and the line of each row."""

    def unreadable(self) -> list[Reject]:
        """Return, and forget, the rows that could not even be split into columns."""

    def done(self) -> float:
        """Return which share of the file has been read, from 0 to 1."""


class PointReader:
    """The points of a source; says once which columns hold what, and counts what was put right on the way.

    schema: of the chunks' points, the columns POINTS and then the file's own as text. notes: what was understood.

    Raises:
        ScoringError: the file has no columns of positions, or some that can be read in two ways.
    """

    def __init__(self, source: Source, place: str, *, accuracy_km: float = USUAL_ACCURACY_KM, system: str = "") -> None:
        self._source, self._place, self._accuracy_km, self._system = source, place, accuracy_km, system
        sample = source.sample()
        names = list(source.names)
        self._roles = {role: name for role, name in spelled(names).items() if role in READ_ROLES}
        self._more = further_commodities(names)
        try:
            self._plan = None if source.shape else understood(names, sample, system=system)
        except CoordinateError as error:
            raise ScoringError(PlainSaying.PLACED(place, why(error))) from None
        if self._roles.get("site_id", "").lower() == "code" and _repeats(sample[self._roles["site_id"]]):
            self._roles.pop("site_id")
        self._unit = accuracy_unit(self._roles.get("accuracy", ""))
        self.own = self._own(names, sample)
        self.schema = pa.schema([*POINTS, *((name, pa.string()) for name in self.own)])
        self._told: list[Said] = [*source.notes, *(self._plan.notes if self._plan else ())]
        self._counts: collections.Counter[str] = collections.Counter()
        self._ids, self._is_begun, self._is_named = Ids(), False, False
        self._strange: dict[str, None] = {}
        self._examples: list[Said] = []
        self._is_unsure, self._fineness = False, 0

    def _own(self, names: Sequence[str], sample: pa.Table) -> list[str]:
        """Return the columns that are handed on as they are."""
        gone = {*RESERVED, *self._roles.values(), *self._more}
        if self._plan is not None:
            plain = self._plan.kind == DEGREES and not self._plan.system
            axes = [axis for axis in (self._plan.lon, self._plan.lat) if axis is not None]
            gone |= {self._plan.column} | {a.column for a in axes if plain and not (a.unit or a.minute or a.letters)}
        binary = {f.name for f in sample.schema if pa.types.is_binary(f.type) or pa.types.is_large_binary(f.type)}
        return [name for name in names if name not in gone | binary][:MOST_OWN]

    @property
    def notes(self) -> list[Said]:
        """Return what was understood, and how often something was put right so far."""
        unsure = [TableSaying.ACCURACY_TAKEN(format(self._accuracy_km, "g"))] if self._is_unsure else []
        counts = {what: count for what, count in self._counts.items() if what != NUMBERED or self._is_named}
        counted = [say(counts[what]) for what, say in COUNTED.items() if counts.get(what)]
        strange = listed(self._strange, most=MOST_WORDS)
        named = [TableSaying.COMMODITIES_NOT_KNOWN(strange)] if strange else []
        unsure += coarsely_written(self._fineness) if self._is_unsure and self._is_begun else ()
        return list(dict.fromkeys([*self._told, *self._examples, *counted, *named, *unsure]))

    def chunks(self, size: int = CHUNK) -> Iterator[Chunk]:
        """Yield the points in chunks of the same number of rows, the last one shorter.

        Raises:
            ScoringError: the file cannot be read to its end.
        """
        source = self._source
        number, waiting, rejects = 0, self.schema.empty_table(), list[Reject]()
        for block, lines in source.blocks(self._columns()):
            rejects += source.unreadable()
            for start in range(0, block.num_rows, size):
                good, bad = self._checked(block.slice(start, size), lines[start : start + size])
                rejects += bad
                waiting = pa.concat_tables([waiting, good])
                while waiting.num_rows >= size:
                    yield Chunk(
                        number=number, points=waiting.slice(0, size), rejects=tuple(rejects), done=source.done()
                    )
                    number, waiting, rejects = number + 1, waiting.slice(size), []
        rejects += source.unreadable()
        if waiting.num_rows or rejects or number == 0:
            yield Chunk(number=number, points=waiting, rejects=tuple(rejects), done=1.0)

    def _columns(self) -> list[str]:
        placing = self._plan.columns() if self._plan else []
        placing = [name for name in placing if not name.startswith("=")]
        return list(dict.fromkeys([*placing, *self._roles.values(), *self._more, *self.own]))

    def _checked(self, block: pa.Table, lines: npt.NDArray[np.int64]) -> tuple[pa.Table, list[Reject]]:
        """Return the rows that can be used, and the reasons why the others cannot."""
        try:
            where = self._from_shapes(block[self._source.shape]) if self._plan is None else self._placed(block)
        except CoordinateError as error:
            raise ScoringError(PlainSaying.PLACED(self._place, why(error))) from None
        if not self._is_begun and looks_swapped(where.lon[:, None], where.lat[:, None]):
            raise ScoringError(FileSaying.SWAPPED(self._place))
        self._is_begun = True
        if self._fineness < FINER:
            self._fineness = max(self._fineness, fineness(where.lon, where.lat))
        accuracy, faults = self._accuracies(block)
        faults |= where.faults
        self._counts += where.counts
        if where.examples and not self._examples:
            self._examples = [FileSaying.READ_AS_WRITTEN(example) for example in where.examples]
        columns = {"line": pa.array(lines), "lon": pa.array(where.lon), "lat": pa.array(where.lat)}
        columns |= {"accuracy": pa.array(accuracy), "commodities": self._commodities(block)}
        blank = pa.array([""] * block.num_rows, pa.string())
        columns["name"] = as_text(block[self._roles["name"]]) if "name" in self._roles else blank
        given = as_text(block[self._roles["site_id"]]) if "site_id" in self._roles else blank
        columns["site_id"] = pc.if_else(pc.equal(given, ""), columns["name"], given)
        columns |= {name: as_text(block[name]) for name in self.own}
        table = pa.table({name: columns[name] for name in self.schema.names}).cast(self.schema)
        if not faults:
            return self._identified(table), []
        kept = np.ones(block.num_rows, bool)
        kept[list(faults)] = False
        rejects = [Reject(line=int(lines[i]), reason=reason) for i, reason in sorted(faults.items())]
        return self._identified(table.filter(pa.array(kept))), rejects

    def _identified(self, table: pa.Table) -> pa.Table:
        """Return rows whose ids differ from each other and from those before."""
        given = table["site_id"].to_pylist()
        ids, numbered = self._ids.differing(given, table["line"].to_pylist())
        self._counts[NUMBERED] += numbered
        self._is_named |= any(given)
        return table.set_column(table.column_names.index("site_id"), "site_id", pa.array(ids, pa.string()))

    def _placed(self, block: pa.Table) -> Placed:
        found = placed(self._plan, block) if self._plan else None
        if found is None:
            raise CoordinateError(TableSaying.NO_POSITION_COLUMNS())
        if found.shapes is None:
            return found
        return self._from_points(found.shapes, found.faults)

    def _from_shapes(self, column: pa.ChunkedArray) -> Placed:
        shapes = shapely.from_wkb(np.array(column.to_pylist(), dtype=object), on_invalid="ignore")
        return self._from_points(shapes, {})

    def _from_points(self, shapes: npt.NDArray[np.object_], faults: dict[int, Said]) -> Placed:
        """Return where points lie; a collection of one point is that point, any other shape a fault that names it."""
        shapes = np.asarray(shapes, dtype=object)
        kinds = shapely.get_type_id(shapes)
        for i in np.nonzero((kinds != shapely.GeometryType.POINT) & (kinds != MISSING))[0]:
            parts = shapely.get_parts(shapes[i])
            if len(parts) == 1 and parts[0].geom_type == "Point":
                shapes[i] = parts[0]
            else:
                faults[int(i)] = FileSaying.NOT_A_POINT(shapes[i].geom_type)
                shapes[i] = None
        lon, lat = shapely.get_x(shapes), shapely.get_y(shapes)
        crs = self._system or self._source.crs
        if crs is not None:
            known = np.isfinite(lon) & np.isfinite(lat)
            lon[known], lat[known] = in_wgs84(lon[known], lat[known], str(crs))
            if str(crs) != WGS84:
                self._told.append(FileSaying.TURNED(system_name(str(crs))))
                far = int(far_from_use(str(crs), lon[known], lat[known]).sum())
                self._told += [TableSaying.MANY_FAR_FROM_USE(far, system_name(str(crs)))] if far else []
        elif np.abs(lon[np.isfinite(lon)]).max(initial=0.0) > BEYOND:
            raise CoordinateError(FileSaying.PROJECTED_POINTS())
        lon, count = folded(lon)
        faults = off_earth(lon, lat) | faults
        for i in np.nonzero(~(np.isfinite(lon) & np.isfinite(lat)))[0]:
            faults.setdefault(int(i), TableSaying.NO_POSITION())
        counts = collections.Counter({FOLDED: count, ZERO: int(((lon == 0) & (lat == 0)).sum())})
        return Placed(lon=lon, lat=lat, faults=faults, counts=counts)

    def _accuracies(self, block: pa.Table) -> tuple[Floats, dict[int, Said]]:
        """Return how sure each position is, in kilometres, and the cells that cannot be read."""
        if "accuracy" not in self._roles:
            self._is_unsure = True
            return np.full(block.num_rows, self._accuracy_km), {}
        column = block[self._roles["accuracy"]]
        faults: dict[int, Said] = {}
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            column = as_text(column)
        text = pc.utf8_trim_whitespace(pc.fill_null(column, ""))
        plain = pc.match_substring_regex(text, PLAIN) if self._unit in UNIT_KM else pa.array([False] * len(text))
        found = numbers(pc.cast(pc.if_else(plain, text, None), pa.float64())) * UNIT_KM.get(self._unit, 1.0)
        quick = found > MOST_ACCURACY_KM
        slow = ~np.asarray(plain, dtype=bool) | quick | (found < 0)
        for i in np.nonzero(slow)[0]:
            cell = str(text[int(i)].as_py())
            try:
                found[i] = kilometres(cell, self._unit)
            except CoordinateError as error:
                faults[int(i)] = TableSaying.ACCURACY(repr(cell[:SHOWN]), why(error))
        self._is_unsure |= not (found > 0).all()
        return np.where(found > 0, found, self._accuracy_km), faults

    def _commodities(self, block: pa.Table) -> pa.Array:
        """Return the commodities of each row as symbols; words that are not known are kept, and noted."""
        names = [*([self._roles["commodities"]] if "commodities" in self._roles else []), *self._more]
        if not names:
            return pa.array([""] * block.num_rows, pa.string())
        text = as_text(block[names[0]])
        for name in names[1:]:
            text = pc.binary_join_element_wise(text, as_text(block[name]), ";")
        coded = text.dictionary_encode()
        read = [commodities(str(one)) for one in coded.dictionary.to_pylist()]
        for _, strange in read:
            self._strange.update(dict.fromkeys(word[:SHOWN] for word in strange))
        return pa.array([symbols for symbols, _ in read], pa.string()).take(coded.indices)


NUMBERED = "numbered"
COUNTED = {FOLDED: FileSaying.BEYOND_180, ZERO: FileSaying.AT_ZERO, NUMBERED: FileSaying.IDS_NUMBERED}
BEYOND, MISSING = 360.0, -1


def _repeats(column: pa.ChunkedArray) -> bool:
    return len(column.unique()) < len(column)


def as_text(column: "pa.Array | pa.ChunkedArray") -> pa.Array:
    """Return a column as tidy text: 101 not 101.0, of one line, "" for what is missing."""
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_decode()
    if pa.types.is_floating(whole.type):
        whole = _whole_numbers(whole)
    if pa.types.is_nested(whole.type) or pa.types.is_binary(whole.type) or pa.types.is_large_binary(whole.type):
        return pa.array(["" if one is None else str(one) for one in whole.to_pylist()], pa.string())
    text = pc.utf8_trim_whitespace(pc.fill_null(whole.cast(pa.string()), ""))
    if pc.any(pc.match_substring_regex(text, UNTIDY)).as_py():
        text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"\s+", " "))
        text = pc.replace_substring_regex(text, r"[\p{C}]", "")
    return text


def _whole_numbers(column: pa.Array) -> pa.Array:
    """Return floats as whole numbers where all of them are."""
    rounded = pc.equal(pc.floor(column), column)
    return pc.cast(column, pa.int64(), safe=False) if pc.all(rounded).as_py() else column


def unreadable_file(path: Path, error: BaseException, cure: Said) -> ScoringError:
    """Return the refusal of a file that a library could not read."""
    return ScoringError(BatchSaying.NOT_READABLE(path, str(error).splitlines()[0][:200], cure))
