"""From a deposit to a refinery: what stands in between, and how far.

`import oreway` gives the functions of `oreway.front`, loaded when first used.
"""

import importlib
from typing import Any

__all__ = [
    "balance", "bill", "export", "facts", "nearest", "price", "rank", "report", "score", "site_map", "sites", "supply",
    "whatif", "world",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Return a function of the front, so that a command does not load what it does not use."""
    if name not in __all__:
        raise AttributeError(f"module 'oreway' has no attribute {name!r}")
    return getattr(importlib.import_module("oreway.front"), name)


def __dir__() -> list[str]:
    """Return what people call."""
    return sorted(__all__)
