"""Least-cost and remoteness rasters against scikit-image, xarray-spatial and GRASS on the same friction and sources."""

from collections.abc import Iterator

import numpy as np
import shapely
from scipy.ndimage import gaussian_filter

from benchmarks import grass, peers
from benchmarks.tables import Table, length, seconds, timed
from benchmarks.world import Floats, load
from oreway.geo._grid_steps import Moves, moves_of
from oreway.geo._least_cost import solve
from oreway.geo.geodesy import distance_km
from oreway.geo.least_cost import Ground, access_cost
from oreway.geo.nearest import NearestIndex

PEERS = (("scikit-image MCP_Geometric", "scikit-image", "scikit-image"),
         ("xarray-spatial cost_distance", "xarray-spatial", "xarray-spatial"))  # fmt: skip
AUSTRALIA = (112.0, -44.0, 154.0, -10.0)


def run(size: str) -> Iterator[Table]:
    """Yield the tables."""
    full = size == "full"
    yield _speed(4000 if full else 200)
    yield _truth(400 if full else 60)
    yield _remoteness(0.01 if full else 0.5)


def frictions(n: int) -> dict[str, tuple[Floats, int]]:
    """Return frictions and how many sources each has."""
    random = np.random.default_rng(7)
    smooth = gaussian_filter(random.normal(size=(n, n)), n / 50, mode="wrap")
    terrain = 1 + 9 * np.abs(smooth) / np.abs(smooth).max()
    return {
        "terrain-like, 184 sources": (terrain, 184),
        "terrain-like, 1 source": (terrain, 1),
        "white noise 1 to 100, 184 sources": (random.uniform(1, 100, (n, n)), 184),
        "lognormal, sigma 2, 184 sources": (random.lognormal(0, 2, (n, n)), 184),
    }


def _square(n: int, directions: int | None) -> Moves:
    """Return steps over cells a metre square, as the others take them."""
    moves = moves_of((n / 2 - np.arange(n)) * 1e-6, 1e-6, directions=directions)
    metres = np.hypot(moves.dr[moves.row_step], moves.dc[moves.row_step]).astype(np.float64)
    return moves._replace(metres=metres)


def _ours(friction: Floats, moves: Moves, sources: np.ndarray) -> Floats:
    cost = np.full(friction.shape, np.inf)
    cost[tuple(sources.T)] = 0.0
    solve(friction, np.zeros((1, 1)), 0.0, moves, cost, wraps=False)
    return cost


def _speed(n: int) -> Table:
    rows = []
    king, even = _square(n, 8), _square(n, None)
    _ours(np.ones((n, n)), king, np.zeros((1, 2), np.int64))  # compile, or load the compiled code
    for name, (friction, count) in frictions(n).items():
        sources = np.random.default_rng(count).integers(0, n, (count, 2))
        cost = _ours(friction, king, sources)
        taken = timed(lambda f=friction, s=sources: _ours(f, king, s))
        wide = timed(lambda f=friction, s=sources: _ours(f, even, s))
        rows.append((name, "Oreway, 8 directions", seconds(taken.seconds), "1", "–"))
        rows.append(
            (name, "Oreway, 16 directions", seconds(wide.seconds), f"{wide.seconds / taken.seconds:.2g} ×", "–")
        )
        given = {"friction": friction, "sources": sources, "sampling": np.ones(2)}
        answers = {label: peers.ask("peer_rasters", peer, given, package) for label, peer, package in PEERS}
        answers["GRASS r.cost"] = grass.cost(friction, sources)
        for label, answer in answers.items():
            if answer.missing:
                rows.append((name, label, f"not run: {answer.missing}", "–", "–"))
                continue
            apart = float(np.nanmax(np.abs(answer.arrays["cost"] - cost) / np.maximum(cost, 1e-9)))
            ratio = f"{answer.query / taken.seconds:.2g} ×"
            rows.append((name, label, seconds(answer.query), ratio, f"{apart:.1g}"))
    return Table(
        title=f"Accumulated cost, {n:,} × {n:,} square cells",
        columns=("friction", "", "taken", "times ours", "largest relative difference"), rows=rows,
        note="All search the same eight directions but the second row, which Oreway's results use. GRASS works on "
        "raster files of its own meanwhile.",
    )  # fmt: skip


