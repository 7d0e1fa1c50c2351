"""The sentence of every code of `scoring.reasons`, and how what goes into it is written, in the reader's language."""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from oreway.later import later
from oreway.outputs.words.data_labels import CLASS_SHORT, PASSAGES, STAGE_LABELS, WORDS
from oreway.outputs.words.translation import SOURCE, Language, message, translated
from oreway.scoring.reasons import Code, Name, Note, Reason, Value

with later(__name__):
    import pandas as pd

Told = str | Reason | Note


class Kind(StrEnum):
    """Say how a value is written: as it is, as words of the vocabulary, as a further reason, or by its digits."""

    NAME = "name"  # a proper name, as it is, or what stands for one
    WORDS = "words"  # text whose parts between commas may be words of the vocabulary
    LIST = "list"  # a ";" list of such words
    SPACED = "spaced"  # such a list, its words without underscores even where they are told raw
    PASSAGE = "passage"
    NOTE = "note"
    WHOLE = ".0f"
    TENTH = ".1f"
    THOUSANDS = ",.0f"
    SHORT = "g"


@dataclasses.dataclass(frozen=True)
class Sentence:
    """An English sentence with places to fill, and how each of them is written, in their order."""

    text: str
    kinds: tuple[Kind, ...] = ()


LIST_WORDS = CLASS_SHORT | STAGE_LABELS | WORDS
WITH_ADDRESS, ADDRESS = message("{note} (also: {address})"), message("also: {address}")
ALSO = re.compile(r"(.+?) \(also: (https?://\S+)\)(?:; (.*))?")  # a reason with a second address
ALONE = "also: "  # before an address that stands by itself
SECOND = re.compile(r" ?\(also: (https?://\S+)\)|(?:; |^)also: (https?://\S+)")
LIFE = (Kind.THOUSANDS, Kind.WORDS, Kind.THOUSANDS, Kind.TENTH)
SENTENCES: dict[Code, Sentence] = {
    Code.RECORDED: Sentence("{text}", (Kind.NOTE,)),
    # what is nearest
    Code.JUNCTION_BOUND: Sentence(message("where the line is likely to pass; its nearest junction is the upper bound")),
    Code.STEP: Sentence(message("step: {steps}"), (Kind.LIST,)),
    Code.NOBODY_RUNS: Sentence(message("no plant on record runs it")),
    Code.NO_STEP: Sentence(message("no step of the chain is kept for this commodity")),
    Code.FEED_YES: Sentence(message("third-party feed: yes")),
    Code.FEED_NO: Sentence(message("third-party feed: no")),
    Code.FEED_LETTER: Sentence(message("third-party feed: letter")),
    Code.FEED_UNKNOWN: Sentence(message("third-party feed: unknown")),
    Code.ON_MAP: Sentence("{title}: {km} km", (Kind.NAME, Kind.TENTH)),
    Code.NO_ICE: Sentence(message("no land ice within {km} km"), (Kind.THOUSANDS,)),
    Code.NONE_ON_LANDMASS: Sentence(message("none kept on this landmass")),
    Code.NONE_FOUND: Sentence(message("none found")),
    Code.FOR_INFORMATION: Sentence(message("for information: {name}, {km} km, no network"), (Kind.NAME, Kind.TENTH)),
    Code.ACROSS: Sentence(message("on another landmass")),
    Code.MAY_COUNT: Sentence(
        message("{name}, {km} km, may count too: its size or state is not known"), (Kind.NAME, Kind.TENTH)
    ),
    Code.FROM_ZONE: Sentence(message("from the zone's measuring point; from its edge at least {km} km"), (Kind.TENTH,)),
    Code.FETCHED: Sentence(message("Fetched online on {date}: an unlisted one may be at the site"), (Kind.NAME,)),
    Code.WHATIF_BUILT: Sentence(message("what-if: built")),
    # names of what has no name of its own
    Code.COAST: Sentence(message("Coast")),
    Code.COAST_OF: Sentence(message("Coast of {name}"), (Kind.WORDS,)),
    Code.ICE: Sentence(message("Land ice")),
    Code.ICE_OF_GREENLAND: Sentence(message("Land ice of Greenland")),
    Code.JUNCTION: Sentence(message("network, between junctions")),
    Code.UNNAMED: Sentence(message("unnamed")),
    Code.SHARE: Sentence("{name} {share} %", (Kind.NAME, Kind.WHOLE)),
    Code.ROAD_NEAR: Sentence(message("road near {place}"), (Kind.NAME,)),
    Code.RAIL_NEAR: Sentence(message("rail near {place}"), (Kind.NAME,)),
    Code.SHORE: Sentence(message("shore")),
    Code.TIDEWATER: Sentence(message("tidewater")),
    # gates, class and claims
    Code.OTHER_SOURCE: Sentence(message("another source says {state}: {note}"), (Kind.WORDS, Kind.NOTE)),
    Code.URANIUM_ABOVE: Sentence(
        message("{found} ppm U against the limit of {limit} ppm: at or above"), (Kind.WHOLE, Kind.WHOLE)
    ),
    Code.URANIUM_BELOW: Sentence(
        message(
            "{found} ppm U against the limit of {limit} ppm: below, but not shown to be the average of the whole "
            "resource"
        ),
        (Kind.WHOLE, Kind.WHOLE),
    ),
    Code.TONNAGE_STATED: Sentence(message("tonnage stated as {categories}"), (Kind.SPACED,)),
    Code.NO_TONNAGE: Sentence(message("no tonnage of a CRIRSCO class is kept")),
    Code.NO_UNFC_RULE: Sentence(message("no rule of unfc.csv fits this site")),
    Code.LIFE_CONCENTRATE: Sentence(
        message(
            "{output} t/y ({product}) would empty the stated resource of {contained} kt contained oxide in {years} "
            "years; the figure cannot be oxide: it is concentrate."
        ),
        LIFE,
    ),
    Code.LIFE_OUTRUN: Sentence(
        message(
            "{output} t/y ({product}) would empty the stated resource of {contained} kt contained oxide in {years} "
            "years; the figure outruns the resource."
        ),
        LIFE,
    ),
    Code.HIGH_RETURN: Sentence(
        message(
            "An internal rate of return of {rate} % ({case}) is above {limit} %: check its prices, tax basis and "
            "capital before quoting it."
        ),
        (Kind.WHOLE, Kind.WORDS, Kind.WHOLE),
    ),
    Code.UNCODED: Sentence(
        message("{value} {unit} is printed without a resource category; it is not a coded resource."),
        (Kind.WORDS, Kind.WORDS),
    ),
    # what is not known of a site
    Code.CLASS_UNKNOWN: Sentence(message("{class_}: not known ({reason})"), (Kind.SPACED, Kind.NOTE)),
    Code.CRITERION_UNKNOWN: Sentence(
        message("{criterion}: not known; any value from worst to best is allowed for in the bounds"), (Kind.NOTE,)
    ),
    Code.GATE_UNKNOWN: Sentence(message("Gate {gate}: unknown ({reason})"), (Kind.WORDS, Kind.NOTE)),
    Code.FACT_GAP: Sentence(message("{field}: looked for, not found ({reason})"), (Kind.WORDS, Kind.NOTE)),
    # bill
    Code.TO_TIDEWATER: Sentence(message("no road network: to tidewater")),
    Code.NEARER_TIDEWATER: Sentence(message("to tidewater: nearer than a road")),
    Code.OWN_STATION: Sentence(message("no grid: a station of one's own")),
    Code.CHEAPER_STATION: Sentence(message("a station of one's own: less than a line")),
    Code.STATION_UNLESS_SUPPLY: Sentence(message("a station of one's own, or nothing: no supply is known here")),
    Code.AT_THE_SITE: Sentence(message("at the site itself")),
    Code.STRIP_AT_SITE: Sentence(
        message("a strip stands at the site, by a fact on record: how long it is was not read")
    ),
    Code.BY_A_FACT: Sentence(message("by a fact on record, not by the layer")),
    Code.OR_INSTEAD: Sentence(message("its range is that of the cheaper of what would serve")),
    Code.RAILWAY_NOT_PRICED: Sentence(
        message("railway: {tonnes} Mt of product a year is on record, more than the 0.1 Mt that the trucks here carry"),
        (Kind.SHORT,),
    ),
    Code.NO_LIFT_RATE: Sentence(message("shuttle carriers: no tonnage a day is on record")),
    Code.SUM_BELOW: Sentence(
        message(
            "The items add up to {base}, below P10 ({p10}): each stands at its likeliest, which for many lies near the "
            "lower end, and what is built costs more than its estimate."
        ),
        (Kind.WHOLE, Kind.WHOLE),
    ),
    Code.OTHER_SIZE: Sentence(
        message("Power and camp are those of a mine of 1 Mt of ore a year; this site's own plan is {rate} Mt."),
        (Kind.SHORT,),
    ),
    Code.OTHER_LENGTH: Sentence(
        message("The project itself speaks of {km} km to the {target}; the bill counts {low} to {high} km of road."),
        (Kind.SHORT, Kind.WORDS, Kind.TENTH, Kind.TENTH),
    ),
    Code.ABOVE_CAPITAL: Sentence(
        message("P50 ({p50}) is more than the whole capital of its study ({capital}, {study})."),
        (Kind.WHOLE, Kind.WHOLE, Kind.NAME),
    ),
    Code.TO_BERTH: Sentence(message("to the berth of {port}: less than a terminal"), (Kind.NAME,)),
    Code.TO_PORT: Sentence(message("to {port}"), (Kind.NAME,)),
    Code.OWN_TERMINAL: Sentence(message("a road to the next berth of 10 m would cost more")),
    Code.NONE_IN_REACH: Sentence(message("none in reach is known")),
    Code.NOT_PRICED: Sentence(message("{class_}: {reason}"), (Kind.WORDS, Kind.NOTE)),
    Code.NOT_KNOWN: Sentence(message("not known")),
    Code.NO_WATER_SOURCE: Sentence(message("water pipe: the nearest licensed source is not known")),
    Code.NO_RAILWAY_NEEDED: Sentence(message("railway: not needed below 0.5 Mt of product a year")),
    Code.NO_DEEP_PORT: Sentence(message("trucks: no port of 10 m that can be reached by land is known")),
    Code.NO_DEPTH: Sentence(message("riser, pumps and seafloor tools: the water depth is not known")),
    Code.NO_SHUTTLE_PORT: Sentence(message("shuttle carriers: the port that would be used is not known")),
    Code.RUNNING_ON_LAND: Sentence(message("running costs: fuel, freight, upkeep and flights")),
    Code.RUNNING_AT_SEA: Sentence(message("running costs: vessel days, fuel, freight, weather waiting")),
    Code.LEACHING: Sentence(message("leaching and separation on land")),
    # price
    Code.LACKS_TONNAGE: Sentence(message("a tonnage")),
    Code.LACKS_ROUTE: Sentence(message("a process route: no cost model is on record for its minerals")),
    Code.LACKS_LIFTING: Sentence(message("a published estimator of lifting from the deep sea")),
    Code.LACKS_GRADE: Sentence(message("the grade of its lead product, or a plan's output")),
    Code.LACKS_PRICE: Sentence(message("a sourced price of {product}"), (Kind.WORDS,)),
    Code.LACKS_FIRM: Sentence(message("a grade of {product} that more than one weak page prints"), (Kind.WORDS,)),
    # routes
    Code.PORT_NAMED: Sentence(message("named: {source}"), (Kind.NAME,)),
    Code.PORT_NEAREST: Sentence(message("by rule: the nearest port")),
    Code.PORT_ACROSS: Sentence(message("by rule: the nearest port, across water")),
    Code.PORT_NEAREST_DEEP: Sentence(message("by rule: the nearest deep port")),
    Code.PORT_CHEAPEST: Sentence(message("by rule: the port on the same landmass by which the whole way costs least")),
    Code.PORT_CHEAPEST_DEEP: Sentence(
        message("by rule: the port at least {depth} m deep on the same landmass by which the whole way costs least"),
        (Kind.SHORT,),
    ),
    Code.RAW_MUD: Sentence(message("no plant takes raw mud: it has to be leached first, ashore or on the way")),
    Code.OWN_BERTH: Sentence(message("product leaves by its own berth, which has to be built")),
    Code.NO_PORT_ON_ISLAND: Sentence(message("its island has no port on record: a berth has to be built")),
    Code.SEA_LANES: Sentence(message("sea lanes: Eurostat marnet, not for navigation")),
    Code.OPEN_SEA: Sentence(message("straight line × 1.05 over open sea")),
    Code.STRAIGHT_SEA: Sentence(message("straight line × 1.25")),
    Code.STRAIGHT_LAND: Sentence(message("straight line × {factor} (judgement)"), (Kind.SHORT,)),
    Code.ROAD_JUNCTIONS: Sentence(message("road junction network © OpenStreetMap contributors, true lengths")),
    Code.RAIL_JUNCTIONS: Sentence(message("rail junction network © OpenStreetMap contributors, true lengths")),
    Code.BETWEEN_PORT_AND_LANE: Sentence(
        message("{first} and {last} km of it between port and lane"), (Kind.WHOLE, Kind.WHOLE)
    ),
    Code.STRAIGHT_OVER_SEA: Sentence(message("straight over open sea")),
    Code.PASSAGE: Sentence("{passage}", (Kind.PASSAGE,)),
    Code.FAR_FROM_LANES: Sentence(message("an end is {km} km from the nearest lane"), (Kind.WHOLE,)),
    Code.LANES_FARTHER: Sentence(message("the lanes are farther away than the ends from each other")),
    Code.NO_LANES_LEFT: Sentence(message("no lanes are left with these passages closed")),
    Code.NO_LANES_JOIN: Sentence(message("no lanes join the ends with these passages closed")),
    Code.END_ON_CLOSED: Sentence(message("an end lies on a closed passage")),
    Code.NO_WAY_LEFT: Sentence(message("no way is left with {passages} closed"), (Kind.PASSAGE,)),
    Code.STRAIGHT_SHORTER: Sentence(message("straight: shorter than the ways to the network")),
    Code.NO_ROADS_HERE: Sentence(message("no way along the roads held here")),
    Code.WAY_UNKNOWN: Sentence(message("the way is not known")),
    Code.TO_NETWORK: Sentence(message("to the network")),
    Code.WATER: Sentence(message("For information, not scored: smaller streams may be missing")),
    Code.WATER_SEASONAL: Sentence(
        message("For information, not scored: it may run dry, and smaller streams may be missing")
    ),
    Code.WATER_NOT_FETCHED: Sentence(message("No fresh water was fetched round this place")),
    Code.ON_EDGE: Sentence(message("along an edge that may pass the place: its course between junctions is not known")),
    Code.ROUND_ABOUT: Sentence(
        message("{ratio} times the straight line: a shorter way may be missing from the network held"), (Kind.TENTH,)
    ),
    Code.MOUNTAINS: Sentence(
        message("over mountains, where roads wind more than the network held: {factor} times its length"), (Kind.TENTH,)
    ),
    Code.FROM_NETWORK: Sentence(message("from the network")),
    Code.TO_SHORE: Sentence(message("to the shore of its island; a berth has to be built")),
    Code.NEW_HAUL_ROAD: Sentence(message("new haul road to tidewater, to be built")),
}


