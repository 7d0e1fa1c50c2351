"""New access: never shorter than straight, hardly longer on open ground, paid by layers that add up."""

import math

import numpy as np
import pytest
import rasterio
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from oreway.geo._grid_steps import moves_of
from oreway.geo._least_cost import solve
from oreway.geo.errors import GeoError, NoRouteError
from oreway.geo.geodesy import distance_km
from oreway.geo.least_cost import Ground, Rules, access_cost, access_route, least_cost_route, read_ground


def write(path, height, west=0.0, north=10.0, step=0.1):
    form = {"height": height.shape[0], "width": height.shape[1], "count": 1, "dtype": "int16", "nodata": -32768}
    place = Affine(step, 0, west, 0, -step, north)
    with rasterio.open(path, "w", driver="GTiff", crs="EPSG:4326", transform=place, **form) as r:
        r.write(height.astype(np.int16), 1)
    return path


def ground(way, north=0.5, west=0.0, step=0.01, **more):
    lon = west + step * (np.arange(way.shape[1]) + 0.5)
    lat = north - step * (np.arange(way.shape[0]) + 0.5)
    return Ground(lon=lon, lat=lat, **({"cost": {"way": way}} | more))


def rough(shape, seed=0):
    rng = np.random.default_rng(seed)
    return {
        "cost": {"way": rng.uniform(1, 5, shape), "water": np.where(rng.random(shape) < 0.3, 20.0, 0.0)},
        "height_m": rng.uniform(0, 900, shape),
        "climb": 0.01,
    }


def dijkstra_of(search, height, climb, moves, source, wraps):
    """The same steps as edges of a graph, each priced by hand, solved by scipy."""
    rows, columns = search.shape
    edges = []
    for row in range(rows):
        for column in range(columns):
            for j in range(moves.first[row], moves.first[row + 1]):
                k, s = moves.row_step[j], moves.sign[j]

                def at(dr, dc, s=s, row=row, column=column):
                    c = column + s * dc
                    return (row + s * dr, c % columns) if wraps or 0 <= c < columns else None

                end = at(moves.dr[k], moves.dc[k])
                if end is None:
                    continue
                spans = range(moves.cross_first[k], moves.cross_first[k + 1])
                price = moves.metres[j] * sum(moves.share[x] * search[at(*moves.cross[x])] for x in spans)
                if moves.corner[k]:
                    a, b, c, d = moves.side[k]
                    price = np.inf if np.isinf(search[at(a, b)]) and np.isinf(search[at(c, d)]) else price
                heights = [height[row, column]]
                for x in range(moves.rise_first[k], moves.rise_first[k + 1]):
                    one, other = height[at(*moves.rise[x, :2])], height[at(*moves.rise[x, 2:])]
                    heights.append(one + moves.rise_weight[x] * (other - one))
                price += climb * np.abs(np.diff([*heights, height[end]])).sum()
                if np.isfinite(price):
                    edges.append((row * columns + column, end[0] * columns + end[1], price))
    first, last, price = (np.array(x) for x in zip(*edges, strict=True))
    graph = coo_array((price, (first, last)), shape=(search.size, search.size)).tocsr()
    return dijkstra(graph, indices=source).reshape(search.shape)


@pytest.mark.parametrize(("north", "wraps"), [(0.5, False), (70.0, False), (83.0, True)])
def test_the_costs_are_dijkstras(north, wraps):
    step = 5.0 if wraps else 0.1
    shape = (12, 72) if wraps else (30, 40)
    lat = north - (0.5 if wraps else step) * (np.arange(shape[0]) + 0.5)
    rng = np.random.default_rng(4)
    search = np.where(rng.random(shape) < 0.15, np.inf, rng.uniform(0.001, 0.02, shape))
    search[5, 7] = 0.005
    height = rng.uniform(0, 500, shape)
    moves = moves_of(lat, step)
    cost = np.full(shape, np.inf)
    cost[5, 7] = 0.0
    solve(search, height, 0.01, moves, cost, wraps=wraps)
    truth = dijkstra_of(search, height, 0.01, moves, 5 * shape[1] + 7, wraps)
    np.testing.assert_allclose(np.where(np.isinf(search), 0, cost), np.where(np.isinf(search), 0, truth), rtol=1e-10)


