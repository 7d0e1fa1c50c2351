"""A stranger's file becomes the same checked frame as our own sites: allow-listed formats, limits, clear refusals.

Nothing in the file can make us open another file or the network: formats are told by their first bytes, never by their
name; archives are unpacked here, under limits; XML with a document type or entities is refused; GDAL is asked for one
driver alone, from a private folder. Whatever native libraries read, and all larger shapes, are read by a process of its
own that may take so many seconds and so much memory and then ends.
"""

import dataclasses
import itertools
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from oreway.arrays import Floats
from oreway.layers.endless import is_endless
from oreway.layers.errors import CoordinateError, UploadError
from oreway.layers.tables.areas import coarsely_written, fineness
from oreway.layers.tables.columns import spelled
from oreway.layers.tables.described import Described, described
from oreway.layers.tables.position_plan import DEGREES, FOLDED, Plan, understood
from oreway.layers.tables.positions import Placed, placed
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.tables.systems import code_of
from oreway.layers.upload.apart import may_read_here, read_apart
from oreway.layers.upload.formats import FORMATS, read_raw
from oreway.layers.upload.limits import Limits, shown, told
from oreway.layers.upload.raw import Choice, Raw, Shapes, texts
from oreway.layers.upload.sayings import FileSaying
from oreway.layers.upload.shapes import (
    fault_of,
    folded_degrees,
    in_wgs84,
    mended,
    refuse_swapped,
    unrolled,
    within_the_globe,
)
from oreway.said import Said, listed, unpacked, word

