"""Delimited text as a source of points, in blocks of bytes: the rows that an upload gives, quick where it is plain."""

import codecs
import csv
import io
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from oreway.arrays import Bools
from oreway.layers.tables.delimited import GUARD, delimiter_of, encoding_of, fitted, head_of, rows_of, uneven
from oreway.scoring.batch.read import Reject, unreadable_file
from oreway.scoring.batch.sayings import BatchSaying
from oreway.scoring.errors import ScoringError

Lines = npt.NDArray[np.int64]
BLOCK_BYTES, MOST_CARRIED = 8 << 20, 64 << 20
SAMPLE_BYTES = 1 << 20
HEAD_RECORDS, SLOW_ROWS = 100, 50_000
QUOTE, NEWLINE, RETURN = 34, 10, 13


class TextSource:
    """Delimited text; lines are counted from 1, as an editor counts them. Lines with nothing in them are no rows."""

    shape: str = ""
    crs: object = None

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as handle:
            sample = handle.read(SAMPLE_BYTES)
        self._encoding = encoding_of(sample)
        text = sample[self._encoding.mark :].decode(self._encoding.codec, "replace").lstrip("\ufeff")
        if self._encoding.codec == "utf-8" and "\x00" in text:
            raise ScoringError(BatchSaying.BINARY(path, BatchSaying.AS_CSV()))
        self._delimiter, skipped = delimiter_of(text)
        records = self._head_records(text, skipped)
        head = head_of([cells for _, cells in records], [line for line, _ in records])
        self.names: Sequence[str] = list(head.names)
        self.notes = [*([self._encoding.note] if self._encoding.note else []), *head.notes]
        self._before = skipped + head.rows
        self._old_mac = b"\n" not in sample
        self._bad: list[Reject] = []
        self._size, self._at = max(1, path.stat().st_size), 0

    def _head_records(self, text: str, skipped: int) -> list[tuple[int, list[str]]]:
        try:
            records = list(itertools.islice(rows_of(text, self._delimiter), skipped + HEAD_RECORDS))[skipped:]
        except csv.Error as error:
            raise unreadable_file(self._path, error, BatchSaying.AS_CSV()) from None
        if not records:
            raise ScoringError(BatchSaying.NO_HEADER(self._path))
        return records

    def sample(self) -> pa.Table:
        """Return the first rows, all columns as text."""
        return next((table for table, _ in self.blocks(self.names)), self._table([], self.names)).slice(0, 1000)

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield some columns, and the line each row begins at."""
        self._bad.clear()
        waiting, line, left = b"", 1, self._before
        with self._path.open("rb") as handle:
            handle.seek(self._encoding.mark)
            stream = self._utf8(handle)
            for piece in itertools.chain(stream, [None]):
                waiting = self._ended(waiting) if piece is None else waiting + piece
                self._at = handle.tell()
                if not waiting or (piece is not None and len(waiting) < BLOCK_BYTES and b"\n" not in piece):
                    continue
                cut = _Cut.of(waiting, ord(self._delimiter))
                if cut is None or (cut.end == 0 and len(waiting) > MOST_CARRIED):
                    rest = itertools.chain([waiting], stream) if piece is not None else iter([waiting])
                    yield from self._slowly(rest, columns, line, left)
                    return
                if cut.end == 0:
                    continue
                yield from self._quickly(waiting, cut, columns, line, left)
                left = max(0, left - int(cut.filled.sum()))
                line += waiting.count(b"\n", 0, cut.end)
                waiting = waiting[cut.end :]

    def _ended(self, waiting: bytes) -> bytes:
        return waiting if not waiting or waiting.endswith(b"\n") else waiting + b"\n"

    def _utf8(self, handle: BinaryIO) -> Iterator[bytes]:
        """Yield the file's text as UTF-8, in blocks."""
        decoder = None if self._encoding.codec == "utf-8" else codecs.getincrementaldecoder(self._encoding.codec)()
        is_first = True
        while True:
            block = handle.read(BLOCK_BYTES)
            try:
                text = block if decoder is None else decoder.decode(block, final=not block).encode("utf-8")
            except UnicodeDecodeError as error:
                raise unreadable_file(self._path, error, BatchSaying.AS_CSV()) from None
            while is_first and text.startswith(codecs.BOM_UTF8):
                text = text[3:]
            is_first = False
            yield text.replace(b"\r", b"\n") if self._old_mac else text
            if not block:
                return

    def _quickly(
        self, waiting: bytes, cut: "_Cut", columns: Sequence[str], line: int, left: int
    ) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield the whole records of a block; those of another width than the header's are looked at one by one."""
        width = len(self.names)
        filled = np.nonzero(cut.filled)[0][left:]
        even = filled[cut.cells[filled] == width]
        odd = filled[cut.cells[filled] != width]
        lines = line + cut.lines
        if len(even) == len(cut.cells):
            table = self._parsed(waiting[: cut.end], columns)
        else:
            table = self._parsed(b"".join(waiting[cut.starts[i] : cut.ends[i]] for i in even), columns)
        numbers = lines[even]
        if len(odd):
            rows = [self._one(waiting[cut.starts[i] : cut.ends[i]], int(lines[i])) for i in odd]
            mended = [(int(lines[i]), row) for i, row in zip(odd, rows, strict=True) if row is not None]
            table = pa.concat_tables([table, self._table([row for _, row in mended], columns)])
            numbers = np.concatenate([numbers, np.array([number for number, _ in mended], dtype=np.int64)])
            order = np.argsort(numbers, kind="stable")
            table, numbers = table.take(order), numbers[order]
        yield _with_text(table, numbers)

    def _one(self, record: bytes, line: int) -> list[str] | None:
        """Return the cells of one record fitted to the header; None, and a reject, where it has too many."""
        cells = next(
            csv.reader(io.StringIO(record.decode("utf-8", "replace"), newline=""), delimiter=self._delimiter), []
        )
        fit = fitted(cells, len(self.names))
        if fit is None:
            self._bad.append(Reject(line=line, reason=uneven(len(cells), len(self.names), self._delimiter)))
        return fit

    def _parsed(self, content: bytes, columns: Sequence[str]) -> pa.Table:
        if not content:
            return self._table([], columns)
        try:
            return pacsv.read_csv(
                pa.BufferReader(content),
                read_options=pacsv.ReadOptions(
                    column_names=list(self.names), use_threads=False, block_size=len(content) + 1
                ),
                parse_options=pacsv.ParseOptions(delimiter=self._delimiter, newlines_in_values=True),
                convert_options=pacsv.ConvertOptions(
                    include_columns=list(columns), column_types=dict.fromkeys(columns, pa.string()),
                    strings_can_be_null=False,
                ),
            )  # fmt: skip
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise unreadable_file(self._path, error, BatchSaying.AS_CSV()) from None

    def _table(self, rows: Sequence[Sequence[str]], columns: Sequence[str]) -> pa.Table:
        at = {name: place for place, name in enumerate(self.names)}
        cells = {name: pa.array([row[at[name]] for row in rows], pa.string()) for name in columns}
        return pa.table(cells) if cells else pa.table({"": pa.nulls(len(rows))})

    def _slowly(
        self, pieces: Iterator[bytes], columns: Sequence[str], line: int, left: int
    ) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield records as Python's own reader parts them: quotes inside cells, returns without line feeds."""
        reader = csv.reader(_text_lines(pieces), delimiter=self._delimiter)
        rows, numbers, before = list[list[str]](), list[int](), 0
        while True:
            try:
                cells = next(reader, None)
            except csv.Error as error:
                raise unreadable_file(self._path, error, BatchSaying.AS_CSV()) from None
            if cells is None or len(rows) >= SLOW_ROWS:
                yield _with_text(self._table(rows, columns), np.array(numbers, dtype=np.int64))
                rows, numbers = [], []
            if cells is None:
                return
            number, before = line + before, reader.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if left:
                left -= 1
                continue
            fit = fitted(cells, len(self.names))
            if fit is None:
                self._bad.append(Reject(line=number, reason=uneven(len(cells), len(self.names), self._delimiter)))
                continue
            rows.append(fit)
            numbers.append(number)

    def unreadable(self) -> list[Reject]:
        """Return, and forget, the rows with more cells than the header."""
        fresh, self._bad = self._bad, []
        return fresh

    def done(self) -> float:
        """Return which share of the file has been read."""
        return min(1.0, self._at / self._size)


