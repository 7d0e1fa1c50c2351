"""The least-cost way over relief: each step costs its length and its climb, counted as extra way.

A step joins a cell to one of 16 others: its eight neighbours and the eight a knight's move away. Its length is the
geodesic between the cell centres, so the way is never shorter than the geodesic between its ends. Cells are first
joined east to west until they are about square, or 16 directions would not spread evenly at 80 degrees north; then open
ground is crossed at most 2.8 % longer than straight, and a cell at each end. A raster shows no slope below its cells.
"""

import heapq
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from numba import njit

from geo.errors import NoRouteError
from geo.geodesy import checked_lon_lat, distance_km
from geo.terrain import Relief, read_relief

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Place = tuple[float, float]

_MOVES = np.array(
    [(r, c) for r in range(-2, 3) for c in range(-2, 3) if math.gcd(r, c) == 1],
    np.int64,
)


@dataclass(frozen=True, kw_only=True)
class LeastCostRoute:
    """A way over relief. length_km: along it, straight legs to the first and last cell included; cost_km: with climb.

    lon, lat: its vertices, ends included. height_m: at the cells between the ends.
    """

    length_km: float
    cost_km: float
    lon: Floats
    lat: Floats
    height_m: Floats


@njit(nogil=True, cache=True, error_model="numpy")
def _search(height: Floats, moves: Ints, step_m: Floats, weight: float, start: int, end: int) -> tuple[Ints, float]:
    """Dijkstra over the cells of height; returns the cell each was reached from, -1 if not, and the end's cost."""
    rows, columns = height.shape
    cost = np.full(rows * columns, np.inf)
    before = np.full(rows * columns, -1)
    cost[start] = 0.0
    queue = [(0.0, start)]
    while len(queue) > 0:
        so_far, cell = heapq.heappop(queue)
        if so_far > cost[cell]:
            continue
        if cell == end:
            break
        row, column = cell // columns, cell % columns
        for m in range(moves.shape[0]):
            r, c = row + moves[m, 0], column + moves[m, 1]
            if r < 0 or r >= rows or c < 0 or c >= columns or math.isnan(height[r, c]):
                continue
            climb = abs(height[r, c] - height[row, column])
            if abs(moves[m, 0]) + abs(moves[m, 1]) == 3:  # a knight's move passes between two cells: both must be open
                half_r, half_c = int(moves[m, 0] / 2), int(moves[m, 1] / 2)
                one = height[row + half_r, column + half_c]
                other = height[r - half_r, c - half_c]
                if math.isnan(one) or math.isnan(other):
                    continue
                middle = 0.5 * (one + other)
                climb = abs(middle - height[row, column]) + abs(height[r, c] - middle)
            total = so_far + step_m[row, m] + weight * climb
            if total < cost[r * columns + c]:
                cost[r * columns + c] = total
                before[r * columns + c] = cell
                heapq.heappush(queue, (total, r * columns + c))
    return before, cost[end]


