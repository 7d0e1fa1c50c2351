"""Whose data a report rests on: titles, licences and credit lines from the catalogue."""

from collections.abc import Iterable, Mapping

from oreway.layers.catalog import Dataset, read_catalog
from oreway.outputs.report.contents import Credit
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World

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
SITE_LAYERS = ("greenland", "minamitorishima", "australia", "refining")
PROFILES = {"GL": "relief_greenland", "AU": "relief_australia"}
ROUTE_DATASETS = ("sea_lanes",)
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
    if dossier.assessment is not None:
        yield from ROUTE_DATASETS
        yield PROFILES.get(str(dossier.site.get("country_code") or ""), "")
    if dossier.site.get("setting") == "seabed":
        yield "bathymetry_minamitorishima"


def credit_rows(dossier: Dossier, world: World) -> list[Credit]:
    """Return title, licence and credit of the data sets behind a report, those with the same credit on one line."""
    return _rows(_used(dossier), world)


def dataset_rows(world: World) -> list[Credit]:
    """Return title, licence and credit of the data sets that every score rests on."""
    every = ("facts", *SITE_LAYERS, *(name for names in DATASETS.values() for name in names))
    return _rows((*every, "font_sans", "font_jp"), world)


@kept()
def _catalog(world: World) -> Mapping[str, Dataset]:
    del world
    return read_catalog()


def _rows(dataset_ids: Iterable[str], world: World) -> list[Credit]:
    catalog: Mapping[str, Dataset] = _catalog(world)
    rows: dict[tuple[str, str], list[str]] = {}
    for dataset_id in dict.fromkeys(dataset_ids):
        if dataset_id in catalog:
            dataset = catalog[dataset_id]
            rows.setdefault((dataset.licence, dataset.attribution), []).append(dataset.title)
    return [
        {"title": "; ".join(titles), "licence": licence, "credit": credit} for (licence, credit), titles in rows.items()
    ]
