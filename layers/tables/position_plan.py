"""Which columns of a table hold its positions, and how they are read: chosen once from a sample, and said back."""

import dataclasses
import re
from collections.abc import Sequence

import pyarrow as pa
import shapely

from oreway.layers.errors import CoordinateError
from oreway.layers.tables.columns import (
    DEGREE,
    EASTING,
    EITHER,
    LENGTHS,
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
    position_headers,
    spelled,
)  # fmt: skip
from oreway.layers.tables.coordinates import (
    LAT,
    LETTER_OF,
    LIMIT,
    LON,
    SHOWN,
    TURN,
    TWO_READINGS,
    WORD,
    cleaned,
    is_nothing,
    pair,
)  # fmt: skip
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.tables.systems import WGS84, code_of, measured_in_feet
from oreway.said import Said, listed

DEGREES, PAIR, GRID, SHAPE = "degrees", "pair", "grid", "shape"
WKT = re.compile(
    r"\s*(?:SRID=(\d+);\s*)?(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\s*(?:ZM?|M)?\s*(?:\(|EMPTY)",
    re.IGNORECASE,
)
# byte order, then a type of geometry, with or without Z, M and a system: a hash of hexadecimal digits is none
HEX_WKB = re.compile(
    r"\s*(?:\\\\?x)?(?:01[0-9a-f]{2}0[037b]00[02468ace]0|00[02468ace]0000[037b][0-9a-f]{2})[0-9a-f]{8,}\s*",
    re.IGNORECASE,
)
GEOJSON = re.compile(r'\s*\{.*"type"\s*:\s*"(?:Multi)?(?:Point|LineString|Polygon)"', re.DOTALL)
LONGEST_NAMES, MOST_TRIED = 12, 20
ZERO, FOLDED, BEYOND_DEGREES = "zero", "folded", 360.0
NAMELESS = re.compile(r"column_\d+|unnamed.*|.*_\d+", re.IGNORECASE)


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
    notes: tuple[Said, ...] = ()

    def columns(self) -> list[str]:
        """Return the names of all columns it reads."""
        both = [name for axis in (self.lon, self.lat) if axis is not None for name in axis.columns()]
        others = (self.column, self.zone_column, self.system_column, self.hemisphere_column)
        return list(dict.fromkeys([*both, *(name for name in others if name)]))


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
    told = next((name for name in names if _holds_both(texts(sample, name))), "")
    if told:
        return _pairs(told, sample, system)
    raise CoordinateError(_nothing_found(names, headers, axes, sample))


def _nothing_found(
    names: Sequence[str], headers: Sequence[Header], axes: dict[str, Axis | None], sample: pa.Table
) -> Said:
    if any(header.axis == LOCAL for header in headers):
        return TableSaying.MINES_GRID()
    for name in names:
        cells = texts(sample, name)[:MOST_TRIED]
        kind = next((kind for kind, written in CODES.items() if cells and all(map(written.fullmatch, cells))), None)
        if kind is not None:
            return TableSaying.COLUMN_OF_CODES(name[:SHOWN], kind())
    if len(names) == 1 and {LON, LAT} <= {header.axis for header in position_headers(names[0].split())}:
        return TableSaying.PARTED_BY_BLANKS()
    if sum(VALUE.fullmatch(name) is not None for name in names) > 1:
        return TableSaying.NO_HEADER(listed(name[:SHOWN] for name in names[:LONGEST_NAMES]))
    absent = [WORD[axis] for axis in (LON, LAT) if axes[axis] is None]
    seen = listed(name[:SHOWN] for name in names[:LONGEST_NAMES]) or TableSaying.NONE()
    return TableSaying.NO_COLUMN(absent[0] if absent else TableSaying.POSITION(), seen)


VALUE = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
CODES = {
    TableSaying.MGRS: re.compile(r"\s*\d{1,2}\s?[C-HJ-NP-X]\s?[A-HJ-NP-Z]{2}\s?(?:\d{2}|\d\s?\d|\d{2,5}\s?\d{2,5})\s*",
                                 re.IGNORECASE),
    TableSaying.NATIONAL_GRID: re.compile(r"\s*[A-HJ-Z]{1,2}\s?(?:\d{2,5}\s\d{2,5}|(?:\d\d){2,5})\s*", re.IGNORECASE),
    TableSaying.PLUS_CODES: re.compile(r"\s*[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,7}.*", re.IGNORECASE),
    TableSaying.MAP_ADDRESSES: re.compile(r"\s*https?://.*\d\.\d.*", re.IGNORECASE),
}  # fmt: skip


