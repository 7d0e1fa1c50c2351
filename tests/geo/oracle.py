"""Two independent ways to the nearest feature: dense geodesics (slow, certain) and an ECEF k-d tree (fast, certified).

Neither shares a line with geo.nearest: distances are pyproj's, positions are converted by the textbook formula.
"""

import numpy as np
from pyproj import Geod
from scipy.spatial import cKDTree

GEOD = Geod(ellps="WGS84")
A, E2 = 6378137.0, 0.0066943799901413165


def ecef(lon, lat):
    lam, phi = np.radians(lon), np.radians(lat)
    n = A / np.sqrt(1 - E2 * np.sin(phi) ** 2)
    return np.stack([n * np.cos(phi) * np.cos(lam), n * np.cos(phi) * np.sin(lam), n * (1 - E2) * np.sin(phi)], axis=-1)


def metres(lon1, lat1, lon2, lat2):
    lon1, lat1, lon2, lat2 = (np.array(v, float) for v in np.broadcast_arrays(lon1, lat1, lon2, lat2))
    return np.asarray(GEOD.inv(lon1, lat1, lon2, lat2)[2])


class Edges:
    """Straight edges from (x1, y1) to (x2, y2), geodesic or straight in lon/lat, as functions of a share 0 to 1."""

    def __init__(self, x1, y1, x2, y2, edge):
        self.x1, self.y1, self.x2, self.y2 = (np.array(v, float) for v in (x1, y1, x2, y2))
        step = self.x2 - self.x1
        self.step = np.where((abs(step) > 180) & (abs(step) < 360), step - 360 * np.sign(step), step)
        self.azimuth, _, self.length = GEOD.inv(self.x1, self.y1, self.x2, self.y2)
        self.edge = edge

    def at(self, i, share):
        i, share = np.broadcast_arrays(i, share)
        if self.edge == "geodesic":
            x, y, _ = GEOD.fwd(self.x1[i], self.y1[i], self.azimuth[i], self.length[i] * share)
            return np.asarray(x), np.asarray(y)
        return self.x1[i] + share * self.step[i], self.y1[i] + share * (self.y2[i] - self.y1[i])

    def nearest_m(self, x, y, samples=101):
        """Brute force: every edge sampled, every local minimum zoomed in on."""
        share = np.linspace(0, 1, samples)
        n = len(self.x1)
        found = metres(x, y, *self.at(np.repeat(np.arange(n), samples), np.tile(share, n))).reshape(n, samples)
        spacing = np.abs(np.diff(found, axis=1)).max(axis=1)  # how much the distance can change between samples
        edges = np.nonzero(found.min(axis=1) - 2 * spacing <= found.min())[0]
        row = np.pad(found[edges], ((0, 0), (1, 1)), constant_values=np.inf)
        e, k = np.nonzero((row[:, 1:-1] <= row[:, :-2]) & (row[:, 1:-1] <= row[:, 2:]))
        i, low, high = edges[e], share[np.maximum(k - 1, 0)], share[np.minimum(k + 1, samples - 1)]
        best = found.min()
        for _ in range(8):
            grid = low[:, None] + (high - low)[:, None] * np.linspace(0, 1, 17)
            d = metres(x, y, *self.at(i[:, None], grid))
            m = d.argmin(axis=1)
            best = min(best, d.min())
            rows = np.arange(len(i))
            low, high = grid[rows, np.maximum(m - 1, 0)], grid[rows, np.minimum(m + 1, 16)]
        return best


