"""Where each row of a table lies: a block of rows is read by the plan of its columns."""

import collections
import dataclasses
import json
import math
import re
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from oreway.arrays import Floats
from oreway.layers.errors import CoordinateError
from oreway.layers.tables.areas import far_from_use, too_far
from oreway.layers.tables.columns import (
    LETTERS_OF,
    letters_of,
    plain_words,
)  # fmt: skip
from oreway.layers.tables.coordinates import (
    AXIS_OF,
    CELL_OF,
    LAT,
    LETTER_OF,
    LIMIT,
    LON,
    SHOWN,
    WORD,
    ReadColumn,
    angle,
    cleaned,
    degrees,
    folded,
    is_nothing,
    off_earth,
    pair,
)  # fmt: skip
from oreway.layers.tables.position_plan import (
    BEYOND_DEGREES,
    DEGREES,
    FOLDED,
    GEOJSON,
    GRID,
    HEX_WKB,
    PAIR,
    SHAPE,
    WKT,
    ZERO,
    Axis,
    Plan,
)
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.tables.systems import WGS84, code_of
from oreway.said import Said, why

Shapes = npt.NDArray[np.object_]
PACKED = re.compile(r"([+-]?)(\d+)(?:[.,](\d+))?")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Placed:
    """Where rows lie in WGS84, NaN where they have no position; faults by row; how often something was put right."""

    lon: Floats
    lat: Floats
    faults: dict[int, Said]
    counts: collections.Counter[str]
    shapes: Shapes | None = None
    examples: tuple[str, ...] = ()


def placed(plan: Plan, block: pa.Table) -> Placed:
    """Return where the rows of a block lie."""
    if plan.kind == SHAPE:
        return _from_shapes(plan, block)
    examples: tuple[str, ...] = ()
    if plan.kind == PAIR:
        lon, lat, faults = _from_pairs(plan, block)
    else:
        if plan.lon is None or plan.lat is None:
            raise CoordinateError(TableSaying.NO_POSITION_COLUMNS())
        wide, high = (_axis_degrees(axis, block, is_grid=plan.kind == GRID) for axis in (plan.lon, plan.lat))
        lon, lat, faults = wide.degrees, high.degrees, high.faults | wide.faults
        examples = tuple(dict.fromkeys(read.example for read in (wide, high) if read.example))
    if plan.system or plan.system_column or plan.zone_column:
        lon, lat, more = _turned(plan, block, lon, lat)
        faults = more | faults
    counts: collections.Counter[str] = collections.Counter()
    lon, counts[FOLDED] = folded(lon)
    faults = off_earth(lon, lat) | faults
    counts[ZERO] = int(((lon == 0) & (lat == 0)).sum())
    for i in np.nonzero(np.isnan(lon) | np.isnan(lat))[0]:
        faults.setdefault(int(i), _absent(lon[i], lat[i]))
    return Placed(lon=lon, lat=lat, faults=faults, counts=counts, examples=examples)


def _absent(lon: float, lat: float) -> Said:
    gone = [WORD[axis] for axis, value in ((LON, lon), (LAT, lat)) if math.isnan(value)]
    return TableSaying.ABSENT(gone[0]) if len(gone) == 1 else TableSaying.NO_POSITION()


def _axis_degrees(axis: Axis, block: pa.Table, *, is_grid: bool) -> ReadColumn:
    column = block[axis.column]
    if is_grid:
        return _lengths(column, axis)
    if axis.unit in SCALES:
        read = degrees(column, axis.axis)
        values = read.degrees * SCALES[axis.unit]
        over = np.abs(values) - LIMIT[axis.axis]  # 1.570796327 is the pole, and a rounding more
        values = np.where((over > 0) & (over < ROUNDED_DEGREES), np.sign(values) * LIMIT[axis.axis], values)
        most = MOST_RADIANS if axis.unit == "rad" else math.inf
        wrong = np.nonzero(np.abs(read.degrees) > most)[0]
        faults = {int(i): TableSaying.MORE_THAN_A_TURN(WORD[axis.axis], format(read.degrees[i], "g")) for i in wrong}
        values[list(faults)] = np.nan
        read = dataclasses.replace(read, degrees=values, faults=read.faults | faults)
    elif axis.unit:
        read = _each(column, axis.axis, lambda text: _packed(text, axis.unit, axis.axis))
    elif axis.minute:
        read = _by_parts(axis, block)
    else:
        read = degrees(column, axis.axis)
    read = _with_letters(read, block[axis.letters], axis) if axis.letters else read
    return _turned_by_name(read, axis, column) if axis.letter else read


