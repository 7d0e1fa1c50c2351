"""The page in a real Chromium with no network but the local server."""

import itertools
import json
import re

import pytest
from playwright.sync_api import Browser, Route, expect

from scripts.live import FIRST, MAP, READY, Visit

pytestmark = pytest.mark.browser
PANEL_HEADING = ".oreway-panel h3"


def test_the_map_draws_with_no_internet_and_asks_no_other_host(visit: Visit) -> None:
    visit.open()
    visit.page.wait_for_timeout(800)
    assert visit.outside == []
    assert visit.failures == []
    colours = visit.frame.evaluate("""() => {
        const canvas = document.querySelector('.leaflet-oreway-base-pane canvas');
        const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        const seen = new Set();
        for (let i = 0; i < pixels.length; i += 4 * 997) seen.add([pixels[i], pixels[i+1], pixels[i+2]].join());
        return seen.size;
    }""")
    assert colours > 50, "the base map is a picture of sea and land, not a blank"
    assert int(visit.map.locator("#map_div").get_attribute("data-sites") or 0) > 100
    expect(visit.map.locator(".oreway-legend")).to_contain_text("producing")
    expect(visit.map.locator(".leaflet-control-scale")).to_contain_text("km")
    visit.map.locator(".leaflet-control-layers").hover()
    expect(visit.map.locator(".leaflet-control-layers-overlays")).to_contain_text("Ports")
    with visit.page.expect_response(re.compile("/ports-")):
        visit.map.locator(".leaflet-control-layers-overlays label", has_text="Ports").click()
    assert visit.failures == []
    # online tiles, asked for without a network: the switch asks, the offline map stays
    assert visit.outside == []
    with visit.page.expect_request(lambda asked: "127.0.0.1" not in asked.url):
        visit.map.locator(".leaflet-control-layers-base label", has_text="Streets").click()
    visit.page.wait_for_timeout(500)  # until every tile has failed
    assert visit.outside, "the switch asks for tiles"
    assert not [failure for failure in visit.failures if failure.startswith("script")]
    visit.click_site("au-nolans")
    expect(visit.page.locator(PANEL_HEADING)).to_be_visible()


def test_the_map_stands_before_the_page_and_becomes_the_pages_with_the_click_made_meanwhile(visit: Visit) -> None:
    visit.open()  # a server gives no files of the map before its first page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    visit.page.route("**/static/js/index.*.js", hold)  # Streamlit's own script does not come
    visit.page.goto(visit.address, wait_until="commit")
    visit.map.locator(READY).wait_for()
    expect(visit.page.locator(f"{FIRST} h1")).to_have_text("What stands between a deposit and a refinery?")
    visit.settle()
    before = visit.page.locator(MAP).bounding_box()
    visit.frame.evaluate("window.mark = 'same'; 0")
    visit.click_site("au-nolans")
    assert visit.page.locator("[data-testid=stApp]").count() == 0
    for one in held:
        one.continue_()
    expect(visit.page.locator(PANEL_HEADING)).to_have_text("Nolans", timeout=60_000)
    expect(visit.page.locator(FIRST)).to_have_count(0)
    assert visit.page.locator(MAP).count() == 1
    assert visit.page.locator(MAP).bounding_box() == pytest.approx(before, abs=1), "the map has jumped"
    assert visit.frame.evaluate("window.mark") == "same", "the map was mounted again"
    visit.map.locator("#map_div[data-chosen='au-nolans']").wait_for()
    assert visit.failures == []
    visit.page.get_by_role("link", name="Ranking").first.click()
    expect(visit.page.locator(MAP)).to_have_count(0)
    visit.page.get_by_role("link", name="Map").first.click()
    visit.map.locator(READY).wait_for()


def test_a_click_on_tanbreez_shows_panel_and_lines_and_keeps_the_view(visit: Visit) -> None:
    visit.open()
    visit.look_at(60.9, -46.0, 8)
    visit.frame.evaluate("window.mark = 'same'; 0")
    before, received = visit.view(), visit.received
    visit.click_site("gl-tanbreez")
    expect(visit.page.locator(PANEL_HEADING)).to_have_text("Tanbreez")
    expect(visit.page.locator(".oreway-panel .near")).to_contain_text("Narsaq")
    expect(visit.page.locator(".oreway-panel .near")).to_contain_text("Qaqortoq Airport")
    word = visit.page.locator(".oreway-panel summary", has_text="Gates")
    word.hover()
    expect(word).to_have_attribute("title", re.compile("no distance makes up for"))
    visit.map.locator("#map_div[data-chosen='gl-tanbreez']").wait_for()
    assert int(visit.map.locator("#map_div").get_attribute("data-lines") or 0) >= 5
    expect(visit.map.locator(".oreway-label").first).to_contain_text("km")
    assert visit.frame.evaluate("window.mark") == "same", "the map was mounted again"
    assert visit.view() == pytest.approx(before)
    visit.page.wait_for_timeout(500)
    assert visit.received - received < 21_000
    assert "site=gl-tanbreez" in visit.page.url
    visit.look_at(30.0, -40.0, 5)  # any point of the sea
    visit.click(30.0, -40.0)
    expect(visit.page.locator(PANEL_HEADING)).to_contain_text(re.compile(r"(29\.9|30\.0)\d+° N, (39\.9|40\.0)\d+° W"))
    rows = visit.page.locator(".oreway-panel .near")
    expect(rows).to_contain_text("port")
    expect(rows).to_contain_text("not applicable")
    assert re.search(r"at=-(39|40)\.\d+(,|%2C)(29|30)\.\d+", visit.page.url)
    assert visit.outside == []


