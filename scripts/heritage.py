"""Make context/heritage from the hand-kept table heritage.csv: points, WKT, or discs of a given radius."""

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely
from catalogue import record
from frames import DATA, fingerprint, overrides, write
from shapes import GEOD

TABLE = DATA / "context" / "heritage.csv"
DATASETS = ("heritage",)
INPUTS = (TABLE,)
FILE = "context/heritage.parquet"
CORNERS = 180


def _geometry(text: str, lon: float, lat: float) -> shapely.Geometry:
    if not text:
        return shapely.Point(lon, lat)
    if not text.startswith("disc:"):
        return shapely.from_wkt(text)
    azimuth = -np.arange(CORNERS) * 360 / CORNERS
    radius_m = np.full(CORNERS, float(text.removeprefix("disc:")) * 1000)
    lons, lats, _ = GEOD.fwd(np.full(CORNERS, lon), np.full(CORNERS, lat), azimuth, radius_m)
    return shapely.Polygon(np.column_stack([lons, lats]))


def build() -> None:
    """Write the heritage sites and their catalogue entry."""
    table = overrides(TABLE)
    lon, lat = pd.to_numeric(table["lon"]), pd.to_numeric(table["lat"])
    geometry = [_geometry(*row) for row in zip(table["geometry"], lon, lat, strict=True)]
    columns = table.drop(columns=["lon", "lat", "geometry"])
    columns = columns.mask(columns == "", None).assign(accuracy_km=pd.to_numeric(table["accuracy_km"]))
    written = write(geopandas.GeoDataFrame(columns, geometry=geometry, crs="EPSG:4326"), FILE)
    record(
        "heritage",
        file=FILE,
        title="Heritage and protected areas near the sites",
        licence="Facts with their source, one row each",
        attribution="see source_title of each row",
        source_url="https://whc.unesco.org/en/list/1536",
        source_package="curated; each row with its source",
        source_version=fingerprint(TABLE),
        retrieved="2026-11-23",
        geometry_type="Polygon",
        changes="discs of the published area round the published centre, boxes, or the positions that an act gives",
        known_defects=["no surveyed outline is held: discs, boxes and given corners; not complete, ask the authority"],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
