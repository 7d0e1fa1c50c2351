"""Commodities, stages and accuracies are understood in the field's usual words; what is not known is named."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreway.layers.errors import CoordinateError
from oreway.layers.tables.attributes import (
    COMMODITY_WORDS,
    STAGE_WORDS,
    commodities,
    kilometres,
    plant_state,
    stage,
    standing,
)  # fmt: skip
from oreway.layers.upload.upload import read_upload


@pytest.mark.parametrize(
    ("text", "symbols", "strange"),
    [
        ("Li", "Li", ()),
        ("Lithium", "Li", ()),
        ("LITHIUM", "Li", ()),
        ("rare earth", "REE", ()),
        ("Rare Earth Elements", "REE", ()),
        ("REE, Nb", "REE;Nb", ()),
        ("Cu-Au", "Cu;Au", ()),
        ("Cu Au Ag", "Cu;Au;Ag", ()),
        ("Seltene Erden; Kupfer", "REE;Cu", ()),
        ("terres rares et cuivre", "REE;Cu", ()),
        ("レアアース、コバルト", "REE;Co", ()),
        ("sjældne jordarter og guld", "REE;Au", ()),
        ("Lithium (spodumene)", "Li", ()),
        ("unobtainium", "unobtainium", ("unobtainium",)),
        ("Ni, dilithium", "Ni;dilithium", ("dilithium",)),
        ("", "", ()),
        ("n/a", "", ()),
    ],
)
def test_commodities_become_symbols_in_the_order_given(text, symbols, strange):
    assert commodities(text) == (symbols, strange)


@pytest.mark.parametrize("symbol", COMMODITY_WORDS)
def test_every_word_of_a_commodity_gives_its_symbol_in_any_case(symbol):
    for word in (symbol, *COMMODITY_WORDS[symbol]):
        for text in (word, word.upper(), word.title(), f" {word} "):
            assert commodities(text) in {(symbol, ()), ("REE", ())}, text


@pytest.mark.parametrize("expected", STAGE_WORDS)
def test_every_word_of_a_stage_gives_that_stage(expected):
    assert all(
        stage(text) == expected.value for word in STAGE_WORDS[expected] for text in (word, word.upper(), f" {word} ")
    )


def test_the_state_of_a_plant_is_no_stage_of_a_mine():
    assert [plant_state(text) for text in ("operating", "Idled", "under construction", "", "bogus")] == [
        "operating", "idled", "building", "", None,
    ]  # fmt: skip
    assert (stage("operating"), stage("building"), stage("idled")) == ("producing", None, None)
    read = read_upload(b"name,lon,lat,kind,stage\nA,5,1,plant,operating\nB,5,1,mine,operating\nC,5,1,plant,sleepy", "a")
    assert list(read.sites["stage"]) == ["operating", "producing", ""]
    assert "states of plants that are not known: sleepy" in read.notes


def test_stages_that_are_not_known_are_told_from_none():
    assert stage("Feasibility") == "fs"
    assert stage("Pre-Feasibility Study") == "pfs"
    assert stage("") == ""
    assert stage("past producer") is None
    assert standing("on hold") == "on_hold"
    assert standing("unknown") == "unknown"
    assert standing("sleeping") is None


@pytest.mark.parametrize(
    ("text", "unit", "km"),
    [
        ("2,5", "km", 2.5), ("5 km", "km", 5), ("5", "km", 5), ("25000", "m", 25), ("25000 m", "km", 25),
        ("1500", "km", 1500), ("± 5 km", "", 5), ("500 m", "", 0.5), ("1 mi", "", 1.609344), ("<2 km", "", 2),
        ("2.5 Kilometres", "", 2.5), ("250m", "", 0.25),
    ],
)  # fmt: skip
def test_accuracies_are_read_with_their_unit(text, unit, km):
    assert kilometres(text, unit) == pytest.approx(km, rel=1e-12)


@pytest.mark.parametrize("text", ["", "0", "0 km", "n/a", "unknown"])
def test_no_accuracy_is_not_an_accuracy_of_0(text):
    assert math.isnan(kilometres(text, "km"))


@pytest.mark.parametrize(("text", "unit", "said"), [
    ("5", "", "no unit"), ("poor", "km", "not a length"), ("-5", "km", "not a length"), ("1,500", "m", "not a length"),
    ("50000", "km", "half way round"), ("5 parsec", "km", "no unit"),
])  # fmt: skip
def test_an_accuracy_that_cannot_be_read_says_why(text, unit, said):
    with pytest.raises(CoordinateError, match=said):
        kilometres(text, unit)


@given(st.floats(0.001, 20_000), st.sampled_from(["km", "m", "mi", "ft"]))
def test_a_length_written_in_any_unit_is_read_back(length, unit):
    text = f"{length / {'km': 1, 'm': 0.001, 'mi': 1.609344, 'ft': 0.0003048}[unit]:.9f} {unit}"
    assert kilometres(text) == pytest.approx(length, rel=1e-6)
