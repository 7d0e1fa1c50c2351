"""Journeys over the newer pages in a real Chromium: routes, what-if, own sites, back button."""

import itertools
import re

import pytest
from playwright.sync_api import expect

from scripts.live import MAP, Visit

pytestmark = pytest.mark.browser
LONG = 60_000


def page_ready(visit: Visit, path: str) -> None:
    visit.page.goto(visit.address + path)
    visit.page.get_by_role("heading", level=1).first.wait_for(timeout=LONG)


def test_closing_a_passage_changes_the_route_and_the_address_and_stays_when_the_language_is_switched(
    visit: Visit,
) -> None:
    # tungsten from King Island to the works in Austria that take others' concentrate: by Suez, or round the Cape
    page_ready(visit, "/supply?site=au-dolphin")
    visit.map.locator("#map_div[data-routes]:not([data-routes='0'])").wait_for(timeout=LONG)
    expect(visit.map.locator(".oreway-label div").first).to_be_visible(timeout=LONG)
    boxes = visit.frame.evaluate("""() => [...document.querySelectorAll(".oreway-label div")].map((one) => {
        const box = one.getBoundingClientRect(); return [box.left, box.top, box.right, box.bottom]; })""")
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], "two labels lie on each other"
    told = visit.page.get_by_text("Best plant on record").first
    before = told.inner_text()
    visit.page.get_by_text("Close or open sea passages").click()
    visit.page.get_by_text("Suez Canal", exact=True).click()
    expect(told).not_to_have_text(before, timeout=LONG)
    expect(visit.page).to_have_url(re.compile("closed=suez"))
    assert visit.outside == []
    assert visit.failures == []
    heading = visit.page.get_by_role("heading", level=1)
    visit.page.get_by_role("radio", name="日本語").click()
    expect(heading).to_have_text(re.compile("[\u3040-\u30ff\u4e00-\u9fff]"), timeout=LONG)
    expect(visit.page).to_have_url(re.compile(r"(?=.*lang=ja)(?=.*site=au-dolphin)(?=.*closed=suez)"))
    visit.page.get_by_role("radio", name="English").click()
    expect(heading).to_have_text("From the deposit to a refinery", timeout=LONG)
    expect(visit.page).not_to_have_url(re.compile("lang="))
    expect(visit.page).to_have_url(re.compile(r"(?=.*site=au-dolphin)(?=.*closed=suez)"))
    cut_short = "net::ERR_ABORTED"  # what a map no longer shown was still fetching
    assert [fault for fault in visit.failures if not fault.endswith(cut_short)] == []


def test_own_sites_gather_in_circles_that_open_and_their_names_never_run(visit: Visit) -> None:
    hostile = "<img src=x onerror=window.top.hit=1>,134.9,-21.2"
    rows = [hostile, *(f"P{i},{130 + 0.05 * (i % 50)},{-25 + 0.05 * (i // 50)}" for i in range(2499))]
    page_ready(visit, "/my-sites")
    content = ("name,lon,lat\n" + "\n".join(rows)).encode()
    visit.page.locator("input[type=file]").set_input_files({"name": "m.csv", "mimeType": "text/csv", "buffer": content})
    expect(visit.page.get_by_role("heading", name="Scores of your sites")).to_be_visible(timeout=LONG)
    visit.page.get_by_role("link", name="Show on the map").click()
    visit.map.locator("#map_div[data-own='2500']").wait_for(timeout=LONG)
    visit.look_at(-23.8, 131.2, 4)
    groups = "[...oreway.now.own.groups(oreway.now.map.getZoom()).values()].flat().map((g) => g.members.length)"
    before = visit.frame.evaluate(groups)
    assert sum(before) == 2500
    assert len(before) < 60
    largest = visit.frame.evaluate(
        "(() => { const own = oreway.now.own, groups = [...own.groups(4).values()].flat();"
        " const most = groups.sort((a, b) => b.members.length - a.members.length)[0];"
        " const mean = (of) => most.members.reduce((sum, i) => sum + of[i], 0) / most.members.length;"
        " return [mean(own.points.lat), mean(own.points.lon)]; })()"
    )
    visit.click(*largest)
    visit.frame.wait_for_function("oreway.now.map.getZoom() > 5")
    visit.settle()
    after = visit.frame.evaluate(groups)
    assert len(after) > 2 * len(before)
    visit.look_at(-21.2, 134.9, 8)
    visit.page.mouse.move(*visit.spot(-21.2, 134.9))
    expect(visit.map.locator(".oreway-tip")).to_contain_text("<img src=x")
    assert visit.page.evaluate("window.hit") is None
    visit.click(-21.2, 134.9)
    panel = visit.page.get_by_test_id("stVerticalBlock").filter(has=visit.page.locator(".oreway-panel h3")).last
    expect(panel).to_contain_text("<img src=x")
    expect(visit.page.locator(".oreway-panel h3")).to_have_text("21.200° S, 134.900° E")
    assert visit.page.evaluate("window.hit") is None
    assert visit.failures == []


def answered(visit: Visit) -> None:
    """Wait until the server has answered: a step back in the middle of an answer would be a step of that answer."""
    visit.page.wait_for_timeout(1500)
    expect(visit.page.locator(".stApp")).to_have_attribute("data-test-script-state", "notRunning", timeout=LONG)


def test_back_returns_to_the_site_chosen_before_and_pages_keep_it(visit: Visit) -> None:
    visit.open("/?site=gl-tanbreez")
    heading = visit.page.locator(".oreway-panel h3")
    expect(heading).to_have_text("Tanbreez")
    visit.page.get_by_role("combobox", name="Find a site").fill("Nolans")
    visit.page.keyboard.press("Enter")
    expect(heading).to_have_text("Nolans")
    visit.page.get_by_role("link", name="Site", exact=True).click()
    expect(visit.page).to_have_url(re.compile(r"/site\?site=au-nolans"))
    answered(visit)
    visit.page.go_back()  # Streamlit's own entry for the page, without the choice: the choice stays
    answered(visit)
    visit.page.go_back()
    expect(visit.page.locator(MAP)).to_be_visible(timeout=LONG)
    expect(heading).to_have_text("Nolans")
    answered(visit)
    visit.page.go_back()
    expect(heading).to_have_text("Tanbreez", timeout=LONG)
