"""Reports, panel and page tell public claims, promised dates, superseded figures and conflicts."""

import datetime
import io
import re

import pandas as pd
import pypdf
import pytest

from oreway.layers.vocabulary import FactState
from oreway.outputs.map.panel import fact_sheet, headlines
from oreway.outputs.map.said_panel import said_list
from oreway.outputs.report.factsheet import factsheet, in_order
from oreway.outputs.report.report import report_html, site_report
from oreway.outputs.report.said_content import claim_rows, promise_rows, said_content
from oreway.scoring.claims.public_claims import public_claims
from oreway.scoring.claims.schedules import schedules
from oreway.scoring.dossier.dossier import dossier
from oreway.scoring.judge.subject import Subject, current_facts
from oreway.scoring.price.figure_checks import claims as figure_claims

DAY = datetime.date(2026, 11, 26)
JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
HOSTILE = '<img src=x onerror=alert(1)> #read("/etc/passwd")'


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


@pytest.fixture(scope="module")
def browns(world):
    return dossier(world, "au-browns-range")


def fact(field, value, as_of, state="", **cells):
    empty = dict.fromkeys(("low", "high", "category", "code", "note", "source_url"), "")
    told = {"field": field, "value": value, "unit": "Mt", "as_of": as_of, "state": state, "confidence": "high"}
    return empty | told | {"site_id": "xx-site", "source_title": "A filing"} | cells


def text_of(pdf):
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages))


def test_a_report_prints_the_claims_about_its_site_with_verdict_and_reason(world):
    printed = text_of(site_report(dossier(world, "gl-tanbreez"), world=world, created=DAY))
    assert "What was said" in printed
    assert "Tanbreez holds 28.2 million tonnes" in printed
    assert "wrong: The figures belong to the host rock" in printed
    assert "Dates promised" in printed
    assert "moved to Mar 2029" in printed


def test_the_web_report_gives_each_verdict_as_a_word_and_links_who_said_it(world):
    page = report_html(dossier(world, "jp-minamitorishima"), world=world, created=DAY)
    assert '<strong class="holds_in_part">holds in part</strong>' in page
    assert '<strong class="not_yet_known">not yet known</strong>' in page
    assert 'href="https://www.japantimes.co.jp/news/2025/11/07/japan/us-rare-earth-pacific-island"' in page


@pytest.mark.parametrize("site", ["au-kalgoorlie", "jp-minamitorishima-island"])
def test_a_plant_and_an_island_tell_what_was_said_of_them(world, site):
    page = report_html(dossier(world, site), world=world, created=DAY)
    assert "<h2>What was said</h2>" in page


def test_a_site_nobody_speaks_of_has_no_such_section(world):
    assert said_content("au-greenbushes", "en") == {}
    assert "What was said" not in report_html(dossier(world, "au-greenbushes"), world=world, created=DAY)


def test_japanese_readers_get_claims_reasons_evidence_and_promises_in_japanese():
    rows = claim_rows(public_claims(), "ja")
    for row in rows:
        assert JAPANESE.search(row["claim"]), row["id"]
        assert JAPANESE.search(row["reason"]), row["id"]
        assert row["claim_spoken"] == row["reason_spoken"] == "ja"
        assert all(JAPANESE.search(each["statement"]) and each["spoken"] == "ja" for each in row["evidence"])
    for row in promise_rows(schedules(), "ja"):
        assert JAPANESE.search(row["promise"])
        assert JAPANESE.search(row["happened"])


def test_the_page_gives_each_verdict_as_a_sign_and_a_word():
    shown = said_list(claim_rows(public_claims(), "en"), {})
    assert all(f'<details id="{one.id}">' in shown for one in public_claims())
    for sign, word in (("✓", "holds"), ("◐", "holds in part"), ("✕", "wrong"), ("?", "not yet known")):
        assert f'<b aria-hidden="true">{sign}</b> <strong>{word}</strong>' in shown


def test_the_list_links_sources_and_sites_and_lets_nothing_of_the_data_act():
    rows = claim_rows(public_claims()[:1], "en")
    shown = said_list([rows[0] | {"claim": HOSTILE, "url": "javascript:alert(1)"}], {"gl-tanbreez": HOSTILE})
    assert "<img" not in shown
    assert 'href="javascript' not in shown
    assert 'href="site?site=gl-tanbreez"' in shown
    assert 'href="site?site=gl-kvanefjeld"' not in shown  # no name is known for it here
    assert 'href="https://globalsouthworld.com' in shown


def test_superseded_facts_stand_after_the_current_ones_of_their_field():
    rows = [
        fact("resource_mt", "6.44", "2022", "superseded"), fact("grade_treo_pct", "0.9", "2022"),
        fact("resource_mt", "7.3", "2025"),
    ]  # fmt: skip
    ordered = in_order(pd.DataFrame(rows))
    assert ordered["value"].tolist() == ["7.3", "6.44", "0.9"]
    told = [row for group in factsheet(pd.DataFrame(rows), {}, DAY) for row in group["rows"]]
    assert [(row["value"], row["marks"]) for row in told] == [("7.3 Mt", ""), ("6.44 Mt", "superseded"), ("0.9 Mt", "")]


def test_facts_in_conflict_stand_beside_each_other_and_say_so():
    rows = [
        fact("npv", "187", "2025", "conflict", category="base case", note="before tax"),
        fact("npv", "500", "2023", "superseded", category="old"),
        fact("npv", "187", "2025", "conflict", category="base case", note="after tax"),
    ]
    told = [row for group in factsheet(pd.DataFrame(rows), {}, DAY) for row in group["rows"]]
    assert [row["marks"] for row in told] == ["sources disagree", "sources disagree", "superseded"]


def test_a_conflict_named_twice_is_marked_once():
    told = factsheet(pd.DataFrame([fact("npv", "1", "2025", "conflict", confidence="conflict")]), {}, DAY)
    assert told[0]["rows"][0]["marks"] == "sources disagree"


def test_the_headlines_of_the_panel_leave_history_out():
    rows = [fact("resource_mt", "6.44", "2022", "superseded"), fact("resource_mt", "7.3", "2025")]
    assert [row["value"] for row in headlines(pd.DataFrame(rows))] == ["7.3"]


def test_the_shipped_facts_hold_history_and_conflicts_and_the_page_marks_them(browns):
    states = set(browns.facts["state"])
    assert {FactState.SUPERSEDED, FactState.CONFLICT} <= states
    page = fact_sheet(factsheet(browns.facts, {}, DAY))
    assert '<dt class="past">' in page
    assert "sources disagree" in page
    assert "superseded" in page
    assert FactState.SUPERSEDED not in {row["state"] for row in headlines(browns.facts)}


def test_superseded_figures_judge_nothing():
    old = pd.DataFrame(
        [fact("irr_pct", "180", "2025", "superseded", unit="%"), fact("irr_pct", "20", "2026", unit="%")]
    )
    assert figure_claims(old) == ()
    assert len(figure_claims(old.assign(state=""))) == 1
    subject = Subject(site_id="xx-site", site={}, facts=current_facts(old), rows={}, setting="outback")
    assert [row["value"] for row in subject.fact_rows("irr_pct")] == ["20"]
