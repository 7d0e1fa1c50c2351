"""How much of a plant a site's product would fill: what the mine could make over what the plant could."""

import dataclasses
from functools import cache

from oreway.scoring.balance.tables import ELEMENTS, SOLD, STAGES, Tables, read_tables


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fill:
    """What a mine in full would bring to a plant in full, t of oxide a year, planned phases of both too."""

    element: str
    brought: float
    holds: float

    @property
    def share(self) -> float:
        """Return the part of the plant that it fills; above 1 the plant cannot hold it."""
        return self.brought / self.holds


def fill(site_id: str, plant_id: str, tables: Tables | None = None) -> Fill | None:
    """Return what a site would fill of a plant, by the first element that both have a figure for; None without one.

    The plant's first stage with a figure counts; what is lost before it is taken off.

    Args:
        site_id: a mine.
        plant_id: a plant.
        tables: the tables of the balance; None for those shipped.
    """
    told = _shipped() if tables is None else tables
    for element in ELEMENTS:
        mined = {stage: _tonnes(told, site_id, element, stage) for stage in SOLD}
        made = {stage: _tonnes(told, plant_id, element, stage) for stage in STAGES[2:]}
        sold = next((stage for stage in SOLD if mined[stage]), None)
        taken = next((stage for stage in STAGES[2:] if made[stage]), None)
        if sold and taken:
            kept = 1.0  # what a mine dresses itself is told as what comes out of it
            for stage in STAGES[2 : STAGES.index(taken) + 1]:
                kept *= told.number("recovery", stage)
            return Fill(element=element, brought=mined[sold] * kept, holds=made[taken])
    return None


def _tonnes(tables: Tables, node_id: str, element: str, stage: str) -> float:
    return sum(
        phase.tonnes.base
        for phase in tables.phases
        if phase.node_id == node_id and phase.element == element and phase.stage == stage and phase.tonnes
    )


@cache
def _shipped() -> Tables:
    return read_tables()
