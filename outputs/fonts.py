"""The shipped fonts: where they are, how wide their letters run, and what they cannot draw."""

from functools import lru_cache

from matplotlib.font_manager import fontManager
from matplotlib.ft2font import FT2Font

from layers.catalog import DATA

FONTS = DATA / "web" / "fonts"
FAMILIES = ["Noto Sans", "Noto Sans CJK JP"]
REGULAR = ("NotoSans-Regular.ttf", "NotoSansMath-Regular.ttf", "NotoSansJP-Regular.otf")
MM_PER_PT = 25.4 / 72
REPLACEMENT = "\ufffd"
INVISIBLE = {ord(mark): None for mark in "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f"}


@lru_cache(maxsize=1)
def register() -> FT2Font:
    """Make the shipped fonts known to matplotlib, once; return the bold Latin one."""
    for path in sorted(FONTS.glob("*.[ot]tf")):
        fontManager.addfont(path)
    return FT2Font(FONTS / "NotoSans-Bold.ttf")


@lru_cache(maxsize=4096)
def text_width_mm(text: str, size_pt: float) -> float:
    """Return how wide a text is when printed in bold; characters outside the Latin font count as one em."""
    font = register()
    font.set_size(100, 72)
    latin = "".join(character for character in text if font.get_char_index(ord(character)))
    font.set_text(latin)
    hundred = font.get_width_height()[0] / 64 + 100 * (len(text) - len(latin))
    return hundred / 100 * size_pt * MM_PER_PT


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    return frozenset({ord("\n")}.union(*(FT2Font(FONTS / name).get_charmap() for name in REGULAR)))


@lru_cache(maxsize=8192)
def printable(text: str) -> str:
    """Return the text with characters no shipped font draws replaced by U+FFFD, so that none is lost in silence."""
    text = text.translate(INVISIBLE)
    strange = {ord(character) for character in text} - _characters()
    return text.translate({code: " " if chr(code).isspace() else REPLACEMENT for code in strange}) if strange else text
