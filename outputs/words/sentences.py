"""Sentences the rooms below make in English, told in the reader's language: found whole, by pattern, or in parts."""

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

WITH_ADDRESS = message("{note} (also: {address})")
ALSO = re.compile(r"(.+?) \(also: (https?://\S+)\)(?:; (.*))?")  # a reason with a second address
SAID: tuple[str, ...] = (
    message("also: {address}"),
    message("water pipe: the nearest licensed source is not known"),
    message("railway: not needed below 0.5 Mt of product a year"),
    message("running costs: fuel, freight, upkeep and flights"),
    message("leaching and separation on land"),
    message("running costs: vessel days, fuel, freight, weather waiting"),
    message("riser, pumps and seafloor tools: the water depth is not known"),
    message("trucks: no port of 10 m that can be reached by land is known"),
    message("shuttle carriers: the port that would be used is not known"),
    message("no road network: to tidewater"),
    message("no grid: a station of one's own"),
    message("a station of one's own: less than a line"),
    message("to tidewater: nearer than a road"),
    message("a road to the next berth of 10 m would cost more"),
    message("none in reach is known"),
    # what keeps a site from a price
    message("a tonnage"),
    message("a process route: no cost model is on record for its minerals"),
    message("a published estimator of lifting from the deep sea"),
    message("the grade of its lead product, or a plan's output"),
    message("a sourced price of molybdenum"),
    message("a sourced price of scandium oxide"),
    message("by rule: the nearest port"),
    message("by rule: the port on the same landmass that is cheapest to reach overland"),
    message("as planned"),
    message("not known what will be shipped; taken as concentrate"),
    message("product leaves by its own berth, which has to be built"),
    message("no plant takes raw mud: it has to be leached first, ashore or on the way"),
    message("takes no third-party feed"),
    message("what it takes in is not known"),
    message("straight line × 1.25"),
    message("straight line × 1.05 over open sea"),
    message("straight over open sea"),
    message("to the shore of its island; a berth has to be built"),
    message("its island has no port on record: a berth has to be built"),
    message("by rule: the nearest port, across water"),
    message("by rule: the nearest deep port"),
    message("by rule: the port on the same landmass by which the whole way costs least"),
    message("no position; give longitude and latitude"),
    message("position is not a number; give longitude and latitude in degrees"),
    message("sea lanes: Eurostat marnet, not for navigation"),
    message("no road network shipped here"),
    message("the way is not known"),
    message("the lanes are farther away than the ends from each other"),
    message("to the network"),
    message("from the network"),
    message("new haul road to tidewater, to be built"),
    message("tidewater"),
    message("No road reaches a site at sea"),
    message("No railway reaches a site at sea"),
    message("A vessel carries its own power"),
    message("none kept on this landmass"),
    # distances
    message("on another landmass"),
    message("none found"),
    message("no reason on record"),
    message("junction of the network"),
    message("Coast"),
    message("Coast of {name}"),
    message("Land ice of Greenland"),
    message("Land ice"),
    message("{name}, {km} km, may count too: its size is not known"),
    message("nearest junction, an upper bound: the line itself may pass nearer"),
    message("no step of the chain is kept for this commodity"),
    message("step: {steps}"),
    message("no land ice within {km} km"),
    message("for information: {name}, {km} km, no network"),
    message("from the zone's measuring point; from its edge at least {km} km"),
    message("Relief: Australia (ETOPO1)"),
    message("Relief: Greenland, ice surface (ETOPO5)"),
    message("Relief: Minamitorishima (ETOPO1)"),
    # gates, class and claims
    message("{found} ppm U against the limit of {limit} ppm: at or above"),
    message(
        "{found} ppm U against the limit of {limit} ppm: below, but not shown to be the average of the whole resource"
    ),
    message("{reason}; another source says {state}: {note}"),
    message("tonnage stated as {categories}"),
    message("no tonnage of a CRIRSCO class is kept"),
    message("no rule of unfc.csv fits this site"),
    message(
        "{output} t/y ({product}) would empty the stated resource of {contained} kt contained oxide in {years} years; "
        "the figure cannot be oxide: it is concentrate."
    ),
    message(
        "{output} t/y ({product}) would empty the stated resource of {contained} kt contained oxide in {years} years; "
        "the figure outruns the resource."
    ),
    message(
        "An internal rate of return of {rate} % ({case}) is above {limit} %: check its prices, tax basis and capital "
        "before quoting it."
    ),
    message("{value} {unit} is printed without a resource category; it is not a coded resource."),
    # China's share
    message("rare earths"),
    message("magnet rare earths"),
    message("rare earth magnets"),
    message("key energy minerals"),
    message("mineral"),
    message("19 of 20 strategic minerals"),
    # bill and routes
    message("to {port}"),
    message("to the berth of {port}: less than a terminal"),
    message("road: {reason}"),
    message("power: {reason}"),
    message("not known"),
    message("longitude {degrees}; expected -180 to 180"),
    message("latitude {degrees}; expected -90 to 90"),
    message("by rule: the port at least {depth} m deep on the same landmass by which the whole way costs least"),
    message("road near {place}"),
    message("rail near {place}"),
    message("road junction network © OpenStreetMap contributors, true lengths"),
    message("rail junction network © OpenStreetMap contributors, true lengths"),
    message("straight line × {factor} (judgement)"),
    message("{first} and {last} km of it between port and lane"),
    message("by rule: the port at least {depth} m deep on the same landmass that is cheapest to reach overland"),
    message("named: {source}"),
    message("takes {feeds}: the {product} needs a step before it"),
    message("takes {feeds}, not {product}"),
    message("not running: {state}"),
    message("an end is {km} km from the nearest lane"),
    message("no lanes are left with these passages closed"),
    message("no lanes join the ends with these passages closed"),
    message("third-party feed: unknown"),
    message("third-party feed: yes"),
    message("third-party feed: no"),
    message("what-if: built"),
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
def told(sentence: str, lang: Language) -> str:
    """Return a sentence in a language; what nobody has put into the catalogue (a source's own words) stays as it is."""
    if lang == SOURCE or not sentence:
        return sentence
    if "\n" in sentence:
        return "\n".join(told(line, lang) for line in sentence.split("\n"))
    whole = _whole(sentence, lang)
    if whole is not None:
        return whole
    if (also := ALSO.fullmatch(sentence)) is not None:
        note, address, rest = also.groups()
        said = _filled(translated(WITH_ADDRESS, lang), {"note": told(note, lang), "address": address})
        return "; ".join([said, told(rest, lang)]) if rest else said
    parts = sentence.split("; ")
    for end in range(len(parts) - 1, 0, -1):
        head = _whole("; ".join(parts[:end]), lang)
        if head is not None:
            return "; ".join([head, told("; ".join(parts[end:]), lang)])
    placed = _placed(sentence, lang)  # only now: a colon also stands in sentences that are known whole
    if placed is not None:
        return placed
    return "; ".join([parts[0], told("; ".join(parts[1:]), lang)]) if len(parts) > 1 else sentence


def _placed(sentence: str, lang: Language) -> str | None:
    """Return a sentence behind the place it speaks of, "mine.csv: …"; None where it is not known."""
    place, _, rest = sentence.partition(": ")
    said = told(rest, lang)
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
    marked = [text for text in (*SAID, *refusals) if "{" in text or text in refusals]
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
