"""The site-feasibility report: what it says, that it reads as a tagged archive PDF, and that no text can act in it."""

import dataclasses
import datetime
import io
import math
import re
import time

import pandas as pd
import pypdf
import pytest

from oreway.layers.catalog import read_catalog
from oreway.outputs.pictures.fonts import printable
from oreway.outputs.report.factsheet import figure, stale, value_text
from oreway.outputs.report.report import atlas_report, report_date, report_html, site_report, site_reports
from oreway.outputs.report.site_content import position_text, report_content
from oreway.outputs.report.verdict import verdict
from oreway.outputs.words.formatting import Language, fact_label, joined, km, label, number
from oreway.outputs.words.money import money
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.world.world import World

DAY = datetime.date(2026, 11, 23)
SITES = ("gl-tanbreez", "jp-minamitorishima", "au-nolans", "my-kuantan")
HOSTILE = '#read("/etc/passwd") *bold* $x^2$ <img src=x onerror=alert(1)> </script> {{7*7}} `a` \\ "q" & ]]>'


@pytest.fixture(scope="module")
def world(shipped) -> World:
    return shipped


@pytest.fixture(scope="module")
def dossiers(world: World) -> dict[str, Dossier]:
    return {site_id: dossier(world, site_id) for site_id in SITES}


@pytest.fixture(scope="module")
def pdfs(world: World, dossiers: dict[str, Dossier]) -> dict[str, bytes]:
    return {site_id: site_report(found, world=world, created=DAY) for site_id, found in dossiers.items()}


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader(pdf).pages))


def test_numbers_are_grouped_and_the_unknown_is_never_zero() -> None:
    assert number(1234567.891, 1) == "1,234,567.9"
    assert number(-3.2, 1) == "−3.2"
    assert number(-0.04, 1) == "0.0"
    assert number(math.nan) == "not known"
    assert km(math.nan, "ja") == "不明"
    assert km(9.94) == "9.9\u00a0km"
    assert km(9.96) == "10\u00a0km"
    assert joined(["road", "railway", "power"]) == "road, railway and power"
    assert fact_label("grade_nb2o5_pct") == "grade Nb₂O₅"
    assert fact_label("burial_depth") == "burial depth"


@pytest.mark.parametrize(
    ("as_of", "old"),
    [
        ("2025-05-22", True), ("2025-05-23", False), ("2025-05", False), ("2025-04", True), ("2024", True),
        ("2025", False), ("", False),
    ],
)  # fmt: skip
def test_a_figure_is_old_after_eighteen_months_and_not_a_day_before(as_of: str, old: bool) -> None:
    assert stale(as_of, DAY) is old


def test_a_value_keeps_its_decimals_and_shows_its_range() -> None:
    fact = {"value": "1010", "low": "", "high": "", "unit": "Mt", "confidence": "high"}
    assert value_text(fact) == "1,010 Mt"
    assert value_text({**fact, "value": "", "low": "800", "high": "1000", "unit": "kt"}) == "800–1,000 kt"
    assert value_text({**fact, "value": "3", "low": "3", "unit": "%"}) == "≥ 3 %"
    assert value_text({**fact, "value": "5", "low": "3", "high": "8", "unit": "km"}) == "5 (3–8) km"
    assert value_text({**fact, "value": "2028", "unit": "date"}) == "2028"
    assert value_text({**fact, "value": "2028-03", "unit": "date"}, "ja") == "2028年3月"
    assert figure("0.370") == "0.370"
    assert figure("no figure") == "no figure"


def test_a_sum_of_money_is_written_as_a_reader_would() -> None:
    assert money("8500", "US$M") == money("8.5", "US$bn") == "US$8.5 billion"
    assert (money("1185", "A$M"), money("0.15", "A$M")) == ("A$1.185 billion", "A$150 thousand")
    assert money("8500", "US$M", "ja") == "US$85億"
    assert {money("110", "US$/kg"), money("", "US$M"), money("half", "US$M")} == {""}
    fact = {"value": "", "low": "800", "high": "1000", "unit": "US$M"}
    assert value_text(fact) == "US$800 million–US$1 billion"
    assert value_text({**fact, "value": "half", "low": "", "high": ""}) == "half US$M"


def test_a_position_carries_no_more_decimals_than_its_accuracy() -> None:
    assert position_text(-45.85123, 60.87456, 4.0, "en") == "60.87° N, 45.85° W ± 4.0\u00a0km"


