"""Weight draws with fixed values by plain NumPy and by pymcdm. Runs in the peers' own environment.

Given values (sites, criteria) and weights (draws, criteria) that sum to 1; answers the share of each rank by site.
"""

import numpy as np
import peer_run


def shares(places, n):
    return {"ranks": np.stack([np.bincount(row, minlength=n) for row in places.T]) / len(places)}


def plain_numpy(given):
    values, weights = given["values"], given["weights"]

    def query():
        parts = []
        for chunk in np.array_split(weights, max(1, len(weights) // 5000)):
            order = np.argsort(-(chunk @ values.T), axis=1, kind="stable")
            places = np.empty_like(order)
            np.put_along_axis(places, order, np.broadcast_to(np.arange(len(values)), order.shape), axis=1)
            parts.append(places)
        return shares(np.concatenate(parts), len(values))

    return query


def _as_it_is(column, cost=False):  # noqa: ARG001 - called by these names
    return column


def pymcdm(given):
    from pymcdm.methods import WSM

    values, weights = given["values"], given["weights"]
    method, types = WSM(normalization_function=_as_it_is), np.ones(values.shape[1])

    def query():
        places = [np.argsort(np.argsort(-method(values, row, types), kind="stable")) for row in weights]
        return shares(np.array(places), len(values))

    return query


peer_run.main({"numpy": plain_numpy, "pymcdm": pymcdm})
