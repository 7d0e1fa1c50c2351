"""Where everything lies that is kept between runs: one rule for refreshed layers, indexes and compiled tables."""

import os
from pathlib import Path

from oreway.later import later

with later(__name__):
    import platformdirs


def cache_folder() -> Path:
    """Return the folder of everything kept between runs: OREWAY_CACHE, else the user's cache folder."""
    named = os.environ.get("OREWAY_CACHE", "")
    if named:
        return Path(named).expanduser()
    folder = platformdirs.user_cache_path("oreway", appauthor=False)
    return folder if folder.is_absolute() else Path.home() / ".cache" / "oreway"  # a relative one is to be ignored
