"""Memory that is no longer used goes back to the system."""

import subprocess
import sys

import pytest

BODY = """
import psutil
from oreway.views.memory import trim

own = psutil.Process()
trim()
before = own.memory_info().rss
held = [b"x" * (100_000 + n) for n in range(2_000)]
full = own.memory_info().rss - before
del held[:-1]  # the last one stays on top of the heap, so nothing goes back by itself
kept = own.memory_info().rss - before
trimmed = trim()
print(full, kept, own.memory_info().rss - before, trimmed)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only the C library of Linux gives memory back")
def test_what_was_freed_goes_back_to_the_system():
    told = subprocess.run([sys.executable, "-c", BODY], capture_output=True, text=True, check=True).stdout.split()
    full, kept, after = (int(word) / 1e6 for word in told[:3])
    assert full > 190
    assert kept > 150
    assert after < 20
    assert told[3] == "True"
