"""What each fact rests on is worked out from its rows, and said beside the figures that decide something."""

import datetime

import pandas as pd
import pytest

from oreway.layers.backing import TONNAGES, backing, decides
from oreway.layers.read import read_facts
from oreway.layers.schema import FACT_COLUMNS
from oreway.outputs.report.factsheet import fact_row
from oreway.scoring.price.ore import RATE_FIELDS

MOST_WEAK = 110
ROW = dict.fromkeys(FACT_COLUMNS, "") | {
    "site_id": "au-one", "field": "resource_mt", "value": "4", "unit": "Mt", "category": "inferred", "as_of": "2025",
    "source_url": "https://www.digest.example/a", "source_title": "Digest", "source_kind": "aggregator",
    "confidence": "medium",
}  # fmt: skip


def rests_on(*rows):
    return list(backing(pd.DataFrame([ROW | row for row in rows])))


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({}, "one_weak"),
        ({"source_kind": "filing"}, "primary"),
        ({"source_kind": "company"}, "primary"),
        ({"note": "also: https://paper.example/b"}, "several"),
        ({"note": "also: https://digest.example/b"}, "one_weak"),
        ({"note": "at a 2% cut; also, rounded: https://paper.example/b"}, "several"),
        ({"note": "so too the paper (https://paper.example/b)"}, "several"),
        ({"note": "announced on 5 May: https://paper.example/b"}, "one_weak"),
        ({"note": "also rounded; the older estimate: https://paper.example/b"}, "one_weak"),
        ({"note": "closed for a short time too: https://paper.example/b"}, "one_weak"),
        ({"note": "single source; another page prints 5: https://paper.example/b"}, "one_weak"),
        ({"state": "superseded"}, ""),
        ({"confidence": "gap"}, ""),
    ],
)
def test_a_figure_rests_on_a_primary_source_or_on_pages_of_two_hosts_or_on_one_weak_one(row, word):
    assert rests_on(row) == [word]


def test_a_row_of_another_host_backs_a_figure_only_if_it_prints_the_same_of_the_same_category():
    other = {"source_url": "https://paper.example/b"}
    assert rests_on({}, other) == ["several", "several"]
    assert rests_on({}, other | {"value": "5"}) == ["one_weak", "one_weak"]
    assert rests_on({}, other | {"category": "measured"}) == ["one_weak", "one_weak"]


FILED = {"source_kind": "filing", "source_url": "https://filing.example/a"}
TOTAL = FILED | {"category": "resource_total", "value": "100"}
CLASSES = ({"category": "indicated", "value": "60.0"}, {"value": "40.0"})
GRADE = {"field": "grade_treo_pct", "unit": "%"}
METAL = {"field": "contained_reo_kt", "unit": "kt"}


def test_classes_on_one_weak_page_that_make_the_filed_total_add_up():
    assert rests_on(*CLASSES, TOTAL) == ["adds_up", "adds_up", "primary"]


@pytest.mark.parametrize(
    "total",
    [
        {"value": "103.0"},  # not their sum
        {"source_kind": "aggregator", "source_url": ROW["source_url"]},  # no stronger than they are
        {"as_of": "2024"},  # of another estimate
        {"site_id": "au-two"},
        {"category": "reserve_total"},
        {"state": "conflict"},
    ],
)
def test_classes_that_do_not_make_a_stronger_total_of_their_estimate_stay_weak(total):
    assert rests_on(*CLASSES, TOTAL | total)[:2] == ["one_weak", "one_weak"]


def test_one_class_alone_does_not_add_up_to_a_total():
    assert rests_on({"value": "100"}, TOTAL)[0] == "one_weak"


@pytest.mark.parametrize(("mean", "word"), [("1.60", "adds_up"), ("1.50", "one_weak")])  # (60 x 2 + 40 x 1) / 100
def test_grades_of_classes_add_up_where_their_mean_by_tonnes_is_the_filed_grade(mean, word):
    grades = ({"category": "indicated", "value": "2.00"} | GRADE, {"value": "1.00"} | GRADE)
    found = rests_on(*CLASSES, TOTAL, *grades, TOTAL | GRADE | {"value": mean})
    assert found[3:5] == [word, word]


@pytest.mark.parametrize(("metal", "word"), [("201", "adds_up"), ("238", "one_weak")])  # 4.0 Mt at 5.0 %
def test_metal_adds_up_where_it_is_filed_tonnes_times_filed_grade(metal, word):
    assert rests_on(FILED | {"value": "4.0"}, FILED | GRADE | {"value": "5.0"}, METAL | {"value": metal})[2] == word
    assert rests_on({"value": "4.0"}, FILED | GRADE | {"value": "5.0"}, METAL | {"value": metal})[2] == "one_weak"


@pytest.mark.parametrize(
    ("lang", "mark", "sums"),
    [
        ("en", "one weak source", "adds up with stronger figures"),
        ("ja", "弱い資料1件のみ", "より確かな資料の数値と計算が一致"),
    ],
)
def test_a_deciding_figure_on_one_weak_source_says_so_beside_the_value(lang, mark, sums):
    today = datetime.date(2026, 11, 26)
    weak = ROW | {"rests_on": "one_weak"}
    assert fact_row(weak, {}, today, lang)["marks"] == mark
    assert fact_row(weak | {"rests_on": "adds_up"}, {}, today, lang)["marks"] == sums
    assert fact_row(weak | {"rests_on": "several"}, {}, today, lang)["marks"] == ""
    assert fact_row(weak | {"field": "owner"}, {}, today, lang)["marks"] == ""


def test_every_field_that_a_price_takes_from_a_site_decides():
    assert [field for field in (*TONNAGES, *RATE_FIELDS, "mine_life_years") if not decides(field)] == []


def test_few_deciding_figures_rest_on_one_weak_source():
    facts = read_facts()
    assert (facts["field"].map(decides) & (facts["rests_on"] == "one_weak")).sum() <= MOST_WEAK