def test_tiles_and_threads_do_not_change_a_digit(monkeypatch):
    shape = (200, 330)
    given = rough(shape, 2)
    land = ground(given["cost"]["way"], **given)
    whole = access_cost(land, [(1.0, 0.1), (3.0, -0.9)]).cost
    monkeypatch.setattr("oreway.geo._least_cost.TILE", 1000)
    np.testing.assert_array_equal(access_cost(land, [(1.0, 0.1), (3.0, -0.9)]).cost, whole)
    monkeypatch.setattr("oreway.geo._least_cost.TILE", 16)
    monkeypatch.setattr("oreway.geo._least_cost._AHEAD", 0.1)
    np.testing.assert_array_equal(access_cost(land, [(1.0, 0.1), (3.0, -0.9)]).cost, whole)


@pytest.mark.parametrize("north", [2.0, 31.0, 46.0, 61.0, 72.0, 78.0, 84.0])
def test_open_ground_costs_the_geodesic_and_less_than_three_percent_more(north):
    open_ground = ground(np.ones((120, 400)), north=north, step=0.02)
    assert open_ground.open_ground_bias < 0.03
    middle = float(open_ground.lon[200]), float(open_ground.lat[60])
    found = access_cost(open_ground, [middle]).cost
    lon, lat = np.meshgrid(open_ground.lon, open_ground.lat)
    direct = distance_km(*middle, lon, lat)
    assert (found >= direct * (1 - 1e-9)).all()
    assert (found <= 1.03 * direct + 0.25 * 0.02 * 111.2).all()  # a quarter of a cell's height, on narrow cells only


def test_straight_along_and_across_the_rows_costs_nothing_more():
    open_ground = ground(np.ones((100, 100)), north=65.0, step=0.05)
    up = access_route(open_ground, (1.025, 64.975), (1.025, 60.475))
    assert up.length_km == pytest.approx(distance_km(1.025, 64.975, 1.025, 60.475), rel=1e-9)
    assert up.cost == pytest.approx(up.length_km)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), north=st.sampled_from([1.0, 45.0, 75.0]))
def test_layers_add_up_and_no_way_is_shorter_than_straight(seed, north):
    land = ground(np.ones((20, 30)), north=north, step=0.05, **rough((20, 30), seed))
    rng = np.random.default_rng(seed)
    start, end = (
        (float(rng.uniform(land.lon[0], land.lon[-1])), float(rng.uniform(land.lat[-1], land.lat[0]))) for _ in range(2)
    )
    way = access_route(land, start, end)
    assert set(way.paid) == {"way", "water", "climb"}
    assert sum(way.paid.values()) == pytest.approx(way.cost, rel=1e-12)
    assert way.search_cost == pytest.approx(way.cost, rel=1e-9)  # no friction: what is paid was made least
    assert way.length_km >= distance_km(*start, *end) * (1 - 1e-12)
    assert way.paid["way"] >= way.length_km * (1 - 1e-9)


def test_the_way_is_no_dearer_there_than_back():
    land = ground(np.ones((30, 60)), north=70.0, step=0.05, **rough((30, 60), 8))
    there, back = access_route(land, (0.3, 69.7), (2.6, 68.8)), access_route(land, (2.6, 68.8), (0.3, 69.7))
    assert there.cost == pytest.approx(back.cost, rel=1e-9)


