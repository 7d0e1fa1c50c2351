"""Refusals and notes of reading a stranger's file or word, told in the reader's language: whole, by pattern, in parts.

They are made where the fault is found, with what the file says in them, and found again here by their own words.
"""

import re
import string
from collections.abc import Iterator
from functools import lru_cache

from oreway.outputs.words.data_labels import CLASS_SHORT, STAGE_LABELS, WORDS
from oreway.outputs.words.translation import (
    CONTEXT_END,
    REFUSAL,
    SOURCE,
    Language,
    message,
    message_in,
    texts_in,
    translated,
)

REFUSALS: tuple[str, ...] = (
    message("no position; give longitude and latitude"),
    message("position is not a number; give longitude and latitude in degrees"),
    message("longitude {degrees}; expected -180 to 180"),
    message("latitude {degrees}; expected -90 to 90"),
    # what reading a stranger's file says, beside what stands in its modules
    message("longitude {cell} {reason}"),
    message("latitude {cell} {reason}"),
    message("column {column}: {cell} {reason}"),
    message("position accuracy {cell} {reason}"),
    message("is a longitude, not a latitude"),
    message("is a latitude, not a longitude"),
    message("is both a longitude and a latitude"),
    message("the columns are named in row {0}; what stands above was left out"),
    message("the columns are named in rows {0} and {1}"),
    message("sheet {0} is read; left alone: {1}; choose with --sheet"),
    message("positions are read from column {0}, latitude first"),
    message("positions are read from column {0}, longitude first"),
    message("quote cells that hold the delimiter {cell}"),
    message("quote cells that hold the delimiter {cell}; a decimal comma needs quotes or the delimiter ;"),
    message("O may be Ost (east) or Ouest (west); write E or W"),
    message("longitude"),
    message("latitude"),
    message("line"),
    message("row"),
    message("feature"),
    message("placemark"),
    message("degrees and minutes"),
    message("degrees, minutes and seconds"),
    message("degrees, minutes and seconds without gaps"),
    message("degrees.minutes and seconds"),
    message("degrees and minutes without a gap"),
    message("radians"),
    message("seconds of arc"),
    message("minutes of arc"),
    message("degrees times ten million"),
    message("degrees times a million"),
    message("the south"),
    message("the west"),
    message("columns {first} and {second}"),
    message("an old Excel or Office file"),
    message("the .shp of a Shapefile alone"),
    message("a PDF"),
    message("a RAR archive"),
    message("a 7-Zip archive"),
    message("a raster (TIFF)"),
    message("a picture (binary)"),
    message("a DWG drawing"),
    message("save it as XLSX or CSV"),
    message("zip it with its .shx, .dbf and .prj"),
    message("save the table as XLSX or CSV"),
    message("make a zip archive"),
    message("export points"),
    message("export it as GeoPackage with its reference system"),
    # refusals that name no module of their own
    message("expected longitude, latitude; several points with ; between them"),
)
_WORDS = CLASS_SHORT | STAGE_LABELS | WORDS
_VALUES = dict.fromkeys(("name", "place", "port"), "([^a-z](?:(?!; ).)*?)")  # proper names
_VALUES["cell"] = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""  # as Python shows a text
_VALUES |= dict.fromkeys(("reason", "note", *map(str, range(9))), "(.*?)")  # may be sentences themselves


@lru_cache(maxsize=8192)
def refusal_text(sentence: str, lang: Language) -> str:
    """Return a sentence in a language; what nobody has put into the catalogue stays as it is."""
    if lang == SOURCE or not sentence:
        return sentence
    if "\n" in sentence:
        return "\n".join(refusal_text(line, lang) for line in sentence.split("\n"))
    whole = _whole(sentence, lang)
    if whole is not None:
        return whole
    parts = sentence.split("; ")
    for end in range(len(parts) - 1, 0, -1):
        head = _whole("; ".join(parts[:end]), lang)
        if head is not None:
            return "; ".join([head, refusal_text("; ".join(parts[end:]), lang)])
    placed = _placed(sentence, lang)  # only now: a colon also stands in sentences that are known whole
    if placed is not None:
        return placed
    return "; ".join([parts[0], refusal_text("; ".join(parts[1:]), lang)]) if len(parts) > 1 else sentence


def _placed(sentence: str, lang: Language) -> str | None:
    """Return a sentence behind the place it speaks of, "mine.csv: …"; None where it is not known."""
    place, _, rest = sentence.partition(": ")
    said = refusal_text(rest, lang)
    return f"{place}: {said}" if said != rest else None


def _whole(sentence: str, lang: Language) -> str | None:
    said = translated(sentence, lang)
    if said != sentence:
        return said
    for pattern, marked, names in _patterns(lang):
        found = pattern.fullmatch(sentence)
        if found is not None:
            values = [_value(value, lang) for value in found.groups()]
            return _filled(translated(marked, lang), dict(zip(names, values, strict=True)))
    return None


def _value(value: str, lang: Language) -> str:
    whole = _whole(value, lang)
    return whole if whole is not None else translated(", ", lang).join(_word(part, lang) for part in value.split(", "))


def _word(part: str, lang: Language) -> str:
    return translated(_WORDS.get(part.replace(" ", "_"), part), lang)


def _filled(template: str, values: dict[str, str]) -> str:
    return "".join(text + values.get(name or "", "") for text, name, _, _ in string.Formatter().parse(template))


@lru_cache
def _patterns(lang: Language) -> tuple[tuple[re.Pattern[str], str, list[str]], ...]:
    refusals = tuple(message_in(REFUSAL, text) for text in texts_in(REFUSAL, lang))
    marked = [text for text in (*REFUSALS, *refusals) if "{" in text or text in refusals]
    return tuple(_pattern(text) for text in sorted(marked, key=_said_outright, reverse=True))


def _said_outright(marked: str) -> int:
    """Return how much of a pattern is its own text: what says more is tried first."""
    return sum(len(text) for text, _ in _parts(marked))


def _pattern(marked: str) -> tuple[re.Pattern[str], str, list[str]]:
    parts = list(_parts(marked))
    names = [name for _, name in parts if name is not None]
    regex = "".join(
        re.escape(text) + ("" if name is None else _VALUES.get(name, "((?:(?!; ).)*?)")) for text, name in parts
    )
    return re.compile(regex, re.DOTALL), marked, names


def _parts(marked: str) -> Iterator[tuple[str, str | None]]:
    template = marked.rpartition(CONTEXT_END)[2]
    return ((text, name) for text, name, _, _ in string.Formatter().parse(template))
