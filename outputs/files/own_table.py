"""A user's own sites as a table to edit, as files to keep and as signs on the map."""

import dataclasses

import geopandas as gpd
import pandas as pd

from oreway.layers.upload.raw import ROW, Raw, table_of, text_of
from oreway.layers.upload.upload import Upload, checked
from oreway.layers.vocabulary import Stage
from oreway.outputs.files.export import provenance, to_bytes
from oreway.outputs.files.map_files import compact, score_colour

COLUMNS = ("name", "lon", "lat", "commodities", "stage", "position_accuracy_km")
BY = ("ports", "airfields", "towns", "roads", "power")  # what the distances come from
STAGES = ("", *(stage.value for stage in Stage))
TEXTS = ("name", "commodities", "stage")


def empty() -> pd.DataFrame:
    """Return the table without a row."""
    return pd.DataFrame({name: pd.Series(dtype="str" if name in TEXTS else "float") for name in COLUMNS})


def to_table(sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return sites as the table to edit; shapes are shown by one point inside them."""
    table = pd.DataFrame(sites.drop(columns=sites.geometry.name)).reindex(columns=list(COLUMNS))
    table = table.astype({name: "float" for name in COLUMNS if name not in TEXTS})
    for name in TEXTS:
        table[name] = table[name].astype(object).fillna("").astype("str")
    table["stage"] = table["stage"].where(table["stage"].isin(STAGES), "")
    return table.reset_index(drop=True)


def read_table(table: pd.DataFrame, uploaded: gpd.GeoDataFrame | None = None) -> Upload | None:
    """Return an edited table as sites, with the rows that cannot be used; None while no row has a position.

    Args:
        table: as it was edited.
        uploaded: the sites it began with, if any: those whose place was not changed keep their shape.

    Raises:
        UploadError: the table cannot be used at all; says the cure.
    """
    filled = table[table[["lon", "lat"]].notna().all(axis=1)]
    if filled.empty:
        return None
    columns = {str(name): [text_of(None if pd.isna(one) else one) for one in filled[name]] for name in filled.columns}
    lines = filled.index.to_numpy(dtype="int64") + 1
    found = checked(Raw(table=table_of(columns, len(filled)), lines=lines, counted=ROW), "table")
    if uploaded is None or (uploaded.geom_type == "Point").all():
        return found
    shapes = {
        (lon, lat): shape for lon, lat, shape in zip(uploaded["lon"], uploaded["lat"], uploaded.geometry, strict=True)
    }
    places = zip(found.sites["lon"], found.sites["lat"], found.sites.geometry, strict=True)
    kept = [shapes.get((lon, lat), point) for lon, lat, point in places]
    return dataclasses.replace(
        found, sites=found.sites.set_geometry(gpd.GeoSeries(kept, found.sites.index, "EPSG:4326"))
    )


def saved(scored: gpd.GeoDataFrame, ending: str) -> bytes:
    """Return the user's sites with their scores as a file they keep.

    Args:
        scored: sites with score columns.
        ending: .geojson or .csv.
    """
    return to_bytes(scored, ending, provenance(BY), "my-sites")


def signs(sites: gpd.GeoDataFrame, totals: pd.Series) -> bytes:
    """Return the user's sites as the map draws them, column by column; names are data, put on the page as text only."""
    scores = totals.reindex(sites.index).astype(float)
    return compact(
        {
            "lon": sites["lon"].astype(float).round(5).tolist(),
            "lat": sites["lat"].astype(float).round(5).tolist(),
            "name": sites["name"].astype(str).tolist(),
            "note": ["" if pd.isna(total) else f"{total:.0f} / 100" for total in scores],
            "fill": [score_colour(total) for total in scores],
        }
    )
