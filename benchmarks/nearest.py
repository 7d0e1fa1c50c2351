"""The nearest feature, against what a user would take instead: same features, same sites, same run.

Sites lie in four equal parts in Greenland, Australia, the north-west Pacific and round the antimeridian, land and sea
alike, so many are far from everything. Errors are against a third way, tests/geo/oracle.py, which shares no line with
ours: a k-d tree with a certificate and pyproj's geodesics.
"""

import dataclasses
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import shapely

from benchmarks import peers, postgis
from benchmarks.tables import Table, length, rate, seconds, timed
from benchmarks.world import CLASSES, Floats, load, sites
from oreway.geo._compiled import wake
from oreway.geo.nearest import NearestIndex, places, query_each
from tests.geo.oracle import Edges, KdTree

POINTS = ("ports", "airports", "towns")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured."""

    sites: int
    truth: int
    features: int | None
    divide: int


SIZES = {"full": Size(sites=1_000_000, truth=2000, features=None, divide=1),
         "small": Size(sites=2000, truth=100, features=2000, divide=20)}  # fmt: skip

# name, what it is called there, package, sites at full size, what it leaves out of lines
PEERS = (
    ("geopandas sjoin_nearest, degrees, then geodesic", "sjoin 4326", "geopandas", 20_000),
    ("geopandas sjoin_nearest, EPSG:3857, then geodesic", "sjoin 3857", "geopandas", 20_000),
    ("one azimuthal-equidistant projection a site", "aeqd", "pyproj", 100),
    ("scikit-learn BallTree, haversine ¹", "balltree", "scikit-learn", 5000),
    ("scipy cKDTree, unit sphere ¹", "sphere tree", "scipy", 100_000),
    ("scipy cKDTree, Earth-centred, then geodesic ¹", "ecef tree", "scipy", 100_000),
    ("pykdtree on 2 km pieces, certified, then geodesic ²", "piece tree", "pykdtree", 50_000),
    ("DuckDB spatial, ST_Distance_Spheroid", "duckdb", "duckdb-extension-spatial", 100),
    ("SedonaDB ST_KNN, then geodesic", "sedonadb", "sedonadb", 20_000),
)
POSTGIS_SITES = 20_000


def run(size: str) -> Iterator[Table]:
    """Yield the tables."""
    much = SIZES[size]
    world = {name: shapes[: much.features] for name, shapes in load().items()}
    NearestIndex.build(world["rail"][:100]).query([0.0] * 600, [0.0] * 600)  # compile, or load the compiled code
    with tempfile.TemporaryDirectory() as name:
        indexes, table = _built_and_mapped(world, Path(name))
        yield table
        yield _many_sites(indexes, much.sites)
        yield _one_site(indexes, Path(name))
        yield from _peers(world, indexes, much)


def _built_and_mapped(world: Mapping[str, np.ndarray], folder: Path) -> tuple[dict[str, NearestIndex], Table]:
    opened, rows = {}, []
    for name, shapes in world.items():
        index = NearestIndex.build(shapes)
        build = timed(lambda shapes=shapes: NearestIndex.build(shapes)).seconds
        save = timed(lambda index=index, name=name: index.save(folder / name)).seconds
        ready = timed(lambda name=name: NearestIndex.open(folder / name)).seconds
        size = sum(f.stat().st_size for f in (folder / name).iterdir()) / 1e6
        rows.append((name, f"{len(shapes):,}", seconds(build), seconds(save), seconds(ready), f"{size:.1f}"))
        opened[name] = NearestIndex.open(folder / name)
    columns = ("class", "features", "build", "save", "open by memory map", "MB")
    every = timed(lambda: [NearestIndex.open(folder / name) for name in world]).seconds
    return opened, Table(
        title="Indexes: built once, then mapped", columns=columns, rows=rows, note=f"All opened: {seconds(every)}."
    )


def _many_sites(indexes: dict[str, NearestIndex], n: int) -> Table:
    lon, lat = sites(n)
    rows = []
    for count in (n // 100, n // 10, n):
        taken = timed(lambda count=count: query_each(indexes, lon[:count], lat[:count]))
        answers = rate(count * len(indexes) / taken.seconds)
        rows.append((f"{count:,}", seconds(taken.seconds), seconds(taken.processor), answers))
    asked = places(lon, lat)
    each = {name: timed(lambda i=index: i.query_places(asked)).seconds for name, index in indexes.items()}
    told = ", ".join(f"{name} {seconds(taken)}" for name, taken in each.items())
    return Table(
        title="Many sites, five classes each", columns=("sites", "by the clock", "processor", "answers a second"),
        rows=rows, note=f"Feature, distance, place and share along a line. Of the largest: {told}.",
    )  # fmt: skip


def _one_site(indexes: dict[str, NearestIndex], folder: Path) -> Table:
    lon, lat = sites(1000, seed=2)
    wake()  # as the page's server does, and as five thousand calls do
    warm = timed(lambda: [query_each(indexes, x, y) for x, y in zip(lon, lat, strict=True)]).seconds / len(lon)
    code = (
        "from pathlib import Path; from geo.nearest import NearestIndex, query_each; "
        f"query_each({{p.name: NearestIndex.open(p) for p in Path({str(folder)!r}).iterdir()}}, 133.2, -22.6)"
    )
    cold = timed(lambda: subprocess.run([sys.executable, "-c", code], check=True, cwd=peers.ROOT)).seconds
    rows = (("warm", seconds(warm)), ("in a new process, compiled code cached", seconds(cold)))
    return Table(title="One site, five classes", columns=("", "taken"), rows=rows)


def _truth(shapes: np.ndarray, lon: Floats, lat: Floats) -> Floats:
    if shapely.get_type_id(shapes[0]) == shapely.GeometryType.POINT:
        return KdTree(*shapely.get_coordinates(shapes).T).nearest_m(lon, lat) / 1000
    ends = shapely.get_coordinates(shapes).reshape(-1, 4)
    edges = Edges(*ends.T, "geodesic")
    return KdTree(None, None, edges, piece_m=1000.0).nearest_m(lon, lat) / 1000


def _error(km: Floats, truth: Floats) -> tuple[float, float, float]:
    """Return the largest and the median error, and the share of sites over 1 % wrong."""
    n = min(len(km), len(truth))
    off = np.abs(np.asarray(km)[:n] - truth[:n])
    return float(off.max()), float(np.median(off)), float((off > 0.01 * truth[:n] + 1e-3).mean())


def _peers(world: Mapping[str, np.ndarray], indexes: dict[str, NearestIndex], much: Size) -> Iterator[Table]:
    lon, lat = sites(100_000 // much.divide, seed=3)
    each: dict[str, dict[str, float]] = {}
    with postgis.server() as address:
        for name, shapes in world.items():
            truth = _truth(shapes, lon[: much.truth], lat[: much.truth])
            taken = timed(lambda name=name: indexes[name].query(lon, lat)).seconds
            ours = len(lon) / taken
            found = {"Oreway": peers.Answer(query=taken, arrays={"km": indexes[name].query(lon, lat).distance_km})}
            counts = {"Oreway": len(lon)}
            for label, peer, package, sites_full in PEERS:
                if peer == "piece tree" and name in POINTS:
                    continue
                counts[label] = max(20, sites_full // much.divide)
                found[label] = _ask(peer, package, shapes, lon[: counts[label]], lat[: counts[label]])
            label = "PostGIS geography <->, two connections"
            counts[label] = POSTGIS_SITES // much.divide
            found[label] = postgis.nearest(address, shapes, lon[: counts[label]], lat[: counts[label]])
            rows = [_row(label, answer, counts[label], ours, truth) for label, answer in found.items()]
            yield _table(name, len(shapes), much, rows)
            for label, answer in found.items():
                each.setdefault(label, {})[name] = answer.query / counts[label]
    yield _summary(each)


def _ask(peer: str, package: str, shapes: np.ndarray, lon: Floats, lat: Floats) -> peers.Answer:
    coordinates = shapely.get_coordinates(shapes)
    lines = len(coordinates) > len(shapes)
    given = {"lon": lon, "lat": lat, **({"ends": coordinates.reshape(-1, 2, 2)} if lines else {"points": coordinates})}
    return peers.ask("peer_nearest", peer, given, package)


def _row(label: str, answer: peers.Answer, count: int, ours: float, truth: Floats) -> tuple[str, ...]:
    if answer.missing:
        return label, "–", "–", f"not run: {answer.missing}", "–", "–"
    speed = count / answer.query
    most, middle, wrong = _error(answer.arrays["km"], truth)
    ratio = "1" if label == "Oreway" else f"{ours / speed:,.3g} ×"
    return label, rate(speed), ratio, length(most), length(middle), f"{wrong:.1%}"


def _summary(each: Mapping[str, Mapping[str, float]]) -> Table:
    """Return what a million sites take over all classes, and over lines alone, from the rates of each class."""
    rows, groups = [], (CLASSES, tuple(name for name in CLASSES if name not in POINTS))
    for label, taken in each.items():
        cells = []
        for names in groups:
            a_site = sum(taken.get(name, np.nan) for name in names)
            ours = sum(each["Oreway"][name] for name in names)
            cells += ["–", "–"] if np.isnan(a_site) else [seconds(1e6 * a_site), f"{a_site / ours:,.3g} ×"]
        rows.append((label.rstrip(" ¹²"), *cells))
    return Table(
        title="A million sites, from the rates above", rows=rows,
        columns=("", "five classes", "ours is", "lines alone", "ours is"),
        note="“Ours is”: how many times as fast. For how right each is, see the tables of the classes.",
    )  # fmt: skip


def _table(name: str, features: int, much: Size, rows: list[tuple[str, ...]]) -> Table:
    note = (
        f"Sites asked: Oreway {100_000 // much.divide:,}, the others fewer where they are slow (rates are a second of "
        f"querying, index ready). Errors on the first {much.truth:,} sites against the oracle; wrong: over 1 % off."
    )
    if name in POINTS:
        rows = [(row[0].rstrip(" ¹²"), *row[1:]) for row in rows]
    else:
        note += " ¹ Sees vertices only, the usual shortcut. ² What libraries alone can do and be right."
    return Table(
        title=f"Nearest of {features:,} {name}",
        columns=("", "sites a second", "Oreway is faster by", "largest error", "median error", "wrong"),
        rows=rows, note=note,
    )  # fmt: skip
