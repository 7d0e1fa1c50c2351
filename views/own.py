"""The user's own sites judged like the catalogue's, for ranking, comparison and supply; this session's alone."""

import dataclasses

import geopandas as gpd
import pandas as pd
import streamlit as st

from oreway.scoring.batch.own_sites import own_world
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.judge.assess import Assessment, assess, reweigh
from oreway.scoring.measure import measure
from oreway.scoring.world.weight_profiles import with_shapes
from oreway.scoring.world.world import World
from oreway.views import cached

JUDGED, MOST, SIGN = "own_judged", 50, "▼"
PREFIX = "own-"  # their ids beside those of the catalogue


@dataclasses.dataclass(frozen=True, kw_only=True)
class Own:
    """The first MOST own sites as a world of their own, with names and measurements by id."""

    world: World
    names: dict[str, str]
    rows: pd.DataFrame
    mark: object


def own() -> Own | None:
    """Return the user's own sites, measured once for each table; None where there are none."""
    held = st.session_state
    frame: gpd.GeoDataFrame | None = held.get("own_scored") if held.get("own_mark") is not None else None
    if frame is None or frame.empty:
        return None
    if held.get(JUDGED) is None or held[JUDGED].mark != held["own_mark"]:
        mine = frame.head(MOST)
        mine = mine.set_axis([f"{PREFIX}{i + 1}" for i in range(len(mine))], axis="index").rename_axis("site_id")
        world = own_world(cached.world(), gpd.GeoDataFrame(mine, crs=frame.crs))
        names = {str(key): f"{SIGN} {name}" for key, name in mine["name"].items()}
        held[JUDGED] = Own(world=world, names=names, rows=measure.measure(world), mark=held["own_mark"])
    found: Own = held[JUDGED]
    return found


def names() -> dict[str, str]:
    """Return the names of the own sites by id, with the sign of own sites before them."""
    mine = own()
    return {} if mine is None else mine.names


def judged(profile: str | None, weights: dict[str, float] | None, shape: str) -> dict[str, Assessment]:
    """Return the own sites' assessments by a profile or weights, in a shape."""
    mine = own()
    if mine is None:
        return {}
    world = with_shapes(mine.world, shape)
    values = assess(world, mine.rows, weights=dict.fromkeys(world.criteria, 1.0))
    return reweigh(world, values, profile=profile, weights=weights)


def setting(site_id: str) -> str:
    """Return the setting of an own site."""
    mine = own()
    return "" if mine is None else str(mine.world.sites["setting"][site_id])


def brief(site_id: str, assessment: Assessment) -> Dossier:
    """Return what a panel shows of an own site."""
    mine = own()
    if mine is None:
        raise KeyError(site_id)
    row = {str(key): value for key, value in mine.world.sites.loc[site_id].items()}
    nearest = mine.rows[mine.rows["site_id"] == site_id].drop(columns="site_id")
    return Dossier(
        site={"site_id": site_id, **row, "name": mine.names[site_id]}, facts=mine.world.facts.head(0), nearest=nearest,
        assessment=assessment, data_version=mine.world.data_version, notes=(),
    )  # fmt: skip
