"""What the one page on the balance says: sentences, picture, years and steps."""

import datetime
from collections.abc import Sequence

import pandas as pd

from oreway.outputs.pictures.balance_picture import balance_chart, element_words
from oreway.outputs.pictures.figure_content import figure_of
from oreway.outputs.report.balance_tables import balance_sentences, step_table, year_table
from oreway.outputs.report.many_contents import BalancePage, Table
from oreway.outputs.report.site_content import report_words
from oreway.outputs.words.formatting import Language, date_text, label, number
from oreway.scoring.balance.answer import Balance
from oreway.scoring.balance.next_step import Step
from oreway.scoring.balance.tables import Tables

MOST_STEPS = 8


def balance_content(
    found: Balance, tables: Tables, steps: Sequence[Step], *, year: int, data_version: str, created: datetime.date,
    lang: Language = "en",
) -> BalancePage:  # fmt: skip
    """Return everything the page prints, in one language.

    Args:
        found: the balance of every year.
        tables: the tables it rests on.
        steps: the next steps, the best first.
        year: the year of the sentences and of the picture.
        data_version: of the data.
        created: the day on the page.
        lang: the language.
    """
    asked = found.asked
    return {
        "lang": lang,
        "created": [created.year, created.month, created.day],
        "words": report_words(lang),
        "head": {"created": date_text(created, lang), "data_version": data_version},
        "title": label("balance_report", lang).format(element=element_words(asked.element)),
        "counts": label("balance_counts", lang).format(
            rule=label(f"counts_{asked.rule}", lang), draws=number(asked.draws, 0, lang), seed=asked.seed
        ),
        "sentences": balance_sentences(found, year, lang),
        "chart": figure_of(balance_chart(found, tables, year, lang)),
        "note": label("balance_note", lang),
        "years": _printed(label("balance_by_year", lang), [7], year_table(found, lang), lang),
        "steps": _printed(label("next_title", lang), [0, 1, 2], step_table(steps[:MOST_STEPS], lang), lang),
        "closing": f"{label('next_note', lang)} {label('balance_sources', lang)}",
    }  # fmt: skip


def _printed(title: str, left: list[int], table: pd.DataFrame, lang: Language) -> Table:
    """Return a table as texts: its head and its rows."""
    rows = [[_cell(cell, lang) for cell in row] for row in table.itertuples(index=False)]
    return {"title": title, "left": left, "head": [str(name) for name in table.columns], "rows": rows}


def _cell(cell: object, lang: Language) -> str:
    if isinstance(cell, str):
        return cell
    told = pd.to_numeric(pd.Series([cell]), errors="coerce").iloc[0]
    if pd.isna(told):
        return "–"
    return number(float(told), 0 if abs(told) >= MOST_STEPS else 2, lang)
