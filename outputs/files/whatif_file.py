"""A what-if as a file: every site before and after, and what was built."""

from collections.abc import Iterable

import geopandas as gpd
import pandas as pd

from oreway.outputs.files.export import csv_bytes, provenance, site_layer_ids, to_geojson
from oreway.outputs.files.files import OutputError
from oreway.outputs.words.output_sayings import OutputSaying
from oreway.scoring.whatif.changes import FactChange
from oreway.scoring.whatif.closing import Closing, written
from oreway.scoring.whatif.whatif import Addition
from oreway.scoring.world.world import World

BUILT = ("built_class", "built_size")


def to_file(
    table: pd.DataFrame,
    world: World,
    built: Iterable[Addition],
    ending: str,
    steps: Iterable[FactChange | Closing] = (),
) -> bytes:
    """Return rows of `scoring.whatif.whatif.compare` as .csv, or as .geojson with what was built as features.

    What was built, changed and closed stands in the column `what_if` of the one, in the member `what_if` of the other.

    Args:
        table: the rows.
        world: the world they were compared in, for places and names.
        built: what was built.
        ending: .csv or .geojson.
        steps: what was changed and closed.

    Raises:
        OutputError: another ending.
    """
    things = list(built)
    done = [*(f"build:{one.class_}:{one.name}" for one in things), *map(written, steps)]
    sites = world.sites.loc[table["site_id"], ["name", "geometry"]]
    if ending == ".csv":
        return csv_bytes(table.assign(name=sites["name"].to_numpy(), what_if="; ".join(done)))
    if ending != ".geojson":
        raise OutputError(OutputSaying.WHATIF_ENDING(repr(ending)))
    rows = gpd.GeoDataFrame(sites.join(table.set_index("site_id")), crs="EPSG:4326")
    new = gpd.GeoDataFrame(
        {"name": [one.name for one in things], BUILT[0]: [one.class_ for one in things],
         BUILT[1]: [one.size for one in things]},
        geometry=[one.geometry for one in things], crs="EPSG:4326",
        index=pd.Index([f"what-if-{i + 1}" for i in range(len(things))], name="site_id"),
    )  # fmt: skip
    frame = pd.concat([rows, new]) if things else rows
    return to_geojson(gpd.GeoDataFrame(frame, crs="EPSG:4326"), provenance(site_layer_ids()) | {"what_if": done})
