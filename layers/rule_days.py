"""The days on which public rules begin and end: what an answer that rests on them may be kept under."""

import csv
import datetime
import hashlib
from pathlib import Path

from oreway.layers.catalog import DATA

SHOWN_DIGITS = 8


def today() -> str:
    """Return the day the rules are asked for, YYYY-MM-DD."""
    return datetime.datetime.now(tz=datetime.UTC).date().isoformat()


def spans(since: str, until: str, on: str) -> bool:
    """Tell whether a day lies between two days, both included; an empty end is open."""
    ended = bool(until) and until < on
    return since <= on and not ended


def rules_in_force(on: str, data: Path = DATA) -> str:
    """Return a mark of the rules that hold on a day: the same for every day on which the same rules hold."""
    with (data / "methods" / "controls.csv").open(encoding="utf-8", newline="") as handle:
        held = [row["rule_id"] for row in csv.DictReader(handle) if spans(row["since"], row["until"], on)]
    return hashlib.sha256("\n".join(held).encode()).hexdigest()[:SHOWN_DIGITS]
