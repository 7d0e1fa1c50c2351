"""The running page and a real browser, for the browser tests, the pictures and the benchmark."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Frame, FrameLocator, Page, Playwright, Response, WebSocket

from scripts.browser import FLAGS

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
SETTLE_MS = 300
START_S, OPEN_MS = 60.0, 120_000  # the first visitor of a server that just started waits for its data
MAP = 'iframe[title^="streamlit_folium"]'
READY = "#map_div[data-sites][data-land]"
FIRST = "#oreway-first"  # what stands until Streamlit has made the page; the map stays
CUT = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(script: Path = ROOT / "serve.py") -> Iterator[str]:
    """Run the page on a free port; yield its address, and stop it at the end.

    Raises:
        RuntimeError: it did not come up; the message ends with what it printed.
    """
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port)]
    command += ["--server.address", HOST, "--server.headless", "true", "--browser.gatherUsageStats", "false"]
    with tempfile.TemporaryFile(mode="w+") as log:
        server = subprocess.Popen(
            command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env=os.environ | {"PYTHONPATH": str(ROOT)}
        )
        try:
            if not _came_up(f"http://{HOST}:{port}/_stcore/health", server):
                log.seek(0)
                raise RuntimeError(f"the page did not start:\n{log.read()[-2000:]}")
            yield f"http://{HOST}:{port}"
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _came_up(address: str, server: "subprocess.Popen[bytes]") -> bool:
    limit = time.monotonic() + START_S
    while time.monotonic() < limit and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own http address
                return bool(answer.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    return False


def launch(playwright: Playwright, executable: str, *, cut: bool = True) -> Browser:
    """Start the browser; with `cut` no name but 127.0.0.1 can be looked up."""
    return playwright.chromium.launch(executable_path=executable, args=[*FLAGS, *([CUT] if cut else [])])


class Visit:
    """One visit to the page: what was asked for, what failed, what went over the websocket."""

    def __init__(
        self, browser: Browser, address: str, *, width: int = 1440, height: int = 1000, scale: float = 1
    ) -> None:
        """Open a fresh page of its own context."""
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=scale, accept_downloads=True
        )
        self.page: Page = self.context.new_page()
        self.address = address
        self.requests: list[str] = []
        self.failures: list[str] = []
        self.received = 0
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", lambda request: self.failures.append(f"{request.url}: {request.failure}"))
        self.page.on("response", self._check)
        self.page.on("pageerror", lambda error: self.failures.append(f"script: {error}"))
        self.page.on("websocket", self._count)

    def _check(self, answer: Response) -> None:
        probes_for_base_path = "/_stcore/" in answer.url  # Streamlit's own way of finding out where it is served
        if answer.status >= 400 and not probes_for_base_path:
            self.failures.append(f"{answer.url}: {answer.status}")

    def _count(self, websocket: WebSocket) -> None:
        websocket.on("framereceived", self._add)

    def _add(self, payload: str | bytes) -> None:
        self.received += len(payload)

    def close(self) -> None:
        """End the visit."""
        self.context.close()

    def open(self, query: str = "") -> float:
        """Open the map page whole; return the seconds until base map and sites are drawn."""
        start = time.monotonic()
        self.page.goto(self.address + query, wait_until="commit")
        self.map.locator(READY).wait_for(timeout=OPEN_MS)
        drawn = time.monotonic() - start
        self.page.locator(FIRST).wait_for(state="detached", timeout=OPEN_MS)
        self.page.wait_for_load_state("networkidle")  # Streamlit asks for the map's own page again, to see it is there
        return drawn

    @property
    def map(self) -> FrameLocator:
        """Return the map's frame, to look things up in."""
        return self.page.frame_locator(MAP)

    @property
    def frame(self) -> Frame:
        """Return the map's frame, to run scripts in."""
        return next(frame for frame in self.page.frames if "streamlit_folium" in frame.url)

    @property
    def outside(self) -> list[str]:
        """Return what was asked of any other host."""
        return [
            url for url in self.requests if not re.match(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:", url)
        ]

    def look_at(self, lat: float, lon: float, zoom: float) -> None:
        """Move the map."""
        self.frame.evaluate(f"oreway.now.map.setView([{lat}, {lon}], {zoom}, {{animate: false}}); 0")
        self.page.wait_for_timeout(250)

    def spot(self, lat: float, lon: float) -> tuple[float, float]:
        """Return where a place stands on the screen."""
        script = f"(() => {{ const p = oreway.now.map.latLngToContainerPoint([{lat}, {lon}]); return [p.x, p.y]; }})()"
        x, y = self.frame.evaluate(script)
        box = self.page.locator(MAP).bounding_box()
        if box is None:
            raise RuntimeError("the map is not on the screen")
        return box["x"] + x, box["y"] + y

    def site_position(self, site_id: str) -> tuple[float, float]:
        """Return (lat, lon) of a site on the map."""
        lat, lon = self.frame.evaluate(
            "(id) => { const s = oreway.now.sites.get(id).site; return [s.lat, s.lon]; }", site_id
        )
        return lat, lon

    def click(self, lat: float, lon: float) -> None:
        """Click a place on the map with the mouse."""
        self.page.mouse.click(*self.spot(lat, lon))

    def click_site(self, site_id: str) -> None:
        """Click a site's sign on the map; where several lie on each other, choose it from the list."""
        self.click(*self.site_position(site_id))
        self.answer(site_id)

    def answer(self, site_id: str) -> None:
        """Choose a site from the list of those that lie under a click, if one is open."""
        if self.map.locator(".oreway-list").count():
            name = self.frame.evaluate("(id) => oreway.now.sites.get(id).site.name", site_id)
            wanted = self.frame.locator(".oreway-list button", has=self.frame.get_by_text(name, exact=True)).first
            self.settle()  # the map moves until the list is whole; scrolled to, it would be scrolled back in mid-click
            box = wanted.bounding_box()
            if box is None:
                raise RuntimeError(f"{name} is not on the list")
            self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def settle(self) -> None:
        """Wait until the map stays where it is: at first it takes the size of its place."""
        last, now = None, (self.view(), self.page.locator(MAP).bounding_box())
        while now != last:
            self.page.wait_for_timeout(SETTLE_MS)
            last, now = now, (self.view(), self.page.locator(MAP).bounding_box())

    def view(self) -> tuple[float, float, float]:
        """Return zoom, latitude and longitude of the map's centre."""
        script = "(() => { const m = oreway.now.map, c = m.getCenter(); return [m.getZoom(), c.lat, c.lng]; })()"
        zoom, lat, lon = self.frame.evaluate(script)
        return zoom, lat, lon
