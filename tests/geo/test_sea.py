"""Many ways from one start are the same as one by one, whoever asks first, and cost one search."""

from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pytest
import shapely

from oreway.geo import _graph
from oreway.geo.errors import GeoError
from oreway.geo.sea import Hindrance, Obstacle, SeaLanes
from tests.geo.oracle import metres

PLACES = [(float(x), float(y)) for x, y in np.random.default_rng(5).uniform([-180, -60], [180, 60], (40, 2))]


def lanes(seed=1):
    """A net of lanes round the globe, some of which are a passage."""
    lines, passage = [], []
    for x in range(-180, 180, 20):
        for y in range(-60, 60, 20):
            for end in ((x + 20, y), (x, y + 20)):
                lines.append(shapely.LineString([(x, y), end]))
                passage.append("gap" if y == 0 else "")
    keep = np.random.default_rng(seed).random(len(lines)) < 0.8
    frame = gpd.GeoDataFrame({"passage": passage}, geometry=lines, crs=4326)
    return frame[keep]


def same(one, other):
    for name in one.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize("closed", [(), ("gap",)])
def test_many_ends_at_once_are_the_ways_one_by_one(closed):
    together = SeaLanes.from_frame(lanes()).routes(PLACES[0], PLACES[1:], closed=closed)
    assert {way.method for way in together} >= {"fallback"}
    for end, way in zip(PLACES[1:], together, strict=True):
        same(way, SeaLanes.from_frame(lanes()).route(PLACES[0], end, closed=closed))


def test_no_ends_no_ways_and_a_wrong_end_is_refused():
    sea = SeaLanes.from_frame(lanes())
    assert sea.routes(PLACES[0], []) == ()
    with pytest.raises(GeoError, match="sea route"):
        sea.routes(PLACES[0], [(0.0, 91.0)])


def test_one_start_costs_one_search(monkeypatch):
    searches = []
    searched = _graph.search
    monkeypatch.setattr(_graph, "search", lambda *a, **k: searches.append(1) or searched(*a, **k))
    near = [(x + 0.3, y + 0.2) for x, y in [(-140, 20), (-100, -20), (40, 40), (100, 20)]]
    SeaLanes.from_frame(lanes()).routes((0.5, 20.5), near)
    assert len(searches) == 1


def test_visitors_at_once_get_the_same_ways():
    sea, alone = SeaLanes.from_frame(lanes()), SeaLanes.from_frame(lanes())
    pairs = [(a, b) for a in PLACES[:12] for b in PLACES[12:18]]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda pair: sea.route(*pair), pairs))
    for pair, way in zip(pairs, found, strict=True):
        same(way, alone.route(*pair))


def test_the_nearest_junction_is_the_nearest_of_all():
    graph = SeaLanes.from_frame(lanes())._without(frozenset())[0]
    for place in [*PLACES, (179.99, 89.9), (0.0, -90.0), (170.0, -50.0)]:
        node, km = graph.nearest_node(*place)
        every = metres(*place, graph.lon, graph.lat) / 1000
        assert km == pytest.approx(every.min(), abs=1e-6)
        assert every[node] == pytest.approx(every.min(), abs=1e-6)
        all_km = graph.distances_km(*place)
        assert (node, km) == (int(np.argmin(all_km)), all_km.min())


def test_closing_every_lane_leaves_no_way():
    sea = SeaLanes.from_frame(lanes().assign(passage="gap"))
    way = sea.route((0.5, 20.5), (40.5, 20.5), closed=["gap"])
    assert (way.method, way.total_km) == ("none", float("inf"))
    assert way.reason == Hindrance(by=Obstacle.NO_WAY_LEFT, closed=("gap",))
