"""The formats a stranger's file may have, each told by its first bytes and read under limits."""

import re

from oreway.layers.errors import UploadError
from oreway.layers.upload.archives import GZIP, ZIP, Inside, from_gzip, from_zip, zip_driver
from oreway.layers.upload.json_features import rows_from_json
from oreway.layers.upload.limits import Limits
from oreway.layers.upload.native import FLATGEOBUF, GEOPACKAGE, from_bytes, from_geopackage, from_parquet
from oreway.layers.upload.raw import Choice, Raw
from oreway.layers.upload.sayings import FileSaying
from oreway.layers.upload.text import decoded, rows_from_text
from oreway.layers.upload.xml_marks import rows_from_xml
from oreway.said import Joint, PlainSaying, Said, listed, word

__all__ = ["FORMATS", "Limits", "driver_of", "read_raw"]
FORMATS = (
    "CSV", "XLSX", "ODS", "GeoJSON", "KML", "KMZ", "GPX", "GeoPackage", "GeoParquet", "FlatGeobuf", "zipped Shapefile",
    "zipped FileGDB", "zipped MapInfo",
)  # fmt: skip
PARQUET, SQLITE, FGB = b"PAR1", b"SQLite format 3\x00", b"fgb\x03fgb"
REFUSED = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileSaying.OLD_OFFICE, FileSaying.SAVE_AS_XLSX),
    (b"\x00\x00\x27\x0a", FileSaying.SHP_ALONE, FileSaying.ZIP_WHOLE),
    (b"ARROW1", FileSaying.ARROW_FILE, FileSaying.SAVE_AS_PARQUET),
    (b"%PDF", FileSaying.PDF, FileSaying.SAVE_TABLE),
    (b"Rar!", FileSaying.RAR, FileSaying.MAKE_ZIP),
    (b"7z\xbc\xaf\x27\x1c", FileSaying.SEVEN_ZIP, FileSaying.MAKE_ZIP),
    (b"II*\x00", FileSaying.TIFF, FileSaying.EXPORT_POINTS),
    (b"MM\x00*", FileSaying.TIFF, FileSaying.EXPORT_POINTS),
    (b"\x89PNG", FileSaying.PICTURE, FileSaying.EXPORT_POINTS),
    (b"\xff\xd8\xff", FileSaying.PICTURE, FileSaying.EXPORT_POINTS),
    (b"AC10", FileSaying.DWG, FileSaying.EXPORT_WITH_SYSTEM),
)
DXF = re.compile(r"\s*(?:999\s.*?\n\s*)?0\s*\n\s*SECTION\b", re.DOTALL)
HTML = re.compile(
    r"\ufeff?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|table)\b", re.IGNORECASE | re.DOTALL
)
MIF = re.compile(r"\s*version\s+\d+\s*\n", re.IGNORECASE)


def driver_of(content: bytes) -> str:
    """Return the driver of GDAL that a file's content needs, "" for none."""
    if content.startswith(SQLITE):
        return GEOPACKAGE
    if content.startswith(FGB):
        return FLATGEOBUF
    return zip_driver(content) if content.startswith(ZIP) else ""


def read_raw(content: bytes, place: str, limits: Limits, choice: Choice, *, inside: bool = False) -> Raw:
    """Return the rows in a file's bytes, its format told by the first of them.

    Raises:
        UploadError: a format that is not read (says which and the cure), damaged, or above a limit.
        ChoiceError: several layers or sheets, and none named.
    """
    if content.startswith(PARQUET):
        return from_parquet(content, place, limits)
    if content.startswith(SQLITE):
        return from_geopackage(content, place, limits, choice)
    if content.startswith(FGB):
        return from_bytes(content, FLATGEOBUF, ".fgb", place, limits, choice)
    if content.startswith((ZIP, GZIP)):
        return _unpacked(content, place, limits, choice, inside=inside)
    for start, kind, cure in REFUSED:
        if content.startswith(start):
            raise UploadError(PlainSaying.PLACED(place, Joint.CLAUSES(kind(), cure())))
    return _from_text(content, place, limits)


def _unpacked(content: bytes, place: str, limits: Limits, choice: Choice, *, inside: bool) -> Raw:
    if inside:
        raise UploadError(FileSaying.ARCHIVE_IN_ARCHIVE(place))
    found = from_gzip(content, place, limits) if content.startswith(GZIP) else from_zip(content, place, limits, choice)
    if not isinstance(found, Inside):
        return found
    if not found.content.strip():
        raise UploadError(FileSaying.EMPTY(place, listed(map(word, FORMATS))))
    raw = read_raw(found.content, place, limits, choice, inside=True)
    raw.notes = [*found.notes, *raw.notes]
    return raw


def _from_text(content: bytes, place: str, limits: Limits) -> Raw:
    notes: list[Said] = []
    text = decoded(content, place, notes)
    start = text.lstrip("\ufeff\x1e \t\r\n")[:1]
    if start == "{" or (start == "[" and text.lstrip("\ufeff \t\r\n[")[:1] in {"{", "["}):
        return rows_from_json(text.strip("\ufeff\x1e \t\r\n"), place, limits, notes)
    if HTML.match(text[:2_000]):
        raise UploadError(FileSaying.WEB_PAGE(place))
    if start == "<":
        return rows_from_xml(text, place, limits, notes)
    if DXF.match(text[:2_000]):
        raise UploadError(FileSaying.DXF(place))
    if MIF.match(text[:200]):
        raise UploadError(FileSaying.MIF_ALONE(place))
    if text.lstrip("\ufeff \r\n").startswith("!table"):
        raise UploadError(FileSaying.TAB_ALONE(place))
    return rows_from_text(text, place, limits, notes)
