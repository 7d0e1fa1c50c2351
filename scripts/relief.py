"""Make the relief and bathymetry rasters: ETOPO1 (bedrock) and ETOPO5 (ice surface), as COGs of whole metres."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio
import rasterio.shutil
from catalogue import DATA, record
from packages import Package
from rasterio.enums import Resampling
from rasterio.io import MemoryFile
from rasterio.transform import Affine, from_bounds
from rasterio.warp import reproject

ETOPO1 = Package(registry="PyPI", name="pybacktrack", version="1.5.0")
ETOPO5 = Package(registry="Debian", name="ferret-datasets", version="7.6.0-5")
FILE1 = "pybacktrack/bundle_data/topography/ETOPO1_0.1.grd"
FILE5 = "usr/share/ferret-vis/data/etopo5.cdf"
NODATA = -32768
WORLD_DEG = 0.3
WGS84 = "EPSG:4326"


@dataclass(frozen=True, kw_only=True)
class Window:
    """One raster: the data set's name, the model it is cut from, its bounds and what it shows."""

    dataset_id: str
    model: str
    bounds: tuple[float, float, float, float]
    title: str


WINDOWS = (
    Window(dataset_id="relief_greenland", model="ETOPO5", bounds=(-75, 58, -10, 84.5), title="Greenland, ice surface"),
    Window(dataset_id="bedrock_greenland", model="ETOPO1", bounds=(-75, 58, -10, 84.5), title="Greenland, bedrock"),
    Window(dataset_id="relief_australia", model="ETOPO1", bounds=(108, -45, 156, -8), title="Australia"),
    Window(dataset_id="relief_nw_pacific", model="ETOPO1", bounds=(128, 18, 162, 46), title="North-west Pacific"),
    Window(dataset_id="bathymetry_minamitorishima", model="ETOPO1", bounds=(149, 19, 159, 29), title="Minamitorishima"),
    Window(dataset_id="relief_world", model="ETOPO1", bounds=(-180, -90, 180, 90), title="World, coarse"),
)
DATASETS = tuple(window.dataset_id for window in WINDOWS)
NOTES = {
    "ETOPO1": {
        "attribution": "ETOPO1, Amante and Eakins 2009, NOAA, doi:10.7289/V5C8276M",
        "source_url": "https://www.ncei.noaa.gov/products/etopo-global-relief-model",
        "retrieved": "2017-10",
        "known_defects": [
            "6 minutes, about 11 km: no slopes, no elevation of a site (Kvanefjeld reads 131 m, the hill is 685 m)",
            "bedrock: under ice it is not the surface",
            "depths from a gravity model between ship tracks; 100 m and more off on seamounts",
        ],
    },
    "ETOPO5": {
        "attribution": "ETOPO5, NOAA National Geophysical Data Center 1988",
        "source_url": "https://www.ncei.noaa.gov/products/etopo-global-relief-model",
        "retrieved": "2001-04",
        "known_defects": [
            "5 minutes, about 9 km: no slopes, no elevation of a site (Kvanefjeld reads 366 m)",
            "made in 1988; the ice surface is some tens of metres low (Summit 3185 for 3216 m); sea floor smeared",
        ],
    },
}


def _source(model: str) -> Path:
    return (ETOPO1.folder() / FILE1) if model == "ETOPO1" else (ETOPO5.folder() / FILE5)


def world(model: str) -> tuple[np.ndarray, Affine]:
    """Return a model's metres, north up, with longitudes from -180 to 180 (the files run from 0 to 360)."""
    with rasterio.open(_source(model)) as raster:
        metres = raster.read(1)
        width = 3600 if model == "ETOPO1" else 4320
    step = 360 / width
    metres = metres[:, :width]  # the column at 360 repeats the one at 0
    rolled = np.roll(metres, width // 2, axis=1)
    rolled = np.concatenate([rolled, rolled[:, :1]], axis=1)  # 180 again at the right, so that no longitude is outside
    return np.round(rolled).astype("int16"), Affine(step, 0, -180 - step / 2, 0, -step, 90 + step / 2)


def _cut(metres: np.ndarray, transform: Affine, bounds: tuple[float, float, float, float]) -> tuple[np.ndarray, Affine]:
    west, south, east, north = bounds
    left, top = (round(value) for value in ~transform * (west - transform.a / 2, north - transform.e / 2))
    right, bottom = (round(value) for value in ~transform * (east + transform.a / 2, south + transform.e / 2))
    return metres[top:bottom, left:right], transform * Affine.translation(left, top)


def _coarse(metres: np.ndarray, transform: Affine) -> tuple[np.ndarray, Affine]:
    shape = (round(180 / WORLD_DEG), round(360 / WORLD_DEG))
    target = from_bounds(-180, -90, 180, 90, shape[1], shape[0])
    mean = np.empty(shape, dtype="float32")
    reproject(
        metres.astype("float32"),
        mean,
        src_transform=transform,
        src_crs=WGS84,
        dst_transform=target,
        dst_crs=WGS84,
        resampling=Resampling.average,
    )
    return np.round(mean).astype("int16"), target


def write_cog(metres: np.ndarray, transform: Affine, path: Path, tags: dict[str, str]) -> None:
    """Write a cloud-optimised GeoTIFF of int16 metres."""
    path.parent.mkdir(parents=True, exist_ok=True)
    profile = {"driver": "GTiff", "dtype": "int16", "count": 1, "crs": WGS84, "transform": transform, "nodata": NODATA}
    with MemoryFile() as memory:
        with memory.open(**profile, height=metres.shape[0], width=metres.shape[1]) as plain:
            plain.write(metres, 1)
            plain.update_tags(**tags)
            plain.set_band_unit(1, "m")
        options = {"compress": "DEFLATE", "level": 9, "predictor": "STANDARD", "blocksize": 256}
        rasterio.shutil.copy(memory.name, path, driver="COG", overview_resampling="AVERAGE", **options)


def build() -> None:
    """Write the six rasters and their catalogue entries."""
    models = {model: world(model) for model in NOTES}
    for window in WINDOWS:
        metres, transform = models[window.model]
        if window.dataset_id == "relief_world":
            metres, transform = _coarse(metres, transform)
        else:
            metres, transform = _cut(metres, transform, window.bounds)
        file = f"context/{window.dataset_id}.tif"
        notes = NOTES[window.model]
        write_cog(metres, transform, DATA / file, {"source": str(notes["attribution"]), "title": window.title})
        package = ETOPO1 if window.model == "ETOPO1" else ETOPO5
        record(
            window.dataset_id,
            file=file,
            title=f"Relief: {window.title} ({window.model})",
            licence="Public domain (NOAA)",
            source_package=package.label,
            source_version=package.version,
            geometry_type="Raster",
            changes="longitudes 0-360 rolled to -180-180; window cut out; rounded to whole metres; COG"
            + ("; averaged to 0.3 degrees" if window.dataset_id == "relief_world" else ""),
            script=Path(__file__),
            **notes,
        )


if __name__ == "__main__":
    build()
