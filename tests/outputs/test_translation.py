"""Every text marked in the code stands in every catalogue, filled in, with the same places to fill and no leftovers."""

import ast
import re
import string
from enum import StrEnum

import pytest
from babel.messages.pofile import read_po
from fontTools.ttLib import TTFont

from oreway.layers import vocabulary
from oreway.outputs.pictures.font_folder import FONTS
from oreway.outputs.words.formatting import (
    LABELS,
    MissingWord,
    country_label,
    date_text,
    free_word,
    label,
    note_text,
    number,
    phrase,
)
from oreway.outputs.words.translation import LANGUAGES, SOURCE, catalogue_path, message_in, translated
from oreway.scoring.reasons import Code, note, recorded
from scripts.words import ROOT, texts

OTHERS = [lang for lang in LANGUAGES if lang != SOURCE]
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def from_facts(path: str) -> bool:
    """Tell whether a text stands among the facts: it may wait for its translation and is told as English till then."""
    return path.startswith("data/sites/")


def test_the_reasons_of_gates_are_told_in_japanese_with_their_second_address() -> None:
    told = phrase("mining licence refused in June 2023 (also: https://a.gl/b?sc_lang=da); court case open", "ja")
    assert told == "2023年6月に鉱業権が拒否された（ほかに https://a.gl/b?sc_lang=da）; 裁判が続いている"


@pytest.fixture(scope="module")
def marked() -> dict[tuple[str, str | None], list[str]]:
    return {(str(one.id), one.context): [path for path, _ in one.locations] for one in texts() if one.id}


@pytest.mark.parametrize("lang", OTHERS)
def test_a_catalogue_holds_every_marked_text_translated(lang: str, marked: dict) -> None:
    with catalogue_path(lang).open("rb") as source:
        held = {(one.id, one.context): one for one in read_po(source, locale=lang) if one.id}
    facts = {key for key, one in held.items() if all(from_facts(path) for path, _ in one.locations)}
    needed = {key for key, paths in marked.items() if not all(map(from_facts, paths))}
    assert set(held) - facts == needed, "run `make words`"
    assert len(needed) > 700
    for (text, context), one in held.items():
        if (text, context) in facts and not one.string:
            continue
        assert one.string.strip() or not text.strip(), f"{text!r} is not translated"
        assert not one.fuzzy, text
        assert places(one.string) == places(text), text


def test_japanese_is_japanese_and_english_is_not(marked: dict) -> None:
    for text, context in (key for key, paths in marked.items() if not all(map(from_facts, paths))):
        said = translated(message_in(context, text) if context else text, "ja")
        assert not JAPANESE.search(text), text
        if re.search(r"[a-z]{3}", re.sub(r"{\w+}", "", text)):
            assert JAPANESE.search(said), text


def test_a_text_in_a_context_is_told_apart() -> None:
    assert translated("To", "ja") == "対象"
    assert translated(message_in("end of a leg", "To"), "ja") == "終点"
    assert translated(message_in("end of a leg", "To"), "en") == "To"
    assert translated("never marked", "ja") == "never marked"


def test_numbers_and_countries_are_written_as_the_language_writes_them() -> None:
    assert number(12345.678, 1, "en") == "12,345.7"
    assert number(-1234.5, 1, "ja") == "−1,234.5"
    assert number(-0.04, 1) == "0.0"
    assert number(float("nan"), 1, "ja") == "不明"
    assert country_label("Australia", "AU", "ja") == "オーストラリア"
    assert country_label("Australia", "AU", "en") == "Australia"


@pytest.mark.parametrize(
    ("iso", "english", "japanese"),
    [
        ("2026-11-23", "23 Nov 2026", "2026年11月23日"), ("2025-05-01", "1 May 2025", "2025年5月1日"),
        ("2026-11", "Nov 2026", "2026年11月"), ("2026", "2026", "2026年"), ("", "", ""), ("—", "—", "—"),
    ],
)  # fmt: skip
def test_a_date_is_written_as_the_reader_writes_it_and_no_finer_than_known(
    iso: str, english: str, japanese: str
) -> None:
    assert date_text(iso, "en") == english
    assert date_text(iso, "ja") == japanese


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_every_letter_of_a_catalogue_can_be_printed(weight: str) -> None:
    drawn = {
        code
        for name in (f"NotoSans-{weight}.ttf", f"NotoSansJP-{weight}.otf", "NotoSansMath-Regular.ttf")
        for code in TTFont(FONTS / name).getBestCmap()
    }
    for lang in OTHERS:
        letters = {letter for letter in catalogue_path(lang).read_text(encoding="utf-8") if letter.isalpha()}
        assert {letter for letter in letters if ord(letter) not in drawn} == set(), "run scripts/fonts.py"


def test_every_word_the_code_asks_for_by_name_exists() -> None:
    asked = {
        (path.name, node.args[0].value)
        for room in ("outputs", "views", "commands")
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "label" and node.args
        if isinstance(node.args[0], ast.Constant)
    }
    assert len(asked) > 50
    assert {(name, key) for name, key in asked if key not in LABELS} == set()


TOLD = {
    "Nil": "nil_", "Stage": "", "Standing": "standing_", "PlantStatus": "", "SiteKind": "", "OccurrenceType": "a_",
    "ResourceCategory": "", "ChainStage": "", "Feed": "", "Openness": "open_", "TieState": "tie_status_",
    "Bloc": "bloc_", "GeometryKind": "", "Setting": "", "Confidence": "", "SourceKind": "kind_", "FactState": "",
    "LayerRule": "rule_", "Verdict": "verdict_", "Kept": "kept_", "Tie": "tie_",
    "Backing": "",
}  # fmt: skip
NOT_TOLD = {"CapacityBasis", "CapacityState", "ControlKind", "ControlEffect", "Role"}  # no face shows their words
SILENT = {("Tie", "none")}  # that nothing binds a site is not said of each route


def test_every_word_of_every_vocabulary_has_its_word_in_every_language(caplog: pytest.LogCaptureFixture) -> None:
    known = {name: one for name, one in vars(vocabulary).items() if isinstance(one, type) and issubclass(one, StrEnum)}
    known.pop("StrEnum", None)
    assert set(known) == {*TOLD, *NOT_TOLD}, "a new vocabulary: say how it is told"
    for name, prefix in TOLD.items():
        for word in known[name]:
            told = {lang: label(f"{prefix}{word}", lang) for lang in LANGUAGES if (name, str(word)) not in SILENT}
            assert all(told.values()), (name, word)
            assert all(JAPANESE.search(text) for lang, text in told.items() if lang == "ja"), (name, word)
    assert caplog.messages == []


def test_a_key_of_ours_without_a_word_fails_and_a_word_of_the_data_does_not() -> None:
    assert free_word("t/day", "ja") == "t/day"
    with pytest.raises(MissingWord, match="no word for 'moon_dust': add it to outputs/words"):
        label("moon_dust")
    with pytest.warns(MissingWord):  # a reader of a page that lacks one sees it all the same
        assert label("moon_dust") == "moon dust"


def test_a_sentence_with_a_colon_and_an_addition_is_told_whole() -> None:
    grid = recorded(
        "Greenland has no national grid: towns and settlements run island grids, a few neighbours share a small hydro "
        "plant"
    )
    told = note_text(grid + note(Code.FOR_INFORMATION, "Line Qorlortorsuaq–Narsaq", 1.0), "ja")
    assert told.startswith("グリーンランドに全国送電網はなく")
    assert told.endswith("; 参考：Line Qorlortorsuaq–Narsaq（1.0 km、路線網ではない）")
