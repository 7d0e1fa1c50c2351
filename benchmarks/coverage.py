"""How many places on Earth get a total: random points on land of fifty countries, one table.

Countries are the fifty largest by area but for Antarctica and Greenland, which has a score of its own; points lie
evenly on their land. Run by `python -m benchmarks.coverage`.
"""

import sys
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd

from oreway.geo.geodesy import sample_polygon
from oreway.scoring.judge.score import Scores, score_points
from oreway.scoring.measure.classes import measure_points
from oreway.scoring.measure.measure import ANY_COMMODITY, points_of
from oreway.scoring.measure.points import OUT
from oreway.scoring.world.place import whereabouts
from oreway.scoring.world.world import World, open_world

COUNTRIES, POINTS = 50, 1000
LEFT_OUT = ("AQ", "GL")
EQUAL_AREA = "+proj=cea"


def largest_countries(world: World, count: int) -> gpd.GeoDataFrame:
    """Return the largest countries of the layer, largest first."""
    frame = world.infrastructure["countries"]
    known = frame[frame["country_code"].fillna("").ne("") & ~frame["country_code"].isin(LEFT_OUT)]
    size = known.geometry.to_crs(EQUAL_AREA).area
    return gpd.GeoDataFrame(known.loc[size.sort_values(ascending=False).index[:count]])


def scored(world: World, countries: gpd.GeoDataFrame, points: int, seed: int = 0) -> tuple[pd.DataFrame, Scores]:
    """Return random points on land of countries, as many in each, with their scores."""
    each = points // len(countries)
    places = [sample_polygon(shape, each, seed + i) for i, shape in enumerate(countries.geometry)]
    lon, lat = (np.concatenate([np.asarray(one[i], dtype=np.float64) for one in places]) for i in (0, 1))
    where = whereabouts(world, lon, lat)
    asked = points_of(world, lon, lat, np.ones(len(lon)), np.zeros(len(lon), np.int64), [ANY_COMMODITY])
    scores = score_points(world, asked, where, measure_points(world, asked, where))
    codes = np.repeat(countries["country_code"].to_numpy(dtype=object), each)
    table = pd.DataFrame({"country_code": codes, "lon": lon, "lat": lat, "land": where.landmass != OUT})
    return table.assign(total=scores.total, coverage=scores.coverage), scores


def share_with_total(table: pd.DataFrame) -> float:
    """Return the share of the points on land that get a total."""
    return float(table.loc[table["land"], "total"].notna().mean())


def main(arguments: Sequence[str]) -> int:
    """Print the share of points with a total, by country and of all."""
    points = int(arguments[0]) if arguments else POINTS
    world = open_world()
    table, _ = scored(world, largest_countries(world, COUNTRIES), points)
    land = table[table["land"]]
    by_country = land.groupby("country_code").agg(
        points=("total", "size"), with_total=("total", lambda one: one.notna().mean()), coverage=("coverage", "median")
    )
    sys.stdout.write(by_country.sort_values(["with_total", "coverage"]).round(2).to_string() + "\n")
    sys.stdout.write(f"{share_with_total(table):.1%} of {len(land)} points on land of {len(by_country)} countries\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
