"""Make infrastructure/power from the hand-kept table power.csv: plants, substations and schematic lines."""

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely
from catalogue import record
from frames import DATA, fingerprint, overrides, write

TABLE = DATA / "infrastructure" / "power.csv"
DATASETS = ("power",)
INPUTS = (TABLE,)
FILE = "infrastructure/power.parquet"
NUMBERS = ("capacity_mw", "voltage_kv", "accuracy_km")


def build() -> None:
    """Write the power table and its catalogue entry."""
    table = overrides(TABLE)
    for column in NUMBERS:
        table[column] = pd.to_numeric(table[column])
    points = shapely.points(pd.to_numeric(table["lon"]), pd.to_numeric(table["lat"]))
    lines = np.array([shapely.from_wkt(text) if text else None for text in table["geometry"]], dtype=object)
    text = table.drop(columns=["lon", "lat", "geometry", *NUMBERS])
    text = text.mask(text == "", None)
    frame = geopandas.GeoDataFrame(
        pd.concat([text, table[list(NUMBERS)]], axis=1),
        geometry=np.where(shapely.is_missing(lines), points, lines),
        crs="EPSG:4326",
    )
    written = write(frame, FILE)
    record(
        "power",
        file=FILE,
        title="Power plants, substations and lines near the sites",
        licence="CC BY 4.0 (WRI plants); facts with their source (other rows)",
        attribution="Global Energy Observatory, WRI and others: Global Power Plant Database v1.3.0, CC BY 4.0",
        source_url="https://datasets.wri.org/dataset/globalpowerplantdatabase",
        source_package="curated; each row with its source",
        source_version=fingerprint(TABLE),
        retrieved="2026-11-23",
        geometry_type="Point and LineString",
        changes="facts read one by one: Greenland; in Australia the two nearest to each project; lines straight",
        known_defects=[
            "not complete: no row nearby does not mean no power nearby",
            "status listed = in the source of 2021, not checked since; plants close and open",
            "mine plants feed their mine alone; only few substations and no Australian lines",
            "some positions are those of the town supplied: see accuracy_km and note",
        ],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