def test_friction_steers_and_is_not_paid():
    friction = np.ones((40, 40))
    friction[:30, 20] = 1000.0
    plain = ground(np.ones((40, 40)))
    straight = access_route(plain, (0.055, 0.355), (0.345, 0.355))
    steered = access_route(ground(np.ones((40, 40)), friction=friction), (0.055, 0.355), (0.345, 0.355))
    assert steered.lat.min() < 0.2
    assert steered.cost == pytest.approx(steered.length_km)
    assert steered.cost > 1.1 * straight.cost
    assert steered.search_cost == pytest.approx(steered.cost, rel=1e-9)


def test_a_barrier_forbids_and_is_not_slipped_through_at_a_corner():
    barrier = np.eye(40, dtype=bool)[::-1]
    with pytest.raises(NoRouteError, match="no open cells join"):
        access_route(ground(np.ones((40, 40)), barrier=barrier), (0.055, 0.455), (0.345, 0.155))
    barrier[0, 39] = False
    way = access_route(ground(np.ones((40, 40)), barrier=barrier), (0.055, 0.455), (0.345, 0.155))
    assert way.lat.max() > 0.48
    closed = access_cost(ground(np.ones((40, 40)), barrier=np.eye(40, dtype=bool)), [(0.355, 0.455)]).cost
    assert np.isnan(closed[30, 5])
    assert np.isnan(closed[7, 7])
    assert np.isfinite(closed[5, 30])


def test_rows_keep_their_true_width():
    land = ground(np.ones((5, 360)), north=72.5, west=-180, step=1.0)
    land = Ground(lon=land.lon, lat=np.array([80.0, 70.0, 60.0, 50.0, 40.0]), cost=land.cost)
    east = [access_route(land, (0.5, lat), (20.5, lat)).length_km for lat in (60.0, 40.0)]
    for km, lat in zip(east, (60.0, 40.0), strict=True):
        assert distance_km(0.5, lat, 20.5, lat) <= km <= 20 * distance_km(0, lat, 1, lat) * (1 + 1e-9)


def test_a_grid_round_the_globe_has_no_edge_at_180():
    world = ground(np.ones((60, 180)), north=60.0, west=-180, step=2.0)
    assert world.wraps
    way = access_route(world, (175.0, 31.0), (-175.0, 31.0))
    assert way.length_km < 1.01 * distance_km(175.0, 31.0, -175.0, 31.0)
    assert np.abs(way.lon).min() > 170
    cost = access_cost(world, [(179.0, 31.0)]).cost
    middle = access_cost(world, [(-1.0, 31.0)]).cost
    np.testing.assert_allclose(np.roll(cost, 90, axis=1), middle, rtol=1e-9)


def test_a_raster_is_read_on_both_sides_of_180(tmp_path):
    world = write(tmp_path / "world.tif", np.full((180, 360), 50), west=-180, north=90, step=1.0)
    way = least_cost_route(world, (178.5, 64.5), (-175.5, 63.5), climb_weight=8, land_only=True, margin_deg=5)
    assert way.length_km < 1.1 * distance_km(178.5, 64.5, -175.5, 63.5)
    assert np.abs(way.lon).max() <= 180
    assert np.abs(way.lon).min() > 170
    ice = shapely.box(-180, 60, -179, 70)
    with pytest.raises(NoRouteError, match="no open cells"):
        least_cost_route(
            world, (178.5, 64.5), (-175.5, 63.5), climb_weight=8, land_only=True, margin_deg=4, ice=[
                ice, shapely.box(-180, 50, -179, 75)]
        )  # fmt: skip


@pytest.mark.parametrize(("west", "start", "end"), [(170, 178.15, 179.55), (-180, -179.55, -178.15)])
def test_a_raster_that_ends_at_180_is_enough_for_a_way_beside_it(tmp_path, west, start, end):
    one_side = write(tmp_path / "side.tif", np.full((40, 100), 50), west=west, north=2.0, step=0.1)
    way = least_cost_route(one_side, (start, 0.05), (end, 0.05), climb_weight=8, land_only=True, margin_deg=1)
    assert way.length_km == pytest.approx(1.4 * 111.32, rel=0.02)  # a degree of the equator
    assert (np.abs(way.lon) > 178).all()


