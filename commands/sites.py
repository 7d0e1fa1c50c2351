"""`oreway sites`."""

from typing import Annotated, Any

import typer

from oreway.commands._terminal import JsonFlag, print_json, print_table, records, refuse
from oreway.later import later
from oreway.layers.answers import answer

with later(__name__):
    from oreway.layers.read import read_sites

SITE_COLUMNS = ("name", "layer", "country", "stage", "lon", "lat", "position_accuracy_km")
SITE_DETAILS = ("country_code", "kind", "parent_id", "setting", "commodities", "standing")


def run(*, layer: Annotated[str, typer.Option(help="Only this layer.")] = "", as_json: JsonFlag = False) -> None:
    """List the catalogue, one line a site."""
    rows = answer("sites", _listed)
    if layer:
        present = sorted({row["layer"] for row in rows})
        if layer not in present:
            refuse(f"layer {layer!r}: holds no sites; choose from {', '.join(present)}")
        rows = [row for row in rows if row["layer"] == layer]
    if as_json:
        print_json([{key: (None if value == "" else value) for key, value in row.items()} for row in rows])
    else:
        columns = ["site_id", *SITE_COLUMNS]
        print_table("Sites", columns, [[row[name] for name in columns] for row in rows])


def _listed() -> list[dict[str, Any]]:
    return records(read_sites().reset_index()[["site_id", *SITE_COLUMNS, *SITE_DETAILS]])
