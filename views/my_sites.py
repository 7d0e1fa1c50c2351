"""The page of a user's own sites: upload or type them, see their scores, keep them; private to the session."""

import functools
import secrets

import geopandas as gpd
import pandas as pd
import streamlit as st

from oreway.layers.errors import ChoiceError, UploadError
from oreway.layers.tables.attributes import MOST_ACCURACY_KM
from oreway.layers.upload.formats import FORMATS
from oreway.layers.upload.upload import LIMITS, Choice, Upload, read_upload
from oreway.outputs.files import own_table
from oreway.outputs.words.formatting import class_label, fault_text, stage_label
from oreway.said import listed, word
from oreway.scoring.batch.doubts import suspicions
from oreway.scoring.batch.own_sites import own_scores
from oreway.views import cached, own_map
from oreway.views.assets import private_files, publish, withdraw
from oreway.views.grids import grid
from oreway.views.guard import guarded
from oreway.views.start import turn
from oreway.views.state import language, ui

DRAFT, START, FILE_KEY, LAYER_KEY, SYSTEM_KEY = "own_draft", "own_start", "own_file", "own_layer", "own_system"
MOST_SCORED, MOST_EDITED = 10_000, 10_000


def take_file() -> None:
    """Read the uploaded file into the table; a refusal is kept for the page to say, with the layers to choose from."""
    held, file = st.session_state, st.session_state.get(FILE_KEY)
    held["own_fault"] = None
    if file is None:
        held["own_layers"] = ()
        return
    layers = held.get("own_layers", ())
    layer = held.get(LAYER_KEY) if layers and held.get("own_layers_of") == file.file_id else None
    choice = Choice(layer=layer or "", system=str(held.get(SYSTEM_KEY) or ""))
    try:
        found = read_upload(file.getvalue(), file.name, choice=choice)
    except ChoiceError as error:
        held["own_fault"], held["own_layers"], held["own_layers_of"] = error.said, error.choices, file.file_id
        return
    except UploadError as error:
        held["own_fault"] = error.said
        return
    shown = found.sites.head(MOST_EDITED)
    begin(own_table.to_table(shown))
    held["own_uploaded"] = shown
    held["own_layers"], held["own_layers_of"] = found.layers if len(found.layers) > 1 else (), file.file_id
    held["own_notes"] = (*found.notes, *suspicions(cached.world(), shown))
    held["own_rejected"] = [(f"{found.counted} {row}", why) for row, why in found.rejected]
    held["own_cut"] = max(0, len(found.sites) - MOST_EDITED)


def choose() -> None:
    """Offer what a file may not say itself: which of its layers, and its reference system."""
    held = st.session_state
    if held.get("own_layers"):
        st.selectbox(ui("own_layer"), held["own_layers"], index=None, key=LAYER_KEY, on_change=take_file)
    if held.get(FILE_KEY) is not None:
        st.text_input(ui("own_system"), key=SYSTEM_KEY, placeholder="EPSG:28351", on_change=take_file)


def begin(table: pd.DataFrame) -> None:
    """Start the editor afresh with a table."""
    held = st.session_state
    held[START] = held[DRAFT] = table
    held["own_turn"] = held.get("own_turn", 0) + 1
    held["own_notes"] = held["own_rejected"] = ()
    held["own_uploaded"], held["own_cut"] = None, 0


def editor() -> pd.DataFrame:
    """Show the table; return it as edited. What was edited outlives a visit to another page."""
    held = st.session_state
    if START not in held:
        begin(own_table.empty())
    key = f"own_editor_{held['own_turn']}"
    if key not in held:
        held[START] = held[DRAFT]
    start: pd.DataFrame = held[START]
    edited = st.data_editor(
        start, key=key, num_rows="dynamic", width="stretch", hide_index=True, placeholder="",
        column_config={
            "name": st.column_config.TextColumn(ui("name"), max_chars=80),
            "lon": st.column_config.NumberColumn(ui("lon"), min_value=-180, max_value=180, format="%.5f"),
            "lat": st.column_config.NumberColumn(ui("lat"), min_value=-90, max_value=90, format="%.5f"),
            "commodities": st.column_config.TextColumn(ui("commodity")),
            "stage": st.column_config.SelectboxColumn(
                ui("stage"), options=own_table.stages(start),
                format_func=lambda key: stage_label(str(key), language()) if key else "",
            ),
            "position_accuracy_km": st.column_config.NumberColumn(
                ui("accuracy"), min_value=0.001, max_value=MOST_ACCURACY_KM
            ),
            own_table.FROM: None,
        },
    )  # fmt: skip
    draft = edited.reset_index(drop=True)
    held[DRAFT] = draft
    return draft


