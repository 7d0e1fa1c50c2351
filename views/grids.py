"""Tables: a grid on the screen; on paper, where a grid shows only the rows in sight, a plain table with all of them."""

import html
import zlib
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from oreway.outputs.words.formatting import number
from oreway.views.page_texts import WORDS
from oreway.views.state import language, ui

ROW_HEIGHT, MOST_PRINTED, WIDE = 35, 400, 9
SHORT = 12  # signs of a cell that stays on one line, as a date does


def grid(
    table: pd.DataFrame,
    alt: str,
    *,
    most: int = 0,
    columns: Mapping[str, Any] | None = None,
    paper: pd.DataFrame | None = None,
) -> None:
    """Show a table with its headings in words, and put it onto the page's paper.

    Args:
        table: what is shown; numbers stay numbers and are told with separators.
        alt: what the table is, for screen readers.
        most: the most rows in sight; 0 for Streamlit's own height.
        columns: how columns are shown where that is not by their kind.
        paper: what is printed in its stead; the same by default.
    """
    mark = zlib.crc32("|".join([alt, *map(str, table.columns)]).encode())
    with st.container(key=f"screen_{mark}"):
        on_screen(table, alt, most=most, columns=columns)
    printed(table if paper is None else paper)


def on_screen(
    table: pd.DataFrame,
    alt: str,
    *,
    most: int = 0,
    columns: Mapping[str, Any] | None = None,
    place: DeltaGenerator | None = None,
) -> DeltaGenerator:
    """Show a table on the screen alone, in the place of an earlier one if there is one; return its place."""
    height: Any = {"height": ROW_HEIGHT * (min(len(table), most) + 1) + 3} if most else {}
    shown: DeltaGenerator = (place or st).dataframe(
        table, hide_index=True, width="stretch", alt=alt, placeholder="–",
        column_config=_shown_as(table) | dict(columns or {}), **height,
    )  # fmt: skip
    return shown


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its headings in the user's language, as in `page_texts` with the prefix col_."""
    return table.rename(columns={str(name): ui(f"col_{name}") for name in table.columns})


def _shown_as(table: pd.DataFrame) -> dict[str, Any]:
    """Return how columns are shown by their kind: numbers with separators, terms with what they mean."""
    terms = {ui(key.removeprefix("help_")): ui(key) for key in WORDS if key.startswith("help_")}
    found: dict[str, Any] = {}
    for name in map(str, table.columns):
        if pd.api.types.is_numeric_dtype(table[name]):
            found[name] = st.column_config.NumberColumn(format="localized", help=terms.get(name))
        elif name in terms:
            found[name] = st.column_config.Column(help=terms[name])
    return found


def printed(table: pd.DataFrame) -> None:
    """Put a table onto the page that only paper shows: every column in sight, and every row up to a few hundred.

    Addresses stand below their row, over its whole width: a column of them would be narrow and many lines long.
    """
    st.html(paper_table(table))


def paper_table(table: pd.DataFrame) -> str:
    """Return a table as paper shows it."""
    rows = table.head(MOST_PRINTED)
    addresses = [name for name in table.columns if rows[name].astype(str).str.startswith("http").any()]
    plain = rows.drop(columns=addresses)
    head = "".join(f"<th>{html.escape(str(name))}</th>" for name in plain.columns)
    under = rows[addresses].to_dict("records")
    body = "".join(
        f"<tr>{''.join(map(_cell, row))}</tr>{_under(urls, len(plain.columns))}"
        for row, urls in zip(plain.itertuples(index=False), under, strict=True)
    )
    kind = "oreway-paper wide" if len(plain.columns) > WIDE else "oreway-paper"
    more = ui("paper_more", shown=MOST_PRINTED, all=number(len(table), 0, language()))
    cut = f"<caption>{html.escape(more)}</caption>" if len(table) > MOST_PRINTED else ""
    return f'<table class="{kind}">{cut}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _cell(cell: object) -> str:
    told = _text(cell)
    return f"<td{' class=short' if len(told) <= SHORT else ''}>{html.escape(told)}</td>"


def _under(urls: Mapping[Hashable, object], columns: int) -> str:
    """Return the line of addresses below a row; "" where it has none."""
    told = " · ".join(f"{name}: {url}" for name, url in urls.items() if str(url).startswith("http"))
    return f'<tr class="url"><td colspan="{columns}">{html.escape(told)}</td></tr>' if told else ""


def _text(cell: object) -> str:
    if cell is None or (isinstance(cell, float) and pd.isna(cell)) or cell is pd.NA:
        return "–"
    return number(cell, 1, language()).removesuffix(".0") if isinstance(cell, float) else str(cell)
