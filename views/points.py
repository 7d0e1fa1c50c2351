"""Any point on Earth judged as a site of which nothing is on record: panel, report and file."""

import geopandas as gpd
import pandas as pd
import streamlit as st

from oreway.outputs.files.export import judged_frame, provenance, to_geojson
from oreway.outputs.files.own_table import BY
from oreway.outputs.map.panel import point_title
from oreway.outputs.report.report import site_report
from oreway.outputs.words.formatting import Language
from oreway.scoring.batch.own_sites import own_world
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.judge.assess import score_table
from oreway.scoring.world.world import World
from oreway.views.cached import world

POINT = "point"


def _with_point(lon: float, lat: float) -> World:
    """Return the world with the point as its only site; it stands exactly where it was clicked."""
    row = {"name": point_title(lon, lat), "lon": lon, "lat": lat, "position_accuracy_km": 0.0}
    place = gpd.points_from_xy([lon], [lat])
    return own_world(world(), gpd.GeoDataFrame(pd.DataFrame([row], index=[POINT]), geometry=place, crs="EPSG:4326"))


@st.cache_data(show_spinner=False, max_entries=500)
def point_dossier(version: str, lon: float, lat: float) -> Dossier:  # noqa: ARG001
    """Return what is known of a point: what is nearest and its score, with bounds as wide as what is not known."""
    return dossier(_with_point(lon, lat), POINT)


@st.cache_data(show_spinner=False, max_entries=50)
def point_report(version: str, lon: float, lat: float, lang: Language) -> bytes:
    """Return the PDF report of a point."""
    return site_report(point_dossier(version, lon, lat), world=_with_point(lon, lat), lang=lang)


@st.cache_data(show_spinner=False, max_entries=50)
def point_file(version: str, lon: float, lat: float) -> bytes:  # noqa: ARG001
    """Return a point with its score as GeoJSON."""
    judged = _with_point(lon, lat)
    return to_geojson(judged_frame(judged, score_table(judged)), provenance(BY))
