"""Sentences made in English below are told in Japanese; only a source's own words stay, and are marked as English."""

import datetime
import re

import pytest

from oreway.outputs.map.panel import site_panel
from oreway.outputs.pictures.figures import Locator
from oreway.outputs.report import site_content as content
from oreway.outputs.report.site_content import report_content
from oreway.outputs.words import chain_texts
from oreway.outputs.words.formatting import fault_text, note_text, phrase, spoken
from oreway.outputs.words.reason_texts import SENTENCES, Kind, places, plain_text
from oreway.outputs.words.translation import LANGUAGES, SOURCE, translated
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.reasons import Code, Note, Reason, note, recorded
from oreway.scoring.world.world import World

DAY = datetime.date(2026, 11, 23)
SITES = ("gl-kvanefjeld", "gl-tanbreez", "jp-minamitorishima", "au-nolans", "my-kuantan")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
SENTENCE = re.compile(r"[a-z]{3,}(?: [a-z]{2,}){2}")
SENTENCE_OF_OURS = re.compile(r"[a-z]{3}")
VALUES = {
    Kind.NAME: "Nuuk", Kind.WORDS: "road", Kind.LIST: "separation", Kind.SPACED: "measured", Kind.PASSAGE: "suez",
    Kind.NOTE: recorded("as written"),
}  # fmt: skip
MADE = ("note", "reason", "rests_on", "left_out", "ships", "lacks", "text", "season", "as_above", "verdict")


@pytest.fixture(scope="module")
def world(shipped) -> World:
    return shipped


@pytest.fixture(scope="module")
def dossiers(world: World) -> list[Dossier]:
    return [dossier(world, site_id) for site_id in SITES]


def english(value: object, under: str = "") -> list[str]:
    """Return the English sentences among the texts the product makes itself, quoted place names aside."""
    if isinstance(value, dict):
        if value.get("spoken") == "en":
            return []
        return [found for key, item in value.items() for found in english(item, key)]
    if isinstance(value, list):
        return [found for item in value for found in english(item, under)]
    bare = re.sub(r"（[^）]*）|「[^」]*」|\([^)]*\)", "", value) if isinstance(value, str) else ""
    return [bare] if under in MADE and SENTENCE.search(bare) and not JAPANESE.search(bare) else []


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (note(Code.STEP, "cracking_leaching;separation") + note(Code.FEED_NO),
         "工程：分解・浸出・分離精製; 第三者原料：不可"),
        (note(Code.URANIUM_ABOVE, 300.2, 100.0), "ウラン300 ppm（上限100 ppm）：上限以上"),
        (note(Code.BETWEEN_PORT_AND_LANE, 55.1, 2.9) + note(Code.PASSAGE, "suez"),
         "うち55 kmと3 kmは港と航路の間; スエズ運河"),
        (note(Code.NOT_PRICED, "road", recorded("as the owner wrote")), "道路：as the owner wrote"),
    ],
)  # fmt: skip
def test_a_reason_with_values_is_told_in_japanese(found: Note, told: str) -> None:
    assert note_text(found, "ja") == told
    assert spoken(found, "ja") == "ja"
    assert not JAPANESE.search(note_text(found, "en"))


@pytest.mark.parametrize("code", Code)
def test_every_code_has_its_sentence_in_every_language(code: Code) -> None:
    sentence = SENTENCES[code]
    assert len(places(sentence.text)) == len(sentence.kinds)
    said = Reason(code, tuple(VALUES.get(kind, 2000.0) for kind in sentence.kinds))
    english = plain_text(said)
    assert "{" not in english
    for lang in LANGUAGES:
        if lang != SOURCE and SENTENCE_OF_OURS.search(re.sub(r"{\w+}", "", sentence.text)):
            assert JAPANESE.search(translated(sentence.text, lang)), lang
            assert note_text(said, lang) != english


def test_a_note_in_files_is_english_and_keeps_the_words_of_the_data() -> None:
    found = note(Code.STEP, "cracking_leaching;separation") + note(Code.NO_ICE, 1000.0) + recorded("as written")
    assert plain_text(found) == "step: cracking_leaching, separation; no land ice within 1,000 km; as written"
    assert plain_text(Reason(Code.ROAD_NEAR, (Reason(Code.SHORE),))) == "road near shore"


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("sites.csv: empty; expected .csv, .json", "sites.csv：空です。対応形式：.csv・.json"),
        ("latitude 95; expected -90 to 90", "緯度95：-90〜90で入力してください"),
        ("what-if: the road joins nothing: no port, town within 5 km of it; draw it to one of them",
         "もしも：道路がどこにもつながっていません。5 km以内に港・町がありません。いずれかまで引いてください"),
    ],
)  # fmt: skip
def test_a_refusal_with_values_is_told_in_japanese(sentence: str, told: str) -> None:
    assert fault_text(sentence, "ja") == told
    assert not JAPANESE.search(fault_text(sentence, "en"))


def test_every_line_and_every_part_of_a_text_is_told_by_itself() -> None:
    fault, told = "latitude 95; expected -90 to 90", "緯度95：-90〜90で入力してください"
    assert fault_text(f"{fault}\n{fault}", "ja") == f"{told}\n{told}"
    assert phrase("as the owner wrote; Greenland has no railway", "ja") == "as the owner wrote; " + phrase(
        "Greenland has no railway", "ja"
    )


def test_what_a_source_wrote_stays_and_is_marked_as_english(dossiers: list[Dossier], world: World) -> None:
    wrote = "as the owner wrote it down; and in no catalogue"
    assert phrase(wrote, "ja") == wrote
    assert (spoken(wrote, "ja"), spoken(wrote, "en"), spoken("工程", "ja")) == ("en", "en", "ja")
    page = site_panel(dossiers[1], world.methods.profile_weights("greenland"), DAY, "ja")
    assert '<span lang="en">' in page
    assert 'lang="en"' not in site_panel(dossiers[1], world.methods.profile_weights("greenland"), DAY, "en")


def test_no_english_sentence_of_our_own_is_left_in_a_japanese_report(
    dossiers: list[Dossier], world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "locator", lambda *_: Locator(svg="", radius_km=100.0, seen=()))
    left = []
    for one in dossiers:
        made = report_content(one, world=world, lang="ja", created=DAY)
        for section in ("facts", "licences", "head"):
            made.pop(section)
        made["price"].pop("case_note", None)
        left += english(made)
    assert sorted(set(left)) == []


def test_a_rule_is_told_by_what_it_does_and_where_not_by_its_code() -> None:
    rule = chain_texts.Reason("programme", ("jp-mud-programme", "JP"))
    assert chain_texts.reason_text(rule, "en") == "a national programme directs this product to Japan"
    assert "日本" in chain_texts.reason_text(rule, "ja")
    for lang in ("en", "ja"):
        assert "mud" not in chain_texts.reason_text(rule, lang)
