"""The pictures of the report: the locator map of a site, as vector SVG whose text stays text."""

import dataclasses
import io
import math
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch, Polygon, Rectangle
from matplotlib.path import Path as Outline
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import geodesy
from outputs.fonts import FAMILIES, MM_PER_PT, printable, register, text_width_mm
from outputs.locator import EARTH_KM, Floats, Label, Placed, Sheet, count_within, place_labels
from outputs.wording import Language, class_label, km, label, number
from scoring.dossier import Dossier
from scoring.world import World

WIDTH_MM, HEIGHT_MM, GLOBE_MM, SCALE_MM = 116.0, 98.0, 25.0, (31.0, 8.0)
LABEL_PT, SMALL_PT = 6.6, 5.6
SEA, LAND, ICE, SHORE, BORDER = "#dbe7ee", "#f3efe4", "#ffffff", "#8b8570", "#b9b29d"
INK, MUTED, SITE, HERITAGE, TRACK = "#1d2730", "#5d6770", "#b3261e", "#2f7d4f", "#7a6a58"
MARKS = {
    "port": ("s", "#0b5cad"),
    "deep_water_port": ("D", "#0b5cad"),
    "airfield": ("^", "#7b3fa0"),
    "town": ("o", "#3d3d3d"),
    "road": ("_", "#7a6a58"),
    "rail": ("P", "#8a4b08"),
    "power": ("X", "#b07c00"),
    "refinery": ("h", "#00695c"),
}
GLOBE_LAND = "#c9c2ab"
GLOBE_DETAIL_DEG, GLOBE_LEAST_KM2 = 0.4, 5000.0
LINE_SPACING, CONTEXT_PLACES, CONTEXT_APART_MM = 1.18, 9, 7.0
WIDEST_LABEL_MM = 48.0
AREAS: dict[str, dict[str, Any]] = {
    "ice": {"facecolor": ICE, "edgecolor": "#b7c7d2", "linewidth": 0.3},
    "heritage": {"facecolor": HERITAGE, "edgecolor": HERITAGE, "linewidth": 0.6, "alpha": 0.35},
    "eez": {"facecolor": "none", "edgecolor": "#0b5cad", "linewidth": 0.7, "linestyle": (0, (5, 3))},
}
LINES: dict[str, dict[str, Any]] = {
    "roads": {"edgecolor": TRACK, "linewidth": 0.9},
    "railways_curated": {"edgecolor": INK, "linewidth": 0.9, "linestyle": (0, (6, 1.5))},
}
LARGEST_KM, FAR_FACTOR = 3500.0, 4.0
SMALLEST_KM = {"arctic": 20.0, "outback": 150.0, "temperate": 100.0, "seabed": 620.0}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Target:
    """A place that one or more classes of infrastructure are nearest at."""

    name: str
    classes: tuple[str, ...]
    distance_km: float
    azimuth_deg: float


def targets(dossier: Dossier) -> list[Target]:
    """Return the nearest features of a dossier that exist, nearest first; a place with several uses stands once."""
    rows = dossier.nearest[dossier.nearest["feature_id"] != dossier.site.get("site_id")]
    present = rows[(rows["nil"] == "") & rows["distance_km"].notna() & rows["class"].isin(list(MARKS))]
    found: list[Target] = []
    for row in present.sort_values(["distance_km", "class"], kind="stable").to_dict("records"):
        name, distance, azimuth = str(row["name"] or ""), float(row["distance_km"]), float(row["azimuth_deg"])
        same = next((t for t in found if t.name == name and abs(t.distance_km - distance) < 0.02 * distance + 1), None)
        if same is None:
            found.append(Target(name=name, classes=(str(row["class"]),), distance_km=distance, azimuth_deg=azimuth))
        else:
            found[found.index(same)] = dataclasses.replace(same, classes=(*same.classes, str(row["class"])))
    return found


def window_km(places: list[Target], extent_km: float, setting: str) -> float:
    """Return the distance from the centre to the map's edge: room for the near places, not for the farthest."""
    smallest = SMALLEST_KM.get(setting, SMALLEST_KM["temperate"])
    reach = max(0.8 * smallest, 1.6 * extent_km)
    for distance in sorted(place.distance_km for place in places if "refinery" not in place.classes):
        if distance <= FAR_FACTOR * max(reach, extent_km):
            reach = max(reach, distance)
    return min(1.25 * reach, LARGEST_KM)


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


