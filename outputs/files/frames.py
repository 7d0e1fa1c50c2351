"""Sites as flat frames ready to be written, and what every file says of where its data come from."""

from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import geopandas as gpd

from oreway.later import later
from oreway.layers.catalog import DATA, data_version, find_dataset
from oreway.layers.registry import LAYERS, SITE_ROLES, find_layer
from oreway.outputs.files.files import creation_date
from oreway.scoring.judge.assess import score_table
from oreway.scoring.world.world import World

with later(__name__):
    from oreway.scoring.dossier.summary import BILL, CHAIN, summary

RELEASE = "0.2.0"


def release() -> str:
    """Return the version of Oreway."""
    try:
        return version("oreway")
    except PackageNotFoundError:
        return RELEASE


def provenance(layer_ids: Sequence[str], data: Path = DATA) -> dict[str, object]:
    """Return what every export carries: version, data version, date, licences and attributions.

    Args:
        layer_ids: the layers whose data are in the export.
        data: the data folder.
    """
    datasets = [find_dataset(find_layer(layer_id).dataset, data) for layer_id in layer_ids]
    return {
        "version": release(),
        "data_version": data_version(data),
        "created": creation_date().isoformat(),
        "licences": sorted({dataset.licence for dataset in datasets}),
        "attributions": sorted({dataset.attribution for dataset in datasets}),
    }


def site_layer_ids() -> list[str]:
    """Return the ids of the layers that hold sites."""
    return [layer.id for layer in LAYERS if layer.role in SITE_ROLES]


def site_frame(world: World, site_ids: Sequence[str] | None = None, *, scores: bool = False) -> gpd.GeoDataFrame:
    """Return sites as one flat frame, indexed by site_id, with the score columns on request.

    Args:
        world: the opened world.
        site_ids: which sites, in this order; None for all.
        scores: add total, bounds, coverage, gates, per-criterion values and contributions, then rank, bill and chain.
    """
    frame = world.sites if site_ids is None else world.sites.loc[list(site_ids)]
    frame = frame[[column for column in frame.columns if column != "bbox"]]
    if not scores:
        return frame
    table = score_table(world, site_ids=list(frame.index)).set_index("site_id")
    table = table.join(summary(world, list(frame.index))[["rank", *BILL, *CHAIN]])
    table = table[[column for column in table.columns if column not in frame.columns]]
    return gpd.GeoDataFrame(frame.join(table), crs=frame.crs)
