"""`oreway nearest`, and its rows as other commands show them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from oreway.commands._terminal import JsonFlag, Refreshed, plain, print_json, print_table, records, say_refreshed
from oreway.later import later

with later(__name__):
    import pandas as pd

    from oreway.layers.online.refresh import read_refreshed
    from oreway.scoring.measure.measure import nearest_rows
    from oreway.scoring.measure.water import WATER, water_row
    from oreway.scoring.world.world import open_world


def nearest_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows for JSON: empty words become null, but for `nil`: an empty one says that nothing is absent."""
    return _without_empty(records(frame))


def _without_empty(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{key: None if value == "" and key != "nil" else value for key, value in row.items()} for row in rows]


def print_nearest(rows: list[dict[str, Any]]) -> None:
    """Print the table of the nearest of each class."""
    columns = ["class", "name", "distance_km", "low_km", "high_km", "azimuth_deg", "method", "nil", "source", "as_of"]
    print_table("Nearest", columns, [[row[name] for name in columns] for row in rows])


def run(
    *,
    lon: Annotated[float, typer.Option(help="Longitude, degrees east, -180 to 180.")],
    lat: Annotated[float, typer.Option(help="Latitude, degrees north, -90 to 90.")],
    classes: Annotated[list[str] | None, typer.Option("--class", help="Only these classes; may be repeated.")] = None,
    refreshed: Refreshed = False,
    as_json: JsonFlag = False,
) -> None:
    """Find the nearest of each infrastructure class for any point on Earth."""
    world = open_world(refreshed=refreshed)
    found = nearest_rows(world, lon, lat, classes=classes or None)
    if refreshed and not classes and (fetched := read_refreshed(WATER)) is not None:
        found.append(water_row(*fetched, lon, lat))
    rows = _without_empty([{key: plain(value) for key, value in row.items()} for row in found])
    if refreshed:
        say_refreshed(world.data_version)
    if as_json:
        print_json(rows)
    else:
        print_nearest(rows)
