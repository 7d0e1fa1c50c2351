"""Heights and profiles on small rasters with known answers."""

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from oreway.geo.errors import GeoError
from oreway.geo.geodesy import distance_km
from oreway.geo.terrain import profile, sample
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
