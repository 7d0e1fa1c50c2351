"""Make the world's road and railway networks: OpenStreetMap's junctions with the true length between them.

The package keeps only junctions: an edge is a straight chord with the track's real length. Some ways break off a few
hundred metres before they go on; a dead end is joined to the nearest junction where the way round is far longer, and
the join is marked. The files are ODbL and stay apart from every other data set.
"""

import heapq
import json
import re
from pathlib import Path

import numba
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from catalogue import DATA, record
from packages import Package
from scipy.sparse import coo_array, csr_array
from scipy.spatial import KDTree
from shapes import GEOD

SOURCE = Package(registry="PyPI", name="scgraph_data", version="2.0.0")
NETWORKS = {
    "rail": ("world_railways", "Railway"),
    "road": ("world_highways", "Road"),
}
DATASETS = ("rail_network", "rail_nodes", "road_network", "road_nodes")
MILLIDEGREES = 1000  # the package's own precision
EARTH_KM = 6371.0
JOIN_KM = 5.0  # how far a dead end may be joined
FERRIES = ((14.949, 44.581), (-5.153, 55.915))  # dead ends on Rab and Bute, which a ferry joins to the mainland
FACTOR, EXTRA_KM = 10.0, 10.0  # the way round must be longer than this many times the gap and these kilometres
NEIGHBOURS = 5


def _parsed(module: str) -> tuple[np.ndarray, np.ndarray]:
    """Return nodes (lon, lat) and edges (from, to, km), each pair once, out of the package's module, not run."""
    text = SOURCE.read(f"scgraph_data/{module}.py").decode()
    graph = re.search(r"^graph\s*=\s*(\[.*?\])\s*$", text, re.MULTILINE | re.DOTALL)
    nodes = re.search(r"^nodes\s*=\s*(\[.*?\])\s*$", text, re.MULTILINE | re.DOTALL)
    if graph is None or nodes is None:
        raise ValueError(f"{module}: no graph or nodes in the package; its form has changed")
    rows = json.loads(re.sub(r"(\d+):", r'"\1":', graph.group(1)))
    edges = [(start, int(end), km) for start, ends in enumerate(rows) for end, km in ends.items() if start < int(end)]
    return np.array(json.loads(nodes.group(1)))[:, ::-1], np.array(edges)


def _spots(nodes: np.ndarray) -> np.ndarray:
    """Return nodes in space, km, for finding neighbours."""
    lon, lat = np.radians(nodes).T
    return EARTH_KM * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


@numba.njit
def _is_far(indptr, indices, data, start, end, limit, km, touched):  # type: ignore[no-untyped-def]
    """Tell whether the way from start to end is longer than limit; km is all inf before and after."""
    heap = [(0.0, start)]
    km[start] = 0.0
    touched[0] = start
    count, reached = 1, False
    while len(heap) > 0:
        here, node = heapq.heappop(heap)
        if here > limit:
            break
        if node == end:
            reached = True
            break
        if here > km[node]:
            continue
        for place in range(indptr[node], indptr[node + 1]):
            other, there = indices[place], here + data[place]
            if there < km[other]:
                if km[other] == np.inf:
                    touched[count] = other
                    count += 1
                km[other] = there
                heapq.heappush(heap, (there, other))
    for i in range(count):
        km[touched[i]] = np.inf
    return not reached


@numba.njit
def _far(indptr, indices, data, start, end, limit):  # type: ignore[no-untyped-def]
    count = len(indptr) - 1
    km, touched = np.full(count, np.inf), np.empty(count, np.int64)
    found = np.zeros(len(start), np.bool_)
    for i in range(len(start)):
        found[i] = _is_far(indptr, indices, data, start[i], end[i], limit[i], km, touched)
    return found


