"""The rows of a batch that could not be used, told beside the output by line and reason."""

import csv
from pathlib import Path

from oreway.geo.files.rows import settle
from oreway.scoring.batch.parts import written
from oreway.scoring.batch.read import Reject


def rejects_path(out: Path) -> Path:
    """Return where the rows that could not be used are told."""
    return out.parent / f"{out.stem}.rejects.csv"


def write_rejects(path: Path, rejects: list[Reject]) -> Path | None:
    """Write line and reason of each row left out; no file when there is none, not even an old one."""
    with written(path):
        if not rejects:
            path.unlink(missing_ok=True)
            return None
        fresh = path.with_name(f".{path.name}.new")
        with fresh.open("w", encoding="utf-8", newline="") as handle:
            rows = csv.writer(handle, lineterminator="\n")
            rows.writerow(["line", "reason"])
            rows.writerows([reject.line, reject.reason] for reject in sorted(rejects, key=lambda one: one.line))
        settle(fresh, path)
    return path
