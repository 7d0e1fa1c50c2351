"""Coordinates as people write them: one reader of text, from decimal degrees to degrees, minutes and seconds.

Letters and words of the hemisphere are those of English, Japanese, German, Danish and French. Text that can be read in
two ways is refused with the reason, never guessed.
"""

import dataclasses
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from oreway.arrays import Floats
from oreway.layers.errors import CoordinateError
from oreway.layers.tables.sayings import TableSaying
from oreway.said import Said, why

LON, LAT = "lon", "lat"
WORD = {LON: TableSaying.LONGITUDE(), LAT: TableSaying.LATITUDE()}
LIMIT = {LON: 180.0, LAT: 90.0}
CELL_OF = {LON: TableSaying.LONGITUDE_CELL, LAT: TableSaying.LATITUDE_CELL}
OFF = {LON: TableSaying.LONGITUDE_OFF, LAT: TableSaying.LATITUDE_OFF}
TURN = 360.0
LONGEST, SHOWN = 120, 30
NOTHING = frozenset({"", "-", "--", "?", "n/a", "na", "#n/a", "null", "none", "nil", "nan", "unknown", "\\n", "不明"})
PLAIN = r"^[+-]?((\d+\.?\d*|\.\d+)([eE][+-]\d+)?|\d\.\d+[eE]\d{1,2})$"  # an E behind 12.5 is the east
_PLAIN = re.compile(PLAIN)
MINUSES = "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe63\uff0d\u2796\u02d7\u30fc\u2500"
DEGREES = "\u00ba\u02da\u2218\u2070\u030a"
MINUTES = "\u2032\u2019\u2018\u00b4\u0060\u02b9\u2035\u02bc\u055a\u05f3\uff07"
SECONDS = "\u2033\u201d\u201c\u201f\u02ba\u3003\uff02\u05f4"
UNSEEN = "\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\u00ad\u202a\u202c\u202d\u202e"
SIGNS = str.maketrans(
    dict.fromkeys(MINUSES, "-") | dict.fromkeys(DEGREES, "°") | dict.fromkeys(MINUTES, "'")
    | dict.fromkeys(SECONDS, '"') | dict.fromkeys(UNSEEN, None) | {"\u066b": ".", "\uff0b": "+"}
)  # fmt: skip
MARKS = {
    "°": ("°", "deg", "degs", "degree", "degrees", "d", "度", "grad", "grader", "degré", "degrés", "degre", "degres"),
    "'": ("'", "min", "mins", "minute", "minutes", "m", "分", "minuten", "minut", "minutter"),
    '"': ('"', "sec", "secs", "second", "seconds", "秒", "sek", "sekunde", "sekunden", "sekund", "sekunder", "seconde",
          "secondes"),
}  # fmt: skip
LETTERS = {
    "N": ("n", "north", "northern", "nord", "北緯", "北纬", "北", "nördlich", "nördliche", "nördlicher", "nördl",
          "nordlig", "norte"),
    "S": ("s", "south", "southern", "süd", "sued", "syd", "sud", "南緯", "南纬", "南", "südlich", "südliche",
          "südlicher", "südl", "sydlig", "sur"),
    "E": ("e", "east", "eastern", "ost", "øst", "oest", "est", "東経", "东经", "東", "东", "ö", "ø", "öst", "östlich",
          "östliche", "östlicher", "östl", "østlig", "este"),
    "W": ("w", "west", "western", "v", "vest", "ouest", "西経", "西经", "西", "westlich", "westliche", "westlicher",
          "westl", "vestlig", "oeste"),
}  # fmt: skip
AXES = {
    LAT: ("lat", "latitude", "breite", "br", "bredde", "緯度", "纬度", "latitud", "breitengrad", "breddegrad"),
    LON: ("lon", "long", "lng", "longitude", "länge", "laenge", "l", "længde", "lgd", "経度", "经度", "longitud",
          "längengrad", "længdegrad"),
}  # fmt: skip
MARK_OF = {word: mark for mark, words in MARKS.items() for word in words}
LETTER_OF = {word: letter for letter, words in LETTERS.items() for word in words}
AXIS_OF_WORD = {word: axis for axis, words in AXES.items() for word in words}
AXIS_OF = {"N": LAT, "S": LAT, "E": LON, "W": LON}
TWO_READINGS = {"o": TableSaying.O_IS_TWO()}
TOKEN = re.compile(r"\s*(\d+(?:[.,]\d+)?|\.\d+|[^\W\d_]+|''|[^\s\w]|_)")
WRAPPED = re.compile(r"""=?"([^"]*)"|'([-+]?[\d.].*)""")
HYPHEN = re.compile(r"(?<=\d)-(?=\d)")
ISO_6709 = re.compile(r"([+-]\d{2}(?:\.\d+)?)([+-]\d{3}(?:\.\d+)?)(?:[+-]\d+(?:\.\d+)?)?(?:CRS\w+)?/?")
SPLITTERS = frozenset(";|/\n,")
MOST_SIXTIETHS = 60
SECONDS_IN = {"°": 3600.0, "'": 60.0, '"': 1.0}


