"""`oreway doctor`."""

import importlib.util
import sys

import typer

from oreway.layers.catalog import complaints, data_version, read_catalog
from oreway.layers.online.refresh import cache_faults
from oreway.layers.registry import LAYERS
from oreway.outputs.files.export import release

PACKAGES = ("folium", "geopandas", "numba", "pyogrio", "rasterio", "streamlit", "streamlit_folium", "typst")


def run() -> None:
    """Check data, versions and assets; say what is wrong and how to mend it."""
    catalog = read_catalog()
    found = [*complaints(), *cache_faults()]
    absent = [layer for layer in LAYERS if layer.dataset not in catalog]
    found += [f"layer {layer.id}: no data set in catalog.toml; run `make data`" for layer in absent]
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    found += [f"package {name}: not installed; run `make setup`" for name in missing]
    typer.echo(f"Oreway {release()}, data {data_version()}, Python {sys.version.split()[0]}, {len(catalog)} files")
    for complaint in found:
        typer.echo(complaint, err=True)
    if found:
        raise typer.Exit(2)
    typer.echo("all checksums right, nothing missing")
