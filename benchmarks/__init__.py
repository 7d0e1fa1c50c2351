"""Benchmarks: what takes how long, beside what one would take instead."""

import sys
from pathlib import Path
from types import ModuleType

if "tests" not in sys.modules:  # an installed package of that name would stand before the folder of ours
    sys.modules["tests"] = ModuleType("tests")
    sys.modules["tests"].__path__ = [str(Path(__file__).parents[1] / "tests")]
