"""Make the pictures of the README and the guide from the running page (`make pictures`)."""

import io
import json
import sys
from pathlib import Path

import typst
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from oreway.outputs.files.files import creation_date  # noqa: E402
from oreway.outputs.pictures.font_folder import FONTS  # noqa: E402
from oreway.outputs.report.site_content import report_content  # noqa: E402
from oreway.outputs.report.typeset import TEMPLATE  # noqa: E402
from oreway.scoring.dossier.dossier import dossier  # noqa: E402
from oreway.scoring.world.world import open_world  # noqa: E402
from scripts.browser import ensure_browser  # noqa: E402
from scripts.live import Visit, launch, serving  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
PREVIEW = ROOT / "data" / "web" / "preview.png"
WIDTH, HEIGHT = 1440, 880
SETTLE_MS, ANSWERED_MS = 1200, 120_000
COLOURS, KMEANS = 256, 2
VIEWS = {
    "world": ("/", None),
    "explore": ("/?site=gl-tanbreez", (60.93, -46.0, 9.0)),
    "mud-zone": ("/?site=jp-minamitorishima", (23.2, 153.8, 7.5)),
    "nolans": ("/?site=au-nolans", (-23.4, 133.6, 6.5)),
    "japanese": ("/?site=jp-minamitorishima&lang=ja", (27.0, 149.0, 5.0)),
}
PAGES = {
    "ranking": "/rank", "supply": "/supply?site=jp-minamitorishima",
    "compare": "/compare?with=gl-tanbreez,gl-kvanefjeld", "what-if": "/what-if", "my-sites": "/my-sites",
    "site": "/site?site=gl-tanbreez", "sources": "/sources", "method": "/method",
}  # fmt: skip


def save(visit: Visit, name: str) -> None:
    """Save what is on the screen, with few colours so that the repository stays small."""
    visit.page.wait_for_timeout(SETTLE_MS)
    picture = Image.open(io.BytesIO(visit.page.screenshot())).convert("RGB")
    few = picture.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=KMEANS, dither=Image.Dither.NONE)
    few.save(PICTURES / f"{name}.png", optimize=True)
    print(f"docs/pictures/{name}.png")


def preview(browser: Browser, address: str) -> None:
    """Save the picture that shared links show, in the size their readers ask for."""
    visit = Visit(browser, address, width=1200, height=630)
    visit.open("/?show=place")
    visit.page.wait_for_timeout(SETTLE_MS)
    picture = Image.open(io.BytesIO(visit.page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, kmeans=KMEANS, dither=Image.Dither.NONE).save(PREVIEW, optimize=True)
    visit.close()
    print(PREVIEW.relative_to(ROOT))


def report_page() -> None:
    """Save the first page of the report on Tanbreez, drawn by the compiler that makes the PDF."""
    world = open_world()
    content = report_content(dossier(world, "gl-tanbreez"), world=world, lang="en", created=creation_date())
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    pages = typst.compile(
        TEMPLATE, root=TEMPLATE.parent, font_paths=fonts, ignore_system_fonts=True, format="png", ppi=96,
        sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
    )  # fmt: skip
    first = pages[0] if isinstance(pages, list) else pages
    picture = Image.open(io.BytesIO(first)).convert("RGB")
    picture.quantize(COLOURS, kmeans=KMEANS, dither=Image.Dither.NONE).save(PICTURES / "report.png", optimize=True)
    print("docs/pictures/report.png")


def main() -> None:
    """Visit each view and page once."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    report_page()
    executable = ensure_browser()
    with serving() as address, sync_playwright() as playwright:
        browser = launch(playwright, executable)
        preview(browser, address)
        for name, (query, view) in VIEWS.items():
            visit = Visit(browser, address, width=WIDTH, height=HEIGHT)
            visit.open(query)
            if view is not None:
                visit.look_at(*view)
            save(visit, name)
            visit.close()
        for name, path in PAGES.items():
            visit = Visit(browser, address, width=WIDTH, height=HEIGHT)
            visit.page.goto(address + path)
            visit.page.get_by_role("heading", level=1).wait_for(timeout=ANSWERED_MS)
            visit.page.wait_for_timeout(2 * SETTLE_MS)
            visit.page.locator('[data-test-script-state="notRunning"]').wait_for(timeout=ANSWERED_MS)
            save(visit, name)
            visit.close()
        browser.close()


if __name__ == "__main__":
    main()
