"""A stranger's delimited text as rows: decoded, parted, each with the line it begins at."""

import csv
import re

import numpy as np

from oreway.layers.errors import UploadError
from oreway.layers.tables.delimited import delimiter_of, encoding_of, fitted, head_of, rows_of, uneven
from oreway.layers.upload.limits import Limits, limit_columns, shown
from oreway.layers.upload.raw import LINE, Raw, table_of
from oreway.layers.upload.sayings import FileSaying
from oreway.said import Said

DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
XML_CODECS = re.compile(
    r"utf-?8|utf-?16(le|be)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?1|windows-?12\d\d|cp12\d\d|shift[_-]?jis|sjis|"
    r"windows-31j|cp932|euc-?jp|gbk|gb2312|gb18030|big5|koi8-[ru]|euc-?kr", re.IGNORECASE,
)  # fmt: skip


def decoded(content: bytes, place: str, notes: list[Said]) -> str:
    """Return bytes as text: as XML declares it, by byte-order mark, as UTF-8, UTF-16, Shift JIS or Windows-1252.

    Raises:
        UploadError: none of these fits, or the text holds binary bytes.
    """
    declared = DECLARED.match(content)
    if declared:
        return _declared(content, declared[1].decode("ascii"), place)
    encoding = encoding_of(content)
    if not encoding.codec.startswith(("utf-16", "utf-32")) and b"\x00" in content:
        raise UploadError(FileSaying.BINARY(place, FileSaying.FORMATS_OF_TEXT()))
    notes += [encoding.note] if encoding.note else []
    return _strict(content[encoding.mark :], encoding.codec, place)


def _declared(content: bytes, codec: str, place: str) -> str:
    if not XML_CODECS.fullmatch(codec):
        raise UploadError(FileSaying.XML_ENCODING(place, shown(codec)))
    name = "cp932" if re.fullmatch(r"shift[_-]?jis|sjis|windows-31j", codec, re.IGNORECASE) else codec
    return _strict(content, name, place)


def _strict(content: bytes, codec: str, place: str) -> str:
    try:
        return content.decode(codec)
    except (UnicodeDecodeError, LookupError):
        raise UploadError(FileSaying.UNKNOWN_ENCODING(place)) from None


def rows_from_text(text: str, place: str, limits: Limits, notes: list[Said]) -> Raw:
    """Return the rows of delimited text.

    Raises:
        UploadError: no rows below the names of the columns, or too many.
    """
    delimiter, skipped = delimiter_of(text)
    lines, rows = _records(text, delimiter, skipped, place, limits)
    head = head_of(rows[:100], lines)
    width = len(head.names)
    limit_columns(width, len(rows), place, limits)
    if len(rows) <= head.rows:
        raise UploadError(FileSaying.NO_ROWS(place))
    if len(rows) - head.rows > limits.features:
        raise UploadError(FileSaying.MANY_ROWS(place, format(limits.features, ",")))
    rejected, kept, kept_lines = [], [], []
    for line, cells in zip(lines[head.rows :], rows[head.rows :], strict=True):
        fit = fitted(cells, width)
        if fit is None:
            rejected.append((line, uneven(len(cells), width, delimiter)))
        else:
            kept.append(fit)
            kept_lines.append(line)
    if not kept:
        raise UploadError(FileSaying.PLACED_AT_LINE(place, *rejected[0]))
    columns = dict(zip(head.names, zip(*kept, strict=True), strict=True))
    return Raw(
        table=table_of(columns, len(kept)), lines=np.array(kept_lines, dtype=np.int64), counted=LINE,
        rejected=rejected, notes=[*notes, *head.notes],
    )  # fmt: skip


def _records(text: str, delimiter: str, skipped: int, place: str, limits: Limits) -> tuple[list[int], list[list[str]]]:
    lines: list[int] = []
    rows: list[list[str]] = []
    try:
        for number, (line, cells) in enumerate(rows_of(text, delimiter)):
            if number < skipped:
                continue
            lines.append(line)
            rows.append(cells)
            if len(rows) > limits.features + 100:
                raise UploadError(FileSaying.MANY_ROWS(place, format(limits.features, ",")))
            limit_columns(len(rows[0]), len(rows), place, limits)
    except csv.Error as error:
        raise UploadError(FileSaying.NOT_DELIMITED(place, error)) from None
    if not rows:
        raise UploadError(FileSaying.NO_ROWS(place))
    return lines, rows