@pytest.mark.parametrize("site_id", SITES)
def test_a_report_has_two_to_eight_pages_and_the_site_s_own_words(
    pdfs: dict[str, bytes], dossiers: dict[str, Dossier], site_id: str
) -> None:
    text = text_of(pdfs[site_id])
    assert 2 <= len(reader(pdfs[site_id]).pages) <= 8
    assert str(dossiers[site_id].site["name"]) in text
    assert dossiers[site_id].data_version in text
    assert "\ufffd" not in text


@pytest.mark.parametrize("site_id", SITES)
def test_a_report_is_tagged_archivable_and_in_a_language(pdfs: dict[str, bytes], site_id: str) -> None:
    root = reader(pdfs[site_id]).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    packet = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"<pdfaid:part>2</pdfaid:part>", packet)
    assert re.search(r"<pdfaid:conformance>A</pdfaid:conformance>", packet)
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>", packet)


def test_every_font_is_embedded_and_none_is_the_system_s(pdfs: dict[str, bytes]) -> None:
    for pdf in pdfs.values():
        for page in reader(pdf).pages:
            for font in page["/Resources"].get("/Font", {}).values():
                inner = font.get_object()["/DescendantFonts"][0].get_object()
                assert {"/FontFile2", "/FontFile3"} & set(inner["/FontDescriptor"].get_object())
                assert "NotoSans" in str(inner["/BaseFont"])


def test_the_map_s_labels_can_be_selected_and_it_has_a_text_alternative(
    world: World, dossiers: dict[str, Dossier], pdfs: dict[str, bytes]
) -> None:
    assert "town, port · 12" in text_of(pdfs["gl-tanbreez"])
    content = report_content(dossiers["gl-tanbreez"], world=world, created=DAY)
    assert "Narsaq: 12" in content["map"]["alt"]


def test_reports_made_together_are_the_bytes_of_those_made_alone_in_the_order_asked(
    world: World, dossiers: dict[str, Dossier], pdfs: dict[str, bytes]
) -> None:
    assert list(site_reports(dossiers.values(), world=world, created=DAY)) == list(pdfs.values())
    assert list(site_reports([], world=world, created=DAY)) == []


def test_the_same_dossier_gives_the_same_bytes(
    world: World, dossiers: dict[str, Dossier], pdfs: dict[str, bytes]
) -> None:
    assert site_report(dossiers["gl-tanbreez"], world=world, created=DAY) == pdfs["gl-tanbreez"]
    assert report_html(dossiers["au-nolans"], world=world, created=DAY) == report_html(
        dossiers["au-nolans"], world=world, created=DAY
    )


def test_the_date_is_given_or_taken_from_source_date_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert report_date() == datetime.date(2001, 9, 9)
    assert report_date(DAY) == DAY
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    with pytest.raises(ValueError, match="SOURCE_DATE_EPOCH"):
        report_date()


def test_absent_inapplicable_and_unknown_are_told_apart(pdfs: dict[str, bytes]) -> None:
    assert "must be built" in text_of(pdfs["gl-tanbreez"])
    assert "not applicable" in text_of(pdfs["jp-minamitorishima"])
    assert "not known" in text_of(pdfs["my-kuantan"])
    assert "must be built" not in text_of(pdfs["my-kuantan"])


def test_the_verdict_says_no_more_than_the_record(dossiers: dict[str, Dossier]) -> None:
    found = dossiers["gl-tanbreez"]
    assert found.assessment is not None
    text = verdict(found)
    assert text.startswith("Tanbreez is a rare earth, heavy rare earth and zirconium ")
    assert "Narsaq" in text
    assert "There is no road network, railway or power grid to join" in text
    assert f"{found.assessment.total:.0f} of 100" in text
    bare = dataclasses.replace(found, nearest=found.nearest.iloc[:0], assessment=None)
    assert "No distance to a port could be given" in verdict(bare)
    assert "score" not in verdict(bare)


def test_an_occurrence_is_not_called_a_deposit(world: World) -> None:
    assert "phosphorus occurrence in Greenland" in verdict(dossier(world, "gl-gardiner"))


def test_a_closed_gate_is_named_with_its_reason(world: World) -> None:
    text = verdict(dossier(world, "gl-kvanefjeld"))
    assert "Closed gate: Uranium limit" in text
    assert "226 ppm U" in text


