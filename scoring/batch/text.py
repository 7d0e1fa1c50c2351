"""Delimited text as a source of points: encodings, delimiters and uneven rows, in blocks of bytes."""

import codecs
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from oreway.layers.upload.text import DELIMITERS
from oreway.scoring.batch.read import Reject, unreadable_file

Lines = npt.NDArray[np.int64]
BLOCK_BYTES = 8 << 20
SAMPLE_BYTES = 1 << 20


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
        self._at = 0
        self.names: Sequence[str] = self._header()

    def _header(self) -> list[str]:
        with self._path.open("rb") as handle:
            try:
                return list(self._reader(handle, []).schema.names)
            except UnicodeDecodeError as error:
                raise unreadable_file(self._path, error, "save it as CSV in UTF-8") from None

    def _reader(self, handle: BinaryIO, columns: Sequence[str]) -> pacsv.CSVStreamingReader:
        options = pacsv.ConvertOptions(
            include_columns=list(columns), column_types=dict.fromkeys(columns, pa.string()), strings_can_be_null=False
        )
        try:
            return pacsv.open_csv(
                pa.PythonFile(handle, mode="r"),
                read_options=pacsv.ReadOptions(
                    use_threads=False, block_size=BLOCK_BYTES, encoding=self._encoding, skip_rows=self._skip
                ),
                parse_options=pacsv.ParseOptions(
                    delimiter=self._delimiter, invalid_row_handler=self._note_bad, ignore_empty_lines=False
                ),
                convert_options=options,
            )
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise unreadable_file(self._path, error, "save it as CSV in UTF-8") from None

    def _note_bad(self, row: pacsv.InvalidRow) -> str:
        reason = f"{row.actual_columns} cells where the header has {row.expected_columns}; quote cells with delimiters"
        self._bad.append((int(row.number or 0), reason))
        return "skip"

    def blocks(self, columns: Sequence[str]) -> Iterator[tuple[pa.Table, Lines]]:
        """Yield some columns, and the line of each row."""
        self._bad.clear()
        first, rows = 2 + self._skip, 0
        with self._path.open("rb") as handle:
            for batch in self._batches(handle, columns):
                skipped = np.array([number - i for i, (number, _) in enumerate(self._bad)], dtype=np.int64)
                line = first + rows + np.arange(batch.num_rows)
                rows += batch.num_rows
                table = pa.Table.from_batches([batch])
                filled = np.any([np.asarray(column) != "" for column in table.columns], axis=0)
                kept = table if filled.all() else table.filter(pa.array(filled))
                self._at = handle.tell()
                yield kept, (line + np.searchsorted(skipped, line, side="right"))[filled]

    def _batches(self, handle: BinaryIO, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        try:
            yield from self._reader(handle, columns)
        except (pa.ArrowException, UnicodeDecodeError) as error:
            raise unreadable_file(self._path, error, "save it as CSV in UTF-8") from None

    def unreadable(self) -> list[Reject]:
        """Return, and forget, the rows with more or fewer cells than the header."""
        fresh = [Reject(line=line, reason=reason) for line, reason in self._bad[self._told :]]
        self._told = len(self._bad)
        return fresh

    def done(self) -> float:
        """Return which share of the file has been read."""
        return min(1.0, self._at / self._size)


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