@dataclasses.dataclass(frozen=True)
class Angle:
    """An angle in degrees, negative to the south and west; axis is lon, lat or nothing where the text does not say."""

    degrees: float
    axis: str = ""


@dataclasses.dataclass(frozen=True)
class ReadColumn:
    """Degrees of each row, NaN where there are none, and the reason for each text that could not be read.

    written: how many were text other than plain decimal degrees; example: the first of them.
    """

    degrees: Floats
    faults: dict[int, Said]
    written: int = 0
    example: str = ""


def cleaned(text: str) -> str:
    """Return text with one kind of minus, degree, minute and second sign, plain digits, nothing unseen."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS)).strip()


def is_nothing(text: str) -> bool:
    """Tell whether a cell says that there is no value."""
    return _unwrapped(cleaned(text[:LONGEST])).lower() in NOTHING


@functools.lru_cache(maxsize=65_536)
def angle(text: str, axis: str = "") -> Angle:
    """Return the angle that a text writes.

    Args:
        text: decimal degrees, degrees and minutes, or degrees, minutes and seconds, with a sign, letter or word.
        axis: lon or lat where it is known.

    Raises:
        CoordinateError: not an angle, one that contradicts itself, or one that can be read in two ways.
    """
    if len(text) > LONGEST:
        raise CoordinateError(TableSaying.TOO_LONG())
    plain = _unwrapped(cleaned(text))
    if _PLAIN.fullmatch(plain):
        return Angle(float(plain), axis)
    return _assembled(_pieces(_opened(plain)), axis)


def _unwrapped(text: str) -> str:
    """Return text without what spreadsheets put around a cell that is meant as text: '60.97 and ="60.97"."""
    found = WRAPPED.fullmatch(text)
    return found[1] or found[2] or "" if found else text


def _opened(text: str) -> str:
    """Return text with the hyphens of 60-58-12 N as colons.

    Raises:
        CoordinateError: a hyphen that may be a sign or a range.
    """
    hyphens = HYPHEN.findall(text)
    if not hyphens:
        return text
    if len(hyphens) == 2 or any(character.isalpha() for character in text):
        return HYPHEN.sub(":", text)
    raise CoordinateError(TableSaying.RANGE_OR_TWO())


def _pieces(text: str) -> list[str]:
    pieces = TOKEN.findall(text)
    return ['"' if piece == "''" else piece for piece in pieces]


class _Parts:
    """What the signs of a text add up to, one by one."""

    def __init__(self) -> None:
        self.sign, self.letters, self.axes = "", list[str](), set[str]()
        self.numbers, self.marks = list[str](), list[str]()
        self.is_closed = False  # a letter stands behind the numbers
        self.in_words = False  # d, m and s stand for degrees, minutes and seconds

    def take(self, piece: str, following: str) -> None:
        """Take one sign, number or word."""
        word = piece.lower()
        if piece[-1].isdigit():
            if self.is_closed:
                raise CoordinateError(TableSaying.LETTER_BETWEEN())
            self.numbers.append(piece.replace(",", "."))
            self.marks.append("")
        elif piece in "+-":
            self._take_sign(piece)
        elif self._is_mark(piece):
            self.marks[-1] = '"' if word == "s" else MARK_OF[word]
            self.in_words |= word in {"d", "m"}
        elif word in LETTER_OF:
            self.letters.append(LETTER_OF[word])
            self.is_closed = bool(self.numbers)
        elif word in AXIS_OF_WORD:
            self.axes.add(AXIS_OF_WORD[word])
        elif word in TWO_READINGS:
            raise CoordinateError(TableSaying.TWO_WAYS(TWO_READINGS[word]))
        elif not self._is_filler(piece, following):
            raise CoordinateError(TableSaying.NO_COORDINATE())

    def _is_mark(self, piece: str) -> bool:
        word = piece.lower()
        if word == "s" and self.in_words and len(self.numbers) == 3 and not self.marks[-1]:
            if piece == "S":
                raise CoordinateError(TableSaying.SECONDS_OR_SOUTH())
            return True
        return bool(word in MARK_OF and self.numbers and not self.marks[-1])

    def _take_sign(self, piece: str) -> None:
        if self.sign or self.numbers:
            raise CoordinateError(TableSaying.SIGN_INSIDE())
        self.sign = piece

    def _is_filler(self, piece: str, following: str) -> bool:
        if piece in ":=":
            return not self.numbers or following[:1].isdigit()
        return piece in ".," and bool(self.letters or self.axes or following.lower() in LETTER_OF)


