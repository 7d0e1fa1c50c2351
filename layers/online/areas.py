"""The boxes a refresh asks for, and the check that an answer lies in them with its axes the right way round."""

import dataclasses
import math
from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import shapely

from oreway.layers.online.errors import OnlineError
from oreway.layers.online.sayings import OnlineSaying

KM_PER_DEGREE = 110.5  # a little less than the least of the WGS84 ellipsoid (110.574 km): boxes come out too large
SLACK_DEG = 0.05


@dataclasses.dataclass(frozen=True, kw_only=True)
class Area:
    """A box in degrees (EPSG:4326) with the name of what it is drawn round."""

    name: str
    west: float
    south: float
    east: float
    north: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north."""
        return self.west, self.south, self.east, self.north


WORLD = Area(name="world", west=-180.0, south=-90.0, east=180.0, north=90.0)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Feature:
    """One feature of an answer: its id there, its properties, its geometry (None when it has none)."""

    key: str
    properties: dict[str, object]
    geometry: shapely.Geometry | None


def around(sites: gpd.GeoDataFrame, radius_km: float) -> list[Area]:
    """Return a box round each site that holds every point within the radius; two where it crosses longitude 180.

    Args:
        sites: EPSG:4326, indexed by site_id; a polygon counts with its whole extent.
        radius_km: above 0.

    Raises:
        OnlineError: the radius is no positive number, or the sites are not in EPSG:4326.
    """
    if not (math.isfinite(radius_km) and 0 < radius_km <= 500):
        raise OnlineError(OnlineSaying.RADIUS(radius_km))
    if sites.crs is None or sites.crs.to_epsg() != 4326:
        raise OnlineError(OnlineSaying.SITES_SYSTEM(sites.crs))
    bounds = sites.geometry.bounds.to_numpy()
    return [area for key, box in zip(sites.index, bounds, strict=True) for area in _boxes(str(key), box, radius_km)]


def _boxes(name: str, box: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", radius_km: float) -> list[Area]:
    tall = radius_km / KM_PER_DEGREE
    south, north = max(-90.0, box[1] - tall), min(90.0, box[3] + tall)
    wide = 360.0 if max(-south, north) >= 90 else tall / math.cos(math.radians(max(-south, north)))
    west, east = float(box[0]) - wide, float(box[2]) + wide
    if east - west >= 360:
        spans = [(-180.0, 180.0)]
    elif west < -180:
        spans = [(-180.0, east), (west + 360, 180.0)]
    elif east > 180:
        spans = [(west, 180.0), (-180.0, east - 360)]
    else:
        spans = [(west, east)]
    return [Area(name=name, west=low, south=float(south), east=high, north=float(north)) for low, high in spans]


def _touching(bounds: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", area: Area) -> bool:
    west, south, east, north = bounds.T
    meets = (west <= area.east + SLACK_DEG) & (east >= area.west - SLACK_DEG)
    meets &= (south <= area.north + SLACK_DEG) & (north >= area.south - SLACK_DEG)
    degrees = (west >= -180) & (east <= 180) & (south >= -90) & (north <= 90)
    return bool((meets & degrees).all())


def in_order(features: Sequence[Feature], area: Area, place: str, *, may_swap: bool = False) -> list[Feature]:
    """Return the features with (lon, lat) coordinates, each of them touching the area that was asked for.

    With `may_swap`, (lat, lon) answers are turned round when only that fits the area (GML 1.1 and later).

    Raises:
        OnlineError: features lie outside the area, or it cannot be told which axis comes first.
    """
    shapes = np.array([feature.geometry for feature in features if feature.geometry is not None], dtype=object)
    if not len(shapes):
        return list(features)
    bounds = shapely.bounds(shapes)
    straight, turned = _touching(bounds, area), _touching(bounds[:, [1, 0, 3, 2]], area)
    if straight and not (turned and may_swap and area != WORLD):
        return list(features)
    if straight:
        raise OnlineError(OnlineSaying.WHICH_AXIS(place))
    if turned and may_swap:
        return [dataclasses.replace(feature, geometry=_turned(feature.geometry)) for feature in features]
    found = OnlineSaying.SWAPPED if turned else OnlineSaying.ELSEWHERE
    raise OnlineError(found(place, area.name))


def _turned(geometry: shapely.Geometry | None) -> shapely.Geometry | None:
    if geometry is None:
        return None
    turned: shapely.Geometry = shapely.transform(geometry, lambda points: points[:, ::-1])
    return turned
