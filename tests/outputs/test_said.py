"""Sentences made in English below are told in Japanese; only a source's own words stay, and are marked as English."""

import datetime
import re

import pytest

from oreway.outputs.map.panel import site_panel
from oreway.outputs.pictures.figures import Locator
from oreway.outputs.report import site_content as content
from oreway.outputs.report.site_content import report_content
from oreway.outputs.words.formatting import phrase, spoken
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.world.world import World, open_world

DAY = datetime.date(2026, 11, 23)
SITES = ("gl-kvanefjeld", "gl-tanbreez", "jp-minamitorishima", "au-nolans", "my-kuantan")
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
SENTENCE = re.compile(r"[a-z]{3,}(?: [a-z]{2,}){2}")
MADE = ("note", "reason", "rests_on", "left_out", "ships", "lacks", "text", "season", "as_above", "verdict")


@pytest.fixture(scope="module")
def world() -> World:
    return open_world()


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
    ("sentence", "told"),
    [
        ("step: cracking_leaching, separation; third-party feed: no", "工程：分解・浸出・分離精製; 第三者原料：不可"),
        ("300 ppm U against the limit of 100 ppm: at or above", "ウラン300 ppm（上限100 ppm）：上限以上"),
        ("55 and 3 km of it between port and lane; suez", "うち55 kmと3 kmは港と航路の間; スエズ運河"),
        ("sites.csv: empty; expected .csv, .json", "sites.csv：空です。対応形式：.csv・.json"),
        ("latitude 95; expected -90 to 90", "緯度95：-90〜90で入力してください"),
        ("what-if: the road joins nothing: no port, town within 5 km of it; draw it to one of them",
         "もしも：道路がどこにもつながっていません。5 km以内に港・町がありません。いずれかまで引いてください"),
    ],
)  # fmt: skip
def test_a_sentence_with_values_is_told_in_japanese(sentence: str, told: str) -> None:
    assert phrase(sentence, "ja") == told
    assert spoken(sentence, "ja") == "ja"
    assert not JAPANESE.search(phrase(sentence, "en"))


def test_every_line_and_every_part_of_a_text_is_told_by_itself() -> None:
    feed, told = "third-party feed: no", "第三者原料：不可"
    assert phrase(f"{feed}\n{feed}", "ja") == f"{told}\n{told}"
    assert phrase(f"as the owner wrote; {feed}", "ja") == f"as the owner wrote; {told}"


def test_what_a_source_wrote_stays_and_is_marked_as_english(dossiers: list[Dossier], world: World) -> None:
    recorded = "monazite has been cracked commercially; no mining right found"
    assert phrase(recorded, "ja") == recorded
    assert (spoken(recorded, "ja"), spoken(recorded, "en"), spoken("工程", "ja")) == ("en", "en", "ja")
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
