"""What the nearest-feature index promises beyond the right number."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oreway.geo import _ahead, _compiled, _kernels
from oreway.geo.errors import GeoError, MisfitError
from oreway.geo.nearest import NearestIndex, places, query_each
from tests.geo.oracle import metres, wrapped

ROOT = Path(__file__).parent.parent.parent
longitudes = st.floats(-180, 180)
latitudes = st.floats(-90, 90)
positions = st.tuples(longitudes, latitudes)


def points(*xy):
    return shapely.points(np.array(xy, float))


def test_one_nearest_point_comes_with_its_feature_and_its_place():
    found = NearestIndex.build(points((0, 0), (10, 0))).query(9.0, 0.0)
    assert found.feature.tolist() == [1]
    assert (found.lon[0], found.lat[0]) == (10.0, 0.0)
    assert found.distance_km[0] == pytest.approx(111.3194908, abs=1e-6)  # one degree of the equator, a*pi/180
    assert np.isnan(found.fraction[0])


def test_the_fraction_tells_how_far_along_the_line_the_foot_lies():
    found = NearestIndex.build([shapely.LineString([(0, 0), (10, 0)])]).query([2.5, -5, 20], [1, 0, 0])
    assert found.fraction == pytest.approx([0.25, 0, 1], abs=1e-9)


def test_the_fraction_runs_through_all_parts_of_a_broken_line():
    line = shapely.MultiLineString([[(0, 0), (1, 0)], [(2, 0), (5, 0)]])
    assert NearestIndex.build([line]).query(3.5, 0.1).fraction[0] == pytest.approx(0.625, abs=1e-9)


def test_the_edge_model_matters_and_must_be_one_of_two():
    line = [shapely.LineString([(0, 60), (40, 60)])]
    on_parallel = NearestIndex.build(line, "lonlat").query(20, 60).distance_km[0]
    on_geodesic = NearestIndex.build(line, "geodesic").query(20, 60).distance_km[0]
    assert on_parallel == pytest.approx(0, abs=1e-6)
    assert on_geodesic > 150
    with pytest.raises(GeoError, match="expected one of geodesic, lonlat"):
        NearestIndex.build(line, "rhumb")


def test_nearest_k_gives_each_feature_once_and_minus_one_when_there_are_fewer():
    lines = [shapely.LineString([(0, 0), (30, 0)]), shapely.LineString([(0, 5), (30, 5)])]
    found = NearestIndex.build(lines).query(15, 1, k=3)
    assert found.feature.tolist() == [[0, 1, -1]]
    assert np.isnan(found.distance_km[0, 2])
    assert np.isnan(found.lon[0, 2])


def test_within_km_bounds_the_search_and_includes_the_bound():
    index = NearestIndex.build(points((0, 0)))
    assert index.query(1, 0, within_km=111).feature.tolist() == [-1]
    exactly = index.query(1, 0).distance_km[0]
    assert index.query(1, 0, within_km=exactly).feature.tolist() == [0]


def test_within_gives_every_feature_in_the_radius_nearest_first():
    random = np.random.default_rng(1)
    lon, lat = random.uniform(170, 190, 500), random.uniform(60, 70, 500)
    found = NearestIndex.build(shapely.points(wrapped(lon), lat)).within(180, 65, 200)
    truth = metres(180, 65, lon, lat)
    assert sorted(found.feature.tolist()) == np.nonzero(truth <= 200e3)[0].tolist()
    assert (np.diff(found.distance_km) >= 0).all()


def test_a_place_inside_an_area_is_at_distance_zero_whatever_else_is_near():
    outer = shapely.box(0, 0, 10, 10)
    small = shapely.box(5.001, 5.001, 5.002, 5.002)
    found = NearestIndex.build([small, outer]).query(5, 5, k=2)
    assert found.feature.tolist() == [[1, 0]]
    assert found.distance_km[0, 0] == 0
    assert (found.lon[0, 0], found.lat[0, 0]) == (5, 5)
    assert found.distance_km[0, 1] > 0.1


def test_a_hole_is_outside_and_its_rim_the_nearest_boundary():
    lake = shapely.Polygon(shapely.box(0, 0, 10, 10).exterior.coords, [shapely.box(4, 4, 6, 6).exterior.coords])
    found = NearestIndex.build([lake], "lonlat").query([5, 2], [5.9, 2])
    assert found.distance_km == pytest.approx([metres(5, 5.9, 5, 6) / 1000, 0], abs=1e-6)


def test_an_area_across_the_antimeridian_holds_places_on_both_sides():
    halves = shapely.MultiPolygon([shapely.box(178, -20, 180, -15), shapely.box(-180, -20, -178, -15)])
    whole = shapely.Polygon([(178, -20), (-178, -20), (-178, -15), (178, -15)])
    for area in (halves, whole):
        found = NearestIndex.build([area], "lonlat").query([179.5, -179.5, 180, -180, 177], [-17] * 5)
        assert found.distance_km[:4].tolist() == [0, 0, 0, 0]
        assert found.distance_km[4] == pytest.approx(metres(177, -17, 178, -17) / 1000, abs=0.05)


def test_geodesic_edges_of_an_area_decide_what_is_inside():
    area = [shapely.Polygon([(0, 60), (40, 60), (40, 50), (0, 50)])]
    between = (20.0, 60.5)  # north of the parallel, south of the geodesic
    assert NearestIndex.build(area, "geodesic").query(*between).distance_km[0] == 0
    assert NearestIndex.build(area, "lonlat").query(*between).distance_km[0] > 50


def test_the_sea_of_a_geodesic_area_is_settled_to_the_metre():
    area = shapely.Polygon([(0, 60), (40, 60), (40, 50), (0, 50)])
    line = shapely.LineString([(0, 60), (40, 60)])
    foot = NearestIndex.build([line]).query(13.3, 62.0)
    lon, lat = foot.lon[0], foot.lat[0]
    found = NearestIndex.build([area]).query([lon, lon], [lat - 1e-6, lat + 1e-6])  # 11 cm on either side
    assert found.distance_km[0] == 0
    assert found.distance_km[1] * 1000 == pytest.approx(0.11, abs=0.01)


def test_a_feature_at_the_antipode_is_measured_as_karney_does():
    index = NearestIndex.build(points((179.7, 0.2), (179.9, -0.4)))
    found = index.query(0, 0)
    truth = metres(0, 0, [179.7, 179.9], [0.2, -0.4])
    assert found.feature[0] == truth.argmin()
    assert found.distance_km[0] * 1000 == pytest.approx(truth.min(), abs=1e-6)
    assert index.query(0, 0, k=2).distance_km[0] * 1000 == pytest.approx(np.sort(truth), abs=1e-6)


@settings(deadline=None, max_examples=60)
@given(st.lists(positions, min_size=1, max_size=8), positions, positions)
def test_adding_a_feature_never_makes_the_nearest_farther(features, more, place):
    few = NearestIndex.build(points(*features)).query(*place).distance_km[0]
    many = NearestIndex.build(points(*features, more)).query(*place).distance_km[0]
    assert many <= few


@settings(deadline=None, max_examples=60)
@given(positions, positions)
def test_the_distance_is_the_same_both_ways(here, there):
    forth = NearestIndex.build(points(here)).query(*there).distance_km[0]
    back = NearestIndex.build(points(there)).query(*here).distance_km[0]
    assert forth == pytest.approx(back, abs=1e-6)
    assert forth * 1000 == pytest.approx(metres(*here, *there), abs=1e-3)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(positions, min_size=2, max_size=6, unique=True),
    positions,
    st.floats(-360, 360),
    st.sampled_from(["geodesic", "lonlat"]),
)
def test_turning_the_globe_changes_no_distance(features, place, turn, edge):
    if edge == "lonlat":  # edges must not be turned into ones that span more or less than half the globe
        features = [(x / 4, y) for x, y in features]
    line = shapely.LineString(features)
    turned = shapely.LineString([(wrapped(x + turn), y) for x, y in features])
    steps = np.abs(np.diff([x for x, _ in features]))
    assume(not (np.abs(steps - 180) < 1e-6).any())  # half the globe: either way is as short
    assume(edge == "lonlat" or not near_antipodal(features))
    before = NearestIndex.build([line], edge).query(*place).distance_km[0]
    after = NearestIndex.build([turned], edge).query(wrapped(place[0] + turn), place[1]).distance_km[0]
    assert after == pytest.approx(before, abs=1e-5)


def near_antipodal(features):
    xy = np.array(features)
    return (metres(*xy[:-1].T, *xy[1:].T) > 1.98e7).any()


def test_a_saved_index_answers_the_same_bytes_and_areas(tmp_path):
    random = np.random.default_rng(3)
    features = [*shapely.points(random.uniform(0, 9, (50, 2))), shapely.box(3, 3, 4, 4), None, shapely.Point()]
    index = NearestIndex.build(features)
    index.save(tmp_path / "index")
    opened = NearestIndex.open(tmp_path / "index")
    x, y = random.uniform(-1, 10, (2, 700))
    for k in (1, 3):
        one, two = index.query(x, y, k=k), opened.query(x, y, k=k)
        for name in ("feature", "distance_km", "lon", "lat", "fraction"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))
    assert opened.edge == "geodesic"


def test_saving_over_an_index_replaces_it_whole(tmp_path):
    NearestIndex.build(points((0, 0))).save(tmp_path / "index")
    NearestIndex.build(points((5, 5))).save(tmp_path / "index")
    assert NearestIndex.open(tmp_path / "index").query(5, 5).distance_km[0] == 0
    assert [p.name for p in tmp_path.iterdir()] == ["index"]


def test_a_folder_without_an_index_is_refused_with_the_cure(tmp_path):
    with pytest.raises(GeoError, match="build it again"):
        NearestIndex.open(tmp_path)


def test_nothing_is_nearest_in_an_empty_index(tmp_path):
    index = NearestIndex.build([None, shapely.Point()])
    index.save(tmp_path / "empty")
    for empty in (index, NearestIndex.open(tmp_path / "empty")):
        found = empty.query([1, 2], [3, 4])
        assert found.feature.tolist() == [-1, -1]
        assert np.isnan(found.distance_km).all()
        assert empty.query(1, 2, k=2).feature.tolist() == [[-1, -1]]
        assert empty.within(1, 2, 100).feature.size == 0


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        (float("nan"), 0, "no position"),
        (0, float("inf"), "no position"),
        (0, 90.1, "latitude 90.1; expected -90 to 90"),
        (181, 0, "longitude 181; expected -180 to 180"),
    ],
)
def test_a_bad_place_is_refused_by_name(lon, lat, words):
    index = NearestIndex.build(points((0, 0)))
    with pytest.raises(GeoError, match=f"place, row 1: .*{words}"):
        index.query([0, lon], [0, lat])


def test_a_bad_feature_is_refused_by_its_number():
    with pytest.raises(GeoError, match="geometry 1, row 0: latitude 95"):
        NearestIndex.build(points((0, 0), (3, 95)))
    with pytest.raises(GeoError, match="geometry 0: a GeometryCollection"):
        NearestIndex.build([shapely.GeometryCollection([shapely.Point(0, 0)])])


def test_a_frame_must_say_that_it_is_in_lon_lat():
    frame = gpd.GeoSeries(points((0, 0)))
    with pytest.raises(GeoError, match="no CRS"):
        NearestIndex.build(frame)
    with pytest.raises(GeoError, match="EPSG:3857"):
        NearestIndex.build(frame.set_crs(3857))
    assert NearestIndex.build(frame.set_crs(4326)).query(0, 0).distance_km[0] == 0


def test_many_threads_may_ask_one_index_at_once():
    random = np.random.default_rng(9)
    index = NearestIndex.build(shapely.points(random.uniform(-80, 80, (2000, 2))))
    x, y = random.uniform(-80, 80, (2, 4000))
    alone = index.query(x, y).distance_km
    with ThreadPoolExecutor(8) as pool:
        for together in pool.map(lambda _: index.query(x, y).distance_km, range(16)):
            np.testing.assert_array_equal(together, alone)


FORKED = """
import multiprocessing, numpy as np, shapely
from concurrent.futures import ThreadPoolExecutor
from oreway.geo.nearest import NearestIndex

