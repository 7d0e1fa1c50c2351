"""What stands ready on disk for every site of the catalogue: made at set-up, and anew when data or code change."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from functools import cache

from oreway.commands._progress import shown
from oreway.commands.bill import bill_answer
from oreway.commands.supply import supply_answer
from oreway.outputs.map.backgrounds import backgrounds
from oreway.scoring.dossier.summary import whole_summary
from oreway.scoring.judge.assess import assess_sites, scored_sites
from oreway.scoring.routes.supply import SHIPPING
from oreway.scoring.world.world import World, open_world

MOST_PROCESSES = 2  # each opens the world and its networks for itself
AT_ONCE = 6  # sites a process is given at a time
Share = tuple[str, tuple[str, ...]]


@cache
def _world() -> World:
    """Return the shipped world, opened once a process."""
    return open_world()


ANSWERS: dict[str, Callable[[str], object]] = {
    "supply": lambda site: supply_answer(site, opened=_world),
    "bill": lambda site: bill_answer(site, _world),
}


def make_ready() -> int:
    """Make the answers of all sites that do not stand ready yet, with progress; return how many there are.

    First comes what all others rest on, measurements and judgements, which also compiles the distance engine; last the
    judgement of all sites at once, which every what-if is held against, and the files of the page's map.
    """
    world = _world()
    with shown("Ready") as progress:
        progress(0.0, 0)
        assess_sites(world)
        shares = list(_shares(world))
        every = sum(len(sites) for _, sites in shares)
        made = 0
        for count in _made(shares):
            made += count
            progress(made / every, made)
        whole_summary(world)
        backgrounds(world)
    return made


def _shares(world: World) -> Iterator[Share]:
    """Yield what to make, in shares, the kinds by turns so that two processes begin with one each."""
    shipping = [str(name) for name, kind in world.sites["kind"].items() if kind in SHIPPING]
    wanted = {"supply": shipping, "bill": scored_sites(world)}
    for at in range(0, max(map(len, wanted.values())), AT_ONCE):
        for kind, sites in wanted.items():
            if sites[at : at + AT_ONCE]:
                yield kind, tuple(sites[at : at + AT_ONCE])


def _made(shares: Iterable[Share]) -> Iterator[int]:
    """Make each share; yield how many answers it held as each is done."""
    processes = min(MOST_PROCESSES, os.cpu_count() or 1)
    if processes == 1:
        yield from map(_make, shares)
        return
    pool: Executor
    with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as pool:
        for done in as_completed([pool.submit(_make, share) for share in shares]):
            yield done.result()


def _make(share: Share) -> int:
    kind, sites = share
    for site in sites:
        ANSWERS[kind](site)
    return len(sites)
