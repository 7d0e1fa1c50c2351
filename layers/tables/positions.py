"""Where each row of a table lies: the columns of positions are chosen once, said back, and read block by block."""

import collections
import dataclasses
import math
import re
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely

from oreway.layers.errors import CoordinateError
from oreway.layers.tables.columns import (
    DEGREE,
    EASTING,
    EITHER,
    LETTER,
    LETTERS_OF,
    LOCAL,
    MAYBE_SECOND,
    MINUTE,
    NORTHING,
    SECOND,
    Header,
    X,
    Y,
    letters_of,
    plain_words,
    position_headers,
    spelled,
)  # fmt: skip
from oreway.layers.tables.coordinates import (
    AXIS_OF,
    LAT,
    LETTER_OF,
    LIMIT,
    LON,
    SHOWN,
    TURN,
    TWO_READINGS,
    WORD,
    Floats,
    ReadColumn,
    angle,
    cleaned,
    degrees,
    folded,
    is_nothing,
    off_earth,
    pair,
)  # fmt: skip
from oreway.layers.tables.systems import WGS84, code_of

Shapes = npt.NDArray[np.object_]
DEGREES, PAIR, GRID, SHAPE = "degrees", "pair", "grid", "shape"
WKT = re.compile(
    r"\s*(?:SRID=(\d+);\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(?:ZM?|M)?\s*(?:\(|EMPTY)",
    re.IGNORECASE,
)
HEX_WKB = re.compile(r"\s*(?:\\\\?x)?0[01][0-9a-fA-F]{8,}\s*")
GEOJSON = re.compile(r'\s*\{.*"type"\s*:\s*"(?:Multi)?(?:Point|LineString|Polygon)"', re.DOTALL)
LONGEST_NAMES, MOST_TRIED = 12, 20
ZERO, FOLDED, BEYOND_DEGREES = "zero", "folded", 360.0
NAMELESS = re.compile(r"column_\d+|unnamed.*|.*_\d+", re.IGNORECASE)
PACKED = re.compile(r"([+-]?)(\d+)(?:[.,](\d+))?")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Axis:
    """The columns of one coordinate: degrees, perhaps minutes, seconds and letters beside them."""

    axis: str
    column: str
    minute: str = ""
    second: str = ""
    letters: str = ""
    unit: str = ""
    letter: str = ""

    def columns(self) -> list[str]:
        """Return the names of its columns."""
        return [name for name in (self.column, self.minute, self.second, self.letters) if name]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """Which columns hold the positions and how they are read.

    kind: DEGREES (lon, lat), PAIR (both in one column, first says which comes first), GRID (easting as lon, northing as
    lat) or SHAPE (one column of WKT, WKB or GeoJSON). system: the code they are in, "" for WGS84 or where columns say
    it.
    """

    kind: str
    lon: Axis | None = None
    lat: Axis | None = None
    column: str = ""
    first: str = ""
    system: str = ""
    zone_column: str = ""
    system_column: str = ""
    hemisphere_column: str = ""
    notes: tuple[str, ...] = ()

    def columns(self) -> list[str]:
        """Return the names of all columns it reads."""
        both = [name for axis in (self.lon, self.lat) if axis is not None for name in axis.columns()]
        others = (self.column, self.zone_column, self.system_column, self.hemisphere_column)
        return list(dict.fromkeys([*both, *(name for name in others if name)]))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Placed:
    """Where rows lie in WGS84, NaN where they have no position; faults by row; how often something was put right."""

    lon: Floats
    lat: Floats
    faults: dict[int, str]
    counts: collections.Counter[str]
    shapes: Shapes | None = None
    examples: tuple[str, ...] = ()


