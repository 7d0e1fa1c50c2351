"""Database tables as the input or output of a batch: copied to a file before, loaded in one transaction after."""

import contextlib
import dataclasses
import hashlib
import uuid
from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from oreway.geo.files.cells import plain_text
from oreway.layers.cache_folder import cache_folder
from oreway.layers.database import is_address, parse_address, read_chunks, write_chunks
from oreway.layers.upload.raw import text_of
from oreway.scoring.batch.parts import written
from oreway.scoring.batch.rejects import rejects_path
from oreway.scoring.batch.sayings import BatchSaying
from oreway.scoring.errors import ScoringError

NAME_DIGITS = 16
LOAD_ROWS = 20_000
WGS84 = 4326
ADDED = "bbox"  # what only a file needs


@dataclasses.dataclass(frozen=True, kw_only=True)
class Files:
    """The files a batch works on in place of its addresses; `rejects` is where a user finds the rows left out."""

    source: Path
    out: str
    rejects: Path


@contextlib.contextmanager
def as_files(source: str, out: str) -> Iterator[Files]:
    """Copy an address's table to a file, and load the finished output into the table its address names.

    Copies stand in the cache until the batch is finished, named after their content: a killed run goes on when the
    table is still the same. When loading fails the old table stays as it was.

    Raises:
        PostgisError: no connection, no such table, no right to write, or the server went away.
        ScoringError: the cache cannot be written to.
    """
    parse = [parse_address(one) for one in (source, out) if is_address(one)]
    folder = cache_folder() / "tables"
    if parse:
        with written(folder):
            folder.mkdir(parents=True, exist_ok=True)
    file = _copied(source, folder) if is_address(source) else Path(source)
    if not is_address(out):
        yield Files(source=file, out=out, rejects=rejects_path(Path(out)))
    else:
        result = folder / f"{_name(parse_address(out).shown)}.parquet"
        yield Files(source=file, out=str(result), rejects=Path(f"{parse_address(out).name}.rejects.csv"))
        write_chunks(_frames(result), out, chunk_rows=LOAD_ROWS)
        result.unlink(missing_ok=True)
    if is_address(source):
        file.unlink(missing_ok=True)


def _name(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:NAME_DIGITS]


def _copied(address: str, folder: Path) -> Path:
    """Return a table's rows as a file named after its content: shapes as lon and lat, the other columns as text."""
    fresh = folder / f".{uuid.uuid4().hex}.parquet"
    writer: pq.ParquetWriter | None = None
    try:
        with written(folder):
            for frame in read_chunks(address):
                table = _rows(frame)
                writer = writer or pq.ParquetWriter(fresh, table.schema)
                writer.write_table(table)
            if writer is None:
                raise ScoringError(BatchSaying.NO_POINTS(parse_address(address).shown))
            writer.close()
        with fresh.open("rb") as handle:
            mark = hashlib.file_digest(handle, "sha256").hexdigest()[:NAME_DIGITS]
        path = folder / f"{_name(parse_address(address).shown)}-{mark}.parquet"
        if not path.exists():  # an older copy of the same rows keeps its date, by which a killed run knows its input
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path


def _rows(frame: pd.DataFrame) -> pa.Table:
    """Return rows of a table: lon and lat of points, NaN for other shapes, then its columns as text."""
    placed = isinstance(frame, gpd.GeoDataFrame)
    columns: dict[str, pa.Array] = {}
    if isinstance(frame, gpd.GeoDataFrame):
        shapes = frame.geometry.to_crs(WGS84) if frame.crs is not None else frame.geometry
        points = shapes.where(shapes.geom_type == "Point")
        columns = {"lon": pa.array(points.x, pa.float64()), "lat": pa.array(points.y, pa.float64())}
    for name in frame.columns:
        if (placed and name == frame.geometry.name) or str(name) in columns:
            continue
        cells = [None if pd.isna(cell) else text_of(cell) for cell in frame[name].astype(object)]
        columns[str(name)] = pa.array(cells, pa.string())
    return pa.table(columns)


def _frames(path: Path) -> Iterator[gpd.GeoDataFrame]:
    with pq.ParquetFile(path, pre_buffer=False) as file:
        for batch in file.iter_batches(batch_size=LOAD_ROWS):
            table = plain_text(pa.Table.from_batches([batch]).drop_columns([ADDED]))
            frame = table.drop_columns(["geometry"]).to_pandas()
            yield gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs=WGS84)
