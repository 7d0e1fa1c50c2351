"""What if a port, an airfield, a road, a railway or a power supply were built: every site before and after.

An addition never worsens a site: the nearest of more features is never farther. A road or railway that joins nothing is
refused, since an isolated network helps nobody.
"""

import dataclasses
import hashlib
import math
from collections.abc import Mapping

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Floats
from oreway.geo.nearest import NearestIndex
from oreway.said import listed, word
from oreway.scoring.dossier.summary import CHAIN, summary, whole_summary
from oreway.scoring.errors import ScoringError
from oreway.scoring.measure.points import ABSENT
from oreway.scoring.measure.targets import class_rule, targets
from oreway.scoring.reasons import Code, note
from oreway.scoring.whatif.sayings import WhatIfSaying
from oreway.scoring.world.place import BUILT, PRESENT, countries, network_state
from oreway.scoring.world.world import World, changed, with_layer

ADDABLE = ("port", "airfield", "road", "rail", "power")
JOINED = {"road": ("port", "town", "road"), "rail": ("port", "rail", "town")}
POINTS = ("port", "airfield")
LINE = "line"
KM_PER_DEGREE = 110.5  # of latitude, its least
SOURCE = BUILT
COMPARED = ("total", "rank", "bill", *CHAIN, "gates", "unfc")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Addition:
    """One thing built: its class, a point or line in EPSG:4326, a name, and how big it is.

    size: metres of depth (port) or runway (airfield), megawatts (power); None for the least that counts.
    """

    class_: str
    geometry: BaseGeometry
    name: str
    size: float | None = None


def with_addition(world: World, addition: Addition) -> World:
    """Return the world as it would be with one thing more; the given world stays as it was.

    Raises:
        ScoringError: a class that cannot be added, a shape that does not fit it, or a line that joins nothing.
    """
    class_ = addition.class_
    if class_ not in ADDABLE:
        raise ScoringError(WhatIfSaying.NOT_ADDABLE(repr(class_), listed(map(word, ADDABLE))))
    if class_ in POINTS and addition.geometry.geom_type != "Point":
        raise ScoringError(WhatIfSaying.IS_A_POINT(word(class_), word(addition.geometry.geom_type)))
    if class_ in JOINED and addition.geometry.geom_type != "LineString":
        raise ScoringError(WhatIfSaying.IS_A_LINE(word(class_), word(addition.geometry.geom_type)))
    if class_ in JOINED:
        _refuse_isolated(world, addition)
    rule = class_rule(world, class_)
    frame, code = world.infrastructure[rule["layer"]], _country(world, addition)
    state = network_state(world, class_, code, "").state
    absent = state != PRESENT
    kept = frame[frame["country_code"] != code] if absent and "country_code" in frame.columns else frame
    row = _row(frame, addition, rule, code)
    joined = gpd.GeoDataFrame(pd.concat([kept, row]), crs=frame.crs)
    methods = dataclasses.replace(world.methods, tables=_opened(world, class_, code, state))
    return changed(with_layer(world, rule["layer"], joined), methods=methods)


def _country(world: World, addition: Addition) -> str:
    point = addition.geometry.representative_point()
    lon, lat = np.full(1, point.x, dtype=np.float64), np.full(1, point.y, dtype=np.float64)
    return str(countries(world, lon, lat)[0])


def _refuse_isolated(world: World, addition: Addition) -> None:
    reach = world.methods.parameters["joined_km"]
    line = NearestIndex.build([addition.geometry])
    for class_ in JOINED[addition.class_]:
        frame = targets(world, class_).frame
        if addition.class_ == class_:
            code = _country(world, addition)
            if network_state(world, class_, code, "").state != PRESENT:
                continue
        lon, lat = _beside(frame, addition.geometry, reach)
        near = np.ravel(line.query(lon, lat, within_km=reach).feature) >= 0
        if near.any() or _touches(world, class_, addition, reach):
            return
    raise ScoringError(
        WhatIfSaying.JOINS_NOTHING(
            word(addition.class_), listed(map(word, JOINED[addition.class_])), format(reach, "g")
        )
    )


def _beside(frame: gpd.GeoDataFrame, line: BaseGeometry, reach_km: float) -> tuple[Floats, Floats]:
    """Return the places of the features in the box round a line: no other one can lie within reach of it."""
    west, south, east, north = line.bounds
    tall = 2 * reach_km / KM_PER_DEGREE
    wide = min(180.0, tall / math.cos(math.radians(min(89.0, max(abs(south), abs(north)) + tall))))
    least_x, least_y, most_x, most_y = shapely.bounds(frame.geometry.to_numpy()).T
    over = (west - wide < -180) | (east + wide > 180)  # what lies across 180 degrees is as near
    here = (most_y >= south - tall) & (least_y <= north + tall)
    here &= over | ((most_x >= west - wide) & (least_x <= east + wide))
    points = frame.geometry[here].representative_point()
    return points.x.to_numpy(), points.y.to_numpy()


