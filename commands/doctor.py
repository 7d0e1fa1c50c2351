"""`oreway doctor`."""

import importlib.util
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from oreway.later import later
from oreway.layers.catalog import DATA, complaints, data_version, read_catalog
from oreway.layers.errors import LayerError
from oreway.layers.registry import LAYERS

with later(__name__):
    from oreway.commands._ready import make_ready
    from oreway.layers.evidence import TABLES, check_evidence, read_evidence
    from oreway.layers.online.refresh import cache_faults
    from oreway.layers.read import read_sites
    from oreway.outputs.files.export import release
    from oreway.scoring.claims.programmes import programmes
    from oreway.scoring.claims.public_claims import public_claims
    from oreway.scoring.claims.schedules import schedules

PACKAGES = ("folium", "geopandas", "numba", "pyogrio", "rasterio", "streamlit", "streamlit_folium", "typst")


def run(
    *,
    ready: Annotated[
        bool, typer.Option("--ready", help="Make the answers of all sites ready on disk, so that each comes at once.")
    ] = False,
) -> None:
    """Check data, tables, versions and assets; say what is wrong and how to mend it."""
    if ready:
        typer.echo(f"{make_ready()} answers ready")
        return
    catalog = read_catalog()
    found = [*complaints(), *cache_faults()]
    absent = [layer for layer in LAYERS if layer.dataset not in catalog]
    found += [f"layer {layer.id}: no data set in catalog.toml; run `make data`" for layer in absent]
    found += table_faults() if not found else []
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    found += [f"package {name}: not installed; run `make setup`" for name in missing]
    typer.echo(f"Oreway {release()}, data {data_version()}, Python {sys.version.split()[0]}, {len(catalog)} files")
    for complaint in found:
        typer.echo(complaint, err=True)
    if found:
        raise typer.Exit(2)
    typer.echo("all checksums right, nothing missing")


def table_faults(data: Path = DATA) -> list[str]:
    """Return what is wrong with the tables kept by hand: claims, promised dates, programmes, evidence of plants."""
    try:
        known = list(read_sites(data).index)
    except LayerError as error:
        return str(error).splitlines()
    checks: list[Callable[[], object]] = [partial(one, data) for one in (public_claims, schedules, programmes)]
    checks += [partial(_check_evidence, name, known, data) for name in TABLES]
    return [fault for check in checks for fault in _faults(check)]


def _check_evidence(name: str, known: list[str], data: Path) -> None:
    check_evidence(name, read_evidence(name, data), known)


def _faults(check: Callable[[], object]) -> Iterator[str]:
    try:
        check()
    except LayerError as error:
        yield from str(error).splitlines()
