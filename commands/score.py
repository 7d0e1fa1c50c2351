"""`oreway score`."""

from pathlib import Path
from typing import Annotated

import geopandas as gpd
import pandas as pd
import typer

from oreway.commands._judged import ShapeOption, WeightsOption, judged
from oreway.commands._terminal import JsonFlag, ProfileOption, Refreshed, print_json, print_table, records
from oreway.layers.database import is_address, read_sites_table, write_chunks
from oreway.layers.upload.upload import read_upload_file
from oreway.outputs.files.export import csv_bytes
from oreway.outputs.files.files import write_whole
from oreway.scoring.batch.own_sites import own_world
from oreway.scoring.judge.assess import score_table
from oreway.scoring.world.world import World, open_world


def _chosen_world(source: str, *, refreshed: bool) -> World:
    """Return the catalogue's world, or the one of a user's file or PostgreSQL table, notes on stderr."""
    world = open_world(refreshed=refreshed)
    if not source:
        return world
    upload = read_sites_table(source) if is_address(source) else read_upload_file(Path(source))
    for note in upload.notes:
        typer.echo(f"note: {note}", err=True)
    for row, reason in upload.rejected:
        typer.echo(f"left out: row {row}: {reason}", err=True)
    return own_world(world, upload.sites)


def _write_table(world: World, table: pd.DataFrame, output: str) -> None:
    if is_address(output):
        shapes = list(world.sites.geometry.loc[table["site_id"]])
        write_chunks([gpd.GeoDataFrame(table.set_index("site_id"), geometry=shapes, crs="EPSG:4326")], output)
    else:
        write_whole(Path(output), csv_bytes(table))


def run(
    *,
    sites_from: Annotated[str, typer.Option("--sites", help="Your sites: a file, or a postgresql:// address.")] = "",
    profile: ProfileOption = "",
    weights: WeightsOption = None,
    shape: ShapeOption = None,
    output: Annotated[str, typer.Option("-o", help="CSV file or postgresql:// address instead of printing.")] = "",
    refreshed: Refreshed = False,
    as_json: JsonFlag = False,
) -> None:
    """Score sites, 0 to 100, contributions beside the total."""
    world, own = judged(_chosen_world(sites_from, refreshed=refreshed), weights, shape)
    table = score_table(world, profile=profile or None, weights=own)
    if output:
        _write_table(world, table, output)
    if as_json:
        print_json(records(table))
    elif not output:
        columns = ["site_id", "total", "total_low", "total_high", "coverage", "gates", "unfc"]
        ranked = table.sort_values("total", ascending=False, na_position="last")
        print_table("Scores", columns, ranked[columns].itertuples(index=False))
