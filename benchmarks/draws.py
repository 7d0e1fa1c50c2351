"""How long the ranking's draws and the reports take."""

import datetime
from collections.abc import Iterator

import numpy as np

from benchmarks import peers as other
from benchmarks.tables import Table, seconds, timed
from oreway.outputs.pictures.figures import locator
from oreway.outputs.report.report import compiled, site_report, site_reports
from oreway.outputs.report.site_content import report_content
from oreway.outputs.report.typeset import TEMPLATE
from oreway.scoring.dossier.dossier import dossier, dossiers
from oreway.scoring.judge.assess import assess, scored_sites
from oreway.scoring.measure.measure import measure
from oreway.scoring.rank.acceptability import Problem, acceptability, peers, problem
from oreway.scoring.world.world import World, open_world

SITES, CRITERIA = 100, 12
DAY = datetime.date(2026, 1, 1)


def draws(size: str) -> Iterator[Table]:
    """Yield the tables of draws: the catalogue's sites, and a made-up problem beside other ways of doing it."""
    yield _shipped(size)
    yield _beside(size)


def _shipped(size: str) -> Table:
    world = open_world()
    found = peers(world, assess(world, measure(world, scored_sites(world, None))))["land"]
    given = problem(world, found)
    title = f"Draws of weights and values, the catalogue's {len(given.site_ids)} sites on land"
    counts = (10_000, 100_000) if size == "full" else (1000,)
    rows = [(f"{count:,}", *_taken(given, count)) for count in counts]
    return Table(title=title, columns=("draws", "by the clock", "processor"), rows=rows)


def _taken(given: Problem, count: int) -> tuple[str, str]:
    taken = timed(lambda: acceptability(given, draws=count, seed=0))
    return seconds(taken.seconds), seconds(taken.processor)


def _made_up(*, spread: bool) -> Problem:
    """Return sites whose values are even in [0, 1], with bounds round them or certain."""
    random = np.random.default_rng(1)
    base = random.random((SITES, CRITERIA))
    low, high = (
        (base * random.random(base.shape), 1 - (1 - base) * random.random(base.shape)) if spread else (base,) * 2
    )
    return Problem(
        site_ids=tuple(f"s{i}" for i in range(SITES)), criteria=tuple(f"k{i}" for i in range(CRITERIA)), low=low,
        base=base, high=high, profile=np.zeros(SITES, dtype=np.int64), weights=np.ones((1, CRITERIA)),
    )  # fmt: skip


def _beside(size: str) -> Table:
    full = size == "full"
    acceptability(_made_up(spread=True), draws=10, seed=0)  # compiled before the clock starts
    asked = [(True, 10_000), (True, 100_000), (True, 1_000_000), (False, 1_000_000)] if full else [(True, 1000)]
    rows = [
        ("weights and values" if spread else "weights", "Oreway", f"{count:,}", *_taken(_made_up(spread=spread), count))
        for spread, count in asked
    ]
    given = _made_up(spread=False)
    for name, count in (("numpy", 100_000 if full else 1000), ("pymcdm", 10_000 if full else 100)):
        weights = np.random.default_rng(0).dirichlet(np.full(CRITERIA, 100 / CRITERIA), count)
        answer = other.ask("peer_draws", name, {"values": given.base, "weights": weights}, name)
        took = answer.missing or seconds(answer.query)
        rows.append(("weights", name, f"{count:,}", took, "the weights are given"))
    return Table(
        title=f"Draws beside other ways, {SITES} made-up sites, {CRITERIA} criteria, ranks counted",
        columns=("drawn", "by", "draws", "by the clock", "processor"), rows=rows,
    )  # fmt: skip


def reports(size: str) -> Iterator[Table]:
    """Yield the table of reports."""
    world = open_world()
    ids = [str(site) for site in scored_sites(world, None)][: 50 if size == "full" else 2]
    first = timed(lambda: _report(world, ids[0]), runs=1)
    again = timed(lambda: _report(world, ids[0]))
    every = timed(lambda: list(site_reports(dossiers(world, ids), world=world)), runs=1)
    found = list(dossiers(world, ids))
    contents = [report_content(one, world=world, created=DAY) for one in found]
    parts = {
        "of it: measuring and judging": timed(lambda: list(dossiers(world, ids)), runs=1),
        "of it: maps": timed(lambda: [locator(one, world) for one in found], runs=1),
        "of it: maps, bill, routes, texts together": timed(
            lambda: [report_content(one, world=world, created=DAY) for one in found], runs=1
        ),
        "of it: typesetting": timed(lambda: [compiled(TEMPLATE, one, DAY) for one in contents], runs=1),
    }
    timings = {"the first": first, "the same again": again, f"{len(ids)} sites in one call": every, **parts}
    rows = [(name, seconds(one.seconds), seconds(one.processor)) for name, one in timings.items()]
    note = "One report is typeset while the next is drawn; the parts were timed alone."
    yield Table(title="Reports as PDF", columns=("", "by the clock", "processor"), rows=rows, note=note)


def _report(world: World, site: str) -> bytes:
    return site_report(dossier(world, site), world=world)