MOST_KEPT, LONGEST_NAME = 200, 80
SAMPLE_ROWS = 1_000
OWN_EXPORT = "oreway_data_version"
LIMITS = Limits()
NO_CHOICE = Choice()
__all__ = ["LIMITS", "Choice", "Limits", "Upload", "checked", "read_here", "read_upload", "read_upload_file"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Upload:
    """Sites read from a stranger's file, what was understood and changed on the way, and the rows left out.

    `sites` is a GeoDataFrame in EPSG:4326 indexed by site_id with at least name, lon, lat, position_accuracy_km, line;
    other columns of the file are kept as text. `rejected` gives each row left out by its number, counted in `counted`
    (line, row, feature, placemark or point), and the reason. `layers` are those the file offers, where there are
    several.
    """

    sites: gpd.GeoDataFrame
    notes: tuple[Said, ...]
    rejected: tuple[tuple[int, Said], ...]
    counted: str = "row"
    layers: tuple[str, ...] = ()


def read_upload(content: bytes, file_name: str, *, limits: Limits = LIMITS, choice: Choice = NO_CHOICE) -> Upload:
    """Read sites from a file's bytes.

    Args:
        content: the bytes.
        file_name: shown in messages only; the format is told from the bytes.
        limits: what is allowed at most.
        choice: the layer and the reference system, where the file does not say.

    Raises:
        UploadError: not one of `FORMATS`, above a limit, without positions, or with axes swapped; says the cure.
        ChoiceError: several layers or sheets, and none chosen.
    """
    place = shown(file_name)
    if len(content) > limits.size_mb * 1e6:
        raise UploadError(FileSaying.LARGE(place, format(len(content) / 1e6, ".1f"), format(limits.size_mb, "g")))
    if not content.strip():
        raise UploadError(FileSaying.EMPTY(place, listed(map(word, FORMATS))))
    choice = checked_choice(choice, place)
    if may_read_here(content):
        return read_here(content, place, limits, choice)
    sites, told = read_apart(content, place, limits, choice)
    rejected = tuple((int(row), unpacked(reason)) for row, reason in told["rejected"])
    return Upload(
        sites=sites, notes=tuple(map(unpacked, told["notes"])), rejected=rejected, counted=str(told["counted"]),
        layers=tuple(told["layers"]),
    )  # fmt: skip


def checked_choice(choice: Choice, place: str) -> Choice:
    """Return a choice whose reference system is a code.

    Raises:
        UploadError: the words name no known system.
    """
    if not choice.system:
        return choice
    try:
        return Choice(layer=choice.layer, system=code_of(choice.system))
    except CoordinateError as error:
        raise UploadError(told(place, error)) from None


def read_here(content: bytes, place: str, limits: Limits = LIMITS, choice: Choice = NO_CHOICE) -> Upload:
    """Read sites in this process, without the limits on time and memory.

    Raises:
        UploadError: as `read_upload`.
    """
    return checked(read_raw(content, place, limits, choice), place, limits, choice)


def read_upload_file(path: Path, *, limits: Limits = LIMITS, choice: Choice = NO_CHOICE) -> Upload:
    """Read sites from a file on disk.

    Raises:
        UploadError: as `read_upload`, or the file cannot be read.
    """
    if is_endless(path):
        raise UploadError(FileSaying.ENDLESS(path))
    try:
        if path.stat().st_size > limits.size_mb * 1e6:
            raise UploadError(FileSaying.ABOVE_SIZE(path, format(limits.size_mb, "g")))
        content = path.read_bytes()
    except OSError as error:
        raise UploadError(FileSaying.CANNOT_BE_READ(path, error.strerror)) from None
    return read_upload(content, str(path), limits=limits, choice=choice)


def checked(raw: Raw, place: str, limits: Limits = LIMITS, choice: Choice = NO_CHOICE) -> Upload:
    """Return the rows of a file as sites: WGS84, faults named and left out, ids unique, text cleaned.

    Raises:
        UploadError: above a limit, axes swapped, no columns of positions, or no row with a position.
    """
    notes: list[Said] = list(raw.notes)
    try:
        shapes, plan, faults = _shapes(raw, place, choice, notes)
        said = described(raw.table, lambda text: _clean(text, limits.text_length))
    except CoordinateError as error:
        raise UploadError(told(place, error)) from None
    vertices = int(shapely.get_num_coordinates(shapes).sum())
    if vertices > limits.vertices:
        raise UploadError(FileSaying.MANY_VERTICES(place, format(vertices, ","), format(limits.vertices, ",")))
    refuse_swapped(shapes, place)
    faults = said.faults | {i: reason for i, shape in enumerate(shapes) if (reason := fault_of(shape))} | faults
    keep = np.array([i not in faults for i in range(len(shapes))], bool)
    rejected = sorted([*raw.rejected, *((int(raw.lines[i]), reason) for i, reason in faults.items())])
    if not keep.any():
        number, reason = rejected[0]
        raise UploadError(FileSaying.NO_ROW_USED(place, word(raw.counted), number, reason))
    try:
        whole = mended(unrolled(shapes[keep], notes), notes)
    except (CoordinateError, shapely.errors.ShapelyError) as error:
        raise UploadError(told(place, error)) from None
    lon, lat = _measuring_points(whole, raw, keep, plan, notes)
    kept = _Kept(raw=raw, keep=keep, said=said, plan=plan, lon=lon, lat=lat, shapes=within_the_globe(whole))
    sites = _as_sites(kept, limits, notes)
    zero = int(((lon == 0) & (lat == 0)).sum())
    if zero:
        notes.append(FileSaying.AT_ZERO(zero))
    notes = list(dict.fromkeys([*notes, *said.notes]))
    if any(note.code is TableSaying.ACCURACY_TAKEN for note in notes) and not shapely.get_dimensions(whole).any():
        notes += coarsely_written(fineness(lon, lat))
    return Upload(sites=sites, notes=tuple(notes), rejected=tuple(rejected), counted=raw.counted, layers=raw.layers)


def _shapes(raw: Raw, place: str, choice: Choice, notes: list[Said]) -> tuple[Shapes, Plan | None, dict[int, Said]]:
    """Return the shape of each row in WGS84, how positions were found in columns, and the faults."""
    if raw.shapes is not None:
        if choice.system and raw.crs is not None:
            notes.append(FileSaying.AS_ASKED(choice.system))
        return in_wgs84(raw.shapes, choice.system or raw.crs, place, notes), None, dict(raw.faults)
    plan = understood(raw.table.column_names, raw.table.slice(0, SAMPLE_ROWS), system=choice.system)
    found = placed(plan, raw.table)
    notes += plan.notes
    notes += told_of(found)
    if found.shapes is not None:
        srid = next((int(one) for one in shapely.get_srid(found.shapes) if one > 0), 0)
        crs = choice.system or (f"EPSG:{srid}" if srid else None)
        return in_wgs84(found.shapes, crs, place, notes), plan, found.faults
    gone = np.isnan(found.lon) | np.isnan(found.lat)
    points = np.array(shapely.points(np.where(gone, 0.0, found.lon), np.where(gone, 0.0, found.lat)), dtype=object)
    points[gone] = None
    return points, plan, found.faults


def told_of(found: Placed) -> list[Said]:
    """Return what reading positions from columns put right."""
    notes = [FileSaying.READ_AS_WRITTEN(example) for example in found.examples]
    if found.counts[FOLDED]:
        notes.append(FileSaying.BEYOND_180(found.counts[FOLDED]))
    return notes


def _measuring_points(
    shapes: Shapes,
    raw: Raw,
    keep: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]",
    plan: Plan | None,
    notes: list[Said],
) -> tuple[Floats, Floats]:
    """Return a point inside each shape; for an area that holds the position its row gives beside it, that position."""
    points = shapely.point_on_surface(shapes)
    lon = np.array([folded_degrees(x) for x in shapely.get_x(points)])
    lat = np.array(shapely.get_y(points))
    if raw.shapes is None and (plan is None or plan.kind == DEGREES):
        return lon, lat
    try:
        columns = [name for name in raw.table.column_names if plan is None or name not in plan.columns()]
        beside = understood(columns, raw.table.select(columns).slice(0, SAMPLE_ROWS))
        given = placed(beside, raw.table)
    except (CoordinateError, KeyError):
        return lon, lat
    if beside.kind != DEGREES or beside.lon is None or beside.lat is None:
        return lon, lat
    taken = TableSaying.COLUMNS(beside.lon.column, beside.lat.column)
    x, y = given.lon[keep], given.lat[keep]
    ours = OWN_EXPORT in raw.table.column_names or "position_source_title" in raw.table.column_names
    inside = np.isfinite(x) & np.isfinite(y) & (shapely.contains_xy(shapes, x, y) | ours)
    inside &= shapely.get_dimensions(shapes) > 0
    if inside.any():
        notes.append(FileSaying.MEASURING_POINTS(taken, int(inside.sum())))
    apart = np.isfinite(x) & (np.hypot(x - lon, y - lat) > FAR_APART_DEGREES) & ~inside
    if apart.any():
        notes.append(FileSaying.FROM_GEOMETRY(taken, int(apart.sum())))
    return np.where(inside, x, lon), np.where(inside, y, lat)


