"""Cells of a tenth of a degree: they tell which polygon holds most points, and leave those on an edge to be asked."""

import dataclasses
import threading
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import shapely

from oreway.arrays import Floats, Ints
from oreway.geo.nearest import NearestIndex

Labels = npt.NDArray[np.int16]

STEPS_DEG = (2.0, 0.5, 0.1)  # each a multiple of the next
FINEST_DEG = STEPS_DEG[-1]
OUT, MIXED, NEAR = -1, -2, -3
DEGREE_KM = 111.7  # one degree of a meridian at the poles, the longest on the ellipsoid
MARGIN = 1.01
AT_ONCE = 200_000
SHAPES = threading.RLock()  # prepared shapes may not be asked by two threads at once


@dataclasses.dataclass(frozen=True, kw_only=True)
class Areas:
    """The index of the outlines of a layer's polygons, and what tells which polygon holds a point, OUT for none.

    holder may err by bow_km from an outline. Cells off all polygons but within reach are NEAR when that is of use.
    """

    outlines: NearestIndex
    holder: Callable[[Floats, Floats], Ints]
    reach_km: float
    bow_km: float = 0.0
    knows_near: bool = False


def cell_labels(lon: Floats, lat: Floats, labels: Labels) -> Ints:
    """Return the label of the cell each point lies in."""
    rows, columns = labels.shape
    row = np.clip(((lat + 90) * (rows / 180)).astype(np.int64), 0, rows - 1)
    column = np.clip(((lon + 180) * (columns / 360)).astype(np.int64), 0, columns - 1)
    found: Ints = labels[row, column].astype(np.int64)
    return found


def make_cells(areas: Areas) -> Labels:
    """Label the cells of the Earth: the polygon that holds the whole cell, OUT of reach of all, NEAR, or MIXED.

    Coarse cells are asked first; only those an outline may touch are cut into finer ones.
    """
    coarsest = STEPS_DEG[0]
    rows, columns = np.divmod(np.arange(round(180 / coarsest) * round(360 / coarsest)), round(360 / coarsest))
    finest = np.full((round(180 / FINEST_DEG), round(360 / FINEST_DEG)), MIXED, dtype=np.int16)
    for step, finer in zip(STEPS_DEG, (*STEPS_DEG[1:], FINEST_DEG), strict=True):
        label = _cell_answers(areas, rows, columns, step)
        whole = round(step / FINEST_DEG)
        blocks = finest.reshape(finest.shape[0] // whole, whole, finest.shape[1] // whole, whole)
        blocks[rows, :, columns, :] = label[:, None, None].astype(np.int16)
        parts = round(step / finer)
        inner_row, inner_column = (part.ravel() for part in np.indices((parts, parts)))
        mixed = np.nonzero(label == MIXED)[0]
        rows = (rows[mixed, None] * parts + inner_row).ravel()
        columns = (columns[mixed, None] * parts + inner_column).ravel()
    return finest


def _cell_answers(areas: Areas, rows: Ints, columns: Ints, step: float) -> Ints:
    lon = (-180 + (columns + 0.5) * step).astype(np.float64)
    lat = (-90 + (rows + 0.5) * step).astype(np.float64)
    widest = np.cos(np.radians(np.maximum(np.abs(lat) - step / 2, 0)))
    half_km = DEGREE_KM * MARGIN * step / 2 * np.hypot(1, widest)
    label = np.full(len(lon), MIXED, dtype=np.int64)
    for start in range(0, len(lon), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        edge = areas.outlines.query(lon[part], lat[part], within_km=float(half_km[part].max()) + areas.reach_km)
        gap_km = np.where(edge.feature < 0, np.inf, edge.distance_km) - half_km[part]
        held = areas.holder(lon[part], lat[part])
        off = np.where(gap_km > areas.reach_km, OUT, NEAR if areas.knows_near else MIXED)
        label[part] = np.where(gap_km > areas.bow_km, np.where(held < 0, off, held), MIXED)
    return label


def holders(polygons: npt.NDArray[np.object_], lon: Floats, lat: Floats) -> Ints:
    """Return the position of the polygon that holds each point, OUT for none; the last of several."""
    holder = np.full(len(lon), OUT, dtype=np.int64)
    tree = shapely.STRtree(np.asarray(shapely.points(lon, lat), dtype=object))
    with SHAPES:
        polygon, point = tree.query(polygons, predicate="intersects")
    holder[point] = polygon
    return holder
