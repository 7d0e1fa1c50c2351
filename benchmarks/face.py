"""How quick the page is: first map, click, filter, weights, bytes over the websocket; nothing is mocked.

Run `python -m benchmarks.face`; it starts the page and a Chromium with its network cut. A click's time is shown by
part: from the mouse to the message sent, from there to the answer's last message before the panel, and the drawing.
"""

import random
import statistics
import time

from playwright.sync_api import Browser, WebSocket, sync_playwright

from scripts.browser import ensure_browser
from scripts.live import FIRST, Visit, launch, serving

SITES = (
    "gl-tanbreez", "au-nolans", "gl-kvanefjeld", "my-kuantan", "jp-minamitorishima", "au-mount-weld", "gl-sarfartoq",
    "au-browns-range", "us-mountain-pass", "au-dubbo", "gl-motzfeldt", "au-kalgoorlie", "au-eneabba", "gl-karrat",
    "au-yangibana", "au-hastings", "au-gifford-creek", "cn-bayan-obo",
)  # fmt: skip
POINTS = ((-40.0, 65.0), (130.0, -25.0), (-30.0, 20.0), (150.0, 30.0), (80.0, 20.0))
SETTLE_MS = 400
CLICKS, STEPS = 15, 9
OWN_POINTS = (1_000, 10_000)
SLOW_DOWN = 4
WARM_S = 8.0
READY = "#map_div[data-sites][data-land]"


class Timed(Visit):
    """A visit that notes when messages went and came."""

    def __init__(self, browser: Browser, address: str) -> None:
        super().__init__(browser, address)
        self.sent: list[float] = []
        self.came: list[float] = []
        self.page.on("websocket", self._note)

    def _note(self, websocket: WebSocket) -> None:
        websocket.on("framesent", lambda _: self.sent.append(time.perf_counter()))
        websocket.on("framereceived", lambda _: self.came.append(time.perf_counter()))


def timed_click(visit: Timed, lat: float, lon: float) -> dict[str, float]:
    """Click a place; return milliseconds to the panel (and their parts), to the lines, and bytes received."""
    heading = visit.page.locator(".oreway-panel h3")
    before = heading.inner_text() if heading.count() else ""
    received, spot = visit.received, visit.spot(lat, lon)
    settled = visit.frame.evaluate("document.getElementById('map_div').dataset.settled")
    visit.page.mouse.move(*spot)
    visit.sent.clear()
    visit.came.clear()
    start = time.perf_counter()
    visit.page.mouse.click(*spot)
    if visit.map.locator(".oreway-list").count():  # several signs on each other: the nearest stands first and has focus
        visit.page.keyboard.press("Enter")
    visit.page.wait_for_function(
        "(old) => { const h = document.querySelector('.oreway-panel h3'); return h && h.innerText !== old; }",
        arg=before, polling=5,
    )  # fmt: skip
    panel = time.perf_counter()
    visit.frame.wait_for_function(
        "(old) => document.getElementById('map_div').dataset.settled !== old && oreway.now.ends.length > 0",
        arg=settled,
        polling=5,
    )
    lines = time.perf_counter()
    sent = visit.sent[0] if visit.sent else start
    came = max((at for at in visit.came if at <= panel), default=sent)
    visit.page.wait_for_timeout(SETTLE_MS)
    return {
        "panel": (panel - start) * 1000, "lines": (lines - start) * 1000, "bytes": float(visit.received - received),
        "map": (sent - start) * 1000, "server": (came - sent) * 1000, "draw": (panel - came) * 1000,
    }  # fmt: skip


