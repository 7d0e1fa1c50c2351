"""An index on disk: a folder of plain arrays that are mapped, not read, beside a page of JSON."""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import shapely

from oreway.geo._inside import Inside
from oreway.geo.errors import GeoError
from oreway.geo.sayings import GeoSaying

Arrays = Mapping[str, npt.NDArray[Any]]

_FORMAT = {"format": "oreway nearest index", "version": 1, "ellipsoid": "WGS84"}
_ARRAYS = ("rows", "part", "owner", "boxes")


def write_index(folder: Path, arrays: Arrays, meta: Mapping[str, object], inside: Inside | None) -> None:
    """Write an index into a folder, replacing what is there; the folder appears whole or not at all."""
    folder = Path(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        digest = hashlib.sha256()
        for name in _ARRAYS:
            np.save(fresh / f"{name}.npy", arrays[name])
            digest.update(np.ascontiguousarray(arrays[name]).tobytes())
        if inside is not None:
            wkb = [np.frombuffer(b, np.uint8) for b in shapely.to_wkb(inside.polygons)]
            size = np.array([len(b) for b in wkb])
            np.savez(fresh / "polygons.npz", wkb=np.concatenate(wkb), size=size, feature=inside.feature)
        page = {**_FORMAT, **meta, "pieces": len(arrays["rows"]), "sha256": digest.hexdigest()}
        (fresh / "index.json").write_text(json.dumps(page, indent=1) + "\n", encoding="utf-8")
        fresh.chmod(0o755)
        if folder.exists():
            shutil.rmtree(folder)
        fresh.replace(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def read_index(folder: Path) -> tuple[Arrays, dict[str, Any], Inside | None]:
    """Return the mapped arrays, the page of JSON and the polygons of a saved index.

    Raises:
        GeoError: the folder holds no index, or one of another format.
    """
    folder = Path(folder)
    try:
        meta = json.loads((folder / "index.json").read_text(encoding="utf-8"))
        # "c", not "r": a read-only array is another type to the compiler and would be compiled for a second time
        mode: Literal["c"] | None = "c" if meta.get("pieces") else None
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode=mode)) for name in _ARRAYS}
        inside = _read_polygons(folder / "polygons.npz")
    except (OSError, ValueError) as fault:
        raise GeoError(GeoSaying.DAMAGED_INDEX(folder, fault)) from fault
    if {key: meta.get(key) for key in _FORMAT} != _FORMAT or len(arrays["rows"]) != meta["pieces"]:
        raise GeoError(GeoSaying.OTHER_INDEX(folder))
    return arrays, meta, inside


def _read_polygons(path: Path) -> Inside | None:
    if not path.exists():
        return None
    with np.load(path) as stored:
        wkb = [bytes(b) for b in np.split(stored["wkb"], np.cumsum(stored["size"])[:-1])]
        return Inside(shapely.from_wkb(np.array(wkb, dtype=object)), stored["feature"])