ROUNDED_DEGREES = 1e-6
MOST_RADIANS = 2 * math.pi + 1e-9
SCALES = {"rad": 180 / math.pi, "gon": 0.9, "e7": 1e-7, "e6": 1e-6, "arcsec": 1 / 3600, "arcmin": 1 / 60}


def _each(column: "pa.ChunkedArray", axis: str, read: "collections.abc.Callable[[str], float]") -> ReadColumn:
    """Return a column read cell by cell."""
    found, faults = np.full(len(column), np.nan), dict[int, Said]()
    for i, cell in enumerate(column.to_pylist()):
        text = "" if cell is None else str(cell).strip()
        if is_nothing(text):
            continue
        try:
            found[i] = read(text)
        except CoordinateError as error:
            faults[i] = CELL_OF[axis](repr(text[:SHOWN]), why(error))
    return ReadColumn(found, faults)


def _packed(text: str, unit: str, axis: str) -> float:
    """Return degrees from digits that hold degrees, minutes and seconds in a row.

    Raises:
        CoordinateError: not such digits.
    """
    match = PACKED.fullmatch(cleaned(text))
    if match is None:
        return angle(text, axis).degrees
    sign, whole, rest = match[1], match[2], match[3] or ""
    if unit in {"dd.mmss", "dms"}:
        padded = rest.ljust(4, "0")
        parts = [whole, padded[:2], f"{padded[2:4]}.{padded[4:] or 0}"]
    elif unit == "ddmm.mm":
        parts = [whole[:-2] or "0", f"{whole[-2:]}.{rest or 0}"]
    else:
        parts = [whole[:-4] or "0", whole[-4:-2] or "0", f"{whole[-2:]}.{rest or 0}"]
    return angle(sign + " ".join(parts), axis).degrees


def _by_parts(axis: Axis, block: pa.Table) -> ReadColumn:
    """Return degrees from columns of degrees, minutes and seconds."""
    columns = [block[name].to_pylist() for name in (axis.column, axis.minute, axis.second) if name]
    found, faults = np.full(block.num_rows, np.nan), dict[int, Said]()
    for i, cells in enumerate(zip(*columns, strict=True)):
        texts = [_whole("" if cell is None else str(cell).strip()) for cell in cells]
        while texts and is_nothing(texts[-1]):
            texts.pop()
        if not texts or is_nothing(texts[0]):
            continue
        try:
            found[i] = angle(_one_sign(texts), axis.axis).degrees
        except CoordinateError as error:
            faults[i] = CELL_OF[axis.axis](repr(" ".join(texts)[:SHOWN]), why(error))
    return ReadColumn(found, faults)


def _one_sign(parts: Sequence[str]) -> str:
    """Return degrees, minutes and seconds with the minus sign in front: "0 -30" and "-28 -51 -36" are south."""
    cells = [cleaned(part) for part in parts]
    signs = {cell[:1] == "-" for cell in cells if cell.strip("+-0., ")}
    if signs != {True}:
        return " ".join(cells)
    return "-" + " ".join(cell.lstrip("-+ ") for cell in cells)


def _whole(text: str) -> str:
    return text.removesuffix(".0") if re.fullmatch(r"-?\d+\.0", text) else text


def _with_letters(read: ReadColumn, letters: "pa.ChunkedArray", axis: Axis) -> ReadColumn:
    """Return degrees with the letters of another column applied; a sign against its letter is a fault."""
    values, faults = read.degrees.copy(), dict(read.faults)
    cells = ["" if cell is None else str(cell).strip(". ").lower() for cell in letters.to_pylist()]
    told = dict.fromkeys([*plain_words(axis.letters), *cells])
    named = dict(zip(told, letters_of(list(told)), strict=True))
    for i, text in enumerate(cells):
        if np.isnan(values[i]) or is_nothing(text):
            continue
        letter = named[text]
        if letter not in LETTERS_OF[axis.axis]:
            faults[i] = TableSaying.WRONG_LETTER(
                WORD[axis.axis], repr(text[:SHOWN]), TableSaying.OR(*LETTERS_OF[axis.axis])
            )
        elif values[i] < 0 and letter in "NE":
            faults[i] = TableSaying.MINUS_AGAINST_LETTER(WORD[axis.axis], format(values[i], "g"), letter)
        else:
            values[i] = -abs(values[i]) if letter in "SW" else values[i]
            continue
        values[i] = np.nan
    return dataclasses.replace(read, degrees=values, faults=faults)