def _truth(n: int) -> Table:
    """Open ground on a grid in degrees: what each says it costs, over the geodesic."""
    rows = []
    for north in (10.0, 45.0, 62.0, 75.0, 83.0):
        step = 6.0 / n
        lat, lon = north - step * (np.arange(n) + 0.5), step * (np.arange(2 * n) + 0.5)
        ground = Ground(lon=lon, lat=lat, cost={"way": np.ones((n, 2 * n))})
        direct = distance_km(float(lon[n]), float(lat[n // 2]), *np.meshgrid(lon, lat))
        far = direct > 20 * step * 111
        found = access_cost(ground, [(float(lon[n]), float(lat[n // 2]))]).cost
        rows.append((f"{north - 6:.0f}–{north:.0f}° N", "Oreway", *_off(found[far] / direct[far])))
        middle = float(lat[n // 2])
        cell = [distance_km(0.0, middle - step / 2, 0.0, middle + step / 2), distance_km(0.0, middle, step, middle)]
        given = {"friction": np.ones((n, 2 * n)), "sources": np.array([[n // 2, n]]), "sampling": np.array(cell)}
        for label, peer, package in PEERS:
            answer = peers.ask("peer_rasters", peer, given, package)
            off = ("not run: " + answer.missing, "–", "–")
            off = off if answer.missing else _off(answer.arrays["cost"][far] / direct[far])
            rows.append((f"{north - 6:.0f}–{north:.0f}° N", f"{label}, cell of the middle row", *off))
    return Table(
        title="Open ground on a grid in degrees, over the geodesic", columns=("rows", "", "least", "median", "most"),
        rows=rows, note="From 20 cells on. Below 0: shorter than the shortest way. Eight directions cost up to 8.24 %.",
    )  # fmt: skip


def _off(ratio: Floats) -> tuple[str, str, str]:
    least, middle, most = (
        f"{round(100 * (float(value) - 1), 2) + 0.0:+.2f} %" for value in (ratio.min(), np.median(ratio), ratio.max())
    )
    return least, middle, most


def _remoteness(step: float) -> Table:
    west, south, east, north = AUSTRALIA
    lon = west + step * (np.arange(round((east - west) / step)) + 0.5)
    lat = north - step * (np.arange(round((north - south) / step)) + 0.5)
    roads = load()["roads"]
    coordinates = shapely.get_coordinates(roads).reshape(-1, 2, 2)
    near = (np.abs(coordinates - [133, -27]) < [25, 20]).all(axis=(1, 2))
    index = NearestIndex.build(roads[near])
    x, y = (part.ravel() for part in np.meshgrid(lon, lat))
    taken = timed(lambda: index.query(x, y), runs=2)
    km = index.query(x, y).distance_km.reshape(len(lat), len(lon))
    rows = [("Oreway", seconds(taken.seconds), "1", "–", "–")]
    targets = _burned(coordinates[near], lon, lat, step)
    given = {"targets": targets, "lon": lon, "lat": lat}
    answer = peers.ask("peer_rasters", "proximity", given, "xarray-spatial")
    label = "xarray-spatial proximity, GREAT_CIRCLE"
    if answer.missing:
        rows.append((label, f"not run: {answer.missing}", "–", "–", "–"))
    else:
        off = np.abs(answer.arrays["km"] - km)
        off = off[np.isfinite(off)]
        errors = length(float(np.median(off))), length(float(off.max()))
        rows.append((label, seconds(answer.query), f"{answer.query / taken.seconds:.2g} ×", *errors))
    return Table(
        title=f"Remoteness: Australia's cells of {step:g}° ({km.size:,}) from {int(near.sum()):,} road edges",
        columns=("", "taken", "times ours", "median error", "largest error"), rows=rows,
        note="The raster tool sees the cells that roads cross, and nothing beyond its window.",
    )  # fmt: skip


def _burned(ends: np.ndarray, lon: Floats, lat: Floats, step: float) -> np.ndarray:
    """Return the cells that edges cross, sampled twice a cell."""
    count = int(np.ceil(2 * np.abs(ends[:, 1] - ends[:, 0]).max() / step)) + 1
    share = np.linspace(0, 1, min(count, 400))[:, None, None]
    found = np.zeros((len(lat), len(lon)), np.uint8)
    for part in np.array_split(ends, max(1, len(ends) // 2000)):
        x, y = (part[:, 0] + share * (part[:, 1] - part[:, 0])).reshape(-1, 2).T
        column, row = np.floor((x - lon[0]) / step + 0.5).astype(int), np.floor((lat[0] - y) / step + 0.5).astype(int)
        inside = (column >= 0) & (column < len(lon)) & (row >= 0) & (row < len(lat))
        found[row[inside], column[inside]] = 1
    return found
