"""The nearest feature, against what a user would take instead: same data, same sites, same run.

    python -m benchmarks.nearest [--sites 1000000]

Peers: geopandas.sjoin_nearest in degrees and a k-d tree on Earth-centred coordinates with an exact geodesic at the end
(points only). Errors are against ours, which the tests hold to 1 mm of dense geodesics.
Times are wall-clock on all processors of this machine, the best of three; beside them the processor seconds, which a
busy machine changes less. Sites lie in four equal parts in Greenland,
Australia, the north-west Pacific and round the antimeridian, land and sea alike, so many are far from everything.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod
from scipy.spatial import cKDTree

from benchmarks.world import Floats, load, sites
from geo.nearest import NearestIndex, places, query_each

_GEOD = Geod(ellps="WGS84")
_PEER_SITES = 20_000


def processor_seconds(work: Callable[[], object]) -> float:
    """Return the processor time of one run, all threads together."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def best_of_three(work: Callable[[], object]) -> float:
    """Return the least seconds of three runs."""
    taken = []
    for _ in range(3):
        begin = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begin)
    return min(taken)


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Benchmark of geo.nearest")
    parser.add_argument("--sites", type=int, default=1_000_000)
    n = parser.parse_args(arguments).sites
    world = load()
    NearestIndex.build(world["rail"][:100]).query([0.0] * 600, [0.0] * 600)  # compile, or load the compiled code
    print(
        f"{os.cpu_count()} processors, {n:,} sites, classes: " + ", ".join(f"{k} {len(v):,}" for k, v in world.items())
    )
    with tempfile.TemporaryDirectory() as folder:
        indexes = _built_and_mapped(world, Path(folder))
        _many_sites(indexes, n)
        _one_site(indexes, Path(folder))
    _peers(world, indexes)


def _built_and_mapped(world: dict[str, np.ndarray], folder: Path) -> dict[str, NearestIndex]:
    opened = {}
    print("\nclass      build s   save s   open ms   MB")
    for name, shapes in world.items():
        index = NearestIndex.build(shapes)
        build = best_of_three(lambda shapes=shapes: NearestIndex.build(shapes))
        save = best_of_three(lambda index=index, name=name: index.save(folder / name))
        ready = best_of_three(lambda name=name: NearestIndex.open(folder / name))
        size = sum(f.stat().st_size for f in (folder / name).iterdir()) / 1e6
        print(f"{name:10} {build:7.3f} {save:8.3f} {ready * 1000:9.2f} {size:6.1f}")
        opened[name] = NearestIndex.open(folder / name)
    return opened


def _many_sites(indexes: dict[str, NearestIndex], n: int) -> None:
    lon, lat = sites(n)
    print("\nsites      s all classes   M answers/s   processor s   (feature, distance, lon/lat, fraction)")
    for count in (n // 100, n // 10, n):
        taken = best_of_three(lambda count=count: query_each(indexes, lon[:count], lat[:count]))
        busy = processor_seconds(lambda count=count: query_each(indexes, lon[:count], lat[:count]))
        print(f"{count:9,} {taken:14.3f} {count * len(indexes) / taken / 1e6:13.2f} {busy:18.3f}")
    asked = places(lon, lat)
    each = {name: best_of_three(lambda i=index: i.query_places(asked)) for name, index in indexes.items()}
    print("of which   " + "  ".join(f"{name} {taken:.3f}" for name, taken in each.items()))


def _one_site(indexes: dict[str, NearestIndex], folder: Path) -> None:
    lon, lat = sites(1000, seed=2)
    taken = best_of_three(lambda: [query_each(indexes, x, y) for x, y in zip(lon, lat, strict=True)])
    print(f"\none site, all classes, warm: {taken:.3f} ms")  # a thousand sites, so seconds read as milliseconds
    code = (
        "from pathlib import Path; from geo.nearest import NearestIndex, query_each; "
        f"query_each({{p.name: NearestIndex.open(p) for p in Path({str(folder)!r}).iterdir()}}, 133.2, -22.6)"
    )
    cold = best_of_three(lambda: subprocess.run([sys.executable, "-c", code], check=True))
    print(f"one site, all classes, new process, compiled code cached: {cold:.2f} s")


def _peers(world: dict[str, np.ndarray], indexes: dict[str, NearestIndex]) -> None:
    lon, lat = sites(_PEER_SITES, seed=3)
    print(f"\npeers on {_PEER_SITES:,} sites: k sites/s (largest error against the exact answer)")
    print("class      ours      sjoin_nearest 4326, then Geod   ECEF k-d tree, then Geod")
    for name, shapes in world.items():
        exact = indexes[name].query(lon, lat)
        ours = best_of_three(lambda name=name: indexes[name].query(lon, lat))
        planar, planar_error = _sjoin(shapes, lon, lat, exact.distance_km)
        row = f"{name:10} {_PEER_SITES / ours / 1e3:7,.0f} {_PEER_SITES / planar / 1e3:9,.0f} ({planar_error:,.0f} km)"
        if shapely.get_type_id(shapes[0]) == shapely.GeometryType.POINT:
            tree, error = _kdtree(shapes, lon, lat, exact.distance_km)
            row += f"{_PEER_SITES / tree / 1e3:20,.0f} ({error * 1e6:,.1f} mm)"
        print(row)


def _sjoin(shapes: np.ndarray, lon: Floats, lat: Floats, exact_km: Floats) -> tuple[float, float]:
    frame = gpd.GeoDataFrame(geometry=shapes, crs=4326)
    asked = gpd.GeoDataFrame(geometry=shapely.points(lon, lat), crs=4326)
    _ = frame.sindex
    begin = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        joined = gpd.sjoin_nearest(asked, frame)
    joined = joined[~joined.index.duplicated()].sort_index()
    near = shapely.shortest_line(joined.geometry.to_numpy(), shapes[joined["index_right"].to_numpy()])
    foot = shapely.get_coordinates(shapely.get_point(near, 1))
    km = np.asarray(_GEOD.inv(lon, lat, foot[:, 0], foot[:, 1])[2]) / 1000
    return time.perf_counter() - begin, float(np.abs(km - exact_km).max())


def _kdtree(shapes: np.ndarray, lon: Floats, lat: Floats, exact_km: Floats) -> tuple[float, float]:
    x, y = shapely.get_coordinates(shapes).T
    tree = cKDTree(_ecef(x, y))
    begin = time.perf_counter()
    i = tree.query(_ecef(lon, lat), workers=-1)[1]
    km = np.asarray(_GEOD.inv(lon, lat, x[i], y[i])[2]) / 1000
    return time.perf_counter() - begin, float(np.abs(km - exact_km).max())


def _ecef(lon: Floats, lat: Floats) -> Floats:
    lam, phi = np.radians(lon), np.radians(lat)
    normal = _GEOD.a / np.sqrt(1 - _GEOD.es * np.sin(phi) ** 2)
    flat = normal * np.cos(phi)
    return np.column_stack([flat * np.cos(lam), flat * np.sin(lam), normal * (1 - _GEOD.es) * np.sin(phi)])


if __name__ == "__main__":
    main()
