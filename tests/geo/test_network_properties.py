"""What no network may do, whatever it looks like: an isolated piece improves nothing, one more edge worsens nothing."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oreway.geo.network import Network
from tests.geo.oracle import metres

START, END = (130.0, -25.0), (134.0, -21.0)
ELSEWHERE = {100: (150.0, -25.0), 101: (151.0, -25.0)}  # over 1,600 km from the end, over 2,000 km from the start
BESIDE_THE_START = {100: (130.001, -25.0), 101: (129.0, -25.0)}  # over 500 km from the end
TERMINALS = [(1, 1), (39, 39)]  # within 20 km of the start and of the end
ASKED = np.array([[130.0, 132.0, 134.0, 133.0], [-25.0, -23.0, -21.0, -24.9]])


def network(nodes, edges):
    first, last = zip(*edges, strict=True)
    shapes = [shapely.LineString([nodes[a], nodes[b]]) for a, b in edges]
    km = [float(metres(*nodes[a], *nodes[b])) / 1000 * (1 + ((a + b) % 5) / 20) for a, b in edges]
    return Network.from_frame(
        gpd.GeoDataFrame({"from_node": first, "to_node": last, "length_km": km}, geometry=shapes, crs=4326)
    )


@st.composite
def railways(draw):
    """A connected network of 3 to 10 junctions between the start and the end: a tree and some edges more."""
    places = st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(lambda xy: xy not in TERMINALS)
    spots = [*TERMINALS, *draw(st.lists(places, min_size=1, max_size=8, unique=True))]
    count = len(spots)
    nodes = {i: (130 + x / 10, -25 + y / 10) for i, (x, y) in enumerate(spots)}
    edges = {(draw(st.integers(0, i - 1)), i) for i in range(1, count)}
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    return nodes, sorted(edges | set(draw(st.lists(st.sampled_from(pairs), max_size=6)))), draw(st.sampled_from(pairs))


def answers(made):
    """Return all that is asked of a network as numbers that only grow when it gets worse."""
    way = made.shortest(START, END, max_snap_km=100)
    bounds = made.distance_interval(*ASKED)
    reach = made.nearest_source(([134.0], [-21.0]), *ASKED, max_snap_km=100)
    far = np.nan_to_num(reach.total_km, nan=np.inf)
    return np.concatenate([[way.total_km], bounds.low_km, bounds.high_km, far])


@settings(deadline=None, max_examples=40)
@given(railways())
def test_one_more_edge_between_junctions_worsens_nothing(made):
    nodes, edges, more = made
    assert (answers(network(nodes, sorted({*edges, more}))) <= answers(network(nodes, edges)) + 1e-6).all()


@settings(deadline=None, max_examples=25)
@given(railways())
def test_an_isolated_piece_elsewhere_changes_nothing(made):
    nodes, edges, _ = made
    apart = network(nodes | ELSEWHERE, [*edges, (100, 101)])
    assert answers(apart) == pytest.approx(answers(network(nodes, edges)), abs=1e-6)


@settings(deadline=None, max_examples=25)
@given(railways())
def test_an_isolated_piece_beside_the_start_is_no_way_to_the_end(made):
    nodes, edges, _ = made
    alone, beside = network(nodes, edges), network(nodes | BESIDE_THE_START, [*edges, (100, 101)])
    assert beside.shortest(START, END, max_snap_km=100).total_km == pytest.approx(
        alone.shortest(START, END, max_snap_km=100).total_km, abs=1e-9
    )
