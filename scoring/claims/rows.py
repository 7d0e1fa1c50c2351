"""What the tables of public claims share: their cells checked, every fault told at once."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

import pandas as pd

from oreway.layers.errors import SchemaError
from oreway.layers.schema import URL, is_past_date
from oreway.layers.vocabulary import SourceKind

Row = Mapping[str, str]
CHECKED = ("checked", "checked_against")  # when a row was read again, and against which page or sum


def checked_rows(table: pd.DataFrame, columns: Iterable[str], place: str) -> list[tuple[str, Row]]:
    """Return the rows of a table, each with its place ("public_claims.csv, line 7").

    Raises:
        SchemaError: a column is missing.
    """
    missing = [f"{place}: no column {column!r}; add it" for column in columns if column not in table.columns]
    if missing:
        raise SchemaError("\n".join(missing))
    return [
        (f"{place}, line {line}", {str(key): str(value) for key, value in row.items()})
        for line, row in enumerate(table.to_dict("records"), start=2)
    ]


def absent(row: Row, columns: Iterable[str], where: str) -> Iterator[str]:
    """Yield a complaint for each cell that has to be filled and is not."""
    yield from (f"{where}: no {column}; fill it in" for column in columns if not row[column])


def word(row: Row, column: str, words: type[StrEnum], where: str) -> Iterator[str]:
    """Yield a complaint when a cell holds none of the words it may hold."""
    allowed = [one.value for one in words]
    if row[column] not in allowed:
        yield f"{where}: {column} {row[column]!r}; expected one of {', '.join(allowed)}"


def past(row: Row, column: str, where: str) -> Iterator[str]:
    """Yield a complaint when a cell that is filled holds no date, or one to come."""
    today = datetime.datetime.now(tz=datetime.UTC).date()
    if row[column] and not is_past_date(row[column], today):
        yield f"{where}: {column} {row[column]!r}; expected YYYY, YYYY-MM or YYYY-MM-DD, not in the future"


def address(row: Row, column: str, where: str) -> Iterator[str]:
    """Yield a complaint when a cell that is filled holds no web address; only what is computed may have none."""
    if row[column] and not URL.fullmatch(row[column]):
        yield f"{where}: {column} {row[column]!r} is not an http(s) address"
    if not row[column] and row.get("source_kind") not in {SourceKind.COMPUTED, None}:
        yield f"{where}: no {column}; give the address, or mark the row computed"


def read_again(row: Row, where: str) -> Iterator[str]:
    """Yield a complaint when a row says that it was read again, but not when or against what."""
    yield from past(row, "checked", where)
    if bool(row["checked"]) != bool(row["checked_against"]):
        yield f"{where}: checked {row['checked']!r} against {row['checked_against']!r}; give both or none"


def refuse(complaints: Iterable[str]) -> None:
    """Raise every complaint at once, if there is any.

    Raises:
        SchemaError: there is one.
    """
    found = list(complaints)
    if found:
        raise SchemaError("\n".join(found))