def _turned_by_name(read: ReadColumn, axis: Axis, column: "pa.ChunkedArray") -> ReadColumn:
    """Return degrees turned to the hemisphere the column's name says, where a cell has no letter of its own.

    Under a name that says south or west a minus sign can be meant twice or once: all negative is once, both is a fault.
    """
    if axis.letter not in {"S", "W"}:
        return read
    values, faults = read.degrees, dict(read.faults)
    bare = np.array([AXIS_OF.get(_last_letter(cell), "") == "" for cell in column.to_pylist()], bool)
    negative = bare & (values < 0)
    turned = np.where(bare & (values > 0), -values, values)
    if negative.any() and (bare & (values > 0)).any():
        for i in np.nonzero(negative)[0]:
            faults[int(i)] = TableSaying.BELOW_ZERO(WORD[axis.axis], format(values[i], "g"), axis.letter)
        turned[negative] = np.nan
    return dataclasses.replace(read, degrees=turned, faults=faults)


def _last_letter(cell: object) -> str:
    text = "" if cell is None else str(cell).strip(" .").upper()
    return next((letter for letter in (text[-1:], text[:1]) if letter in AXIS_OF), "")


def _lengths(column: "pa.ChunkedArray", axis: Axis) -> ReadColumn:
    """Return eastings or northings in metres; thousands may be parted by blanks or commas."""
    scale = 1000.0 if axis.unit == "km" else 1.0
    read = degrees(column, axis.axis)
    values, faults = read.degrees * scale, dict(read.faults)
    for i in list(faults):
        text = cleaned(str(column[i].as_py()))
        match = THOUSANDS.fullmatch(text.lower().removesuffix("m").removesuffix("e").removesuffix("n").strip())
        if match:
            values[i] = float(match[0].replace(match["gap"], "").replace(" ", "")) * scale
            del faults[i]
    return dataclasses.replace(read, degrees=values, faults=faults)


THOUSANDS = re.compile(r"-?\d{1,3}(?:(?P<gap>[ ',])\d{3})(?:(?P=gap)\d{3})*(?:\.\d+)?")


def _turned(plan: Plan, block: pa.Table, lon: Floats, lat: Floats) -> tuple[Floats, Floats, dict[int, Said]]:
    """Return positions in WGS84 from the reference system of the plan, or of each row."""
    if plan.system:
        codes = np.full(len(lon), plan.system, dtype=object)
        faults: dict[int, Said] = {}
    else:
        codes, faults = _row_codes(plan, block, lat)
    wide, high = np.full(len(lon), np.nan), np.full(len(lat), np.nan)
    for code in dict.fromkeys(codes):
        rows = np.nonzero((codes == code) & np.isfinite(lon) & np.isfinite(lat))[0]
        if not code or not len(rows):
            continue
        try:
            wide[rows], high[rows] = in_wgs84(lon[rows], lat[rows], code)
        except CoordinateError as error:
            faults |= {int(i): error.said for i in rows}
            continue
        for i in rows[far_from_use(code, wide[rows], high[rows])]:
            faults[int(i)] = too_far(wide[i], high[i], system_name(code))
            wide[i] = high[i] = np.nan
    return wide, high, faults


def _row_codes(plan: Plan, block: pa.Table, northing: Floats) -> tuple[Shapes, dict[int, Said]]:
    fixed = plan.system_column.removeprefix("=") if plan.system_column.startswith("=") else ""

    def cells(name: str) -> list[str]:
        return (
            ["" if cell is None else _whole(str(cell).strip()) for cell in block[name].to_pylist()]
            if name
            else [""] * len(northing)
        )

    systems = [fixed] * len(northing) if fixed else cells(plan.system_column)
    zones, sides = cells(plan.zone_column), cells(plan.hemisphere_column)
    codes, faults = np.full(len(northing), "", dtype=object), dict[int, Said]()
    for i, (system, zone, side) in enumerate(zip(systems, zones, sides, strict=True)):
        if plan.kind == DEGREES and not system:
            codes[i] = WGS84
            continue
        try:
            codes[i] = code_of(
                system,
                zone,
                LETTER_OF.get(side.lower(), ""),
                northing=float(np.nan_to_num(round(northing[i], -3)) if np.isfinite(northing[i]) else 0),
            )
        except CoordinateError as error:
            faults[i] = error.said
    return codes, faults


