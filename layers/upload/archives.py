"""Zip archives a stranger may send: what is inside is told from its names and first bytes and unpacked under limits."""

import dataclasses
import io
import lzma
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from oreway.layers.errors import UploadError
from oreway.layers.upload.limits import Limits, brief, limit_unpacked, shown
from oreway.layers.upload.native import (
    EXCEL,
    FLATGEOBUF,
    GEODATABASE,
    GEOPACKAGE,
    MAPINFO,
    OPEN_SHEET,
    SHAPEFILE,
    by_gdal,
    from_bytes,
    shapefile_encoding,
)  # fmt: skip
from oreway.layers.upload.raw import Choice, Raw, chosen_layer
from oreway.layers.upload.sayings import FileSaying
from oreway.said import Joint, PlainSaying, Said

ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
MAPINFO_PARTS = (".tab", ".dat", ".map", ".id", ".ind", ".mif", ".mid")
SHAPE_MAGIC, SHAPE_VERSION = b"\x00\x00\x27\x0a", b"\xe8\x03\x00\x00"
SHAPES_OF_POINTS = frozenset({1, 8, 11, 18, 21, 28})
ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
ALONE = (".csv", ".tsv", ".geojson", ".json", ".kml", ".gpx", ".gpkg", ".parquet", ".fgb", ".geojsonl", ".txt")
OTHERS_OFFICE = {
    "word/document.xml": FileSaying.WORD_DOCUMENT, "ppt/presentation.xml": FileSaying.PRESENTATION
}  # fmt: skip
DRIVER_OF_ENDING = {".gpkg": GEOPACKAGE, ".fgb": FLATGEOBUF}
UNSEEN = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
ABOUT = re.compile(r"(read[ _-]?me|licen[cs]e|copying|metadata|changelog)\b.*\.(txt|md)", re.IGNORECASE)
GEODATABASE_FILE = re.compile(r"[A-Za-z0-9_]{1,40}(\.[A-Za-z]{1,20})?")
MOST_MEMBERS = 1_000
UNZIP_FAULTS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError,
    LookupError,
    zlib.error, lzma.LZMAError,
)  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Inside:
    """One file of an archive that is read as if it came alone."""

    content: bytes
    notes: tuple[Said, ...]


