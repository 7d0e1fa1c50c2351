"""Refreshed layers on disk: one GeoParquet and one JSON side file each, written whole, read only when whole."""

import contextlib
import dataclasses
import hashlib
import json
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyarrow
from filelock import FileLock

from oreway.layers.catalog import DATA
from oreway.layers.errors import SchemaError
from oreway.layers.online.areas import Area
from oreway.layers.online.errors import OnlineError, brief
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.schema import check_infrastructure

FILE_NAME = re.compile(r"[a-z_]+-[0-9a-f]{12}\.parquet")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Refreshed:
    """What a refreshed layer is: where from, whose, when, how much of the shipped layer it stands in for.

    `scope` is areas (the boxes in `areas`), country (`countries`), whole, or beside, which replaces nothing.
    """

    layer_id: str
    file: str
    sha256: str
    retrieved: str
    services: tuple[str, ...]
    urls: tuple[str, ...]
    licence: str
    attribution: str
    rows: int
    left_out: int
    scope: str
    countries: tuple[str, ...] = ()
    radius_km: float | None = None
    areas: tuple[Area, ...] = ()


def writable(folder: Path) -> Path:
    """Return the folder, made when it is missing.

    Raises:
        OnlineError: it lies in the shipped data, or cannot be made.
    """
    if folder.resolve().is_relative_to(DATA.resolve()):
        raise OnlineError(OnlineSaying.CACHE_IN_DATA(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OnlineError(OnlineSaying.CACHE_NOT_MADE(folder, error.strerror)) from None
    return folder


def write_layer(frame: gpd.GeoDataFrame, about: Refreshed, folder: Path) -> Refreshed:
    """Write a layer and then its side file, which makes it count; return it with its file and checksum.

    What stood there before stays as it was when anything goes wrong. Two refreshes of a layer come one after the other;
    what a killed one left is removed.

    Raises:
        OnlineError: the folder cannot be written to.
    """
    try:
        with _alone(about.layer_id, folder):
            return _write_alone(frame, about, folder)
    except (OSError, pyarrow.ArrowException) as error:
        raise OnlineError(OnlineSaying.CACHE_NOT_WRITTEN(folder, brief(error))) from None


@contextlib.contextmanager
def _alone(layer_id: str, folder: Path) -> Iterator[None]:
    """Hold a layer's lock, which dies with its owner, and clear what earlier owners left."""
    with FileLock(folder / f".{layer_id}.lock"):
        for left in folder.glob(f".{layer_id}-*"):
            shutil.rmtree(left, ignore_errors=True)
        yield


def _write_alone(frame: gpd.GeoDataFrame, about: Refreshed, folder: Path) -> Refreshed:
    older = _older_file(about.layer_id, folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=f".{about.layer_id}-") as beside:
        part = Path(beside) / "part"
        frame.to_parquet(part, compression="zstd", write_covering_bbox=True)
        digest = hashlib.sha256(part.read_bytes()).hexdigest()
        written = dataclasses.replace(about, file=f"{about.layer_id}-{digest[:12]}.parquet", sha256=digest)
        side = Path(beside) / "side"
        text = json.dumps(dataclasses.asdict(written), ensure_ascii=False, indent=1)
        side.write_text(text + "\n", encoding="utf-8")
        part.replace(folder / written.file)
        side.replace(folder / f"{about.layer_id}.json")
    if older and older != written.file:
        (folder / older).unlink(missing_ok=True)
    return written


def _older_file(layer_id: str, folder: Path) -> str:
    try:
        return read_side(layer_id, folder).file
    except (OnlineError, FileNotFoundError):
        return ""


def read_side(layer_id: str, folder: Path) -> Refreshed:
    """Return what the side file says.

    Raises:
        FileNotFoundError: there is none.
        OnlineError: it is damaged.
    """
    path = folder / f"{layer_id}.json"
    try:
        return _refreshed(json.loads(path.read_text(encoding="utf-8")), layer_id)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise OnlineError(OnlineSaying.CACHE_DAMAGED(path, brief(error), layer_id)) from None


def _refreshed(told: Mapping[str, Any], layer_id: str) -> Refreshed:
    values = {field.name: told[field.name] for field in dataclasses.fields(Refreshed)}
    values |= {name: tuple(str(word) for word in values[name]) for name in ("services", "urls", "countries")}
    values["areas"] = tuple(Area(**{**area, "name": str(area["name"])}) for area in values["areas"])
    if values["layer_id"] != layer_id or not FILE_NAME.fullmatch(values["file"]):
        raise ValueError("it names another layer or file")
    return Refreshed(**values)


def read_cached(layer_id: str, folder: Path) -> tuple[gpd.GeoDataFrame, Refreshed]:
    """Return a refreshed layer and what it is.

    Raises:
        FileNotFoundError: the layer was never refreshed here.
        OnlineError: its file is missing, altered, unreadable or breaks the schema.
    """
    about = read_side(layer_id, folder)
    try:
        return _read_file(about, folder), about
    except OnlineError:
        newer = read_side(layer_id, folder)
        if newer == about:
            raise
        return _read_file(newer, folder), newer  # refreshed in between


def _read_file(about: Refreshed, folder: Path) -> gpd.GeoDataFrame:
    layer_id, path = about.layer_id, folder / about.file
    try:
        if hashlib.sha256(path.read_bytes()).hexdigest() != about.sha256:
            raise OnlineError(OnlineSaying.CACHE_CHANGED(path, layer_id))
        frame = gpd.read_parquet(path)
        check_infrastructure(frame, layer_id, path.name)
    except SchemaError as error:
        raise OnlineError(OnlineSaying.CACHE_SCHEMA(path, brief(error), layer_id)) from None
    except (pyarrow.ArrowException, OSError) as error:
        raise OnlineError(OnlineSaying.CACHE_UNREAD(path, brief(error), layer_id)) from None
    return frame
