"""Ways on the world's highways and railways, and every project to every refinery.

The graph is scgraph_data's highways with geodesic lengths. From many sources Oreway asks scipy.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse.csgraph import dijkstra

from benchmarks import peers
from benchmarks.tables import Table, length, seconds, timed
from benchmarks.world import CACHE, load
from oreway.geo._graph import Graph
from oreway.geo.geodesy import distance_km
from oreway.layers.vocabulary import SiteKind
from oreway.scoring.routes.supply import supply
from oreway.scoring.world.world import open_world

PEERS = (("networkx", "networkx"), ("igraph", "igraph"))


def run(size: str) -> Iterator[Table]:
    """Yield the tables."""
    yield _graph_table(*_highways(None if size == "full" else 4000))
    yield _supply_table(None if size == "full" else 4)


def _highways(limit: int | None) -> tuple[Graph, np.ndarray]:
    """Return the graph and the node nearest to each of a thousand ports."""
    load()
    with np.load(CACHE / "world.npz") as arrays:
        places, edges, ports = arrays["roads_nodes"], arrays["roads_edges"][:limit], arrays["ports"]
    used, number = np.unique(edges, return_inverse=True)
    lon, lat = (np.ascontiguousarray(part) for part in places[used].T)
    first, last = np.ascontiguousarray(number.reshape(-1, 2).T)
    graph = Graph(lon, lat, first, last, distance_km(lon[first], lat[first], lon[last], lat[last]))
    sources = np.array([graph.nearest_node(x, y)[0] for x, y in ports[: 1000 if limit is None else 20].tolist()])
    return graph, np.unique(sources)


def _graph_table(graph: Graph, sources: np.ndarray) -> Table:
    largest = np.bincount(graph.part).argmax()  # the roads of Europe, Asia and Africa
    start = int(np.bincount(graph.first, graph.part[graph.first] == largest).argmax())
    legs = np.zeros(len(sources))
    one = graph._search(start)[0]
    many = graph.nearest_source(sources, legs)[0]
    from_many = seconds(timed(lambda: graph.nearest_source(sources, legs)).seconds)
    by_scipy = timed(lambda: dijkstra(graph.matrix, indices=start, return_predecessors=True)).seconds
    apart = _apart(one, dijkstra(graph.matrix, indices=start))
    rows = [("Oreway", seconds(timed(lambda: graph._search(start)).seconds), from_many, "–"),
            ("scipy", seconds(by_scipy), "as Oreway", length(apart))]  # fmt: skip
    given = {"first": graph.first, "last": graph.last, "km": graph.km, "nodes": np.array(len(graph.lon)),
             "start": np.array(start), "sources": sources}  # fmt: skip
    for name, package in PEERS:
        answers = [peers.ask("peer_routing", f"{name} {task}", given, package) for task in ("one", "many")]
        if missing := next((answer.missing for answer in answers if answer.missing), ""):
            rows.append((name, f"not run: {missing}", "–", "–"))
            continue
        apart = max(_apart(ours, answer.arrays["km"]) for ours, answer in zip((one, many), answers, strict=True))
        rows.append((name, *(seconds(answer.query) for answer in answers), length(apart)))
    return Table(
        title=f"Shortest ways: {len(graph.lon):,} junctions, {len(graph.km):,} edges",
        columns=("", "one to all", f"nearest of {len(sources):,} sources for all", "farthest from ours"), rows=rows,
        note="Ours also keeps the way back to the start or the source; the others give lengths alone.",
    )  # fmt: skip


def _supply_table(limit: int | None) -> Table:
    world = open_world()
    ships = {SiteKind.DEPOSIT.value, SiteKind.ZONE.value, SiteKind.STOCKPILE.value}
    ids = [str(site) for site in world.sites.index[world.sites["kind"].isin(ships)]][:limit]
    routes: list[int] = []
    first = timed(lambda: routes.append(sum(len(supply(world, site).routes) for site in ids)), runs=1)
    again = timed(lambda: [supply(world, site) for site in ids], runs=1)
    rows = [("first time", seconds(first.seconds), seconds(first.processor)),
            ("again", seconds(again.seconds), seconds(again.processor))]  # fmt: skip
    title = f"All {len(ids)} projects to all refineries that may take them, {routes[0]:,} routes by road, rail and sea"
    return Table(title=title, columns=("", "by the clock", "processor"), rows=rows)


def _apart(ours: np.ndarray, theirs: np.ndarray) -> float:
    """Return the largest difference; infinite where one reaches a junction and the other does not."""
    joined = np.isfinite(ours)
    return float(np.abs(ours[joined] - theirs[joined]).max()) if (joined == np.isfinite(theirs)).all() else np.inf