def _opened(content: bytes, place: str, limits: Limits) -> tuple[zipfile.ZipFile, list[zipfile.ZipInfo]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        raise UploadError(FileSaying.DAMAGED_ZIP(place)) from None
    members = [item for item in archive.infolist() if item.filename and not item.filename.endswith("/")]
    if len(members) > MOST_MEMBERS:
        raise UploadError(FileSaying.FILES_IN_ARCHIVE(place, format(len(members), ",")))
    limit_unpacked(sum(item.file_size for item in members), place, limits)
    return archive, [item for item in members if not UNSEEN.search(item.filename)]


def zip_driver(content: bytes) -> str:
    """Return the driver of GDAL that an archive needs, "" for none; nothing of it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name.lower() for name in archive.namelist()[:MOST_MEMBERS] if not UNSEEN.search(name)]
    except UNZIP_FAULTS:
        return ""
    if "xl/workbook.xml" in names:
        return EXCEL
    if "mimetype" in names and "content.xml" in names:
        return OPEN_SHEET
    for endings, driver in (((".shp",), SHAPEFILE), ((".gdbtable",), GEODATABASE), ((".tab", ".mif"), MAPINFO)):
        if any(name.endswith(endings) for name in names):
            return driver
    return next((driver for end, driver in DRIVER_OF_ENDING.items() if any(name.endswith(end) for name in names)), "")


def from_zip(content: bytes, place: str, limits: Limits, choice: Choice) -> Raw | Inside:
    """Return the rows in a zip archive, or the one file in it that is read as if it came alone.

    Raises:
        UploadError: damaged, nothing that is read inside, or above a limit.
        ChoiceError: several Shapefiles or files, and none named.
    """
    archive, members = _opened(content, place, limits)
    with archive:
        names = {item.filename.lower(): item for item in members}
        driver = zip_driver(content)
        if driver in {EXCEL, OPEN_SHEET}:
            return _workbook(archive, members, content, driver, place, limits, choice)
        for name, kind in OTHERS_OFFICE.items():
            if name in names:
                raise UploadError(PlainSaying.PLACED(place, Joint.CLAUSES(kind(), FileSaying.SAVE_TABLE())))
        if any(name.endswith(".shp") for name in names):
            return _shapefile(archive, members, place, limits, choice)
        if any(name.endswith(".gdbtable") for name in names):
            return _geodatabase(archive, members, place, limits, choice)
        if any(name.endswith((".tab", ".mif")) for name in names):
            return _mapinfo(archive, members, place, limits, choice)
        return _alone(archive, members, place, limits, choice)


def unpacked(archive: zipfile.ZipFile, item: zipfile.ZipInfo, place: str, limits: Limits) -> bytes:
    """Return the content of one member.

    Raises:
        UploadError: it cannot be unpacked, or is larger than allowed, whatever the archive says.
    """
    most = int(limits.unpacked_mb * 1e6)
    try:
        with archive.open(item) as handle:
            content = handle.read(most + 1)
    except UNZIP_FAULTS as error:
        raise UploadError(FileSaying.NOT_UNPACKED(place, shown(item.filename), brief(error))) from None
    limit_unpacked(len(content), place, limits)
    return content


def _workbook(
    archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], content: bytes, driver: str, place: str,
    limits: Limits,
    choice: Choice,
) -> Raw:  # fmt: skip
    if driver == OPEN_SHEET:
        kind = unpacked(archive, archive.getinfo("mimetype"), place, limits)
        if not kind.startswith(ODS_TYPE):
            raise UploadError(FileSaying.NO_SPREADSHEET(place))
    limit_unpacked(sum(len(unpacked(archive, item, place, limits)) for item in members), place, limits)
    return from_bytes(content, driver, ".xlsx" if driver == EXCEL else ".ods", place, limits, choice)


def _shapefile(
    archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], place: str, limits: Limits, choice: Choice
) -> Raw:
    stems = {item.filename[:-4]: item for item in members if item.filename.lower().endswith(".shp")}
    heads = {stem: _head(archive, item) for stem, item in stems.items()}
    points = [stem for stem, head in heads.items() if len(head) > 35 and head[32] in SHAPES_OF_POINTS]
    wanted = next(
        (stem for stem in stems if choice.layer and choice.layer in {stem, PurePosixPath(stem).name}), choice.layer
    )
    stem, notes = chosen_layer(list(stems), [], points, place, wanted)
    parts = {}
    for item in members:
        ending = PurePosixPath(item.filename).suffix.lower()
        if item.filename[: -len(ending) or None].lower() == stem.lower() and ending in SHAPEFILE_PARTS:
            parts[ending] = unpacked(archive, item, place, limits)
            _check_part(parts[ending], ending, place)
    if not {".shx", ".dbf"} <= set(parts):
        raise UploadError(FileSaying.SHAPEFILE_PARTS(place))
    if ".prj" not in parts:
        notes.append(FileSaying.NO_PRJ())
    encoding, told = shapefile_encoding(parts[".dbf"], parts.get(".cpg"))
    raw = _from_parts(parts, ".shp", SHAPEFILE, place, limits, Choice(system=choice.system), encoding)
    raw.notes = [*notes, *([told] if told else []), *raw.notes]
    raw.layers = tuple(PurePosixPath(one).name for one in stems) if len(stems) > 1 else ()
    return raw


def _head(archive: zipfile.ZipFile, item: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(item) as handle:
            return handle.read(100)
    except UNZIP_FAULTS:
        return b""


def _check_part(part: bytes, ending: str, place: str) -> None:
    if ending in {".shp", ".shx"} and not (part.startswith(SHAPE_MAGIC) and part[28:32] == SHAPE_VERSION):
        raise UploadError(FileSaying.NO_SHAPEFILE(place, ending))


def _from_parts(
    parts: dict[str, bytes],
    main: str,
    driver: str,
    place: str,
    limits: Limits,
    choice: Choice,
    encoding: str | None = None,
) -> Raw:
    with tempfile.TemporaryDirectory() as folder:
        for ending, part in parts.items():
            (Path(folder) / f"upload{ending}").write_bytes(part)
        return by_gdal(Path(folder) / f"upload{main}", driver, place, limits, choice, encoding=encoding)


def _geodatabase(
    archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], place: str, limits: Limits, choice: Choice
) -> Raw:
    folders = sorted(
        {str(PurePosixPath(i.filename).parent) for i in members if i.filename.lower().endswith(".gdbtable")}
    )
    if len(folders) > 1:
        raise UploadError(FileSaying.SEVERAL_GEODATABASES(place, len(folders)))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "upload.gdb"
        home.mkdir()
        total = 0
        for item in members:
            path = PurePosixPath(item.filename)
            if str(path.parent) == folders[0] and GEODATABASE_FILE.fullmatch(path.name):
                part = unpacked(archive, item, place, limits)
                total += len(part)
                limit_unpacked(total, place, limits)
                (home / path.name).write_bytes(part)
        return by_gdal(home, GEODATABASE, place, limits, choice)


def _mapinfo(
    archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], place: str, limits: Limits, choice: Choice
) -> Raw:
    stems = {i.filename[:-4]: i.filename[-4:].lower() for i in members if i.filename.lower().endswith((".tab", ".mif"))}
    stem, notes = chosen_layer(list(stems), [], [], place, choice.layer)
    parts = {}
    for item in members:
        ending = PurePosixPath(item.filename).suffix.lower()
        if item.filename[: -len(ending) or None].lower() == stem.lower() and ending in MAPINFO_PARTS:
            parts[ending] = unpacked(archive, item, place, limits)
    main = stems[stem]
    text = parts[main][:20_000].decode("latin-1").lower()
    if (main == ".tab" and not re.search(r"type\s+native", text)) or (
        main == ".mif" and not text.lstrip().startswith("version")
    ):
        raise UploadError(FileSaying.NO_MAPINFO(place))
    raw = _from_parts(parts, main, MAPINFO, place, limits, Choice(system=choice.system))
    raw.notes = [*notes, *raw.notes]
    return raw


def _alone(
    archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], place: str, limits: Limits, choice: Choice
) -> Inside:
    found = [item for item in members if _may_be_read(item.filename)]
    maps = [item for item in found if item.filename.lower().endswith(".kml")]
    if maps and len(maps) == len([i for i in found if not i.filename.lower().endswith(".txt")]):
        found = [next((item for item in maps if item.filename.lower() == "doc.kml"), maps[0])]
    if not found:
        raise UploadError(FileSaying.NOTHING_IN_ARCHIVE(place))
    by_name = {item.filename: item for item in found}
    name, notes = chosen_layer(list(by_name), [], [], place, choice.layer if choice.layer in by_name else "")
    notes.append(FileSaying.FROM_ARCHIVE(shown(PurePosixPath(name).name)))
    return Inside(content=unpacked(archive, by_name[name], place, limits), notes=tuple(notes))


def _may_be_read(name: str) -> bool:
    path = PurePosixPath(name)
    return (
        path.suffix.lower() in ALONE
        and not ABOUT.fullmatch(path.name)
        and (path.suffix.lower() != ".txt" or (".." not in path.parts and not path.is_absolute()))
    )


def from_gzip(content: bytes, place: str, limits: Limits) -> Inside:
    """Return what a gzip file holds.

    Raises:
        UploadError: damaged, or larger than allowed.
    """
    most = int(limits.unpacked_mb * 1e6)
    try:
        inside = b"".join(_gunzipped(content, most + 1))
    except zlib.error as error:
        raise UploadError(FileSaying.DAMAGED_GZIP(place, brief(error))) from None
    limit_unpacked(len(inside), place, limits)
    return Inside(content=inside, notes=(FileSaying.GUNZIPPED(),))


def _gunzipped(content: bytes, most: int) -> Iterator[bytes]:
    reader = zlib.decompressobj(wbits=31)
    yield reader.decompress(content, most)
