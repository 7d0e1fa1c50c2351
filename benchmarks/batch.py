"""`oreway batch` from ten thousand to ten million points, `oreway surface`, and what a user would write instead.

Every row of ours is one fresh process, start-up, reading and writing included: seconds by the clock, seconds of
processor (which a busy machine changes less) and the peak of its memory. The first process also makes the indexes, so
one is run before the clock starts. Points lie in four equal parts in Greenland, Australia, the north-west Pacific and
round the antimeridian, land and sea alike.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pandas as pd
import shapely
from matplotlib.figure import Figure

from benchmarks import peers, postgis
from benchmarks.tables import Table, length, rate, seconds
from benchmarks.world import Floats, sites
from oreway.geo.nearest import NearestIndex
from oreway.outputs.files.regions import REGIONS
from oreway.outputs.files.surface import region_grid
from oreway.scoring.measure.targets import plant_targets, targets
from oreway.scoring.world.world import open_world

MILLION = 1e6
CLASSES = ("port", "deep_water_port", "airfield", "town", "road", "rail", "power", "coast")
PICTURE = "batch-growth.svg"
HUNDRED_MILLION = 1e8
BATCH = """
import sys
from oreway.cli import main
sys.argv = ["oreway", "batch", sys.argv[1], "-o", sys.argv[2]]
try:
    main()
except SystemExit as end:
    if end.code:
        raise
"""
SURFACE = """
import sys
from pathlib import Path
from oreway.outputs.files.surface import surface
surface(sys.argv[1], Path(sys.argv[2]), cell_deg=float(sys.argv[3]))
"""
USED = """
import resource
from pathlib import Path
used = resource.getrusage(resource.RUSAGE_SELF)
peak = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
status = Path("/proc/self/status")  # the other figure may be that of the process that started this one
if status.exists():
    peak = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
print(used.ru_utime + used.ru_stime, peak)
"""
NOT_RUN = {
    "EIS Toolkit 1.1.6, distance to vectors": "needs Python below 3.11 and GDAL's Python bindings, which have no wheel",
    "Bluecap's grid": "not on PyPI; its method is that of the row above",
}


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured; surfaces are regions and cells in degrees."""

    points: Sequence[int]
    sampled: int
    postgis: int
    surfaces: Sequence[tuple[str, float]]
    compared: float


