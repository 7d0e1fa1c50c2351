"""The nearest land ice by each of two maps; of many points, cells tell those that lie on it or far from it."""

import dataclasses

import numpy as np
import numpy.typing as npt
import shapely

from oreway.arrays import Floats
from oreway.geo.nearest import NearestIndex
from oreway.scoring.measure.points import OUT, Found, Ints, Points
from oreway.scoring.measure.targets import ice_targets
from oreway.scoring.world.cells import MIXED, SHAPES, Areas, Labels, cell_labels, holders, make_cells
from oreway.scoring.world.disk_cache import fingerprint
from oreway.scoring.world.kept import kept
from oreway.scoring.world.place import MANY, store
from oreway.scoring.world.world import World

ICE_MAPS = {"mwdb": "MWDB-II", "ne50m": "Natural Earth 1:50m"}
BOW_KM = 0.1  # three times what a geodesic of 10 km at 83 degrees north strays from a straight lon/lat line


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chart:
    """What tells of many points how one map of the ice answers: `parts` are single polygons, `owner` the feature."""

    outlines: NearestIndex
    cells: Labels
    parts: npt.NDArray[np.object_]
    owner: Ints

    def holder(self, lon: Floats, lat: Floats) -> Ints:
        """Return the first feature that holds each point, OUT for none; may err by BOW_KM from an edge."""
        return _held(self.parts, self.owner, lon, lat)


def _held(parts: npt.NDArray[np.object_], owner: Ints, lon: Floats, lat: Floats) -> Ints:
    return np.append(owner[::-1], OUT)[holders(parts[::-1], lon, lat)]


@kept("ice", "parameters")
def _chart(world: World, name: str) -> Chart:
    frame = ice_targets(world, name).frame
    mark, disk = fingerprint(frame.index), store(world)
    parts, owner = shapely.get_parts(frame.geometry.to_numpy(dtype=object), return_index=True)
    shapely.prepare(parts)
    owner = owner.astype(np.int64)
    outlines = disk.index(
        f"outlines-ice-{name}-{mark}", lambda: NearestIndex.build(frame.geometry.boundary, edge="lonlat")
    )
    areas = Areas(
        outlines=outlines, holder=lambda lon, lat: _held(parts, owner, lon, lat),
        reach_km=world.methods.parameters["ice_reach_km"], bow_km=BOW_KM, knows_near=True,
    )  # fmt: skip
    labels = disk.array(f"cells-ice-{name}-{mark}", lambda: make_cells(areas))
    return Chart(outlines=outlines, cells=labels, parts=parts, owner=owner)


def prepare_ice(world: World) -> None:
    """Make what many points need, so that threads and other processes find it."""
    for name in ICE_MAPS:
        _chart(world, name)


def nearest_ice(world: World, points: Points) -> Found:
    """Return the ice of the nearer of two maps; both maps bound it. NaN where neither has ice within reach."""
    first, second = (_on_map(world, name, points) for name in ICE_MAPS)
    after = ice_targets(world, next(iter(ICE_MAPS))).count
    one, other = (np.where(np.isnan(answer.distance_km), np.inf, answer.distance_km) for answer in (first, second))
    nearer = one <= other
    return Found(
        feature=np.where(nearer, first.feature, np.where(second.feature < 0, OUT, second.feature + after)),
        lon=np.where(nearer, first.lon, second.lon), lat=np.where(nearer, first.lat, second.lat),
        distance_km=np.where(nearer, first.distance_km, second.distance_km),
        low_km=np.fmin(first.distance_km, second.distance_km), high_km=np.fmax(first.distance_km, second.distance_km),
        nil=np.zeros(len(points.lon), np.int8), of_maps=(first.distance_km, second.distance_km),
    )  # fmt: skip


def _on_map(world: World, name: str, points: Points) -> Found:
    """Return the nearest ice of one map within reach; cells wholly on the ice or out of reach need no search.

    Only a point so close to an outline that its bow matters is asked of the index of areas, which is slower.
    """
    reach, index = world.methods.parameters["ice_reach_km"], ice_targets(world, name).index
    found, n = Found.nothing(len(points.lon)), len(points.lon)
    if n < MANY:
        _ask(found, index, points, np.arange(n), reach)
        return found
    chart = _chart(world, name)
    label = cell_labels(points.lon, points.lat, chart.cells)
    _hold(found, points, np.nonzero(label >= 0)[0], label)
    _ask(found, chart.outlines, points, np.nonzero(label < OUT)[0], reach)
    mixed = np.nonzero(label == MIXED)[0]
    close = mixed[found.distance_km[mixed] <= BOW_KM]
    held = np.full(n, OUT)
    held[mixed] = chart.holder(points.lon[mixed], points.lat[mixed])
    _hold(found, points, np.nonzero(held >= 0)[0], held)
    with SHAPES:
        _ask(found, index, points, close, reach)
    return found


def _hold(found: Found, points: Points, rows: Ints, holder: Ints) -> None:
    found.feature[rows], found.distance_km[rows] = holder[rows], 0.0
    found.lon[rows], found.lat[rows] = points.lon[rows], points.lat[rows]


def _ask(found: Found, index: NearestIndex, points: Points, rows: Ints, reach_km: float) -> None:
    answer = index.query_places(points.places.take(rows), within_km=reach_km)
    found.feature[rows], found.distance_km[rows] = answer.feature, answer.distance_km
    found.lon[rows], found.lat[rows] = answer.lon, answer.lat
