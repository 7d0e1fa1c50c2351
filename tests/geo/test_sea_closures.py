"""Ways by sea against usual port distances, and closed passages: lines that no way crosses."""

import itertools

import numpy as np
import pytest
import shapely

from oreway.geo.geodesy import distance_km
from oreway.geo.sea import PASSAGE_LINES
from oreway.scoring.world.networks import sea_lanes
from oreway.scoring.world.world import open_world

ICE = ("northern_sea_route", "northwest")
KM_PER_MILE = 1.852
TOKYO = (139.8, 35.4)
HAMBURG, GDANSK, ROTTERDAM, SHANGHAI = (9.95, 53.54), (18.67, 54.40), (4.0, 51.97), (122.0, 31.2)
ST_PETERSBURG, SHIMIZU, MINAMITORISHIMA = (30.2, 59.9), (138.51, 35.01), (153.98, 24.29)
NUUK, DAMMAM, SINGAPORE, YOKOHAMA = (-51.7, 64.2), (50.2, 26.5), (103.8, 1.22), (139.7, 35.4)
PORTLAND, ESPERANCE, OTAGO, NARVA = (141.61, -38.35), (121.9, -33.87), (170.7, -45.8), (28.0, 59.5)
PLACES = (HAMBURG, GDANSK, SHANGHAI, ST_PETERSBURG, MINAMITORISHIMA, NUUK, DAMMAM, SINGAPORE, PORTLAND, OTAGO)


@pytest.fixture(scope="module")
def lanes():
    return sea_lanes(open_world())


@pytest.mark.parametrize(
    ("start", "end", "closed", "miles", "passage"),
    [
        # Port Economics, Management and Policy, "Routing options between Shanghai, Rotterdam and New York":
        # about 10,600 nautical miles by Suez, 13,800 by the Cape
        (ROTTERDAM, SHANGHAI, ICE, 10_600, "suez"),
        (ROTTERDAM, SHANGHAI, (*ICE, "suez", "panama"), 13_800, "south_africa"),
        # studyboard0.blogspot.com, March 2021, on the Ever Given: 8,377 by Suez, 11,864 by the Cape
        (HAMBURG, SINGAPORE, ICE, 8_377, "suez"),
        (HAMBURG, SINGAPORE, (*ICE, "suez"), 11_864, "south_africa"),
        # Thomas G. Ernst & Co., news of 2015: Rotterdam to Tokyo 11,393 by Suez, 7,613 north of Asia, 8,585 north of
        # America (along the coast; ours takes the shorter deep channel)
        (ROTTERDAM, TOKYO, ICE, 11_393, "suez"),
        (ROTTERDAM, TOKYO, ("northwest",), 7_613, "northern_sea_route"),
    ],
)
def test_ways_agree_with_published_port_distances(lanes, start, end, closed, miles, passage):
    way = lanes.route(start, end, closed=closed)
    assert way.total_km / KM_PER_MILE == pytest.approx(miles, rel=0.035)
    assert passage in way.passages


@pytest.mark.parametrize(("start", "end"), [(SHIMIZU, MINAMITORISHIMA), (PORTLAND, ESPERANCE)])
def test_over_the_open_sea_a_way_is_the_great_circle_and_a_twentieth(lanes, start, end):
    assert lanes.route(start, end).total_km == pytest.approx(1.05 * distance_km(*start, *end), rel=0.02)


def test_without_the_kiel_canal_ships_go_round_skagen(lanes):
    # the canal's operator: a saving of 460 km on average, more for Hamburg ("The Kiel Canal", a brochure of the WSV)
    extra = lanes.route(HAMBURG, GDANSK, closed=[*ICE, "kiel"]).total_km - lanes.route(HAMBURG, GDANSK).total_km
    assert 450 < extra < 850


def test_each_arctic_passage_is_opened_by_itself(lanes):
    north_east = lanes.route(ROTTERDAM, YOKOHAMA, closed=["northwest"])
    north_west = lanes.route(ROTTERDAM, YOKOHAMA, closed=["northern_sea_route"])
    assert "northern_sea_route" in north_east.passages
    assert "northwest" in north_west.passages
    assert "northern_sea_route" not in north_west.passages


def test_the_gulf_behind_a_closed_hormuz_has_no_way_rather_than_a_short_one(lanes):
    way = lanes.route(NUUK, DAMMAM, closed=[*ICE, "ormuz"])
    assert way.method == "none"
    assert way.total_km == float("inf")
    assert "ormuz" in way.reason.closed


@pytest.mark.parametrize("seed", range(3))
def test_closing_never_shortens_a_way(lanes, seed):
    random = np.random.default_rng(seed)
    names = [name for name in lanes.passages if name not in ICE]
    anywhere = list(zip(random.uniform(-180, 180, 6), random.uniform(-55, 65, 6), strict=True))
    pairs = list(itertools.combinations([*PLACES[seed::3], *anywhere], 2))
    order = list(random.permutation(names))
    for start, end in pairs:
        before = 0.0
        for closed in (0, 1, 3, len(order)):
            way = lanes.route(start, end, closed=[*ICE, *order[:closed]])
            assert way.total_km >= before - 1e-6
            assert way.total_km >= distance_km(*start, *end) - 1e-6
            before = way.total_km


@pytest.mark.parametrize("name", sorted(set(PASSAGE_LINES) - set(ICE)))
def test_no_way_crosses_a_closed_line(lanes, name):
    barrier = shapely.LineString(PASSAGE_LINES[name])
    for start, end in itertools.combinations(PLACES, 2):
        way = lanes.route(start, end, closed=[*ICE, name])
        if way.method == "none":
            continue
        steps = [(a, b) for a, b in itertools.pairwise(zip(way.lon, way.lat, strict=True)) if abs(a[0] - b[0]) < 180]
        assert not any(barrier.intersects(shapely.LineString(step)) for step in steps)
        assert name not in way.passages


def test_a_port_far_from_any_lane_reaches_it_over_open_sea_and_not_over_a_continent(lanes):
    # South-east Greenland to Gopalpur in India by Suez: about 16,000 km; the straight line runs over Eurasia
    way = lanes.route((-42.2, 61.5), (84.97, 19.3))
    assert 14_500 < way.total_km < 17_000
    assert "suez" in way.passages


@pytest.mark.parametrize(
    ("start", "end", "passage"),
    [((98.5, 9.9), (103.0, 9.0), "malacca"), ((-79.55, 8.9), (-76.0, 12.0), "panama"), ((9.0, 54.5), (11.0, 55.0), "")],
)
def test_a_straight_way_does_not_jump_an_isthmus(lanes, start, end, passage):
    way = lanes.route(start, end)
    assert passage in ("", *way.passages)
    assert way.method == "route"


def test_no_lane_runs_over_the_tiwi_islands(lanes):
    # Melville Island, 131.0 E 11.6 S
    way = lanes.route((130.8, -12.2), (130.0, -10.6))
    assert shapely.LineString(np.column_stack([way.lon, way.lat])).distance(shapely.Point(130.9, -11.5)) > 0.6
