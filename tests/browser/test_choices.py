"""Journeys in a real Chromium over what is chosen at the top of a page: two sites, a weight, the language."""

import re

import pytest
from playwright.sync_api import expect

from scripts.live import Visit

pytestmark = pytest.mark.browser
LONG = 60_000


def test_two_sites_stand_side_by_side(visit: Visit) -> None:
    visit.page.goto(visit.address + "/compare")
    which = visit.page.get_by_role("combobox", name="Sites to compare")
    expect(visit.page.get_by_text("A worked example")).to_be_visible(timeout=LONG)
    which.press("Backspace")  # Kvanefjeld goes, Tanbreez stays
    expect(visit.page).to_have_url(re.compile("with=gl-tanbreez$"), timeout=LONG)
    which.fill("Nolans")
    visit.page.get_by_role("option", name="Nolans", exact=True).click()
    columns = visit.page.get_by_test_id("stColumn").locator(".oreway-panel")
    expect(columns.locator("h3")).to_have_text(["Tanbreez", "Nolans"], timeout=LONG)
    expect(columns.locator(".total b")).to_have_count(2)
    expect(visit.page).to_have_url(re.compile("with=gl-tanbreez(,|%2C)au-nolans"))
    assert visit.failures == []


def test_a_weight_s_slider_changes_the_ranking_and_the_profile_stays(visit: Visit) -> None:
    visit.page.goto(visit.address + "/rank?profile=own_weights")
    told = visit.page.get_by_text(re.compile(r"stands first in \d+ %"))
    expect(told).to_be_visible(timeout=LONG)
    before = told.inner_text()
    port = visit.page.get_by_test_id("stSlider").filter(has_text=re.compile("^port"))
    expect(port.get_by_role("slider")).to_have_accessible_name(re.compile("port: weight"))
    port.get_by_role("slider").press("End")
    expect(told).not_to_have_text(before, timeout=LONG)
    expect(visit.page).to_have_url(re.compile("profile=own_weights"))
    assert visit.failures == []


def test_the_language_is_switched_on_any_page_and_back_and_the_choice_stays(visit: Visit) -> None:
    visit.page.goto(visit.address + "/supply?site=gl-tanbreez&closed=suez")
    heading = visit.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("From the deposit to a refinery", timeout=LONG)
    visit.page.get_by_role("radio", name="日本語").click()
    expect(heading).to_have_text(re.compile("[\u3040-\u30ff\u4e00-\u9fff]"), timeout=LONG)
    expect(visit.page).to_have_url(re.compile(r"(?=.*lang=ja)(?=.*site=gl-tanbreez)(?=.*closed=suez)"))
    visit.page.get_by_role("radio", name="English").click()
    expect(heading).to_have_text("From the deposit to a refinery", timeout=LONG)
    expect(visit.page).not_to_have_url(re.compile("lang="))
    expect(visit.page).to_have_url(re.compile(r"(?=.*site=gl-tanbreez)(?=.*closed=suez)"))
    cut_short = "net::ERR_ABORTED"  # what a map no longer shown was still fetching
    assert [fault for fault in visit.failures if not fault.endswith(cut_short)] == []
