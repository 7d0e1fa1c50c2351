"""What is asked of the balance and what it answers: tonnes by year, stage and bloc, who holds them back, what flows."""

import dataclasses

import pandas as pd

from oreway.layers.vocabulary import Bloc
from oreway.scoring.balance.network import RULES, Node
from oreway.scoring.balance.tables import Phase, Tables
from oreway.scoring.claims.schedules import Promise
from oreway.scoring.routes.evidence import Evidence
from oreway.scoring.world.world import World

ALL = "all"
BLOCS = (ALL, Bloc.ALLIED.value, Bloc.OTHER.value)
COLUMNS = (
    "year", "stage", "bloc", "announced_t", "record_low_t", "record_mid_t", "record_high_t", "possible_low_t",
    "possible_mid_t", "possible_high_t", "held_back_share",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything the balance is worked out from; the world is needed where passages are closed."""

    sites: pd.DataFrame
    told: Evidence
    tables: Tables
    promises: tuple[Promise, ...]
    world: World | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked for: the element, what counts, chance, and what is out of service.

    without: mines and plants; closed: sea passages ("open:" before the name opens one that is usually closed).
    """

    element: str
    rule: str = RULES[0]
    draws: int
    seed: int = 0
    years: tuple[int, ...]
    without: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Way:
    """What goes from one mine or plant stage to another in one year if everything comes as announced, t of oxide.

    tonnes: as it leaves the seller; arrives: what is left of it after the taker's step.
    """

    start: Node
    end: Node
    tonnes: float
    arrives: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Held:
    """What holds the chain back in a year: the stage, its share of what one more tonne would free, and where."""

    year: int
    stage: str
    share: float
    names: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Balance:
    """The answer.

    table: one row a year, stage and bloc, with `COLUMNS`; demand: one row a year and scenario: demand_t outside China,
    gap_low_t and gap_high_t between it and what reaches magnets; held: by year, what holds it back most; ways: by year,
    as announced; made: by year, what leaves each stage as announced, t by stage, country and bloc; missing: what no
    figure or no start is on record for.
    """

    asked: Asked
    table: pd.DataFrame
    demand: pd.DataFrame
    held: tuple[Held, ...]
    ways: dict[int, tuple[Way, ...]]
    made: dict[int, dict[tuple[str, str, str], float]]
    missing: tuple[Phase, ...]


def of_year(found: Balance, year: int) -> Balance:
    """Return the answer for one of the years asked for."""
    table, demand = (frame[frame["year"] == year].reset_index(drop=True) for frame in (found.table, found.demand))
    return dataclasses.replace(
        found, asked=dataclasses.replace(found.asked, years=(year,)), table=table, demand=demand,
        held=tuple(held for held in found.held if held.year == year), ways={year: found.ways[year]},
        made={year: found.made[year]},
    )  # fmt: skip


def cells(found: Balance) -> dict[tuple[int, str, str], dict[str, float]]:
    """Return the table's numbers by year, stage and bloc."""
    return {
        (int(row["year"]), str(row["stage"]), str(row["bloc"])): {name: float(row[name]) for name in COLUMNS[3:]}
        for row in found.table.to_dict("records")
    }
