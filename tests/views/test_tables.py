"""A table on paper: every row, short cells on one line, addresses below their row."""

import re

import pandas as pd

from oreway.views.grids import MOST_PRINTED, paper_table


def test_addresses_stand_below_their_row_and_a_row_without_one_has_no_line_for_it():
    table = pd.DataFrame({
        "What": ["floor", "<b>"], "Value": [110.0, None],
        "Source": ["https://example.org/a?b=1&c=2", None], "Later": ["https://example.org/d", None],
    })  # fmt: skip
    shown = paper_table(table)
    assert "<th>What</th><th>Value</th></tr>" in shown
    assert (
        '<tr><td class=short>floor</td><td class=short>110</td></tr><tr class="url"><td colspan="2">'
        "Source: https://example.org/a?b=1&amp;c=2 · Later: https://example.org/d</td></tr>"
    ) in shown
    assert "<tr><td class=short>&lt;b&gt;</td><td class=short>–</td></tr></tbody>" in shown


def test_a_long_table_says_how_many_rows_are_left_out():
    shown = paper_table(pd.DataFrame({"n": range(MOST_PRINTED + 5)}))
    assert shown.count("<tr>") == MOST_PRINTED + 1
    assert re.search(rf"<caption>.*{MOST_PRINTED}.*{MOST_PRINTED + 5}", shown)
