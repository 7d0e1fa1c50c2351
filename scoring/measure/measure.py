"""Measurements: the nearest of each class of infrastructure, with bounds, method, source, or why there is none."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Floats
from oreway.later import later
from oreway.layers.registry import LAYERS, SITE_ROLES
from oreway.said import Joint, listed
from oreway.scoring.errors import ScoringError
from oreway.scoring.measure.classes import measure_points
from oreway.scoring.measure.own import with_own
from oreway.scoring.measure.points import Found, Ints, Points, same_text
from oreway.scoring.measure.rows import told
from oreway.scoring.measure.targets import CLASSES, check_classes
from oreway.scoring.reasons import Code, note
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.world.criteria import TABLES, words
from oreway.scoring.world.kept import kept, shipped
from oreway.scoring.world.place import SETTINGS, Whereabouts, codes, landmass_positions, whereabouts
from oreway.scoring.world.world import World

with later(__name__):
    import pandas as pd

COLUMNS = (
    "class", "feature_id", "name", "lon", "lat", "distance_km", "low_km", "high_km", "azimuth_deg", "method", "nil",
    "source", "as_of", "note", "accuracy_km", "across",
)  # fmt: skip
TEXTS = ("class", "feature_id", "method", "nil", "source", "as_of")
KINDS = {name: float for name in COLUMNS if name.endswith(("_km", "_deg")) or name in {"lon", "lat"}} | {"across": bool}
ANY_COMMODITY = "*"
MEASURED = ("sites", "plants", "parameters", *TABLES, *(layer.id for layer in LAYERS if layer.role not in SITE_ROLES))


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Asked:
    """The points of `count` sites: first one of each, then those along the edges of zones.

    site is the row of the site a point stands for, shapes the zones by that row.
    """

    points: Points
    where: Whereabouts
    site: Ints
    shapes: Mapping[int, BaseGeometry]
    count: int


class OfPoint(TypedDict, total=False):
    """What `nearest` may be told of a point beside where it is; see there."""

    position_accuracy_km: float
    setting: str | None
    classes: Iterable[str] | None


def nearest(world: World, lon: float, lat: float, **asked: Unpack[OfPoint]) -> pd.DataFrame:
    """Return the nearest of each infrastructure class for any point on Earth.

    Args:
        world: the opened world.
        lon: degrees east, -180 to 180.
        lat: degrees north, -90 to 90.
        **asked: position_accuracy_km, how far off the given position may be, which widens low_km and high_km; setting,
            a word of `Setting` to use instead of the one found from landmass and country; classes, which of them in
            this order, None for all ten.

    Returns:
        One row a class, columns COLUMNS. distance_km is on the WGS84 ellipsoid; where nil is not empty the distances
        are NaN and note says why. name holds a `Name`, note a `Note`.

    Raises:
        ScoringError: a coordinate, the accuracy, the setting or a class cannot be used.
    """
    told = nearest_rows(world, lon, lat, **asked)
    columns = {name: np.array([row[name] for row in told], dtype=KINDS.get(name, object)) for name in COLUMNS}
    return _frame(columns) if told else pd.DataFrame(columns=list(COLUMNS))


def nearest_rows(
    world: World,
    lon: float,
    lat: float,
    *,
    position_accuracy_km: float = 0.0,
    setting: str | None = None,
    classes: Iterable[str] | None = None,
) -> list[dict[str, Any]]:
    """Return the rows of `nearest` without a frame: loading what makes frames takes as long as finding the answer."""
    _check_point(lon, lat, position_accuracy_km)
    wanted = check_classes(tuple(classes) if classes is not None else CLASSES)
    known = None if setting is None else _checked_setting(setting)
    x, y = np.array([float(lon)]), np.array([float(lat)])
    where = whereabouts(world, x, y)
    if known is not None:
        where = dataclasses.replace(where, setting=np.array([SETTINGS.index(known)]))
    points = Points(
        lon=x, lat=y, accuracy_km=np.array([float(position_accuracy_km)]), stages=np.zeros(1, np.int64),
        stage_words=(chain_stages(world, ANY_COMMODITY),),
    )  # fmt: skip
    asked = _Asked(points=points, where=where, site=np.zeros(1, np.int64), shapes={}, count=1)
    if not wanted:
        return []
    columns = _columns(world, asked, wanted)
    return [
        dict(zip(COLUMNS, cells, strict=True)) for cells in zip(*map(np.ndarray.tolist, columns.values()), strict=True)
    ]


def measure(world: World, site_ids: Sequence[str] | None = None, classes: Iterable[str] | None = None) -> pd.DataFrame:
    """Measure catalogue sites: site_id and the columns of `nearest`, one row a site and class.

    A zone is measured from its measuring point; its edge, taken at 72 points, widens low_km and high_km. What a fact
    says stands at the site is its nearest.

    Raises:
        ScoringError: a site or a class is not known.
    """
    wanted = check_classes(tuple(classes) if classes is not None else CLASSES)
    sites = chosen_sites(world, site_ids)
    if not wanted or sites.empty:
        return pd.DataFrame(columns=["site_id", *COLUMNS])
    home = shipped(world, MEASURED)
    found = _measured(world, sites, wanted) if home is None else _ready(home, sites.index, wanted)
    return with_own(world, found)


@kept(*MEASURED, on_disk=True)
def _catalogue(world: World) -> pd.DataFrame:
    """Return the measurements of all sites and classes."""
    return _measured(world, world.sites, CLASSES)


def _ready(world: World, site_ids: pd.Index[str], classes: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of some sites and classes from those of all."""
    rows = _catalogue(world)
    first = world.sites.index.get_indexer(site_ids) * len(CLASSES)
    inner = [CLASSES.index(class_) for class_ in classes]
    chosen = (first[:, None] + np.array(inner)).ravel()
    found = _frame({name: rows[name].to_numpy(dtype=KINDS.get(name, object))[chosen] for name in COLUMNS})
    found.insert(0, "site_id", site_ids.repeat(len(classes)).to_numpy())
    return found


