"""The shipped fonts: where they are, how wide their letters run, how they are drawn, and what they cannot draw."""

import dataclasses
import threading
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont

from oreway.outputs.pictures.font_folder import FONTS

FAMILIES = ["Noto Sans", "Noto Sans CJK JP"]
REGULAR = ("NotoSans-Regular.ttf", "NotoSansMath-Regular.ttf", "NotoSansJP-Regular.otf")
BOLD = ("NotoSans-Bold.ttf", "NotoSansMath-Regular.ttf", "NotoSansJP-Bold.otf")
MM_PER_PT = 25.4 / 72
UNITS_PER_EM = 1000
REPLACEMENT = "\ufffd"
INVISIBLE = {ord(mark): None for mark in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f"}
FACES = threading.Lock()


class Strokes(BasePen):  # type: ignore[misc]  # fontTools has no types
    """The outline of a letter as an SVG path relative to its origin, y downwards, in units of its font."""

    def __init__(self, letters: Any) -> None:
        super().__init__(letters)
        self.found: list[str] = []
        self._before = self._start = (0, 0)

    def _add(self, stroke: str, *points: tuple[float, float]) -> None:
        places = [(round(x), -round(y)) for x, y in points]
        right, down = self._before
        self.found.append(stroke + " ".join(f"{x - right} {y - down}" for x, y in places))
        self._before = places[-1]

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._add("m", pt)
        self._start = self._before

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._add("l", pt)

    def _qCurveToOne(self, pt1: tuple[float, float], pt2: tuple[float, float]) -> None:  # noqa: N802
        self._add("q", pt1, pt2)

    def _curveToOne(  # noqa: N802
        self, pt1: tuple[float, float], pt2: tuple[float, float], pt3: tuple[float, float]
    ) -> None:
        self._add("c", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self.found.append("z")
        self._before = self._start


@dataclasses.dataclass(frozen=True)
class Face:
    """A font file: the glyph of a character, its width and its outline."""

    names: Mapping[int, str]
    glyphs: Any


@lru_cache
def _face(name: str) -> Face:
    font = TTFont(FONTS / name, lazy=True)
    return Face(font.getBestCmap(), font.getGlyphSet())


@lru_cache(maxsize=4096)
def text_width_mm(text: str, size_pt: float) -> float:
    """Return how wide a text is when printed in bold; characters outside the Latin font count as one em."""
    with FACES:
        face = _face(BOLD[0])
        widths = (
            face.glyphs[face.names[code]].width if (code := ord(one)) in face.names else UNITS_PER_EM for one in text
        )
        return float(sum(widths)) / UNITS_PER_EM * size_pt * MM_PER_PT


def letters_path(text: str, *, bold: bool) -> tuple[str, int]:
    """Return the outlines of a text as SVG path, y downwards, and its width, in thousandths of an em."""
    path, along = [], 0
    for character in text:
        outline, advance = _letter(character, bold=bold)
        if outline:
            path.append(f"M{along} 0{outline}")
        along += advance
    return "".join(path), along


@lru_cache(maxsize=4096)
def _letter(character: str, *, bold: bool) -> tuple[str, int]:
    """Return the outline of a letter as strokes relative to its origin, and how far it moves the pen."""
    code = ord(character)
    with FACES:  # a face reads its file when a glyph is asked for
        face = next((one for one in map(_face, BOLD if bold else REGULAR) if code in one.names), None)
        if face is None:
            return "", UNITS_PER_EM
        glyph, strokes = face.glyphs[face.names[code]], Strokes(face.glyphs)
        glyph.draw(strokes)
    return "".join(strokes.found), int(glyph.width)


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    with FACES:
        return frozenset({ord("\n")}.union(*(_face(name).names for name in REGULAR)))


@lru_cache(maxsize=8192)
def printable(text: str) -> str:
    """Return the text with characters no shipped font draws replaced by U+FFFD, so that none is lost in silence."""
    text = text.translate(INVISIBLE)
    strange = {ord(character) for character in text} - _characters()
    return text.translate({code: " " if chr(code).isspace() else REPLACEMENT for code in strange}) if strange else text
