"""`oreway score`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from oreway.commands._judged import ShapeOption, WeightsOption, judged
from oreway.commands._terminal import (
    JsonFlag,
    LayerOption,
    ProfileOption,
    Refreshed,
    SystemOption,
    left_out,
    print_json,
    print_table,
    records,
    say_refreshed,
)  # fmt: skip
from oreway.later import later

with later(__name__):
    import geopandas as gpd
    import pandas as pd

    from oreway.layers.database import is_address, read_sites_table, write_chunks
    from oreway.layers.upload.upload import Choice, read_upload_file
    from oreway.outputs.files.export import check_ending, judged_frame, provenance, site_layer_ids, to_bytes, with_names
    from oreway.outputs.files.files import write_whole
    from oreway.scoring.batch.doubts import suspicions
    from oreway.scoring.batch.own_sites import own_world
    from oreway.scoring.judge.assess import score_table
    from oreway.scoring.world.world import World, open_world


def _chosen_world(source: str, layer: str, system: str, *, refreshed: bool) -> tuple[World, gpd.GeoDataFrame | None]:
    """Return the catalogue's world, or the one of a user's file or PostgreSQL table with its sites, notes on stderr."""
    world = open_world(refreshed=refreshed)
    if not source:
        return world, None
    choice = Choice(layer=layer, system=system)
    upload = (
        read_sites_table(source, choice=choice) if is_address(source) else read_upload_file(Path(source), choice=choice)
    )
    for note in [*upload.notes, *suspicions(world, upload.sites)]:
        typer.echo(f"note: {note}", err=True)
    for told in left_out(upload):
        typer.echo(f"left out: {told}", err=True)
    return own_world(world, upload.sites), upload.sites


def _write_table(world: World, table: pd.DataFrame, own: gpd.GeoDataFrame | None, output: str) -> None:
    """Write scores with name, position and the user's own columns, in the format the ending names."""
    frame = judged_frame(world, table, own)
    if is_address(output):
        write_chunks([frame], output)
    else:
        used = site_layer_ids() if own is None else []
        write_whole(Path(output), to_bytes(frame, Path(output).suffix.lower(), provenance(used), "scores"))


def run(
    *,
    sites_from: Annotated[str, typer.Option("--sites", help="Your sites: a file, or a postgresql:// address.")] = "",
    profile: ProfileOption = "",
    weights: WeightsOption = None,
    shape: ShapeOption = None,
    output: Annotated[
        str,
        typer.Option("-o", help="File (.csv .geojson .gpkg .parquet .kml .kmz) or postgresql://, instead of printing."),
    ] = "",
    layer: LayerOption = "",
    system: SystemOption = "",
    refreshed: Refreshed = False,
    as_json: JsonFlag = False,
) -> None:
    """Score sites, 0 to 100, contributions beside the total."""
    if output and not is_address(output):
        check_ending(Path(output))
    opened, sites = _chosen_world(sites_from, layer, system, refreshed=refreshed)
    if refreshed:
        say_refreshed(opened.data_version)
    world, own = judged(opened, weights, shape)
    table = score_table(world, profile=profile or None, weights=own)
    if output:
        _write_table(world, table, sites, output)
    if as_json:
        print_json(records(with_names(world, table)))
    elif not output:
        columns = ["site_id", "name", "total", "total_low", "total_high", "coverage", "gates", "unfc"]
        ranked = with_names(world, table).sort_values("total", ascending=False, na_position="last")
        print_table("Scores", columns, ranked[columns].itertuples(index=False))
