"""Make sure there is a Chromium for the browser tests and pictures: `python -m scripts.browser` prints where it is.

One on the PATH is taken as it is; else Debian's own package is installed when we are root there; else Playwright
downloads its own. Where none can be had, one line says what to do.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from scripts.debian import install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
CURE = (
    "no Chromium: install one (Debian: apt-get install chromium; elsewhere: python -m playwright install chromium) "
    "or name it in OREWAY_CHROMIUM"
)


class BrowserError(RuntimeError):
    """No browser can be had; the message says what to do."""


def on_path() -> str | None:
    """Return the path of an installed Chromium, the one in OREWAY_CHROMIUM first."""
    named = os.environ.get("OREWAY_CHROMIUM", "")
    if named:
        return named if Path(named).exists() else None
    return next((found for found in map(shutil.which, NAMES) if found), None)


def playwrights_own() -> str | None:
    """Return the path of the Chromium that Playwright has downloaded."""
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _ran(*command: str) -> bool:
    try:
        return subprocess.run(command, check=False, stdout=sys.stderr, stderr=sys.stderr).returncode == 0
    except OSError:
        return False


def _from_debian() -> str | None:
    return on_path() if install("chromium") else None


def _from_playwright() -> str | None:
    return playwrights_own() if _ran(sys.executable, "-m", "playwright", "install", "chromium") else None


def find_browser() -> str:
    """Return the path of a Chromium that is here already.

    Raises:
        BrowserError: there is none.
    """
    found = on_path()
    if found is None and not os.environ.get("OREWAY_CHROMIUM"):
        found = playwrights_own()
    if found is None:
        raise BrowserError(CURE)
    return found


def ensure_browser() -> str:
    """Return the path of a Chromium, installing one when there is none.

    Raises:
        BrowserError: none could be had.
    """
    try:
        return find_browser()
    except BrowserError:
        found = _from_debian() or _from_playwright()
    if found is None:
        raise BrowserError(CURE)
    return found


def main() -> int:
    """Print where the browser is; 1 and the cure when there is none."""
    try:
        print(ensure_browser())
    except (BrowserError, Error) as error:
        print(str(error).splitlines()[0], file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
