"""Points that are asked for and the rows that answer them, as plain arrays: one entry a point, in the points' order."""

import dataclasses
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
Answer = Callable[[str, Floats, Floats], "Rows"]
GEODESIC, INTERVAL = "geodesic", "interval"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Points:
    """Where points lie, in degrees, and what they ask for: chain_stages is a ";" list."""

    lon: Floats
    lat: Floats
    landmass: Texts
    country_code: Texts
    setting: Texts
    chain_stages: Texts


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rows:
    """The nearest feature of one class; NaN and "" where there is none.

    lon and lat are the nearest place on the feature, distances are on the WGS84 ellipsoid, nil says why one is missing.
    """

    feature_id: Texts
    name: Texts
    lon: Floats
    lat: Floats
    distance_km: Floats
    azimuth_deg: Floats
    accuracy_km: Floats
    source: Texts
    as_of: Texts
    low_km: Floats
    high_km: Floats
    method: Texts
    nil: Texts
    note: Texts


FIELDS = tuple(field.name for field in dataclasses.fields(Rows))


def either(choose: Mask, one: Rows, other: Rows) -> Rows:
    """Return the rows of one where choose is true, of the other elsewhere."""
    return Rows(**{name: np.where(choose, getattr(one, name), getattr(other, name)) for name in FIELDS})


def by_group(points: Points, keys: Texts, answer: Answer) -> Rows:
    """Ask a question of each group of points, by key, and put the answers back in the points' order."""
    names, code, count = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(code, kind="stable")
    groups = np.split(order, np.cumsum(count)[:-1])
    parts = [answer(str(key), points.lon[at], points.lat[at]) for key, at in zip(names, groups, strict=True)]
    back = np.argsort(order)
    return Rows(**{name: np.concatenate([getattr(part, name) for part in parts])[back] for name in FIELDS})


def same_text(text: str, n: int) -> Texts:
    """Return a text n times."""
    return np.full(n, text, dtype=object)
