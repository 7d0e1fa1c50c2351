"""What would flip neighbours, in words."""

import math

import pandas as pd
import pytest

from outputs.ranks import flip_table
from scoring.flips import COLUMNS
from views.judgement_words import JUDGEMENT_WORDS

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
    words = {key.removeprefix("flip_"): text for key, text in JUDGEMENT_WORDS.items() if key.startswith("flip_")}
    table = flip_table(pd.DataFrame([row(field, now, needed, port)]), NAMES, words, "en")
    assert list(table["change"]) == [said]
