"""A language nobody has written yet: one line in LANGUAGES and a catalogue, and every text is printed in it."""

import datetime
import re
from pathlib import Path

import pytest
from babel.messages.pofile import write_po

from oreway.outputs.map.panel import site_panel
from oreway.outputs.report.report import report_html
from oreway.outputs.words import reason_texts, translation
from oreway.outputs.words.formatting import LABELS, label, number
from oreway.outputs.words.translation import LANGUAGES, Tongue
from oreway.scoring.dossier.dossier import dossier
from oreway.scoring.world.world import World
from scripts.words import texts

THIRD, MARK = "de", "¤"
TODAY = datetime.date(2026, 11, 26)
SITE = "gl-tanbreez"


def forget() -> None:
    kept = (translation._read, translation._compiled, translation.translated)
    for read in (*kept, reason_texts.told):
        read.cache_clear()


@pytest.fixture
def third(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Every text of the product with a mark before it, as the catalogue of a third language."""
    catalogue = texts()
    for one in catalogue:
        if one.id:
            one.string = MARK + one.id if str(one.id).strip(" ,.;:") else one.id
    monkeypatch.setattr(translation, "LOCALE", tmp_path)
    monkeypatch.setitem(LANGUAGES, THIRD, Tongue(name="Deutsch", locale="de", dates="de"))
    path = translation.catalogue_path(THIRD)
    path.parent.mkdir(parents=True)
    with path.open("wb") as target:
        write_po(target, catalogue)
    forget()
    yield THIRD
    forget()


def test_every_label_is_printed_in_a_third_language(third: str) -> None:
    plain = [key for key, text in LABELS.items() if re.search("[a-z]{3}", text) and MARK not in label(key, third)]
    assert plain == []
    assert number(1234567.5, 1, third) == "1.234.567,5"  # as German writes it: DIN 5008


def test_panel_and_report_are_printed_in_a_third_language(third: str, shipped: World) -> None:
    world = shipped
    found = dossier(world, SITE)
    panel = site_panel(found, world.methods.weights[found.assessment.profile], TODAY, third)
    page = report_html(found, world=world, lang=third, created=TODAY)
    assert f'<html lang="{third}">' in page
    for made in (panel, page):
        headings = [
            re.sub("<[^>]+>", "", text).strip() for text in re.findall(r"<(?:h2|h3|summary)[^>]*>(.*?)</", made)
        ]
        headings = [text for text in headings if text]
        assert headings
        assert [text for text in headings if MARK not in text and text != found.site["name"]] == []