SIZES = {
    "full": Size(
        points=(10_000, 100_000, 1_000_000, 10_000_000), sampled=20_000, postgis=2_000, compared=0.01,
        surfaces=[(region, cell) for region in ("australia", "greenland") for cell in (0.1, 0.05, 0.01)],
    ),
    "small": Size(points=(1_000, 2_000), sampled=200, postgis=20, compared=1.0, surfaces=[("australia", 1.0)]),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Used:
    """What a fresh process took."""

    seconds: float
    processor: float
    peak_mb: float


def run(size: str) -> Iterator[Table]:
    """Yield the tables of batch and surface, and draw how the batch grows."""
    much = SIZES[size]
    with tempfile.TemporaryDirectory() as name:
        grown = _grown(much.points, Path(name))
        yield _growth_table(grown)
        _draw(grown, (peers.ROOT / "docs" / "pictures" if size == "full" else Path(name)) / PICTURE)
        yield _peers_table(much, *_rate(grown))
        yield from _surfaces(much, Path(name))


def _fresh(code: str, *arguments: str) -> Used:
    """Return what a fresh process takes, which tells processor and memory itself."""
    began = time.perf_counter()
    command = [sys.executable, "-c", code + USED, *arguments]
    environment = {**os.environ, "PYTHONPATH": "."}
    told = subprocess.run(command, cwd=peers.ROOT, env=environment, check=True, capture_output=True)
    taken = time.perf_counter() - began
    processor, peak_kb = map(float, told.stdout.split()[-2:])
    return Used(seconds=taken, processor=processor, peak_mb=peak_kb / 1024)


def _grown(counts: Sequence[int], folder: Path) -> dict[int, tuple[Used, float]]:
    source, out = folder / "in.parquet", folder / "out.parquet"
    write_points(1000, source)
    _fresh(BATCH, str(source), str(out))
    found = {}
    for count in counts:
        write_points(count, source)
        used = _fresh(BATCH, str(source), str(out))
        found[count] = used, out.stat().st_size / MILLION
    return found


def write_points(n: int, path: Path) -> None:
    """Write n points as Parquet."""
    lon, lat = sites(n)
    pd.DataFrame({"id": np.arange(n).astype(str), "lon": lon, "lat": lat}).to_parquet(path, index=False)


def _rate(grown: Mapping[int, tuple[Used, float]]) -> tuple[float, float]:
    """Return the seconds and processor seconds of a million points, from the run nearest to a million."""
    count = min(grown, key=lambda n: abs(np.log(n / MILLION)))
    used = grown[count][0]
    return used.seconds * MILLION / count, used.processor * MILLION / count


def _growth_table(grown: Mapping[int, tuple[Used, float]]) -> Table:
    rows = [
        (
            f"{n:,}", seconds(used.seconds), seconds(used.processor), rate(n / used.seconds), f"{used.peak_mb:,.0f}",
            f"{size_mb:,.0f}",
        )
        for n, (used, size_mb) in grown.items()
    ]  # fmt: skip
    (least, first), (most, last) = min(grown.items()), max(grown.items())
    each = (last[0].processor - first[0].processor) / (most - least)
    hours = HUNDRED_MILLION * each / 3600
    note = (
        f"Ten classes with bounds, states and score, Parquet in, GeoParquet out. Beyond start-up a point takes "
        f"{each * 1e6:.1f} µs of one core; by that rate 100 million take {hours:.2f} core hours: "
        f"{hours * 60 / 2:.0f} minutes on 2 cores, {hours * 60 / 16:.1f} on 16. ![growth](pictures/{PICTURE})"
    )
    columns = ("points", "by the clock", "processor", "points a second", "peak MB", "output MB")
    return Table(title="Batch: time and memory by size", columns=columns, rows=rows, note=note)


def _draw(grown: Mapping[int, tuple[Used, float]], path: Path) -> None:
    """Draw time and memory by number of points; a dotted line grows as the points do."""
    counts = np.array(sorted(grown))
    used = [grown[n][0] for n in counts]
    figure = Figure(figsize=(8, 3.2), layout="constrained")
    time_axes, memory_axes = figure.subplots(1, 2)
    taken = np.array([one.processor for one in used])
    time_axes.loglog(counts, [one.seconds for one in used], "o-", label="by the clock")
    time_axes.loglog(counts, taken, "s-", label="processor, two cores")
    time_axes.loglog(counts, taken[-1] * counts / counts[-1], ":", color="grey", label="in step with the points")
    time_axes.set(xlabel="points", ylabel="seconds")
    time_axes.legend(frameon=False, fontsize=8)
    memory_axes.semilogx(counts, [one.peak_mb for one in used], "o-")
    memory_axes.axhline(1024, linestyle=":", color="grey")
    memory_axes.annotate("1 GiB", (counts[0], 1024), xytext=(0, -10), textcoords="offset points", fontsize=8)
    memory_axes.set(xlabel="points", ylabel="peak memory, MB", ylim=(0, 1200))
    with mpl.rc_context({"svg.hashsalt": "oreway", "svg.fonttype": "none"}):
        figure.savefig(path, metadata={"Date": None})


def _features() -> dict[str, np.ndarray]:
    """Return points (n, 2), or the ends (n, 2, 2) of straight edges, of every class but ice: areas hold points."""
    world = open_world()
    frames = {name: targets(world, name).frame for name in CLASSES}
    frames["refinery"] = plant_targets(world, ("separation",)).frame
    return {name: _straight(frame) for name, frame in frames.items()}


def _straight(frame: gpd.GeoDataFrame) -> np.ndarray:
    parts = shapely.get_parts(frame.geometry.to_numpy())
    if (shapely.get_type_id(parts) == shapely.GeometryType.POINT).all():
        return shapely.get_coordinates(parts)
    places, owner = shapely.get_coordinates(parts, return_index=True)
    single = np.bincount(owner, minlength=len(parts))[owner] == 1
    together = np.nonzero(owner[1:] == owner[:-1])[0]
    edges = np.stack([places[together], places[together + 1]], axis=1)
    return np.concatenate([edges, np.stack([places[single]] * 2, axis=1)])


def _peers_table(much: Size, whole: float, processor: float) -> Table:
    """Compare a million points: a peer's seconds are the sum of its rates over nine classes."""
    features = _features()
    lon, lat = sites(much.sampled, seed=3)
    truth = {name: NearestIndex.build(_shapes(ends)).query(lon, lat).distance_km for name, ends in features.items()}
    asked = {
        "geopandas.sjoin_nearest in degrees": lambda ends: _ask("sjoin 4326", "geopandas", ends, lon, lat),
        "BallTree haversine on vertices": lambda ends: _ask("balltree", "scikit-learn", ends, lon, lat),
    }
    rows = [("Oreway, ten classes, states and score", seconds(whole), "1", "–", "–", "–")]
    for label, ask in asked.items():
        found = {name: ask(ends) for name, ends in features.items()}
        rows.append(_peer_row(label, found, much.sampled, truth, whole))
    few = lon[: much.postgis], lat[: much.postgis]
    with postgis.server() as address:
        found = {name: postgis.nearest(address, _shapes(ends), *few) for name, ends in features.items()}
    rows.append(_peer_row("PostGIS geography <->, two connections", found, much.postgis, truth, whole))
    note = (
        f"Ours: the whole command ({seconds(processor)} of processor). The others: queries alone, index ready, no "
        f"reading, writing, bounds, states or score, and no ice; rates of {much.sampled:,} points (PostGIS "
        f"{much.postgis:,}) stated for a million. Differences are those from our distances, whose own error is in the "
        "tables of the nearest feature; off: by over 1 %."
    )
    columns = ("a million points", "by the clock", "ours is faster by", "largest difference", "median", "off")
    return Table(title="Batch: what a user would write instead", columns=columns, rows=rows, note=note)


def _shapes(ends: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.points(ends) if ends.ndim == 2 else shapely.linestrings(ends))


def _given(ends: np.ndarray) -> str:
    return "points" if ends.ndim == 2 else "ends"


def _ask(peer: str, package: str, ends: np.ndarray, lon: Floats, lat: Floats) -> peers.Answer:
    return peers.ask("peer_nearest", peer, {"lon": lon, "lat": lat, _given(ends): ends}, package)


def _peer_row(
    label: str, found: Mapping[str, peers.Answer], count: int, truth: Mapping[str, Floats], whole: float
) -> tuple[str, ...]:
    missing = [answer.missing for answer in found.values() if answer.missing]
    if missing:
        return label, "–", f"not run: {missing[0]}", "–", "–", "–"
    taken = sum(answer.query for answer in found.values()) * MILLION / count
    off = np.concatenate([np.abs(answer.arrays["km"] - truth[name][:count]) for name, answer in found.items()])
    wrong = off > 0.01 * np.concatenate([truth[name][:count] for name in found]) + 1e-3
    return (
        label, seconds(taken), f"{taken / whole:,.1f} ×", length(float(off.max())), length(float(np.median(off))),
        f"{wrong.mean():.1%}",
    )  # fmt: skip


def _surfaces(much: Size, folder: Path) -> Iterator[Table]:
    path = folder / "a.tif"
    rows = []
    for region, cell_deg in much.surfaces:
        grid = region_grid(REGIONS[region], cell_deg)
        used = _fresh(SURFACE, region, str(path), str(cell_deg))
        rows.append((
            f"{region} at {cell_deg:g}°", f"{grid.width * grid.height:,}", seconds(used.seconds),
            seconds(used.processor), f"{used.peak_mb:,.0f}", f"{path.stat().st_size / MILLION:,.0f}",
        ))  # fmt: skip
    yield Table(
        title="Surfaces", rows=rows,
        columns=("", "cells", "by the clock", "processor", "peak MB", "file MB"),
        note="Ten classes, score and bill: fifteen bands, tiled, with overviews.",
    )  # fmt: skip
    yield _transform_table(much, folder / "b.tif")


def _transform_table(much: Size, path: Path) -> Table:
    """Compare with the distance transform that grids of cells are usually given."""
    grid, used = region_grid(REGIONS["australia"], much.compared), None
    used = _fresh(SURFACE, "australia", str(path), str(much.compared))
    row, column = np.random.default_rng(5).integers([grid.height, grid.width], size=(2_000, 2)).T
    given = {
        "row": row, "column": column, "size": np.array([grid.height, grid.width]),
        "corner": np.array([grid.west, grid.north]), "cell_deg": np.array(grid.cell_deg),
    }  # fmt: skip
    features = {name: ends for name, ends in _features().items() if name != "refinery"}
    given |= {f"{_given(ends)} {name}": ends for name, ends in features.items()}
    answer = peers.ask("peer_surface", "distance transform", given, "scipy")
    label = "SciPy's exact distance transform, eight classes"
    if answer.missing:
        rows = [(label, "–", f"not run: {answer.missing}", "–", "–")]
    else:
        lon, lat = grid.west + (column + 0.5) * grid.cell_deg, grid.north - (row + 0.5) * grid.cell_deg
        off = np.concatenate([
            np.abs(answer.arrays[name] - NearestIndex.build(_shapes(ends)).query(lon, lat).distance_km)
            for name, ends in features.items()
        ])  # fmt: skip
        taken = answer.build + answer.query
        times = f"{taken / used.seconds:.2g} × ours"
        rows = [(label, seconds(taken), times, length(float(off.max())), length(float(np.median(off))))]
    rows = [
        ("Oreway, ten classes, score, bill, file", seconds(used.seconds), "1", "–", "–"), *rows,
        *((name, "–", f"not run: {why}", "–", "–") for name, why in NOT_RUN.items()),
    ]  # fmt: skip
    note = (
        "The transform counts cells on a flat grid, sees only features inside the region, and writes no file. "
        "Differences as above."
    )
    columns = (f"Australia at {much.compared:g}°", "by the clock", "", "largest difference", "median")
    return Table(title="Surfaces: what a grid is usually given", columns=columns, rows=rows, note=note)
