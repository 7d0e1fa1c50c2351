"""Points for batches, and what writes and reads them."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from oreway.scoring.batch.batch import batch
from oreway.scoring.world.place import locate

ROOT = Path(__file__).parent.parent.parent


def mini_points(n, seed=5):
    """Points on and off every landmass of the mini world, some on the ice, some on an edge."""
    random = np.random.default_rng(seed)
    boxes = [
        (-51, 59, -39, 71),
        (-1, -6, 11, 6),
        (11.5, -1.5, 13.5, 1.5),
        (149, 19, 157, 27),
        (-45.5, 62.5, -43.5, 64.5),
    ]
    which = np.array(boxes)[random.integers(len(boxes), size=n)]
    lon, lat = (np.round(random.uniform(which[:, i], which[:, i + 2]), 4) for i in (0, 1))
    return pd.DataFrame({"id": [f"p{i}" for i in range(n)], "lon": lon, "lat": lat})


def written(frame, path):
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    else:
        pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), path)
    return path


def run(frame, folder, world, out="out.parquet", **options):
    done = batch(written(frame, folder / "in.parquet"), folder / out, world=world, **options)
    return done, gpd.read_parquet(folder / out)


def as_sites(world, points):
    place = locate(world, points["lon"].to_numpy(), points["lat"].to_numpy())
    blank = dict.fromkeys(set(world.sites.columns) - {"geometry"}, "")
    columns = {
        **blank, "lon": points["lon"], "lat": points["lat"], "position_accuracy_km": points["position_accuracy_km"],
        "kind": "deposit", "commodities": "*", "country_code": place["country_code"], "setting": place["setting"],
        "name": points["id"], "geometry": gpd.points_from_xy(points["lon"], points["lat"]),
    }  # fmt: skip
    return gpd.GeoDataFrame(pd.DataFrame({**columns, "site_id": points["id"]}), crs="EPSG:4326").set_index("site_id")


def by_line(path):
    """Parts hold neighbours; the input's order is that of their lines."""
    return gpd.read_parquet(path).sort_values("line", ignore_index=True)


class StopError(Exception):
    """The plug is pulled."""


def world_points(n):
    random = np.random.default_rng(8)
    return pd.DataFrame({"lon": random.uniform(-180, 180, n), "lat": random.uniform(-80, 80, n)})
