"""Every cell of a region as a raster: kilometres to each class, the score, and the bill of building from zero."""

import collections
import dataclasses
import json
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from oreway.arrays import Floats
from oreway.geo.cog import NODATA, Band, CogWriter, Grid, clear_leftovers
from oreway.layers.endless import is_endless
from oreway.outputs.files.files import OutputError
from oreway.outputs.files.regions import REGIONS, Box
from oreway.outputs.words.output_sayings import OutputSaying
from oreway.said import PlainSaying, listed
from oreway.scoring.batch.batch import grid_values, ready_world, sole_run
from oreway.scoring.measure.targets import CLASSES, check_classes
from oreway.scoring.world.world import World

Progress = Callable[[float, int], None]

ENDINGS = (".tif", ".tiff")
STRIP_CELLS = 131_072
MOST_CELLS = 400_000_000
METRE = 1024  # float cells are rounded to this part of a kilometre: a metre, and they pack better
REMOTENESS, SCORE, BILL = WHAT = ("remoteness", "score", "bill")
SCORE_BANDS = ("score", "score_coverage")
BILL_BANDS = ("bill_usd_m", "bill_low_usd_m", "bill_high_usd_m")
INT_SCALES = {"score": 0.01, "score_coverage": 0.001}


@dataclasses.dataclass(frozen=True, kw_only=True)
class SurfaceResult:
    """What was written."""

    path: Path
    width: int
    height: int
    bands: tuple[str, ...]


def region_box(region: str) -> Box:
    """Return west, south, east, north of a named region or of a text "w,s,e,n".

    Raises:
        OutputError: neither a known name nor four numbers that make a box.
    """
    if region.strip().lower() in REGIONS:
        return REGIONS[region.strip().lower()]
    asked = (repr(region), listed(REGIONS))
    try:
        west, south, east, north = (float(part) for part in region.split(","))
    except ValueError:
        raise OutputError(OutputSaying.REGION(*asked)) from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise OutputError(OutputSaying.REGION_ORDER(*asked))
    return west, south, east, north


def region_grid(box: Box, cell_deg: float) -> Grid:
    """Return the cells of a box; its east and south edges move to a whole number of cells.

    Raises:
        OutputError: cells of no size, larger than the box, or too many.
    """
    west, south, east, north = box
    if not (math.isfinite(cell_deg) and 0 < cell_deg <= min(east - west, north - south)):
        raise OutputError(OutputSaying.RESOLUTION(cell_deg))
    width, height = round((east - west) / cell_deg), round((north - south) / cell_deg)
    if width * height > MOST_CELLS:
        raise OutputError(OutputSaying.MANY_CELLS(f"{width:,}", f"{height:,}", f"{MOST_CELLS:,}"))
    return Grid(west=west, north=north, cell_deg=cell_deg, width=width, height=height)


