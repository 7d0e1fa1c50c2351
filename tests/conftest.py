"""What tests of several rooms share."""

import functools

import pytest
from hypothesis import settings
from xdist.scheduler import LoadFileScheduling

from oreway.layers.catalog import DATA
from oreway.scoring.world import world as worlds
from tests.postgres import server
from tests.slow import SLOW, is_slow

BROWSER, WHOLE = "tests/browser/", "every site's bill and ways"
TOGETHER = {
    BROWSER: (BROWSER,),
    WHOLE: ("tests/test_cli.py", "tests/test_front.py", "tests/outputs/test_same_numbers.py",
            "tests/outputs/test_export.py", "tests/scoring/test_chain.py", "tests/scoring/test_whatif.py",
            "tests/scoring/test_supply.py", "tests/views/test_what_if.py"),
}  # fmt: skip
FIRST = (BROWSER, *TOGETHER[WHOLE], "tests/test_wheel.py", "tests/outputs/test_report.py",
         "tests/scoring/test_batch_cluster.py", "tests/outputs/test_surface.py")  # fmt: skip


class Balanced(LoadFileScheduling):
    """A file's tests in one process; also those of all browser files, which share a running page, and of WHOLE."""

    def _split_scope(self, nodeid):
        for scope, files in TOGETHER.items():
            if nodeid.startswith(files):
                return scope
        return super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Share the tests out by what they share."""
    return Balanced(config, log)


def pytest_ignore_collect(collection_path, config):
    """Leave a file unread of which no test is asked for: half of what is imported is imported by these."""
    asked, path = config.option.markexpr, collection_path.relative_to(config.rootpath).as_posix()
    if ("not slow" in asked and path in SLOW) or ("not browser" in asked and f"{path}/" == BROWSER):
        return True
    return None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no process waits for the other at the end; mark what is slow."""
    for item in items:
        if is_slow(item.nodeid):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: next((i for i, one in enumerate(FIRST) if item.nodeid.startswith(one)), len(FIRST)))


@pytest.fixture(scope="session")
def playwright():
    """What drives a browser, once in a process: a second one would find the first one's loop running."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


opened_anew = worlds.open_world
opened = functools.cache(opened_anew)


@functools.wraps(opened_anew)
def open_world(data=DATA, *, refreshed=False):
    """Open the shipped world once a process, however many tests, commands and pages ask for it."""
    return opened(DATA) if data == DATA and not refreshed else opened_anew(data, refreshed=refreshed)


def pytest_configure(config):
    """Before any test is read: whoever imports `open_world` gets the one above; `__wrapped__` opens another world.

    A busy machine is no fault of what a property test asks: none has a deadline by the clock.
    """
    worlds.open_world = open_world
    settings.register_profile("patient", deadline=None)
    settings.load_profile("patient")


@pytest.fixture(scope="session")
def shipped():
    """The shipped world, opened once a process; a test that wants it otherwise makes another one of it."""
    return opened(DATA)


@pytest.fixture(scope="module")
def running():
    """A PostgreSQL with PostGIS of our own."""
    with server() as one:
        yield one