def test_water_ice_and_steep_ground_are_layers_or_closed(tmp_path):
    height = np.full((40, 40), 100)
    height[:, 20] = -5
    strait = write(tmp_path / "strait.tif", height)
    box, ice = (0.0, 6.0, 4.0, 10.0), [shapely.box(2.5, 0, 2.9, 20)]
    land = read_ground(strait, box, Rules(climb=0.0, water=9.0, ice=4.0), ice)
    way = access_route(land, (1.05, 8.05), (3.55, 8.05))
    assert set(way.paid) == {"way", "water", "ice"}
    cell = distance_km(1.05, 8.05, 1.15, 8.05)
    assert way.paid["water"] == pytest.approx(9 * cell, rel=1e-6)
    assert way.paid["ice"] == pytest.approx(4 * 4 * cell, rel=1e-6)
    for rules in (Rules(water=None, ice=1.0), Rules(water=1.0, ice=None), Rules(water=1.0, ice=1.0, steep=0.001)):
        with pytest.raises(NoRouteError):
            access_route(read_ground(strait, box, rules, ice), (1.05, 8.05), (3.55, 8.05))
    steered = read_ground(strait, box, Rules(water=0.0, ice=0.0, climb=0.0, slope_friction=3.0), ice)
    assert steered.friction.max() > 1
    assert access_route(steered, (1.05, 8.05), (3.55, 8.05)).cost == pytest.approx(way.paid["way"], rel=0.03)


def test_every_result_says_how_coarse_it_is(tmp_path):
    coarse = write(tmp_path / "coarse.tif", np.full((60, 60), 50))
    fine = write(tmp_path / "fine.tif", np.full((60, 60), 50), step=0.001)
    route = least_cost_route(coarse, (1.0, 8.0), (3.0, 7.0), climb_weight=8, land_only=True, margin_deg=1)
    assert route.scale.startswith("regional scale only: cells of 11 by 11.1 km")
    route = least_cost_route(fine, (0.01, 9.99), (0.04, 9.97), climb_weight=8, land_only=True, margin_deg=1)
    assert route.scale == "cells of 0.11 by 0.111 km: nothing smaller is seen"


def test_the_surface_is_written_as_it_is(tmp_path):
    surface = access_cost(ground(np.ones((30, 50))), [(0.2, 0.35)])
    surface.save(tmp_path / "cost.tif", tags={"licence": "CC BY 4.0"})
    with rasterio.open(tmp_path / "cost.tif") as raster:
        np.testing.assert_allclose(raster.read(1), surface.cost, rtol=1e-6)
        assert raster.tags(1)["scale"] == surface.scale
        assert raster.bounds.left == pytest.approx(0.0)
        assert raster.bounds.top == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cost": {}}, "none"),
        ({"cost": {"way": np.ones((3, 3))}}, "not of shape"),
        ({"cost": {"way": np.full((4, 4), -1.0)}}, "negative"),
        ({"cost": {"climb": np.ones((4, 4))}}, "one named 'climb'"),
        ({"climb": 1.0}, "no heights"),
    ],
)
def test_wrong_ground_is_refused(change, words):
    with pytest.raises(GeoError, match=words):
        ground(np.ones((4, 4)), **change)


def test_no_sources_and_places_off_the_ground_are_refused():
    with pytest.raises(NoRouteError, match="no sources"):
        access_cost(ground(np.ones((4, 4))), [])
    with pytest.raises(NoRouteError, match="does not reach"):
        access_cost(ground(np.ones((4, 4))), [(50.0, 0.0)])


def test_square_cells_get_the_steps_of_king_and_knight():
    moves = moves_of(np.array([0.02, 0.01, 0.0, -0.01, -0.02]), 0.01)
    assert moves.first[3] - moves.first[2] == 16
    assert moves.reach == 2
    assert math.isclose(moves.gap_deg, 26.7, abs_tol=0.2)