class KdTree:
    """Nearest by chord among points, or among the middles of short pieces of geodesic lines, with a certificate.

    No geodesic of length s has a chord over 2 Rmax sin(s / 2 Rmax): the answer is certain once the farthest neighbour
    fetched lies beyond the chord that the best distance found could have.
    """

    RMAX = A / np.sqrt(1 - E2)

    def __init__(self, lon, lat, edges=None, piece_m=500.0):
        self.half = 0.0
        if edges is not None:
            count = np.maximum(1, np.ceil(edges.length / piece_m)).astype(int)
            i = np.repeat(np.arange(len(count)), count)
            place = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count)
            self.a, self.b = (ecef(*edges.at(i, (place + k) / count[i])) for k in (0, 1))
            lon, lat = edges.at(i, (place + 0.5) / count[i])
            self.half = piece_m / 2
            self.edge_of, self.edges = i, edges
        self.lines = edges is not None
        self.lon, self.lat = lon, lat
        self.tree = cKDTree(ecef(lon, lat))

    def nearest_m(self, x, y, k=8):
        k = min(k, len(self.lon))
        p = ecef(x, y)
        chord, i = self.tree.query(p, k=k)
        chord, i = chord.reshape(len(x), k), i.reshape(len(x), k)
        best = np.full(len(x), np.inf)
        for j in range(k):
            if self.lines:
                best = np.minimum(best, self._to_piece(x, y, p, i[:, j]))
            else:
                best = np.minimum(best, metres(x, y, self.lon[i[:, j]], self.lat[i[:, j]]))
        if self.lines:
            best = self._settled(x, y, p, i, best)
        reach = 2 * self.RMAX * np.sin(np.minimum(best / 2 / self.RMAX, np.pi / 2)) + self.half
        open_ = np.nonzero(chord[:, -1] < reach)[0] if k < len(self.lon) else []
        if len(open_):
            best[open_] = self.nearest_m(x[open_], y[open_], 4 * k)
        return best

    def _settled(self, x, y, p, pieces, best):
        """The nearest place by chord is not the nearest by geodesic: search the edges of the best pieces by thirds."""
        truth = best.copy()
        for j in range(pieces.shape[1]):
            row = np.nonzero(self._to_piece(x, y, p, pieces[:, j]) < best + 0.5)[0]
            edge = self.edge_of[pieces[row, j]]
            first = np.searchsorted(self.edge_of, edge)
            count = np.searchsorted(self.edge_of, edge, "right") - first
            share = (pieces[row, j] - first + 0.5) / count
            wide = 2e4 / self.edges.length[edge]
            low, high = np.maximum(0, share - wide), np.minimum(1, share + wide)
            for _ in range(26):
                third = (high - low) / 3
                d1, d2 = (metres(x[row], y[row], *self.edges.at(edge, v)) for v in (low + third, high - third))
                low, high = np.where(d1 > d2, low + third, low), np.where(d1 > d2, high, high - third)
            for v in (low, high, (low + high) / 2):
                truth[row] = np.minimum(truth[row], metres(x[row], y[row], *self.edges.at(edge, v)))
        return truth

    def _to_piece(self, x, y, p, i):
        a, d = self.a[i], self.b[i] - self.a[i]
        t = np.clip(((p - a) * d).sum(-1) / np.maximum((d * d).sum(-1), 1e-12), 0, 1)
        q = a + t[:, None] * d
        lon = np.degrees(np.arctan2(q[:, 1], q[:, 0]))
        lat = np.degrees(np.arctan2(q[:, 2] / (1 - E2), np.hypot(q[:, 0], q[:, 1])))
        return metres(x, y, lon, lat)


def wrapped(lon):
    return (np.asarray(lon) + 180) % 360 - 180


def around(random, lon, lat, spread_m, n):
    """n positions scattered over distances up to spread_m round a centre, evenly by logarithm from 10 m."""
    far = 10 ** random.uniform(1, np.log10(spread_m), n)
    x, y, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), random.uniform(0, 360, n), far)
    return wrapped(x), np.asarray(y)


# (lon, lat) centres the product promises to be right at: low to high latitudes, both poles, and either side of 180
CENTRES = {
    "equator": (20.0, 0.0),
    "35 N": (139.0, 35.0),
    "61 N": (-46.0, 61.0),
    "75 N": (-30.0, 75.0),
    "83 N": (-35.0, 83.0),
    "north pole": (0.0, 90.0),
    "south pole": (0.0, -90.0),
    "antimeridian": (180.0, -17.0),
    "Chukotka": (-179.5, 66.0),
}
