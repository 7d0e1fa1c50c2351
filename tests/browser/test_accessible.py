"""Every page, both languages, light and dark: one main heading, nothing serious in axe, keyboard to everything."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from scripts.live import FIRST, Visit
from tests.browser.axe import axe_script

pytestmark = pytest.mark.browser
LONG = 60_000
DARK = "rgb(18, 24, 30)"  # .streamlit/config.toml
INK = "rgb(20, 24, 29)"  # data/web/oreway-page.css
PAGES = {
    "/?site=gl-tanbreez": "What stands between a deposit and a refinery?",
    "/story": "In two minutes",
    "/rank?site=gl-tanbreez": "Ranked by access score",
    "/compare": "Sites side by side",
    "/site?site=jp-minamitorishima": "Minamitorishima mud zone",
    "/supply?site=gl-tanbreez": "From the deposit to a refinery",
    "/price": "What price each site needs",
    "/balance": "What could reach magnets without China?",
    "/what-if": "What if it were built?",
    "/my-sites": "Your own sites",
    "/claims": "What was said",
    "/sources?site=gl-tanbreez": "Sources",
    "/method?site=gl-tanbreez": "Method",
}
RUN_AXE = "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa']})).violations"

SHARP = """() => [...document.querySelectorAll('[data-testid="stElementContainer"]')]
    .every((one) => getComputedStyle(one).opacity === "1")"""
RUN_CONTRAST = "async () => (await axe.run(document, {runOnly: ['color-contrast']})).violations"


def settled(visit: Visit, path: str) -> None:
    """Open a page in English and wait until nothing on it runs any more."""
    visit.page.goto(f"{visit.address}{path}")
    visit.page.locator(FIRST).wait_for(state="detached", timeout=LONG)
    visit.page.get_by_role("heading", level=1).first.wait_for(timeout=LONG)
    quiet(visit, "en")


def quiet(visit: Visit, lang: str) -> None:
    """Wait until the page speaks a language and nothing on it runs any more."""
    expect(visit.page.locator("html")).to_have_attribute("lang", lang, timeout=LONG)
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


@pytest.mark.parametrize("path", list(PAGES))
def test_a_page_has_one_main_heading_its_language_and_nothing_serious(reader: Visit, path: str) -> None:
    reader.requests.clear()
    reader.page.emulate_media(color_scheme="light")
    settled(reader, path)
    reader.failures.clear()  # what the page before was still fetching
    script = axe_script()
    if script is None:
        pytest.fail("axe-core cannot be had: install npm, or put axe-core-4.14.1.tgz into .cache/axe")
    reader.page.evaluate(script)
    right(reader, "en", PAGES[path])
    reader.page.get_by_role("radio", name="日本語").click()
    quiet(reader, "ja")
    right(reader, "ja", "")
    reader.page.get_by_role("radio", name="English").click()
    expect(reader.page.locator("html")).to_have_attribute("lang", "en", timeout=LONG)
    expect(reader.page.get_by_test_id("stException")).to_have_count(0)
    assert [fault for fault in reader.failures if not fault.endswith("net::ERR_ABORTED")] == []
    assert reader.outside == []


def test_claims_are_folded_and_one_opens_by_a_click_and_by_its_own_address(reader: Visit) -> None:
    reader.page.goto(reader.address + "/claims#greenland-under-ice")
    claim, other = (reader.page.locator(f"details#{name}") for name in ("greenland-under-ice", "greenland-quarter"))
    expect(claim.locator("li").first).to_be_visible(timeout=LONG)
    expect(other.locator("li").first).not_to_be_visible()
    other.locator("summary").click()
    expect(other.locator("li").first).to_be_visible()
    expect(reader.page).to_have_url(re.compile("#greenland-quarter$"))
    claim.locator("summary").click()
    expect(claim.locator("li").first).not_to_be_visible()


def right(visit: Visit, lang: str, heading: str) -> None:
    """Judge a page in one language, light and dark."""
    headings = visit.page.get_by_role("heading", level=1)
    expect(headings).to_have_count(1)
    if lang == "en":
        assert headings.inner_text() == heading
    else:
        assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", headings.inner_text())
    expect(visit.page.locator("html")).to_have_attribute("lang", lang)
    expect(visit.page.get_by_test_id("stException")).to_have_count(0)
    assert serious(visit.page.evaluate(RUN_AXE)) == {}
    visit.page.emulate_media(color_scheme="dark")  # only the colours change
    expect(visit.page.locator(".stApp")).to_have_css("background-color", DARK, timeout=LONG)
    visit.page.wait_for_timeout(400)
    assert serious(visit.page.evaluate(RUN_CONTRAST)) == {}
    visit.page.emulate_media(media="print")  # paper is white and its writing dark, whatever the screen
    expect(visit.page.locator(".stApp")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(headings).to_have_css("color", INK)
    visit.page.emulate_media(media="screen", color_scheme="light")


def test_streamlits_own_words_are_the_readers_and_turn_with_the_language(visit: Visit) -> None:
    visit.page.goto(f"{visit.address}/my-sites?lang=ja")
    box = visit.page.get_by_test_id("stFileUploader")
    expect(box).to_contain_text("アップロード", timeout=LONG)
    expect(box).to_contain_text("1ファイル20MBまで")
    skip = visit.page.get_by_test_id("stSkipToContent")
    expect(skip).to_have_text("本文へ移動")
    visit.page.get_by_role("radio", name="English").click()
    expect(box).to_contain_text("Upload", timeout=LONG)
    expect(box).to_contain_text("20MB per file")
    expect(skip).to_have_text("Skip to main content")
    visit.page.get_by_role("radio", name="日本語").click()
    expect(box).to_contain_text("1ファイル20MBまで", timeout=LONG)
    below = [url for url in visit.requests if "/my-sites/" in url]  # Streamlit's script would ask there first, in vain
    assert below == []
    assert visit.failures == []


def test_a_text_to_look_up_is_offered_as_that_and_a_closed_passage_is_ticked_on_paper(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_role("combobox", name="Find a site").fill("Perth")
    expect(visit.page.get_by_role("option", name="Look for “Perth”")).to_be_visible(timeout=LONG)
    visit.page.goto(f"{visit.address}/supply?site=au-dolphin&closed=suez")
    tick = visit.page.locator(".stCheckbox").filter(has_text="Suez Canal").locator("polyline")
    tick.wait_for(state="attached", timeout=LONG)
    visit.page.emulate_media(media="print")
    expect(tick).to_have_css("stroke", INK)


def test_the_keyboard_alone_chooses_a_site_in_the_list_and_in_the_table(visit: Visit) -> None:
    visit.open("/?site=gl-tanbrez")  # a mistyped address is answered in the page
    expect(visit.page.get_by_test_id("stAlert")).to_contain_text("gl-tanbreez")
    box = visit.page.get_by_role("combobox", name="Find a site")
    box.focus()
    visit.page.keyboard.type("Nolans")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".oreway-panel h3")).to_have_text("Nolans", timeout=LONG)
    visit.map.locator("#map_div[data-chosen='au-nolans']").wait_for()
    zoom, lat, lon = visit.view()
    assert (lat, lon % 360) == pytest.approx((-22.6, 133.2), abs=8)
    assert zoom >= 4
    visit.page.get_by_role("radio", name="Ranked by access score").focus()
    visit.page.keyboard.press("Space")
    table = visit.page.get_by_test_id("stDataFrame")
    canvas = table.locator("canvas").first
    expect(canvas).to_be_visible(timeout=LONG)
    canvas.focus()
    visit.page.keyboard.press("ArrowDown")
    expect(visit.page).not_to_have_url(re.compile("site=au-nolans"), timeout=LONG)
    expect(visit.page).to_have_url(re.compile(r"site=[a-z]{2}-"), timeout=LONG)
    # the same by pointer: a row of the table on the map, a site of the map in the box
    at = table.bounding_box()
    assert at is not None
    before = re.search(r"site=[a-z0-9-]+", visit.page.url)  # the view behind the # may change by itself
    assert before is not None
    visit.page.mouse.click(at["x"] + 15, at["y"] + 35 + 3 * 35 + 17)
    expect(visit.page).not_to_have_url(re.compile(rf"{before[0]}(?![a-z0-9-])"), timeout=LONG)
    fourth = re.search(r"site=([a-z0-9-]+)", visit.page.url)
    assert fourth is not None
    visit.map.locator(f"#map_div[data-chosen='{fourth[1]}']").wait_for()
    visit.look_at(*visit.site_position("au-nolans"), 9)
    visit.click_site("au-nolans")
    visit.map.locator("#map_div[data-chosen='au-nolans']").wait_for()
    expect(box).to_have_value("Nolans")
    expect(table).to_be_visible()