def route(path, start, end, **change):
    return least_cost_route(path, start, end, **{"climb_weight": 8.0, "land_only": True, "margin_deg": 3.0} | change)


@pytest.mark.parametrize("north", [10.0, 70.0, 82.0])
def test_on_a_plain_the_way_is_at_least_the_geodesic_and_a_few_percent_longer(tmp_path, north):
    plain = write(tmp_path / "plain.tif", np.full((60, 100), 50), north=north)
    for end in ((9.0, north - 1), (9.0, north - 5), (2.0, north - 5.5)):
        found = route(plain, (1.0, north - 1.03), end)
        direct = distance_km(1.0, north - 1.03, *end)
        assert direct <= found.length_km <= 1.03 * direct + 16  # and a cell's diagonal of 0.1 degrees
        assert found.cost == pytest.approx(found.length_km, rel=1e-6)


def test_the_way_goes_round_a_ridge_that_costs_more_than_the_detour(tmp_path):
    height = np.full((60, 60), 100)
    height[:40, 30] = 3000
    ridge = write(tmp_path / "ridge.tif", height)
    round_about = route(ridge, (1.0, 8.0), (5.0, 8.0), climb_weight=50.0)
    assert round_about.height_m.max() == 100
    assert round_about.lat.min() < 6.1
    over = route(ridge, (1.0, 8.0), (5.0, 8.0), climb_weight=0.0)
    assert over.length_km < 1.03 * distance_km(1, 8, 5, 8) + 16


def test_the_sea_is_closed_to_a_way_on_land_not_even_diagonally(tmp_path):
    height = np.full((60, 60), 100)
    height[:, 30] = -5
    strait = write(tmp_path / "strait.tif", height)
    with pytest.raises(NoRouteError, match="no open cells join"):
        route(strait, (1.0, 8.0), (5.0, 8.0))
    assert route(strait, (1.0, 8.0), (5.0, 8.0), land_only=False).length_km > 0


def test_an_end_beyond_the_raster_or_where_it_is_empty_is_refused(tmp_path):
    height = np.full((60, 60), 50)
    height[19, 10] = -32768
    plain = write(tmp_path / "plain.tif", height)
    with pytest.raises(NoRouteError, match="does not reach"):
        route(plain, (1.0, 8.0), (15.0, 8.0))
    with pytest.raises(NoRouteError, match="no height"):
        route(plain, (1.05, 8.05), (5.0, 8.0))


def test_scipy_s_shortest_paths_cost_the_same_on_random_rasters():
    rows, columns, starts = 150, 200, ((10, 20), (100, 166))
    number = np.arange(rows * columns).reshape(rows, columns)
    for seed in range(3):
        friction = np.random.default_rng(seed).lognormal(0, 1 + seed / 2, (rows, columns))
        graph = coo_array((rows * columns, rows * columns))
        for here, there, metres in (
            (np.s_[:, :-1], np.s_[:, 1:], 1.0), (np.s_[:-1, :], np.s_[1:, :], 1.0),
            (np.s_[:-1, :-1], np.s_[1:, 1:], np.sqrt(2)), (np.s_[:-1, 1:], np.s_[1:, :-1], np.sqrt(2)),
        ):  # fmt: skip
            price = (friction[here] + friction[there]).ravel() / 2 * metres
            ends = number[here].ravel(), number[there].ravel()
            graph = graph + coo_array((price, ends), shape=graph.shape)
        found = dijkstra(graph, directed=False, indices=[number[start] for start in starts], min_only=True)
        moves = moves_of((75 - np.arange(rows)) * 1e-6, 1e-6, directions=8)
        moves = moves._replace(metres=np.hypot(moves.dr[moves.row_step], moves.dc[moves.row_step]).astype(float))
        cost = np.full(friction.shape, np.inf)
        for start in starts:
            cost[start] = 0.0
        solve(friction, np.zeros_like(friction), 0.0, moves, cost, wraps=False)
        np.testing.assert_allclose(cost, found.reshape(cost.shape), rtol=1e-9)
