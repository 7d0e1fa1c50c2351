"""Hand-kept links of the junction networks: ferries, and roads and railways whose pieces the source leaves apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from oreway.arrays import Floats, Ints
from oreway.geo.geodesy import distance_km
from oreway.layers.networks import NetworkTable
from oreway.layers.read import read_table

AT_JUNCTION, ON_EDGE = "junction", "edge"
REACH_KM = 5.0  # how far from its place on record a junction may be, or an edge pass
BOX_DEG = 0.2  # in which junctions are looked for
EDGE_BOX_DEG = 8.0  # in which both ends of an edge are looked for


@dataclasses.dataclass
class _Grown:
    """What links add to a network: places of new junctions, and edges from, to, kilometres."""

    count: int
    places: list[tuple[float, float]] = dataclasses.field(default_factory=list)
    edges: list[tuple[int, int, float]] = dataclasses.field(default_factory=list)

    def junction(self, at: tuple[float, float]) -> int:
        """Return the number of a new junction, of the one made there before where there is one."""
        if not self.has(at):
            self.places.append(at)
        return self.count + self.places.index(at)

    def has(self, at: tuple[float, float]) -> bool:
        """Tell whether a junction was made there."""
        return at in self.places


def with_links(table: NetworkTable, likely: float) -> NetworkTable:
    """Return a network with the links of data/methods/network_links.csv whose ends it comes near to.

    likely is what a kilometre of the network counts; a link, whose length is published, is as much shorter.

    An end is the nearest junction; a place on the edge that passes it, the narrowest of those that may, whose length it
    divides as the straight lines to its ends; or a junction of its own.
    """
    rows = read_table("network_links")
    grown = _Grown(len(table.lon))
    for row in rows[rows["layer_id"] == table.layer_id].to_dict("records"):
        ends = [(float(row[lon]), float(row[lat])) for lon, lat in (("lon", "lat"), ("to_lon", "to_lat"))]
        _link(
            table, grown, list(zip(ends, (row["from_on"], row["to_on"]), strict=True)), float(row["length_km"]) / likely
        )
    return _with(table, grown) if grown.edges else table


def _link(table: NetworkTable, grown: _Grown, ends: Sequence[tuple[tuple[float, float], str]], km: float) -> None:
    """Add a link, unless the network, other links included, comes near to none of its ends."""
    makers = {AT_JUNCTION: _nearest, ON_EDGE: _divided}
    found = [makers[on](table, grown, at) if on in makers else None for at, on in ends]
    own = [on not in makers for _, on in ends]
    reached = [end is not None or (new and grown.has(at)) for end, new, (at, _) in zip(found, own, ends, strict=True)]
    if any(reached) and all(end is not None or new for end, new in zip(found, own, strict=True)):
        first, last = (grown.junction(at) if end is None else end for end, (at, _) in zip(found, ends, strict=True))
        grown.edges.append((first, last, km))


def _nearest(table: NetworkTable, grown: _Grown, at: tuple[float, float]) -> int | None:
    del grown
    near = np.nonzero((np.abs(table.lon - at[0]) <= BOX_DEG / _cosine(at)) & (np.abs(table.lat - at[1]) <= BOX_DEG))[0]
    if not len(near):
        return None
    km = _away(table, near, at)
    return int(near[np.argmin(km)]) if km.min() <= REACH_KM else None


def _divided(table: NetworkTable, grown: _Grown, at: tuple[float, float]) -> int | None:
    """Return a new junction on the edge that passes a place: the narrowest ellipse of edges that may reach it."""
    wide = EDGE_BOX_DEG / _cosine(at)
    inside = (np.abs(table.lon - at[0]) <= wide) & (np.abs(table.lat - at[1]) <= EDGE_BOX_DEG)
    rows = np.nonzero(inside[table.from_node] & inside[table.to_node] & (table.length_km > REACH_KM))[0]
    if not len(rows):
        return None
    first, last = (_away(table, ends[rows], at) for ends in (table.from_node, table.to_node))
    passes = (first + last <= table.length_km[rows] + 2 * REACH_KM) & (np.minimum(first, last) > REACH_KM)
    rows, first, last = rows[passes], first[passes], last[passes]
    if not len(rows):
        return None
    ends_at = (one[ends[rows]] for ends in (table.from_node, table.to_node) for one in (table.lon, table.lat))
    length = table.length_km[rows]
    best = int(np.argmin(length**2 - distance_km(*ends_at) ** 2))
    made, stretch = grown.junction(at), length[best] / (first[best] + last[best])
    for ends, km in ((table.from_node, first), (table.to_node, last)):
        grown.edges.append((made, int(ends[rows[best]]), float(km[best] * max(1.0, stretch))))
    return made


def _away(table: NetworkTable, nodes: Ints, at: tuple[float, float]) -> Floats:
    n = len(nodes)
    return distance_km(np.full(n, at[0]), np.full(n, at[1]), table.lon[nodes], table.lat[nodes])


def _cosine(at: tuple[float, float]) -> float:
    return max(0.05, float(np.cos(np.radians(at[1]))))


def _with(table: NetworkTable, grown: _Grown) -> NetworkTable:
    places: Sequence[tuple[float, float]] = grown.places
    lon, lat = np.array(places, dtype=np.float64).reshape(-1, 2).T
    first, last, km = zip(*grown.edges, strict=True)
    return dataclasses.replace(
        table, lon=np.append(table.lon, lon), lat=np.append(table.lat, lat),
        from_node=np.append(table.from_node, np.array(first, np.int64)),
        to_node=np.append(table.to_node, np.array(last, np.int64)),
        length_km=np.append(table.length_km, np.array(km, np.float64)),
        is_joined=np.append(table.is_joined, np.ones(len(km), bool)),
    )  # fmt: skip
