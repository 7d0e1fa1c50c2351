"""Read what is on record about plants: what they take, who owns them, who is tied to whom, which rules hold when."""

import dataclasses
import datetime
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

import pandas as pd

from oreway.layers.catalog import DATA
from oreway.layers.errors import SchemaError
from oreway.layers.read import read_table, read_text_table
from oreway.layers.schema import DATE, URL, WITHOUT_URL, as_number, is_past_date
from oreway.layers.vocabulary import (
    Bloc,
    CapacityBasis,
    CapacityState,
    ChainStage,
    Confidence,
    ControlEffect,
    ControlKind,
    Feed,
    Openness,
    PlantStatus,
    SourceKind,
    Tie,
    TieState,
)

SOURCE_COLUMNS = ("as_of", "source_url", "source_title", "source_kind", "confidence", "note")
STRONG = frozenset(
    {SourceKind.LAW, SourceKind.FILING, SourceKind.SURVEY, SourceKind.JOURNAL, SourceKind.GOVERNMENT}
)  # strong on their own
SITE = re.compile(r"[a-z]{2}-[a-z0-9]+(-[a-z0-9]+)*|name:.+")
ELEMENT = re.compile(r"[A-Z][a-z]?|REE|HREE|LREE|NdPr|PGM|graphite")
HOST = re.compile(r"[a-z]+(_[a-z]+)*")
COUNTRY = re.compile(r"[A-Z]{2}|\*")
# what may enter a rare-earth plant at each step; what traders call a concentrate may be a chemical one
TAKEN = {
    ChainStage.CRACKING_LEACHING: frozenset({Feed.MUD, Feed.ORE, Feed.CONCENTRATE, Feed.INTERMEDIATE}),
    ChainStage.SEPARATION: frozenset(
        {Feed.CONCENTRATE, Feed.INTERMEDIATE, Feed.MIXED_CARBONATE, Feed.MIXED_CHLORIDE, Feed.MIXED_OXIDE}
    ),
    ChainStage.METAL: frozenset({Feed.OXIDE}),
    ChainStage.ALLOY: frozenset({Feed.METAL}),
    ChainStage.MAGNET: frozenset({Feed.METAL, Feed.ALLOY}),
}
PAUSE = "-pause"  # at the end of the id of a row that suspends the rule named before it


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Table:
    folder: str
    columns: tuple[str, ...]
    words: dict[str, type[StrEnum]]
    patterns: dict[str, re.Pattern[str]]
    sites: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()


TABLES = {
    "plant_fit": _Table(
        folder="sites",
        columns=(
            "site_id", "feed", "host_minerals", "elements", "stage", "stage_state", "openness", "captive_sources",
            "capacity", "capacity_unit", "capacity_basis", "capacity_state", "status_as_of", *SOURCE_COLUMNS,
        ),
        words={
            "feed": Feed, "stage": ChainStage, "stage_state": PlantStatus, "openness": Openness,
            "capacity_basis": CapacityBasis, "capacity_state": CapacityState,
        },
        patterns={"host_minerals": HOST, "elements": ELEMENT, "captive_sources": SITE},
        sites=("site_id", "captive_sources"), numbers=("capacity",), dates=("status_as_of",),
        needed=("site_id", "feed", "stage", "openness"),
    ),
    "owners": _Table(
        folder="sites", columns=("site_id", "owner", "share_pct", "owner_country", *SOURCE_COLUMNS),
        words={}, patterns={"owner_country": COUNTRY}, sites=("site_id",), numbers=("share_pct",),
        needed=("site_id", "owner"),
    ),
    "ties": _Table(
        folder="sites",
        columns=(
            "site_id", "refinery_id", "buyer", "tie", "product", "form", "tonnes_per_year", "since", "until", "status",
            *SOURCE_COLUMNS,
        ),
        words={"tie": Tie, "form": Feed, "status": TieState}, patterns={}, sites=("site_id", "refinery_id"),
        numbers=("tonnes_per_year",), dates=("since", "until"), needed=("site_id", "tie"),
    ),
    "controls": _Table(
        folder="methods",
        columns=(
            "rule_id", "kind", "from_country", "to_country", "elements", "stages", "effect", "since", "until",
            *SOURCE_COLUMNS,
        ),
        words={"kind": ControlKind, "stages": ChainStage, "effect": ControlEffect},
        patterns={"elements": ELEMENT, "from_country": COUNTRY, "to_country": COUNTRY}, dates=("since", "until"),
        needed=("rule_id", "kind", "from_country", "effect", "since"),
    ),
    "blocs": _Table(
        folder="methods", columns=("country_code", "bloc", "note", "agreement", "as_of", "source_url", "source_title"),
        words={"bloc": Bloc}, patterns={"country_code": COUNTRY}, needed=("country_code", "bloc"),
    ),
}  # fmt: skip


def read_evidence(name: str, data: Path = DATA) -> pd.DataFrame:
    """Read one table of evidence as text; absent values are "".

    Args:
        name: a key of `TABLES`: plant_fit, owners, ties, controls or blocs.
        data: the data folder.

    Raises:
        CatalogError: the file is missing or not readable.
        SchemaError: rows with more or fewer cells than the header.
    """
    return read_text_table(data / TABLES[name].folder / f"{name}.csv")


def hosts_of(host_minerals: str, data: Path = DATA) -> frozenset[str]:
    """Return a site's host minerals in the words of plant_fit: spellings and varieties by methods/host_words.

    Args:
        host_minerals: the site's words, parted by ";"; any other word keeps itself, blanks as underscores.
        data: the data folder.
    """
    table = read_table("host_words", data)
    other = dict(zip(table["word"], table["host"], strict=True))
    return frozenset(other.get(word, word.replace(" ", "_")) for word in _parts(host_minerals))


