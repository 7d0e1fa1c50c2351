"""Sites in a PostgreSQL table with PostGIS: read in chunks, written in one transaction, passwords never shown.

An address is `postgresql://USER:PASSWORD@HOST:PORT/DATABASE?table=SCHEMA.TABLE`; the password may also stand in
PGPASSWORD or ~/.pgpass, as PostgreSQL's own clients have it.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from oreway.layers.errors import PostgisError
from oreway.layers.sayings import LayerSaying
from oreway.layers.upload.limits import Limits
from oreway.layers.upload.raw import ROW, Choice, Raw, table_of, text_of
from oreway.layers.upload.upload import LIMITS, NO_CHOICE, Upload, checked, checked_choice
from oreway.said import listed

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,54}")
CHUNK_ROWS = 50_000
TIMEOUT_S = 10


@dataclasses.dataclass(frozen=True, kw_only=True)
class Table:
    """One table behind an address; `shown` is the address fit for messages, without the password."""

    url: URL = dataclasses.field(repr=False)
    schema: str
    name: str
    shown: str


def parse_address(text: str) -> Table:
    """Return the table an address names.

    Raises:
        PostgisError: not an address, no table named, or a name that is no plain identifier.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise PostgisError(LayerSaying.NO_ADDRESS()) from None
    if any("@" in (part or "") for part in (url.host, url.database)):  # part of a password may stand there
        raise PostgisError(LayerSaying.ODD_ADDRESS())
    query = dict(url.query)
    table = str(query.pop("table", ""))
    query.pop("password", None)
    shown = url.set(query={}).render_as_string(hide_password=True)
    schema, _, name = table.rpartition(".")
    schema = schema or "public"
    if not table:
        raise PostgisError(LayerSaying.NO_TABLE(shown))
    if not NAME.fullmatch(name) or not NAME.fullmatch(schema):
        raise PostgisError(LayerSaying.TABLE_NAME(shown, repr(table[:80])))
    plain = url.set(drivername="postgresql+psycopg", query=query)
    return Table(url=plain, schema=schema, name=name, shown=f"{shown}, table {schema}.{name}")


REFUSED_BY_DATABASE = frozenset({"42", "3F"})  # SQLSTATE: rights and names of tables, of schemas; whatever its language


def _engine(table: Table) -> Engine:
    return sa.create_engine(table.url, connect_args={"connect_timeout": TIMEOUT_S}, hide_parameters=True)


def _refusal(table: Table, error: SQLAlchemyError) -> PostgisError:
    reason = str(getattr(error, "orig", None) or error).strip().splitlines()
    text = reason[0] if reason else type(error).__name__
    if table.url.password:
        text = text.replace(str(table.url.password), "***")
    told = LayerSaying.REFUSED_BY_SERVER
    if str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")[:2] in REFUSED_BY_DATABASE:
        told = LayerSaying.REFUSED_BY_DATABASE
    return PostgisError(told(table.shown, text[:300]))


def _geometry_column(connection: Connection, table: Table) -> str | None:
    """Return the table's column of shapes, whatever its name; None where it has none.

    Raises:
        PostgisError: it has several.
    """
    found: list[str] = []
    for kind in ("geometry", "geography"):
        statement = sa.text(
            f"SELECT f_{kind}_column FROM {kind}_columns WHERE f_table_schema = :schema AND f_table_name = :name"  # noqa: S608
        )
        rows = connection.execute(statement, {"schema": table.schema, "name": table.name})
        found += [str(name) for name in rows.scalars()]
    if len(found) > 1:
        raise PostgisError(LayerSaying.GEOMETRY_COLUMNS(table.shown, listed(found)))
    return found[0] if found else None


def _columns(connection: Connection, table: Table) -> list[str]:
    inspector = sa.inspect(connection)
    if not inspector.has_table(table.name, schema=table.schema):
        raise PostgisError(LayerSaying.TABLE_MISSING(table.shown))
    every = sa.text("*")  # an inspector would warn of types it does not know
    with connection.execute(sa.select(every).select_from(sa.table(table.name, schema=table.schema)).limit(0)) as found:
        return list(map(str, found.keys()))


def read_chunks(address: str, *, chunk_rows: int = CHUNK_ROWS) -> Iterator[pd.DataFrame]:
    """Yield a table's rows in chunks: GeoDataFrames in the table's own reference system where it has a geometry column.

    A table without one comes as it is; its columns may hold positions (see `layers.tables.positions`).

    Raises:
        PostgisError: no connection, no such table, several geometry columns, or the server went away.
    """
    table = parse_address(address)
    engine = _engine(table)
    try:
        with engine.connect().execution_options(stream_results=True, max_row_buffer=chunk_rows) as connection:
            columns = _columns(connection, table)
            geometry = _geometry_column(connection, table)
            statement = sa.select(sa.table(table.name, *map(sa.column, columns), schema=table.schema))
            chunks = pd.read_sql(statement, connection, chunksize=chunk_rows, dtype_backend="numpy_nullable")
            for chunk in chunks:
                yield chunk if geometry is None else _with_shapes(chunk, geometry, table)
    except SQLAlchemyError as error:
        raise _refusal(table, error) from None
    finally:
        engine.dispose()


