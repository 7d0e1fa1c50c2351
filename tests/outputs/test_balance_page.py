"""The balance on paper: one page in each language, and a picture that stays the same."""

import datetime
import io

import pytest
from pypdf import PdfReader

from oreway.outputs.pictures.balance_picture import balance_chart
from oreway.outputs.report.report import balance_report
from oreway.scoring.balance.answer import Asked
from oreway.scoring.balance.balance import balance, read_inputs
from oreway.scoring.balance.next_step import next_steps


@pytest.fixture(scope="module")
def inputs():
    return read_inputs()


@pytest.fixture(scope="module")
def found(inputs):
    return balance(inputs, Asked(element="NdPr", draws=3, years=(2029, 2030)))


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ["could reach magnets", "Best next step", "MP Materials 10X"]), ("ja", ["磁石", "発表"])]
)
def test_the_balance_fits_one_page_in_both_languages(inputs, found, lang, words):
    steps = next_steps(inputs, Asked(element="NdPr", draws=1, years=(2030,)))
    page = balance_report(found, inputs.tables, steps, year=2030, data_version="test", lang=lang,
                          created=datetime.date(2026, 11, 26))  # fmt: skip
    pages = PdfReader(io.BytesIO(page)).pages
    assert len(pages) == 1
    text = pages[0].extract_text()
    assert [word for word in words if word not in text] == []


def test_the_picture_is_the_same_twice_and_tells_what_it_shows(inputs, found):
    first, second = (balance_chart(found, inputs.tables, 2030) for _ in range(2))
    assert first.svg == second.svg
    assert "China makes 69 % of the world's" in first.alt
    assert first.svg.count("<rect") > 20
