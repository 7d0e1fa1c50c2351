"""Closing what exists: a port, an airfield, a power supply or a plant that no longer serves, in a what-if."""

import dataclasses
import difflib
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from oreway.geo.geodesy import distance_km
from oreway.layers.vocabulary import PlantStatus, Setting
from oreway.said import listed, word
from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.subject import Subject, facts_of, logical_port
from oreway.scoring.measure.targets import class_rule, maybe_targets, targets
from oreway.scoring.whatif.changes import FactChange, read_change, with_change
from oreway.scoring.whatif.sayings import WhatIfSaying
from oreway.scoring.world.world import World, changed, without

REFINERY = "refinery"
CLOSABLE = ("port", "airfield", "power", REFINERY)
PORT, DEEP_PORT, LOGICAL_PORT = "port", "deep_water_port", "logical_port"
BRACKETS = re.compile(r"[(/]")
CLOSE = "close"
MOST_NEAR, LIKE = 3, 0.6


@dataclasses.dataclass(frozen=True, kw_only=True)
class Closing:
    """One thing closed: its class, one of CLOSABLE, and its id or name."""

    class_: str
    key: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Open:
    """One thing in service that may be closed, and how far it is from where one asks."""

    feature_id: str
    name: str
    country_code: str
    lon: float
    lat: float
    distance_km: float

    def said(self, class_: str) -> str:
        """Return its closing as close:CLASS:ID, as `read_step` takes it."""
        return f"{CLOSE}:{class_}:{self.feature_id}"


def read_step(text: str) -> FactChange | Closing:
    """Return what a text names: close:CLASS:NAME a closing, anything else a change of a fact.

    Raises:
        ScoringError: the text is neither.
    """
    first, _, rest = text.strip().partition(":")
    return read_change(text) if first.strip().lower() != CLOSE or "=" in rest else read_closing(rest)


def written(step: FactChange | Closing) -> str:
    """Return a step as `read_step` takes it."""
    if isinstance(step, Closing):
        return f"{CLOSE}:{step.class_}:{step.key}"
    field = f"{step.field}.{step.category}" if step.category else step.field
    return f"{step.site_id}:{field}={step.value}"


def read_closing(text: str) -> Closing:
    """Return what a text CLASS:NAME closes.

    Raises:
        ScoringError: the text is none.
    """
    class_, colon, key = text.partition(":")
    if not (colon and class_.strip() and key.strip()):
        raise ScoringError(WhatIfSaying.CLOSE_NOT_READ(repr(text)))
    return Closing(class_=class_.strip().lower(), key=key.strip())


def with_step(world: World, step: FactChange | Closing) -> World:
    """Return the world with one fact changed or one thing closed; the given world stays as it was.

    Raises:
        ScoringError: it cannot be changed or closed so.
    """
    return with_closing(world, step) if isinstance(step, Closing) else with_change(world, step)


def with_closing(world: World, closing: Closing) -> World:
    """Return the world with one thing out of service; whoever used it turns to the next.

    A port, an airfield or a power supply is taken out of its layer; a plant stays in the catalogue and stands idle. A
    plan that names the port is void: on land the best of the others counts, at sea the next that is no nearer.

    Raises:
        ScoringError: no such class, or nothing in service of that name.
    """
    feature_id = str(closed_feature(world, closing).name)
    if closing.class_ != REFINERY:
        facts = _facts_without(world, feature_id) if closing.class_ == PORT else world.facts
        closed = without(world, class_rule(world, closing.class_)["layer"], [feature_id])
        return closed if facts is world.facts else changed(closed, facts=facts)
    sites, plants = world.sites.copy(), world.plants.copy()
    for frame in (sites, plants):
        frame.loc[feature_id, "stage"] = PlantStatus.IDLED.value
    return changed(world, sites=sites, plants=plants)


def _facts_without(world: World, port_id: str) -> pd.DataFrame:
    """Return the facts in which no plan names a port: those of sites at sea name the next one that is no nearer."""
    is_named = world.facts["field"] == LOGICAL_PORT
    asked = [key for key in dict.fromkeys(world.facts.loc[is_named, "site_id"]) if key in world.sites.index]
    facts = world.facts
    for subject in (_subject(world, key) for key in asked):
        named = logical_port(world, subject)
        if named is None or named.feature_id != port_id:
            continue
        mine = (facts["site_id"] == subject.site_id) & (facts["field"] == LOGICAL_PORT)
        if subject.setting == Setting.SEABED:
            facts = facts.assign(value=facts["value"].mask(mine, _next_port(world, subject, port_id)))
        else:
            facts = facts[~mine]
    return facts


