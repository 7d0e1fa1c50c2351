"""Coordinates in any usual spelling come back as the position that was written, or are refused with the reason."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oreway.layers.errors import CoordinateError
from oreway.layers.tables.coordinates import angle, degrees, folded, is_nothing, off_earth, pair

TENTH_OF_A_MICRODEGREE = 1e-7
LETTER = {("lat", False): "N", ("lat", True): "S", ("lon", False): "E", ("lon", True): "W"}
WORDS = {
    "N": ["N", "n", "North", "nord", "Nord", "n. Br.", "nördlicher Breite", "nordlig bredde", "latitude nord"],
    "S": ["S", "s", "South", "Süd", "syd", "sud", "s. Br.", "südlicher Breite", "sydlig bredde"],
    "E": ["E", "e", "East", "Ost", "øst", "est", "ö. L.", "östlicher Länge", "østlig længde", "longitude est"],
    "W": ["W", "w", "West", "vest", "ouest", "w. L.", "westlicher Länge", "vestlig længde", "V"],
}  # fmt: skip
JAPANESE = {"N": "北緯", "S": "南緯", "E": "東経", "W": "西経"}
MARKS = [("°", "'", '"'), ("º", "′", "″"), ("° ", "’ ", "” "), (" deg ", " min ", " sec"), (":", ":", ""),
         (" ", " ", ""), ("°", "'", "''"), ("度", "分", "秒"),
         (" Grad ", " Minuten ", " Sekunden"), ("d", "m", "s "), ("˚", "´", "´´"),
         (" degrés ", " minutes ", " secondes"), ("-", "-", "")]  # fmt: skip
MINUSES = ["-", "−", "–", "－", "‐", "‑", "—", "﹣"]
PLACES = st.tuples(st.sampled_from(["lat", "lon"]), st.floats(0, 1, exclude_max=True), st.booleans())
AS_WRITTEN = st.sampled_from([".", ","])


def turned(axis, share, below):
    size = share * (90 if axis == "lat" else 180)
    return -size if below else size


def with_letter(draw_word, letter, text, before):
    return f"{draw_word} {text}" if before else f"{text} {draw_word}"


@given(PLACES, st.sampled_from(MINUSES), AS_WRITTEN, st.sampled_from(["", " ", "\u00a0", "\u200b", "\ufeff"]))
def test_decimal_degrees_with_any_minus_sign_blank_or_comma_are_read(place, minus, point, blank):
    value = turned(*place)
    text = f"{blank}{value:.8f}{blank}".replace("-", minus).replace(".", point)
    assert angle(text, place[0]).degrees == pytest.approx(value, abs=TENTH_OF_A_MICRODEGREE)


@given(PLACES, st.data(), AS_WRITTEN, st.booleans())
def test_decimal_degrees_with_a_letter_or_word_are_read(place, data, point, before):
    value = turned(*place)
    letter = LETTER[place[0], place[2]]
    word = data.draw(st.sampled_from(WORDS[letter]))
    text = with_letter(word, letter, f"{abs(value):.8f}°".replace(".", point), before)
    read = angle(text, data.draw(st.sampled_from(["", place[0]])))
    assert read.degrees == pytest.approx(value, abs=TENTH_OF_A_MICRODEGREE)
    assert read.axis == place[0]


@given(PLACES, st.data(), st.sampled_from(MARKS), AS_WRITTEN)
def test_degrees_minutes_and_seconds_are_read_in_every_spelling(place, data, marks, point):
    value = turned(*place)
    letter = LETTER[place[0], place[2]]
    whole, rest = divmod(round(abs(value) * 3600 * 100_000), 3600 * 100_000)
    minutes, seconds = divmod(rest, 60 * 100_000)
    text = f"{whole}{marks[0]}{minutes:02d}{marks[1]}{seconds / 100_000:08.5f}{marks[2]}".replace(".", point)
    word = JAPANESE[letter] if marks[0] == "度" else data.draw(st.sampled_from(WORDS[letter]))
    before = marks[0] == "度" or data.draw(st.booleans())
    read = angle(with_letter(word, letter, text, before), place[0])
    assert read.degrees == pytest.approx(value, abs=TENTH_OF_A_MICRODEGREE)


@given(PLACES, st.sampled_from(MARKS[:-1]), st.sampled_from(MINUSES))
def test_degrees_and_decimal_minutes_are_read_with_a_sign(place, marks, minus):
    value = turned(*place)
    thousandths = round(abs(value) * 60 * 1_000_000)
    whole, minutes = divmod(thousandths, 60 * 1_000_000)
    sign = minus if place[2] else ""
    text = f"{sign}{whole}{marks[0]}{minutes / 1_000_000:09.6f}{marks[1]}".rstrip(":")
    assert angle(text, place[0]).degrees == pytest.approx(value, abs=TENTH_OF_A_MICRODEGREE)


@given(
    st.floats(-90, 90), st.floats(-180, 180), st.sampled_from([", ", ",", "; ", " ", " / ", "|", "\n"]), st.booleans()
)
def test_two_coordinates_in_one_cell_are_parted(lat, lon, between, lettered):
    texts = [f"{abs(lat):.8f} {'S' if lat < 0 else 'N'}", f"{abs(lon):.8f} {'W' if lon < 0 else 'E'}"]
    first, second = pair(between.join(texts if lettered else [f"{lat:.8f}", f"{lon:.8f}"]))
    assert (first.degrees, second.degrees) == pytest.approx((lat, lon), abs=TENTH_OF_A_MICRODEGREE)
    assert (first.axis, second.axis) == (("lat", "lon") if lettered else ("", ""))


@given(st.floats(-90, 90, allow_nan=False), st.floats(-180, 180))
def test_the_quick_way_reads_what_the_careful_way_reads(lat, lon):
    texts = [f"{lon!r}" if "e" not in f"{lon!r}" else "0", f"{abs(lon):.6f} {'W' if lon < 0 else 'E'}", "", "x"]
    read = degrees(pa.array(texts), "lon")
    assert read.degrees[0] == angle(texts[0], "lon").degrees
    assert read.degrees[1] == angle(texts[1], "lon").degrees
    assert list(read.faults) == [3]
    assert "'x' is no coordinate" in read.faults[3]


@pytest.mark.parametrize(
    ("text", "axis", "degrees_read"),
    [
        ("12 5 E", "lon", 12 + 5 / 60),
        ("8 3 S", "lat", -8.05),
        ("0.5 S", "lat", -0.5),
        ("-0 30 0", "lat", -0.5),
        ("-28.86 S", "lat", -28.86),
        ("W46.01", "lon", -46.01),
        ("60-58-12 N", "lat", 60.97),
        ("北緯24度17分24秒", "lat", 24.29),
        ("南緯２８度５１分３６秒", "lat", -28.86),
        ("Lat: 60.97", "lat", 60.97),
        ("lon=-46.01", "lon", -46.01),
        ("28d51m36s", "lat", 28.86),
        ("28 51 36, S", "lat", -28.86),
        ("60° 58,2' n. Br.", "lat", 60.97),
    ],
)
def test_one_coordinate_is_read(text, axis, degrees_read):
    assert angle(text, axis).degrees == pytest.approx(degrees_read, abs=1e-12)


@pytest.mark.parametrize(
    ("text", "axis", "said"),
    [
        ("-28.86 N", "lat", "contradicts itself"),
        ("-46.01 E", "lon", "contradicts itself"),
        ("+46.01 W", "lon", "contradicts itself"),
        ("60.97 E", "lat", "is a longitude, not a latitude"),
        ("46 O", "lon", "two ways"),
        ("28D51M36S", "lat", "two ways"),
        ("46-01", "lon", "range or two numbers"),
        ("60 75 N", "lat", "75 minutes"),
        ("60 10 61 N", "lat", "61 seconds"),
        ("60.5 30 N", "lat", "decimals before"),
        ("605812N", "lat", "beyond 90"),
        ("12E5", "lon", "letter between"),
        ("1e3", "lon", "letter between"),
        ("60.97 -46.01", "lat", "sign inside"),
        ("1 2 3 4", "lat", "more than"),
        ("N 60 S", "lat", "two directions"),
        ("23V 455135", "lon", "letter between"),
        ("six", "lat", "no coordinate"),
        ("1_000", "lat", "no coordinate"),
        ("455,135.5", "lon", "decimals before"),
        ("9" * 500, "lon", "too long"),
    ],
)
def test_what_is_no_coordinate_or_may_be_two_is_refused(text, axis, said):
    with pytest.raises(CoordinateError, match=said):
        angle(text, axis)


@pytest.mark.parametrize("text", ["60 58 46 00", "60,46", "60.97,-46.01,200", "60.97 N 46.01", "60.97", "N 60, N 46"])
def test_two_coordinates_that_cannot_be_told_apart_are_refused(text):
    with pytest.raises(CoordinateError, match="give longitude and latitude a column each"):
        pair(text)


def test_cells_that_say_nothing_are_no_coordinates():
    assert all(is_nothing(text) for text in ("", " ", "n/a", "-", "NULL", "–", "\u00a0", '""', '=""'))
    assert not is_nothing("0")


def test_longitudes_of_0_to_360_are_folded_and_counted():
    turned_back, count = folded(degrees(pa.array(["313.99", "122.54", "-182.81", "180", "-180"]), "lon").degrees)
    assert turned_back == pytest.approx([-46.01, 122.54, 177.19, 180, -180])
    assert count == 2


def test_positions_off_the_earth_are_named():
    lon, lat = (
        degrees(pa.array(values), axis).degrees
        for values, axis in (([400.0, 1.0, None], "lon"), ([1.0, 95.0, 1.0], "lat"))
    )
    assert off_earth(lon, lat) == {0: "longitude 400; expected -180 to 180", 1: "latitude 95; expected -90 to 90"}