def _holds_both(cells: Sequence[str]) -> bool:
    """Tell whether cells are two coordinates that name their directions themselves, whatever their column's name."""
    try:
        return bool(cells) and all(pair(cell)[0].axis for cell in cells[:MOST_TRIED])
    except CoordinateError:
        return False


def texts(sample: pa.Table, name: str) -> list[str]:
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
        cells = texts(sample, name)
        if cells and all(WKT.match(cell) or HEX_WKB.fullmatch(cell) or GEOJSON.match(cell) for cell in cells[:50]):
            return name
    return ""


def _is_wkb(cell: bytes) -> bool:
    return len(cell) >= 9 and cell[0] in (0, 1) and shapely.from_wkb(cell, on_invalid="ignore") is not None


def _axis(headers: Sequence[Header], axis: str, sample: pa.Table) -> Axis | None:
    """Return the columns of one coordinate in degrees; None where there are none."""
    mine = [header for header in headers if header.axis == axis and header.unit not in LENGTHS]
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
        raise CoordinateError(TableSaying.OST_OR_OUEST(head.name))
    return Axis(axis=axis, column=head.name, letters=letters, unit=head.unit, letter=head.letter)


def _letters_beside(mine: Sequence[str], axis: str, sample: pa.Table) -> str:
    """Return the column without a name of its own, right of one of a coordinate, that holds its directions."""
    names: list[str] = sample.column_names
    for at, name in enumerate(names[1:], start=1):
        beside = names[at - 1] in mine and (NAMELESS.fullmatch(name) or name in mine)
        if beside and _are_letters(sample, name):
            letters = {LETTER_OF.get(cell.lower().strip(". "), "E") for cell in texts(sample, name)}
            if letters <= set(LETTERS_OF[axis]):
                return name
    return ""


def _plain_s(name: str) -> bool:
    return name.lower().strip("_ ").endswith("s") and len(name) <= LONGEST_NAMES


def _are_letters(sample: pa.Table, name: str) -> bool:
    cells = [cell.lower().strip(". ") for cell in texts(sample, name)]
    return bool(cells) and all(cell in LETTER_OF or cell in TWO_READINGS for cell in cells)


def _others(headers: Sequence[Header], roles: dict[str, str], used: Sequence[str], taken: Said) -> tuple[Said, ...]:
    """Return the note that names columns which could have been read as positions too."""
    left = [header.name for header in headers if header.name not in used and header.axis != LOCAL]
    left += [roles[role] for role in ("shape",) if role in roles and roles[role] not in used]
    return (TableSaying.LEFT_ALONE(taken, listed(left[:LONGEST_NAMES])),) if left else ()


def _in_degrees(
    lon: Axis, lat: Axis, headers: Sequence[Header], roles: dict[str, str], sample: pa.Table, system: str
) -> Plan:
    used = [*lon.columns(), *lat.columns()]
    taken = TableSaying.COLUMNS(lon.column, lat.column)
    notes = [note for axis in (lon, lat) for note in _said_of(axis)]
    notes += _others(headers, roles, used, taken)
    strange = [word for header in headers if header.name in used for word in header.strange]
    if strange:
        notes.append(TableSaying.STRANGE_WORDS(taken, listed(strange[:LONGEST_NAMES])))
    named = next((header.system for header in headers if header.name in used and header.system), "")
    code = system or (code_of(named) if named else "")
    if code and code != WGS84:
        is_named = bool(named) and not system
        notes.append(TableSaying.READ_AS_NAMED(code, named) if is_named else TableSaying.POSITIONS_READ_AS(code))
    column, said = ("", None) if code else _system_column(roles.get("system", ""), sample, taken)
    notes += [said] if said else []
    return Plan(kind=DEGREES, lon=lon, lat=lat, system=code, system_column=column, notes=tuple(notes))


def _system_column(column: str, sample: pa.Table, taken: Said) -> tuple[str, Said | None]:
    """Return the column whose rows name geographic systems, "" where none names another than WGS 84, and what to say.

    Where one row is read by its own words, a row with words that are not known is left out, not guessed.
    """
    words = sorted(set(texts(sample, column)) - {""}) if column else []
    codes = {word: _code_or_none(word) for word in words}
    if {*codes.values()} - {None, WGS84}:
        return column, TableSaying.DEGREES_BY_COLUMN(taken, column)
    unknown = [word[:SHOWN] for word, code in codes.items() if code is None]
    return "", TableSaying.SYSTEMS_NOT_KNOWN(column, listed(unknown, most=MOST_TRIED), taken) if unknown else None


def _code_or_none(word: str) -> str | None:
    try:
        return code_of(word)
    except CoordinateError:
        return None


