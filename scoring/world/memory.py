"""What was made of a world, kept with it: each thing made once, by the function that makes it, on first request."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

T = TypeVar("T")
NOT_MADE = object()  # None is an answer too: no way


class Memory:
    """Things made once, on first request, however many threads ask."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._made: dict[Hashable, Any] = {}

    def known(self, key: Hashable) -> Any:
        """Return what stands under the key, NOT_MADE where nothing does."""
        return self._made.get(key, NOT_MADE)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what stands under the key, None too, making it first when nothing does."""
        found = self._made.get(key, NOT_MADE)
        if found is NOT_MADE:
            with self._lock:
                found = self._made.get(key, NOT_MADE)
                if found is NOT_MADE:
                    found = self._made[key] = make()
        made: T = found
        return made
