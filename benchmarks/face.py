"""How quick the page is: first map, click to panel and lines, bytes over the websocket a click; nothing is mocked.

Run `python -m benchmarks.face`; it starts the page and a Chromium with its network cut.
"""

import statistics
import time

from playwright.sync_api import sync_playwright

from scripts.browser import ensure_browser
from scripts.live import Visit, launch, serving

SITES = (
    "gl-tanbreez", "au-nolans", "gl-kvanefjeld", "my-kuantan", "jp-minamitorishima", "au-mount-weld", "gl-sarfartoq",
    "au-browns-range", "us-mountain-pass", "au-dubbo", "gl-motzfeldt", "au-kalgoorlie", "au-eneabba",
    "gl-karrat", "au-yangibana",
)  # fmt: skip
POINTS = ((-40.0, 65.0), (130.0, -25.0), (-30.0, 20.0), (150.0, 30.0), (80.0, 20.0))
SETTLE_MS = 400
CLICKS = 15


def timed_click(visit: Visit, lat: float, lon: float) -> tuple[float, float, int]:
    """Click a place; return milliseconds to the panel, milliseconds to the lines, and bytes received."""
    heading = visit.page.locator(".oreway-panel h3")
    before = heading.inner_text() if heading.count() else ""
    received, spot = visit.received, visit.spot(lat, lon)
    settled = visit.frame.evaluate("document.getElementById('map_div').dataset.settled")
    visit.page.mouse.move(*spot)
    start = time.perf_counter()
    visit.page.mouse.click(*spot)
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
    visit.page.wait_for_timeout(SETTLE_MS)
    return (panel - start) * 1000, (lines - start) * 1000, visit.received - received


def summary(name: str, values: list[float], unit: str) -> str:
    """Return one line: median, 95th percentile and greatest."""
    ordered = sorted(values)
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return f"{name:<44} p50 {statistics.median(values):8.0f}  p95 {p95:8.0f}  max {ordered[-1]:8.0f} {unit}"


def main() -> None:
    """Measure and print the table."""
    executable = ensure_browser()
    with serving() as address, sync_playwright() as playwright:
        browser = launch(playwright, executable)
        cold = Visit(browser, address)
        print(f"{'first map, server just started':<44} {cold.open():.2f} s")
        cold.close()
        fresh = Visit(browser, address)
        print(f"{'first map, empty browser cache':<44} {fresh.open():.2f} s")
        fresh.page.wait_for_timeout(800)
        print(f"{'websocket until the map stands':<44} {fresh.received / 1000:.0f} kB, {len(fresh.requests)} requests")
        start = time.monotonic()
        fresh.page.reload()
        fresh.map.locator("#map_div[data-sites][data-land]").wait_for()
        print(f"{'map after a reload (warm cache)':<44} {time.monotonic() - start:.2f} s")
        fresh.frame.evaluate("window.mark = 'same'; 0")
        known = set(fresh.frame.evaluate("[...oreway.now.sites.keys()]"))
        results = []
        for site in [site for site in SITES if site in known][:CLICKS]:
            lat, lon = fresh.site_position(site)
            fresh.look_at(lat, lon, 10)
            results.append(timed_click(fresh, lat, lon))
        print(summary(f"click a site -> panel ({len(results)} clicks)", [one[0] for one in results], "ms"))
        print(summary("click a site -> lines", [one[1] for one in results], "ms"))
        print(summary("websocket a click", [float(one[2]) for one in results], "bytes"))
        points = []
        for lon, lat in POINTS:
            fresh.look_at(lat, lon, 6)
            points.append(timed_click(fresh, lat, lon))
        print(summary(f"click elsewhere -> panel ({len(points)} clicks)", [one[0] for one in points], "ms"))
        mounted = "no" if fresh.frame.evaluate("window.mark") == "same" else "YES"
        print(f"map mounted again: {mounted}; requests to another host: {len(fresh.outside)}")
        browser.close()


if __name__ == "__main__":
    main()
