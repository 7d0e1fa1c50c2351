"""`make bench`: every benchmark, one after the other, or those named.

    python -m benchmarks [nearest routing rasters draws reports batch terminal face visitors] [--size small|full]

Full size writes docs/benchmarks.md: the part of each benchmark that ran, with the machine, the date and the versions it
ran on; parts that did not run stay as they were. Small size checks that all of it runs: its figures mean nothing.
"""

import argparse
import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import batch, draws, nearest, peers, rasters, routing, terminal
from benchmarks.tables import Table, machine

PAGE = peers.ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Written by `make bench`. Same data, same machine, same run; ratios travel better than seconds. Times are by the clock,
the best of up to three runs; errors stand beside speeds, because a fast wrong answer is not fast. The nearest, routing
and remoteness tables use the world's ports, airports, towns, highways and railways from public packages, pinned in
`benchmarks/world.py`; the others use Oreway's own data.

- **Nearest**: a million sites, five classes, against what one would take instead. The usual ways are wrong by up to
  thousands of kilometres near the date line and in the north; the right ones are slow.
- **Routing and rasters**: shortest ways over half a million junctions; cost over 16 million cells.
- **Draws, reports**: how often a site comes first when weights and distances are drawn; PDF by part.
- **Batch**: whole commands in fresh processes, start-up, reading and writing included, up to ten million points.

![Seconds and memory of a batch by number of points](pictures/batch-growth.svg)

- **Terminal**: each command in a fresh process, as a ratio to importing geopandas.
- **Page**: a real Chromium on the same two processors, network cut; by part, so that one sees where the time goes.
- **Visitors**: thirty sessions clicking for five minutes.

The page's first map (goal 2.0 s) and reload (1.0 s) stand before Streamlit's own script runs: the map is drawn in the
frame that then becomes the page's, its files stand ready on disk when the server starts, every file that bears the mark
of its content is compressed once and kept by the browser for ever, and the page names what it will need. A click made
meanwhile is answered half a second later. A visitor who comes with the server waits longer, the longest at its first
start after a change of code or data, as the page table has it: the files are made then.

Goals that are missed, and what was tried:

- *A weight slider to the table's text for screen readers* (goal 300 ms; the table is drawn in a third of that): the
  grid writes this text 200 ms after its last change, which we cannot set. Known values are weighed again in 2 ms, the
  table is sent before stability, picture and flips, and flips rest on ports and facts read once.
- *600 MB installed*: 1,111 MB, bytecode left out, of which 630 are packages the product has to rest on, with what they
  require. The rest is what answers, not ballast: see the table in [deploy.md](deploy.md#size).

"""
# programs of their own: what each is given at full and at small size
PROGRAMS = {
    "face": ("The page", [], None),
    "visitors": ("Thirty visitors at once", [], ["--visitors", "2", "--minutes", "0.1", "--quiet", "2", "--idle", "1"]),
}
BY_HAND = ("before_after",)  # parts whose figures are put in by hand: they need another state of the code
BENCHMARKS: dict[str, Callable[[str], Iterator[Table]]] = {
    "nearest": nearest.run,
    "routing": routing.run,
    "rasters": rasters.run,
    "draws": draws.draws,
    "reports": draws.reports,
    "batch": batch.run,
    "terminal": terminal.run,
}


def program(name: str, size: str) -> Iterator[Table]:
    """Yield what another benchmark of this folder prints, where it is there."""
    title, full, small = PROGRAMS[name]
    words = full if size == "full" else small
    if importlib.util.find_spec(f"benchmarks.{name}") is None or words is None:
        return
    command = [sys.executable, "-m", f"benchmarks.{name}", *words]
    told = subprocess.run(command, capture_output=True, text=True, check=False, cwd=peers.ROOT)
    fault = (told.stderr.strip().splitlines() or [""])[-1]
    note = f"`python -m benchmarks.{name}`" + (
        "" if told.returncode == 0 else f": ended with {told.returncode}. {fault}"
    )
    yield Table(title=title, columns=(), rows=(), note=note, verbatim=told.stdout)


def main() -> None:
    """Run, print, and write the page."""
    every = [*BENCHMARKS, *PROGRAMS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(every))
    parser.add_argument("--size", choices=("small", "full"), default="full")
    asked = parser.parse_args()
    if unknown := sorted(set(asked.names) - set(every)):
        parser.error(f"no benchmark {unknown[0]!r}; choose from {', '.join(every)}")
    for name in asked.names or every:
        on, tables = machine(), []
        print(f"\n{name}: {on}")
        for table in BENCHMARKS[name](asked.size) if name in BENCHMARKS else program(name, asked.size):
            print(table.text(), flush=True)
            tables.append(table.markdown())
        if asked.size == "full":
            keep(name, f"*{on}*\n\n" + "\n".join(tables).rstrip() + "\n", [*every, *BY_HAND])


def keep(name: str, part: str, order: list[str], page: Path = PAGE) -> None:
    """Put one benchmark's part into the page, in the place it has in `order`; the others stay as they are."""
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    parts = dict(re.findall(r"<!-- (\w+) -->\n(.*?)(?=<!-- |\Z)", old, re.DOTALL)) | {name: part + "\n"}
    body = "".join(f"<!-- {one} -->\n{parts[one]}" for one in order if one in parts)
    page.write_text(f"{HEAD}Peers: {peers.versions()}.\n\n{body}".rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
