"""Make context/ice: glaciers and ice caps as drawn by Natural Earth 1:50m and by Micro World Data Bank II."""

import struct
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely
from catalogue import DATA, record
from frames import write
from packages import Package
from shapes import cut_at_180, polygonal

SOURCE = Package(registry="Debian", name="marble-qt-data", version="4:22.12.3-1")
DATASETS = ("ice",)
FILE = "context/ice.parquet"
FOLDER = "usr/share/marble/data"
HALF_MINUTE = 1 / 120  # degrees, the grid of the .pn2 files
MINUTE = 1 / 60  # degrees, the grid of the .PNT files
OUTER, INNER = 2, 3  # what a ring is, in the .pn2 files
# Compared at six South Greenland places with Natural Earth 1:10m, which no registry package holds
NE50M_KM, MWDB_KM = 25.0, 15.0
SOUTH = shapely.box(-56, 59, -30, 68)  # north of 68 N the Data Bank draws far too much ice


def pn2_polygons(data: bytes) -> dict[int, shapely.Geometry]:
    """Read Marble's .pn2 version 2: rings of absolute nodes, each followed by nodes relative to it.

    Raises:
        ValueError: the file is of another version, or does not end where its last ring ends.
    """
    version, count, coloured = struct.unpack_from(">BIB", data, 0)
    if version != 2 or coloured:
        raise ValueError(f"pn2 version {version}, coloured {coloured}; this reads version 2 without colours")
    offset = 6
    shells: dict[int, list[tuple[float, float]]] = {}
    holes: dict[int, list[list[tuple[float, float]]]] = {}
    for _ in range(count):
        kind, number, nodes = struct.unpack_from(">BII", data, offset)
        offset += 9
        ring = []
        for _ in range(nodes):
            lat, lon, children = struct.unpack_from(">hhH", data, offset)
            offset += 6
            steps = struct.unpack_from(f">{2 * children}b", data, offset)
            offset += 2 * children
            ring.append((lon, lat))
            ring += [
                (lon + step_lon, lat + step_lat) for step_lat, step_lon in zip(steps[::2], steps[1::2], strict=True)
            ]
        ring = [(lon * HALF_MINUTE, lat * HALF_MINUTE) for lon, lat in ring]
        if kind == INNER:
            holes.setdefault(number, []).append(ring)
        else:
            shells[number] = ring
    if offset != len(data):
        raise ValueError(f"pn2: {len(data) - offset} bytes left over; the format has changed")
    return {number: shapely.Polygon(ring, holes.get(number, [])) for number, ring in shells.items()}


def pnt_polygons(data: bytes) -> dict[int, shapely.Geometry]:
    """Read Marble's .PNT: triples header, latitude, longitude; a header over 5 begins a ring."""
    triples = np.frombuffer(data, dtype="<i2").reshape(-1, 3)
    starts = np.flatnonzero(triples[:, 0] > 5)
    polygons = {}
    for ring in np.split(triples, starts[1:]):
        if len(ring) > 3:
            polygons[int(ring[0, 0])] = shapely.Polygon(ring[:, [2, 1]] * MINUTE)
    return polygons


def _frame(polygons: dict[int, shapely.Geometry], source: str, accuracy_km: float) -> geopandas.GeoDataFrame:
    geometry = polygonal(np.array([cut_at_180(polygon) for polygon in polygons.values()]))
    ids = [f"ice-{source}-{number}" for number in polygons]
    frame = geopandas.GeoDataFrame({"feature_id": ids, "source": source}, geometry=geometry, crs="EPSG:4326")
    return frame.assign(accuracy_km=accuracy_km)


def _on_land(frame: geopandas.GeoDataFrame) -> geopandas.GeoDataFrame:
    land = geopandas.read_parquet(DATA / "infrastructure" / "landmasses.parquet")
    land = land[land.intersects(SOUTH)]
    area = shapely.union_all(shapely.intersection(land.geometry.to_numpy(), SOUTH))
    clipped = frame.copy()
    clipped["geometry"] = polygonal(shapely.intersection(frame.geometry.to_numpy(), area))
    return clipped[~clipped.geometry.is_empty]


def build() -> None:
    """Write the ice and its catalogue entry."""
    folder = SOURCE.folder() / FOLDER
    ne50m = pn2_polygons((folder / "naturalearth/ne_50m_glaciated_areas.pn2").read_bytes())
    mwdb = pnt_polygons((folder / "mwdbii/PGLACIER.PNT").read_bytes())
    frame = pd.concat([_frame(ne50m, "ne50m", NE50M_KM), _on_land(_frame(mwdb, "mwdb", MWDB_KM))], ignore_index=True)
    frame = frame[~frame.geometry.is_empty]
    written = write(frame.assign(as_of="undated; before 2010"), FILE)
    record(
        "ice",
        file=FILE,
        title="Glaciers and ice caps, two drawings",
        licence="Public domain (Natural Earth; Micro World Data Bank II)",
        attribution="Made with Natural Earth; Micro World Data Bank II, F. Pospeschil and A. Rivera",
        source_url="https://www.naturalearthdata.com/",
        source_package=SOURCE.label,
        source_version=SOURCE.version,
        retrieved="2022-12",
        geometry_type="MultiPolygon",
        changes="read from Marble's .pn2 and .PNT files and repaired; the Data Bank clipped to Greenland's land south "
        "of 68 N; Natural Earth whole",
        known_defects=[
            "ne50m misses the ice at the heads of the southern fjords: 10-30 km too far (Narsarsuaq 35 for 8.5 km)",
            "mwdb draws up to 14 km too much ice; give the two as a range",
            "grids of half a minute and one minute; undated, glacier fronts have moved since",
        ],
        rows=len(written),
        script=Path(__file__),
    )


if __name__ == "__main__":
    build()
