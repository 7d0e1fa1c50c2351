"""Measurements: the nearest of each class of infrastructure, with bounds, method, source, or why there is none."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from layers.vocabulary import Setting
from scoring.classes import class_rows, join_notes
from scoring.criteria import words
from scoring.errors import ScoringError
from scoring.place import locate
from scoring.targets import CLASSES, check_classes
from scoring.world import World

COLUMNS = (
    "class", "feature_id", "name", "lon", "lat", "distance_km", "low_km", "high_km", "azimuth_deg", "method", "nil",
    "source", "as_of", "note", "accuracy_km",
)  # fmt: skip
NUMBERS = ("lon", "lat", "distance_km", "low_km", "high_km", "azimuth_deg", "accuracy_km")
TEXTS = ("class", "feature_id", "name", "method", "nil", "source", "as_of", "note")
ANY_COMMODITY = "*"


def nearest(
    world: World,
    lon: float,
    lat: float,
    *,
    position_accuracy_km: float = 0.0,
    setting: str | None = None,
    classes: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Return the nearest of each infrastructure class for any point on Earth.

    Args:
        world: the opened world.
        lon: degrees east, -180 to 180.
        lat: degrees north, -90 to 90.
        position_accuracy_km: how far off the given position may be; widens low_km and high_km.
        setting: a word of `Setting` to use instead of the one found from landmass and country.
        classes: which classes, in this order; None for all ten.

    Returns:
        One row a class, columns COLUMNS. distance_km is on the WGS84 ellipsoid; where nil is not empty the distances
        are NaN and note says why.

    Raises:
        ScoringError: a coordinate, the accuracy, the setting or a class cannot be used.
    """
    _check_point(lon, lat, position_accuracy_km)
    wanted = check_classes(tuple(classes) if classes is not None else CLASSES)
    place = locate(world, np.array([float(lon)]), np.array([float(lat)]))
    points = place.assign(
        lon=float(lon), lat=float(lat), accuracy_km=float(position_accuracy_km),
        chain_stages=chain_stages(world, ANY_COMMODITY), point=0,
    )  # fmt: skip
    if setting is not None:
        points["setting"] = _checked_setting(setting)
    frames = [_class_rows(world, points, class_, {}) for class_ in wanted]
    return pd.concat(frames, ignore_index=True)[list(COLUMNS)]


def measure(world: World, site_ids: Sequence[str] | None = None, classes: Iterable[str] | None = None) -> pd.DataFrame:
    """Measure catalogue sites: site_id and the columns of `nearest`, one row a site and class.

    A zone is measured from its measuring point; its edge, taken at 72 points, widens low_km and high_km.

    Raises:
        ScoringError: a site or a class is not known.
    """
    wanted = check_classes(tuple(classes) if classes is not None else CLASSES)
    sites = chosen_sites(world, site_ids)
    points = _site_points(world, sites)
    shapes = {i: g for i, g in enumerate(sites.geometry) if g.geom_type != "Point"}
    frames = [
        _class_rows(world, points, class_, shapes).assign(site_id=sites.index.to_numpy(), order=order)
        for order, class_ in enumerate(wanted)
    ]
    if not frames or sites.empty:
        return pd.DataFrame(columns=["site_id", *COLUMNS])
    rows = pd.concat(frames, ignore_index=True)
    place = rows["site_id"].map({site_id: i for i, site_id in enumerate(sites.index)})
    rows = rows.assign(place=place).sort_values(["place", "order"], kind="stable", ignore_index=True)
    return rows[["site_id", *COLUMNS]]


def chosen_sites(world: World, site_ids: Sequence[str] | None) -> pd.DataFrame:
    """Return the rows of the given sites, all of them for None.

    Raises:
        ScoringError: a site is not known.
    """
    if site_ids is None:
        return world.sites
    absent = [site_id for site_id in site_ids if site_id not in world.sites.index]
    if absent:
        raise ScoringError(f"site {', '.join(map(repr, absent))}: not known; `oreway sites` lists them")
    return world.sites.loc[list(dict.fromkeys(site_ids))]


def chain_stages(world: World, commodities: str) -> str:
    """Return the next steps of the chain for the first listed commodity that has one, as a ";" list; "" for none."""
    table = world.methods.tables["refinery_fit"].set_index("commodity")["chain_stages"].to_dict()
    fits = (str(table[name]) for name in words(commodities) if name in table)
    return next(fits, "")


def _checked_setting(setting: str) -> str:
    known = [word.value for word in Setting]
    if setting not in known:
        raise ScoringError(f"setting {setting!r}: not known; choose from {', '.join(known)}")
    return str(setting)


