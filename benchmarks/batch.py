"""`oreway batch` from ten thousand to ten million points, and what a user would write instead: same data, same run.

    python -m benchmarks.batch [--sites 10000 100000 1000000] [--surface 0.1]

Every size is one fresh process, start-up, reading and writing GeoParquet included: seconds by the clock, seconds of
processor (which a busy machine changes less) and the peak of its memory. The first process also makes the indexes, so
one is run before the clock starts. Sites lie in four equal parts in Greenland, Australia, the north-west Pacific and
round the antimeridian, land and sea alike.

Peers answer the plain distance to every class and nothing else: no bounds, no states, no score. geopandas.sjoin_nearest
in degrees is fast to write and wrong by up to thousands of kilometres; the k-d tree on Earth-centred coordinates with a
geodesic at the end is right, for points. Both are timed on PEER_SITES points and stated for a million.
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
import pandas as pd
from pyproj import Geod
from scipy.spatial import cKDTree

from benchmarks.world import Floats, sites
from scoring.targets import ice_targets, plant_targets, targets
from scoring.world import World, open_world

ROOT = Path(__file__).parent.parent
SIZES = (10_000, 100_000, 1_000_000)
PEER_SITES = 20_000
MILLION = 1e6
POINT_CLASSES = ("port", "deep_water_port", "airfield", "town")
LINE_CLASSES = ("road", "rail", "power", "coast")
BATCH = """
import sys
from pathlib import Path
from scoring.batch import batch
batch(Path(sys.argv[1]), sys.argv[2])
"""
SURFACE = """
import sys
from pathlib import Path
from outputs.surface import surface
surface("australia", Path(sys.argv[1]), cell_deg=float(sys.argv[2]))
"""
USED = """
import resource
used = resource.getrusage(resource.RUSAGE_SELF)
peak = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
status = Path("/proc/self/status")  # the other figure may be that of the process that started this one
if status.exists():
    peak = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
print(used.ru_utime + used.ru_stime, peak)
"""
GEOD = Geod(ellps="WGS84")


def run(code: str, *arguments: str) -> tuple[float, float, float]:
    """Return seconds, processor seconds and peak megabytes of a fresh process, which tells the last two itself."""
    began = time.perf_counter()
    command = [sys.executable, "-c", code + USED, *arguments]
    told = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": "."}, check=True, capture_output=True)
    seconds = time.perf_counter() - began
    processor, peak_kb = map(float, told.stdout.split()[-2:])
    return seconds, processor, peak_kb / 1024


def timed(work: Callable[[], object]) -> np.ndarray:
    """Return the seconds and the processor seconds of one run."""
    began = np.array([time.perf_counter(), time.process_time()])
    work()
    return np.array([time.perf_counter(), time.process_time()]) - began


def growth(sizes: list[int], folder: Path) -> np.ndarray:
    """Print time and memory by size; return the seconds and processor seconds of a million points."""
    source, out = folder / "in.parquet", str(folder / "out.parquet")
    write_points(1000, source)
    run(BATCH, str(source), out)
    per_million = np.full(2, np.nan)
    print("| points | seconds | processor s | points/s | peak MB | output MB |\n|---|---|---|---|---|---|")
    for n in sizes:
        write_points(n, source)
        seconds, processor, peak_mb = run(BATCH, str(source), out)
        size_mb = Path(out).stat().st_size / MILLION
        print(
            f"| {n:,} | {seconds:.1f} | {processor:.1f} | {n / seconds:,.0f} | {peak_mb:,.0f} | {size_mb:,.0f} |",
            flush=True,
        )
        per_million = np.array([seconds, processor]) * MILLION / n
    return per_million


def write_points(n: int, path: Path) -> None:
    """Write n points as Parquet."""
    lon, lat = sites(n)
    pd.DataFrame({"id": np.arange(n).astype(str), "lon": lon, "lat": lat}).to_parquet(path, index=False)


def frames(world: World) -> dict[str, gpd.GeoDataFrame]:
    """Return the features of every class."""
    found = {name: targets(world, name).frame for name in (*POINT_CLASSES, *LINE_CLASSES)}
    ice = [ice_targets(world, name).frame for name in ("mwdb", "ne50m")]
    return {**found, "refinery": plant_targets(world, ("separation",)).frame, "ice": gpd.GeoDataFrame(pd.concat(ice))}


def ecef(lon: Floats, lat: Floats) -> Floats:
    """Return Earth-centred metres on the ellipsoid."""
    lam, phi = np.radians(lon), np.radians(lat)
    normal = GEOD.a / np.sqrt(1 - GEOD.es * np.sin(phi) ** 2)
    x, y = normal * np.cos(phi) * np.cos(lam), normal * np.cos(phi) * np.sin(lam)
    return np.column_stack([x, y, normal * (1 - GEOD.es) * np.sin(phi)])


def by_tree(frame: gpd.GeoDataFrame, lon: Floats, lat: Floats) -> Floats:
    """Return kilometres to the nearest of some points: k-d tree, then a geodesic."""
    x, y = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    nearest = cKDTree(ecef(x, y)).query(ecef(lon, lat), workers=-1)[1]
    return np.asarray(GEOD.inv(lon, lat, x[nearest], y[nearest])[2]) / 1000


def peers(ours: np.ndarray) -> None:
    """Print what others take for a million points, and how many times as long that is."""
    world_frames = frames(open_world())
    lon, lat = sites(PEER_SITES)
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326")
    scale = MILLION / PEER_SITES
    print(
        "\n| for a million points | seconds | processor s | times ours: seconds | processor s |\n|---|---|---|---|---|"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        joins = {n: timed(lambda f=f: gpd.sjoin_nearest(points, f[["geometry"]])) for n, f in world_frames.items()}
    trees = {n: timed(lambda n=n: by_tree(world_frames[n], lon, lat)) for n in (*POINT_CLASSES, "refinery")}
    rows = {
        "geopandas.sjoin_nearest in degrees, ten classes": [*joins.values()],
        "the same, lines and areas only": [joins[name] for name in (*LINE_CLASSES, "ice")],
        "k-d tree and geodesic, the five classes of points only": [*trees.values()],
    }
    for name, taken in rows.items():
        whole = np.sum(taken, axis=0) * scale
        times = " | ".join(f"{ratio:.1f}" for ratio in whole / ours)
        print(f"| {name} | {whole[0]:,.0f} | {whole[1]:,.0f} | {times} |")


def main(arguments: list[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Benchmark of oreway batch and oreway surface")
    parser.add_argument("--sites", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--surface", type=float, nargs="*", default=[0.1])
    asked = parser.parse_args(arguments)
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}, {time.strftime('%Y-%m-%d')}\n")
    with tempfile.TemporaryDirectory() as name:
        ours = growth(asked.sites, Path(name))
        for cell_deg in asked.surface:
            seconds, processor, peak_mb = run(SURFACE, str(Path(name) / "a.tif"), str(cell_deg))
            told = f"{seconds:.1f} s, {processor:.1f} s of processor, {peak_mb:,.0f} MB"
            print(f"\noreway surface australia --resolution {cell_deg}, ten classes and score: {told}", flush=True)
    peers(ours)


if __name__ == "__main__":
    main()