def understood(names: Sequence[str], sample: pa.Table, *, system: str = "") -> Plan:
    """Return how the positions of a table are read.

    Args:
        names: of its columns.
        sample: its first rows.
        system: the code of the reference system the user names; it goes before what the file says.

    Raises:
        CoordinateError: no columns of positions, or columns that can be read in two ways; says the cure.
    """
    headers = position_headers(names)
    roles = spelled(names)
    shape = _shape_column(names, roles, sample)
    if shape:
        return Plan(kind=SHAPE, column=shape, system=system)
    axes = {axis: _axis(headers, axis, sample) for axis in (LON, LAT)}
    east, north = axes[LON], axes[LAT]
    if east is not None and north is not None:
        return _in_degrees(east, north, headers, roles, sample, system)
    if "pair" in roles:
        return _pairs(roles["pair"], sample, system)
    grid = _grid(headers, roles, sample, system)
    if grid is not None:
        return grid
    told = next((name for name in names if _holds_both(_texts(sample, name))), "")
    if told:
        return _pairs(told, sample, system)
    raise CoordinateError(_nothing_found(names, headers, axes))


def _nothing_found(names: Sequence[str], headers: Sequence[Header], axes: dict[str, Axis | None]) -> str:
    if any(header.axis == LOCAL for header in headers):
        return "a mine's own grid without a reference system; turn it into longitude and latitude first"
    absent = [WORD[axis] for axis in (LON, LAT) if axes[axis] is None]
    seen = ", ".join(name[:SHOWN] for name in names[:LONGEST_NAMES]) or "none"
    wanted = absent[0] if absent else "position"
    return f"no {wanted} column among {seen}; name the columns lon and lat, in decimal degrees"


def _holds_both(cells: Sequence[str]) -> bool:
    """Tell whether cells are two coordinates that name their directions themselves, whatever their column's name."""
    try:
        return bool(cells) and all(pair(cell)[0].axis for cell in cells[:MOST_TRIED])
    except CoordinateError:
        return False


def _texts(sample: pa.Table, name: str) -> list[str]:
    """Return the cells of a sample's column that say something."""
    cells = sample[name].to_pylist() if name in sample.column_names else []
    return [text for cell in cells if cell is not None and not isinstance(cell, (bytes, dict, list))
            and (text := str(cell).strip()) and not is_nothing(text)]  # fmt: skip


def _shape_column(names: Sequence[str], roles: dict[str, str], sample: pa.Table) -> str:
    """Return the column whose cells are WKT, hexadecimal WKB, WKB or GeoJSON geometries."""
    likely = [roles[role] for role in ("shape", "pair") if role in roles]
    for name in dict.fromkeys([*likely, *names]):
        if name not in sample.column_names:
            continue
        if pa.types.is_binary(sample[name].type) or pa.types.is_large_binary(sample[name].type):
            cells = [cell for cell in sample[name].to_pylist() if cell]
            if cells and all(_is_wkb(cell) for cell in cells[:20]):
                return name
            continue
        cells = _texts(sample, name)
        if cells and all(WKT.match(cell) or HEX_WKB.fullmatch(cell) or GEOJSON.match(cell) for cell in cells[:50]):
            return name
    return ""


def _is_wkb(cell: bytes) -> bool:
    return len(cell) >= 9 and cell[0] in (0, 1) and shapely.from_wkb(cell, on_invalid="ignore") is not None


def _axis(headers: Sequence[Header], axis: str, sample: pa.Table) -> Axis | None:
    """Return the columns of one coordinate in degrees; None where there are none."""
    mine = [header for header in headers if header.axis == axis and header.unit != "metres"]
    letters = next((h.name for h in mine if h.part in {LETTER, EITHER} and _are_letters(sample, h.name)), "")
    plain = [header for header in mine if header.part in {"", DEGREE, EITHER, MAYBE_SECOND} and header.name != letters]
    letters = letters or _letters_beside([header.name for header in mine], axis, sample)
    minutes = next((header.name for header in mine if header.part == MINUTE), "")
    if plain and minutes:
        seconds = [h for h in mine if h.part == SECOND or (h.part in {MAYBE_SECOND, ""} and _plain_s(h.name))]
        whole = [header for header in plain if header not in seconds]
        if whole:
            second = seconds[0].name if seconds else ""
            head = next((header for header in whole if header.part == DEGREE), whole[0])
            return Axis(axis=axis, column=head.name, minute=minutes, second=second, letters=letters, letter=head.letter)
    if not plain:
        return None
    head = plain[0]
    if head.letter == "O":
        raise CoordinateError(f"column {head.name}: O may be Ost (east) or Ouest (west); name it E or W")
    return Axis(axis=axis, column=head.name, letters=letters, unit=head.unit, letter=head.letter)