def _draw(axes: Axes, geometries: NDArray[np.object_], clip: Circle | None = None, **style: Any) -> None:
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


def _base(axes: Axes, sheet: Sheet, world: World) -> tuple[str, ...]:
    """Draw sea, land, ice, borders and tracks; return the keys of the area layers that can be seen."""
    layers = world.infrastructure
    axes.add_artist(Rectangle((0, 0), WIDTH_MM, HEIGHT_MM, facecolor=SEA, linewidth=0))
    _draw(axes, sheet.cut(layers["landmasses"]), facecolor=LAND, edgecolor=SHORE, linewidth=0.35)
    seen = []
    for key, style in AREAS.items():
        shapes = sheet.cut(layers[key])
        if len(shapes):
            seen.append(key)
            _draw(axes, shapes, **style)
    borders = world.indexes.get("borders of countries", lambda: _shared_borders(layers["countries"]))
    _draw(axes, sheet.cut(borders), facecolor="none", edgecolor=BORDER, linewidth=0.5, linestyle=(0, (4, 1.5)))
    for key, style in LINES.items():
        lines = sheet.cut(layers[key])
        if len(lines):
            seen.append(key)
            _draw(axes, lines, facecolor="none", **style)
    return tuple(seen)


def _globe(axes: Axes, sheet: Sheet, world: World, corner: tuple[float, float]) -> None:
    globe = dataclasses.replace(
        sheet, radius_km=EARTH_KM, width=GLOBE_MM, height=GLOBE_MM, left=corner[0], bottom=corner[1], globe=True
    )
    middle = (corner[0] + GLOBE_MM / 2, corner[1] + GLOBE_MM / 2)
    disc = Circle(middle, GLOBE_MM / 2, facecolor=SEA, edgecolor=INK, linewidth=0.6)
    axes.add_artist(disc)
    land = world.indexes.get("land of the globe", lambda: _globe_land(world.infrastructure["landmasses"]))
    _draw(axes, globe.cut(land), clip=disc, facecolor=GLOBE_LAND, edgecolor="none", linewidth=0)
    axes.add_artist(Circle(middle, GLOBE_MM / 2, facecolor="none", edgecolor=INK, linewidth=0.6))
    half = np.clip(np.array([sheet.width, sheet.height]) / sheet.mm_per_km / 2 / EARTH_KM * GLOBE_MM / 2, 0.5, None)
    axes.add_artist(
        Rectangle(
            (middle[0] - half[0], middle[1] - half[1]), *(2 * half), facecolor="none", edgecolor=SITE, linewidth=0.9
        )
    )


def _inside(points: Floats) -> NDArray[np.bool_]:
    edge = 1.5
    x, y = points[:, 0], points[:, 1]
    return (x > edge) & (x < WIDTH_MM - edge) & (y > edge) & (y < HEIGHT_MM - edge)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Shown:
    """A target on the sheet: where it is drawn, or where its line leaves the map."""

    target: Target
    x: float
    y: float
    inside: bool
    away: tuple[float, float]


def _shown(sheet: Sheet, places: list[Target]) -> list[_Shown]:
    found = []
    for place in places:
        point = sheet.place(np.array([place.distance_km]), np.array([place.azimuth_deg]))
        inside = bool(_inside(point)[0])
        angle = math.radians(place.azimuth_deg)
        away = (math.sin(angle), math.cos(angle))
        room = min((WIDTH_MM / 2 - 2.5) / max(abs(away[0]), 1e-9), (HEIGHT_MM / 2 - 2.5) / max(abs(away[1]), 1e-9))
        edge = (WIDTH_MM / 2 + room * away[0], HEIGHT_MM / 2 + room * away[1])
        x, y = (float(point[0, 0]), float(point[0, 1])) if inside else edge
        found.append(_Shown(target=place, x=x, y=y, inside=inside, away=away))
    return found


