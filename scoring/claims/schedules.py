"""Dates that companies and governments promised, and what became of them."""

import dataclasses
from collections.abc import Iterable, Iterator
from pathlib import Path

from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.layers.schema import DATE
from oreway.layers.vocabulary import Kept
from oreway.scoring.claims.rows import Row, absent, address, checked_rows, past, refuse, word

SCHEDULES = "schedules"
FILLED = ("site_id", "promised", "promised_for", "promised_on", "source_url", "source_title")
COLUMNS = (*FILLED, "happened", "happened_on", "happened_source_url", "happened_source_title", "note")
MONTHS = 12


@dataclasses.dataclass(frozen=True, kw_only=True)
class Promise:
    """One promised date.

    happened is a word of `Kept`; happened_on is the day it was done, or the newest date promised in its place.
    slip_months counts from the end of the promised period to the end of that one; None where nothing is known.
    """

    site_id: str
    promised: str
    promised_for: str
    promised_on: str
    source_url: str
    source_title: str
    happened: str
    happened_on: str
    happened_source_url: str
    happened_source_title: str
    note: str
    slip_months: int | None


def schedules(data: Path = DATA) -> tuple[Promise, ...]:
    """Return every promised date, in the order of data/methods/schedules.csv.

    Raises:
        CatalogError: the table is missing.
        SchemaError: rows break the rules; all complaints at once.
    """
    rows = checked_rows(read_table(SCHEDULES, data), COLUMNS, f"{SCHEDULES}.csv")
    refuse(complaint for where, row in rows for complaint in _complaints(row, where))
    return tuple(Promise(slip_months=_slip(row), **{key: row[key] for key in COLUMNS}) for _, row in rows)


def promises_of(site_id: str, promises: Iterable[Promise]) -> tuple[Promise, ...]:
    """Return the dates promised for a site."""
    return tuple(one for one in promises if one.site_id == site_id)


def _slip(row: Row) -> int | None:
    return _month(row["happened_on"]) - _month(row["promised_for"]) if row["happened_on"] else None


def _month(text: str) -> int:
    """Return a date as months since year 0; a year alone ends in December."""
    year, month = (text[:7] + "-12" if len(text) == 4 else text[:7]).split("-")
    return int(year) * MONTHS + int(month)


def _complaints(row: Row, where: str) -> Iterator[str]:
    yield from absent(row, FILLED, where)
    yield from past(row, "promised_on", where)
    yield from word(row, "happened", Kept, where)
    yield from address(row, "source_url", where)
    yield from address(row, "happened_source_url", where)
    for column in ("promised_for", "happened_on"):
        if row[column] and not DATE.fullmatch(row[column]):
            yield f"{where}: {column} {row[column]!r}; expected YYYY, YYYY-MM or YYYY-MM-DD"
    told = row["happened"] in {Kept.DONE, Kept.MOVED}
    if told != bool(row["happened_on"] and row["happened_source_url"] and row["happened_source_title"]):
        yield f"{where}: happened_on and its source go with done and moved, and with nothing else"
    if row["happened"] == Kept.DONE:
        yield from past(row, "happened_on", where)
