"""Tables of a PostgreSQL database as sources and outputs; what talks to it is loaded only when an address is given."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from oreway.layers.extras import load

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from oreway.layers.postgis import Table
    from oreway.layers.upload.upload import Upload

SCHEMES = ("postgresql://", "postgres://")


def is_address(text: str) -> bool:
    """Tell whether text is the address of a PostgreSQL table rather than a file."""
    return text.startswith(SCHEMES)


def _postgis() -> Any:
    return load("oreway.layers.postgis", "postgis")


def shown(text: str) -> str:
    """Return what may be shown of an address or the name of a file: never a password."""
    return parse_address(text).shown if is_address(text) else text


def parse_address(text: str) -> "Table":
    """Return the table an address names; see `layers.postgis.parse_address`."""
    table: Table = _postgis().parse_address(text)
    return table


def read_sites_table(address: str, **more: Any) -> "Upload":
    """Return the sites of a table; see `layers.postgis.read_sites_table`."""
    found: Upload = _postgis().read_sites_table(address, **more)
    return found


def read_chunks(address: str, *rest: Any, **more: Any) -> "Iterator[pd.DataFrame]":
    """Yield the rows of a table in chunks; see `layers.postgis.read_chunks`."""
    chunks: Iterator[pd.DataFrame] = _postgis().read_chunks(address, *rest, **more)
    return chunks


def write_chunks(chunks: "Iterable[gpd.GeoDataFrame]", address: str, **more: Any) -> int:
    """Write frames into a table in one transaction; see `layers.postgis.write_chunks`."""
    count: int = _postgis().write_chunks(chunks, address, **more)
    return count