def plain_text(said: Told) -> str:
    """Return a reason, note or name in English, words of the vocabulary as they stand in the data."""
    return _told(said, SOURCE, raw=True)


@lru_cache(maxsize=8192)
def told(said: Told, lang: Language) -> str:
    """Return a reason, note or name in a language; what a source wrote is told where a catalogue holds it."""
    return _told(said, lang, raw=False)


def parted(text: str) -> tuple[str, str]:
    """Return a note without its second address, and that address; "" where it has none.

    >>> parted("in force (also: https://a.example/b)"), parted("also: https://a.example"), parted("in force")
    (('in force', 'https://a.example/b'), ('', 'https://a.example'), ('in force', ''))
    """
    found = SECOND.search(text)
    if found is None:
        return text, ""
    return f"{text[: found.start()]}{text[found.end() :]}", found[1] or found[2]


def recorded_text(text: str, lang: Language) -> str:
    """Return a text of the data in a language, whole or in its parts between semicolons, else as it was written."""
    if lang == SOURCE or not text:
        return text
    whole = _whole(text, lang)
    if whole != text:
        return whole
    if (also := ALSO.fullmatch(text)) is not None:
        told = translated(WITH_ADDRESS, lang).format(note=recorded_text(also[1], lang), address=also[2])
        return "; ".join([told, recorded_text(also[3], lang)]) if also[3] else told
    parts = text.split("; ")
    for end in range(len(parts) - 1, 0, -1):
        head = "; ".join(parts[:end])
        if _whole(head, lang) != head:
            return "; ".join([_whole(head, lang), recorded_text("; ".join(parts[end:]), lang)])
    return "; ".join([parts[0], recorded_text("; ".join(parts[1:]), lang)]) if len(parts) > 1 else text


