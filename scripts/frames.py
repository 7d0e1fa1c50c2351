"""Write a frame as the GeoParquet file of a data set, always in the same form."""

import hashlib
import io
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd

from oreway.outputs.files.files import write_whole

DATA = Path(__file__).parent.parent / "data"


def fingerprint(path: Path) -> str:
    """Return "name sha8" of a curated table, to go into a data set's source version."""
    return f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"


def points(table: pd.DataFrame) -> geopandas.GeoDataFrame:
    """Return the table with its lon and lat columns turned into WGS84 points."""
    geometry = geopandas.points_from_xy(table["lon"].astype(float), table["lat"].astype(float), crs="EPSG:4326")
    return geopandas.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=geometry)


def write(frame: geopandas.GeoDataFrame, file: str) -> geopandas.GeoDataFrame:
    """Write the frame, indexed by a unique feature_id, below data/ and return it as written.

    Raises:
        ValueError: ids repeat, a geometry is missing or broken, or a coordinate is off the globe.
    """
    written = frame.set_index("feature_id").sort_index()
    faults = []
    if not written.index.is_unique:
        faults.append(f"ids repeat: {list(written.index[written.index.duplicated()][:5])}")
    bad = written.geometry.isna() | written.geometry.is_empty | ~written.geometry.is_valid
    if bad.any():
        faults.append(f"geometry missing or broken: {list(written.index[bad][:5])}")
    west, south, east, north = written.total_bounds
    if not (np.isfinite(west) and west >= -180 and south >= -90 and east <= 180 and north <= 90):
        faults.append(f"off the globe: {written.total_bounds}")
    if faults:
        raise ValueError(f"{file}: {'; '.join(faults)}")
    path = DATA / file
    path.parent.mkdir(parents=True, exist_ok=True)
    write_table(written, path, compression_level=19, write_covering_bbox=True)
    return written


def write_table(frame: pd.DataFrame, path: Path, **options: object) -> None:
    """Write a (geo)parquet file whole: a build that is killed leaves the old one.

    Raises:
        OutputError: the file cannot be written.
    """
    content = io.BytesIO()
    frame.to_parquet(content, compression="zstd", **options)
    write_whole(path, content.getvalue())


def overrides(path: Path) -> pd.DataFrame:
    """Return a curated table as text, every row with a source and a date.

    Raises:
        ValueError: a row has no source_url or no as_of.
    """
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    bare = table.index[(table["source_url"] == "") | (table["as_of"] == "")]
    if len(bare):
        raise ValueError(f"{path.name}, lines {[int(row) + 2 for row in bare]}: no source or no date; give both")
    return table