def _spokes(axes: Axes, shown: list[_Shown]) -> Floats:
    """Draw a line from the site to every target; return points along the lines."""
    centre = np.array([WIDTH_MM / 2, HEIGHT_MM / 2])
    points = [np.empty((0, 2))]
    for item in shown:
        end = np.array([item.x, item.y])
        steps = np.linspace(0, 1, max(2, int(np.linalg.norm(end - centre) / 0.8)))
        points.append(centre + steps[:, None] * (end - centre))
        axes.plot(*np.column_stack((centre, end)), color=INK, linewidth=0.45, alpha=0.75, solid_capstyle="round")
    for item in shown:
        marker, colour = MARKS[item.target.classes[0]]
        if item.inside:
            axes.plot(
                item.x, item.y, marker, color=colour, markersize=4.2, markeredgecolor="white", markeredgewidth=0.5
            )
        else:
            arrow = {"arrowstyle": "-|>", "color": colour, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 0}
            tail = (item.x - 3 * item.away[0], item.y - 3 * item.away[1])
            axes.annotate("", (item.x, item.y), tail, arrowprops=arrow)
    return np.concatenate(points)


def _shortened(text: str, size: float) -> str:
    """Return the text cut to the widest label there is room for, with an ellipsis where it was cut."""
    if text_width_mm(text, size) <= WIDEST_LABEL_MM:
        return text
    longest = next(n for n in range(len(text) - 1, -1, -1) if text_width_mm(f"{text[:n]}…", size) <= WIDEST_LABEL_MM)
    return f"{text[:longest].rstrip()}…"


def _label(text: str, x: float, y: float, away: tuple[float, float], size: float, *, optional: bool = False) -> Label:
    lines = [_shortened(line, size) for line in printable(text).split("\n")]
    text, width = "\n".join(lines), max(text_width_mm(line, size) for line in lines)
    height = LINE_SPACING * len(lines) * size * MM_PER_PT
    return Label(text=text, x=x, y=y, width=width + 0.8, height=height + 0.4, away=away, optional=optional)


def _target_label(item: _Shown, lang: Language) -> Label:
    uses = ", ".join(class_label(use, lang, short=True) for use in item.target.classes)
    name = item.target.name or uses
    detail = f"{uses} · {km(item.target.distance_km, lang)}" if item.target.name else km(item.target.distance_km, lang)
    return _label(f"{name}\n{detail}", item.x, item.y, item.away, LABEL_PT)


def _context_labels(sheet: Sheet, world: World, named: set[str]) -> list[Label]:
    """Return labels of the largest towns and named places of the window, larger ones first."""
    found: list[tuple[float, str, float, float]] = []
    for key in ("towns", "places"):
        frame = world.infrastructure[key]
        hits = frame.iloc[frame.sindex.query(sheet.reach(), predicate="intersects")]
        hits = hits[hits["name"].notna() & ~hits["name"].isin(named)]
        if hits.empty:
            continue
        size = hits["population"].astype(float).fillna(0).to_numpy() if "population" in hits else np.zeros(len(hits))
        largest = np.argsort(-size, kind="stable")[: 5 * CONTEXT_PLACES]
        points = sheet.project(hits.geometry.to_numpy()[largest])
        mm = shapely.get_coordinates(points)
        found += [
            (-size[i], str(hits["name"].iloc[i]), *mm[n]) for n, i in enumerate(largest) if _inside(mm[n : n + 1])[0]
        ]
    labels: list[Label] = []
    for _, name, x, y in sorted(found):
        apart = all(math.hypot(x - other.x, y - other.y) > CONTEXT_APART_MM for other in labels)
        if apart and len(labels) < CONTEXT_PLACES and all(name != other.text for other in labels):
            labels.append(_label(name, x, y, (1.0, 0.0), SMALL_PT, optional=True))
    return labels


