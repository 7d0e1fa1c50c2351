"""What tests of several rooms share."""

import functools

import pytest
from xdist.scheduler import LoadFileScheduling

from oreway.layers.catalog import DATA
from oreway.scoring.world import world as worlds
from tests.postgres import server

BROWSER = "tests/browser/"
FIRST = (BROWSER, "tests/test_wheel.py", "tests/views/test_what_if.py", "tests/scoring/test_batch_cluster.py",
         "tests/test_front.py", "tests/test_cli.py")  # fmt: skip


class Balanced(LoadFileScheduling):
    """A file's tests in one process, and those of all browser files, which share a running page."""

    def _split_scope(self, nodeid):
        return BROWSER if nodeid.startswith(BROWSER) else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config, log):
    """Share the tests out by what they share."""
    return Balanced(config, log)


def pytest_collection_modifyitems(items):
    """Begin with what takes longest, so that no process waits for the other at the end."""
    items.sort(key=lambda item: next((i for i, one in enumerate(FIRST) if item.nodeid.startswith(one)), len(FIRST)))


opened = functools.cache(worlds.open_world)


@pytest.fixture(scope="session")
def shipped():
    """The shipped world, opened once a process; a test that wants it otherwise makes another one of it."""
    return opened(DATA)


@pytest.fixture(scope="module")
def one_world():
    """Let the commands that a file's tests ask within this process share one opened world, as a page's visitors do."""

    def shared(data=DATA, *, refreshed=False):
        return usual(data, refreshed=True) if refreshed else opened(data)

    usual = worlds.open_world
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worlds, "open_world", shared)
        yield


@pytest.fixture(scope="module")
def running():
    """A PostgreSQL with PostGIS of our own."""
    with server() as one:
        yield one
