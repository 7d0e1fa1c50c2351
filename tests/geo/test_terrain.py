"""Heights, profiles, remoteness and least-cost ways on small rasters with known answers."""

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from geo.errors import GeoError, NoRouteError
from geo.geodesy import distance_km
from geo.least_cost import least_cost_route
from geo.nearest import NearestIndex
from geo.surface import remoteness, write_surface
from geo.terrain import profile, sample
from tests.geo.oracle import metres


def write(path, height, west=0.0, north=10.0, step=0.1, crs="EPSG:4326"):
    form = {"height": height.shape[0], "width": height.shape[1], "count": 1, "dtype": "int16", "nodata": -32768}
    with rasterio.open(
        path, "w", driver="GTiff", crs=crs, transform=Affine(step, 0, west, 0, -step, north), **form
    ) as r:
        r.write(height.astype(np.int16), 1)
    return path


@pytest.fixture
def slope(tmp_path):
    """A plane: 100 m a degree eastwards, 10 m a degree northwards, one empty cell."""
    lon, lat = 0.05 + 0.1 * np.arange(100), 9.95 - 0.1 * np.arange(100)
    height = np.rint(100 * lon[None, :] + 10 * lat[:, None])
    height[50, 50] = -32768
    return write(tmp_path / "slope.tif", height)


def test_heights_are_linear_between_cell_centres(slope):
    lon, lat = np.array([1.23, 4.7, 8.0]), np.array([2.0, 8.11, 3.3])
    assert sample(slope, lon, lat) == pytest.approx(100 * lon + 10 * lat, abs=1.0)
    assert sample(slope, 1.05, 2.05).shape == ()


def test_outside_the_raster_and_on_empty_cells_the_height_is_unknown(slope):
    assert np.isnan(sample(slope, [-0.2, 5.05, 50], [5, 4.95, 50])).all()
    assert np.isfinite(sample(slope, [5.12, 0.01], [4.95, 9.99])).all()


def test_a_profile_runs_along_the_geodesic_from_end_to_end(slope):
    found = profile(slope, 1, 1, 8, 8, n=50)
    assert found.distance_km[-1] == pytest.approx(distance_km(1, 1, 8, 8))
    assert len(found.lon) == len(found.height_m) == 50
    steps = metres(found.lon[:-1], found.lat[:-1], found.lon[1:], found.lat[1:])
    assert steps == pytest.approx(np.full(49, steps.mean()), rel=1e-6)
    assert found.height_m == pytest.approx(100 * found.lon + 10 * found.lat, abs=1.0)


def test_a_raster_in_another_projection_or_no_raster_is_refused(tmp_path):
    with pytest.raises(GeoError, match="expected EPSG:4326"):
        sample(write(tmp_path / "m.tif", np.ones((4, 4)), crs="EPSG:3857"), 0, 0)
    with pytest.raises(GeoError, match="not a readable raster"):
        sample(tmp_path / "absent.tif", 0, 0)


def test_remoteness_is_the_distance_from_every_cell_centre(tmp_path):
    index = NearestIndex.build([shapely.Point(179.9, 75), shapely.Point(-179.0, 71)])
    bounds = (170.0, 70.0, 180.0, 76.0)
    km = remoteness(index, bounds, 0.5)
    assert km.shape == (12, 20)
    lon, lat = 170.25 + 0.5 * np.arange(20), 75.75 - 0.5 * np.arange(12)
    truth = [[metres(x, y, [179.9, -179.0], [75, 71]).min() / 1000 for x in lon] for y in lat]
    assert km == pytest.approx(np.array(truth), rel=1e-6)
    write_surface(tmp_path / "km.tif", km, bounds, 0.5, tags={"licence": "CC BY 4.0"})
    with rasterio.open(tmp_path / "km.tif") as raster:
        assert raster.bounds[:] == bounds
        assert raster.tags()["licence"] == "CC BY 4.0"
        np.testing.assert_array_equal(raster.read(1), km)
    assert [p.name for p in tmp_path.iterdir()] == ["km.tif"]


def test_an_empty_box_has_no_surface():
    with pytest.raises(GeoError, match="surface: box"):
        remoteness(NearestIndex.build([shapely.Point(0, 0)]), (10, 0, 0, 10), 1)


def route(path, start, end, **change):
    return least_cost_route(path, start, end, **{"climb_weight": 8.0, "land_only": True, "margin_deg": 3.0} | change)


@pytest.mark.parametrize("north", [10.0, 70.0, 82.0])
def test_on_a_plain_the_way_is_at_least_the_geodesic_and_a_few_percent_longer(tmp_path, north):
    plain = write(tmp_path / "plain.tif", np.full((60, 100), 50), north=north)
    for end in ((9.0, north - 1), (9.0, north - 5), (2.0, north - 5.5)):
        found = route(plain, (1.0, north - 1.03), end)
        direct = distance_km(1.0, north - 1.03, *end)
        assert direct <= found.length_km <= 1.04 * direct + 16  # and a cell's diagonal of 0.1 degrees
        assert found.cost_km == pytest.approx(found.length_km)


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


def test_an_end_beyond_the_raster_is_refused(tmp_path):
    plain = write(tmp_path / "plain.tif", np.full((60, 60), 50))
    with pytest.raises(NoRouteError, match="does not reach"):
        route(plain, (1.0, 8.0), (15.0, 8.0))
