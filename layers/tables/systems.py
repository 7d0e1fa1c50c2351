"""The reference system that words name: EPSG codes, datums, UTM and MGA zones, national grids."""

import functools
import re

import geopandas as gpd

from oreway.layers.errors import CoordinateError
from oreway.layers.tables.coordinates import cleaned
from oreway.layers.tables.sayings import TableSaying

WGS84 = "EPSG:4326"
CODE = re.compile(
    r"(?:urn:ogc:def:crs:|http://www\.opengis\.net/def/crs/)?(epsg|esri|ogc)[:/\s_]+(?:[\d.]*[:/])?(\w+)", re.IGNORECASE
)
DATUMS = {
    "wgs84": 4326, "wgs72": 4322, "gda94": 4283, "gda2020": 7844, "nad83": 4269, "nad27": 4267, "etrs89": 4258,
    "ed50": 4230, "agd66": 4202, "agd84": 4203, "jgd2000": 4612, "jgd2011": 6668, "tokyo": 4301, "osgb36": 4277,
    "gr96": 4747, "psad56": 4248, "sad69": 4618, "sirgas2000": 4674,
}  # fmt: skip
NATIONAL = {
    "bng": 27700, "osgb": 27700, "osgb36": 27700, "british national grid": 27700, "nztm": 2193, "nztm2000": 2193,
    "sweref99": 3006, "sweref99 tm": 3006, "web mercator": 3857,
    "日本測地系": 4301, "旧日本測地系": 4301, "世界測地系": 6668, "日本測地系2000": 4612, "日本測地系2011": 6668,
    "pulkovo 1942": 4284, "ск-42": 4284, "sk-42": 4284, "beijing 1954": 4214, "北京54": 4214, "xian 1980": 4610,
    "西安80": 4610, "cgcs2000": 4490, "国家2000": 4490, "corrego alegre": 4225, "arc 1950": 4209, "arc 1960": 4210,
    "cape": 4222, "hartebeesthoek94": 4148,
}  # fmt: skip
NORTH_OF = {"wgs84": 32600, "wgs72": 32200, "nad83": 26900, "nad27": 26700, "etrs89": 25800, "ed50": 23000,
            "gr96": 3160,
            "jgd2000": 3046, "jgd2011": 6637}  # fmt: skip
SOUTH_OF = {
    "wgs84": 32700,
    "wgs72": 32300,
    "gda94": 28300,
    "gda2020": 7800,
    "agd66": 20200,
    "agd84": 20300,
    "sirgas2000": 31960,
}
SPELT = {"gda20": "gda2020", "mga94": "gda94", "mga2020": "gda2020", "mga20": "gda2020", "amg66": "agd66", "amg84":
"agd84",
         "wgs1984": "wgs84", "gda1994": "gda94", "worldgeodeticsystem1984": "wgs84", "osgb": "osgb36"}  # fmt: skip
NAME = re.compile(
    r"(wgs|gda|nad|etrs|ed|agd|amg|mga|jgd|gr|psad|sad|sirgas|osgb|sweref)[\s_-]*(\d{2,4})?|tokyo", re.IGNORECASE
)
MGA_ZONE = re.compile(r"mga[\s_-]*(4[6-9]|5\d)(?!\d)")  # MGA51 names a zone, MGA94 and MGA20 a year
FULL_NAME = re.compile(r"[\w() .+-]{2,60} / [\w() .,+-]{2,60}")
ZONE = re.compile(r"(?<!\d)(\d{1,2})\s*([a-z])?(?![a-z\d])", re.IGNORECASE)
BANDS_OF_THE_SOUTH, BANDS_OF_THE_NORTH = "CDEFGHJKLM", "NPQRTUVWX"
BAND_S_M = (3_541_000.0, 4_431_000.0)  # northings of band S, which is in the north, 32 to 40 degrees
CURE = TableSaying.CURE()


