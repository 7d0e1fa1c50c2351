"""Distance of every cell to the nearest feature by a distance transform. Runs in the peers' own environment.

Given: size (rows, columns), corner (west, north), cell_deg, and for each class "points NAME" (n, 2) or "ends NAME"
(n, 2, 2). Features are burnt into cells, then SciPy's exact Euclidean transform counts on a flat grid whose cells have
the width they have at the middle latitude. Answers kilometres at the cells row, column, under NAME.
"""

import numpy as np
import peer_run

DEGREE_KM = 111.195


def burnt(given, places):
    height, width = given["size"]
    west, north = given["corner"]
    column = np.floor((places[:, 0] - west) / given["cell_deg"]).astype(int)
    row = np.floor((north - places[:, 1]) / given["cell_deg"]).astype(int)
    inside = (row >= 0) & (row < height) & (column >= 0) & (column < width)
    empty = np.ones((height, width), bool)
    empty[row[inside], column[inside]] = False
    return empty


def along(ends, step_deg):
    """Places along straight edges, no farther apart than a step."""
    count = np.maximum(1, np.ceil(np.abs(ends[:, 1] - ends[:, 0]).max(axis=1) / step_deg)).astype(int) + 1
    edge = np.repeat(np.arange(len(ends)), count)
    share = (np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)) / (count[edge] - 1)
    return ends[edge, 0] + share[:, None] * (ends[edge, 1] - ends[edge, 0])


def distance_transform(given):
    from scipy.ndimage import distance_transform_edt

    middle = given["corner"][1] - given["size"][0] / 2 * given["cell_deg"]
    high = float(DEGREE_KM * given["cell_deg"])
    sampling = high, high * float(np.cos(np.radians(middle)))

    def query():
        found = {}
        for key in given:
            kind, _, name = key.partition(" ")
            if kind in {"points", "ends"}:
                places = given[key] if kind == "points" else along(given[key], float(given["cell_deg"]) / 2)
                km = distance_transform_edt(burnt(given, places), sampling=sampling)
                found[name] = km[given["row"], given["column"]]
        return found

    return query


peer_run.main({"distance transform": distance_transform})