FAR_APART_DEGREES = 0.01


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Kept:
    """The rows that can be used: keep says which of the raw rows; lon, lat and shapes have an entry for each."""

    raw: Raw
    keep: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]"
    said: Described
    plan: Plan | None
    lon: Floats
    lat: Floats
    shapes: Shapes


def _clean(text: str, length: int) -> str:
    """Return text fit to be kept: of one line, with nothing that cannot be printed, not too long."""
    spaced = " ".join(text[: 4 * length].split())
    return "".join(character for character in spaced if character.isprintable())[:length].strip()


def _as_sites(kept: _Kept, limits: Limits, notes: list[Said]) -> gpd.GeoDataFrame:
    rows, said = np.nonzero(kept.keep)[0], kept.said
    lines = kept.raw.lines[rows]
    names = [_clean(said.names[i], LONGEST_NAME) for i in rows]
    wanted = [_clean(said.site_ids[i], LONGEST_NAME) or name for i, name in zip(rows, names, strict=True)]
    site_ids, renamed = _unique(wanted, lines.tolist())
    if renamed and any(wanted):  # rows none of which has a name are numbered without a word
        notes.append(FileSaying.IDS_NUMBERED(renamed))
    own: dict[str, object] = {
        "name": [name or site_id for name, site_id in zip(names, site_ids, strict=True)],
        "lon": kept.lon, "lat": kept.lat, "position_accuracy_km": said.accuracy_km[rows], "line": lines,
    }  # fmt: skip
    roles = spelled(kept.raw.table.column_names)
    for role, cells in (("commodities", said.commodities), ("stage", said.stages), ("standing", said.standings)):
        if role in roles or any(cells):
            own[role] = [cells[i] for i in rows]
    table = pd.DataFrame(own | _further(kept, set(own), limits, rows.tolist()))
    table.index = pd.Index(site_ids, name="site_id", dtype="str")
    return gpd.GeoDataFrame(table, geometry=kept.shapes, crs="EPSG:4326")


def _further(kept: _Kept, own: set[str], limits: Limits, rows: Sequence[int]) -> dict[str, list[str]]:
    """Return the file's other columns as text; what was read from them in another form stays as it was written."""
    gone = {*own, "", "geometry", "site_id", "bbox"} | set(kept.said.used) | _read_plainly(kept.plan)
    table = kept.raw.table
    found: dict[str, list[str]] = {}
    for column in table.column_names:
        if column in gone or pa.types.is_binary(table[column].type) or len(found) >= MOST_KEPT:
            continue
        cells = texts(table[column])
        key = _clean(column, LONGEST_NAME)
        if key and key not in own and key != "geometry":
            found[key] = [_clean(cells[i], limits.text_length) for i in rows]
    return found


def _read_plainly(plan: Plan | None) -> set[str]:
    """Return the columns that lon and lat say again without loss."""
    if plan is None:
        return set()
    if plan.kind != DEGREES or plan.system or any(a.minute or a.unit or a.letters for a in (plan.lon, plan.lat) if a):
        return {plan.column} - {""}
    return {axis.column for axis in (plan.lon, plan.lat) if axis is not None and not axis.letter}


def _unique(wanted: Sequence[str], lines: Sequence[int]) -> tuple[list[str], int]:
    """Return ids that differ: a missing one becomes row- and the row's number, a repeated one gets it behind."""
    taken: set[str] = set()
    made, renamed = [], 0
    for number, given in zip(lines, wanted, strict=True):
        base = given or "row"
        name = given or f"row-{number}"
        tries = itertools.chain([f"{base}-{number}"], (f"{base}-{number}-{more}" for more in itertools.count(2)))
        while name in taken:
            name = next(tries)
        renamed += name != given
        taken.add(name)
        made.append(name)
    return made, renamed