def _said_of(axis: Axis) -> list[Said]:
    """Return how a coordinate is read where it is more than decimal degrees."""
    notes: list[Said] = []
    if axis.minute:
        parts = (TableSaying.DMS if axis.second else TableSaying.DM)()
        notes.append(TableSaying.READ_FROM_PARTS(WORD[axis.axis], parts, listed(axis.columns())))
    if axis.unit:
        notes.append(TableSaying.COLUMN_READ_AS(axis.column, UNITS[axis.unit]()))
    if axis.letter in {"S", "W"}:
        notes.append(
            TableSaying.TURNED_TO(axis.column, (TableSaying.SOUTH if axis.letter == "S" else TableSaying.WEST)())
        )
    if axis.letters and not axis.minute:
        notes.append(TableSaying.GIVES_DIRECTION(axis.letters, axis.column))
    return notes


UNITS = {
    "rad": TableSaying.RADIANS, "gon": TableSaying.GON, "e7": TableSaying.TEN_MILLION, "e6": TableSaying.MILLION,
    "dd.mmss": TableSaying.DM_DOT, "ddmm.mm": TableSaying.DM_RUN, "arcsec": TableSaying.ARC_SECONDS,
    "arcmin": TableSaying.ARC_MINUTES, "ddmmss": TableSaying.DMS_RUN, "dms": TableSaying.DMS,
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
    for cell in texts(sample, column):
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
        raise CoordinateError(TableSaying.HOLDS_NO_COORDINATES(column))
    proven = found & {LON, LAT}
    if len(proven) == 2 or (first and proven and first not in proven):
        raise CoordinateError(TableSaying.ORDER_CHANGES(column))
    first = first or next(iter(proven), "")
    if not first and "either" in found:
        raise CoordinateError(TableSaying.WHICH_FIRST(column))
    return Plan(kind=PAIR, column=column, first=first, system=system, notes=(FIRST[first](column),))


FIRST = {LON: TableSaying.LONGITUDE_FIRST, LAT: TableSaying.LATITUDE_FIRST, "": TableSaying.READ_FROM_COLUMN}


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
        lon, lat = (Axis(axis=a, column=h.name, unit=h.unit) for a, h in ((LON, wide), (LAT, high)))
        taken = TableSaying.COLUMNS(wide.name, high.name)
        notes = _others(headers, roles, [wide.name, high.name], taken)
        notes += tuple(TableSaying.COLUMN_READ_AS(h.name, TableSaying.KILOMETRES()) for h in (wide, high)
                       if h.unit == "km")  # fmt: skip
        named = system or wide.system or high.system
        return _with_system(Plan(kind=GRID, lon=lon, lat=lat, notes=notes), named, roles, sample, taken)
    return None


def _in_feet(plan: Plan) -> bool:
    return any(axis is not None and axis.unit == "ft" for axis in (plan.lon, plan.lat))


def _with_system(plan: Plan, named: str, roles: dict[str, str], sample: pa.Table, taken: Said) -> Plan:
    """Return a plan with the reference system its names or columns give; small numbers without one are degrees.

    Raises:
        CoordinateError: metres without a reference system, feet without one in feet.
    """
    zone, kept, hemisphere = (roles.get(role, "") for role in ("zone", "system", "hemisphere"))
    if _in_feet(plan) and not (named and measured_in_feet(code_of(named))):
        raise CoordinateError(TableSaying.IN_FEET(taken))
    if named and ZONELESS.fullmatch(named.strip()) and zone:
        note = TableSaying.ZONE_BY_COLUMN(taken, named, zone)
        return dataclasses.replace(
            plan, system_column=f"={named}", zone_column=zone, hemisphere_column=hemisphere, notes=(*plan.notes, note)
        )
    if named:
        northing = next(iter(texts(sample, plan.lat.column if plan.lat else "")), "0")
        code = code_of(named, northing=_number(northing))
        return dataclasses.replace(plan, system=code, notes=(*plan.notes, TableSaying.READ_AS(taken, code)))
    if zone or (kept and texts(sample, kept)):
        told = TableSaying.AND(kept, zone) if kept and zone else kept or zone
        note = TableSaying.SYSTEM_BY_COLUMN(taken, told)
        return dataclasses.replace(
            plan, system_column=kept, zone_column=zone, hemisphere_column=hemisphere, notes=(*plan.notes, note)
        )
    if plan.lon is None or plan.lat is None or not _within_degrees(sample, plan.lon.column, plan.lat.column):
        raise CoordinateError(TableSaying.PROJECTED(taken))
    note = TableSaying.TAKEN_FOR_DEGREES(taken)
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
    wide = [_number(text) for text in texts(sample, lon)]
    high = [_number(text) for text in texts(sample, lat)]
    return max(map(abs, wide), default=0.0) <= TURN and max(map(abs, high), default=0.0) <= TURN
