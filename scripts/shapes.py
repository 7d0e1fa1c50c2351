"""Polygons made lighter without breaking them: snapping to a binary grid, parts, simplifying."""

import geopandas
import numpy as np
import shapely
from pyproj import Geod

GEOD = Geod(ellps="WGS84")
WORLD = shapely.box(-180, -90, 180, 90)
GRID = 2.0**-14  # degrees, about 7 m; a power of two leaves the low bytes of each number empty, which packs well


def snapped(geometries: np.ndarray, grid: float = GRID) -> np.ndarray:
    """Return the geometries with every coordinate rounded to the grid; shared borders stay shared."""
    return np.asarray(shapely.transform(geometries, lambda xy: np.round(xy / grid) * grid))


def polygonal(geometries: np.ndarray) -> np.ndarray:
    """Return valid polygons or multipolygons; lines and points left over by the repair are dropped."""
    fixed = shapely.make_valid(geometries)
    mixed = ~np.isin(shapely.get_type_id(fixed), (3, 6))
    for position in np.flatnonzero(mixed):
        parts = shapely.get_parts(fixed[position])
        fixed[position] = shapely.union_all(parts[np.isin(shapely.get_type_id(parts), (3, 6))])
    return np.asarray(fixed)


def area_km2(geometry: shapely.Geometry) -> float:
    """Return the area on the WGS84 ellipsoid."""
    return abs(GEOD.geometry_area_perimeter(geometry)[0]) / 1e6


def areas_km2(frame: geopandas.GeoDataFrame) -> np.ndarray:
    """Return the ellipsoidal area of every row."""
    return np.array([area_km2(geometry) for geometry in frame.geometry])


def _unwrapped(ring: np.ndarray) -> np.ndarray:
    """Return a ring with longitudes that run on past 180; a ring round a pole is closed along the pole."""
    lon = np.unwrap(ring[:, 0], period=360.0)
    rings = np.column_stack([lon, ring[:, 1]])
    if abs(lon[-1] - lon[0]) > 180:
        pole = np.copysign(90.0, ring[:, 1].mean())
        rings = np.vstack([rings, [[lon[-1], pole], [lon[0], pole]]])
    return rings


def cut_at_180(geometry: shapely.Geometry) -> shapely.Geometry:
    """Return polygons whose rings jump across the antimeridian as polygons that end there (RFC 7946, 3.1.9)."""
    parts = []
    for part in shapely.get_parts(geometry):
        rings = [np.asarray(ring.coords) for ring in (part.exterior, *part.interiors) if len(ring.coords) > 3]
        if all(np.abs(np.diff(ring[:, 0])).max() <= 180 for ring in rings):
            parts.append(part)
            continue
        faces = [shapely.make_valid(shapely.Polygon(_unwrapped(ring))) for ring in rings]
        whole = [[_moved(face, turns) for turns in (-1, 0, 1)] for face in faces]
        shell, *holes = (shapely.union_all([shapely.intersection(face, WORLD) for face in turned]) for turned in whole)
        cut = shapely.difference(shell, shapely.union_all(holes)) if holes else shell
        parts.extend(part for part in shapely.get_parts(cut) if part.geom_type == "Polygon")
    return shapely.multipolygons(parts)


def _moved(geometry: shapely.Geometry, turns: int) -> shapely.Geometry:
    return shapely.transform(geometry, lambda xy: xy + np.array([360.0 * turns, 0.0]))
