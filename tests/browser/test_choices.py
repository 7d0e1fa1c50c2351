"""Journeys in a real Chromium over what is chosen at the top of a page: two sites, a weight."""

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
    expect(visit.page.get_by_test_id("stColumn").locator(".oreway-panel h3")).to_have_count(0, timeout=LONG)
    expect(visit.page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=LONG)
    which.fill("Nolans")
    visit.page.get_by_role("option", name="Nolans", exact=True).click()
    columns = visit.page.get_by_test_id("stColumn").locator(".oreway-panel")
    expect(columns.locator("h3")).to_have_text(["Tanbreez", "Nolans"], timeout=LONG)
    expect(columns.locator(".total b")).to_have_count(2)
    expect(visit.page).to_have_url(re.compile("with=gl-tanbreez(,|%2C)au-nolans"), timeout=LONG)
    assert visit.failures == []


def test_a_weight_s_slider_changes_the_ranking_and_the_profile_stays(visit: Visit) -> None:
    visit.page.goto(visit.address + "/rank?profile=own_weights")
    told = visit.page.get_by_text(re.compile(r"stands first in \d+ %"))
    expect(told).to_be_visible(timeout=LONG)
    before = told.inner_text()
    port = visit.page.get_by_test_id("stSlider").filter(has_text=re.compile("^port"))
    expect(port.get_by_role("slider")).to_have_accessible_name(re.compile("port: weight"), timeout=LONG)
    port.get_by_role("slider").press("End")
    expect(told).not_to_have_text(before, timeout=LONG)
    expect(visit.page).to_have_url(re.compile("profile=own_weights"))
    assert visit.failures == []
