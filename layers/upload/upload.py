"""A stranger's file becomes the same checked frame as our own sites: allow-listed formats, limits, clear refusals.

Nothing in the file can make us open another file or the network: formats are told by their first bytes, never by their
name; archives are unpacked here, under limits; XML with a document type or entities is refused; the only formats GDAL
is asked to open are a GeoPackage and a Shapefile, each from a private folder. Whatever native libraries read, and all
larger shapes, are read by a process of its own that may take so many seconds and so much memory and then ends.
"""

import dataclasses
import itertools
import math
import re
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from oreway.layers.errors import UploadError
from oreway.layers.upload.apart import may_read_here, read_apart
from oreway.layers.upload.formats import FORMATS, read_frame
from oreway.layers.upload.limits import Limits, brief, shown

ID_NAMES = ("site_id", "id", "fid", "code", "objectid")
NAME_NAMES = ("name", "site", "site_name", "title", "deposit", "project", "名称", "名前")
ACCURACY_NAMES = ("position_accuracy_km", "accuracy_km")
MOST_KEPT, MOST_ACCURACY_KM = 60, 1_000.0
GRID = re.compile(r"grids=(?!@null)", re.IGNORECASE)
LIMITS = Limits()
Shapes = np.ndarray[tuple[int, ...], np.dtype[np.object_]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Upload:
    """Sites read from a stranger's file, what was changed on the way, and the rows left out with the reason.

    `sites` is a GeoDataFrame in EPSG:4326 indexed by site_id with at least name, lon, lat, position_accuracy_km;
    text columns of the file are kept as text.
    """

    sites: gpd.GeoDataFrame
    notes: tuple[str, ...]
    rejected: tuple[tuple[int, str], ...]


def read_upload(content: bytes, file_name: str, *, limits: Limits = LIMITS) -> Upload:
    """Read sites from a file's bytes.

    Args:
        content: the bytes.
        file_name: shown in messages only; the format is told from the bytes.
        limits: what is allowed at most.

    Raises:
        UploadError: not one of `FORMATS`, above a limit, without positions, or with axes swapped; says the cure.
    """
    place = shown(file_name)
    if len(content) > limits.size_mb * 1e6:
        raise UploadError(f"{place}: {len(content) / 1e6:.1f} MB; at most {limits.size_mb:g} MB, split the file")
    if not content.strip():
        raise UploadError(f"{place}: empty; expected {', '.join(FORMATS)}")
    if may_read_here(content):
        return read_here(content, place, limits)
    sites, read_notes, rejected = read_apart(content, place, limits)
    return Upload(sites=sites, notes=read_notes, rejected=rejected)


def read_here(content: bytes, place: str, limits: Limits = LIMITS) -> Upload:
    """Read sites in this process, without the limits on time and memory.

    Raises:
        UploadError: as `read_upload`.
    """
    notes: list[str] = []
    frame = read_frame(content, place, limits, notes)
    return checked(frame, place, limits, notes)


def read_upload_file(path: Path, *, limits: Limits = LIMITS) -> Upload:
    """Read sites from a file on disk.

    Raises:
        UploadError: as `read_upload`, or the file cannot be read.
    """
    try:
        if path.stat().st_size > limits.size_mb * 1e6:
            raise UploadError(f"{path}: above {limits.size_mb:g} MB; split the file, or use `oreway batch`")
        content = path.read_bytes()
    except OSError as error:
        raise UploadError(f"{path}: cannot be read ({error.strerror}); check the path and your rights") from None
    return read_upload(content, str(path), limits=limits)


def checked(frame: gpd.GeoDataFrame, place: str, limits: Limits, notes: list[str]) -> Upload:
    """Return any frame with geometry as sites: WGS84, faults named and left out, ids unique, text cleaned.

    Raises:
        UploadError: above a limit, axes swapped, or no row with a position.
    """
    frame = _in_wgs84(frame, place, notes)
    vertices = int(shapely.get_num_coordinates(frame.geometry.to_numpy()).sum())
    if vertices > limits.vertices:
        raise UploadError(f"{place}: {vertices:,} vertices; at most {limits.vertices:,}, simplify the shapes")
    _refuse_swapped(frame, place)
    rejected = _faults(frame)
    keep = np.ones(len(frame), bool)
    keep[[row - 1 for row, _ in rejected]] = False
    if not keep.any():
        row, reason = rejected[0]
        raise UploadError(f"{place}, row {row}: {reason}; no row can be used")
    kept = frame[keep].copy()
    try:
        kept = _mended(kept, notes)
        points = shapely.point_on_surface(kept.geometry.to_numpy())
    except shapely.errors.ShapelyError as error:
        raise UploadError(f"{place}: shapes that cannot be mended ({brief(error)}); redraw them") from None
    return Upload(sites=_as_sites(kept, points, limits, notes), notes=tuple(notes), rejected=tuple(rejected))


def _mended(frame: gpd.GeoDataFrame, notes: list[str]) -> gpd.GeoDataFrame:
    broken = ~frame.geometry.is_valid
    # "linework", the default, takes minutes for a few hundred vertices that cross each other at random
    if not broken.any():
        return frame
    notes.append(f"{int(broken.sum())} shape(s) that crossed themselves were mended")
    return frame.set_geometry(frame.geometry.make_valid(method="structure", keep_collapsed=True))


def _in_wgs84(frame: gpd.GeoDataFrame, place: str, notes: list[str]) -> gpd.GeoDataFrame:
    frame = frame.reset_index(drop=frame.index.name is None or frame.index.name in frame.columns)
    if frame.crs is None:
        size = np.abs(frame.total_bounds)
        if (size[np.isfinite(size)] > 360).any():
            raise UploadError(f"{place}: no reference system and no degrees; export it in WGS84 (EPSG:4326)")
        notes.append("no reference system in the file: taken as WGS84 longitude and latitude")
        return frame.set_crs("EPSG:4326")
    if _names_a_grid(frame.crs.to_wkt() or ""):
        raise UploadError(f"{place}: a reference system that needs a grid file; export it in WGS84 (EPSG:4326)")
    if frame.crs.to_epsg() == 4326:
        return frame
    try:
        turned = frame.to_crs("EPSG:4326")
    except (ValueError, RuntimeError) as error:
        raise UploadError(f"{place}: cannot be turned into WGS84 ({brief(error)}); export it as EPSG:4326") from None
    notes.append(f"turned from {shown(frame.crs.name)} into WGS84")
    return turned


def _names_a_grid(wkt: str) -> bool:
    """Tell whether a reference system asks for another file, such as a datum grid."""
    return "PARAMETERFILE" in wkt.upper() or bool(GRID.search(wkt))


def _refuse_swapped(frame: gpd.GeoDataFrame, place: str) -> None:
    bounds = frame.geometry.bounds.to_numpy()
    off = (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    if off.sum() > 1 and off.mean() > 0.5 and (np.abs(bounds[off][:, [0, 2]]) <= 90).all():
        raise UploadError(
            f"{place}: latitudes beyond 90 in most rows; longitude and latitude look swapped, exchange them"
        )


def _faults(frame: gpd.GeoDataFrame) -> list[tuple[int, str]]:
    found = []
    for number, geometry in enumerate(frame.geometry, start=1):
        if geometry is None or geometry.is_empty:
            found.append((number, "no position; give longitude and latitude"))
            continue
        points = shapely.get_coordinates(geometry)
        if not np.isfinite(points).all():
            found.append((number, "position is not a number; give longitude and latitude in degrees"))
        elif (np.abs(points[:, 0]) > 180).any():
            found.append((number, f"longitude {points[np.abs(points[:, 0]).argmax(), 0]:g}; expected -180 to 180"))
        elif (np.abs(points[:, 1]) > 90).any():
            found.append((number, f"latitude {points[np.abs(points[:, 1]).argmax(), 1]:g}; expected -90 to 90"))
    return found


def _column(frame: pd.DataFrame, names: Sequence[str]) -> str | None:
    by_lower = {str(column).strip().lower(): str(column) for column in frame.columns}
    return next((by_lower[name] for name in names if name in by_lower), None)


def _clean(value: object, length: int) -> str:
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return ""
    return "".join(character for character in str(value)[: 4 * length] if character.isprintable())[:length].strip()


def _positive(value: object, most: float) -> float:
    try:
        number = float(_clean(value, 40))
    except ValueError:
        return math.nan
    return number if 0 < number <= most else math.nan


def _as_sites(frame: gpd.GeoDataFrame, points: Shapes, limits: Limits, notes: list[str]) -> gpd.GeoDataFrame:
    names = _column(frame, NAME_NAMES)
    ids = _column(frame, ID_NAMES) or names
    wanted = [_clean(value, 80) for value in frame[ids]] if ids else [""] * len(frame)
    site_ids, renamed = _unique(wanted)
    if renamed:
        notes.append(f"{renamed} missing or repeated id(s) were numbered")
    accuracy = _column(frame, ACCURACY_NAMES)
    sure = [_positive(value, MOST_ACCURACY_KM) for value in frame[accuracy]] if accuracy else [math.nan] * len(frame)
    usable = pd.Series(sure, dtype=float)
    if usable.isna().any():
        notes.append("position accuracy not given for every site: taken as 1 km where it is missing")
    own: dict[str, object] = {"name": [_clean(value, 80) for value in frame[names]] if names else site_ids}
    own |= {"lon": shapely.get_x(points), "lat": shapely.get_y(points), "position_accuracy_km": usable.fillna(1.0)}
    others = {
        _clean(column, 80): [_clean(value, limits.text_length) for value in frame[column]]
        for column in [c for c in frame.columns if c not in {frame.geometry.name, ids, names, accuracy}][:MOST_KEPT]
    }
    left_out = {*own, "", "geometry", "site_id", "bbox"}
    table = pd.DataFrame(own | {column: cells for column, cells in others.items() if column not in left_out})
    table.index = pd.Index(site_ids, name="site_id", dtype="str")
    return gpd.GeoDataFrame(table, geometry=frame.geometry.to_numpy(), crs="EPSG:4326")


def _unique(wanted: Sequence[str]) -> tuple[list[str], int]:
    taken: set[str] = set()
    made, renamed = [], 0
    for number, word in enumerate(wanted, start=1):
        base = word or "row"
        name = word or f"row-{number}"
        tries = itertools.chain([f"{base}-{number}"], (f"{base}-{number}-{more}" for more in itertools.count(2)))
        while name in taken:
            name = next(tries)
        renamed += name != word
        taken.add(name)
        made.append(name)
    return made, renamed
