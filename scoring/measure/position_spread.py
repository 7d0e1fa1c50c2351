"""What the uncertain place of a site does to its distances: percentiles, and which other feature may be the nearest.

The same sampled places serve every class, so that errors shared by all distances of a site stay shared.
"""

import dataclasses

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Floats
from oreway.geo.geodesy import destination, sample_polygon
from oreway.scoring.measure.classes import measure_points
from oreway.scoring.measure.measure import chosen_sites, points_of, where_sites
from oreway.scoring.measure.points import Found
from oreway.scoring.measure.rows import names_of
from oreway.scoring.measure.targets import CLASSES
from oreway.scoring.reasons import Code, Reason, joined, note
from oreway.scoring.world.place import landmass_positions
from oreway.scoring.world.world import World

PERCENTILES = (5, 50, 95)


def spread(world: World, site_id: str, *, seed: int = 0) -> pd.DataFrame:
    """Return the distances of a site over the places it may lie at.

    A zone is sampled over its area. A point is sampled round itself, its position accuracy taken as the standard
    deviation along each axis. Places of another landmass or country than the site's are measured as what they are.

    Returns:
        One row a class: class, p5_km, p50_km, p95_km (NaN where fewer than half of the places have a distance),
        nearest (the feature most often nearest, with its share in per cent, then the others).

    Raises:
        ScoringError: no such site.
    """
    site = chosen_sites(world, [site_id]).iloc[0]
    count = int(world.methods.parameters["spread_samples"])
    lon, lat = _places(site, count, seed)
    points = points_of(world, lon, lat, np.zeros(count), np.zeros(count, np.int64), [str(site["commodities"])])
    home = where_sites(world, world.sites.loc[[site_id]]).take(np.zeros(count, np.int64))
    where = dataclasses.replace(home, landmass=landmass_positions(world, lon, lat))
    found = measure_points(world, points, where)
    return pd.DataFrame([_row(world, found[class_], class_) for class_ in CLASSES])


def _places(site: "pd.Series[str]", count: int, seed: int) -> tuple[Floats, Floats]:
    shape: BaseGeometry = site["geometry"]  # type: ignore[assignment]
    if shape.geom_type != "Point":
        return sample_polygon(shape, count, seed)
    random = np.random.default_rng(seed)
    far_km = float(site["position_accuracy_km"]) * np.sqrt(-2 * np.log1p(-random.random(count)))
    lon, lat = np.full(count, float(site["lon"])), np.full(count, float(site["lat"]))
    x, y = destination(lon, lat, random.uniform(0, 360, count), far_km)
    return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)


def _row(world: World, found: Found, class_: str) -> dict[str, object]:
    known = (found.nil == 0) & ~np.isnan(found.distance_km)
    enough = 2 * known.sum() >= len(known)
    km = np.percentile(found.distance_km[known], PERCENTILES) if enough else [np.nan] * len(PERCENTILES)
    names = pd.Series(names_of(world, found, class_)[known], dtype=object)
    shares = (names.value_counts(normalize=True) * 100).round().astype(int) if enough else pd.Series(dtype=int)
    named = joined(
        note(Code.SHARE, name or Reason(Code.UNNAMED), float(share))
        for name, share in zip(shares.index[:3], shares[:3], strict=True) if share > 0
    )  # fmt: skip
    return {
        "class": class_,
        **{f"p{p}_km": float(v) for p, v in zip(PERCENTILES, km, strict=True)},
        "nearest": named,
    }