def _check_point(lon: float, lat: float, accuracy_km: float) -> None:
    faults = []
    if not (math.isfinite(lon) and -180 <= lon <= 180):
        faults.append(f"longitude {lon}: expected -180 to 180 degrees")
    if not (math.isfinite(lat) and -90 <= lat <= 90):
        faults.append(f"latitude {lat}: expected -90 to 90 degrees")
    if not (math.isfinite(accuracy_km) and accuracy_km >= 0):
        faults.append(f"position_accuracy_km {accuracy_km}: expected a number of kilometres, 0 or more")
    if faults:
        raise ScoringError("\n".join(faults))


def _site_points(world: World, sites: pd.DataFrame) -> pd.DataFrame:
    """Return each site's measuring point and, for zones, points along their edge; `point` is the row of the site."""
    lon, lat = [sites["lon"].to_numpy(dtype=float)], [sites["lat"].to_numpy(dtype=float)]
    owner = [np.arange(len(sites))]
    samples = int(world.methods.parameters["edge_samples"])
    for i, geometry in enumerate(sites.geometry):
        if geometry.geom_type != "Point":
            edge = _edge(geometry, samples)
            lon.append(edge[:, 0])
            lat.append(edge[:, 1])
            owner.append(np.full(len(edge), i))
    point = np.concatenate(owner)
    middle = locate(world, lon[0], lat[0])
    fits = {text: chain_stages(world, text) for text in sites["commodities"].unique()}
    return pd.DataFrame(
        {
            "lon": np.concatenate(lon),
            "lat": np.concatenate(lat),
            "point": point,
            "landmass": middle["landmass"].to_numpy()[point],
            "country_code": sites["country_code"].to_numpy(dtype=object)[point],
            "setting": sites["setting"].to_numpy(dtype=object)[point],
            "accuracy_km": sites["position_accuracy_km"].to_numpy(dtype=float)[point],
            "chain_stages": sites["commodities"].map(fits).to_numpy(dtype=object)[point],
        }
    )


def _edge(geometry: BaseGeometry, samples: int) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """Return evenly spaced points along the outline of a polygon or along a line; of anything else its vertices."""
    outline = geometry.boundary if "Polygon" in geometry.geom_type else geometry
    if outline is None or "Line" not in outline.geom_type:
        return shapely.get_coordinates(geometry)
    at = np.arange(samples) / samples
    places = [outline.interpolate(float(fraction), normalized=True) for fraction in at]
    return shapely.get_coordinates(places)


def _class_rows(world: World, points: pd.DataFrame, class_: str, shapes: dict[int, BaseGeometry]) -> pd.DataFrame:
    """Return one finished row a site: bounds hold the position's and the feature's accuracy, floor 0."""
    raw = class_rows(world, points, class_)
    slack = points["accuracy_km"].to_numpy() + raw["accuracy_km"].fillna(0.0).to_numpy()
    raw = raw.assign(low_km=raw["low_km"] - slack, high_km=raw["high_km"] + slack)
    known = raw["nil"] == ""
    bounds = raw[known].groupby(points.loc[known, "point"])
    first = ~points["point"].duplicated().to_numpy()
    rows = raw[first].reset_index(drop=True)
    rows["low_km"] = bounds["low_km"].min().reindex(rows.index).clip(lower=0.0)
    rows["high_km"] = bounds["high_km"].max().reindex(rows.index)
    for i, shape in shapes.items():
        rows = _measured_from_edge(rows, i, shape)
    rows["class"] = class_
    return _blank_where_nil(rows)[list(COLUMNS)]


def _measured_from_edge(rows: pd.DataFrame, i: int, shape: BaseGeometry) -> pd.DataFrame:
    """Say in row i that it stands for a zone; a feature inside the zone is at distance 0 from its edge."""
    if rows["nil"].iloc[i] != "":
        return rows
    lon, lat, low = (float(rows[name].iloc[i]) for name in ("lon", "lat", "low_km"))
    low = 0.0 if shapely.contains_xy(shape, lon, lat) else low
    edge = f"from the zone's measuring point; from its edge at least {low:.1f} km"
    note = join_notes(str(rows["note"].iloc[i]), edge)
    at = pd.Series(rows.index == i, index=rows.index)
    return rows.assign(low_km=rows["low_km"].mask(at, low), note=rows["note"].astype(object).mask(at, note))


def _blank_where_nil(rows: pd.DataFrame) -> pd.DataFrame:
    """Empty the distances and the names of rows that stand for nothing; keep reason and source."""
    gone = (rows["nil"] != "").to_numpy()
    blank = rows.assign(**{name: rows[name].astype(float).mask(gone) for name in NUMBERS})
    blank = blank.assign(**{name: rows[name].mask(gone, "") for name in ("feature_id", "name", "method")})
    return blank.astype(dict.fromkeys(TEXTS, "str"))