def test_the_address_restores_the_choice(visit: Visit) -> None:
    visit.open("/?site=jp-minamitorishima")
    expect(visit.page.locator(PANEL_HEADING)).to_contain_text("Minamitorishima")
    visit.map.locator("#map_div[data-chosen='jp-minamitorishima']").wait_for()
    zoom, lat, lon = visit.view()
    assert zoom > 3
    assert lat == pytest.approx(22, abs=12)
    assert lon % 360 == pytest.approx(154, abs=15)
    # a line from there to America goes over the Pacific, not across the map
    points = visit.frame.evaluate("""() => {
        oreway.show(oreway.now.map, {chosen: {lon: 153.98, lat: 24.28}, hidden: [], shown: null,
            lines: [{lon: -118.2, lat: 33.7, text: 'port Los Angeles', class: 'port'}]});
        return oreway.now.ends[0].points.map((point) => point.lng);
    }""")
    steps = [abs(b - a) for a, b in itertools.pairwise(points)]
    assert max(steps) < 10
    assert abs(points[-1] - points[0]) < 180


def test_the_geojson_of_what_is_shown_holds_the_site_and_its_report_is_a_pdf(visit: Visit) -> None:
    visit.open("/?site=gl-tanbreez")
    with visit.page.expect_download(timeout=150_000) as started:
        visit.page.get_by_role("button", name="Shown sites (GeoJSON)").click()
    collection = json.loads(started.value.path().read_text(encoding="utf-8"))
    found = {feature["properties"]["site_id"]: feature for feature in collection["features"]}
    assert collection["type"] == "FeatureCollection"
    lon, lat = found["gl-tanbreez"]["geometry"]["coordinates"][:2]
    assert (lon, lat) == pytest.approx((-45.85, 60.87), abs=0.1)
    with visit.page.expect_download(timeout=150_000) as started:
        visit.page.get_by_role("button", name="Report").click()
    assert started.value.suggested_filename == "gl-tanbreez.pdf"
    assert started.value.path().read_bytes().startswith(b"%PDF-")


def test_a_filter_takes_sites_off_the_map_and_a_shaded_region_lies_on_it_without_mounting_it_again(
    visit: Visit,
) -> None:
    visit.open()
    visit.frame.evaluate("window.mark = 'same'; 0")
    shown = int(visit.map.locator("#map_div").get_attribute("data-shown") or 0)
    visit.page.get_by_role("button", name="Filters").click()
    visit.page.get_by_role("combobox", name="Country").fill("Greenland")
    visit.page.keyboard.press("Enter")
    expect(visit.map.locator("#map_div")).not_to_have_attribute("data-shown", str(shown))
    left = int(visit.map.locator("#map_div").get_attribute("data-shown") or 0)
    assert 0 < left < shown
    assert visit.frame.evaluate("window.mark") == "same"
    visit.page.get_by_role("combobox", name="Region to shade").fill("Australia")
    visit.page.keyboard.press("Enter")
    visit.map.locator("#map_div[data-surface='Access score']").wait_for(timeout=60_000)
    picture = visit.map.locator("img.leaflet-image-layer").nth(1)
    picture.wait_for()
    assert picture.evaluate("(one) => one.decode().then(() => one.naturalWidth)") > 100
    expect(visit.map.locator(".oreway-scale")).to_contain_text("80–100")
    assert visit.frame.evaluate("window.mark") == "same"
    assert visit.failures == []


