"""Keep data/catalog.toml: one table a data set, written by the script that makes the file."""

import contextlib
import fcntl
import hashlib
import os
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"
CATALOG = DATA / "catalog.toml"
KEYS = (
    "title",
    "file",
    "sha256",
    "rows",
    "geometry_type",
    "licence",
    "attribution",
    "source_url",
    "source_package",
    "source_version",
    "retrieved",
    "changes",
    "known_defects",
    "script_sha256",
)


def sha256(path: Path) -> str:
    """Return the hex digest of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with (cache / "catalog.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def entries() -> dict[str, dict[str, object]]:
    """Return the catalogue's tables by data set id; empty when there is no catalogue yet."""
    if not CATALOG.exists():
        return {}
    return dict(tomllib.loads(CATALOG.read_text(encoding="utf-8")).get("datasets", {}))


def _literal(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_literal(item) for item in value) + "]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{text}"'


def _write(tables: dict[str, dict[str, object]]) -> None:
    lines = [
        "# Made by the scripts in scripts/ (`make data`): one table a data set. The licence is that of the data.",
        "",
    ]
    for dataset_id in sorted(tables):
        lines.append(f"[datasets.{dataset_id}]")
        lines += [f"{key} = {_literal(tables[dataset_id][key])}" for key in KEYS if key in tables[dataset_id]]
        lines.append("")
    handle, name = tempfile.mkstemp(dir=DATA, suffix=".toml")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write("\n".join(lines))
    Path(name).chmod(0o644)
    Path(name).replace(CATALOG)


def record(
    dataset_id: str,
    *,
    file: Path | str,
    title: str,
    licence: str,
    attribution: str,
    source_url: str,
    source_package: str,
    source_version: str,
    retrieved: str,
    geometry_type: str,
    changes: str,
    known_defects: list[str],
    rows: int | None = None,
    script: Path | None = None,
) -> None:
    """Write or replace one data set's table, with the file's checksum, under a lock.

    Args:
        dataset_id: the table's name.
        file: the file below data/, absolute or relative to data/.
        title: what it is, for people.
        licence: the licence of the data (not of the package it came in).
        attribution: the credit line the licence asks for.
        source_url: where the data's owner publishes it.
        source_package: registry and name of the package it was taken from.
        source_version: that package's version.
        retrieved: ISO date.
        geometry_type: Point, LineString, Polygon, Raster, Table or Asset.
        changes: what was changed on the way.
        known_defects: what is wrong with it, as far as known.
        rows: number of features, for tables.
        script: the script that made it; its checksum tells when the data set is out of date.
    """
    path = DATA / file
    table: dict[str, object] = {
        "title": title,
        "file": path.relative_to(DATA).as_posix(),
        "sha256": sha256(path),
        "geometry_type": geometry_type,
        "licence": licence,
        "attribution": attribution,
        "source_url": source_url,
        "source_package": source_package,
        "source_version": source_version,
        "retrieved": retrieved,
        "changes": changes,
        "known_defects": known_defects,
    }
    if rows is not None:
        table["rows"] = rows
    if script is not None:
        table["script_sha256"] = sha256(script)
    with _locked():
        tables = entries()
        tables[dataset_id] = table
        _write(tables)
