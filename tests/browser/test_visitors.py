"""Several visitors at once: what is one's own stays one's own, and nobody waits for another's long work."""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from scripts.live import Visit

pytestmark = pytest.mark.browser
LONG, FORGOTTEN_S = 60_000, 240.0  # Streamlit keeps a session for two minutes, in case the visitor comes back
SECRET = "Undisclosed Prospect 7"
PAGES = ("/my-sites", "/rank", "/compare", "/what-if")


@pytest.fixture
def other(browser: Browser, address: str) -> Iterator[Visit]:
    opened = Visit(browser, address)
    yield opened
    opened.close()


def test_no_visitor_sees_what_another_has_uploaded(visit: Visit, other: Visit) -> None:
    visit.page.goto(visit.address + "/my-sites")
    text = f"name,lon,lat\n{SECRET},133.2,-22.6\n".encode()
    visit.page.locator("input[type=file]").set_input_files({"name": "m.csv", "mimeType": "text/csv", "buffer": text})
    expect(visit.page.get_by_role("heading", name="Scores of your sites")).to_be_visible(timeout=LONG)
    visit.page.get_by_role("link", name="Show on the map").click()
    visit.map.locator("#map_div[data-own='1']").wait_for(timeout=LONG)
    own = [url for url in visit.requests if "/own-" in url]
    addresses = {re.sub(r"\?.*", "", url) for url in own}
    assert len(addresses) == 2  # the sites, and the small map of where they lie
    assert all(re.search(r"own-(map-)?[0-9a-f]{32}", url) for url in addresses)  # 128 bits: not to be guessed

    answered: list[bytes] = []
    other.page.on("websocket", lambda stream: stream.on("framereceived", lambda frame: answered.append(_bytes(frame))))
    other.open()
    for path in PAGES:
        other.page.goto(other.address + path)
        expect(other.page.get_by_role("heading", level=1).first).to_be_visible(timeout=LONG)
        other.page.wait_for_timeout(500)
    assert len(answered) > len(PAGES)
    assert not [frame for frame in answered if SECRET.encode() in frame]
    assert not [url for url in other.requests if "/own-" in url]


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def test_a_click_places_a_port_and_its_long_computation_does_not_stop_another_s_click(
    visit: Visit, other: Visit
) -> None:
    other.open("/?site=gl-tanbreez")
    heading = other.page.locator(".oreway-panel h3")
    expect(heading).to_have_text("Tanbreez", timeout=LONG)
    other.look_at(61.0, -45.9, 9)
    visit.page.goto(visit.address + "/what-if")
    visit.map.locator("#map_div[data-sites][data-land]").wait_for(timeout=LONG)
    visit.look_at(60.85, -45.7, 9)
    visit.click(60.95, -45.21)
    expect(visit.page.get_by_role("textbox", name="Where: longitude, latitude")).to_have_value(
        re.compile(r"-45\.\d+, 60\.9"), timeout=LONG
    )
    done = visit.page.get_by_role("heading", name="Every site before and after")
    visit.page.get_by_role("button", name="Build it").click()  # a port: some four seconds of a processor
    other.click_site("gl-kvanefjeld")
    expect(heading).to_have_text("Kvanefjeld", timeout=LONG)
    assert not done.is_visible()
    expect(done).to_be_visible(timeout=2 * LONG)
    with visit.page.expect_download(timeout=LONG) as started:
        visit.page.get_by_role("button", name="Save the scenario").click()
    # who gets the file opens the same scenario, and may take its steps back
    other.page.goto(other.address + "/what-if")
    other.page.get_by_text("Open a saved scenario").first.click()
    saved = {"name": "s.json", "mimeType": "application/json", "buffer": started.value.path().read_bytes()}
    other.page.get_by_test_id("stExpander").locator("input[type=file]").set_input_files(saved)
    expect(other.page.get_by_role("button", name="Remove port 1")).to_be_visible(timeout=LONG)
    expect(other.page.get_by_role("heading", name="Every site before and after")).to_be_visible(timeout=LONG)
    assert visit.failures == []


@pytest.mark.heavy
def test_an_upload_is_taken_back_when_its_visitor_has_left(browser: Browser, address: str) -> None:
    gone = Visit(browser, address)
    gone.page.goto(address + "/my-sites")
    text = f"name,lon,lat\n{SECRET},133.2,-22.6\n".encode()
    gone.page.locator("input[type=file]").set_input_files({"name": "m.csv", "mimeType": "text/csv", "buffer": text})
    gone.page.get_by_role("link", name="Show on the map").click(timeout=LONG)
    gone.map.locator("#map_div[data-own='1']").wait_for(timeout=LONG)
    own = {url for url in gone.requests if "/own-" in url}  # the signs on the map and the small map of the positions
    signs = next(url for url in own if url.endswith(".geojson"))
    assert any(url.endswith(".svg") for url in own)
    with urllib.request.urlopen(signs) as answer:
        assert SECRET in answer.read().decode()
    assert {status(url) for url in own} == {200}
    gone.close()
    limit = time.monotonic() + FORGOTTEN_S
    while 200 in {status(url) for url in own} and time.monotonic() < limit:
        time.sleep(5)
    assert {status(url) for url in own} == {404}


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return answer.status
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code
