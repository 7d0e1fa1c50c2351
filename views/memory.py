"""Memory of visitors who have left, given back to the system."""

import ctypes
import gc
import time

PAUSE_S = 30.0


def trim() -> bool:
    """Let the C library return what was freed; False where it cannot (only glibc can)."""
    try:
        library = ctypes.CDLL(None)
        return bool(library.malloc_trim(0))
    except (AttributeError, OSError, TypeError):
        return False


def keep_tidy() -> None:
    """Collect what nobody refers to any more and give it back, now and then for as long as the server runs."""
    while True:
        time.sleep(PAUSE_S)
        gc.collect()
        trim()
