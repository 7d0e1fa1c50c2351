"""`oreway layers`."""

from typing import Annotated

import typer

from oreway.commands._terminal import JsonFlag, print_json, print_table, records, refuse
from oreway.later import later
from oreway.layers.answers import answer
from oreway.layers.catalog import fault, read_catalog
from oreway.layers.errors import LayerError
from oreway.layers.registry import LAYERS

with later(__name__):
    from oreway.layers.completeness import read_completeness, shares_by_layer

HELD_COLUMNS = ("country_code", "class", "held", "reference", "unit", "share", "reference_as_of", "source_title")
COUNTRY_HELP = "Show what share of a country's true network the layers hold: two letters, or all."


def run(
    *,
    country: Annotated[str, typer.Option("--country", help=COUNTRY_HELP, metavar="CODE")] = "",
    as_json: JsonFlag = False,
) -> None:
    """List the layers: id, title, role, features, licence, date, checksum, and the share of the world they hold."""
    if country:
        _countries(country, as_json=as_json)
        return
    catalog, shares = read_catalog(), answer("share held", shares_by_layer)
    rows = []
    for layer in LAYERS:
        dataset = catalog.get(layer.dataset)
        if dataset is None:
            continue
        share = shares.get(layer.id)
        rows.append({
            "id": layer.id, "title": layer.title, "role": layer.role.value, "features": dataset.rows,
            "licence": dataset.licence, "as_of": dataset.retrieved, "sha256_ok": fault(dataset) is None,
            "share_held": None if share is None else round(share, 3),
        })  # fmt: skip
    if as_json:
        print_json(rows)
    else:
        print_table("Layers", rows[0], [["" if cell is None else cell for cell in row.values()] for row in rows])


def _countries(country: str, *, as_json: bool) -> None:
    try:
        rows = answer(f"share held {country}", lambda: records(read_completeness(country)))
    except LayerError as error:
        refuse(str(error))
    if as_json:
        print_json(rows)
        return
    print_table("Share held", HELD_COLUMNS, [[row[name] for name in HELD_COLUMNS] for row in rows])
