"""`oreway sites`."""

from typing import Annotated

import typer

from oreway.commands._terminal import JsonFlag, print_json, print_table, records, refuse
from oreway.later import later

with later(__name__):
    from oreway.scoring.world.world import open_world

SITE_COLUMNS = ("name", "layer", "country", "stage", "lon", "lat", "position_accuracy_km")
SITE_DETAILS = ("country_code", "kind", "parent_id", "setting", "commodities", "standing")


def run(*, layer: Annotated[str, typer.Option(help="Only this layer.")] = "", as_json: JsonFlag = False) -> None:
    """List the catalogue, one line a site."""
    frame = open_world().sites
    if layer:
        present = sorted(frame["layer"].unique())
        if layer not in present:
            refuse(f"layer {layer!r}: holds no sites; choose from {', '.join(present)}")
        frame = frame[frame["layer"] == layer]
    table = frame.reset_index()[["site_id", *SITE_COLUMNS, *SITE_DETAILS]]
    if as_json:
        print_json([{key: (None if value == "" else value) for key, value in row.items()} for row in records(table)])
    else:
        columns = ["site_id", *SITE_COLUMNS]
        print_table("Sites", columns, table[columns].itertuples(index=False))
