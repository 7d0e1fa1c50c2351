"""A running page and a Chromium whose network is cut, once for all browser tests; a fresh visit for each."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from scripts.browser import find_browser
from scripts.live import Visit, launch, serving

expect.set_options(timeout=30_000)  # what a page does is judged here; how fast, in benchmarks/


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with serving() as url:
        yield url


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = launch(playwright, find_browser())
    yield started
    started.close()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    opened = Visit(browser, address)
    yield opened
    opened.close()
