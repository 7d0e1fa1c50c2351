"""Tables of results: printed as text, written as Markdown, with the machine they were measured on."""

import dataclasses
import datetime
import importlib.metadata
import math
import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PRODUCT = ("numpy", "scipy", "numba", "shapely", "pyproj", "geopandas", "rasterio", "pandas", "typst")
_ENOUGH_S = 10.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Table:
    """A title, columns, rows of text, and what has to be known to read them."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""
    verbatim: str = ""

    def text(self) -> str:
        """Return the table for a terminal."""
        lines = [list(self.columns), *[list(row) for row in self.rows]] if self.columns else []
        wide = [max(len(row[i]) for row in lines) for i in range(len(self.columns))]
        body = [
            "  ".join(
                cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, wide, strict=True))
            )
            for row in lines
        ]
        return "\n".join(["", self.title, *body, *([self.note] if self.note else []), self.verbatim])

    def markdown(self) -> str:
        """Return the table for a page."""
        parts = [f"## {self.title}", ""]
        if self.columns:
            lines = [self.columns, ["---", *["---:"] * (len(self.columns) - 1)], *self.rows]
            parts += [*("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines), ""]
        parts += [self.note, ""] if self.note else []
        parts += ["```text", self.verbatim.strip(), "```", ""] if self.verbatim else []
        return "\n".join(parts)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Taken:
    """Least seconds by the clock of some runs, and the processor seconds of that run, all threads together."""

    seconds: float
    processor: float


def timed(work: Callable[[], object], runs: int = 3) -> Taken:
    """Return the best of some runs, fewer when they are long."""
    found: list[Taken] = []
    while len(found) < runs and sum(one.seconds for one in found) < _ENOUGH_S:
        clock, busy = time.perf_counter(), time.process_time()
        work()
        found.append(Taken(seconds=time.perf_counter() - clock, processor=time.process_time() - busy))
    return min(found, key=lambda one: one.seconds)


def rate(per_second: float) -> str:
    """Return answers a second in few digits."""
    return f"{per_second / 1e6:.2f} M" if per_second >= 1e6 else f"{per_second:,.3g}" if per_second < 1000 else (
        f"{per_second / 1e3:,.3g} k"
    )  # fmt: skip


def seconds(value: float) -> str:
    """Return a time in the unit that suits it."""
    if value >= 100:
        return f"{value:,.0f} s"
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.3g} ms" if value >= 1e-3 else f"{value * 1e6:.3g} µs"


def length(km: float) -> str:
    """Return a length in the unit that suits it."""
    if not math.isfinite(km):
        return "–"
    if km < 1e-8:
        return "< 0.01 mm"
    return f"{km:,.0f} km" if km >= 10 else f"{km:.2g} km" if km >= 1 else (
        f"{km * 1e3:.3g} m" if km >= 1e-3 else f"{km * 1e6:.2g} mm"
    )  # fmt: skip


def machine() -> str:
    """Return the processor, memory, system and versions in one paragraph."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")] \
        if info.exists() else []  # fmt: skip
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = ""
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = f", {os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB"
    load = f", load {os.getloadavg()[0]:.1f} at the start" if hasattr(os, "getloadavg") else ""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PRODUCT)
    day = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    cpu = names[0] if names else platform.processor() or platform.machine()
    place = f"{cpu}, {count} processors{memory}, {platform.system()}{load}"
    return f"{day}. {place}. Python {platform.python_version()}, {versions}."