def _measured(world: World, sites: pd.DataFrame, wanted: tuple[str, ...]) -> pd.DataFrame:
    rows = _table(world, _site_points(world, sites), wanted)
    rows.insert(0, "site_id", sites.index.repeat(len(wanted)).to_numpy())
    return rows


def chosen_sites(world: World, site_ids: Sequence[str] | None) -> pd.DataFrame:
    """Return the rows of the given sites, all of them for None.

    Raises:
        ScoringError: a site is not known.
    """
    if site_ids is None:
        return world.sites
    absent = [site_id for site_id in site_ids if site_id not in world.sites.index]
    if absent:
        raise ScoringError(ScoringSaying.NO_SITE(listed(map(repr, absent))))
    return world.sites.loc[list(dict.fromkeys(site_ids))]


def chain_stages(world: World, commodities: str) -> str:
    """Return the next steps of the chain for the first listed commodity, as a ";" list; "" where none is kept for it.

    A by-product's plant is not where the first goes.
    """
    return next((_chains(world).get(name, "") for name in words(commodities)), "")


@kept("refinery_fit", on_disk=True)
def _chains(world: World) -> dict[str, str]:
    table = world.methods.tables["refinery_fit"]
    return {str(name): str(stages) for name, stages in zip(table["commodity"], table["chain_stages"], strict=True)}


def _checked_setting(setting: str) -> str:
    if setting not in SETTINGS:
        raise ScoringError(ScoringSaying.NO_SETTING(repr(setting), listed(SETTINGS)))
    return str(setting)


def _check_point(lon: float, lat: float, accuracy_km: float) -> None:
    faults = []
    if not (math.isfinite(lon) and -180 <= lon <= 180):
        faults.append(ScoringSaying.POINT_LONGITUDE(lon))
    if not (math.isfinite(lat) and -90 <= lat <= 90):
        faults.append(ScoringSaying.POINT_LATITUDE(lat))
    if not (math.isfinite(accuracy_km) and accuracy_km >= 0):
        faults.append(ScoringSaying.POINT_ACCURACY(accuracy_km))
    if faults:
        raise ScoringError(Joint.LINES(*faults))


