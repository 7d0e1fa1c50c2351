"""Layers and sites as files others can open, with licences, dates and the data version inside."""

import io
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import pandas as pd

from oreway.later import later
from oreway.layers.read import read_layer
from oreway.layers.registry import find_layer
from oreway.outputs.files.files import KML, KMZ, PROJECT, XLSX, OutputError, check_place, write_whole
from oreway.outputs.files.frames import provenance, release, site_frame, site_layer_ids
from oreway.outputs.words.output_sayings import OutputSaying
from oreway.said import listed
from oreway.scoring.world.world import World

with later(__name__):
    from oreway.geo.files.cells import arrow_table
    from oreway.geo.files.rows import CsvRows, open_writer
    from oreway.outputs.files.kml import to_kml, to_kmz
    from oreway.outputs.files.qgis import project, with_styles
    from oreway.outputs.files.workbook import workbook

__all__ = [
    "ENDINGS",
    "PATH_ENDINGS",
    "check_ending",
    "csv_bytes",
    "export_frame",
    "export_layer",
    "judged_frame",
    "project_with_package",
    "provenance",
    "release",
    "site_features",
    "site_frame",
    "site_layer_ids",
    "to_bytes",
    "to_geojson",
    "with_names",
]  # fmt: skip

ENDINGS = (".geojson", ".gpkg", ".parquet", ".csv", KML, KMZ)
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same bytes for the same sites
PATH_ENDINGS = (*ENDINGS, PROJECT, XLSX)


def with_names(world: World, table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of scores with the name and the position of each site behind its id."""
    sites = world.sites.loc[list(table["site_id"])]
    told = {column: sites[column].to_numpy() for column in ("name", "lon", "lat")}
    further = [column for column in table.columns if column not in {"site_id", *told}]
    return pd.concat([table[["site_id"]], pd.DataFrame(told, index=table.index), table[further]], axis=1)


def judged_frame(world: World, table: pd.DataFrame, own: gpd.GeoDataFrame | None = None) -> gpd.GeoDataFrame:
    """Return a table of scores as a frame with shapes, indexed by site_id: name, position, own columns, scores.

    Args:
        world: the world whose sites were scored.
        table: of `scoring.assess.score_table`.
        own: the user's sites, whose further columns come back; one that has the name of a score gets "_given" behind
        it.
    """
    named = with_names(world, table).set_index("site_id")
    sites = world.sites.loc[named.index]
    given = sites[["commodities", "position_accuracy_km"]] if own is None else _given(own.loc[named.index])
    given = given.rename(columns={name: f"{name}_given" for name in given.columns if name in named.columns})
    joined = pd.concat([named[["name", "lon", "lat"]], given, named.drop(columns=["name", "lon", "lat"])], axis=1)
    return gpd.GeoDataFrame(joined, geometry=sites.geometry.to_numpy(), crs=sites.crs)


def _given(own: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(own.drop(columns=[own.geometry.name, "name", "lon", "lat"]))


def to_geojson(frame: gpd.GeoDataFrame, members: dict[str, object]) -> bytes:
    """Return a frame as RFC 7946 GeoJSON, its provenance as the foreign member `oreway`."""
    return to_bytes(frame, ".geojson", members, "")


def site_features(world: World, site_ids: Sequence[str] | None = None, *, scores: bool = True) -> bytes:
    """Return sites as RFC 7946 GeoJSON bytes, ready for download."""
    frame = site_frame(world, site_ids, scores=scores)
    used = [layer_id for layer_id in site_layer_ids() if (frame["layer"] == layer_id).any()]
    return to_geojson(frame, provenance(used))


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as CSV in UTF-8 with its mark, no cell of which a spreadsheet takes for a formula."""
    cells = arrow_table(table)
    out = io.BytesIO()
    with CsvRows(out, cells.schema, {}) as rows:
        rows.add(cells)
    return out.getvalue()


def to_bytes(frame: gpd.GeoDataFrame, ending: str, members: dict[str, object], name: str) -> bytes:
    """Return a frame in the format of a file ending.

    Raises:
        OutputError: the ending is none of ENDINGS.
    """
    if ending not in ENDINGS:
        raise OutputError(OutputSaying.ENDING(repr(ending), listed(ENDINGS)))
    if ending == KML:
        return to_kml(frame, members, name)
    if ending == KMZ:
        return to_kmz(frame, members, name)
    table = arrow_table(frame)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"export{ending}"
        with open_writer(path, ending, table.schema, members, name) as rows:
            rows.add(table)
        if ending == ".gpkg":
            with_styles(path, frame, str(members.get("created", "")))
        return path.read_bytes()


def project_with_package(frame: gpd.GeoDataFrame, members: dict[str, object], name: str) -> bytes:
    """Return a QGIS project and the GeoPackage that it shows, zipped: unpacked into one folder they open styled."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for file, content in (
            (f"{name}{PROJECT}", project(frame, name, f"{name}.gpkg")),
            (f"{name}.gpkg", to_bytes(frame, ".gpkg", members, name)),
        ):
            packed.writestr(zipfile.ZipInfo(file, ZIP_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def check_ending(path: Path, endings: Sequence[str] = ENDINGS) -> None:
    """Refuse a file name whose ending names no format, before any work is done.

    Raises:
        OutputError: the ending is none of `endings`.
    """
    if path.suffix.lower() not in endings:
        raise OutputError(OutputSaying.ENDING_OF(path, repr(path.suffix), listed(endings)))


def export_layer(world: World, layer_id: str, path: Path, *, scores: bool = False) -> int:
    """Write one layer, or `all` sites, to a file; the format follows its ending.

    A QGIS project (.qgz) comes with the GeoPackage it shows, of the same name, beside it.

    Returns:
        The number of features written.

    Raises:
        OutputError: the ending is not known or the file cannot be written.
        LayerError: no such layer.
    """
    check_ending(path, PATH_ENDINGS)
    check_place(path)
    if path.suffix.lower() == XLSX:
        return _export_workbook(world, layer_id, path)
    frame, used = export_frame(world, layer_id, scores=scores)
    if path.suffix.lower() == PROJECT:
        package = path.with_suffix(".gpkg")
        write_whole(package, to_bytes(frame, ".gpkg", provenance(used), layer_id))
        write_whole(path, project(frame, layer_id, package.name))
        return len(frame)
    write_whole(path, to_bytes(frame, path.suffix.lower(), provenance(used), layer_id))
    return len(frame)


def _export_workbook(world: World, layer_id: str, path: Path) -> int:
    """Write the workbook of a layer of sites, or of `all`."""
    if layer_id != "all" and layer_id not in site_layer_ids():
        find_layer(layer_id)
        raise OutputError(OutputSaying.WORKBOOK(path, layer_id))
    sites = world.sites if layer_id == "all" else world.sites[world.sites["layer"] == layer_id]
    write_whole(path, workbook(world, list(sites.index)))
    return len(sites)


def export_frame(world: World, layer_id: str, *, scores: bool = False) -> tuple[gpd.GeoDataFrame, list[str]]:
    """Return one layer, or `all` sites, as a flat frame, and the ids of the layers in it.

    Raises:
        LayerError: no such layer.
    """
    if layer_id == "all":
        return site_frame(world, scores=scores), site_layer_ids()
    if layer_id in site_layer_ids():
        members = world.sites.index[world.sites["layer"] == layer_id]
        return site_frame(world, list(members), scores=scores), [layer_id]
    frame = read_layer(layer_id)
    return frame[[column for column in frame.columns if column != "bbox"]], [layer_id]