class _Pieces(io.RawIOBase):
    """Pieces of bytes as one file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer; return how many bytes."""
        room = memoryview(buffer).cast("B")
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = piece
        count = min(len(room), len(self._rest))
        room[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


def _text_lines(pieces: Iterator[bytes]) -> io.TextIOWrapper:
    """Return pieces of UTF-8 as lines, ended by line feeds, returns or both."""
    return io.TextIOWrapper(io.BufferedReader(_Pieces(pieces)), encoding="utf-8", errors="replace", newline="")


def _with_text(table: pa.Table, lines: Lines) -> tuple[pa.Table, Lines]:
    """Return the rows that say something in any of their columns, without the quotes that guard from formulas."""
    if not table.num_rows:
        return table, lines
    for place, name in enumerate(table.column_names):
        column = table[name]
        if pc.any(pc.starts_with(column, "'")).as_py():
            table = table.set_column(place, name, pc.replace_substring_regex(column, GUARD, r"\1"))
    filled = np.any([np.asarray(pc.not_equal(column, "")) for column in table.columns], axis=0)
    return (table, lines) if filled.all() else (table.filter(pa.array(filled)), lines[filled])


class _Cut:
    """Where the whole records of a block begin and end, how many cells and which line each has."""

    def __init__(self, starts: Lines, ends: Lines, cells: Lines, lines: Lines, filled: Bools) -> None:
        self.starts, self.ends, self.cells, self.lines, self.filled = starts, ends, cells, lines, filled
        self.end = int(ends[-1]) if len(ends) else 0

    @classmethod
    def of(cls, content: bytes, delimiter: int) -> "_Cut | None":
        """Return the cut of a block that begins with a record; None where quotes or returns stand in odd places."""
        if content.count(b"\r") != content.count(b"\r\n"):
            return None
        data = np.frombuffer(content, np.uint8)
        feeds, gaps = np.nonzero(data == NEWLINE)[0], np.nonzero(data == delimiter)[0]
        breaks = feeds
        if b'"' in content:
            quotes = np.nonzero(data == QUOTE)[0]
            if not _are_paired(data, quotes, delimiter):
                return None
            breaks = feeds[np.searchsorted(quotes, feeds) % 2 == 0]
            gaps = gaps[np.searchsorted(quotes, gaps) % 2 == 0]
        ends = breaks + 1
        starts = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
        gaps = gaps[gaps < ends[-1]] if len(ends) else gaps[:0]
        cells = np.bincount(np.searchsorted(breaks, gaps), minlength=len(ends)) + 1
        length = ends - starts - 1
        filled = (length > 1) | ((length == 1) & (data[np.minimum(starts, len(data) - 1)] != RETURN))
        return cls(starts, ends, cells, np.searchsorted(feeds, starts), filled)


def _are_paired(data: npt.NDArray[np.uint8], quotes: Lines, delimiter: int) -> bool:
    """Tell whether quotes open after a delimiter or line end, and close before one; doubled ones stand in a cell."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = data[np.maximum(opening - 1, 0)]
    opens = (opening == 0) | np.isin(before, (delimiter, NEWLINE, QUOTE))
    after = data[np.minimum(closing + 1, len(data) - 1)]
    closes = (closing == len(data) - 1) | np.isin(after, (delimiter, NEWLINE, RETURN, QUOTE))
    return bool(opens.all() and closes.all())