def _write(axes: Axes, placed: list[Placed]) -> None:
    for item in placed:
        small = item.label.optional
        if small:
            axes.plot(item.label.x, item.label.y, "o", color=MUTED, markersize=1.6, markeredgewidth=0)
        if item.leader and not small:
            near = (
                min(max(item.label.x, item.x), item.x + item.label.width),
                min(max(item.label.y, item.y), item.y + item.label.height),
            )
            axes.plot([item.label.x, near[0]], [item.label.y, near[1]], color=MUTED, linewidth=0.3)
        axes.add_artist(
            Rectangle(
                (item.x, item.y), item.label.width, item.label.height, facecolor="white", alpha=0.25 if small else 0.72,
                linewidth=0, zorder=4,
            )
        )  # fmt: skip
        size = SMALL_PT if small else LABEL_PT
        lines = item.label.text.split("\n")
        for number_of_line, line in enumerate(lines):
            y = item.y + item.label.height - 0.2 - (number_of_line + 0.8) * LINE_SPACING * size * MM_PER_PT
            bold = number_of_line == 0 and not small
            _text(axes, item.x + 0.4, y, line, size, bold=bold, colour=MUTED if small else INK)


def _text(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    bold: bool = False,
    colour: str = INK,
    align: str = "left",
) -> None:
    axes.text(
        x, y, text.replace("$", "\\$"), fontsize=size, family=FAMILIES, weight="bold" if bold else "normal",
        color=colour, ha=align, va="baseline", zorder=5,
    )  # fmt: skip


def _scale_bar(axes: Axes, sheet: Sheet, left: float, bottom: float, lang: Language) -> None:
    """Draw a bar of a round length, with the direction of north at the site beside it."""
    ideal = 22 / sheet.mm_per_km
    step = 10 ** math.floor(math.log10(ideal))
    length = max(step * factor for factor in (1, 2, 5) if step * factor <= ideal)
    mm = length * sheet.mm_per_km
    axes.add_artist(Rectangle((left, bottom), *SCALE_MM, facecolor="white", alpha=0.75, linewidth=0))
    x, y = left + 3, bottom + 1
    axes.add_artist(Polygon([(x, y + 4), (x - 1.3, y), (x, y + 0.9), (x + 1.3, y)], facecolor=INK, linewidth=0))
    _text(axes, x, y + 4.4, label("north", lang), SMALL_PT, bold=True, align="center")
    x, y = left + 7, bottom + 1.8
    for part, colour in ((0, INK), (1, "white")):
        axes.add_artist(Rectangle((x + part * mm / 2, y), mm / 2, 1, facecolor=colour, edgecolor=INK, linewidth=0.4))
    _text(axes, x + mm / 2, y + 2.1, f"{number(length, 0 if length >= 1 else 1, lang)} km", LABEL_PT, align="center")