def _assembled(pieces: Sequence[str], axis: str) -> Angle:
    parts = _Parts()
    for piece, following in itertools.pairwise([*pieces, ""]):
        parts.take(piece, following)
    if len(parts.letters) > 1:
        raise CoordinateError(TableSaying.TWO_DIRECTIONS())
    found = {AXIS_OF[letter] for letter in parts.letters} | parts.axes | ({axis} - {""})
    if len(found) > 1:
        raise CoordinateError(OF_THE_OTHER[axis]())
    size = _size(parts.numbers, parts.marks)
    letter = parts.letters[0] if parts.letters else ""
    if (parts.sign == "-" and letter in {"N", "E"}) or (parts.sign == "+" and letter in {"S", "W"}):
        raise CoordinateError(TableSaying.CONTRADICTS(parts.sign, letter))
    most = TURN if letter and AXIS_OF[letter] == LON else LIMIT[LAT]  # 313.99 E is written too
    if letter and size > most:
        raise CoordinateError(TableSaying.BEYOND_DEGREES(format(most, "g"), letter))
    negative = parts.sign == "-" or letter in {"S", "W"}
    return Angle(-size if negative else size, next(iter(found), ""))


OF_THE_OTHER = {LON: TableSaying.OF_THE_OTHER_LON, LAT: TableSaying.OF_THE_OTHER_LAT, "": TableSaying.OF_BOTH}


def _size(numbers: Sequence[str], marks: Sequence[str]) -> float:
    """Return degrees, minutes and seconds as one number.

    Raises:
        CoordinateError: no number, too many, or parts out of order or range.
    """
    if not numbers:
        raise CoordinateError(TableSaying.NOT_A_NUMBER())
    if len(numbers) > 3:
        raise CoordinateError(TableSaying.TOO_MANY_NUMBERS())
    units = [mark or default for mark, default in zip(marks, "°'\"", strict=False)]
    if units not in (["°"], ["°", "'"], ["°", "'", '"'], ["°", '"']):
        raise CoordinateError(TableSaying.OUT_OF_ORDER())
    if any("." in number for number in numbers[:-1]):
        raise CoordinateError(TableSaying.DECIMALS_EARLY())
    for number, unit in zip(numbers[1:], units[1:], strict=True):
        if float(number) > MOST_SIXTIETHS or (unit == "'" and float(number) == MOST_SIXTIETHS):
            raise CoordinateError(
                TableSaying.SIXTY_OR_MORE(number, (TableSaying.MINUTES if unit == "'" else TableSaying.SECONDS)())
            )
    return sum(float(number) * SECONDS_IN[unit] for number, unit in zip(numbers, units, strict=True)) / SECONDS_IN["°"]


