"""The nearest feature on the WGS84 ellipsoid for any point on Earth: exact to a millimetre, built once, then mapped.

Points, lines and areas become short pieces in Earth-centred space under a tree of boxes. A box is passed over only when
no geodesic as short as the best one found can reach into it, so the answer is the nearest and not merely a near one.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from oreway.arrays import Floats, Ints
from oreway.geo import _kernels as kernels
from oreway.geo._answer import Nearest
from oreway.geo._antipode import measure_again
from oreway.geo._compiled import wake
from oreway.geo._inside import Inside, between, stray_m
from oreway.geo._places import Places, in_threads, places, searching
from oreway.geo._segments import as_geometries, cut_to_pieces, single_parts
from oreway.geo._store import Arrays, read_index, write_index
from oreway.geo._tree import tree_boxes, tree_order
from oreway.geo.errors import GeoError
from oreway.geo.geodesy import Degrees
from oreway.geo.sayings import GeoSaying
from oreway.said import listed

__all__ = ["Edge", "NearestIndex", "Places", "places", "query_each", "wake"]

Edge = Literal["geodesic", "lonlat"]

_ANTIPODE_KM = 20e3
_BORDER_M = 1e-5  # a place this near to the border of an area is on it


class NearestIndex:
    """Find the nearest of many points, lines or areas. Safe to share between threads: a query writes nothing to it."""

    def __init__(self, arrays: Arrays, *, edge: Edge, bulge_m: float, inside: Inside | None) -> None:
        self.edge = edge
        self._arrays = arrays
        self._part = arrays["part"]
        self._rows, self._owner = arrays["rows"], arrays["owner"]
        self._tree = (self._rows, self._owner, arrays["boxes"], float(bulge_m))
        self._inside = inside

    @classmethod
    def build(cls, geometries: object, edge: Edge = "geodesic") -> "NearestIndex":
        """Return the index of a GeoSeries or GeoDataFrame in EPSG:4326, or of shapely geometries in lon/lat.

        edge says what joins two vertices: "geodesic", the shortest path, or "lonlat", the straight line of RFC 7946,
        up to kilometres apart on long edges. Either takes the short way across the antimeridian. Missing and empty
        geometries are never the nearest.

        Raises:
            GeoError: no EPSG:4326, a coordinate out of range, a geometry collection, or another word for edge.
        """
        if edge not in get_args(Edge):
            raise GeoError(GeoSaying.EDGE(repr(edge), listed(get_args(Edge))))
        parts, feature = single_parts(as_geometries(geometries))
        pieces = cut_to_pieces(parts, feature, edge)
        middle = pieces.rows[:, :3] + pieces.rows[:, 3:6] / 2 if pieces.rows.shape[1] > 3 else pieces.rows
        order, height = tree_order(middle)
        rows = pieces.rows[order]
        arrays: Arrays = {
            "rows": rows,
            "part": pieces.part[order],
            "owner": pieces.feature[order],
            "boxes": tree_boxes(rows, height),
        }
        return cls(arrays, edge=edge, bulge_m=pieces.bulge_m, inside=Inside.of(parts, feature, edge))

    def save(self, folder: Path) -> None:
        """Write the index into a folder, replacing what is there; the folder appears whole or not at all."""
        write_index(folder, self._arrays, {"edge": self.edge, "bulge_m": self._tree[3]}, self._inside)

    @classmethod
    def open(cls, folder: Path) -> "NearestIndex":
        """Return a saved index, mapped from disk: pages are read when a query needs them.

        Raises:
            GeoError: the folder holds no index, or one of another format.
        """
        arrays, meta, inside = read_index(folder)
        return cls(arrays, edge=meta["edge"], bulge_m=meta["bulge_m"], inside=inside)

    def query(self, lon: Degrees, lat: Degrees, k: int = 1, within_km: float | None = None) -> Nearest:
        """Return the k nearest features of each place, all within within_km when that is given.

        Features within 0.01 mm of each other are equally near, and the first in the input goes first. So the answer for
        a place depends neither on the places asked with it nor on k.

        Raises:
            GeoError: a coordinate is NaN, infinite or out of range, k is below 1 or within_km is negative or NaN.
        """
        return self.query_places(places(lon, lat), k, within_km)

    def query_places(self, asked: Places, k: int = 1, within_km: float | None = None) -> Nearest:
        """Return the same as query, for places made ready once and asked of several indexes."""
        if k < 1:
            raise GeoError(GeoSaying.NEAREST_COUNT(k))
        limit = _metres(within_km)
        found = self._nearest_one(asked, limit) if k == 1 else self._nearest_k(asked, k, limit)
        again, answer = found
        for row in np.unique(np.nonzero(answer.distance_km > _ANTIPODE_KM)[0]) if again else ():
            x, y = float(asked.lon[row]), float(asked.lat[row])
            measure_again(self._rows, self._part, self._owner, x, y, int(row), limit, answer)
        return answer if self._inside is None else self._with_inside(self._inside, asked, k, answer)

    def _nearest_one(self, asked: Places, limit: float) -> tuple[bool, Nearest]:
        n = len(asked.lon)
        feature, out, again = np.empty(n, np.int64), np.empty((n, 4)), False
        if len(self._rows):
            given = (asked.xyz, asked.order, self._tree, self._part, limit)
            again = in_threads(n, searching(kernels.nearest_one), *given, feature, out) > 0
        else:
            feature[:], out[:] = -1, np.nan
        km, lon, lat, fraction = out.T
        return again, Nearest(feature=feature, distance_km=km, lon=lon, lat=lat, fraction=fraction)

    def _nearest_k(self, asked: Places, k: int, limit: float) -> tuple[bool, Nearest]:
        n = len(asked.lon)
        piece, metres, t = np.full((n, k), -1, np.int64), np.full((n, k), np.nan), np.zeros((n, k))
        feature, place = piece.copy(), np.full((n * k, 3), np.nan)
        if len(self._rows):
            in_threads(n, kernels.nearest_k, asked.xyz, asked.order, self._tree, limit, piece, metres, t)
            in_threads(n * k, kernels.locate, self._rows, self._part, piece.ravel(), t.ravel(), place)
            metres[piece < 0] = np.nan
            feature = np.where(piece >= 0, self._owner[piece], -1)
        lon, lat, fraction = place.reshape(n, k, 3).transpose(2, 0, 1)
        km = metres / 1000
        return True, Nearest(feature=feature, distance_km=km, lon=lon, lat=lat, fraction=fraction)

    def within(self, lon: float, lat: float, radius_km: float) -> Nearest:
        """Return every feature within radius_km of one place, nearest first.

        Raises:
            GeoError: the place is out of range or the radius is negative or NaN.
        """
        asked = places(lon, lat)
        limit = _metres(radius_km)
        room = count = 4096 if len(self._rows) else 0
        while room:
            piece, metres, t = np.empty(room, np.int64), np.empty(room), np.empty(room)
            count = kernels.within(asked.xyz, 0, self._tree, limit, piece, metres, t)
            if count <= room:
                break
            room = count
        k = len(np.unique(self._owner[piece[:count]])) if count else 0
        if self._inside is not None:
            k += len(self._inside.holders(asked.lon, asked.lat)[0])
        found = self.query_places(asked, max(k, 2), radius_km)
        keep = found.feature[0] >= 0
        return Nearest(**{name: getattr(found, name)[0][keep] for name in Nearest.__dataclass_fields__})

    def _with_inside(self, inside: Inside, asked: Places, k: int, answer: Nearest) -> Nearest:
        """Put the areas that hold a place before all others, at distance 0."""
        near_m = answer.distance_km.reshape(-1, k)[:, 0] * 1000
        row, feature = self._settled(inside, asked, near_m, *inside.holders(asked.lon, asked.lat))
        if not len(row):
            return answer
        names = list(Nearest.__dataclass_fields__)
        columns = {name: np.array(getattr(answer, name)).reshape(-1, k) for name in names}
        first = np.searchsorted(row, np.unique(row))
        for begin, end in zip(first, [*first[1:], len(row)], strict=True):
            j, holders = int(row[begin]), feature[begin:end]
            others = columns["feature"][j]
            rest = np.nonzero(~np.isin(others, holders))[0]
            zero = {"feature": holders, "distance_km": 0.0, "lon": asked.lon[j], "lat": asked.lat[j]}
            for name, column in columns.items():
                head = np.broadcast_to(zero.get(name, np.nan), holders.shape)
                column[j] = np.concatenate([head, column[j][rest], np.full(k, -1 if name == "feature" else np.nan)])[:k]
        shape = answer.feature.shape
        return Nearest(**{name: column.reshape(shape) for name, column in columns.items()})

    def _settled(self, inside: Inside, asked: Places, near_m: Floats, row: Ints, feature: Ints) -> tuple[Ints, Ints]:
        """Correct the holders of places near an edge, which strays from the straight line drawn for it in lon/lat.

        A place between the two is held where it was not, or the other way round, once for every edge of the feature.
        """
        limit = stray_m(asked.lat)
        close = np.nonzero(~(near_m > limit))[0]
        if self.edge == "lonlat" or not len(close):
            return row, feature
        xyz = np.empty_like(asked.xyz)
        xyz[asked.order] = asked.xyz
        at, piece, metres, t = self._pairs_within(xyz[close], limit[close])
        here, owner = close[at], self._owner[piece]
        ring = np.isin(owner, inside.feature)
        strays = ring & between(self._rows[piece], t, asked.lon[here], asked.lat[here], xyz[here])
        size = int(self._owner.max(initial=0)) + 1
        pair = here * size + owner
        odd, count = np.unique(pair[strays], return_counts=True)
        held = np.setxor1d(row * size + feature, odd[count % 2 == 1])
        held = np.union1d(held, pair[ring & (metres <= _BORDER_M)])
        return held // size, held % size

    def _pairs_within(self, xyz: Floats, limits: Floats) -> tuple[Ints, Ints, Floats, Floats]:
        room = 16 * len(xyz)
        while True:
            row, piece, metres, t = np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room), np.empty(room)
            count = kernels.pairs_within(xyz, self._tree, limits, row, piece, metres, t)
            if count <= room:
                return row[:count], piece[:count], metres[:count], t[:count]
            room = count


def query_each(indexes: Mapping[str, NearestIndex], lon: Degrees, lat: Degrees) -> dict[str, Nearest]:
    """Return the nearest feature of each index, the places being made ready only once.

    Raises:
        GeoError: a coordinate is NaN, infinite or out of range; names the row.
    """
    asked = places(lon, lat)
    return {name: index.query_places(asked) for name, index in indexes.items()}


def _metres(radius_km: float | None) -> float:
    if radius_km is None:
        return float(np.inf)
    if not radius_km >= 0:
        raise GeoError(GeoSaying.RADIUS(radius_km))
    return float(radius_km) * 1000