def test_contributions_on_paper_add_up_to_the_total(world: World, dossiers: dict[str, Dossier]) -> None:
    content = report_content(dossiers["gl-tanbreez"], world=world, created=DAY)
    found = dossiers["gl-tanbreez"].assessment
    assert found is not None
    assert found.total == pytest.approx(math.fsum(found.contributions.values()), abs=1e-9)
    points = [float(row["text"]) for row in content["contributions"] if row["text"] != "not known"]
    assert sum(points) == pytest.approx(float(content["score"]["sum"]), abs=0.05 * len(points) + 0.05)
    possible = [float(row["of"]) for row in content["contributions"] if row["of"]]
    assert sum(possible) == pytest.approx(100, abs=0.05 * len(possible))


def test_gates_and_gaps_stand_in_their_own_places_and_every_other_fact_in_the_table(
    world: World, dossiers: dict[str, Dossier]
) -> None:
    for found in dossiers.values():
        content = report_content(found, world=world, created=DAY)
        listed = sum(len(group["rows"]) for group in content["facts"])
        plain = found.facts[(found.facts["field"] != "gate") & (found.facts["confidence"] != "gap")]
        assert listed == len(plain)
        gaps = found.facts[found.facts["confidence"] == "gap"]
        assert {fact_label(field).casefold() for field in gaps["field"]} <= {
            item["subject"].casefold() for item in content["unknown"]
        }


def test_sources_are_links_and_credits_name_every_licence(world: World, dossiers: dict[str, Dossier]) -> None:
    pdf = reader(site_report(dossiers["au-nolans"], world=world, created=DAY))
    links = {
        str(note.get_object()["/A"]["/URI"])
        for page in pdf.pages
        for note in page.get("/Annots", [])
        if "/A" in note.get_object()
    }
    urls = dossiers["au-nolans"].facts
    shown = urls[(urls["field"] != "gate") & (urls["source_url"] != "")]["source_url"]
    assert set(shown) <= links
    content = report_content(dossiers["au-nolans"], world=world, created=DAY)
    credit = " ".join(row["credit"] for row in content["licences"])
    assert "OpenStreetMap contributors" in credit
    assert read_catalog()["ports"].attribution in credit


def hostile(found: Dossier) -> Dossier:
    facts = pd.concat([found.facts] * 1).assign(note=HOSTILE, source_title=HOSTILE, source_url="javascript:alert(1)")
    nearest = found.nearest.assign(name=HOSTILE, source=HOSTILE, note=HOSTILE)
    site = {**found.site, "name": HOSTILE, "name_local": HOSTILE, "aliases": HOSTILE, "commodities": HOSTILE}
    return dataclasses.replace(found, site=site, facts=facts, nearest=nearest)


def test_text_of_a_site_is_printed_and_never_run(world: World, dossiers: dict[str, Dossier]) -> None:
    text = text_of(site_report(hostile(dossiers["gl-tanbreez"]), world=world, created=DAY))
    assert '#read("/etc/passwd") *bold* $x^2$' in text
    assert "root:" not in text


def test_text_of_a_site_is_escaped_on_the_html_page(world: World, dossiers: dict[str, Dossier]) -> None:
    page = report_html(hostile(dossiers["gl-tanbreez"]), world=world, created=DAY)
    assert "<img" not in page
    assert "</script" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
    assert 'href="javascript:' not in page
    assert "{{7*7}}" in page


def test_the_html_page_fetches_nothing(world: World, dossiers: dict[str, Dossier]) -> None:
    page = report_html(dossiers["jp-minamitorishima"], world=world, created=DAY, lang="ja")
    assert not re.search(r"<(?:script|link|img|iframe|object|embed)\b|\bsrc=|@import|url\((?!#)", page)
    assert page.startswith('<!doctype html>\n<html lang="ja">')


@pytest.mark.parametrize(
    ("lang", "made", "gate", "fact"),
    [
        ("en", "23 Nov 2026", "(12 Aug 2021)", "<td>Mar 2019 "),
        ("ja", "2026年11月23日", "(2021年8月12日)", "<td>2019年3月 "),
    ],
)
def test_dates_are_written_as_the_reader_writes_them(
    world: World, dossiers: dict[str, Dossier], lang: Language, made: str, gate: str, fact: str
) -> None:
    page = report_html(dossiers["gl-tanbreez"], world=world, created=DAY, lang=lang)
    assert made in page.rsplit("<footer>", 1)[1]
    assert gate in page
    assert fact in page
    assert not re.search(r"<td>(19|20)\d\d-\d\d", page)


