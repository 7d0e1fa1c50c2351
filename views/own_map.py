"""The small map of a user's own sites, shown before they are scored; this session's alone."""

import geopandas as gpd
import pandas as pd
import streamlit as st

from oreway.outputs.pictures.positions_map import positions_map
from oreway.views import cached, pictures
from oreway.views.assets import private_files, publish, withdraw
from oreway.views.state import language, ui

SHOWN = ["name", "lon", "lat"]


def show(sites: gpd.GeoDataFrame) -> None:
    """Show where sites lie, drawn once for each table and language."""
    held = st.session_state
    mark = (int(pd.util.hash_pandas_object(pd.DataFrame(sites[SHOWN])).sum()), language())
    if held.get("own_map_mark") != mark:
        chart = positions_map(cached.world(), sites, language())
        forget()
        held["own_map"] = publish(f"own-map-{held['own_token']}", chart.svg.encode(), "svg")
        held["own_map_told"], held["own_map_mark"] = chart.alt, mark
        private_files().append(held["own_map"])
    st.caption(ui("own_positions"))
    pictures.show_at(held["own_map"], held["own_map_told"])


def forget() -> None:
    """Take the map back."""
    withdraw(st.session_state.pop("own_map", ""))
    st.session_state["own_map_mark"] = None