@functools.lru_cache(maxsize=16_384)
def pair(text: str) -> tuple[Angle, Angle]:
    """Return the two angles of a text that holds both, in the order written; their axes where the text says them.

    Raises:
        CoordinateError: not two angles, or more than one way to part them.
    """
    if len(text) > 2 * LONGEST:
        raise CoordinateError(TableSaying.TOO_LONG_FOR_TWO())
    plain = cleaned(text.replace("\n", ";").replace("、", ";")).strip("()[]{} ")
    if iso := ISO_6709.fullmatch(plain):
        return Angle(float(iso[1]), LAT), Angle(float(iso[2]), LON)
    is_uri = plain.lower().startswith("geo:")
    pieces = _pieces(_opened(plain[4:].split("?")[0].split(";")[0] if is_uri else plain))
    found = {both for both in _parted(pieces) if both[0].axis != both[1].axis or not both[0].axis}
    if len(found) != 1:
        raise CoordinateError(TableSaying.NOT_TWO())
    first, second = found.pop()
    if is_uri:
        return Angle(first.degrees, LAT), Angle(second.degrees, LON)
    if first.axis or second.axis:
        axis = first.axis or (LON if second.axis == LAT else LAT)
        return Angle(first.degrees, axis), Angle(second.degrees, LON if axis == LAT else LAT)
    return first, second


def _parted(pieces: Sequence[str]) -> Iterator[tuple[Angle, Angle]]:
    """Yield every way to read pieces as two angles; a separator between them leaves only one."""
    strong = [at for at, piece in enumerate(pieces) if piece in SPLITTERS - {","}]
    weak = [at for at, piece in enumerate(pieces) if piece == ","]
    marked = strong or weak
    for at in marked or range(1, len(pieces)):
        left, right = pieces[:at], pieces[at + 1 :] if marked else pieces[at:]
        try:
            yield _assembled(left, ""), _assembled(right, "")
        except CoordinateError:
            continue


def degrees(column: "pa.Array | pa.ChunkedArray", axis: str) -> ReadColumn:
    """Return a column of numbers or text as degrees; plain numbers are read all at once.

    Args:
        column: any Arrow column.
        axis: lon or lat.
    """
    if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
        try:
            return ReadColumn(numbers(column), {})
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            column = (
                pc.cast(column, pa.string())
                if not pa.types.is_nested(column.type)
                else pa.nulls(len(column), pa.string())
            )
    text = pc.utf8_trim_whitespace(pc.fill_null(column, ""))
    plain = pc.match_substring_regex(text, PLAIN)
    found = numbers(pc.cast(pc.if_else(plain, text, None), pa.float64()))
    faults: dict[int, Said] = {}
    written, example = 0, ""
    mask = plain.combine_chunks() if isinstance(plain, pa.ChunkedArray) else plain
    for i in np.nonzero(~np.asarray(mask.to_numpy(zero_copy_only=False), bool))[0]:
        cell = str(text[int(i)].as_py())
        if is_nothing(cell):
            continue
        try:
            found[i] = angle(cell, axis).degrees
        except CoordinateError as error:
            faults[int(i)] = CELL_OF[axis](repr(cell[:SHOWN]), why(error))
            continue
        written += 1
        example = example or f"{cell[:SHOWN]} = {found[i]:.6f}"
    return ReadColumn(found, faults, written, example)


def numbers(column: "pa.Array | pa.ChunkedArray") -> Floats:
    """Return a numeric column as floats of its own, NaN for what is missing."""
    cast = column.cast(pa.float64())
    values = cast.to_numpy(zero_copy_only=False) if isinstance(cast, pa.Array) else cast.to_numpy()
    return np.array(values, dtype=np.float64)


def folded(lon: Floats) -> tuple[Floats, int]:
    """Return longitudes of 180 to 360 and of -180 to -360 on the other side, and how many were so written."""
    beyond = (np.abs(lon) > LIMIT[LON]) & (np.abs(lon) <= TURN)
    return np.where(beyond, lon - np.sign(lon) * TURN, lon), int(beyond.sum())


def looks_swapped(lon: Floats, lat: Floats) -> bool:
    """Tell whether most positions, two at least, have latitudes that must be longitudes; shape (n, any of each)."""
    off = (np.abs(lat) > LIMIT[LAT]).any(axis=1)
    return bool(off.sum() > 1 and off.mean() > 0.5 and (np.abs(lon[off]) <= LIMIT[LAT]).all())


def off_earth(lon: Floats, lat: Floats) -> dict[int, Said]:
    """Return the rows whose position cannot be, with the reason; rows without one are not among them."""
    faults: dict[int, Said] = {}
    for values, axis in ((lat, LAT), (lon, LON)):
        limit = LIMIT[axis]
        for i in np.nonzero(~(np.abs(values) <= limit) & ~np.isnan(values))[0]:
            faults[int(i)] = OFF[axis](format(values[i], "g"))
    return faults
