"""The pen: places, sizes and letters as SVG, safe text, nothing far beyond the paper."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import shapely
from fontTools.pens.areaPen import AreaPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont

from oreway.outputs.pictures.font_folder import FONTS
from oreway.outputs.pictures.fonts import letters_path
from oreway.outputs.pictures.vector_canvas import MARKS, Look, Pen

INK = Look(fill="#000000")
A4_MM = (210.0, 297.0)


def coordinates(svg: str) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    path = re.search(r' d="([^"]+)"', svg)
    assert path is not None
    return np.array(re.findall(r"-?[\d.]+", path[1]), float).reshape(-1, 2)


def test_the_paper_is_as_large_as_asked_and_y_runs_upwards() -> None:
    pen = Pen(*A4_MM)
    pen.line([(0.0, 297.0), (210.0, 0.0)], "#000000", 1.0)
    assert 'viewBox="0 0 595.28 841.89"' in pen.svg()  # A4 in points of 1/72 inch
    assert coordinates(pen.svg()) == pytest.approx(np.array([[0, 0], [595.28, 841.89]]), abs=0.01)


@pytest.mark.parametrize(
    ("letter", "bold", "font"),
    [("g", True, "NotoSans-Bold.ttf"), ("R", False, "NotoSans-Regular.ttf"), ("港", True, "NotoSansJP-Bold.otf"),
     ("鉱", False, "NotoSansJP-Regular.otf")],
)  # fmt: skip
def test_a_letter_has_the_outline_and_width_of_its_font(letter: str, bold: bool, font: str) -> None:
    path, width = letters_path(letter, bold=bold)
    shipped = TTFont(FONTS / font)
    name, glyphs = shipped.getBestCmap()[ord(letter)], shipped.getGlyphSet()
    assert width == shipped["hmtx"][name][0]
    drawn, meant = AreaPen(None), AreaPen(glyphs)
    parse_path(path, drawn)
    glyphs[name].draw(meant)
    assert drawn.value == pytest.approx(-meant.value, rel=1e-3)  # the picture's y runs downwards


def test_letters_follow_each_other_by_their_widths() -> None:
    _, both = letters_path("Ag", bold=False)
    assert both == sum(letters_path(letter, bold=False)[1] for letter in "Ag")
    pen = Pen(100.0, 10.0, outlined=True)
    pen.text(100.0, 1.0, "Ag", 10.0, align="right")
    place = re.search(r"translate\(([\d.]+) ", pen.svg())
    assert place is not None
    assert float(place[1]) == pytest.approx(100 / 25.4 * 72 - both / 100, abs=0.01)


def test_text_stays_text_and_is_never_read_as_markup() -> None:
    pen = Pen(50.0, 10.0)
    pen.text(1.0, 1.0, "<script>a & b</script>", 6.0)
    texts = [element.text for element in ET.fromstring(pen.svg())]
    assert texts == ["<script>a & b</script>"]


def test_a_hole_stays_open_and_what_lies_far_beyond_the_paper_is_left_out() -> None:
    pen = Pen(100.0, 100.0)
    ring = shapely.box(-1e6, -1e6, 1e6, 1e6).difference(shapely.box(40, 40, 60, 60))
    pen.shapes(np.array([ring], dtype=object), INK)
    drawn = coordinates(pen.svg())
    assert np.abs(drawn).max() < 1.1 * 100 / 25.4 * 72
    assert pen.svg().count("M") == 2
    pen = Pen(100.0, 100.0)
    pen.shapes(np.array([shapely.box(200, 200, 300, 300)], dtype=object), INK)
    assert "<path" not in pen.svg()


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_a_mark_is_drawn_round_its_place(mark: str) -> None:
    pen = Pen(100.0, 100.0)
    pen.mark(30.0, 60.0, mark, 8.0, INK)
    drawn = coordinates(pen.svg())
    assert drawn.mean(axis=0) == pytest.approx([30 / 25.4 * 72, 40 / 25.4 * 72], abs=1.4)
    assert np.ptp(drawn[:, 0]) == pytest.approx(8.0, abs=3.4)


def test_an_arrow_ends_where_it_points() -> None:
    pen = Pen(100.0, 100.0)
    pen.arrow(90.0, 50.0, (1.0, 0.0), 5.0, "#000000")
    tip = 90 / 25.4 * 72
    assert f"M{tip:.2f} 141.73L" in pen.svg()
    assert max(float(x) for x in re.findall(r"[ML]([\d.]+) ", pen.svg())) == pytest.approx(tip, abs=0.01)