def test_a_link_opens_the_same_view_layers_and_filters_and_the_keyboard_goes_from_site_to_site(visit: Visit) -> None:
    visit.open("/?area=-58,58_-38,58_-38,66_-58,66&show=ranking#m1/5/62.0000/-46.0000/on.ports/base.dark")
    assert visit.view() == pytest.approx((5, 62, -46), abs=0.05)
    expect(visit.map.locator("#map_div.oreway-dark")).to_be_visible()
    on_paper = visit.map.locator("img.oreway-painting").first
    visit.page.emulate_media(media="print")  # a dark map is light on paper, by a picture in the canvas's place
    expect(visit.map.locator("#map_div.oreway-dark")).to_have_count(0)
    mean = on_paper.evaluate("""(one) => one.decode().then(() => {
        const canvas = document.createElement("canvas"), ctx = canvas.getContext("2d");
        canvas.width = canvas.height = 1;
        ctx.drawImage(one, 0, 0, 1, 1);
        return [...ctx.getImageData(0, 0, 1, 1).data];
    })""")
    assert mean[3] == 255
    assert sum(mean[:3]) / 3 > 128
    visit.page.emulate_media(media="screen")
    expect(on_paper).to_have_count(0)
    expect(visit.map.locator("#map_div.oreway-dark")).to_be_visible()
    assert any("/ports-" in url for url in visit.requests)
    expect(visit.page.get_by_text(re.compile(r"^\d+ of \d+ sites shown"))).to_be_visible()
    expect(visit.page.get_by_test_id("stDataFrame")).to_be_visible()
    visit.map.locator("#map_div").focus()
    visit.page.keyboard.press("ArrowDown")
    held = visit.map.locator("#map_div").get_attribute("data-held")
    visit.page.keyboard.press("Enter")
    visit.map.locator(f"#map_div[data-chosen='{held}']").wait_for()
    expect(visit.page).to_have_url(re.compile(rf"site={held}.*#m1/5/"))
    visit.page.keyboard.press("Escape")
    visit.map.locator("#map_div[data-chosen='']").wait_for()
    visit.frame.evaluate("window.mark = 'same'; 0")
    visit.page.get_by_role("button", name="Clear all").click()
    expect(visit.page).not_to_have_url(re.compile("area="))
    assert visit.frame.evaluate("window.mark") == "same", "the map was mounted again"
    assert visit.failures == []


def test_an_area_is_drawn_a_way_measured_and_the_map_kept_as_a_picture(visit: Visit) -> None:
    visit.open()
    visit.look_at(61, -46, 5)
    visit.map.locator("[data-tool=measure]").click()
    for place in ((61, -50), (62, -42), (62, -42)):
        visit.click(*place)
    # pyproj 3.7: Geod(ellps="WGS84").inv(-50, 61, -42, 62) is 440.06 km; a pixel here is 2.3 km
    told = int(visit.map.locator("#map_div").get_attribute("data-measured") or 0)
    assert told == pytest.approx(440_055, abs=6_000)
    visit.map.locator("[data-tool=area]").click()
    for place in ((59.5, -50), (59.5, -42), (62, -42), (62, -50), (59.5, -50)):
        visit.click(*place)
    expect(visit.page.get_by_role("button", name="In the drawn area")).to_be_visible()
    expect(visit.map.locator("#map_div")).to_have_attribute("data-shown", re.compile("^[1-3]?[0-9]$"))
    with visit.page.expect_download() as started:
        visit.map.locator("[data-tool=picture]").click()
    assert started.value.path().read_bytes().startswith(b"\x89PNG")
    assert visit.failures == []


def test_on_a_phone_the_panel_is_a_sheet_and_the_drawer_closes(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, width=390, height=844)
    try:
        visit.open("/?site=au-nolans")
        sheet = visit.page.locator(".st-key-sheet")
        expect(sheet.locator("h3")).to_have_text("Nolans")
        box = sheet.bounding_box()
        assert box is not None
        assert box["y"] < 844 < box["y"] + box["height"] + 2
        sheet.get_by_role("button", name="Close").click()
        expect(sheet).to_have_count(0)
        visit.look_at(-22.6, 133.2, 6)  # deposit and plant lie on each other: a list, clear of the buttons
        visit.click(*visit.site_position("au-nolans"))
        listed, layers = visit.map.locator(".oreway-popup"), visit.map.locator(".leaflet-control-layers")
        expect(listed).to_be_visible()
        visit.settle()
        right, button = listed.bounding_box(), layers.bounding_box()
        assert right is not None
        assert button is not None
        assert right["x"] + right["width"] <= button["x"]
        visit.page.keyboard.press("Escape")
        visit.page.get_by_test_id("stExpandSidebarButton").click()
        drawer = visit.page.get_by_test_id("stSidebar")
        drawer.get_by_role("link", name="Ranking").click()
        expect(visit.page).to_have_url(re.compile("/rank"))
        expect(visit.page.locator('[data-testid="stSidebar"][data-collapsed="false"]')).to_have_count(0)
        # a phone folds tables and long pictures; a box opens them, and paper has all
        picture = visit.page.get_by_test_id("stVegaLiteChart").first
        opened = visit.page.get_by_role("checkbox", name=re.compile(r"^Show all \d+ sites$")).first
        expect(picture).to_have_css("overflow", "hidden", timeout=60_000)
        opened.check()
        expect(picture).not_to_have_css("overflow", "hidden")
        assert visit.failures == []
        visit.page.goto(f"{address}/site?site=gl-tanbreez")
        facts = visit.page.locator(".st-key-fold_facts")  # the claims above them fold too, and come first
        fact, opened = facts.get_by_text("Resource and grade"), facts.get_by_role("checkbox")
        fact.wait_for(state="attached", timeout=60_000)
        expect(fact).to_be_hidden()
        opened.check()
        expect(fact).to_be_visible()
        opened.uncheck()
        expect(fact).to_be_hidden()
        visit.page.emulate_media(media="print")
        expect(fact).to_be_visible()
        assert [fault for fault in visit.failures if "ERR_ABORTED" not in fault] == []
    finally:
        visit.close()
