"""How long the ranking's draws and the reports take."""

from collections.abc import Iterator

from benchmarks.tables import Table, seconds, timed
from outputs.report import site_report
from scoring.acceptability import acceptability, peers, problem
from scoring.assess import assess, scored_sites
from scoring.dossier import dossier
from scoring.measure import measure
from scoring.world import World, open_world


def draws(size: str) -> Iterator[Table]:
    """Yield the table of draws."""
    world = open_world()
    found = peers(world, assess(world, measure(world, scored_sites(world, None))))["land"]
    given = problem(world, found)
    rows = []
    for count in (10_000, 100_000, 1_000_000) if size == "full" else (1000,):
        taken = timed(lambda count=count: acceptability(given, draws=count, seed=0), runs=3 if count < 1e6 else 1)
        rows.append((f"{count:,}", seconds(taken.seconds), seconds(taken.processor)))
    title = f"Draws of weights and values, {len(given.site_ids)} sites, {len(given.criteria)} criteria"
    return iter([Table(title=title, columns=("draws", "by the clock", "processor"), rows=rows)])


def reports(size: str) -> Iterator[Table]:
    """Yield the table of reports."""
    world = open_world()
    ids = [str(site) for site in scored_sites(world, None)][: 50 if size == "full" else 2]
    first = timed(lambda: _report(world, ids[0]), runs=1)
    again = timed(lambda: _report(world, ids[0]))
    every = timed(lambda: [_report(world, site) for site in ids], runs=1)
    rows = [("the first", seconds(first.seconds), seconds(first.processor)),
            ("the same again", seconds(again.seconds), seconds(again.processor)),
            (f"{len(ids)} sites", seconds(every.seconds), seconds(every.processor))]  # fmt: skip
    return iter([Table(title="Reports as PDF", columns=("", "by the clock", "processor"), rows=rows)])


def _report(world: World, site: str) -> bytes:
    return site_report(dossier(world, site), world=world)
