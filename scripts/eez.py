"""Make context/eez: the geodesic 200-nautical-mile disc round Minamitorishima."""

from pathlib import Path

import geopandas
import numpy as np
import shapely
from catalogue import record
from frames import write
from shapes import GEOD

DATASETS = ("eez",)
FILE = "context/eez.parquet"
LON, LAT = 153.98, 24.288
RADIUS_KM = 370.4  # 200 nautical miles of 1.852 km
CORNERS = 360


def build() -> None:
    """Write the disc and its catalogue entry."""
    azimuth = -np.arange(CORNERS) * 360 / CORNERS
    start = np.full(CORNERS, LON), np.full(CORNERS, LAT)
    lon, lat, _ = GEOD.fwd(*start, azimuth, np.full(CORNERS, RADIUS_KM * 1000))
    disc = shapely.Polygon(np.column_stack([lon, lat]))
    frame = geopandas.GeoDataFrame(
        {
            "feature_id": ["eez-jp-minamitorishima"],
            "name": ["200-nautical-mile disc round Minamitorishima"],
            "country_code": ["JP"],
            "radius_km": [RADIUS_KM],
            "accuracy_km": [2.0],
            "source": ["computed on the WGS84 ellipsoid; not a legal limit"],
            "as_of": ["2026-11-23"],
        },
        geometry=[disc],
        crs="EPSG:4326",
    )
    written = write(frame, FILE)
    record(
        "eez",
        file=FILE,
        title="200-nautical-mile disc round Minamitorishima (computed, not a legal limit)",
        licence="CC0-1.0",
        attribution="none needed",
        source_url="https://www.un.org/depts/los/convention_agreements/texts/unclos/part5.htm",
        source_package="computed",
        source_version="1",
        retrieved="2026-11-23",
        geometry_type="Polygon",
        changes="geodesic disc of 370.4 km round 153.98 E 24.288 N",
        known_defects=["drawn from the island's middle, not from its baseline; no legal limit"],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
