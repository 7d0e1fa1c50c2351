"""Junction networks and sea lanes: bounds that hold, shortest ways, and refusals."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely

from oreway.geo.errors import GeoError, NoRouteError
from oreway.geo.geodesy import distance_km
from oreway.geo.network import Network
from oreway.geo.sea import DETOUR, SeaLanes
from tests.geo.oracle import GEOD

NODES = {
    1: (130.0, -20.0),
    2: (131.0, -20.0),
    3: (131.0, -21.0),
    4: (130.0, -21.0),
    8: (140.0, -30.0),
    9: (141.0, -30.0),
}
EDGES = [(1, 2, 110.0), (2, 3, 115.0), (3, 4, 120.0), (1, 2, 150.0), (8, 9, 100.0), (4, 1, 400.0)]


def frame(edges=EDGES):
    first, last, km = zip(*edges, strict=True)
    lines = [shapely.LineString([NODES[a], NODES[b]]) for a, b in zip(first, last, strict=True)]
    return gpd.GeoDataFrame({"from_node": first, "to_node": last, "length_km": km}, geometry=lines, crs=4326)


@pytest.fixture(scope="module")
def network():
    return Network.from_frame(frame())


def test_the_interval_is_the_ellipse_bound_and_the_nearest_junction(network):
    lon, lat = np.array([130.4, 139.0]), np.array([-19.0, -29.0])
    found = network.distance_interval(lon, lat)
    r = np.array([[distance_km(x, y, *NODES[n]) for n in NODES] for x, y in zip(lon, lat, strict=True)])
    at = {n: i for i, n in enumerate(NODES)}
    low = [
        [(row[at[a]] + row[at[b]] - max(km, distance_km(*NODES[a], *NODES[b]))) / 2 for a, b, km in EDGES] for row in r
    ]
    assert found.low_km == pytest.approx(np.maximum(0, np.min(low, axis=1)), abs=1e-6)
    assert found.edge.tolist() == np.argmin(low, axis=1).tolist()
    assert found.high_km == pytest.approx(r.min(axis=1), abs=1e-6)
    assert found.node.tolist() == [1, 8]
    assert (found.lon[1], found.lat[1]) == NODES[8]


def test_a_line_of_the_stated_length_is_never_nearer_than_the_lower_bound():
    """Draw random bent lines between two junctions; whatever their course, the bounds hold."""
    random = np.random.default_rng(4)
    for _ in range(30):
        middle = random.uniform((130, -21), (131, -19), (4, 2))
        course = np.array([NODES[1], *middle, NODES[2]])
        km = GEOD.line_length(*course.T) / 1000
        network = Network.from_frame(frame([(1, 2, km)]))
        dense = np.concatenate([np.linspace(a, b, 200) for a, b in itertools.pairwise(course)])
        x, y = random.uniform((128, -23), (133, -17))
        true = distance_km(x, y, *dense.T).min()
        found = network.distance_interval(x, y)
        assert found.low_km[0] <= true + 1e-3
        assert true <= found.high_km[0] + 1e-3


def test_the_shortest_way_shows_its_straight_legs_and_takes_the_shorter_of_two_tracks(network):
    route = network.shortest((129.9, -20.0), (130.0, -21.1))
    assert route.network_km == pytest.approx(110 + 115 + 120)
    assert route.snap_start_km == pytest.approx(distance_km(129.9, -20, 130, -20))
    assert route.snap_end_km == pytest.approx(distance_km(130, -21.1, 130, -21))
    assert route.total_km == pytest.approx(route.snap_start_km + 345 + route.snap_end_km)
    assert route.edges.tolist() == [0, 1, 2]
    assert list(zip(route.lon, route.lat, strict=True)) == [NODES[n] for n in (1, 2, 3, 4)]


def test_both_ends_join_the_same_connected_part(network):
    route = network.shortest((130.0, -20.0), (140.0, -30.0), max_snap_km=2000)
    assert len(set(route.edges.tolist()) & {4}) in {0, 1}
    assert route.snap_start_km + route.snap_end_km > 1000


def test_places_no_common_part_comes_near_are_not_joined(network):
    with pytest.raises(NoRouteError, match="within 200 km of both"):
        network.shortest((130.0, -20.0), (140.0, -30.0))
    with pytest.raises(NoRouteError, match="not joined"):
        network.shortest((0.0, 50.0), (130.0, -21.0))


@pytest.mark.parametrize("ends", [((200.0, 0.0), (1.0, 1.0)), ((0.0, 0.0), (200.0, 1.0)), ((0.0, 0.0), (1.0, 91.0))])
def test_a_way_from_or_to_no_place_on_earth_is_refused(network, ends):
    with pytest.raises(GeoError, match=r"route, row [01]: l"):
        network.shortest(*ends)


def test_the_nearest_source_counts_both_straight_legs(network):
    sources = (np.array([131.0, 130.1, 0.0]), np.array([-21.3, -21.0, 0.0]))
    found = network.nearest_source(sources, [130.0, 140.5, 50.0], [-20.0, -30.0, 10.0])
    over_source_0 = 110 + 115 + distance_km(131, -21, 131, -21.3)
    assert found.source.tolist() == [0, -1, -1]
    assert found.total_km[0] == pytest.approx(over_source_0)
    assert found.network_km[0] == pytest.approx(225)
    assert np.isnan(found.total_km[1:]).all()


def test_a_length_below_its_chord_is_raised_to_the_chord():
    network = Network.from_frame(frame([(1, 2, 1.0)]))
    assert network.shortest(NODES[1], NODES[2]).network_km == pytest.approx(distance_km(*NODES[1], *NODES[2]))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda f: f.drop(columns="length_km"), "no length_km"),
        (lambda f: f.to_crs(3857), "no EPSG:4326"),
        (lambda f: f.assign(length_km=np.nan), "length is missing"),
        (lambda f: f.assign(from_node=range(len(f))), "two places"),
    ],
)
def test_a_wrong_frame_is_refused(change, words):
    with pytest.raises(GeoError, match=words):
        Network.from_frame(change(frame()))


def lanes():
    lines = [
        shapely.LineString([(170, 0), (180, 0)]),
        shapely.LineString([(-180, 0), (-170, 0), (-160, 0)]),
        shapely.LineString([(170, 0), (170, 30), (-160, 30), (-160, 0)]),
        shapely.LineString([(-170, 0), (-170, 10)]),
        shapely.LineString([(0, 0), (1, 0)]),
    ]
    return gpd.GeoDataFrame({"passage": ["", "dateline", "", "", ""]}, geometry=lines, crs=4326)


def test_lanes_join_across_180_and_at_any_vertex():
    route = SeaLanes.from_frame(lanes()).route((170.0, -0.5), (-170.0, 10.0))
    assert route.method == "route"
    assert route.lane_km == pytest.approx(distance_km(170, 0, -170, 0) + distance_km(-170, 0, -170, 10))
    assert route.snap_start_km == pytest.approx(distance_km(170, -0.5, 170, 0))
    assert route.total_km == pytest.approx(route.snap_start_km + route.lane_km)
    assert route.passages == ("dateline",)
    assert (route.lon[0], route.lat[0]) == (170.0, -0.5)


def test_a_closed_passage_is_gone_round():
    sea = SeaLanes.from_frame(lanes())
    round_about = sea.route((170.0, 0.0), (-160.0, 0.0), closed=["dateline"])
    assert round_about.passages == ()
    assert round_about.total_km > 1.5 * sea.route((170.0, 0.0), (-160.0, 0.0)).total_km
    with pytest.raises(GeoError, match="no passage 'sues'; expected one of dateline"):
        sea.route((170.0, 0.0), (-160.0, 0.0), closed=["sues"])


def test_passages_without_a_name_are_known_by_their_box():
    canal = gpd.GeoDataFrame(geometry=[shapely.LineString([(32.5, 29.5), (32.4, 31.5)])], crs=4326)
    assert SeaLanes.from_frame(canal).passages == ("suez",)


@pytest.mark.parametrize(
    ("end", "obstacle"),
    [((-160.0, -5.0), "far_from_lanes"), ((1.0, 0.0), "no_lanes_join"), ((170.001, 0.001), "lanes_farther")],
)
def test_what_the_lanes_get_wrong_is_a_marked_fallback(end, obstacle):
    start = (170.0, 0.5)
    route = SeaLanes.from_frame(lanes()).route(start, end)
    assert route.method == "fallback"
    assert route.reason is not None
    assert route.reason.by == obstacle
    assert route.total_km == pytest.approx(DETOUR * distance_km(*start, *end))


def test_a_way_is_the_same_however_many_were_sought_before(network):
    ends = [(place, other) for place in NODES.values() for other in NODES.values()]
    for start, end in ends:
        try:
            again = network.shortest(start, end)
        except NoRouteError:
            with pytest.raises(NoRouteError):
                Network.from_frame(frame()).shortest(start, end)
            continue
        fresh = Network.from_frame(frame()).shortest(start, end)
        assert (again.total_km, again.edges.tolist()) == (fresh.total_km, fresh.edges.tolist())
