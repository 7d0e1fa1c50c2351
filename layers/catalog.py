"""The catalogue: which file holds what, whose it is, and whether it is whole."""

import dataclasses
import hashlib
import tomllib
from functools import lru_cache
from pathlib import Path

from oreway.layers.errors import CatalogError
from oreway.layers.sayings import LayerSaying
from oreway.said import Said

DATA = Path(__file__).parent.parent / "data"
REQUIRED = ("title", "file", "sha256", "geometry_type", "licence", "attribution", "source_url", "retrieved", "changes")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Dataset:
    """One file and its provenance; the licence is that of the data, not of the package it came in."""

    id: str
    title: str
    file: str
    sha256: str
    geometry_type: str
    licence: str
    attribution: str
    source_url: str
    retrieved: str
    changes: str
    source_package: str = ""
    source_version: str = ""
    rows: int | None = None
    known_defects: tuple[str, ...] = ()


def read_catalog(data: Path = DATA) -> dict[str, Dataset]:
    """Read data/catalog.toml.

    Returns:
        Data sets by id, in the file's order.

    Raises:
        CatalogError: the file is missing or not TOML, or tables lack required keys (all named at once).
    """
    path = data / "catalog.toml"
    try:
        stat = path.stat()
        return dict(_datasets(path, stat.st_size, stat.st_mtime_ns))
    except FileNotFoundError:
        raise CatalogError(LayerSaying.NO_CATALOG(path)) from None


@lru_cache(maxsize=8)
def _datasets(path: Path, size: int, modified_ns: int) -> dict[str, Dataset]:  # noqa: ARG001 - the cache's key
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8")).get("datasets", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CatalogError(LayerSaying.NOT_TOML(path, error)) from None
    complaints: list[str] = []
    datasets: dict[str, Dataset] = {}
    known = {field.name for field in dataclasses.fields(Dataset)}
    for dataset_id, table in tables.items():
        missing = [key for key in REQUIRED if not table.get(key)]
        if missing:
            complaints.append(f"catalog.toml, table {dataset_id}: no {', '.join(missing)}; fill in or run `make data`")
            continue
        values = {key: value for key, value in table.items() if key in known}
        values["known_defects"] = tuple(values.get("known_defects", ()))
        datasets[dataset_id] = Dataset(id=dataset_id, **values)
    if complaints:
        raise CatalogError("\n".join(complaints))
    return datasets


def find_dataset(dataset_id: str, data: Path = DATA) -> Dataset:
    """Return one data set.

    Raises:
        CatalogError: no such id.
    """
    catalog = read_catalog(data)
    if dataset_id not in catalog:
        raise CatalogError(LayerSaying.NO_DATA_SET(repr(dataset_id)))
    return catalog[dataset_id]


@lru_cache(maxsize=256)
def _digest(path: Path, size: int, modified_ns: int) -> str:  # noqa: ARG001 - size and time are the cache's key
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fault(dataset: Dataset, data: Path = DATA) -> Said | None:
    """Say what is wrong with a data set's file, or None when it is whole."""
    path = data / dataset.file
    try:
        stat = path.stat()
        digest = _digest(path, stat.st_size, stat.st_mtime_ns)
    except OSError as error:
        return LayerSaying.DATA_UNREAD(dataset.file, error.strerror)
    if digest != dataset.sha256:
        return LayerSaying.DATA_CHANGED(dataset.file, digest[:12], dataset.sha256[:12])
    return None


def verified_path(dataset_id: str, data: Path = DATA) -> Path:
    """Return the path of a data set's file once its checksum is found right.

    Raises:
        CatalogError: unknown id, file missing, or checksum wrong; the message names the file.
    """
    dataset = find_dataset(dataset_id, data)
    wrong = fault(dataset, data)
    if wrong is not None:
        raise CatalogError(wrong)
    return data / dataset.file


def data_version(data: Path = DATA) -> str:
    """Return twelve hex digits that change when any data set changes; the first is d, so no reader takes a number."""
    digests = "".join(f"{d.id}={d.sha256}\n" for d in sorted(read_catalog(data).values(), key=lambda item: item.id))
    return "d" + hashlib.sha256(digests.encode()).hexdigest()[:11]


def complaints(data: Path = DATA) -> list[str]:
    """Say everything that is wrong with the catalogue and the files behind it; empty when all is whole."""
    catalog = read_catalog(data)
    found: list[str] = [wrong for dataset in catalog.values() if (wrong := fault(dataset, data)) is not None]
    listed = {dataset.file for dataset in catalog.values()}
    present = [path for pattern in ("*.parquet", "*.tif") for path in sorted(data.rglob(pattern))]
    names = [path.relative_to(data).as_posix() for path in present]
    found += [f"data/{name}: not in catalog.toml; add it or remove the file" for name in names if name not in listed]
    return found
