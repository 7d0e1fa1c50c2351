"""Whose data a report rests on: titles, licences and credit lines from the catalogue."""

from collections.abc import Iterable, Mapping

from layers.catalog import Dataset, read_catalog
from scoring.dossier import Dossier
from scoring.world import World

DATASETS = {
    "port": ("ports",),
    "airfield": ("airfields",),
    "town": ("towns",),
    "road": ("roads", "road_network"),
    "rail": ("rail_network", "railways_curated"),
    "power": ("power",),
    "coast": ("coast",),
    "ice": ("ice",),
}
MAP_DATASETS = (
    "landmasses",
    "countries",
    "places",
    "eez",
    "heritage",
    "relief_nw_pacific",
    "font_sans",
    "font_jp",
)


def _used(dossier: Dossier) -> Iterable[str]:
    yield str(dossier.site.get("layer") or "")
    yield from ("facts", "refining")
    for name in dossier.nearest["class"]:
        yield from DATASETS.get(str(name), ())
    yield from MAP_DATASETS


def credit_rows(dossier: Dossier, world: World) -> list[dict[str, str]]:
    """Return title, licence and credit of the data sets behind a report, those with the same credit on one line."""
    catalog: Mapping[str, Dataset] = world.indexes.get("catalogue", read_catalog)
    rows: dict[tuple[str, str], list[str]] = {}
    for dataset_id in dict.fromkeys(_used(dossier)):
        if dataset_id in catalog:
            dataset = catalog[dataset_id]
            rows.setdefault((dataset.licence, dataset.attribution), []).append(dataset.title)
    return [
        {"title": "; ".join(titles), "licence": licence, "credit": credit} for (licence, credit), titles in rows.items()
    ]