def _free_corners(
    shown: list[_Shown], spokes: Floats, sizes: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return the lower left of the emptiest corner for boxes of these sizes, each in a corner of its own."""
    points = np.array([[item.x, item.y] for item in shown]).reshape(-1, 2)
    free, found = [(0, 1), (1, 0), (0, 0), (1, 1)], []
    for width, height in sizes:
        crowds = []
        for corner in free:
            left = 1.5 + corner[0] * (WIDTH_MM - width - 3)
            bottom = 1.5 + corner[1] * (HEIGHT_MM - height - 3)
            box = (left - 2, bottom - 2, left + width + 2, bottom + height + 2)
            crowds.append((30 * count_within(points, box) + count_within(spokes, box), (left, bottom), corner))
        _, place, corner = min(crowds, key=lambda crowd: crowd[0])
        free.remove(corner)
        found.append(place)
    return found


def _site(axes: Axes, sheet: Sheet, dossier: Dossier) -> None:
    outline = _site_outline(dossier)
    if outline is not None:
        shape = sheet.project(np.array([outline], dtype=object))
        _draw(axes, shape, facecolor=SITE, edgecolor=SITE, linewidth=0.9, alpha=0.28)
    centre = (WIDTH_MM / 2, HEIGHT_MM / 2)
    accuracy = _accuracy_km(dossier) * sheet.mm_per_km
    if accuracy > 0.8:
        axes.add_artist(
            Circle(centre, accuracy, facecolor="none", edgecolor=SITE, linewidth=0.7, linestyle=(0, (3, 2)))
        )
    axes.plot(*centre, "*", color=SITE, markersize=8, markeredgecolor="white", markeredgewidth=0.6, zorder=3)


def _accuracy_km(dossier: Dossier) -> float:
    return float(str(dossier.site.get("position_accuracy_km") or 0))


def _site_outline(dossier: Dossier) -> BaseGeometry | None:
    geometry = dossier.site.get("geometry")
    if isinstance(geometry, BaseGeometry) and shapely.get_dimensions(geometry) > 0:
        return geometry
    return None


def _extent_km(dossier: Dossier, lon: float, lat: float) -> float:
    """Return how far the site itself, or the doubt about its place, reaches."""
    outline = _site_outline(dossier)
    if outline is None:
        return _accuracy_km(dossier)
    points = shapely.get_coordinates(outline)
    return max(_accuracy_km(dossier), float(geodesy.distance_km(lon, lat, points[:, 0], points[:, 1]).max()))


def _sheet(dossier: Dossier, places: list[Target]) -> Sheet:
    lon, lat = float(str(dossier.site["lon"])), float(str(dossier.site["lat"]))
    radius = window_km(places, _extent_km(dossier, lon, lat), str(dossier.site.get("setting", "")))
    return Sheet(lon=lon, lat=lat, radius_km=radius, width=WIDTH_MM, height=HEIGHT_MM)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Locator:
    """A locator map: the SVG, the distance from its centre to its right edge, and which area layers can be seen."""

    svg: str
    radius_km: float
    seen: tuple[str, ...]


def locator_svg(dossier: Dossier, world: World, lang: Language = "en") -> str:
    """Return the locator map as SVG."""
    return locator(dossier, world, lang).svg


def locator(dossier: Dossier, world: World, lang: Language = "en") -> Locator:
    """Return a map centred on the site: land, ice, borders, the nearest infrastructure with lines and labels.

    The projection is azimuthal equidistant on the ellipsoid, so lines from the site are straight and true to scale,
    by the pole and on the antimeridian too. What lies beyond the map is shown by an arrow at its edge.
    """
    register()
    places = targets(dossier)
    sheet = _sheet(dossier, places)
    figure = Figure(figsize=(WIDTH_MM / 25.4, HEIGHT_MM / 25.4))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH_MM), ylim=(0, HEIGHT_MM))
    axes.set_axis_off()
    axes.set_autoscale_on(False)
    seen = _base(axes, sheet, world)
    shown = _shown(sheet, places)
    spokes = _spokes(axes, shown)
    _site(axes, sheet, dossier)
    globe, scale = _free_corners(shown, spokes, ((GLOBE_MM, GLOBE_MM), SCALE_MM))
    _globe(axes, sheet, world, globe)
    _scale_bar(axes, sheet, *scale, lang)
    name = str(dossier.site["name"])
    labels = [_label(name, WIDTH_MM / 2, HEIGHT_MM / 2, (0.7, -0.7), LABEL_PT)]
    labels += [_target_label(item, lang) for item in shown]
    labels += _context_labels(sheet, world, {name, *(item.target.name for item in shown)})
    taken = [(item.x - 1, item.y - 1, item.x + 1, item.y + 1) for item in shown]
    taken += [
        (WIDTH_MM / 2 - 1.5, HEIGHT_MM / 2 - 1.5, WIDTH_MM / 2 + 1.5, HEIGHT_MM / 2 + 1.5),
        (globe[0], globe[1], globe[0] + GLOBE_MM, globe[1] + GLOBE_MM),
        (scale[0], scale[1], scale[0] + SCALE_MM[0], scale[1] + SCALE_MM[1]),
    ]
    _write(axes, place_labels(labels, (1, 1, WIDTH_MM - 1, HEIGHT_MM - 1), taken, spokes))
    axes.add_artist(Rectangle((0, 0), WIDTH_MM, HEIGHT_MM, facecolor="none", edgecolor=INK, linewidth=0.8))
    return Locator(svg=_svg(figure), radius_km=sheet.radius_km, seen=seen)


def _svg(figure: Figure) -> str:
    """Return the figure as SVG, the same bytes every time, with text as text."""
    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "oreway"}):
        FigureCanvasSVG(figure).print_svg(  # type: ignore[no-untyped-call]
            out, metadata={"Date": None, "Creator": None}
        )
    return out.getvalue()