def joins(nodes: np.ndarray, first: np.ndarray, last: np.ndarray, km: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return pairs of junctions to join: a dead end and the nearest junction that the network reaches far round."""
    count = len(nodes)
    both = (np.r_[km, km], (np.r_[first, last], np.r_[last, first]))
    graph = csr_array(coo_array(both, shape=(count, count)))
    tree = KDTree(_spots(nodes))
    dead = np.flatnonzero(np.bincount(np.r_[first, last], minlength=count) == 1)
    gap, near = tree.query(tree.data[dead], k=NEIGHBOURS + 1, distance_upper_bound=JOIN_KM)
    start, end, gap = np.repeat(dead, NEIGHBOURS), near[:, 1:].ravel(), gap[:, 1:].ravel()
    there = end < count
    start, end, gap = start[there], end[there], gap[there]
    indptr, indices = graph.indptr.astype(np.int64), graph.indices.astype(np.int64)
    far = _far(indptr, indices, graph.data, start, end, FACTOR * gap + EXTRA_KM)
    start, end, gap = start[far], end[far], gap[far]
    order = np.lexsort((gap, start))
    start, end = start[order], end[order]
    once = np.r_[True, start[1:] != start[:-1]]
    pairs = np.unique(np.sort(np.column_stack([start[once], end[once]]), axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]


def _by_ferry(lon_lat: np.ndarray) -> np.ndarray:
    """Return which of the junctions are dead ends at a ferry: no gap of the source is to be closed there."""
    steps = np.round(lon_lat * MILLIDEGREES).astype(int)
    ends = np.round(np.array(FERRIES) * MILLIDEGREES).astype(int)
    return (steps[:, None, :] == ends[None, :, :]).all(axis=2).any(axis=1)


def _along(nodes: np.ndarray) -> np.ndarray:
    """Return the order of nodes along a curve through their cells, so that neighbours stand together in the file."""
    column = ((nodes[:, 0] + 180) / 360 * 65535).astype(np.uint64)
    row = ((nodes[:, 1] + 90) / 180 * 65535).astype(np.uint64)
    code = np.zeros(len(nodes), np.uint64)
    for bit in range(16):
        at, two = np.uint64(bit), np.uint64(2 * bit)
        code |= ((column >> at) & np.uint64(1)) << two | ((row >> at) & np.uint64(1)) << (two + np.uint64(1))
    return np.argsort(code, kind="stable")


def tables(module: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the nodes (lon, lat in thousandths of a degree) and edges (from_node, to_node, length_m, is_joined)."""
    nodes, edges = _parsed(module)
    first, last, km = edges[:, 0].astype(int), edges[:, 1].astype(int), edges[:, 2]
    chord = GEOD.inv(*nodes[first].T, *nodes[last].T)[2] / 1000
    first, last, km = first[chord > 0], last[chord > 0], np.maximum(km, chord)[chord > 0]
    start, end = joins(nodes, first, last, km)
    ashore = ~(_by_ferry(nodes[start]) | _by_ferry(nodes[end]))
    start, end = start[ashore], end[ashore]
    gap = GEOD.inv(*nodes[start].T, *nodes[end].T)[2] / 1000
    order = _along(nodes)
    place = np.empty(len(nodes), np.int64)
    place[order] = np.arange(len(nodes))
    one, other = place[np.r_[first, start]], place[np.r_[last, end]]
    table = pd.DataFrame(
        {
            "from_node": np.minimum(one, other).astype("int32"),
            "to_node": np.maximum(one, other).astype("int32"),
            "length_m": np.round(1000 * np.r_[km, gap]).astype("int32"),
            "is_joined": np.r_[np.zeros(len(first), bool), np.ones(len(start), bool)],
        }
    ).sort_values(["from_node", "to_node"], kind="stable", ignore_index=True)
    places = np.round(nodes[order] * MILLIDEGREES).astype("int32")
    return pd.DataFrame({"lon": places[:, 0], "lat": places[:, 1]}), table


def _write(table: pd.DataFrame, path: Path) -> None:
    packed = dict.fromkeys((name for name in table.columns if name != "is_joined"), "DELTA_BINARY_PACKED")
    pq.write_table(
        pa.Table.from_pandas(table, preserve_index=False), path, compression="zstd", compression_level=19,
        use_dictionary=False, column_encoding=packed, write_statistics=False,
    )  # fmt: skip


def build() -> None:
    """Write both networks and their catalogue entries."""
    for name, (module, title) in NETWORKS.items():
        nodes, edges = tables(module)
        joined = int(edges["is_joined"].sum())
        about = {
            "licence": "ODbL-1.0", "attribution": "© OpenStreetMap contributors",
            "source_url": "https://www.openstreetmap.org/copyright", "source_package": SOURCE.label,
            "source_version": SOURCE.version, "retrieved": "2024-04", "script": Path(__file__),
        }  # fmt: skip
        for part, table, kind in (("nodes", nodes, "Table"), ("network", edges, "Network")):
            path = DATA / "infrastructure" / f"{name}_{part}.parquet"
            _write(table, path)
            record(
                f"{name}_{part}", file=f"infrastructure/{name}_{part}.parquet",
                title=f"{title} {'junctions' if part == 'nodes' else 'junction network'} of the world",
                geometry_type=kind, rows=len(table),
                changes=f"each pair of junctions once, loops left out; {joined:,} dead ends joined over at most "
                f"{JOIN_KM:g} km where the way round is {FACTOR:g} times as long (is_joined)",
                known_defects=[
                    "an edge is a straight chord between junctions, up to hundreds of km: never a distance to the line",
                    "positions to 0.001 degrees; no names, classes or gauges; lines are simplified: "
                    "roads run 2-24 % short, most where they wind",
                    "main roads and railways only; a town on a through road has no junction; of two roads between the "
                    "same junctions one is kept; missing: Kalgoorlie-Leonora railway",
                ],
                **about,
            )  # fmt: skip


if __name__ == "__main__":
    build()
