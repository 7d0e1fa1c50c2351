"""The rare place whose nearest feature lies at the antipode, where the compiled formula does not converge."""

import numpy as np

from oreway.arrays import Floats, Ints
from oreway.geo._answer import Nearest
from oreway.geo._kernels import TIE_M, locate
from oreway.geo.geodesy import ellipsoid

_STOPS = np.linspace(0.0, 1.0, 9)


def measure_again(
    rows: Floats, part: Floats, owner: Ints, lon: float, lat: float, row: int, limit: float, answer: Nearest
) -> None:
    """Measure every piece from one place with Karney's geodesics and write the nearest features into row of answer.

    A line is asked at nine stops a piece: seen from the antipode the nearest place of a piece is one of its ends.
    """
    stops = _STOPS if rows.shape[1] > 3 else _STOPS[:1]
    piece, t = np.repeat(np.arange(len(rows)), len(stops)), np.tile(stops, len(rows))
    place = np.empty((len(piece), 3))
    locate(0, len(piece), rows, part, piece, t, place)
    x, y, fraction = place.T
    metres = np.asarray(ellipsoid().inv(np.full(len(piece), lon), np.full(len(piece), lat), x, y)[2])
    order = np.lexsort((owner[piece], np.round(metres / TIE_M)))
    _, first = np.unique(owner[piece[order]], return_index=True)
    width = answer.feature[row].size
    best = order[np.sort(first)[:width]]
    best = best[metres[best] <= limit]
    missing = width - len(best)
    shape = answer.feature[row].shape
    answer.feature[row] = np.append(owner[piece[best]], np.full(missing, -1)).reshape(shape)
    for column, values in (
        (answer.distance_km, metres[best] / 1000),
        (answer.lon, x[best]),
        (answer.lat, y[best]),
        (answer.fraction, fraction[best]),
    ):
        column[row] = np.append(values, np.full(missing, np.nan)).reshape(shape)
