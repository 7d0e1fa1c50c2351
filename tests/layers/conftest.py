"""A stub of a service, a clock that only the test moves, and a cache with an older refresh in it."""

import pytest

from oreway.layers.online.fetch import make_director
from oreway.layers.online.refresh import PoliteOpener
from tests.layers.stub_service import TODAY, Clock, Stub, arcgis, run


@pytest.fixture
def stub():
    server = Stub()
    yield server
    server.close()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def opener(clock):
    return PoliteOpener(
        director=make_director({}), sleep=clock.sleep, clock=lambda: clock.time, now=lambda: TODAY, timeout_s=5
    )


@pytest.fixture
def older(stub, tmp_path, opener):
    """A cache with an older refresh in it, and what its files hold."""
    stub.answers = arcgis(2)
    run(stub, tmp_path, opener)
    stub.asked.clear()
    return {path.name: path.read_bytes() for path in tmp_path.iterdir()}
