"""Tables on paper: a grid on the screen prints only the rows in sight, so paper gets a plain table with all of them."""

import html

import pandas as pd
import streamlit as st

from oreway.views.state import ui


def printed(table: pd.DataFrame) -> None:
    """Put a table onto the page that only paper shows, headings in words, every row and column in sight.

    Args:
        table: columns as in `page_texts`, without the prefix col_.
    """
    head = "".join(f"<th>{html.escape(ui(f'col_{name}'))}</th>" for name in table.columns)
    rows = "".join(
        f"<tr>{''.join(f'<td>{html.escape(_text(cell))}</td>' for cell in row)}</tr>"
        for row in table.itertuples(index=False)
    )
    st.html(f'<table class="oreway-paper"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>')


def _text(cell: object) -> str:
    if cell is None or (isinstance(cell, float) and pd.isna(cell)):
        return "–"
    return f"{cell:,.1f}".removesuffix(".0") if isinstance(cell, float) else str(cell)
