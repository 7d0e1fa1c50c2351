"""Read layers: checked frames in EPSG:4326 with one id column as index."""

import csv
import json
from functools import cache
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow
import shapely
from pyarrow import parquet

from oreway.layers.catalog import DATA, find_dataset, verified_path
from oreway.layers.endless import is_endless
from oreway.layers.errors import CatalogError, SchemaError
from oreway.layers.networks import NODES, network_frame, read_network
from oreway.layers.registry import LAYERS, SITE_ROLES, find_layer
from oreway.layers.sayings import LayerSaying
from oreway.layers.schema import check_infrastructure, check_sites
from oreway.layers.vocabulary import FactState
from oreway.said import PlainSaying


@cache
def _lon_lat() -> gpd.GeoSeries:
    """Return an empty series in EPSG:4326, made once: making the reference system costs as much as reading a layer."""
    return gpd.GeoSeries(crs="EPSG:4326")


def _read_parquet(dataset_id: str, data: Path) -> gpd.GeoDataFrame:
    path = verified_path(dataset_id, data)
    try:
        table = parquet.ParquetFile(path).read()
        told = json.loads(table.schema.metadata[b"geo"])
        column = told["primary_column"]
        if told["columns"][column]["crs"].get("id") != {"authority": "EPSG", "code": 4326}:
            return gpd.read_parquet(path)
        frame = table.drop_columns([name for name in ("bbox",) if name in table.column_names]).to_pandas()
        frame[column] = gpd.GeoSeries(shapely.from_wkb(frame[column]), index=frame.index, crs=_lon_lat().crs)
        return gpd.GeoDataFrame(frame, geometry=column)
    except (pyarrow.ArrowException, OSError, ValueError, KeyError, TypeError, shapely.GEOSException) as error:
        raise CatalogError(LayerSaying.NOT_GEOPARQUET(path.name, error)) from None


def read_layer(layer_id: str, data: Path = DATA) -> gpd.GeoDataFrame:
    """Read one layer.

    Args:
        layer_id: an id from `LAYERS`.
        data: the data folder.

    Returns:
        GeoDataFrame, EPSG:4326, indexed by site_id (sites and facilities) or feature_id (the rest).

    Raises:
        LayerError: no such layer.
        CatalogError: the file is missing or damaged.
        SchemaError: rows break the schema; all complaints at once.
    """
    layer = find_layer(layer_id)
    if layer_id in NODES:
        return network_frame(read_network(layer_id, data))
    frame = _read_parquet(layer.dataset, data)
    place = f"data/{find_dataset(layer.dataset, data).file}"
    key = "site_id" if layer.role in SITE_ROLES else "feature_id"
    if frame.index.name != key:
        if key not in frame.columns:
            raise CatalogError(LayerSaying.NO_COLUMN(place, repr(key)))
        frame = frame.set_index(key)
    if layer.role in SITE_ROLES:
        check_sites(frame, place)
    else:
        check_infrastructure(frame, layer_id, place)
    return frame


def read_sites(data: Path = DATA) -> gpd.GeoDataFrame:
    """Read every site of every site layer, one index.

    Returns:
        GeoDataFrame, EPSG:4326, indexed by site_id, with the column `layer`; `lon` and `lat` are the measuring
        point, the geometry may be a polygon.
    """
    layers = [layer for layer in LAYERS if layer.role in SITE_ROLES]
    frames = [read_layer(layer.id, data).assign(layer=layer.id) for layer in layers]
    return gpd.GeoDataFrame(pd.concat(frames), crs="EPSG:4326")


def read_facts(data: Path = DATA) -> pd.DataFrame:
    """Read the long facts table of all sites; every column is text, absent values are "".

    Returns:
        DataFrame with the columns of `layers.schema.FACT_COLUMNS` and `rests_on`, sorted by site_id and field.
    """
    path = verified_path("facts", data)
    return pd.read_parquet(path)


def read_town_names(data: Path = DATA) -> pd.DataFrame:
    """Read the names of towns in kana and kanji: columns feature_id (of the layer of towns) and name, both text."""
    return pd.read_parquet(verified_path("town_names", data))


def current(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the facts that hold: superseded ones are history and enter no number.

    Args:
        facts: facts with the columns of `layers.schema.FACT_COLUMNS`.
    """
    return facts[facts["state"] != FactState.SUPERSEDED]


def read_table(name: str, data: Path = DATA) -> pd.DataFrame:
    """Read one table of data/methods as text; absent values are "".

    Raises:
        CatalogError: no such table.
    """
    return read_text_table(data / "methods" / f"{name}.csv")


def read_text_table(path: Path) -> pd.DataFrame:
    """Read a CSV with every cell as stripped text; absent values are "".

    Raises:
        CatalogError: no such file, or not text in UTF-8.
        SchemaError: rows with more or fewer cells than the header, each named by its line.
    """
    place = f"{path.parent.parent.name}/{path.parent.name}/{path.name}"
    if is_endless(path):
        raise CatalogError(PlainSaying.ENDLESS(path))
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            rows = list(csv.reader(handle))
    except FileNotFoundError:
        raise CatalogError(LayerSaying.NOT_FOUND(place)) from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CatalogError(LayerSaying.NOT_READABLE(place, error)) from None
    if not rows:
        raise SchemaError(LayerSaying.NO_HEADER(place))
    header, *body = rows
    complaints = [
        f"{place}, line {line}: {len(row)} cells; expected {len(header)}, quote cells that hold a comma"
        for line, row in enumerate(body, start=2)
        if len(row) != len(header)
    ]
    if complaints:
        raise SchemaError("\n".join(complaints))
    return pd.DataFrame([[cell.strip() for cell in row] for row in body], columns=header, dtype=str)
