"""Write data/methods/price_access.csv: the access bill of every site that has one, US$ million, rounded to one.

python -m scripts.price_access
"""

import csv

import pandas as pd

from oreway.layers.catalog import DATA
from oreway.scoring.build.bill import bill
from oreway.scoring.errors import ScoringError
from oreway.scoring.world.world import World, open_world

TABLE = DATA / "methods" / "price_access.csv"
COLUMNS = ("site_id", "p10", "p50", "p90")


def row(world: World, site_id: str) -> list[str]:
    """Return a site's id and the P10, P50 and P90 of its bill as they stand in the table."""
    found = bill(world, site_id)
    return [site_id, *(f"{total:.0f}" for total in (found.p10, found.p50, found.p90))]


def rows(world: World) -> list[list[str]]:
    """Return the table's rows in the order of the catalogue; a site without a bill (a plant) has none."""
    found = []
    for site_id in world.sites.index:
        try:
            found.append(row(world, str(site_id)))
        except ScoringError:
            continue
    return found


def main() -> None:
    """Write the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([COLUMNS, *rows(open_world())])
    print(f"{TABLE.name}: {len(pd.read_csv(TABLE))} sites")


if __name__ == "__main__":
    main()