def _touches(world: World, class_: str, addition: Addition, reach_km: float) -> bool:
    if class_ != addition.class_:
        return False
    lon, lat = (np.array([point[i] for point in addition.geometry.coords]) for i in (0, 1))
    return bool((np.ravel(targets(world, class_).index.query(lon, lat, within_km=reach_km).feature) >= 0).any())


def _row(frame: gpd.GeoDataFrame, addition: Addition, rule: dict[str, str], code: str) -> gpd.GeoDataFrame:
    values: dict[str, object] = {column: None for column in frame.columns if column != frame.geometry.name}
    size = addition.size if addition.size is not None else float(rule["minimum"] or "nan")
    values |= {"name": addition.name, "country_code": code, "accuracy_km": 0.1, "source": SOURCE, "as_of": ""}
    values |= {"kind": _kind(rule, addition), "is_open": True, "status": "operating"}
    values |= {"depth_m": size, "runway_m": size, "capacity_mw": size}
    kept = {column: [value] for column, value in values.items() if column in frame.columns}
    shape = hashlib.sha256(addition.geometry.wkb).hexdigest()[:12]  # another place is another id: indexes go by ids
    index = pd.Index([f"{SOURCE}-{addition.class_}-{len(frame)}-{shape}"], name=frame.index.name)
    row = gpd.GeoDataFrame(kept, geometry=[addition.geometry], crs=frame.crs, index=index)
    return row.astype({column: frame[column].dtype for column in kept if column in frame.columns})


def _kind(rule: dict[str, str], addition: Addition) -> str:
    """Return the first kind of the class, for a line of power that of lines."""
    kinds = rule["kinds"].split(";")
    return LINE if LINE in kinds and addition.geometry.geom_type == "LineString" else kinds[0]


def _opened(world: World, class_: str, code: str, state: str) -> dict[str, pd.DataFrame]:
    """Return the method tables in which the country has a network of the class."""
    tables = dict(world.methods.tables)
    if state == PRESENT:
        return tables
    networks = tables["networks"]
    others = networks[~((networks["country_code"] == code) & (networks["class"] == class_))]
    known = "yes" if state == ABSENT else "no"  # where there was no network, there is still none elsewhere
    row = {"country_code": code, "class": class_, "state": "present", "complete": known, "source": SOURCE}
    added = pd.DataFrame([{**row, "reason": note(Code.WHATIF_BUILT), "as_of": ""}])
    tables["networks"] = pd.concat([others, added[networks.columns]], ignore_index=True)
    return tables


def compare(
    before: World,
    after: World,
    *,
    profile: str | None = None,
    weights: Mapping[str, float] | None = None,
    known: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return each scored site before and after: score, rank among its peers, bill, chain, gates and UNFC code.

    Args:
        before: the world as it is, judged by the profile of each site's setting.
        after: the world with what was built or changed.
        profile: profile of the judgement after; None for that of each site's setting.
        weights: weights of the judgement after, in place of a profile.
        known: the `summary` of the world before, where it is at hand.

    Returns:
        Columns site_id, gain in points, then <name>_before and <name>_after for COMPARED: total, rank, bill (itemised
        base, US$M), chain_km, chain_usd_per_t and refinery (the best running chain), gates, unfc; largest gain first.
    """
    one = whole_summary(before) if known is None else known
    moved = set(_rerouted(before, after))
    kept = [key for key in one.index if key not in moved]
    two = summary(after, profile=profile, weights=weights, ways=one.loc[kept, list(CHAIN)])
    joined = one[list(COMPARED)].add_suffix("_before").join(two[list(COMPARED)].add_suffix("_after"))
    joined["gain"] = joined["total_after"] - joined["total_before"]
    columns = [f"{name}_{when}" for name in COMPARED for when in ("before", "after")]
    return joined[["gain", *columns]].sort_values("gain", ascending=False, kind="stable").reset_index()


def _rerouted(before: World, after: World) -> list[str]:
    """Return the sites whose chain may differ: all with other ports, else those with another row or other facts."""
    if before.infrastructure["ports"] is not after.infrastructure["ports"]:
        return list(after.sites.index)
    facts = pd.concat([before.facts, after.facts]).drop_duplicates(keep=False)["site_id"]
    rows = [pd.DataFrame(world.sites.drop(columns="geometry")).reset_index() for world in (before, after)]
    return [*facts, *pd.concat(rows).drop_duplicates(keep=False)["site_id"]]