@functools.lru_cache(maxsize=4_096)
def code_of(text: str, zone: str = "", hemisphere: str = "", northing: float = 0.0) -> str:
    """Return the code of the reference system that some words name.

    Args:
        text: a code, a datum, or a grid with its zone: "EPSG:28351", "GDA94", "MGA94 Zone 51", "UTM".
        zone: the zone where it stands apart: "51", "51K".
        hemisphere: N or S where it stands apart.
        northing: of one point, which tells UTM's band S from the south.

    Raises:
        CoordinateError: not known, or the words fit two systems.
    """
    if zone and not text and re.search("mga|amg|utm", zone, re.IGNORECASE):  # a column of zones that holds "MGA51"
        text, zone = zone, ""
    plain = MGA_ZONE.sub(r"mga zone \1", cleaned(text).lower())
    if code := CODE.search(plain):
        return WGS84 if code[2] == "crs84" else f"{code[1].upper()}:{code[2]}"
    if plain.isdigit() and len(plain) >= 4:
        return f"EPSG:{plain}"
    if FULL_NAME.fullmatch(plain) and (named := _registered(cleaned(text))):
        return named
    if plain in NATIONAL:
        return f"EPSG:{NATIONAL[plain]}"
    datum = _datum(plain)
    rest = NAME.sub(" ", plain)
    number = ZONE.search(cleaned(zone).lower() or rest)
    if number is None or (not zone and not re.search(r"zone|utm|mga|amg|\bz\s*\d", plain)):
        if datum in DATUMS and not re.search("utm|mga|amg", plain):
            return f"EPSG:{DATUMS[datum]}"
        raise CoordinateError(TableSaying.SYSTEM_NOT_KNOWN(repr(text[:40])))
    return _zoned(datum or "wgs84", int(number[1]), (number[2] or "").upper() or hemisphere, northing)


def _registered(name: str) -> str:
    """Return the code of a system by the full name its register gives it, "" for none: "NZGD2000 / NZTM 2000"."""
    try:
        code = gpd.GeoSeries([], crs=name).crs
        number = None if code is None or code.name.lower() != name.lower() else code.to_epsg()
    except (ValueError, RuntimeError):
        return ""
    return f"EPSG:{number}" if number else ""


def _datum(text: str) -> str:
    found = NAME.search(text)
    if found is None:
        return ""
    name = re.sub(r"[\s_-]", "", found[0])
    if name == "amg":
        raise CoordinateError(TableSaying.AMG_YEAR(CURE))
    return "gda94" if name in {"mga", "gda"} else SPELT.get(name, name)


def _zoned(datum: str, zone: int, letter: str, northing: float) -> str:
    if not 1 <= zone <= 60:
        raise CoordinateError(TableSaying.NO_SUCH_ZONE(zone))
    south = _is_south(letter, northing) if datum in NORTH_OF and datum in SOUTH_OF else datum in SOUTH_OF
    base = (SOUTH_OF if south else NORTH_OF).get(datum)
    if base is None:
        raise CoordinateError(TableSaying.NO_ZONES(datum.upper(), CURE))
    return f"EPSG:{base + zone}"


def _is_south(letter: str, northing: float) -> bool:
    if letter == "S" and BAND_S_M[0] <= northing <= BAND_S_M[1]:
        raise CoordinateError(TableSaying.ZONE_LETTER_S(CURE))
    if letter and (letter == "S" or letter in BANDS_OF_THE_SOUTH):
        return True
    if letter and letter in BANDS_OF_THE_NORTH:
        return False
    raise CoordinateError(TableSaying.ZONE_WITHOUT_SIDE(TableSaying.CURE_OR()))


def measured_in_feet(code: str) -> bool:
    """Tell whether a reference system counts in feet of one kind or another."""
    try:
        system = gpd.GeoSeries([], crs=code).crs
    except (ValueError, RuntimeError):
        return False
    return system is not None and "foot" in str(system.axis_info[0].unit_name).lower()
