"""A user's own sites take the columns of the catalogue, so that they are measured and judged the same way."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from oreway.geo.files.cells import plain_text
from oreway.layers.schema import SITE_COLUMNS
from oreway.layers.vocabulary import Confidence, GeometryKind, Setting, SiteKind, Stage, Standing
from oreway.scoring.batch.doubts import country_names
from oreway.scoring.batch.read import POINTS
from oreway.scoring.batch.table import batch_table
from oreway.scoring.judge.assess import score_table
from oreway.scoring.measure.measure import ANY_COMMODITY
from oreway.scoring.world.place import locate
from oreway.scoring.world.world import World, changed, with_sites

TAKEN = ("commodities", "stage", "standing", "host_minerals", "products", "aliases", "deposit_model")
LAYER = "own"


def own_world(world: World, sites: gpd.GeoDataFrame) -> World:
    """Return the world with a user's sites in place of the catalogue's.

    Args:
        world: the opened world.
        sites: the `sites` of a `layers.upload.upload.Upload`, indexed by site_id.

    Returns:
        World; each site's country and setting follow from where it lies, what the file does not say stays unknown, even
        where the catalogue has facts of a site of the same id. A site without a commodity is measured as any point is:
        to the nearest rare-earth separation plant.
    """
    lon, lat = sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float)
    place = locate(world, lon, lat)
    table = pd.DataFrame(dict.fromkeys(SITE_COLUMNS, ""), index=sites.index)
    for column in TAKEN:
        if column in sites.columns:
            table[column] = sites[column].astype(str)
    table["commodities"] = table["commodities"].replace("", ANY_COMMODITY)
    known = {"stage": {word.value for word in Stage}, "standing": {word.value for word in Standing}}
    for column, words in known.items():
        table[column] = table[column].where(table[column].isin(words), "")
    at_sea = (place["setting"] == "seabed").to_numpy()
    table = table.assign(
        name=sites["name"].astype(str), lon=lon, lat=lat, layer=LAYER,
        position_accuracy_km=sites["position_accuracy_km"].astype(float),
        kind=np.where(at_sea, SiteKind.ZONE.value, SiteKind.DEPOSIT.value),
        country_code=place["country_code"].to_numpy(), setting=place["setting"].to_numpy(),
        country=country_names(world, place["country_code"]), geometry_kind=GeometryKind.POINT_PRECISE.value,
        position_confidence=Confidence.UNVERIFIED.value, position_source_title="user's file",
    )  # fmt: skip
    own = gpd.GeoDataFrame(table, geometry=sites.geometry.to_numpy(), crs="EPSG:4326")
    return with_sites(_without_facts_of(world, sites.index), own)


def _without_facts_of(world: World, site_ids: pd.Index) -> World:
    """Return the world in which an own site that bears the id of one of the catalogue's does not inherit its facts."""
    named = world.facts["site_id"].isin(site_ids)
    return changed(world, facts=world.facts[~named].reset_index(drop=True)) if named.any() else world


def own_scores(world: World, sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the score columns of a user's sites by site_id, thousands of them in a few seconds.

    Points on land come from the batch, which gives what `score_table` gives a site without facts; shapes, whose edge
    counts, and sites at sea, where a site is a zone, from `score_table` itself.

    Args:
        world: the opened world.
        sites: as for `own_world`.
    """
    opened = own_world(world, sites)
    apart = (opened.sites["setting"] == Setting.SEABED).to_numpy() | (opened.sites.geom_type != "Point").to_numpy()
    frames = [_on_land(world, opened.sites[~apart])] if not apart.all() else []
    if apart.any():
        frames.append(score_table(with_sites(opened, opened.sites[apart])).set_index("site_id"))
    return pd.concat(frames).reindex(sites.index)


def _on_land(world: World, sites: gpd.GeoDataFrame) -> pd.DataFrame:
    columns = {
        "site_id": sites.index.astype(str), "name": sites["name"], "commodities": sites["commodities"],
        "lon": sites["lon"], "lat": sites["lat"], "accuracy": sites["position_accuracy_km"],
        "line": np.arange(1, len(sites) + 1),
    }  # fmt: skip
    chunk = pa.table({field.name: pa.array(columns[field.name], field.type) for field in POINTS}, schema=POINTS)
    table: pd.DataFrame = plain_text(batch_table(world, chunk)).to_pandas()
    parts = [f"{name}_{part}" for name in world.criteria for part in ("value", "contribution")]
    return table.set_index("site_id")[["total", "total_low", "total_high", "coverage", "gates", "profile", *parts]]