def _site_points(world: World, sites: pd.DataFrame) -> _Asked:
    """Return each site's measuring point and, for zones, points along their edge."""
    own = np.column_stack([sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float)])
    samples = int(world.methods.parameters["edge_samples"])
    shapes = {i: geometry for i, geometry in enumerate(sites.geometry) if geometry.geom_type != "Point"}
    edges = [_edge(shape, samples) for shape in shapes.values()]
    site = np.concatenate([np.arange(len(sites)), np.repeat(list(shapes), [len(edge) for edge in edges]).astype(int)])
    lon, lat = np.concatenate([own, *edges]).T.copy()
    accuracy = sites["position_accuracy_km"].to_numpy(dtype=float)[site]
    code, texts = pd.factorize(sites["commodities"].to_numpy(dtype=object))
    points = points_of(world, lon, lat, accuracy, code[site], texts)
    return _Asked(points=points, where=where_sites(world, sites).take(site), site=site, shapes=shapes, count=len(sites))


def where_sites(world: World, sites: pd.DataFrame) -> Whereabouts:
    """Return where sites lie; country and setting are those on record."""
    landmass = landmass_positions(world, sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
    setting = [SETTINGS.index(str(text)) for text in sites["setting"]]
    country = codes(world).country(sites["country_code"].to_numpy(dtype=object))
    return Whereabouts(landmass=landmass, country=country, setting=np.array(setting, dtype=np.int64))


def points_of(
    world: World, lon: Floats, lat: Floats, accuracy_km: Floats, code: npt.NDArray[np.intp], texts: Iterable[str]
) -> Points:
    """Return points ready to be measured, each with the next steps of the chain for its commodities, texts[code]."""
    steps = [chain_stages(world, str(text)) for text in texts]
    stage_words = tuple(sorted(set(steps)))
    stages = np.array([stage_words.index(step) for step in steps], dtype=np.int64)
    return Points(
        lon=lon, lat=lat, accuracy_km=accuracy_km, stages=stages[code] if len(stages) else np.zeros(0, np.int64),
        stage_words=stage_words,
    )  # fmt: skip


def _edge(geometry: BaseGeometry, samples: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return evenly spaced points along the outline of a polygon or along a line; of anything else its vertices."""
    outline = geometry.boundary if "Polygon" in geometry.geom_type else geometry
    if outline is None or "Line" not in outline.geom_type:
        return shapely.get_coordinates(geometry)
    at = np.arange(samples) / samples
    places = [outline.interpolate(float(fraction), normalized=True) for fraction in at]
    return shapely.get_coordinates(places)


def _table(world: World, asked: _Asked, classes: Sequence[str]) -> pd.DataFrame:
    """Return COLUMNS, one row a site and class, the classes of a site together."""
    return _frame(_columns(world, asked, classes)) if classes else pd.DataFrame(columns=list(COLUMNS))


def _columns(world: World, asked: _Asked, classes: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """Return COLUMNS in their order, as `_table` has them."""
    found = measure_points(world, asked.points, asked.where, classes)
    told_columns = [_class_columns(world, asked, found[class_], class_) for class_ in classes]
    return {name: np.stack([one[name] for one in told_columns], axis=1).ravel() for name in COLUMNS}


def _frame(columns: Mapping[str, npt.NDArray[Any]]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.array(cells, dtype="str") if name in TEXTS else cells for name, cells in columns.items()}
    )


def _class_columns(world: World, asked: _Asked, found: Found, class_: str) -> dict[str, npt.NDArray[Any]]:
    """Return COLUMNS, one entry a site; a zone's bounds are those of all points along its edge."""
    n, known = asked.count, found.nil == 0
    low, high, first = np.full(n, np.nan), np.full(n, np.nan), np.arange(n)
    np.fmin.at(low, asked.site[known], found.low_km[known])
    np.fmax.at(high, asked.site[known], found.high_km[known])
    columns = told(world, asked.points.take(first), asked.where.take(first), found.take(first), class_)
    gone = found.nil[:n] != 0
    columns |= {"class": same_text(class_, n), "low_km": np.where(gone, np.nan, low)}
    columns |= {"high_km": np.where(gone, np.nan, high)}
    for i, shape in asked.shapes.items():
        if not gone[i]:
            _measure_from_edge(columns, i, shape)
    return columns


def _measure_from_edge(columns: dict[str, npt.NDArray[Any]], i: int, shape: BaseGeometry) -> None:
    """Say in row i that it stands for a zone; a feature inside the zone is at distance 0 from its edge."""
    if shapely.contains_xy(shape, columns["lon"][i], columns["lat"][i]):
        columns["low_km"][i] = 0.0
    columns["note"][i] += note(Code.FROM_ZONE, float(columns["low_km"][i]))
