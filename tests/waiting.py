"""Coroutines waited for in tests, beside a browser whose own loop runs in the same thread."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def waited(answer: Coroutine[Any, Any, T]) -> T:
    """Return what a coroutine returns: in a thread of its own, as one that runs a loop already may start no other."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(asyncio.run, answer).result()
