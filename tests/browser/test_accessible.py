"""Every page, both languages, light and dark: one main heading, nothing serious in axe, keyboard to everything."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from scripts.live import Visit
from tests.browser.axe import axe_script

pytestmark = pytest.mark.browser
LONG = 60_000
DARK = "rgb(18, 24, 30)"  # .streamlit/config.toml
PAGES = {
    "/?site=gl-tanbreez": "What stands between a deposit and a refinery?",
    "/story": "In two minutes",
    "/rank": "Ranked by access score",
    "/compare": "Sites side by side",
    "/site?site=jp-minamitorishima": "Minamitorishima mud zone",
    "/supply?site=gl-tanbreez": "From the deposit to a refinery",
    "/price": "What price each site needs",
    "/balance": "What could reach magnets without China?",
    "/what-if": "What if it were built?",
    "/my-sites": "Your own sites",
    "/claims": "What was said",
    "/sources": "Sources",
    "/method": "Method",
}
RUN_AXE = "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})).violations"

SHARP = """() => [...document.querySelectorAll('[data-testid="stElementContainer"]')]
    .every((one) => getComputedStyle(one).opacity === "1")"""
RUN_CONTRAST = "async () => (await axe.run(document, {runOnly: ['color-contrast']})).violations"


def settled(visit: Visit, path: str, lang: str) -> None:
    """Open a page and wait until nothing on it runs any more."""
    visit.page.goto(f"{visit.address}{path}{'&' if '?' in path else '?'}lang={lang}")
    visit.page.get_by_role("heading", level=1).first.wait_for(timeout=LONG)
    visit.page.locator('[data-testid="stStatusWidget"]').wait_for(state="detached", timeout=LONG)
    expect(visit.page.locator('[data-stale="true"]')).to_have_count(0, timeout=LONG)
    visit.page.wait_for_timeout(200)  # what was just drawn fades in; until then its contrast is that of the fading
    visit.page.wait_for_function(SHARP, timeout=LONG)


def serious(found: list[dict[str, Any]]) -> dict[str, list[str]]:
    return {
        one["id"]: [node["html"][:160] for node in one["nodes"]][:4]
        for one in found
        if one["impact"] in {"serious", "critical"}
    }


@pytest.fixture(scope="module")
def reader(browser: Browser, address: str) -> Iterator[Visit]:
    """One visitor who goes from page to page, as visitors do: what they share is fetched and compiled once."""
    opened = Visit(browser, address)
    yield opened
    opened.close()


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("path", list(PAGES))
def test_a_page_has_one_main_heading_its_language_and_nothing_serious(reader: Visit, path: str, lang: str) -> None:
    visit = reader
    visit.requests.clear()
    visit.page.emulate_media(color_scheme="light")
    settled(visit, path, lang)
    headings = visit.page.get_by_role("heading", level=1)
    expect(headings).to_have_count(1)
    if lang == "en":
        assert headings.inner_text() == PAGES[path]
    else:
        assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", headings.inner_text())
    expect(visit.page.locator("html")).to_have_attribute("lang", lang)
    script = axe_script()
    if script is None:
        pytest.fail("axe-core cannot be had: install npm, or put axe-core-4.14.1.tgz into .cache/axe")
    visit.page.evaluate(script)
    assert serious(visit.page.evaluate(RUN_AXE)) == {}
    visit.page.emulate_media(color_scheme="dark")  # only the colours change
    expect(visit.page.locator(".stApp")).to_have_css("background-color", DARK, timeout=LONG)
    visit.page.wait_for_timeout(400)
    assert serious(visit.page.evaluate(RUN_CONTRAST)) == {}
    assert visit.outside == []


def test_the_keyboard_alone_chooses_a_site_in_the_list_and_in_the_table(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_role("combobox", name="Find a site").focus()
    visit.page.keyboard.type("Nolans")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".oreway-panel h3")).to_have_text("Nolans", timeout=LONG)
    visit.page.get_by_role("radio", name="Ranked by access score").focus()
    visit.page.keyboard.press("Space")
    table = visit.page.get_by_test_id("stDataFrame").locator("canvas").first
    expect(table).to_be_visible(timeout=LONG)
    table.focus()
    visit.page.keyboard.press("ArrowDown")
    expect(visit.page).not_to_have_url(re.compile("site=au-nolans"), timeout=LONG)
    expect(visit.page).to_have_url(re.compile(r"site=[a-z]{2}-"), timeout=LONG)
