"""Sentences made in English below are told in Japanese; only a source's own words stay, and are marked as English."""

import ast
import datetime
import json
import pickle
import re
from collections.abc import Iterable
from pathlib import Path
from string import Formatter

import pytest

from oreway.cli import REFUSALS
from oreway.geo.sayings import GeoSaying
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.upload.sayings import FileSaying
from oreway.outputs.map.panel import site_panel
from oreway.outputs.pictures.figures import Locator
from oreway.outputs.report import site_content as content
from oreway.outputs.report.site_content import report_content
from oreway.outputs.words import chain_texts
from oreway.outputs.words.formatting import fault_text, note_text, phrase, spoken
from oreway.outputs.words.reason_texts import SENTENCES, Kind, places, plain_text
from oreway.outputs.words.refusal_texts import SAYINGS, template
from oreway.outputs.words.translation import LANGUAGES, SOURCE, translated
from oreway.said import Joint, PlainSaying, Said, Saying, listed, packed, unpacked, word
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.reasons import Code, Note, Reason, note, recorded
from oreway.scoring.whatif.sayings import WhatIfSaying
from oreway.scoring.world.world import World

ROOT = Path(__file__).parents[2]
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
    ("said", "sentence", "told"),
    [
        (FileSaying.EMPTY("sites.csv", listed([".csv", ".json"])),
         "sites.csv: empty; expected .csv, .json", "sites.csv：空です。対応形式：.csv・.json"),
        (TableSaying.LATITUDE_OFF(95), "latitude 95; expected -90 to 90", "緯度95：-90〜90で入力してください"),
        (WhatIfSaying.JOINS_NOTHING(word("road"), listed([word("port"), word("town")]), 5),
         "what-if: the road joins nothing: no port, town within 5 km of it; draw it to one of them",
         "もしも：道路がどこにもつながっていません。5 km以内に港・町がありません。いずれかまで引いてください"),
        (GeoSaying.LATITUDE(GeoSaying.ROW("ports", 0), 91),
         "ports, row 0: latitude 91; expected -90 to 90 (are lon and lat swapped?)",
         "ports、0行目：緯度91。-90〜90にしてください（経度と緯度が逆ではありませんか）"),
        (PlainSaying.PLACED("a.csv", TableSaying.LATITUDE_CELL("'9x'", TableSaying.NO_COORDINATE())),
         "a.csv: latitude '9x' is no coordinate that can be read", "a.csv: 緯度'9x'は座標として読めません"),
    ],
)  # fmt: skip
def test_a_refusal_with_values_is_told_in_japanese(said: Said, sentence: str, told: str) -> None:
    assert said == fault_text(said, "en") == sentence
    assert fault_text(said, "ja") == told
    assert fault_text(unpacked(json.loads(json.dumps(packed(said)))), "ja") == told  # from a process of its own
    assert fault_text(pickle.loads(pickle.dumps(said)), "ja") == told


@pytest.mark.parametrize("code", [code for codes in SAYINGS for code in codes], ids=str)
def test_every_code_of_a_refusal_has_its_sentence_in_every_language(code: Saying) -> None:
    fields = {field for _, field, _, _ in Formatter().parse(code.value) if field is not None}
    assert fields == set(map(str, range(len(fields))))
    for lang in LANGUAGES:
        theirs = {field for _, field, _, _ in Formatter().parse(template(code, lang)) if field is not None}
        assert theirs == fields, lang
        if lang != SOURCE and SENTENCE_OF_OURS.search(re.sub(r"{\d}", "", code.value)):
            assert JAPANESE.search(template(code, lang)), lang


def test_every_room_that_refuses_in_codes_is_among_the_translated() -> None:
    assert set(SAYINGS) == set(Saying.__subclasses__()) - {Joint}


CODED_ROOMS = ("geo", "layers", "scoring", "outputs", "views")
# complaints of Oreway's own tables, a line a fault, for whom edits them: `make data` and `oreway doctor` tell them
OF_OWN_TABLES = {"catalog.py", "evidence.py", "read.py", "rows.py", "schema.py", "services.py", "tables.py", "frame.py"}


def refusals(trees: Iterable[ast.AST]) -> set[str]:
    """Return the names of all errors that are shown to a user: those of `REFUSALS` and what is made of them."""
    bases = {node.name: {getattr(base, "id", "") for base in node.bases}
             for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}  # fmt: skip
    names = {one.__name__ for one in REFUSALS} | {"ScenarioError", "_OddError"}
    while more := {name for name, above in bases.items() if above & names} - names:
        names |= more
    return names


def made_on_the_spot(told: ast.expr) -> bool:
    """Say whether a text is a sentence written here, or one put together of several without a code."""
    glued = isinstance(told, ast.Call) and isinstance(told.func, ast.Attribute) and told.func.attr == "join"
    return glued or isinstance(told, (ast.Constant, ast.JoinedStr, ast.BinOp))


def test_what_is_refused_has_a_code_and_is_no_sentence_made_on_the_spot() -> None:
    files = [path for room in CODED_ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    known = refusals(trees.values())
    calls = [(path, node) for path, tree in trees.items() for node in ast.walk(tree)
             if isinstance(node, ast.Call) and getattr(node.func, "id", "") in known and node.args]  # fmt: skip
    free = [(path, node.lineno) for path, node in calls if made_on_the_spot(node.args[0])]
    assert len(calls) > 350
    assert [f"{path.name}:{line}" for path, line in free if path.name not in OF_OWN_TABLES] == []
    assert {path.name for path, _ in free} == OF_OWN_TABLES  # none is let off for nothing


def test_refusals_are_told_by_code_and_never_by_matching_english() -> None:
    made = str(TableSaying.LATITUDE_OFF(95))
    assert fault_text(made, "ja") == made  # the same words without their code are nobody's sentence
    module = (ROOT / "outputs" / "words" / "refusal_texts.py").read_text(encoding="utf-8")
    assert not {"re", "difflib", "fnmatch"} & {
        name.name for node in ast.walk(ast.parse(module)) if isinstance(node, ast.Import) for name in node.names
    }


def test_every_line_and_every_part_of_a_text_is_told_by_itself() -> None:
    fault, told = TableSaying.LATITUDE_OFF(95), "緯度95：-90〜90で入力してください"
    assert fault_text(Joint.LINES(fault, fault), "ja") == f"{told}\n{told}"
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
