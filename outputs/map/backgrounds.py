"""What lies under and over the sites on the map, made from the layers: each a file the browser draws.

Of the shipped world they are kept on disk, so that a server that starts has its map at once.
"""

from collections.abc import Mapping

import geopandas as gpd
import shapely

from oreway.layers.answers import answer
from oreway.layers.catalog import read_catalog, verified_path
from oreway.layers.vocabulary import Nil
from oreway.outputs.files import map_files
from oreway.scoring.measure.completeness import held_whole
from oreway.scoring.measure.targets import UNSERVED_STATES
from oreway.scoring.world.world import World

POINTS = {"ports": "depth_m", "airfields": "runway_m", "power": "capacity_mw"}  # by what the largest are told
SHAPES = {
    "roads": ("roads",), "rail": ("railways_curated", "rail_network"), "sea-lanes": ("sea_lanes",),
    "eez": ("eez",), "heritage": ("heritage",),
}  # fmt: skip
LAND = "base_land"
NAME = "what lies under and over the sites"


def backgrounds(world: World) -> Mapping[str, bytes]:
    """Return the files of the map by stem, one of `map_files.STEMS` or one with `-far` behind it: GeoJSON, EPSG:4326.

    A layer that is not in the catalogue has no file.
    """
    if world.mark is None:
        return _made(world)
    kept = answer(NAME, lambda: {stem: content.decode() for stem, content in _made(world).items()}, world.mark)
    return {stem: text.encode() for stem, text in kept.items()}


def _made(world: World) -> dict[str, bytes]:
    frames, catalog = world.infrastructure, read_catalog()
    files = {
        stem: map_files.named_points(_standing(frames[stem]), size, _apart(world, stem))
        for stem, size in POINTS.items()
        if stem in catalog
    }
    files["coverage"] = map_files.coverage(frames["countries"], held_whole(world))
    for stem, layers in SHAPES.items():
        shapes = [shape for layer in layers if layer in catalog for shape in _standing(frames[layer]).geometry]
        if stem in map_files.FAR:
            shapes = map_files.joined(shapes)
            files[f"{stem}-far"] = map_files.from_afar(stem, shapes)
        if shapes:
            files[stem] = map_files.geometry_collection(shapes)
    land = list(shapely.get_parts(shapely.from_geojson(verified_path(LAND).read_bytes())))
    return files | {"land-far": map_files.from_afar("land", land)}


def _standing(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return what stands today: the map shows no closed or planned station."""
    return frame[~frame["status"].isin(UNSERVED_STATES)] if "status" in frame.columns else frame


def _apart(world: World, layer: str) -> list[str]:
    """Return the countries in which what a layer holds is joined to no network."""
    states = world.methods.tables["networks"]
    return states.loc[(states["class"] == layer) & (states["state"] == Nil.ABSENT_NETWORK), "country_code"].tolist()
