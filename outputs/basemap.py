"""What lies under a locator map: sea, land, ice, borders, tracks, and the globe in a corner."""

import dataclasses
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path as Outline
from numpy.typing import NDArray

from geo import geodesy, terrain
from layers.catalog import verified_path
from outputs.locator import EARTH_KM, Floats, Sheet
from scoring.world import World

SEA, LAND, ICE, SHORE, BORDER = "#dbe7ee", "#f3efe4", "#ffffff", "#8b8570", "#b9b29d"
INK, MUTED, SITE, HERITAGE, TRACK = "#1d2730", "#5d6770", "#b3261e", "#2f7d4f", "#7a6a58"
DEPTH_COLUMNS = 90
DEPTHS_M = (-6500, -5000, -3500, -2000, -500)
DEPTH_COLOURS = ("#8aadc5", "#a1bed2", "#b7cede", "#cbdce7", "#dae6ee", "#e6eff4")
GLOBE_LAND = "#c9c2ab"
GLOBE_MM, GLOBE_DETAIL_DEG, GLOBE_LEAST_KM2 = 25.0, 0.4, 5000.0
AREAS: dict[str, dict[str, Any]] = {
    "ice": {"facecolor": ICE, "edgecolor": "#b7c7d2", "linewidth": 0.3},
    "heritage": {"facecolor": HERITAGE, "edgecolor": HERITAGE, "linewidth": 0.6, "alpha": 0.35},
    "eez": {"facecolor": "none", "edgecolor": "#0b5cad", "linewidth": 0.7, "linestyle": (0, (5, 3))},
}
LINES: dict[str, dict[str, Any]] = {
    "roads": {"edgecolor": TRACK, "linewidth": 0.9},
    "railways_curated": {"edgecolor": INK, "linewidth": 0.9, "linestyle": (0, (6, 1.5))},
}


def _outline(geometries: NDArray[np.object_]) -> Outline | None:
    """Return polygons and lines, in millimetres, as one compound path."""
    parts = shapely.get_parts(shapely.get_parts(geometries)) if len(geometries) else geometries
    rings = shapely.get_rings(parts)
    lines = parts[shapely.get_dimensions(parts) == 1]
    vertices, codes = [], []
    for part in (*rings, *lines):
        points = shapely.get_coordinates(part)
        code = np.full(len(points), Outline.LINETO, dtype=np.uint8)
        code[0] = Outline.MOVETO
        if part.geom_type == "LinearRing":
            code[-1] = Outline.CLOSEPOLY
        vertices.append(points.round(2))
        codes.append(code)
    return Outline(np.concatenate(vertices), np.concatenate(codes)) if vertices else None


def draw(axes: Axes, geometries: NDArray[np.object_], clip: Circle | None = None, **style: Any) -> None:
    """Draw polygons and lines, in millimetres, as one path in a style of matplotlib's patches."""
    outline = _outline(geometries)
    if outline is None:
        return
    patch = PathPatch(outline, joinstyle="round", **style)
    axes.add_artist(patch)
    if clip is not None:
        patch.set_clip_path(clip)


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


def depths(axes: Axes, sheet: Sheet) -> None:
    """Shade the sea by depth, darker where deeper."""
    x, y, height = sea_depth_m(sheet)
    axes.contourf(x, y, height, levels=DEPTHS_M, colors=DEPTH_COLOURS, extend="both", antialiased=False)


def base(axes: Axes, sheet: Sheet, world: World, *, at_sea: bool) -> tuple[str, ...]:
    """Draw sea (by depth when the site is at sea), land, ice, borders and tracks; return the keys of what is seen."""
    layers = world.infrastructure
    axes.add_artist(Rectangle((0, 0), sheet.width, sheet.height, facecolor=SEA, linewidth=0))
    seen = []
    if at_sea:
        seen.append("depth")
        depths(axes, sheet)
    draw(axes, sheet.cut(layers["landmasses"]), facecolor=LAND, edgecolor=SHORE, linewidth=0.35)
    for key, style in AREAS.items():
        shapes = sheet.cut(layers[key])
        if len(shapes):
            seen.append(key)
            draw(axes, shapes, **style)
    borders = world.indexes.get("borders of countries", lambda: _shared_borders(layers["countries"]))
    draw(axes, sheet.cut(borders), facecolor="none", edgecolor=BORDER, linewidth=0.5, linestyle=(0, (4, 1.5)))
    for key, style in LINES.items():
        lines = sheet.cut(layers[key])
        if len(lines):
            seen.append(key)
            draw(axes, lines, facecolor="none", **style)
    return tuple(seen)


def globe(axes: Axes, sheet: Sheet, world: World, corner: tuple[float, float]) -> None:
    """Draw the hemisphere round the site, its lower left at `corner`, with the map's window as a red frame."""
    ball = dataclasses.replace(
        sheet, radius_km=EARTH_KM, width=GLOBE_MM, height=GLOBE_MM, left=corner[0], bottom=corner[1], globe=True
    )
    middle = (corner[0] + GLOBE_MM / 2, corner[1] + GLOBE_MM / 2)
    disc = Circle(middle, GLOBE_MM / 2, facecolor=SEA, edgecolor=INK, linewidth=0.6)
    axes.add_artist(disc)
    land = world.indexes.get("land of the globe", lambda: _globe_land(world.infrastructure["landmasses"]))
    draw(axes, ball.cut(land), clip=disc, facecolor=GLOBE_LAND, edgecolor="none", linewidth=0)
    axes.add_artist(Circle(middle, GLOBE_MM / 2, facecolor="none", edgecolor=INK, linewidth=0.6))
    half = np.clip(np.array([sheet.width, sheet.height]) / sheet.mm_per_km / 2 / EARTH_KM * GLOBE_MM / 2, 0.5, None)
    axes.add_artist(
        Rectangle(
            (middle[0] - half[0], middle[1] - half[1]), *(2 * half), facecolor="none", edgecolor=SITE, linewidth=0.9
        )
    )
