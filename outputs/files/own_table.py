"""A user's own sites as a table to edit, as files to keep and as signs on the map."""

import dataclasses
import math

import geopandas as gpd
import pandas as pd

from oreway.layers.tables.described import KIND
from oreway.layers.upload.raw import ROW, Raw, table_of, text_of
from oreway.layers.upload.upload import Upload, checked
from oreway.layers.vocabulary import PlantStatus, Stage
from oreway.outputs.files.export import provenance, to_bytes
from oreway.outputs.files.map_files import compact, score_colour

FROM = "from_row"  # which of the uploaded sites a row began as; not shown
COLUMNS = ("name", "lon", "lat", "commodities", "stage", "position_accuracy_km", FROM)
BY = ("ports", "airfields", "towns", "roads", "power")  # what the distances come from
STAGES = ("", *(stage.value for stage in Stage))
STATES = tuple(state.value for state in PlantStatus if state.value not in STAGES)
TEXTS = ("name", "commodities", "stage")


def empty() -> pd.DataFrame:
    """Return the table without a row."""
    return pd.DataFrame({name: pd.Series(dtype="str" if name in TEXTS else "float") for name in COLUMNS})


def to_table(sites: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return sites as the table to edit; shapes are shown by one point inside them."""
    table = pd.DataFrame(sites.drop(columns=sites.geometry.name)).assign(**{FROM: range(len(sites))})
    table = table.reindex(columns=list(COLUMNS))
    table = table.astype({name: "float" for name in COLUMNS if name not in TEXTS})
    for name in TEXTS:
        table[name] = table[name].astype(object).fillna("").astype("str")
    table["stage"] = table["stage"].where(table["stage"].isin((*STAGES, *STATES)), "")
    return table.reset_index(drop=True)


def stages(table: pd.DataFrame) -> tuple[str, ...]:
    """Return the stages a table offers: those of deposits, and the states of the plants in it."""
    return (*STAGES, *(state for state in STATES if (table["stage"] == state).any()))


def read_table(table: pd.DataFrame, uploaded: gpd.GeoDataFrame | None = None) -> Upload | None:
    """Return an edited table as sites, with the rows that cannot be used; None while no row has a position.

    Args:
        table: as it was edited.
        uploaded: the sites it began with, if any: they keep their ids and further columns, and those whose place was
            not changed their shape.

    Raises:
        UploadError: the table cannot be used at all; says the cure.
    """
    filled = table[table[["lon", "lat"]].notna().all(axis=1)]
    if filled.empty:
        return None
    shown = [name for name in filled.columns if name != FROM]
    columns = {str(name): [text_of(None if pd.isna(one) else one) for one in filled[name]] for name in shown}
    began = _began(filled, uploaded)
    if uploaded is not None:
        columns |= {name: list(began[name]) for name in ("site_id", KIND) if name in began}
    lines = filled.index.to_numpy(dtype="int64") + 1
    found = checked(Raw(table=table_of(columns, len(filled)), lines=lines, counted=ROW), "table")
    if uploaded is None:
        return found
    return dataclasses.replace(found, sites=_with_what_it_had(found.sites, began.loc[found.sites["line"] - 1]))


def _began(filled: pd.DataFrame, uploaded: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    """Return the uploaded site that each row of an edited table began as, "" and no shape where it began as none."""
    if uploaded is None:
        return gpd.GeoDataFrame(index=filled.index)
    known = uploaded.reset_index()
    known.index = pd.RangeIndex(len(known))
    rows = filled[FROM] if FROM in filled else pd.Series(math.nan, filled.index)
    found = known.reindex(pd.to_numeric(rows).fillna(-1).astype("int64"))
    texts = [name for name in found.columns if not pd.api.types.is_numeric_dtype(found[name]) and name != "geometry"]
    return found.set_axis(filled.index, axis="index").fillna(dict.fromkeys(texts, ""))


def _with_what_it_had(sites: gpd.GeoDataFrame, began: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return sites with the shapes and further columns of those that they began as."""
    stayed = (began["lon"].to_numpy() == sites["lon"].to_numpy()) & (began["lat"].to_numpy() == sites["lat"].to_numpy())
    shapes = gpd.GeoSeries(
        [old if keep else new for old, new, keep in zip(began.geometry, sites.geometry, stayed, strict=True)],
        sites.index, "EPSG:4326",
    )  # fmt: skip
    further = {name: began[name].to_numpy() for name in began.columns if name not in {"site_id", *sites.columns}}
    return sites.assign(**further).set_geometry(shapes)


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
