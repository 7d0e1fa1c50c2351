"""Delimited text as rows: its encoding, its delimiter, and the row that names the columns, told apart and said back."""

import codecs
import csv
import dataclasses
import io
import re
from collections.abc import Iterator, Sequence

from oreway.layers.tables.columns import (
    EASTING,
    NORTHING,
    QUALIFIER_OF,
    X,
    Y,
    plain_words,
    position_headers,
    spelled,
)
from oreway.layers.tables.coordinates import LAT, LON, cleaned
from oreway.layers.tables.sayings import TableSaying
from oreway.said import Said

DELIMITERS = (",", ";", "\t", "|")
SEPARATORS = (*DELIMITERS, ":", "^", "~")
HEAD_ROWS = 30
LONGEST_NAME = 100
NOT_UTF8 = "Windows-1252 (Latin-1)"
JAPANESE = "Windows-31J (Shift JIS)"
BY_HEAD = (
    ("cp1252", NOT_UTF8), ("cp932", JAPANESE), ("euc_jp", "EUC-JP"), ("gb18030", "GB 18030"), ("big5", "Big5"),
    ("cp1251", "Windows-1251"), ("koi8_r", "KOI8-R"), ("cp949", "Windows-949"),
)  # fmt: skip
ESCAPED = b"\x1b$B"
MOSTLY = 0.8
RUN_OF_TWO = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{2}")
PAIRED = re.compile(rb"(?:[\x81-\x9f\xe0-\xef][\x40-\x7e\x80-\xfc])+")
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


GUARD = r"^'('*[=+\-@\t\r\n＝＋－＠])"  # a quote before what a spreadsheet would take for a formula


@dataclasses.dataclass(frozen=True, kw_only=True)
class Encoding:
    """How bytes become text: the codec, the length of the byte-order mark, and a note where it had to be told."""

    codec: str
    mark: int = 0
    note: Said | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Head:
    """The row of a table that names its columns: names, how many rows go with it, and notes."""

    names: tuple[str, ...]
    rows: int
    notes: tuple[Said, ...] = ()


def encoding_of(content: bytes) -> Encoding:
    """Return the encoding of text, told from its bytes; a sample may end inside a character."""
    for mark, codec in MARKS:
        if content.startswith(mark):
            return Encoding(codec=codec, mark=len(mark))
    even, odd = content[0::2].count(0), content[1::2].count(0)
    if max(even, odd) > len(content) / 6:
        note = TableSaying.UTF16_UNMARKED()
        return Encoding(codec="utf-16-be" if even > odd else "utf-16-le", note=note)
    if ESCAPED in content:
        return Encoding(codec="iso2022_jp", note=_told("ISO-2022-JP"))
    try:
        codecs.getincrementaldecoder("utf-8")().decode(content, final=False)
    except UnicodeDecodeError:
        if by_head := _by_head(content):
            return by_head
        if is_unix_japanese(content):
            return Encoding(codec="euc_jp", note=_told("EUC-JP"))
        name = JAPANESE if is_japanese(content) else NOT_UTF8
        return Encoding(codec="cp932" if name == JAPANESE else "cp1252", note=_told(name))
    return Encoding(codec="utf-8")


def _by_head(content: bytes) -> Encoding | None:
    """Return the encoding in which the first line names latitude and longitude, one at least in letters of its own."""
    first = content.partition(b"\n")[0].strip()
    for codec, name in () if first.isascii() else BY_HEAD:
        try:
            text = first.decode(codec)
        except UnicodeDecodeError:
            continue
        for delimiter in DELIMITERS:
            names = {header.axis: header.name for header in reversed(position_headers(text.split(delimiter)))}
            if {LON, LAT} <= set(names) and not (names[LON] + names[LAT]).isascii():
                return Encoding(codec=codec, note=_told(name))
    return None


def _told(name: str) -> Said:
    return TableSaying.NOT_UTF8(name)


def is_unix_japanese(content: bytes) -> bool:
    """Tell whether bytes are EUC-JP: kana and characters of the first plane alone, most of them in runs."""
    try:
        text = codecs.getincrementaldecoder("euc_jp")().decode(content, final=False)
    except UnicodeDecodeError:
        return False
    wide = [character for character in text if character > "\x7f"]
    told = sum("\u3040" <= character <= "\u30ff" or "\u4e00" <= character <= "\u9fff" for character in wide)
    return told > MOSTLY * len(wide) and bool(RUN_OF_TWO.search(text))


