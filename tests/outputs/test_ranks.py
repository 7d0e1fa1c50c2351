"""What would flip neighbours, in words."""

import math

import pandas as pd
import pytest

from oreway.outputs.report.rank_tables import flip_table
from oreway.scoring.rank.flips import COLUMNS

NAMES = {"a": "Alpha", "b": "Beta"}


def row(field, now, needed, port):
    blank = dict.fromkeys(COLUMNS, math.nan) | {"above": "a", "below": "b", "gap": 1.0, "change": "recorded"}
    blank |= {"criterion_id": "port", "site_id": "b"}
    return {**blank, "field": field, "field_of": port, "from_recorded": now, "to_recorded": needed}


@pytest.mark.parametrize(
    ("field", "now", "needed", "port", "said"),
    [
        ("berth_depth_m", 8.0, 8.53, "Narsaq", "Narsaq: 8.5 m of water at the berth instead of 8.0"),
        ("berth_depth_m", math.nan, 7.0, "Inlet", "Inlet: 7.0 m of water at the berth, where no depth is recorded"),
        ("open_months", 10.5, 9.26, "Narsaq", "Narsaq: open 9.3 months a year instead of 10.5"),
        ("water_depth_m", 5450.0, 6628.5, "", "Beta: 6,628.5 m of water instead of 5,450.0"),
    ],
)
def test_a_recorded_fact_that_would_swap_two_sites_is_told_with_its_unit(field, now, needed, port, said):
    table = flip_table(pd.DataFrame([row(field, now, needed, port)]), NAMES, "en")
    assert list(table["change"]) == [said]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"change": "weight", "from_value": 0.05494, "to_value": 0.05106}, "weight of Port 0.051 instead of 0.055"),
        (
            {"change": "fact", "from_value": 0.5, "to_value": 0.49, "from_km": 23.61, "to_km": 23.74},
            "Beta: Port at 23.7\u00a0km instead of 23.6\u00a0km",
        ),
    ],
)
def test_a_change_smaller_than_the_usual_digits_is_told_with_more(change, said):
    blank = row("", math.nan, math.nan, "") | {"from_km": math.nan, "to_km": math.nan}
    table = flip_table(pd.DataFrame([blank | change]), NAMES, "en")
    assert [text.lower() for text in table["change"]] == [said.lower()]


def test_two_sites_with_the_same_score_are_said_to_have_it():
    equal = row("", math.nan, math.nan, "") | {"change": "fact", "gap": 0.0, "from_value": 0.0, "to_value": 0.0}
    table = flip_table(pd.DataFrame([equal]), NAMES, "en")
    assert list(table["change"]) == ["the same score: any change would; they stand in the order of their ids"]
