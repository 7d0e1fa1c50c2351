"""The least-cost way for new access over relief, ice and water, and what every place costs to reach.

Three things are kept apart. Cost is paid: so much a kilometre in each layer, and so much a metre up or down. Friction
steers and is not paid. A barrier forbids. What a way costs is its layers added up. Each step is as long as the geodesic
between its cells, so no way is shorter than the geodesic between its ends; rows keep their true width, and a grid round
the globe has no edge at 180 degrees. A raster shows nothing smaller than its cells: every result says how large.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely
from rasterio.features import rasterize
from rasterio.transform import Affine
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Bools, Floats
from oreway.geo._grid_steps import Moves, moves_of
from oreway.geo._least_cost import solve, trace
from oreway.geo.cog import Band, CogWriter, Grid
from oreway.geo.errors import GeoError, NoRouteError
from oreway.geo.geodesy import checked_lon_lat, distance_km
from oreway.geo.sayings import GeoSaying
from oreway.geo.terrain import Relief, read_relief
from oreway.said import PlainSaying, why

LonLat = tuple[float, float]
Box = tuple[float, float, float, float]

CLIMB = "climb"
UNIT = "km of level ground"
_REGIONAL_KM = 1.0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What ground costs, in kilometres of level ground. None: closed.

    climb: kilometres that a kilometre up or down counts as. water, ice: added to each kilometre on them.
    steep: slope, rise over run, above which ground is closed; slope_friction: steers away by 1 + this times the slope.
    """

    climb: float = 8.0
    water: float | None = None
    ice: float | None = None
    steep: float | None = None
    slope_friction: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A grid of cells with centres at lon, lat (north or south first): what they cost, how they steer, what is closed.

    cost: paid by name, in unit a kilometre, each 0 or more and their sum above 0. friction: a factor above 0 that
    steers. barrier: closed cells. climb: unit a metre up or down over height_m, where NaN is closed.
    """

    lon: Floats
    lat: Floats
    cost: Mapping[str, Floats]
    friction: Floats | None = None
    barrier: Bools | None = None
    height_m: Floats | None = None
    climb: float = 0.0
    unit: str = UNIT
    directions: int | None = field(default=None)

    def __post_init__(self) -> None:
        """Check that everything has the shape of the grid."""
        shape = len(self.lat), len(self.lon)
        grids = [*self.cost.values(), *(x for x in (self.friction, self.barrier, self.height_m) if x is not None)]
        if not self.cost or any(one.shape != shape for one in grids) or CLIMB in self.cost:
            raise GeoError(GeoSaying.GROUND_LAYERS(shape, repr(CLIMB)))
        if any(not (np.nan_to_num(layer) >= 0).all() for layer in self.cost.values()) or not self.climb >= 0:
            raise GeoError(GeoSaying.GROUND_COST())
        if self.climb and self.height_m is None:
            raise GeoError(GeoSaying.GROUND_CLIMB())

    @cached_property
    def wraps(self) -> bool:
        """Whether the last column borders the first."""
        return len(self.lon) > 1 and abs((self.lon[-1] - self.lon[0]) + self._step_deg - 360) < 1e-6

    @property
    def _step_deg(self) -> float:
        return float(self.lon[1] - self.lon[0]) if len(self.lon) > 1 else 0.0

    @cached_property
    def moves(self) -> Moves:
        """Steps from each row."""
        return moves_of(self.lat, self._step_deg, directions=self.directions)

    @property
    def open_ground_bias(self) -> float:
        """How much longer than straight a way over open ground can be, as a share; half a cell at its ends apart."""
        return 1 / math.cos(math.radians(self.moves.gap_deg / 2)) - 1

    @cached_property
    def search_cost(self) -> Floats:
        """Cost a metre that the search goes by: the sum of what is paid times friction; infinite where closed."""
        total = np.add.reduce(list(self.cost.values())) / 1000
        shut = ~(np.isfinite(total) & (total > 0))
        if self.friction is not None:
            shut |= ~(self.friction > 0)
            total = total * self.friction
        for closed in (self.barrier, None if self.height_m is None else ~np.isfinite(self.height_m)):
            shut |= False if closed is None else closed
        total = np.where(shut, np.inf, total)
        return np.ascontiguousarray(total, np.float64)

    @cached_property
    def heights(self) -> Floats:
        """Heights in metres, 0 where there are none."""
        shape = len(self.lat), len(self.lon)
        return np.zeros(shape) if self.height_m is None else np.ascontiguousarray(np.nan_to_num(self.height_m))

    @cached_property
    def scale(self) -> str:
        """What the size of the cells lets anyone say, in words."""
        if min(len(self.lat), len(self.lon)) < 2:
            return "a single row or column of cells"
        middle = float(self.lat[len(self.lat) // 2])
        high = distance_km(0.0, float(self.lat[0]), 0.0, float(self.lat[-1])) / (len(self.lat) - 1)
        wide = distance_km(0.0, middle, self._step_deg, middle)
        cells = f"cells of {wide:.3g} by {high:.3g} km"
        if max(high, wide) < _REGIONAL_KM:
            return f"{cells}: nothing smaller is seen"
        return f"regional scale only: {cells}, slopes, rivers and fjords smaller than that are not seen"

    def cell(self, place: LonLat) -> tuple[int, int]:
        """Return the row and column a place (lon, lat) lies in.

        Raises:
            NoRouteError: the place is off the grid.
        """
        east = (self.lon - place[0] + 180) % 360 - 180
        row, column = int(np.argmin(np.abs(self.lat - place[1]))), int(np.argmin(np.abs(east)))
        high = abs(float(self.lat[1] - self.lat[0])) if len(self.lat) > 1 else 1.0
        half = 0.51 * np.array([high, self._step_deg or 1.0])
        if abs(self.lat[row] - place[1]) > half[0] or abs(east[column]) > half[1]:
            raise NoRouteError(GeoSaying.GROUND_TOO_SMALL(place))
        return row, column


@dataclass(frozen=True, kw_only=True)
class AccessRoute:
    """A way over ground; paid by layer adds up to cost. search_cost: with friction, what the search made least.

    length_km: along it, straight legs to the first and last cell included. lon, lat: its vertices, ends included.
    height_m: at the cells between the ends. scale: what the cells' size lets anyone say.
    """

    length_km: float
    cost: float
    paid: Mapping[str, float]
    search_cost: float
    unit: str
    lon: Floats
    lat: Floats
    height_m: Floats
    scale: str


@dataclass(frozen=True, kw_only=True)
class AccessCost:
    """What reaching each cell costs from the cheapest source, friction included; NaN where nothing leads."""

    lon: Floats
    lat: Floats
    cost: Floats
    unit: str
    scale: str

    def save(self, path: Path, *, tags: Mapping[str, str] | None = None) -> None:
        """Write a cloud-optimised GeoTIFF.

        Raises:
            GeoError: the cells are not square in degrees, or the file cannot be written.
        """
        step = abs(float(self.lat[0] - self.lat[-1])) / max(1, len(self.lat) - 1)
        wide = float(self.lon[-1] - self.lon[0]) / max(1, len(self.lon) - 1)
        if abs(step - wide) > 1e-9 * len(self.lon):
            raise GeoError(GeoSaying.NOT_SQUARE(path, f"{wide:g}", f"{step:g}"))
        rows = self.cost if self.lat[0] > self.lat[-1] else self.cost[::-1]
        grid = Grid(west=float(self.lon[0]) - step / 2, north=float(self.lat.max()) + step / 2, cell_deg=step,
                    width=len(self.lon), height=len(self.lat))  # fmt: skip
        band = Band(name="access_cost", unit=self.unit, scale=1.0, tags={"scale": self.scale})
        with CogWriter(path, grid, [band], dtype="float32", tags=dict(tags or {})) as raster:
            raster.write(0, {"access_cost": rows})


def access_route(ground: Ground, start: LonLat, end: LonLat) -> AccessRoute:
    """Return the least-cost way between two places (lon, lat). An end in a closed cell starts from it all the same.

    Raises:
        NoRouteError: the ground does not reach both ends, or no way joins them.
        GeoError: a coordinate is out of range.
    """
    checked_lon_lat([start[0], end[0]], [start[1], end[1]], "least-cost route")
    cells = [ground.cell(place) for place in (start, end)]
    search = _opened(ground, cells)
    started = np.full(search.shape, np.inf)
    started[cells[0]] = 0.0
    cost = started.copy()
    columns = len(ground.lon)
    last = cells[1][0] * columns + cells[1][1]
    given = (search, ground.heights, ground.climb, ground.moves)
    solve(*given, cost, wraps=ground.wraps, end=last)
    if not np.isfinite(cost[cells[1]]):
        raise NoRouteError(GeoSaying.NO_OPEN_WAY(start, end))
    way, crossed, metres, risen = trace(*given, cost, started, ground.wraps, last)
    row, column = np.divmod(np.array(way[::-1], np.int64), columns)
    lon = np.concatenate([[start[0]], ground.lon[column], [end[0]]])
    lat = np.concatenate([[start[1]], ground.lat[row], [end[1]]])
    lon = (lon + 180) % 360 - 180 if np.abs(lon).max() > 180 else lon
    legs = distance_km(lon[:-1], lat[:-1], lon[1:], lat[1:])
    at = np.concatenate([np.array(crossed, np.int64), [way[-1], way[0]]])
    km = np.concatenate([np.array(metres), legs[[0, -1]] * 1000]) / 1000
    paid = {name: _paid(layer, at, km) for name, layer in ground.cost.items()}
    if ground.climb:
        paid[CLIMB] = ground.climb * risen
    ends = sum(float(search[cell]) * float(leg) * 1000 for cell, leg in zip(cells, legs[[0, -1]], strict=True))
    return AccessRoute(
        length_km=float(legs.sum()), cost=float(sum(paid.values())), paid=paid, unit=ground.unit, lon=lon, lat=lat,
        search_cost=float(cost[cells[1]]) + ends, height_m=ground.heights[row, column], scale=ground.scale,
    )  # fmt: skip


def access_cost(ground: Ground, sources: Iterable[LonLat]) -> AccessCost:
    """Return what each cell costs to reach from the cheapest of some places (lon, lat), straight legs included.

    Raises:
        NoRouteError: a source is off the ground, or there is none.
        GeoError: a coordinate is out of range.
    """
    places = list(sources)
    if not places:
        raise NoRouteError(GeoSaying.NO_SOURCES())
    checked_lon_lat([x for x, _ in places], [y for _, y in places], "source")
    cells = [ground.cell(place) for place in places]
    search = _opened(ground, cells)
    cost = np.full(search.shape, np.inf)
    for place, cell in zip(places, cells, strict=True):
        leg = distance_km(*place, float(ground.lon[cell[1]]), float(ground.lat[cell[0]])) * 1000
        cost[cell] = min(float(cost[cell]), leg * float(search[cell]))
    solve(search, ground.heights, ground.climb, ground.moves, cost, wraps=ground.wraps)
    found = np.where(np.isfinite(cost), cost, np.nan)
    return AccessCost(lon=ground.lon, lat=ground.lat, cost=found, unit=ground.unit, scale=ground.scale)


def read_ground(path: Path | str, box: Box, rules: Rules, ice: Sequence[BaseGeometry] = ()) -> Ground:
    """Return the ground of a relief raster of any cell size over a box: west, south, east, north.

    East may lie beyond 180, or west beyond -180: a raster round the globe is read on both sides. ice: areas in lon/lat.

    Raises:
        NoRouteError: the raster does not reach the box.
        GeoError: the file is no raster in EPSG:4326.
    """
    relief = _relief(path, box)
    height = relief.height_m
    if height.size == 0:
        raise NoRouteError(GeoSaying.RASTER_TOO_SMALL(path, box))
    water, frozen = height <= 0, _covered(relief, ice)
    barrier = np.zeros(height.shape, bool)
    cost = {"way": np.ones(height.shape)}
    for name, where, extra in (("water", water & ~frozen, rules.water), ("ice", frozen, rules.ice)):
        if extra is None:
            barrier |= where
        else:
            cost[name] = np.where(where, extra, 0.0)
    slope = np.zeros(height.shape) if rules.steep is None and not rules.slope_friction else _slope(relief)
    if rules.steep is not None:
        barrier |= slope > rules.steep
    friction = 1 + rules.slope_friction * slope if rules.slope_friction else None
    return Ground(
        lon=relief.lon, lat=relief.lat, cost=cost, friction=friction, barrier=barrier, height_m=height,
        climb=rules.climb / 1000,
    )  # fmt: skip


def least_cost_route(
    path: Path, start: LonLat, end: LonLat, *, climb_weight: float, land_only: bool, margin_deg: float,
    ice: Sequence[BaseGeometry] = (),
) -> AccessRoute:  # fmt: skip
    """Return the cheapest way between two places (lon, lat) over a relief raster, coarse or fine.

    climb_weight: metres of way that one metre up or down counts as. land_only: cells at or below sea level are closed.
    margin_deg: how far beyond the box of both ends the way may go. ice: areas that are closed.

    Raises:
        NoRouteError: the raster does not reach both ends, or no way joins them.
        GeoError: the file is no raster in EPSG:4326, or a coordinate is out of range.
    """
    checked_lon_lat([start[0], end[0]], [start[1], end[1]], "least-cost route")
    (west, east), (south, north) = sorted((start[0], end[0])), sorted((start[1], end[1]))
    if east - west > 180:
        west, east = east, west + 360
    box = (west - margin_deg, max(south - margin_deg, -90.0), east + margin_deg, min(north + margin_deg, 90.0))
    ground = read_ground(path, box, Rules(climb=climb_weight, water=None if land_only else 0.0), ice)
    try:
        row_columns = [ground.cell(place) for place in (start, end)]
    except NoRouteError as fault:
        raise NoRouteError(PlainSaying.PLACED(path, why(fault))) from None
    for row, column in row_columns:
        if ground.height_m is not None and math.isnan(ground.height_m[row, column]):
            raise NoRouteError(GeoSaying.NO_HEIGHT(path, row, column))
    return access_route(ground, start, end)


def _opened(ground: Ground, cells: Sequence[tuple[int, int]]) -> Floats:
    """Return the search cost with some cells open whatever they are: at what they cost, or the median if nothing."""
    search = ground.search_cost
    shut = [cell for cell in cells if not np.isfinite(search[cell])]
    if not shut:
        return search
    search = search.copy()
    known = search[np.isfinite(search)]
    usual = float(np.median(known)) if len(known) else 1.0
    for cell in shut:
        own = sum(float(np.nan_to_num(layer[cell])) for layer in ground.cost.values()) / 1000
        search[cell] = own if own > 0 else usual
    return search


def _paid(layer: Floats, at: npt.NDArray[np.int64], km: Floats) -> float:
    return float((np.nan_to_num(layer.ravel()[at]) * km).sum())


def _relief(path: Path | str, box: Box) -> Relief:
    west, south, east, north = box
    if east - west >= 360:
        return read_relief(path, -180.0, south, 180.0, north)
    if west < -180:
        west, east = west + 360, east + 360
    first = read_relief(path, west, south, min(east, 180.0), north)
    if east <= 180:
        return first
    rest = read_relief(path, -180.0, south, east - 360, north)
    if not first.height_m.size or not rest.height_m.size:
        return first if first.height_m.size else rest
    step = float(first.lon[1] - first.lon[0]) if len(first.lon) > 1 else 0.0
    if not step or abs(rest.lon[0] + 360 - first.lon[-1] - step) > 1e-6:
        return first if abs(first.lon[-1] - 180) > step else rest
    lon = np.concatenate([first.lon, rest.lon + 360])
    return Relief(lon=lon, lat=first.lat, height_m=np.concatenate([first.height_m, rest.height_m], axis=1))


def _covered(relief: Relief, shapes: Sequence[BaseGeometry]) -> Bools:
    """Return the cells whose centre lies in one of some areas."""
    found = np.zeros(relief.height_m.shape, bool)
    if not len(shapes) or min(found.shape) < 2:
        return found
    wide, high = float(relief.lon[1] - relief.lon[0]), float(relief.lat[1] - relief.lat[0])
    south, north = sorted((float(relief.lat[0]), float(relief.lat[-1])))
    for turn in (0.0, 360.0):  # beyond 180 the same areas come round again
        west, east = float(relief.lon[0]) - turn, float(relief.lon[-1]) - turn
        parts = _within(shapes, (west - wide, south - abs(high), east + wide, north + abs(high)))
        if len(parts):
            corner = Affine(wide, 0.0, west - wide / 2, 0.0, high, relief.lat[0] - high / 2)
            found |= rasterize(parts, out_shape=found.shape, transform=corner, fill=0, dtype="uint8") > 0
    return found


def _within(shapes: Sequence[BaseGeometry], box: Box) -> list[BaseGeometry]:
    """Return what lies in a box of areas given whole: what is far away need not be drawn."""
    given = np.asarray(shapes, dtype=object)
    bounds = shapely.bounds(given)
    west, south, east, north = box
    near = (bounds[:, 2] >= west) & (bounds[:, 0] <= east) & (bounds[:, 3] >= south) & (bounds[:, 1] <= north)
    cut = shapely.clip_by_rect(given[near], *box)
    return [part for part in cut if not part.is_empty]


def _slope(relief: Relief) -> Floats:
    """Return rise over run between the neighbours of each cell, the rows' true widths counted; NaN counts as level."""
    if min(relief.height_m.shape) < 2:
        return np.zeros(relief.height_m.shape)
    step = float(relief.lon[1] - relief.lon[0])
    wide = distance_km(np.zeros(len(relief.lat)), relief.lat, np.full(len(relief.lat), step), relief.lat) * 1000
    high = distance_km(0.0, float(relief.lat[0]), 0.0, float(relief.lat[-1])) * 1000 / (len(relief.lat) - 1)
    down, across = np.gradient(relief.height_m)
    slope: Floats = np.nan_to_num(np.hypot(down / high, across / np.maximum(wide, 1.0)[:, None]))
    return slope
