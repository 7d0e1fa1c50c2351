"""Shortest ways on a graph by networkx and igraph. Runs in the peers' own environment.

Given: first, last, km of undirected edges, nodes (how many), start, and the nodes of the sources. Each answers the
kilometres from start to every node, or from the nearest source to every node.
"""

import numpy as np
import peer_run


def networkx_graph(given):
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(int(given["nodes"])))
    graph.add_weighted_edges_from(zip(*(given[name].tolist() for name in ("first", "last", "km")), strict=True))
    return nx, graph


def spread(given, found):
    km = np.full(int(given["nodes"]), np.inf)
    km[list(found)] = list(found.values())
    return {"km": km}


def networkx_one(given):
    nx, graph = networkx_graph(given)
    return lambda: spread(given, nx.single_source_dijkstra_path_length(graph, int(given["start"])))


def networkx_many(given):
    nx, graph = networkx_graph(given)
    return lambda: spread(given, nx.multi_source_dijkstra_path_length(graph, set(given["sources"].tolist())))


def igraph_graph(given, extra=()):
    import igraph

    edges = np.column_stack([given["first"], given["last"]])
    hub = int(given["nodes"])
    joined = np.array([(hub, node) for node in extra]).reshape(-1, 2)
    graph = igraph.Graph(n=hub + (len(joined) > 0), edges=np.concatenate([edges, joined]).astype(int).tolist())
    return graph, np.concatenate([given["km"], np.full(len(joined), 1e-9)]).tolist()


def igraph_one(given):
    graph, weights = igraph_graph(given)
    return lambda: {"km": np.array(graph.distances(int(given["start"]), weights=weights)[0])}


def igraph_many(given):
    """Igraph starts from one node, so one node is added that all sources hang on."""
    graph, weights = igraph_graph(given, np.unique(given["sources"]).tolist())
    hub = int(given["nodes"])
    return lambda: {"km": np.array(graph.distances(hub, weights=weights)[0])[:hub]}


peer_run.main({
    "networkx one": networkx_one,
    "networkx many": networkx_many,
    "igraph one": igraph_one,
    "igraph many": igraph_many,
})  # fmt: skip