def is_japanese(content: bytes) -> bool:
    """Tell whether bytes that are not UTF-8 are Shift JIS: pairs of bytes stand together, and nothing else is left."""
    try:
        text = codecs.getincrementaldecoder("cp932")().decode(content, final=False)
    except UnicodeDecodeError:
        return False
    if any("\ue000" <= character <= "\uf8ff" or "\uff61" <= character <= "\uff9f" for character in text):
        return False
    runs = [len(run) // 2 for run in PAIRED.findall(content)]
    return sum(run for run in runs if run > 1) * 2 > sum(runs) > 0


def unguarded(cell: str) -> str:
    """Return a cell without the quote that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if re.match(GUARD, cell) else cell


def rows_of(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line each record begins at, and its cells; lines with nothing in them are left out.

    Raises:
        csv.Error: a cell is longer than the reader takes.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, [unguarded(cell.strip()) for cell in cells]
        line = reader.line_num + 1


def delimiter_of(text: str) -> tuple[str, int]:
    """Return the delimiter of a text, and how many lines at its start only say it ("sep=;")."""
    first = text.lstrip("\ufeff").partition("\n")[0].strip("\r\n ")
    if first.lower().startswith("sep=") and first[4:] in SEPARATORS:
        return first[4:], 1
    best, found = (-1, -1), ","
    for delimiter in DELIMITERS:
        rows = _first_rows(text, delimiter)
        at = header_at(rows)
        width = len(rows[at]) if rows else 0
        score = (head_level(rows[at]) if rows and width > 1 else 0, width)
        if score > best:
            best, found = score, delimiter
    return found, 0


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for _, cells in rows_of(text, delimiter):
            rows.append(cells)
            if len(rows) >= HEAD_ROWS:
                break
    except csv.Error:
        return rows
    return rows


def head_level(names: Sequence[str]) -> int:
    """Return how surely names head a table of positions: 2 for two coordinates, 1 for one column of both, else 0."""
    axes = {header.axis for header in position_headers(names)}
    if any({wide, high} <= axes for wide, high in ((LON, LAT), (EASTING, NORTHING), (X, Y))):
        return 2
    roles = spelled(names)
    return int(bool({"pair", "shape"} & set(roles)))


def header_at(rows: Sequence[Sequence[str]]) -> int:
    """Return which of the first rows names the columns: the first with two coordinates, else one for both, else 0."""
    levels = [head_level(row) if sum(bool(cell) for cell in row) > 1 else 0 for row in rows[:HEAD_ROWS]]
    return next((levels.index(level) for level in (2, 1) if level in levels), 0)


def head_of(rows: Sequence[Sequence[str]], lines: Sequence[int], *, in_rows: bool = False) -> Head:
    """Return the names of the columns from the first rows of a table.

    Title rows above the names are left out; a second row of units ("deg", "min",
        "sec") is joined to the names above it.

    Args:
        rows: the first rows, at least one.
        lines: the line or row of each, for the notes.
        in_rows: what is counted are rows of a sheet.
    """
    at = header_at(rows)
    names = [cell.strip("\ufeff ") for cell in rows[at]]
    names[0] = names[0].lstrip("# ") if names else ""
    notes = []
    if at and any(not name for name in names) and len(rows[at - 1]) == len(names):
        names = [name or above for name, above in zip(names, _filled(rows[at - 1]), strict=True)]
    if at:
        notes.append((TableSaying.NAMED_IN_ROW if in_rows else TableSaying.NAMED_IN_LINE)(lines[at]))
    count = at + 1
    if len(rows) > count and _are_units(rows[count]):
        below = [*rows[count], *[""] * len(names)][: len(names)]
        names = [f"{name} {unit}".strip() for name, unit in zip(_filled(names), below, strict=True)]
        notes.append((TableSaying.NAMED_IN_ROWS if in_rows else TableSaying.NAMED_IN_LINES)(lines[at], lines[count]))
        count += 1
    return Head(names=tuple(unique_names(names)), rows=count, notes=tuple(notes))


def _filled(cells: Sequence[str]) -> list[str]:
    """Return cells with the text left of them where they are empty, as merged cells are saved."""
    filled, last = [], ""
    for cell in cells:
        last = cell or last
        filled.append(last)
    return filled


def _are_units(cells: Sequence[str]) -> bool:
    told = [cleaned(cell).strip("()[] ").lower() for cell in cells if cell.strip()]
    known = [
        word in {"°", "'", '"', "km", "m"} or all(part in QUALIFIER_OF for part in plain_words(word)) for word in told
    ]
    return bool(told) and all(known) and any(word for word in told)


def unique_names(names: Sequence[str]) -> list[str]:
    """Return names of columns, each different, none empty."""
    given, seen = set(names), set()
    unique = []
    for position, name in enumerate(names, start=1):
        word = fresh = name[:LONGEST_NAME] or f"column_{position}"
        while fresh in seen or (fresh != name and fresh in given):
            word, fresh = f"{word}_", f"{word}_{position}"
        seen.add(fresh)
        unique.append(fresh)
    return unique


def fitted(cells: Sequence[str], width: int) -> list[str] | None:
    """Return a row as wide as the names: empty cells are added or left off; None where more say something."""
    if len(cells) > width and any(cells[width:]):
        return None
    return [*cells, *[""] * (width - len(cells))][:width]


def uneven(cells: int, width: int, delimiter: str) -> Said:
    """Return why a row with more cells than names is left out."""
    cure = TableSaying.QUOTE_DECIMALS if delimiter == "," else TableSaying.QUOTE
    return TableSaying.UNEVEN(cells, width, cure(repr(delimiter)))