def _whole(text: str, lang: Language) -> str:
    """Return a text that a catalogue holds, or a second address by itself."""
    if text.startswith(ALONE):
        return translated(ADDRESS, lang).format(address=text.removeprefix(ALONE))
    return translated(text, lang)


def _told(said: Told, lang: Language, *, raw: bool) -> str:
    if isinstance(said, Note):
        return "; ".join(_told(reason, lang, raw=raw) for reason in said.reasons)
    if isinstance(said, str):
        return said
    if said.code == Code.RECORDED:
        return recorded_text(str(said.values[0]), lang)  # noqa: PD011 - no frame
    sentence = SENTENCES[said.code]
    pairs = zip(said.values, sentence.kinds, strict=True)
    written = [_written(value, kind, lang, raw=raw) for value, kind in pairs]
    return translated(sentence.text, lang).format(**dict(zip(places(sentence.text), written, strict=True)))


def _written(value: Value, kind: Kind, lang: Language, *, raw: bool) -> str:
    if isinstance(value, (Reason, Note)):
        return _told(value, lang, raw=raw)
    if isinstance(value, float):
        return format(value, kind.value)
    if kind == Kind.PASSAGE:
        return _list(value, PASSAGES if not raw else {}, lang)
    if kind in {Kind.LIST, Kind.SPACED}:
        spaced = value.replace("_", " ") if kind == Kind.SPACED and lang == SOURCE else value
        return _list(spaced, LIST_WORDS if lang != SOURCE else {}, lang)
    if kind == Kind.WORDS and lang != SOURCE:
        return _words(value, lang)
    return value


def _list(value: str, table: dict[str, str], lang: Language) -> str:
    return translated(", ", lang).join(translated(table.get(part, part), lang) for part in value.split(";"))


def _words(value: str, lang: Language) -> str:
    whole = translated(value, lang)
    if whole != value:
        return whole
    parts = (LIST_WORDS.get(part.replace(" ", "_"), part) for part in value.split(", "))
    return translated(", ", lang).join(translated(part, lang) for part in parts)


@lru_cache(maxsize=256)
def places(text: str) -> tuple[str, ...]:
    """Return the names of the places to fill, in the order of the English sentence."""
    return tuple(_places(text))


def _places(text: str) -> Iterator[str]:
    yield from (name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def name_of(name: Name, lang: Language) -> str:
    """Return a name as recorded, or the words for what has none."""
    return told(name, lang)


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its reasons, notes and names in English, as files and `import oreway` hold them."""
    columns = [name for name in table.columns if table[name].dtype == object]
    held = [name for name in columns if table[name].map(lambda cell: isinstance(cell, (Note, Reason))).any()]
    return table.assign(**{str(name): table[name].map(_cell).astype("str") for name in held})


def _cell(cell: object) -> str:
    return plain_text(cell) if isinstance(cell, (Note, Reason)) else str(cell)
