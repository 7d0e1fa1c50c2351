"""Ask object storage for what GeoParquet files hold in some areas: a listing, footers, row groups by ranges of bytes.

A file's footer tells the box of each row group (covering of GeoParquet 1.1, columns bbox.xmin …), so that of hundreds
of gigabytes only what may touch an area is asked for. Of releases side by side the newest is taken.
"""

import contextlib
import dataclasses
import io
from collections.abc import Iterator, Sequence
from typing import Protocol
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from oreway.arrays import Floats
from oreway.layers.online.areas import Area, Feature
from oreway.layers.online.errors import OnlineError, brief
from oreway.layers.online.gml import xml_root
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.online.services import Service

SIDES = ("xmin", "ymin", "xmax", "ymax")
HIVE = ("theme", "type")
RELEASES = "release/"
SUFFIX = ".parquet"
MOST_LISTINGS = 50
OUTLINED = ("water",)  # layers whose areas are measured from their edge


class AskRange(Protocol):
    """Read an address, or of it the bytes first to last."""

    def __call__(self, address: str, *, span: tuple[int, int] | None = None) -> bytes:
        """Return the body."""


def geoparquet_features(service: Service, areas: Sequence[Area], ask: AskRange) -> list[list[Feature]]:
    """Return for each area the features of the newest release whose boxes touch it.

    `query` of the service names the partitions (theme, type), then columns and the words they may hold; `fields` may
    reach into a struct by a dot (names.primary).

    Raises:
        OnlineError: no listing, no file, no ranges, or a file is cut, damaged or without boxes.
    """
    wanted = service.parameters
    release = _newest(service, ask)
    where = "".join(f"{name}={wanted[name]}/" for name in HIVE if name in wanted)
    found: list[list[Feature]] = [[] for _ in areas]
    boxes = np.array([area.bounds for area in areas])
    files = [entry for entry in _files(service, release + where, ask) if entry[0].endswith(SUFFIX)]
    if not files:
        raise OnlineError(OnlineSaying.NO_FILES(service.id, release + where))
    for key, size in files:
        for table in _tables(service, key, size, boxes, ask):
            for mine, area in zip(found, areas, strict=True):
                mine.extend(_features(table, service, area))
    return found


def _newest(service: Service, ask: AskRange) -> str:
    folders, _ = _listing(service, RELEASES, ask, folders=True)
    if not folders:
        raise OnlineError(OnlineSaying.NO_RELEASE(service.id))
    return max(folders)


def _files(service: Service, prefix: str, ask: AskRange) -> list[tuple[str, int]]:
    return _listing(service, prefix, ask, folders=False)[1]


def _listing(
    service: Service, prefix: str, ask: AskRange, *, folders: bool
) -> tuple[list[str], list[tuple[str, int]]]:  # fmt: skip
    """Return the folders and the files (key, bytes) under a prefix, page after page (ListObjectsV2)."""
    names: list[str] = []
    files: list[tuple[str, int]] = []
    asked = {"list-type": "2", "prefix": prefix, **({"delimiter": "/"} if folders else {})}
    for _ in range(MOST_LISTINGS):
        root = xml_root(ask(f"{service.url}/?{urlencode(asked)}"), service.id)
        names += [_told(one, "Prefix") for one in _children(root, "CommonPrefixes")]
        files += [(_told(one, "Key"), _size(one, service)) for one in _children(root, "Contents")]
        if _told(root, "IsTruncated") != "true":
            return names, files
        asked["continuation-token"] = _told(root, "NextContinuationToken")
    raise OnlineError(OnlineSaying.ENDLESS_LIST(service.id))


def _children(root: ET.Element, name: str) -> list[ET.Element]:
    return [one for one in root if one.tag.rpartition("}")[2] == name]


def _told(root: ET.Element, name: str) -> str:
    return next((one.text or "" for one in _children(root, name)), "")


def _size(entry: ET.Element, service: Service) -> int:
    told = _told(entry, "Size")
    if not told.isdecimal():
        raise OnlineError(OnlineSaying.NO_SIZES(service.id))
    return int(told)


