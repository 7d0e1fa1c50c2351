"""Make infrastructure/railways_curated: railways that the junction network lacks, kept in railway_corridors.csv."""

from pathlib import Path

import corridors
from catalogue import record
from frames import DATA, fingerprint, write

TABLE = DATA / "infrastructure" / "railway_corridors.csv"
DATASETS = ("railways_curated",)
INPUTS = (TABLE,)
FILE = "infrastructure/railways_curated.parquet"


def build() -> None:
    """Write the railway corridors and their catalogue entry."""
    written = write(corridors.lines(TABLE, "railway"), FILE)
    record(
        "railways_curated",
        file=FILE,
        title="Railways missing from the junction network, schematic",
        licence="CC BY 4.0 (GeoNames points); public domain (OurAirports points)",
        attribution="© GeoNames, CC BY 4.0; OurAirports",
        source_url="https://www.geonames.org/",
        source_package="curated from the shipped gazetteers",
        source_version=fingerprint(TABLE),
        retrieved="2026-11-23",
        geometry_type="LineString",
        changes="straight between towns on the line",
        known_defects=["schematic: 3 km off between towns, 15 km between Baotou and Bayan Obo"],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
