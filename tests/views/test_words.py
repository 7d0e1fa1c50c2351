"""Every word the page asks for stands in both languages, with the same places to fill in, and is asked for."""

import re
import string
from pathlib import Path

import pytest

from outputs import map_words
from views.words import WORDS

VIEWS = Path(__file__).parent.parent.parent / "views"
ASKED = re.compile(r'\b(?:ui|template)\(\s*"([a-z0-9_]+)"')
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
SAME = {"col_distance_km", "col_kg_co2_per_t", "geojson_shown", "col_source_url", "col_first_error"}


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(WORDS))
def test_a_word_stands_in_both_languages_with_the_same_places(key: str) -> None:
    english, japanese = WORDS[key]
    assert english.strip()
    assert japanese.strip()
    assert places(english) == places(japanese)
    assert not JAPANESE.search(english)
    assert key in SAME or JAPANESE.search(japanese), "not translated"


def test_every_word_a_page_asks_for_is_there() -> None:
    asked = {key for path in VIEWS.glob("*.py") for key in ASKED.findall(path.read_text(encoding="utf-8"))}
    assert asked - set(WORDS) == set()
    assert len(asked) > 100


def test_the_map_has_every_word_twice() -> None:
    for english, japanese in map_words.WORDS.values():
        assert english
        assert JAPANESE.search(japanese)


def test_pages_hold_no_words_of_their_own() -> None:
    calls = re.compile(r'\bst\.(?:title|header|subheader|caption|info|warning|error|markdown|text|button)\("([^"]+)"')
    found = {path.name: calls.findall(path.read_text(encoding="utf-8")) for path in VIEWS.glob("*.py")}
    said = [word for words in found.values() for word in words if re.search(r"[a-z]{3}", word)]
    assert said == []