def _subject(world: World, site_id: str) -> Subject:
    site = {str(key): value for key, value in world.sites.loc[site_id].items()}
    return Subject(site_id=site_id, site=site, facts=facts_of(world, site_id), rows={}, setting=str(site["setting"]))


def _next_port(world: World, subject: Subject, port_id: str) -> str:
    """Return the name of the deep port next in distance after a port."""
    known = nearest_open(world, DEEP_PORT, subject.place, len(targets(world, DEEP_PORT).frame))
    away = distance_km(*subject.place, *world.infrastructure["ports"].geometry.loc[port_id].coords[0])
    beyond = (one for one in known if one.distance_km >= away and one.feature_id != port_id)
    return next((name for one in beyond for name in [BRACKETS.split(one.name)[0].strip()]
                 if _is_meant(world, subject, name, one.feature_id)), "")  # fmt: skip


def _is_meant(world: World, subject: Subject, name: str, port_id: str) -> bool:
    """Tell whether a plan that gives a name means a port."""
    row = {"value": name, "field": LOGICAL_PORT}
    named = logical_port(world, dataclasses.replace(subject, facts={LOGICAL_PORT: [row]}))
    return named is not None and named.feature_id == port_id


def closed_feature(world: World, closing: Closing) -> "pd.Series[str]":
    """Return the row of what a closing names, by its id or by its whole name; its label is the id.

    Raises:
        ScoringError: no such class, nothing in service of that name, or several.
    """
    frame, wanted = in_service(world, closing.class_), closing.key.casefold()
    if closing.key in frame.index:
        return frame[frame.index == closing.key].iloc[0]
    named = frame[frame["name"].fillna("").str.casefold() == wanted]
    if len(named) == 1:
        return named.iloc[0]
    if len(named):
        told = listed(
            f"{key} ({code})" for key, code in zip(named.index, named["country_code"].fillna(""), strict=True)
        )
        raise ScoringError(WhatIfSaying.SEVERAL_NAMED(repr(closing.key), told))
    known = {str(name).casefold(): str(name) for name in frame["name"].dropna()}
    close = difflib.get_close_matches(wanted, list(known), n=MOST_NEAR, cutoff=LIKE)
    near = WhatIfSaying.DID_YOU_MEAN(listed(known[one] for one in close)) if close else ""
    raise ScoringError(WhatIfSaying.NOTHING_NAMED(word(closing.class_), repr(closing.key), near))


def in_service(world: World, class_: str) -> gpd.GeoDataFrame:
    """Return what of a class is open, those whose size nobody knows among them; indexed by id, EPSG:4326.

    Raises:
        ScoringError: a class that cannot be closed.
    """
    if class_ not in (*CLOSABLE, DEEP_PORT):
        raise ScoringError(WhatIfSaying.NOT_CLOSABLE(repr(class_), listed(map(word, CLOSABLE))))
    if class_ == REFINERY:
        running = world.plants[world.plants["stage"] == PlantStatus.OPERATING]
        return running.set_geometry(gpd.points_from_xy(running["lon"], running["lat"], crs="EPSG:4326"))
    unsure = maybe_targets(world, class_)
    parts = [targets(world, class_).frame, *([] if unsure is None else [unsure.frame])]
    found = pd.concat(parts) if len(parts) > 1 else parts[0]
    return gpd.GeoDataFrame(found[found.geometry.geom_type == "Point"])


def nearest_open(world: World, class_: str, lon_lat: tuple[float, float], most: int) -> list[Open]:
    """Return what may be closed nearest to a place, in degrees, the nearest first; what has no name is left out.

    Raises:
        ScoringError: a class that cannot be closed.
    """
    frame = in_service(world, class_)
    frame = frame[frame["name"].fillna("") != ""]
    lon, lat = shapely.get_coordinates(frame.geometry.to_numpy()).T
    km = distance_km(np.full(len(lon), lon_lat[0]), np.full(len(lat), lon_lat[1]), lon, lat)
    return [
        Open(
            feature_id=str(frame.index[i]), name=str(frame["name"].iloc[i]),
            country_code=str(frame["country_code"].iloc[i]), lon=float(lon[i]), lat=float(lat[i]),
            distance_km=float(km[i]),
        )
        for i in np.argsort(km, kind="stable")[:most]
    ]  # fmt: skip
