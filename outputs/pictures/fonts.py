"""The shipped fonts: where they are, how wide their letters run, how they are drawn, and what they cannot draw."""

import threading
from functools import lru_cache

from matplotlib.ft2font import FT2Font, LoadFlags

from oreway.layers.catalog import DATA

FONTS = DATA / "web" / "fonts"
FAMILIES = ["Noto Sans", "Noto Sans CJK JP"]
REGULAR = ("NotoSans-Regular.ttf", "NotoSansMath-Regular.ttf", "NotoSansJP-Regular.otf")
BOLD = ("NotoSans-Bold.ttf", "NotoSansMath-Regular.ttf", "NotoSansJP-Bold.otf")
MM_PER_PT = 25.4 / 72
UNITS_PER_EM, FREETYPE_UNITS = 1000, 64
REPLACEMENT = "\ufffd"
INVISIBLE = {ord(mark): None for mark in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f"}
STROKES = {1: ("m", 1), 2: ("l", 1), 3: ("q", 2), 4: ("c", 3)}
FACES = threading.Lock()


@lru_cache
def _face(name: str) -> FT2Font:
    return FT2Font(FONTS / name)


@lru_cache(maxsize=4096)
def text_width_mm(text: str, size_pt: float) -> float:
    """Return how wide a text is when printed in bold; characters outside the Latin font count as one em."""
    with FACES:  # a face remembers the last size and text it was given
        font = _face(BOLD[0])
        font.set_size(100, 72)
        latin = "".join(character for character in text if font.get_char_index(ord(character)))
        font.set_text(latin)
        hundred = font.get_width_height()[0] / 64 + 100 * (len(text) - len(latin))
    return hundred / 100 * size_pt * MM_PER_PT


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
    with FACES:
        faces = [_face(name) for name in (BOLD if bold else REGULAR)]
        face = next((one for one in faces if one.get_char_index(ord(character))), None)
        if face is None:
            return "", UNITS_PER_EM
        advance = int(face.load_char(ord(character), flags=LoadFlags.NO_SCALE).horiAdvance)
        points, codes = face.get_path()
    found, before, at, start = [], (0, 0), 0, (0, 0)
    places = [(round(x * FREETYPE_UNITS), -round(y * FREETYPE_UNITS)) for x, y in points.tolist()]
    while at < len(codes):
        stroke, count = STROKES.get(int(codes[at]), ("z", 1))
        if stroke == "z":
            found.append("z")
            before = start
        else:
            steps = [f"{x - before[0]} {y - before[1]}" for x, y in places[at : at + count]]
            found.append(stroke + " ".join(steps))
            before = places[at + count - 1]
            start = before if stroke == "m" else start
        at += count
    return "".join(found), advance


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    return frozenset({ord("\n")}.union(*(FT2Font(FONTS / name).get_charmap() for name in REGULAR)))


@lru_cache(maxsize=8192)
def printable(text: str) -> str:
    """Return the text with characters no shipped font draws replaced by U+FFFD, so that none is lost in silence."""
    text = text.translate(INVISIBLE)
    strange = {ord(character) for character in text} - _characters()
    return text.translate({code: " " if chr(code).isspace() else REPLACEMENT for code in strange}) if strange else text