def test_letters_no_font_draws_are_marked_and_not_lost(world: World, dossiers: dict[str, Dossier]) -> None:
    found = dossiers["gl-tanbreez"]
    assert printable("Kuannersuit ĸ 南鳥島 뷁") == "Kuannersuit ĸ 南鳥島 \ufffd"
    strange = dataclasses.replace(found, site={**found.site, "name": "뷁\u200b mine \x07"})
    assert len(reader(site_report(strange, world=world, created=DAY)).pages) >= 2


def test_a_site_with_hardly_any_facts_still_gives_a_report(world: World, dossiers: dict[str, Dossier]) -> None:
    found = dossiers["gl-tanbreez"]
    site = {key: found.site[key] for key in ("name", "lon", "lat")}
    bare = dataclasses.replace(
        found, site=site, facts=found.facts.iloc[:0], nearest=found.nearest.iloc[:0], assessment=None, notes=()
    )
    assert "No facts are on record" in text_of(site_report(bare, world=world, created=DAY))


def test_a_japanese_report_has_japanese_words_and_font(world: World, dossiers: dict[str, Dossier]) -> None:
    pdf = site_report(dossiers["jp-minamitorishima"], world=world, lang="ja", created=DAY)
    text = text_of(pdf)
    assert reader(pdf).trailer["/Root"]["/Lang"] == "ja"
    assert label("distances", "ja") in text
    assert "南鳥島" in text
    assert "該当なし" in text


@pytest.mark.heavy
def test_every_site_gives_a_report_of_two_to_eight_pages(world: World) -> None:
    started = time.perf_counter()
    pages = {}
    for site_id in world.sites.index:
        pdf = site_report(dossier(world, str(site_id)), world=world, created=DAY)
        pages[site_id] = len(reader(pdf).pages)
    assert {site_id: count for site_id, count in pages.items() if not 2 <= count <= 8} == {}
    assert (time.perf_counter() - started) / len(pages) < 1.0


def test_an_atlas_says_on_which_page_each_site_stands_and_numbers_each_site_s_sources(
    world: World, dossiers: dict[str, Dossier]
) -> None:
    ids = ["gl-tanbreez", "jp-minamitorishima"]
    document = reader(atlas_report([dossiers[one] for one in ids], world=world, created=DAY))
    pages = [page.extract_text() for page in document.pages]
    names = [str(world.sites.loc[one, "name"]) for one in ids]
    heads = [f"{label('report')}\n{name}\n" for name in names]
    begin = [next(i for i, text in enumerate(pages, start=1) if head in text) for head in heads]
    told = re.findall(r"^(\d) (.+) (?:Greenland|Japan) .* (\d+)$", pages[0], re.MULTILINE)
    assert told == [(str(i), name, str(page)) for i, (name, page) in enumerate(zip(names, begin, strict=True), start=1)]
    assert f"Oreway · {names[0]} " in pages[begin[1] - 2]
    assert f"Oreway · {names[1]} " in pages[begin[1] - 1]
    numbered = [i for i, text in enumerate(pages, start=1) if label("numbered_sources") in text]
    assert len(numbered) == len(ids)
    assert begin[0] < numbered[0] < begin[1] < numbered[1]
    assert sum(label("licences") in text for text in pages) == 1


def test_a_printed_report_carries_the_address_of_every_source_by_number(pdfs: dict[str, bytes]) -> None:
    document = reader(pdfs["gl-tanbreez"])
    footer = re.compile(r"Oreway · [^\n]* Page \d+ / \d+\s*$")  # between the halves of an address at a page's end
    text = "".join(footer.sub("", page.extract_text()) for page in document.pages)
    links = [link.get_object() for page in document.pages for link in page.get("/Annots") or []]
    urls = {str(link["/A"]["/URI"]) for link in links if "/A" in link and "/URI" in link["/A"]}
    dense = re.sub(r"[\s\u200b]", "", text)
    numbers = {int(number) for number in re.findall(r"\[(\d+)\]", text)}
    assert len(urls) > 20
    assert numbers == set(range(1, len(urls) + 1))
    assert [url for url in urls if url not in dense] == []


def test_no_address_stands_between_the_words_of_a_report(world: World) -> None:
    text = text_of(site_report(dossier(world, "gl-kvanefjeld"), world=world, created=DAY))
    told, addresses = text.split(label("numbered_sources"), 1)
    assert "mining licence refused in June 2023 (also:" in told
    assert "http" not in told
    assert "sermitsiaq.ag" in addresses
