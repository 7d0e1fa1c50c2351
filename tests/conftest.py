"""What tests of several rooms share."""

import pytest

from tests.postgres import server


@pytest.fixture(scope="module")
def running():
    """A PostgreSQL with PostGIS of our own."""
    with server() as one:
        yield one
