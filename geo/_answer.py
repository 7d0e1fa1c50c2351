"""What an index answers."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """The answers, in the order asked: shape (n,), or (n, k) when k > 1, nearest first.

    feature: position in the input of build, -1 for none. distance_km: geodesic, 0 inside an area, NaN for none.
    lon, lat: the nearest place on the feature (the point itself inside an area), NaN for none. fraction: how far along
    the line or the rings that place is, 0 to 1; NaN on points, inside areas and for none.
    """

    feature: npt.NDArray[np.int64]
    distance_km: npt.NDArray[np.float64]
    lon: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    fraction: npt.NDArray[np.float64]
