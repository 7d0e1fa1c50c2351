"""Public programmes, laws and agreements: dated rows, each with who says so."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from oreway.layers.catalog import DATA
from oreway.layers.read import read_table
from oreway.layers.vocabulary import Confidence, SourceKind
from oreway.scoring.claims.rows import CHECKED, Row, absent, address, checked_rows, past, read_again, refuse, word

PROGRAMMES = "programmes"
FILLED = ("programme", "field", "as_of", "source_title")
COLUMNS = (*FILLED, "country_code", "value", "unit", "source_url", "confidence", "note", "source_kind", *CHECKED)


def programmes(data: Path = DATA) -> pd.DataFrame:
    """Return every row of data/methods/programmes.csv as text, in its order.

    Raises:
        CatalogError: the table is missing.
        SchemaError: rows break the rules; all complaints at once.
    """
    table = read_table(PROGRAMMES, data)
    rows = checked_rows(table, COLUMNS, f"{PROGRAMMES}.csv")
    refuse(complaint for where, row in rows for complaint in _complaints(row, where))
    return table


def _complaints(row: Row, where: str) -> Iterator[str]:
    yield from absent(row, FILLED, where)
    yield from past(row, "as_of", where)
    yield from address(row, "source_url", where)
    yield from word(row, "source_kind", SourceKind, where)
    yield from word(row, "confidence", Confidence, where)
    yield from read_again(row, where)
