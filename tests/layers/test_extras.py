import sys

import pytest

from oreway.layers import database
from oreway.layers.errors import ExtraError
from oreway.layers.extras import load


def test_a_missing_extra_is_named_with_the_command_that_installs_it(monkeypatch):
    monkeypatch.delitem(sys.modules, "oreway.layers.postgis", raising=False)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)  # what Python does where a package is not installed
    with pytest.raises(ExtraError, match=r"sqlalchemy.*pip install 'oreway\[postgis\]'"):
        database.parse_address("postgresql://localhost/db?table=t")


def test_a_missing_module_of_our_own_is_no_missing_extra():
    with pytest.raises(ModuleNotFoundError):
        load("oreway.layers.not_there", "postgis")
