"""Every word a page asks for is there, and no page holds words of its own."""

import re
from pathlib import Path

from oreway.views.page_texts import WORDS

VIEWS = Path(__file__).parent.parent.parent / "views"
ASKED = re.compile(r'\b(?:ui|template)\(\s*"([a-z0-9_]+)"')


def test_every_word_a_page_asks_for_is_there() -> None:
    asked = {key for path in VIEWS.glob("*.py") for key in ASKED.findall(path.read_text(encoding="utf-8"))}
    assert asked - set(WORDS) == set()
    assert len(asked) > 100


def test_pages_hold_no_words_of_their_own() -> None:
    calls = re.compile(r'\bst\.(?:title|header|subheader|caption|info|warning|error|markdown|text|button)\("([^"]+)"')
    found = {path.name: calls.findall(path.read_text(encoding="utf-8")) for path in VIEWS.glob("*.py")}
    said = [word for words in found.values() for word in words if re.search(r"[a-z]{3}", word)]
    assert said == []
