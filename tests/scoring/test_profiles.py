"""The shapes of value functions and a user's own profile, by hand arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreway.layers.vocabulary import LINEAR
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import assess
from oreway.scoring.measure.measure import measure
from oreway.scoring.world.criteria import ValueFunction
from oreway.scoring.world.weight_profiles import read_profile, with_shapes

ROAD_KM = 110.574 * 1.3  # one degree of a meridian at the equator, with the detour of the outback


def function(shape):
    return ValueFunction(class_="road", d0=1, h=17, circuity_low=1.2, circuity=1.5, circuity_high=2.2, shape=shape)


def test_the_linear_shape_falls_by_the_share_of_half_the_capital_a_link_costs():
    # 17 km of road at US$3.0M cost US$51M, a tenth of US$500M; 250 of 500 are reached after 85 km
    linear = function(LINEAR)
    assert linear.value(1, 1.0) == 1
    assert linear.value(18, 1.0) == pytest.approx(0.8)
    assert linear.value(1 + 42.5, 1.0) == pytest.approx(0.5)
    assert linear.value(86, 1.0) == 0
    assert linear.value(500, 1.0) == 0


def test_both_shapes_agree_at_the_site_and_the_half_life_never_ends():
    half, linear = function("half_life"), function(LINEAR)
    assert half.value(0) == linear.value(0) == 1
    assert half.value(18, 1.0) == 0.5
    assert 0 < half.value(500, 1.0) < 1e-8


@given(shape=st.sampled_from(["half_life", LINEAR]), near=st.floats(0, 2000), more=st.floats(0, 500))
def test_farther_is_never_better_whatever_the_shape(shape, near, more):
    assert function(shape).value(near + more) <= function(shape).value(near)


@given(shape=st.sampled_from(["half_life", LINEAR]), value=st.floats(0.01, 0.99))
def test_the_distance_of_a_value_has_that_value(shape, value):
    assert function(shape).value(function(shape).amount(value)) == pytest.approx(value, rel=1e-9)


def test_a_site_is_judged_by_the_shape_asked_for(tiny):
    rows = measure(tiny, ["au-inland"])
    linear = assess(with_shapes(tiny, LINEAR), rows)["au-inland"].values["road"][1]
    assert linear == pytest.approx(1 - (ROAD_KM - 1) / (5 * 30), rel=1e-3)
    half = assess(tiny, rows)["au-inland"].values["road"][1]
    assert half == pytest.approx(2 ** (-(ROAD_KM - 1) / 30), rel=1e-3)


def test_a_file_may_name_a_shape_for_one_criterion(tiny, tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("criterion_id,weight,shape\nroad,3,linear\npower,1,\n", encoding="utf-8")
    own = read_profile(path)
    found = assess(with_shapes(tiny, own.shapes), measure(tiny, ["au-inland"]), weights=own.weights)["au-inland"]
    road, power = found.values["road"][1], found.values["power"][1]
    assert road == pytest.approx(1 - (ROAD_KM - 1) / 150, rel=1e-3)
    assert found.total == pytest.approx(100 * (3 * road + power) / 4)


def test_every_fault_of_a_profile_is_told_at_once(tmp_path):
    path = tmp_path / "own.csv"
    rows = ("criterion_id,weight,shape", "road,much,linear", "power,1,round", "power,1,", "town,nan,")
    path.write_text("\n".join(rows), encoding="utf-8")
    with pytest.raises(ScoringError) as refusal:
        read_profile(path)
    text = str(refusal.value)
    assert "line 2: weight 'much' is not a number" in text
    assert "line 3: shape 'round'; choose from half_life, linear" in text
    assert "line 5: weight 'nan' is not a number" in text
    assert "line 4: criterion 'power' stands here twice" in text


def test_a_profile_without_its_columns_is_refused(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("name,share\nroad,3\n", encoding="utf-8")
    with pytest.raises(ScoringError, match=r"own\.csv: columns name, share; expected criterion_id,weight"):
        read_profile(path)


def test_a_shape_nobody_knows_is_refused(tiny):
    with pytest.raises(ScoringError, match="shape 'square': not known; choose from half_life, linear"):
        with_shapes(tiny, "square")
    with pytest.raises(ScoringError, match="no criterion 'rode'"):
        with_shapes(tiny, {"rode": LINEAR})
