"""What a stranger writes into a name stays text: in tables, GeoJSON, the PDF, the HTML page and spreadsheets."""

import csv
import datetime
import html.parser
import io
import json
import re
from pathlib import Path

import pandas as pd
import pypdf
import pytest
from typer.testing import CliRunner

import cli
from oreway.geo.files.cells import FORMULA_STARTS
from oreway.layers.upload.upload import read_upload
from oreway.outputs.files.export import site_frame, to_bytes
from oreway.outputs.pictures.fonts import printable
from oreway.outputs.report.report import report_html, site_report
from oreway.scoring.batch.own_sites import own_world
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.world.world import World, open_world
from tests.trust.payloads import PAYLOADS

DAY = datetime.date(2026, 11, 23)
MEMBERS: dict[str, object] = {
    "version": "0", "data_version": "0", "created": "2026-11-23", "licences": [], "attributions": [],
}  # fmt: skip
TYPESET = tuple(payload for payload in PAYLOADS if payload[0] in "#`[=<$")[:6]


def stranger_file() -> bytes:
    """Return a CSV with a payload in the id, the name and two more columns of each site."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["id", "name", "lon", "lat", "commodities", "deposit_model"])
    for number, payload in enumerate(PAYLOADS):
        writer.writerow([payload, payload, -46 - number / 100, 61, payload, payload])
    return text.getvalue().encode()


def shown(payload: str) -> str:
    """Return a payload as the upload keeps it: without signs that cannot be printed."""
    return "".join(character for character in payload if character.isprintable())[:80].strip()


@pytest.fixture(scope="module")
def own() -> World:
    return own_world(open_world(), read_upload(stranger_file(), "mine.csv").sites)


def site_of(own: World, payload: str) -> Dossier:
    return dossier(own, shown(payload))


def dense(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_name_arrives_as_the_text_it_is(own: World) -> None:
    assert list(own.sites["name"]) == [shown(payload) for payload in PAYLOADS]


def test_a_score_file_holds_no_formula(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(stranger_file())
    out = tmp_path / "scores.csv"
    result = CliRunner().invoke(cli.app, ["score", "--sites", str(tmp_path / "mine.csv"), "-o", str(out)])
    assert result.exception is None, result.exception
    table = pd.read_csv(out, dtype=str, keep_default_na=False)
    texts = [cell for column in ("site_id", "profile", "gates") if column in table for cell in table[column]]
    assert [text for text in texts if text.startswith(FORMULA_STARTS)] == []
    assert len(table) == len(PAYLOADS)


def test_an_exported_table_holds_no_formula(own: World) -> None:
    content = to_bytes(site_frame(own, scores=True), ".csv", MEMBERS, "own").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert len(rows) == len(PAYLOADS)
    texts = [row[column] for row in rows for column in ("site_id", "name", "commodities", "deposit_model")]
    assert [text for text in texts if text.startswith(FORMULA_STARTS)] == []
    assert {row["name"].removeprefix("'") for row in rows} >= {shown('=HYPERLINK("http://x","y")'), shown("-2+3")}


def test_geojson_holds_the_names_as_json_text(own: World) -> None:
    document = json.loads(to_bytes(site_frame(own), ".geojson", MEMBERS, "own"))
    assert [feature["properties"]["name"] for feature in document["features"]] == [shown(text) for text in PAYLOADS]


@pytest.mark.parametrize("payload", TYPESET)
def test_the_pdf_prints_the_name_and_carries_no_action(own: World, payload: str) -> None:
    prints_as_text(own, payload)


@pytest.mark.heavy
@pytest.mark.parametrize("payload", [payload for payload in PAYLOADS if payload not in TYPESET])
def test_the_pdf_prints_every_other_name_too(own: World, payload: str) -> None:
    prints_as_text(own, payload)


def prints_as_text(own: World, payload: str) -> None:
    reader = pypdf.PdfReader(io.BytesIO(site_report(site_of(own, payload), world=own, created=DAY)))
    text = dense(" ".join(page.extract_text() for page in reader.pages))
    assert dense(printable(shown(payload))) in text
    assert "root:x:" not in text
    raw = str([page.get_object() for page in reader.pages]) + str(reader.trailer["/Root"].get_object())
    assert "/JavaScript" not in raw
    assert "/Launch" not in raw
    links = [link.get_object() for page in reader.pages for link in page.get("/Annots") or []]
    targets = [str(link["/A"].get("/URI", "")) for link in links if "/A" in link]
    assert [target for target in targets if not target.startswith(("http://", "https://", ""))] == []
    assert not any(target.startswith("javascript") for target in targets)


class Elements(html.parser.HTMLParser):
    """Collect what a browser would make of a page: elements, handlers, addresses, text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [value or "" for name, value in attrs if name in {"href", "src", "xlink:href"}]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.mark.parametrize("payload", TYPESET)
def test_the_html_report_shows_the_name_and_makes_no_element_of_it(own: World, payload: str) -> None:
    page = Elements()
    page.feed(report_html(site_of(own, payload), world=own, created=DAY))
    assert not page.tags & {"script", "img", "iframe", "object", "embed", "form", "base"}
    assert page.handlers == []
    assert not [address for address in page.addresses if address.lower().startswith(("javascript", "data:text"))]
    assert dense(printable(shown(payload))) in dense("".join(page.text))