def _letters_beside(mine: Sequence[str], axis: str, sample: pa.Table) -> str:
    """Return the column without a name of its own, right of one of a coordinate, that holds its directions."""
    names: list[str] = sample.column_names
    for at, name in enumerate(names[1:], start=1):
        beside = names[at - 1] in mine and (NAMELESS.fullmatch(name) or name in mine)
        if beside and _are_letters(sample, name):
            letters = {LETTER_OF.get(cell.lower().strip(". "), "E") for cell in _texts(sample, name)}
            if letters <= set(LETTERS_OF[axis]):
                return name
    return ""


def _plain_s(name: str) -> bool:
    return name.lower().strip("_ ").endswith("s") and len(name) <= LONGEST_NAMES


def _are_letters(sample: pa.Table, name: str) -> bool:
    cells = [cell.lower().strip(". ") for cell in _texts(sample, name)]
    return bool(cells) and all(cell in LETTER_OF or cell in TWO_READINGS for cell in cells)


def _others(headers: Sequence[Header], roles: dict[str, str], used: Sequence[str], taken: str) -> tuple[str, ...]:
    """Return the note that names columns which could have been read as positions too."""
    left = [header.name for header in headers if header.name not in used and header.axis != LOCAL]
    left += [roles[role] for role in ("shape",) if role in roles and roles[role] not in used]
    return (f"positions are read from {taken}; left alone: {', '.join(left[:LONGEST_NAMES])}",) if left else ()


def _in_degrees(
    lon: Axis, lat: Axis, headers: Sequence[Header], roles: dict[str, str], sample: pa.Table, system: str
) -> Plan:
    used = [*lon.columns(), *lat.columns()]
    taken = f"columns {lon.column} and {lat.column}"
    notes = [note for axis in (lon, lat) for note in _said_of(axis)]
    notes += _others(headers, roles, used, taken)
    strange = [word for header in headers if header.name in used for word in header.strange]
    if strange:
        notes.append(f"words in the names of {taken} that were not understood: {', '.join(strange[:LONGEST_NAMES])}")
    named = next((header.system for header in headers if header.name in used and header.system), "")
    code = system or (code_of(named) if named else "")
    if code and code != WGS84:
        notes.append(f"positions are read as {code}" + (f" ({named})" if named and not system else ""))
    column = "" if code else roles.get("system", "")
    column = column if column and _names_systems(sample, column) else ""
    return Plan(kind=DEGREES, lon=lon, lat=lat, system=code, system_column=column, notes=tuple(notes))


def _names_systems(sample: pa.Table, column: str) -> bool:
    """Tell whether a column names geographic reference systems in every row that says something."""
    try:
        return bool(codes := {code_of(text) for text in set(_texts(sample, column))}) and codes != {WGS84}
    except CoordinateError:
        return False


def _said_of(axis: Axis) -> list[str]:
    """Return how a coordinate is read where it is more than decimal degrees."""
    notes = []
    if axis.minute:
        parts = "degrees, minutes and seconds" if axis.second else "degrees and minutes"
        notes.append(f"{WORD[axis.axis]} is read as {parts} from columns {', '.join(axis.columns())}")
    if axis.unit:
        notes.append(f"column {axis.column} is read as {UNITS[axis.unit]}")
    if axis.letter in {"S", "W"}:
        notes.append(
            f"column {axis.column} is turned to the {'south' if axis.letter == 'S' else 'west'}, as its name says"
        )
    if axis.letters and not axis.minute:
        notes.append(f"column {axis.letters} gives the direction of {axis.column}")
    return notes


UNITS = {
    "rad": "radians", "gon": "gon", "e7": "degrees times ten million", "e6": "degrees times a million",
    "dd.mmss": "degrees.minutes and seconds", "ddmm.mm": "degrees and minutes without a gap",
    "arcsec": "seconds of arc", "arcmin": "minutes of arc",
    "ddmmss": "degrees, minutes and seconds without gaps", "dms": "degrees, minutes and seconds",
}  # fmt: skip