def _with_shapes(chunk: pd.DataFrame, column: str, table: Table) -> gpd.GeoDataFrame:
    """Return rows with their column of shapes as the geometry; shapes of no known system have none.

    Raises:
        PostgisError: the rows are in several reference systems.
    """
    cells = [None if pd.isna(cell) else cell for cell in chunk[column]]
    shapes = shapely.from_wkb(np.array(cells, dtype=object), on_invalid="ignore")
    systems = sorted({int(one) for one in shapely.get_srid(shapes)} - {0, -1})
    if len(systems) > 1:
        raise PostgisError(LayerSaying.SEVERAL_SYSTEMS(table.shown, systems))
    others = chunk.drop(columns=[column, *(["geometry"] if column != "geometry" and "geometry" in chunk else [])])
    crs = f"EPSG:{systems[0]}" if systems else None
    return gpd.GeoDataFrame(others, geometry=shapely.set_srid(shapes, 0), crs=crs)


def read_sites_table(address: str, *, limits: Limits = LIMITS, choice: Choice = NO_CHOICE) -> Upload:
    """Read a table as sites, under the limits of an upload.

    Raises:
        PostgisError: as `read_chunks`.
        UploadError: too many rows, or no row with a position.
    """
    table = parse_address(address)
    chunks: list[pd.DataFrame] = []
    rows = 0
    for chunk in read_chunks(address):
        chunks.append(chunk)
        rows += len(chunk)
        if rows > limits.features:
            raise PostgisError(LayerSaying.MANY_ROWS(table.shown, f"{limits.features:,}"))
    if not rows:
        raise PostgisError(LayerSaying.NO_ROWS(table.shown))
    crs = next((chunk.crs for chunk in chunks if isinstance(chunk, gpd.GeoDataFrame) and chunk.crs is not None), None)
    whole = pd.concat([pd.DataFrame(chunk).astype(object) for chunk in chunks], ignore_index=True)
    shapes = whole.pop("geometry").to_numpy() if isinstance(chunks[0], gpd.GeoDataFrame) else None
    columns = {str(name): [text_of(None if pd.isna(cell) else cell) for cell in whole[name]] for name in whole.columns}
    raw = Raw(table=table_of(columns, rows), lines=np.arange(1, rows + 1), counted=ROW, shapes=shapes, crs=crs)
    return checked(raw, table.shown, limits, checked_choice(choice, table.shown))


def write_chunks(frames: Iterable[gpd.GeoDataFrame], address: str, *, chunk_rows: int = CHUNK_ROWS) -> int:
    """Write frames as one table with a spatial index, in one transaction; an old table of that name is replaced.

    Whatever goes wrong on the way, the old table stays as it was.

    Args:
        frames: GeoDataFrames in EPSG:4326 with the same columns; a named index becomes a column.
        address: where to.
        chunk_rows: rows sent at a time.

    Returns:
        The number of rows written.

    Raises:
        PostgisError: no connection, no PostGIS, no right to write, or the server went away.
    """
    table = parse_address(address)
    engine = _engine(table)
    fresh = f"{table.name}_oreway"
    rows = 0
    try:
        with engine.begin() as connection:
            connection.execute(_sql(connection, "DROP TABLE IF EXISTS {}.{}", table.schema, fresh))
            for frame in frames:
                flat = frame.reset_index() if frame.index.name else frame
                flat.to_postgis(fresh, connection, schema=table.schema, if_exists="append", chunksize=chunk_rows)
                rows += len(frame)
            if not rows:
                raise PostgisError(LayerSaying.NOTHING_TO_WRITE(table.shown))
            _put_in_place(connection, table, fresh)
    except SQLAlchemyError as error:
        raise _refusal(table, error) from None
    finally:
        engine.dispose()
    return rows


def _sql(connection: Connection, pattern: str, *names: str) -> sa.TextClause:
    quote = connection.dialect.identifier_preparer.quote
    return sa.text(pattern.format(*(quote(name) for name in names)))


def _put_in_place(connection: Connection, table: Table, fresh: str) -> None:
    geometry = _geometry_column(connection, dataclasses.replace(table, name=fresh)) or "geometry"
    stale = f"idx_{fresh}_{geometry}"
    connection.execute(_sql(connection, "DROP INDEX IF EXISTS {}.{}", table.schema, stale))
    connection.execute(_sql(connection, "DROP TABLE IF EXISTS {}.{}", table.schema, table.name))
    connection.execute(_sql(connection, "ALTER TABLE {}.{} RENAME TO {}", table.schema, fresh, table.name))
    index = f"{table.name[:50]}_geom"
    connection.execute(
        _sql(connection, "CREATE INDEX {} ON {}.{} USING GIST ({})", index, table.schema, table.name, geometry)
    )