@dataclasses.dataclass
class _Ranges(io.RawIOBase):
    """A file on a server, read by ranges of bytes."""

    address: str
    size: int
    ask: AskRange
    at: int = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can be read from anywhere."""
        return True

    def tell(self) -> int:
        """Return the place of the next byte."""
        return self.at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to another place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        self.at = max(0, start + offset)
        return self.at

    def read(self, count: int | None = -1, /) -> bytes:
        """Return so many bytes, all that are left for less than 0."""
        left = max(0, self.size - self.at)
        count = left if count is None or count < 0 else min(count, left)
        if not count:
            return b""
        body = self.ask(self.address, span=(self.at, self.at + count - 1))
        self.at += count
        return body


@contextlib.contextmanager
def _damage(service: Service, key: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, OnlineError):
            raise
        raise OnlineError(OnlineSaying.NOT_GEOPARQUET(service.id, key.rpartition("/")[2], brief(error))) from None


def _tables(service: Service, key: str, size: int, boxes: Floats, ask: AskRange) -> Iterator[pa.Table]:
    """Yield the row groups of a file that may touch an area, their structs flattened to columns with dots."""
    source = _Ranges(f"{service.url}/{quote(key, safe='/=')}", size, ask)
    with _damage(service, key):
        file = pq.ParquetFile(source, pre_buffer=True)
        known = {file.schema.column(i).path for i in range(len(file.schema.names))}
        columns = [name for name in _columns(service) if any(path.startswith(name) for path in known)]
        for group in range(file.metadata.num_row_groups):
            if _may_touch(file.metadata.row_group(group), boxes, service):
                yield _flat(file.read_row_group(group, columns=[*columns, "bbox", "geometry"]))


def _columns(service: Service) -> list[str]:
    fields = [field for field in service.fields.values() if not field.startswith("'")]
    return list(dict.fromkeys([*fields, *(name for name in service.parameters if name not in HIVE)]))


def _flat(table: pa.Table) -> pa.Table:
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _may_touch(group: pq.RowGroupMetaData, boxes: Floats, service: Service) -> bool:
    told = {}
    for i in range(group.num_columns):
        column = group.column(i)
        if column.path_in_schema.startswith("bbox."):
            told[column.path_in_schema[5:]] = column.statistics
    if not all(told.get(side) is not None and told[side].has_min_max for side in SIDES):
        raise OnlineError(OnlineSaying.NO_BOXES(service.id))
    west, south, east, north = boxes.T
    meets = (told["xmin"].min <= east) & (told["xmax"].max >= west)
    return bool((meets & (told["ymin"].min <= north) & (told["ymax"].max >= south)).any())


def _features(table: pa.Table, service: Service, area: Area) -> list[Feature]:
    """Return the rows whose box touches an area and whose columns hold a word that is asked for."""
    xmin, ymin, xmax, ymax = (table[f"bbox.{side}"].to_numpy() for side in SIDES)
    keep = (xmin <= area.east) & (xmax >= area.west) & (ymin <= area.north) & (ymax >= area.south)
    for name, words in service.parameters.items():
        if name not in HIVE:
            if name not in table.column_names:
                raise OnlineError(OnlineSaying.COLUMN_GONE(service.id, repr(name)))
            keep &= np.isin(table[name].to_numpy(zero_copy_only=False).astype(str), words.split(","))
    rows = table.filter(pa.array(keep))
    shapes = shapely.from_wkb(rows["geometry"].to_numpy(zero_copy_only=False), on_invalid="ignore")
    told = rows.drop_columns([name for name in rows.column_names if name == "geometry"]).to_pylist()
    return [
        Feature(key=str(row.get("id") or ""), properties=row, geometry=_plain(shape, service))
        for row, shape in zip(told, shapes, strict=True)
        if shape is None or shape.intersects(shapely.box(*area.bounds))
    ]


def _plain(shape: shapely.Geometry | None, service: Service) -> shapely.Geometry | None:
    """Return a point on an outlined plant or substation; water with its outline, lines and points as they are."""
    if shape is not None and service.layer_id in OUTLINED:
        return shape if shapely.is_valid(shape) else shapely.make_valid(shape)
    if isinstance(shape, (shapely.Polygon, shapely.MultiPolygon)):
        point: shapely.Geometry = shapely.point_on_surface(shape)
        return point
    return shape
