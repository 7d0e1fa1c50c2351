"""`oreway layers`."""

from oreway.commands._terminal import JsonFlag, print_json, print_table
from oreway.layers.catalog import fault, read_catalog
from oreway.layers.registry import LAYERS


def run(*, as_json: JsonFlag = False) -> None:
    """List the layers: id, title, role, features, licence, date, whether the checksum is right."""
    catalog = read_catalog()
    rows = []
    for layer in LAYERS:
        dataset = catalog.get(layer.dataset)
        if dataset is None:
            continue
        rows.append({
            "id": layer.id, "title": layer.title, "role": layer.role.value, "features": dataset.rows,
            "licence": dataset.licence, "as_of": dataset.retrieved, "sha256_ok": fault(dataset) is None,
        })  # fmt: skip
    if as_json:
        print_json(rows)
    else:
        print_table("Layers", rows[0], [row.values() for row in rows])