def summary(name: str, values: list[float], unit: str) -> str:
    """Return one line: median, 95th percentile and greatest."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"{name:<50} p50 {statistics.median(values):8.0f}  p95 {p95:8.0f}  max {ordered[-1]:8.0f} {unit}"


def clicks(visit: Timed, what: str) -> None:
    """Click sites and other places; print the figures."""
    visit.frame.evaluate("window.mark = 'same'; 0")
    known = set(visit.frame.evaluate("[...oreway.now.sites.keys()]"))
    found = []
    for site in [site for site in SITES if site in known][:CLICKS]:
        lat, lon = visit.site_position(site)
        visit.look_at(lat, lon, 10)
        found.append(timed_click(visit, lat, lon))
    print(summary(f"{what}: click a site -> panel ({len(found)})", [one["panel"] for one in found], "ms"))
    parts = [f"{part} {statistics.median(one[part] for one in found):.0f}" for part in ("map", "server", "draw")]
    print(f"{'':<50} of which {', '.join(parts)} ms")
    print(summary(f"{what}: click a site -> lines", [one["lines"] for one in found], "ms"))
    print(summary(f"{what}: websocket a click", [one["bytes"] for one in found], "bytes"))
    points = []
    for lon, lat in POINTS:
        visit.look_at(lat, lon, 6)
        points.append(timed_click(visit, lat, lon)["panel"])
    print(summary(f"{what}: click elsewhere -> panel ({len(points)})", points, "ms"))
    mounted = "no" if visit.frame.evaluate("window.mark") == "same" else "YES"
    print(f"{what}: map mounted again: {mounted}; requests to another host: {len(visit.outside)}")


COUNT_ANSWERS = """() => {
    const app = document.querySelector('[data-testid=stApp]');
    window.answers = 0;
    new MutationObserver(() => { if (app.dataset.testScriptState === 'notRunning') window.answers += 1; })
        .observe(app, {attributes: true, attributeFilter: ['data-test-script-state']});
}"""


def steps(visit: Timed, what: str) -> None:
    """Move the first slider step by step; print the time until the whole answer is on the page."""
    visit.page.evaluate(COUNT_ANSWERS)
    spent = []
    slider = visit.page.get_by_role("slider").first
    for _ in range(STEPS):
        slider.focus()
        before = visit.page.evaluate("window.answers")
        start = time.perf_counter()
        visit.page.keyboard.press("ArrowRight")
        visit.page.wait_for_function("(before) => window.answers > before", arg=before, polling=5)
        spent.append((time.perf_counter() - start) * 1000)
        visit.page.wait_for_timeout(2 * SETTLE_MS)
    print(summary(f"{what} ({len(spent)} steps)", spent, "ms"))


def filtering(visit: Timed, what: str) -> None:
    """Move the score filter; put it back."""
    visit.page.get_by_role("button", name="Filters").click()
    steps(visit, f"{what}: score filter -> map and table")
    visit.page.get_by_role("slider").first.press("Home")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_timeout(2 * SETTLE_MS)


NOTE_DRAWN = """
window.seen = new Set();
window.drawn = 0;
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    if (!window.seen.has(text)) { window.seen.add(text); window.drawn = window.drawn || performance.now(); }
    return write.call(this, text, ...rest);
};
"""
TABLE = "document.querySelector('[data-testid=stDataFrame] table').textContent"


def weighing(visit: Timed) -> None:
    """Move a weight slider of the ranking; time the table as drawn and as a screen reader finds it."""
    visit.page.add_init_script(NOTE_DRAWN)
    visit.page.goto(visit.address + "/rank?profile=own_weights")
    slider = visit.page.get_by_role("slider").first
    slider.wait_for()
    visit.page.wait_for_timeout(4000)
    drawn, read = [], []
    for _ in range(STEPS):
        slider.focus()
        before = visit.page.evaluate(TABLE)
        start = visit.page.evaluate("() => { window.drawn = 0; return performance.now(); }")
        visit.page.keyboard.press("ArrowRight")
        visit.page.wait_for_function(f"(before) => {TABLE} !== before", arg=before, polling=5)
        read.append(visit.page.evaluate("performance.now()") - start)
        visit.page.wait_for_function("window.drawn > 0")
        drawn.append(visit.page.evaluate("window.drawn") - start)
        visit.page.wait_for_timeout(4 * SETTLE_MS)
    print(summary(f"weight slider -> table drawn ({len(drawn)} steps)", drawn, "ms"))
    print(summary("weight slider -> table's text for screen readers", read, "ms"))
    print(f"{'':<50} of which the grid itself waits 200 ms")
    steps(visit, "weight slider -> everything below it")


def with_own_points(visit: Timed, number: int) -> None:
    """Put own points on the map through My sites; return to the map."""
    draw = random.Random(number)
    rows = [f"P{i},{draw.uniform(113, 153):.5f},{draw.uniform(-38, -12):.5f}" for i in range(number)]
    content = ("name,lon,lat\n" + "\n".join(rows)).encode()
    visit.page.get_by_role("link", name="My sites").first.click()
    chooser = visit.page.locator("input[type=file]")
    chooser.wait_for(state="attached")
    visit.page.wait_for_timeout(2 * SETTLE_MS)
    visit.page.evaluate(COUNT_ANSWERS)
    start = time.monotonic()
    chooser.set_input_files({"name": "own.csv", "mimeType": "text/csv", "buffer": content})
    visit.page.wait_for_function("window.answers > 0", timeout=120_000)
    visit.page.get_by_role("heading", name="Scores of your sites").wait_for()
    print(f"{number:,} own points: read, scored and in the table: {time.monotonic() - start:.1f} s")
    visit.page.get_by_role("link", name="Show on the map").click()
    visit.map.locator(f"#map_div[data-own='{number}'][data-land]").wait_for(timeout=60_000)
    visit.page.wait_for_timeout(2 * SETTLE_MS)


def first_maps(browser: Browser, address: str) -> Timed:
    """Open the map for the first time and again; print the times; return the last visit."""
    cold = Timed(browser, address)
    print(f"{'first map, opened while the server starts':<50} {cold.open():.2f} s")
    cold.close()
    time.sleep(WARM_S)
    spent, whole = [], []
    for _ in range(5):
        fresh = Timed(browser, address)
        start = time.perf_counter()
        spent.append(fresh.open() * 1000)
        whole.append((time.perf_counter() - start) * 1000)
        fresh.page.wait_for_timeout(2 * SETTLE_MS)
        if len(spent) < 5:
            fresh.close()
    print(summary("first map, empty browser cache", spent, "ms"))
    print(summary("and until a click on it is answered", whole, "ms"))
    print(f"{'websocket until the map stands':<50} {fresh.received / 1000:.0f} kB, {len(fresh.requests)} requests")
    again, whole = [], []
    for _ in range(5):
        start = time.perf_counter()
        fresh.page.reload(wait_until="commit")
        fresh.map.locator(READY).wait_for()
        again.append((time.perf_counter() - start) * 1000)
        fresh.page.locator(FIRST).wait_for(state="detached")
        whole.append((time.perf_counter() - start) * 1000)
        fresh.page.wait_for_timeout(2 * SETTLE_MS)
    print(summary("first map after a reload (warm browser cache)", again, "ms"))
    print(summary("and until a click on it is answered", whole, "ms"))
    return fresh


def main() -> None:
    """Measure and print the table."""
    executable = ensure_browser()
    with serving() as address, sync_playwright() as playwright:
        browser = launch(playwright, executable)
        visit = first_maps(browser, address)
        clicks(visit, "our sites")
        filtering(visit, "our sites")
        for number in OWN_POINTS:
            with_own_points(visit, number)
            clicks(visit, f"and {number:,} own")
        session = visit.context.new_cdp_session(visit.page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_DOWN})
        clicks(visit, f"the same, processor {SLOW_DOWN} times slower")
        session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        weighing(visit)
        browser.close()


if __name__ == "__main__":
    main()
