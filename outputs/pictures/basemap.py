"""What lies under a locator map: sea, land, ice, borders, tracks, and the globe in a corner."""

import dataclasses

import geopandas as gpd
import numpy as np
import shapely
from contourpy import FillType, contour_generator
from numpy.typing import NDArray

from oreway.arrays import Floats
from oreway.geo import geodesy, terrain
from oreway.layers.catalog import verified_path
from oreway.outputs.pictures.locator import EARTH_KM, Sheet
from oreway.outputs.pictures.vector_canvas import INK, Look, Pen
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World

SEA, LAND, ICE, SHORE, BORDER = "#dbe7ee", "#f3efe4", "#ffffff", "#8b8570", "#b9b29d"
MUTED, SITE, HERITAGE, TRACK = "#5d6770", "#b3261e", "#2f7d4f", "#7a6a58"
DEPTH_COLUMNS = 90
DEEPEST_M, DEPTHS_M = -12000, (-6500, -5000, -3500, -2000, -500)
DEPTH_COLOURS = ("#8aadc5", "#a1bed2", "#b7cede", "#cbdce7", "#dae6ee", "#e6eff4")
GLOBE_LAND = "#c9c2ab"
GLOBE_MM, GLOBE_DETAIL_DEG, GLOBE_LEAST_KM2 = 25.0, 0.4, 5000.0
GROUND = Look(fill=LAND, edge=SHORE, width=0.35)
BORDERS = Look(edge=BORDER, width=0.5, dashes=(4, 1.5))
AREAS = {
    "ice": Look(fill=ICE, edge="#b7c7d2", width=0.3),
    "heritage": Look(fill=HERITAGE, edge=HERITAGE, width=0.6, opacity=0.35),
    "eez": Look(edge="#0b5cad", width=0.7, dashes=(5, 3)),
}
LINES = {"roads": Look(edge=TRACK, width=0.9), "railways_curated": Look(edge=INK, width=0.9, dashes=(6, 1.5))}


def _shared_borders(countries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the lines along which two countries meet: the segments that stand in two outlines."""
    rings = shapely.get_rings(shapely.get_parts(countries.geometry.to_numpy()))
    points, ring = shapely.get_coordinates(rings, return_index=True)
    start, end = points[:-1], points[1:]
    within = ring[:-1] == ring[1:]
    start, end = start[within], end[within]
    swap = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    segments = np.where(swap[:, None], np.hstack((end, start)), np.hstack((start, end)))
    unique, count = np.unique(segments, axis=0, return_counts=True)
    unique = unique[(count > 1) & (np.abs(unique[:, 0]) < 179.999)]
    lines = shapely.line_merge(shapely.multilinestrings(unique.reshape(-1, 2, 2)))
    return gpd.GeoDataFrame(geometry=shapely.get_parts(lines), crs="EPSG:4326")


def _globe_land(landmasses: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    large = landmasses[landmasses["area_km2"] > GLOBE_LEAST_KM2]
    shapes = shapely.make_valid(shapely.simplify(large.geometry.to_numpy(), GLOBE_DETAIL_DEG))
    return gpd.GeoDataFrame(geometry=shapes, crs="EPSG:4326")


@kept("countries")
def borders(world: World) -> gpd.GeoDataFrame:
    """Return the lines along which countries meet."""
    return _shared_borders(world.infrastructure["countries"])


@kept("landmasses")
def _land(world: World) -> gpd.GeoDataFrame:
    return _globe_land(world.infrastructure["landmasses"])


def sea_depth_m(sheet: Sheet) -> tuple[Floats, Floats, Floats]:
    """Return x, y in millimetres of a grid over the sheet and the height of the ground there, negative at sea."""
    x = np.linspace(0, sheet.width, DEPTH_COLUMNS)
    y = np.linspace(0, sheet.height, round(DEPTH_COLUMNS * sheet.height / sheet.width))
    east, north = np.meshgrid((x - sheet.width / 2) / sheet.mm_per_km, (y - sheet.height / 2) / sheet.mm_per_km)
    azimuth = np.degrees(np.arctan2(east, north))
    lon, lat = geodesy.destination(
        np.full(east.shape, sheet.lon), np.full(east.shape, sheet.lat), azimuth, np.hypot(east, north)
    )
    height = terrain.sample(verified_path("relief_nw_pacific"), lon, lat)
    unknown = np.isnan(height)
    if unknown.any():
        height[unknown] = terrain.sample(verified_path("relief_world"), lon[unknown], lat[unknown])
    return x, y, height


def depths(pen: Pen, sheet: Sheet) -> None:
    """Shade the sea by depth, darker where deeper: each deeper part is laid over the shallower one."""
    x, y, height = sea_depth_m(sheet)
    sea = contour_generator(x, y, np.ma.masked_invalid(height), fill_type=FillType.OuterOffset)
    pen.rectangle(0, 0, sheet.width, sheet.height, Look(fill=DEPTH_COLOURS[-1]))
    for level, colour in zip(reversed(DEPTHS_M), reversed(DEPTH_COLOURS[:-1]), strict=True):
        parts = [_rings(points, starts) for points, starts in zip(*sea.filled(DEEPEST_M, level), strict=True)]
        if parts:
            pen.outline(np.concatenate(parts), Look(fill=colour))


def _rings(points: Floats, starts: NDArray[np.uint32]) -> NDArray[np.object_]:
    """Return the outer ring of an area and its holes; `starts` says where each begins among the points, and the end."""
    ring = np.searchsorted(starts, np.arange(len(points)), side="right") - 1
    return np.asarray(shapely.linearrings(points, indices=ring))


def base(pen: Pen, sheet: Sheet, world: World, *, at_sea: bool) -> tuple[str, ...]:
    """Draw sea (by depth when the site is at sea), land, ice, borders and tracks; return the keys of what is seen."""
    layers = world.infrastructure
    pen.rectangle(0, 0, sheet.width, sheet.height, Look(fill=SEA))
    seen = []
    if at_sea:
        seen.append("depth")
        depths(pen, sheet)
    pen.shapes(sheet.cut(layers["landmasses"]), GROUND)
    for key, look in AREAS.items():
        shapes = sheet.cut(layers[key])
        if len(shapes):
            seen.append(key)
            pen.shapes(shapes, look)
    pen.shapes(sheet.cut(borders(world)), BORDERS)
    for key, look in LINES.items():
        lines = sheet.cut(layers[key])
        if len(lines):
            seen.append(key)
            pen.shapes(lines, look)
    return tuple(seen)


def globe(pen: Pen, sheet: Sheet, world: World, corner: tuple[float, float]) -> None:
    """Draw the hemisphere round the site, its lower left at `corner`, with the map's window as a red frame."""
    ball = dataclasses.replace(
        sheet, radius_km=EARTH_KM, width=GLOBE_MM, height=GLOBE_MM, left=corner[0], bottom=corner[1], globe=True
    )
    middle = (corner[0] + GLOBE_MM / 2, corner[1] + GLOBE_MM / 2)
    pen.circle(*middle, GLOBE_MM / 2, Look(fill=SEA))
    land = _land(world)
    pen.shapes(ball.cut(land), Look(fill=GLOBE_LAND))
    pen.circle(*middle, GLOBE_MM / 2, Look(edge=INK, width=0.6))
    half = np.clip(np.array([sheet.width, sheet.height]) / sheet.mm_per_km / 2 / EARTH_KM * GLOBE_MM / 2, 0.5, None)
    wide, high = (float(side) for side in half)
    pen.rectangle(middle[0] - wide, middle[1] - high, 2 * wide, 2 * high, Look(edge=SITE, width=0.9))
