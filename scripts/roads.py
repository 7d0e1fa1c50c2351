"""Make infrastructure/roads: schematic corridors through gazetteer points, kept by hand in road_corridors.csv."""

from pathlib import Path

import corridors
from catalogue import record
from frames import DATA, fingerprint, write

TABLE = DATA / "infrastructure" / "road_corridors.csv"
DATASETS = ("roads",)
INPUTS = (TABLE,)
FILE = "infrastructure/roads.parquet"


def build() -> None:
    """Write the road corridors and their catalogue entry."""
    written = write(corridors.lines(TABLE, "road"), FILE)
    record(
        "roads",
        file=FILE,
        title="Road corridors, schematic",
        licence="CC BY 4.0 (GeoNames points); public domain (OurAirports, NGA, Natural Earth points)",
        attribution="© GeoNames, CC BY 4.0; OurAirports; NGA World Port Index; Natural Earth",
        source_url="https://www.geonames.org/",
        source_package="curated from the shipped gazetteers",
        source_version=fingerprint(TABLE),
        retrieved="2026-11-23",
        geometry_type="LineString",
        changes="straight between towns, airstrips and harbours on the road; every point with its gazetteer",
        known_defects=[
            "schematic: 1-30 km off between points (accuracy_km); not a road map, no side roads",
            "all_season is judged by class: sealed highway yes, unsealed outback road no",
            "elsewhere than in Australia and Greenland only roads the junction network lacks or holds as one edge",
        ],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