random = np.random.default_rng(9)
index = NearestIndex.build(shapely.points(random.uniform(-80, 80, (2000, 2))))
x, y = random.uniform(-80, 80, (2, 4000))
def ask(_=0):
    return index.query(x, y).distance_km.sum()
before = ask()
with ThreadPoolExecutor(4) as visitors:
    asked = [visitors.submit(ask) for _ in range(8)]
    with multiprocessing.get_context("fork").Pool(2) as pool:
        children = pool.map(ask, range(4))
    answers = {before, *children, *(one.result() for one in asked)}
print(len(answers))
"""


def test_a_forked_worker_answers_while_visitors_ask():
    command = [sys.executable, "-W", "ignore", "-c", FORKED]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "1\n"), done.stderr


def test_the_order_of_the_places_does_not_matter():
    random = np.random.default_rng(10)
    index = NearestIndex.build(shapely.points(random.uniform(-80, 80, (3000, 2))))
    x, y = random.uniform(-80, 80, (2, 1000))
    together = index.query(x, y).distance_km
    one_by_one = [index.query(a, b).distance_km[0] for a, b in zip(x, y, strict=True)]
    np.testing.assert_array_equal(together, one_by_one)


def test_a_grid_that_is_asked_row_by_row_answers_as_its_cells_do_in_any_order():
    ends = np.random.default_rng(6).uniform([118, -37], [142, -13], (300, 1, 2))
    index = NearestIndex.build(shapely.linestrings(np.concatenate([ends, ends + np.array([0.3, 0.2])], axis=1)))
    lon, lat = (part.ravel() for part in np.meshgrid(np.arange(120.0, 140, 0.2), np.arange(-35.0, -15, 0.2)))
    shuffled = np.random.default_rng(7).permutation(len(lon))
    asked, mixed = places(lon, lat), places(lon[shuffled], lat[shuffled])
    assert (np.diff(asked.order) == 1).all(), "taken as it comes"
    assert not (np.diff(mixed.order) == 1).all(), "sorted along a curve"
    as_it_comes, in_any_order = index.query_places(asked), index.query_places(mixed)
    assert (as_it_comes.feature[shuffled] == in_any_order.feature).all()
    assert (as_it_comes.distance_km[shuffled] == in_any_order.distance_km).all()


def test_several_indexes_are_asked_with_one_preparation():
    indexes = {"a": NearestIndex.build(points((0, 0))), "b": NearestIndex.build(points((1, 1)))}
    found = query_each(indexes, [0, 1], [0, 1])
    assert found["a"].distance_km[0] == 0
    assert found["b"].distance_km[1] == 0
    assert indexes["a"].query_places(places(1, 1)).distance_km[0] > 100


def test_what_is_kept_ahead_of_numba_answers_to_the_last_bit_as_numba_does(monkeypatch):
    draw = np.random.default_rng(3)
    lines = shapely.linestrings(np.stack([draw.uniform(-180, 178, 400), draw.uniform(-88, 86, 400)], axis=1)[:, None]
                                + draw.uniform(0, 2, (400, 3, 2)))  # fmt: skip
    indexes = [NearestIndex.build(lines), NearestIndex.build(shapely.points(draw.uniform(-89, 89, (500, 2))))]
    lon, lat = draw.uniform(-180, 180, 4000), draw.uniform(-90, 90, 4000)
    by_numba = [index.query(lon, lat) for index in indexes]
    for name in ("nearest_one", "morton_order", "to_ecef"):
        waiting = next(one for one in _compiled._ahead if one.function.__name__ == name)
        _ahead.keep(waiting.found.py_func, waiting.kinds, waiting.options)
        monkeypatch.setattr(_kernels, name, _ahead.kept(waiting.function, waiting.kinds))
    for index, told in zip(indexes, by_numba, strict=True):
        found = index.query(lon, lat)
        for column in ("feature", "distance_km", "lon", "lat", "fraction"):
            assert getattr(found, column).tobytes() == getattr(told, column).tobytes(), column
    with pytest.raises(MisfitError):
        _kernels.to_ecef(0, 2, np.zeros(4)[::2], np.zeros(2), np.zeros((2, 3)))


def test_code_kept_ahead_that_is_damaged_or_of_another_machine_is_not_run(tmp_path):
    path, code = tmp_path / "one.code", _ahead._Code("f", False, ["sin"], b"\x7fELF")
    _ahead._write(path, b"here", code)
    assert _ahead._read(path, b"here") == code
    assert _ahead._read(path, b"elsewhere") is None
    path.write_bytes(path.read_bytes()[:-1])
    assert _ahead._read(path, b"here") is None
    assert _ahead._read(tmp_path / "none.code", b"here") is None
    assert _ahead._linked(code._replace(calls=["no_such_name"])) is None


def test_few_of_many_places_are_asked_as_if_they_were_asked_alone():
    rng = np.random.default_rng(5)
    lon, lat, rows = rng.uniform(-180, 180, 900), rng.uniform(-90, 90, 900), np.array([811, 3, 407])
    index = NearestIndex.build(points(*zip(rng.uniform(-180, 180, 50), rng.uniform(-90, 90, 50), strict=True)))
    few, alone = index.query_places(places(lon, lat).take(rows)), index.query(lon[rows], lat[rows])
    assert few.feature.tolist() == alone.feature.tolist()
    assert few.distance_km.tolist() == alone.distance_km.tolist()