def _pairs(column: str, sample: pa.Table, system: str) -> Plan:
    """Return the plan of one column with both coordinates; what a row cannot mean tells the order.

    Raises:
        CoordinateError: the order cannot be told, or rows contradict each other.
    """
    words = re.findall(r"[^\W\d_]+", cleaned(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", column)).lower())
    order = [axis for word in words if (axis := _axis_of_word(word))]
    first = order[0] if len(set(order)) == 2 else ""
    found: set[str] = set()
    for cell in _texts(sample, column):
        try:
            one, two = pair(cell)
        except CoordinateError:
            continue
        if one.axis:
            found.add("letters")
        elif abs(one.degrees) > LIMIT[LAT] >= abs(two.degrees):
            found.add(LON)
        elif abs(two.degrees) > LIMIT[LAT] >= abs(one.degrees):
            found.add(LAT)
        else:
            found.add("either")
    if not found:
        raise CoordinateError(
            f"column {column} holds no coordinates that can be read; give longitude and latitude a column each"
        )
    proven = found & {LON, LAT}
    if len(proven) == 2 or (first and proven and first not in proven):
        raise CoordinateError(f"column {column}: the order of longitude and latitude changes; give them a column each")
    first = first or next(iter(proven), "")
    if not first and "either" in found:
        raise CoordinateError(
            f"column {column}: longitude or latitude first? give longitude and latitude a column each"
        )
    told = f", {WORD[first]} first" if first else ""
    return Plan(
        kind=PAIR, column=column, first=first, system=system, notes=(f"positions are read from column {column}{told}",)
    )


def _axis_of_word(word: str) -> str:
    if word.startswith(("latlon", "latlng")):
        return LAT
    for axis, stems in ((LAT, ("lat", "breite", "bredde", "緯度")), (LON, ("lon", "lng", "länge", "længde", "経度"))):
        if word.startswith(stems):
            return axis
    return ""


def _grid(headers: Sequence[Header], roles: dict[str, str], sample: pa.Table, system: str) -> Plan | None:
    """Return the plan of easting and northing, or of x and y, or of metres under any of these names."""
    for east, north in ((EASTING, NORTHING), (X, Y), (LON, LAT)):
        wide = next((header for header in headers if header.axis == east and header.part != LETTER), None)
        high = next((header for header in headers if header.axis == north and header.part != LETTER), None)
        if wide is None or high is None:
            continue
        unit = "km" if "km" in (*wide.name.lower().split(), *high.name.lower().split()) else ""
        lon, lat = (Axis(axis=a, column=h.name, unit=unit) for a, h in ((LON, wide), (LAT, high)))
        taken = f"columns {wide.name} and {high.name}"
        notes = _others(headers, roles, [wide.name, high.name], taken)
        named = system or wide.system or high.system
        return _with_system(Plan(kind=GRID, lon=lon, lat=lat, notes=notes), named, roles, sample, taken)
    return None


def _with_system(plan: Plan, named: str, roles: dict[str, str], sample: pa.Table, taken: str) -> Plan:
    """Return a plan with the reference system its names or columns give; small numbers without one are degrees.

    Raises:
        CoordinateError: metres without a reference system.
    """
    zone, kept, hemisphere = (roles.get(role, "") for role in ("zone", "system", "hemisphere"))
    if named and ZONELESS.fullmatch(named.strip()) and zone:
        note = f"{taken} are read as easting and northing of {named}, zone by column {zone}"
        return dataclasses.replace(
            plan, system_column=f"={named}", zone_column=zone, hemisphere_column=hemisphere, notes=(*plan.notes, note)
        )
    if named:
        northing = next(iter(_texts(sample, plan.lat.column if plan.lat else "")), "0")
        code = code_of(named, northing=_number(northing))
        return dataclasses.replace(plan, system=code, notes=(*plan.notes, f"{taken} are read as {code}"))
    if zone or (kept and _texts(sample, kept)):
        told = " and ".join(name for name in (kept, zone) if name)
        note = f"{taken} are read as easting and northing in the system of column {told}"
        return dataclasses.replace(
            plan, system_column=kept, zone_column=zone, hemisphere_column=hemisphere, notes=(*plan.notes, note)
        )
    if plan.lon is None or plan.lat is None or not _within_degrees(sample, plan.lon.column, plan.lat.column):
        raise CoordinateError(
            f"{taken} are projected, in metres; give the EPSG code of their reference system, e.g. --crs EPSG:28351"
        )
    note = f"{taken} are taken for longitude and latitude in degrees"
    return dataclasses.replace(plan, kind=DEGREES, notes=(*plan.notes, note))


ZONELESS = re.compile(
    r"(?:utm|mga(?:94|2020|20)?|amg(?:66|84)|wgs\s*84|gda\s*(?:94|2020)|nad\s*(?:27|83)|etrs\s*89)", re.IGNORECASE
)


def _number(text: str) -> float:
    try:
        return float(cleaned(text).replace(",", "."))
    except ValueError:
        return 0.0


def _within_degrees(sample: pa.Table, lon: str, lat: str) -> bool:
    wide = [_number(text) for text in _texts(sample, lon)]
    high = [_number(text) for text in _texts(sample, lat)]
    return max(map(abs, wide), default=0.0) <= TURN and max(map(abs, high), default=0.0) <= TURN


def placed(plan: Plan, block: pa.Table) -> Placed:
    """Return where the rows of a block lie."""
    if plan.kind == SHAPE:
        return _from_shapes(plan, block)
    examples: tuple[str, ...] = ()
    if plan.kind == PAIR:
        lon, lat, faults = _from_pairs(plan, block)
    else:
        if plan.lon is None or plan.lat is None:
            raise CoordinateError("no columns of positions")
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


def _absent(lon: float, lat: float) -> str:
    gone = [WORD[axis] for axis, value in ((LON, lon), (LAT, lat)) if math.isnan(value)]
    return f"no {gone[0]}; give decimal degrees" if len(gone) == 1 else "no position; give longitude and latitude"


def _axis_degrees(axis: Axis, block: pa.Table, *, is_grid: bool) -> ReadColumn:
    column = block[axis.column]
    if is_grid:
        return _lengths(column, axis)
    if axis.unit in SCALES:
        read = degrees(column, axis.axis)
        values = read.degrees * SCALES[axis.unit]
        most = MOST_RADIANS if axis.unit == "rad" else math.inf
        wrong = np.nonzero(np.abs(read.degrees) > most)[0]
        faults = {int(i): f"{WORD[axis.axis]} {read.degrees[i]:g} is more than a turn in radians" for i in wrong}
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


MOST_RADIANS = 2 * math.pi + 1e-9
SCALES = {"rad": 180 / math.pi, "gon": 0.9, "e7": 1e-7, "e6": 1e-6, "arcsec": 1 / 3600, "arcmin": 1 / 60}


def _each(column: "pa.ChunkedArray", axis: str, read: "collections.abc.Callable[[str], float]") -> ReadColumn:
    """Return a column read cell by cell."""
    found, faults = np.full(len(column), np.nan), dict[int, str]()
    for i, cell in enumerate(column.to_pylist()):
        text = "" if cell is None else str(cell).strip()
        if is_nothing(text):
            continue
        try:
            found[i] = read(text)
        except CoordinateError as error:
            faults[i] = f"{WORD[axis]} {text[:SHOWN]!r} {error}"
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
    found, faults = np.full(block.num_rows, np.nan), dict[int, str]()
    for i, cells in enumerate(zip(*columns, strict=True)):
        texts = [_whole("" if cell is None else str(cell).strip()) for cell in cells]
        while texts and is_nothing(texts[-1]):
            texts.pop()
        if not texts or is_nothing(texts[0]):
            continue
        try:
            found[i] = angle(_one_sign(texts), axis.axis).degrees
        except CoordinateError as error:
            faults[i] = f"{WORD[axis.axis]} {' '.join(texts)[:SHOWN]!r} {error}"
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
            faults[i] = (
                f"{WORD[axis.axis]} with the letter {text[:SHOWN]!r}; expected {' or '.join(LETTERS_OF[axis.axis])}"
            )
        elif values[i] < 0 and letter in "NE":
            faults[i] = f"{WORD[axis.axis]} {values[i]:g} contradicts itself: the sign - against the letter {letter}"
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
            faults[int(i)] = (
                f"{WORD[axis.axis]} {values[i]:g} below 0 under a name that says {axis.letter}; write it without"
            )
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


def _turned(plan: Plan, block: pa.Table, lon: Floats, lat: Floats) -> tuple[Floats, Floats, dict[int, str]]:
    """Return positions in WGS84 from the reference system of the plan, or of each row."""
    if plan.system:
        codes = np.full(len(lon), plan.system, dtype=object)
        faults: dict[int, str] = {}
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
            faults |= {int(i): str(error) for i in rows}
    return wide, high, faults


def _row_codes(plan: Plan, block: pa.Table, northing: Floats) -> tuple[Shapes, dict[int, str]]:
    fixed = plan.system_column.removeprefix("=") if plan.system_column.startswith("=") else ""

    def cells(name: str) -> list[str]:
        return (
            ["" if cell is None else _whole(str(cell).strip()) for cell in block[name].to_pylist()]
            if name
            else [""] * len(northing)
        )

    systems = [fixed] * len(northing) if fixed else cells(plan.system_column)
    zones, sides = cells(plan.zone_column), cells(plan.hemisphere_column)
    codes, faults = np.full(len(northing), "", dtype=object), dict[int, str]()
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
            faults[i] = str(error)
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
        raise CoordinateError(f"reference system {code} is not known; write an EPSG code, e.g. EPSG:28351") from None
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
        raise CoordinateError(f"degrees under {name}, a system in metres; name the right one, e.g. --crs EPSG:4326")
    if not projected and size > BEYOND_DEGREES:
        raise CoordinateError(f"metres under {name}, a system in degrees; name the right one, e.g. --crs EPSG:28351")


def _known_order(first: str) -> str:
    if not first:
        raise CoordinateError("may be longitude or latitude first; give them a column each")
    return first


def _from_pairs(plan: Plan, block: pa.Table) -> tuple[Floats, Floats, dict[int, str]]:
    lon, lat = np.full(block.num_rows, np.nan), np.full(block.num_rows, np.nan)
    faults: dict[int, str] = {}
    for i, cell in enumerate(block[plan.column].to_pylist()):
        text = "" if cell is None else str(cell).strip()
        if is_nothing(text):
            continue
        try:
            one, two = pair(text)
            first = _known_order(one.axis or plan.first)
        except CoordinateError as error:
            faults[i] = f"column {plan.column}: {text[:SHOWN]!r} {error}"
            continue
        lon[i], lat[i] = (one.degrees, two.degrees) if first == LON else (two.degrees, one.degrees)
    return lon, lat, faults


def _from_shapes(plan: Plan, block: pa.Table) -> Placed:
    """Return the shapes of a column of WKT, WKB or GeoJSON, in WGS84."""
    shapes, faults = shapes_of(block[plan.column])
    nowhere = np.full(len(shapes), np.nan)
    return Placed(lon=nowhere, lat=nowhere, faults=faults, counts=collections.Counter(), shapes=shapes)


def shapes_of(column: "pa.ChunkedArray") -> tuple[Shapes, dict[int, str]]:
    """Return the geometries that cells of WKT, EWKT, WKB or GeoJSON hold, None where there is none, and the faults."""
    found, faults = np.full(len(column), None, dtype=object), dict[int, str]()
    for i, cell in enumerate(column.to_pylist()):
        if cell is None or (isinstance(cell, str) and is_nothing(cell)):
            continue
        try:
            found[i] = _shape(cell)
        except (shapely.errors.ShapelyError, ValueError, TypeError):
            faults[i] = f"geometry {str(cell)[:SHOWN]!r} is not readable as WKT, WKB or GeoJSON; redraw it"
    return found, faults


def _shape(cell: object) -> object:
    if isinstance(cell, bytes):
        return shapely.from_wkb(cell)
    text = str(cell).strip()
    if GEOJSON.match(text):
        return shapely.from_geojson(text)
    if HEX_WKB.fullmatch(text):
        return shapely.from_wkb(bytes.fromhex(text.lstrip("\\").removeprefix("x")))
    match = WKT.match(text)
    if match is None:
        raise ValueError("neither WKT, WKB nor GeoJSON")
    shape = shapely.from_wkt(text[match.start(1) - 5 + len(match[1]) + 6 :] if match[1] else text)
    return shapely.set_srid(shape, int(match[1])) if match[1] else shape