def surface(
    region: str,
    path: Path,
    *,
    cell_deg: float = 0.1,
    classes: Sequence[str] | None = None,
    what: Sequence[str] = WHAT,
    profile: str | None = None,
    dtype: str = "float32",
    world: World | None = None,
    members: Mapping[str, object] | None = None,
    progress: Progress | None = None,
) -> SurfaceResult:
    """Write a cloud-optimised GeoTIFF with a band of kilometres a class, and bands of the score and of the bill.

    Cells stand for their centre. A cell without a distance (an absent network, say) has no data. Score and bill are
    those of a site without facts at the centre, on land only, as the seabed is judged and built by other rules. The
    bill takes every length as the straight line times the detour; no data where road, power or port are not known.

    Args:
        region: a key of REGIONS, or "west,south,east,north".
        path: the file, .tif.
        cell_deg: size of a cell in degrees.
        classes: which classes, all for None.
        what: which of WHAT; classes count for remoteness only.
        profile: a weight profile; None for the profile of each cell's setting.
        dtype: float32 (to the metre), or int16 (whole kilometres, scores to 0.01).
        world: the opened world; None opens the shipped one.
        members: provenance to write into the file.
        progress: called with the share that is done, and the cells written so far.

    Raises:
        OutputError: the region, the resolution, what is asked for or the file name cannot be used.
        ScoringError: no such class or profile, no such folder, or another run is writing the file.
        GeoError: the file cannot be written.
    """
    if path.suffix.lower() not in ENDINGS or path.is_dir():
        raise OutputError(OutputSaying.NOT_TIF(path))
    if is_endless(path):
        raise OutputError(PlainSaying.IS_DEVICE(path))
    if dtype not in NODATA:
        raise OutputError(OutputSaying.CELL_TYPE(repr(dtype), listed(NODATA)))
    if not what or set(what) - set(WHAT):
        raise OutputError(OutputSaying.NO_SURFACE(listed(what) or OutputSaying.NOTHING(), listed(WHAT)))
    grid = region_grid(region_box(region), cell_deg)
    wanted = check_classes(tuple(classes) if classes is not None else CLASSES) if REMOTENESS in what else ()
    ready = ready_world(world, wanted if set(what) == {REMOTENESS} else CLASSES, profile)
    bands = [_class_band(ready, name) for name in wanted]
    bands += [_score_band(name, profile, dtype) for name in SCORE_BANDS if SCORE in what]
    bands += [_bill_band(name) for name in BILL_BANDS if BILL in what]
    tags = {"oreway": json.dumps(dict(members or {}), sort_keys=True), "data_version": ready.data_version}
    done = 0
    with sole_run(path):
        clear_leftovers(path)
        with CogWriter(path, grid, bands, dtype=dtype, tags=tags) as raster:
            for first, rows in _strips(ready, grid, wanted, what, profile):
                raster.write(
                    first, rows if dtype == "int16" else {name: _to_metre(cells) for name, cells in rows.items()}
                )
                done += next(iter(rows.values())).size
                if progress is not None:
                    progress(done / (grid.width * grid.height), done)
    return SurfaceResult(path=path, width=grid.width, height=grid.height, bands=tuple(band.name for band in bands))


def _class_band(ready: World, class_: str) -> Band:
    version = ready.data_version
    tags = {
        "class": class_,
        "data_version": version,
        "ellipsoid": "WGS84",
        "long_name": f"distance to nearest {class_}",
    }
    return Band(name=f"{class_}_km", unit="km", scale=1.0, tags=tags)


def _score_band(name: str, profile: str | None, dtype: str) -> Band:
    scale = INT_SCALES[name] if dtype == "int16" else 1.0
    unit = "points of 100" if name == "score" else "share of weight"
    return Band(name=name, unit=unit, scale=scale, tags={"profile": profile or "by setting", "cells": "land only"})


def _bill_band(name: str) -> Band:
    tags = {"cells": "land only", "lengths": "straight line times detour, not along relief or roads"}
    return Band(name=name, unit="US$M", scale=1.0, tags=tags)


def _to_metre(cells: Floats) -> Floats:
    rounded: Floats = np.rint(cells * METRE) / METRE
    return rounded


def _strips(
    ready: World, grid: Grid, classes: Sequence[str], what: Sequence[str], profile: str | None
) -> Iterator[tuple[int, dict[str, Floats]]]:
    """Yield the first row and the bands of strips of rows from north to south, a few in hand at a time."""
    threads = os.cpu_count() or 1
    count = max(1, STRIP_CELLS // grid.width)
    column_lon = grid.column_lon()

    def one(first: int) -> tuple[int, dict[str, Floats]]:
        row_lat = grid.row_lat(first, min(count, grid.height - first))
        lat, lon = (part.ravel() for part in np.meshgrid(row_lat, column_lon, indexing="ij"))
        values = grid_values(ready, lon, lat, classes, score=SCORE in what, bill=BILL in what, profile=profile)
        return first, {name: cells.reshape(len(row_lat), grid.width) for name, cells in values.items()}

    waiting: collections.deque[Future[tuple[int, dict[str, Floats]]]] = collections.deque()
    with ThreadPoolExecutor(threads) as pool:
        for first in range(0, grid.height, count):
            waiting.append(pool.submit(one, first))
            if len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