def scored(found: Upload) -> gpd.GeoDataFrame:
    """Return the sites with their scores, judged once for each table and for this session alone."""
    held, sites = st.session_state, found.sites.head(MOST_SCORED)
    mark = pd.util.hash_pandas_object(pd.DataFrame(sites.drop(columns=sites.geometry.name))).sum()
    if held.get("own_mark") != mark:
        table = own_scores(cached.world(), sites)
        given = {name: f"{name}_given" for name in sites.columns if name in table.columns}
        joined = sites.rename(columns=given).join(table)
        held["own_scored"], held["own_mark"] = gpd.GeoDataFrame(joined, crs=sites.crs), mark
        withdraw(held.get("own_url", ""))
        held["own_url"] = publish(f"own-{held['own_token']}", own_table.signs(sites, joined["total"]))
        private_files().append(held["own_url"])
    judged: gpd.GeoDataFrame = held["own_scored"]
    return judged


def results(judged: gpd.GeoDataFrame) -> None:
    """Show the scores and offer the files."""
    st.header(ui("own_scores"))
    opened = cached.world()
    parts = {f"{name}_contribution": class_label(name, language(), short=True) for name in opened.criteria}
    head = {"name": ui("name"), "total": ui("score"), "total_low": ui("low"), "total_high": ui("high")}
    table = pd.DataFrame(judged)[[*head, *(name for name in parts if judged[name].notna().any())]]
    grid(table.rename(columns=head | parts).round(1), ui("own_scores"))
    with st.container(horizontal=True):
        for ending, mime in ((".geojson", "application/geo+json"), (".csv", "text/csv")):
            st.download_button(
                ui("own_save", ending=ending[1:].upper()), functools.partial(own_table.saved, judged, ending),
                f"my-sites{ending}", mime, on_click="ignore", icon=":material/download:",
            )  # fmt: skip
        turn("explore", ui("show_on_map"), "map")


@guarded
def page() -> None:
    """Read, choose, compute, show."""
    held = st.session_state
    st.title(ui("my_sites_title"))
    formats = fault_text(listed(map(word, FORMATS)), language())
    limits = ui("own_limits", formats=formats, mb=f"{LIMITS.size_mb:g}", rows=f"{MOST_EDITED:,}")
    st.markdown(f"{ui('own_intro')} {limits}")
    st.file_uploader(ui("own_file"), key=FILE_KEY, on_change=take_file, max_upload_size=int(LIMITS.size_mb))
    choose()
    if held.get("own_fault"):
        st.error(fault_text(held["own_fault"], language()))
    for note in held.get("own_notes", ()):
        st.caption(f"– {fault_text(note, language())}")
    if held.get("own_cut"):
        st.warning(ui("own_cut", most=f"{MOST_EDITED:,}", more=f"{held['own_cut']:,}"))
    edited = editor()
    rejected = list(held.get("own_rejected", ()))
    try:
        found = own_table.read_table(edited, held.get("own_uploaded"))
    except UploadError as error:
        st.error(fault_text(error.said, language()))
        return
    rejected += [] if found is None else [(f"{ui('row')} {row}", why) for row, why in found.rejected]
    if rejected:
        st.warning(
            "\n\n".join([ui("own_rejected"), *(f"{row}: {fault_text(why, language())}" for row, why in rejected[:20])])
        )
    if found is None:
        withdraw(held.pop("own_url", ""))
        own_map.forget()
        held["own_mark"] = None
        st.info(ui("own_none"))
        return
    held.setdefault("own_token", secrets.token_hex(16))
    own_map.show(found.sites.head(MOST_SCORED))
    results(scored(found))


page()