def in_wgs84(x: Floats, y: Floats, code: str) -> tuple[Floats, Floats]:
    """Return positions of a reference system as longitude and latitude.

    Raises:
        CoordinateError: no such system, degrees under a system in metres, or metres under one in degrees.
    """
    if code == WGS84:
        return x, y
    try:
        points = gpd.GeoSeries(gpd.points_from_xy(x, y), crs=code)
        projected = bool(points.crs.is_projected) if points.crs is not None else False
    except (ValueError, RuntimeError):
        raise CoordinateError(TableSaying.SYSTEM_NOT_KNOWN(code)) from None
    refuse_contradiction(np.concatenate([x, y]), projected=projected, name=code)
    turned = points.to_crs(WGS84)
    return np.asarray(turned.x), np.asarray(turned.y)


def system_name(code: str) -> str:
    """Return the name of a known reference system."""
    crs = gpd.GeoSeries([], crs=code).crs
    return str(crs.name) if crs is not None else code


def refuse_contradiction(numbers: Floats, *, projected: bool, name: str) -> None:
    """Refuse numbers that cannot be of their reference system.

    Raises:
        CoordinateError: all within degrees under a system in metres, or beyond degrees under one in degrees.
    """
    size = np.abs(numbers[np.isfinite(numbers)]).max(initial=0.0)
    if projected and 0 < size <= LIMIT[LON]:
        raise CoordinateError(TableSaying.DEGREES_UNDER_METRES(name))
    if not projected and size > BEYOND_DEGREES:
        raise CoordinateError(TableSaying.METRES_UNDER_DEGREES(name))


def _known_order(first: str) -> str:
    if not first:
        raise CoordinateError(TableSaying.EITHER_FIRST())
    return first


def _from_pairs(plan: Plan, block: pa.Table) -> tuple[Floats, Floats, dict[int, Said]]:
    lon, lat = np.full(block.num_rows, np.nan), np.full(block.num_rows, np.nan)
    faults: dict[int, Said] = {}
    for i, cell in enumerate(block[plan.column].to_pylist()):
        text = "" if cell is None else str(cell).strip()
        if is_nothing(text):
            continue
        try:
            one, two = pair(text)
            first = _known_order(one.axis or plan.first)
        except CoordinateError as error:
            faults[i] = TableSaying.CELL_OF_COLUMN(plan.column, repr(text[:SHOWN]), why(error))
            continue
        lon[i], lat[i] = (one.degrees, two.degrees) if first == LON else (two.degrees, one.degrees)
    return lon, lat, faults


def _from_shapes(plan: Plan, block: pa.Table) -> Placed:
    """Return the shapes of a column of WKT, WKB or GeoJSON, in WGS84."""
    shapes, faults = shapes_of(block[plan.column])
    nowhere = np.full(len(shapes), np.nan)
    return Placed(lon=nowhere, lat=nowhere, faults=faults, counts=collections.Counter(), shapes=shapes)


def of_three(part: object) -> object:
    """Return a geometry without what positions hold beyond longitude, latitude and height, which no reader asks for."""
    if isinstance(part, dict):
        return {key: of_three(value) if key in {"coordinates", "geometries"} else value for key, value in part.items()}
    if not isinstance(part, list):
        return part
    return part[:3] if part and not isinstance(part[0], (list, dict)) else [of_three(one) for one in part]


def shapes_of(column: "pa.ChunkedArray") -> tuple[Shapes, dict[int, Said]]:
    """Return the geometries that cells of WKT, EWKT, WKB or GeoJSON hold, None where there is none, and the faults."""
    found, faults = np.full(len(column), None, dtype=object), dict[int, Said]()
    for i, cell in enumerate(column.to_pylist()):
        if cell is None or (isinstance(cell, str) and is_nothing(cell)):
            continue
        try:
            found[i] = _shape(cell)
        except (shapely.errors.ShapelyError, ValueError, TypeError):
            faults[i] = TableSaying.GEOMETRY_NOT_READABLE(repr(str(cell)[:SHOWN]))
    return found, faults


def _shape(cell: object) -> object:
    if isinstance(cell, bytes):
        return shapely.from_wkb(cell)
    text = str(cell).strip()
    if GEOJSON.match(text):
        return shapely.from_geojson(json.dumps(of_three(json.loads(text))))
    if HEX_WKB.fullmatch(text):
        return shapely.from_wkb(bytes.fromhex(text.lstrip("\\").removeprefix("x")))
    match = WKT.match(text)
    if match is None:
        raise ValueError("neither WKT, WKB nor GeoJSON")
    shape = shapely.from_wkt(text[match.start(1) - 5 + len(match[1]) + 6 :] if match[1] else text)
    return shapely.set_srid(shape, int(match[1])) if match[1] else shape