def least_cost_route(
    path: Path, start: Place, end: Place, *, climb_weight: float, land_only: bool, margin_deg: float
) -> LeastCostRoute:
    """Return the cheapest way between two places (lon, lat) over a relief raster.

    climb_weight: metres of way that one metre up or down counts as. land_only: cells at or below sea level are closed.
    margin_deg: how far beyond the box of both ends the way may go. Ends in a closed cell start from it all the same.

    Raises:
        NoRouteError: the raster does not reach both ends, or no way joins them.
        GeoError: the file is no raster in EPSG:4326, or a coordinate is out of range.
    """
    checked_lon_lat([start[0], end[0]], [start[1], end[1]], "least-cost route")
    if abs(start[0] - end[0]) > 180:
        raise NoRouteError(f"{path}: {start} and {end} lie on either side of 180 degrees; route on one side of it")
    (west, east), (south, north) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    relief = read_relief(path, west - margin_deg, south - margin_deg, east + margin_deg, north + margin_deg)
    relief = _squared(relief)
    height = relief.height_m.copy()
    if height.size == 0:
        raise NoRouteError(f"{path}: it does not reach {start} and {end}; expected a raster that covers both")
    cells = [_cell(relief.lon, relief.lat, place, path) for place in (start, end)]
    for row, column in cells:
        if math.isnan(height[row, column]):
            raise NoRouteError(f"{path}: no height at row {row}, column {column}, where an end lies; choose another")
    if land_only:
        ends = [height[cell] for cell in cells]
        height[height <= 0] = np.nan
        for cell, value in zip(cells, ends, strict=True):
            height[cell] = value
    columns = len(relief.lon)
    first, last = (row * columns + column for row, column in cells)
    before, cost_m = _search(height, _MOVES, _step_lengths(relief.lon, relief.lat), float(climb_weight), first, last)
    way = [last]
    while way[-1] != first:
        if before[way[-1]] < 0:
            raise NoRouteError(f"{path}: no open cells join {start} and {end}; widen the margin or open the sea")
        way.append(int(before[way[-1]]))
    at_row, at_column = np.divmod(np.array(way[::-1]), columns)
    lon = np.concatenate([[start[0]], relief.lon[at_column], [end[0]]])
    lat = np.concatenate([[start[1]], relief.lat[at_row], [end[1]]])
    length = float(distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())
    return LeastCostRoute(
        length_km=length,
        cost_km=cost_m / 1000 + distance_km(*start, lon[1], lat[1]) + distance_km(lon[-2], lat[-2], *end),
        lon=lon,
        lat=lat,
        height_m=height[at_row, at_column],
    )


def _squared(relief: Relief) -> Relief:
    """Return the relief with neighbours in a row joined, heights averaged, so that cells are as wide as high."""
    if min(relief.height_m.shape) < 2:
        return relief
    wide = abs((relief.lon[1] - relief.lon[0]) * math.cos(math.radians(float(np.mean(relief.lat)))))
    joined = max(1, round(abs(float(relief.lat[1] - relief.lat[0])) / max(wide, 1e-9)))
    columns = len(relief.lon) // joined * joined
    if joined == 1 or columns == 0:
        return relief
    height = relief.height_m[:, :columns].reshape(len(relief.lat), -1, joined)
    known = np.isfinite(height)
    count = known.sum(axis=2)
    mean = np.where(known, height, 0.0).sum(axis=2) / np.maximum(count, 1)
    mean[count == 0] = np.nan
    return Relief(lon=relief.lon[:columns].reshape(-1, joined).mean(axis=1), lat=relief.lat, height_m=mean)


def _cell(lon: Floats, lat: Floats, place: Place, path: Path) -> tuple[int, int]:
    row, column = int(np.argmin(np.abs(lat - place[1]))), int(np.argmin(np.abs(lon - place[0])))
    half = 0.51 * np.array([abs(lat[1] - lat[0]), lon[1] - lon[0]]) if len(lat) > 1 < len(lon) else np.ones(2)
    if abs(lat[row] - place[1]) > half[0] or abs(lon[column] - place[0]) > half[1]:
        raise NoRouteError(f"{path}: it does not reach {place}; expected a raster that covers both ends")
    return row, column


def _step_lengths(lon: Floats, lat: Floats) -> Floats:
    """Return the geodesic metres of every move from every row, shape (rows, moves); infinite off the raster."""
    step = lon[1] - lon[0] if len(lon) > 1 else 0.0
    lengths = np.full((len(lat), len(_MOVES)), np.inf)
    for m, (r, c) in enumerate(_MOVES.tolist()):
        row = np.arange(max(0, -r), len(lat) - max(0, r))
        lengths[row, m] = distance_km(np.zeros(len(row)), lat[row], np.full(len(row), c * step), lat[row + r]) * 1000
    return lengths