def check_evidence(name: str, frame: pd.DataFrame, site_ids: Iterable[str]) -> None:
    """Check one table of evidence: columns, words, ids, numbers, dates and sources.

    Raises:
        SchemaError: every complaint, one a line, naming file, line and cure.
    """
    table = TABLES[name]
    place = f"data/{table.folder}/{name}.csv"
    absent = [f"{place}: no column {column!r}; add it" for column in table.columns if column not in frame.columns]
    if absent:
        raise SchemaError("\n".join(absent))
    known = set(site_ids)
    today = datetime.datetime.now(tz=datetime.UTC).date()
    complaints: list[str] = []
    for line, row in enumerate(frame[list(table.columns)].to_dict("records"), start=2):
        cells = {str(key): str(value) for key, value in row.items()}
        where = f"{place}, line {line} ({cells[table.columns[0]]})"
        complaints += [f"{where}: {text}" for text in _cell_complaints(table, cells, known)]
        complaints += [f"{where}: {text}" for text in _source_complaints(cells, today)]
    if name == "controls":
        complaints += [f"{place}: {text}" for text in _pause_complaints(frame)]
    if complaints:
        raise SchemaError("\n".join(complaints))


def _cell_complaints(table: _Table, row: dict[str, str], known: set[str]) -> Iterator[str]:
    yield from (f"no {column}; fill it in" for column in table.needed if not row[column])
    yield from _word_complaints(table, row)
    for column in table.sites:
        for word in _parts(row[column]):
            if word not in known and not (column == "captive_sources" and word.startswith("name:")):
                yield f"{column} {word!r}: no such site; add it to the sites table or mend the id"
    yield from _number_complaints(table, row)
    yield from _entry_complaints(row)


def _entry_complaints(row: dict[str, str]) -> Iterator[str]:
    """Yield where the first step of a rare-earth plant does not take what it is fed with; scrap may enter anywhere."""
    stages = _parts(row.get("stage", ""))
    entry = next((stage for stage in TAKEN if stage in stages), None)
    if entry is not None and row["feed"] not in {*TAKEN[entry], Feed.SCRAP}:
        takes = ", ".join(sorted(TAKEN[entry]))
        yield f"feed {row['feed']!r} cannot enter {entry}, which takes {takes}; mend the feed or add the step before"


def _word_complaints(table: _Table, row: dict[str, str]) -> Iterator[str]:
    for column, words in table.words.items():
        allowed = {word.value for word in words}
        given = [word for word in _parts(row[column]) if word not in allowed]
        yield from (f"{column} {word!r}; expected one of {', '.join(sorted(allowed))}" for word in given)
    for column, pattern in table.patterns.items():
        given = [word for word in _parts(row[column]) if not pattern.fullmatch(word)]
        yield from (f"{column} {word!r}; expected words like those of the other rows, parted by ;" for word in given)


def _number_complaints(table: _Table, row: dict[str, str]) -> Iterator[str]:
    for column in table.numbers:
        if row[column] and not (as_number(row[column]) or 0) > 0:
            yield f"{column} {row[column]!r}; expected a number above 0"
    for column in table.dates:
        if row[column] and not DATE.fullmatch(row[column]):
            yield f"{column} {row[column]!r}; expected YYYY, YYYY-MM or YYYY-MM-DD"
    if row.get("capacity") and not (row["capacity_unit"] and row["capacity_basis"] and row["capacity_state"]):
        yield "a capacity without unit, basis or state; say of what it is the capacity"


def _pause_complaints(frame: pd.DataFrame) -> Iterator[str]:
    """Yield what is wrong with pauses: `rule-pause` suspends `rule` from since to until; after that it holds again."""
    ids = set(frame["rule_id"])
    for rule_id, effect in zip(frame["rule_id"], frame["effect"], strict=True):
        paused = str(rule_id).removesuffix(PAUSE)
        if (effect == ControlEffect.SUSPENDED) != (paused != rule_id) or paused not in ids:
            yield f"{rule_id}: a suspended rule is named after the rule it pauses, with {PAUSE} at its end"


def _source_complaints(row: dict[str, str], today: datetime.date) -> Iterator[str]:
    if not row["source_title"]:
        yield "no source_title; say who says it"
    if not is_past_date(row["as_of"], today):
        yield f"as_of {row['as_of']!r}; expected YYYY, YYYY-MM or YYYY-MM-DD, not in the future"
    if row["source_url"] and not URL.fullmatch(row["source_url"]):
        yield f"source_url {row['source_url']!r} is not an http(s) address"
    if "confidence" not in row:
        return
    allowed = {word.value for word in Confidence}
    if row["confidence"] not in allowed:
        yield f"confidence {row['confidence']!r}; expected one of {', '.join(sorted(allowed))}"
    kinds = {word.value for word in SourceKind}
    if row["source_kind"] not in kinds and not (row["source_kind"] == "" and row["confidence"] == Confidence.GAP):
        yield f"source_kind {row['source_kind']!r}; expected one of {', '.join(sorted(kinds))}"
    if not row["source_url"] and row["confidence"] not in WITHOUT_URL:
        yield "no source_url; give the address or mark the row unverified"
    if row["confidence"] == Confidence.HIGH and row["source_kind"] not in STRONG:
        yield f"confidence high on a {row['source_kind']} source; find a {' or '.join(sorted(STRONG))}, or say medium"


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
