"""The pictures of the report: the locator map of a site, as vector SVG whose text stays text."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from oreway.arrays import Floats
from oreway.geo import geodesy
from oreway.outputs.pictures.basemap import GLOBE_MM, SITE, base, globe
from oreway.outputs.pictures.locator import Scaled, Sheet
from oreway.outputs.pictures.map_labels import (
    LABEL_PT,
    SMALL_PT,
    Box,
    Label,
    count_within,
    make_label,
    place_labels,
    write,
)
from oreway.outputs.pictures.map_window import Target, targets, window_km
from oreway.outputs.pictures.vector_canvas import INK, Look, Pen
from oreway.outputs.words.formatting import Language, class_label, km, label, number
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.world.world import World

WIDTH_MM, HEIGHT_MM, SCALE_MM = 116.0, 98.0, (31.0, 8.0)
CENTRE = (WIDTH_MM / 2, HEIGHT_MM / 2)
MARKS = {
    "port": ("square", "#0b5cad"),
    "deep_water_port": ("diamond", "#0b5cad"),
    "airfield": ("triangle", "#7b3fa0"),
    "town": ("dot", "#3d3d3d"),
    "road": ("bar", "#7a6a58"),
    "rail": ("plus", "#8a4b08"),
    "power": ("cross", "#b07c00"),
    "refinery": ("hexagon", "#00695c"),
}
CONTEXT_PLACES, CONTEXT_APART_MM = 9, 7.0


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


def _spokes(pen: Pen, shown: list[_Shown]) -> Floats:
    """Draw a line from the site to every target; return points along the lines."""
    centre = np.array([WIDTH_MM / 2, HEIGHT_MM / 2])
    points = [np.empty((0, 2))]
    for item in shown:
        end = np.array([item.x, item.y])
        steps = np.linspace(0, 1, max(2, int(np.linalg.norm(end - centre) / 0.8)))
        points.append(centre + steps[:, None] * (end - centre))
        pen.line((CENTRE, (item.x, item.y)), INK, 0.45, opacity=0.75)
    for item in shown:
        mark, colour = MARKS[item.target.classes[0]]
        if item.inside:
            pen.mark(item.x, item.y, mark, 4.2, Look(fill=colour, edge="#ffffff", width=0.5))
        else:
            pen.arrow(item.x, item.y, item.away, 3.0, colour)
    return np.concatenate(points)


def _target_label(item: _Shown, lang: Language) -> Label:
    uses = ", ".join(class_label(use, lang, short=True) for use in item.target.classes)
    name = item.target.name or uses
    detail = f"{uses} · {km(item.target.distance_km, lang)}" if item.target.name else km(item.target.distance_km, lang)
    return make_label(f"{name}\n{detail}", item.x, item.y, item.away, LABEL_PT)


def context_labels(sheet: Sheet, world: World, named: set[str]) -> list[Label]:
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
            labels.append(make_label(name, x, y, (1.0, 0.0), SMALL_PT, optional=True))
    return labels


def scale_bar(pen: Pen, sheet: Scaled, left: float, bottom: float, lang: Language) -> None:
    """Draw a bar of a round length, with the direction of north at the site beside it."""
    ideal = 22 / sheet.mm_per_km
    step = 10 ** math.floor(math.log10(ideal))
    length = max(step * factor for factor in (1, 2, 5) if step * factor <= ideal)
    mm = length * sheet.mm_per_km
    pen.rectangle(left, bottom, *SCALE_MM, Look(fill="#ffffff", opacity=0.75))
    x, y = left + 3, bottom + 1
    pen.polygon([(x, y + 4), (x - 1.3, y), (x, y + 0.9), (x + 1.3, y)], Look(fill=INK))
    pen.text(x, y + 4.4, label("north", lang), SMALL_PT, bold=True, align="center")
    x, y = left + 7, bottom + 1.8
    for part, colour in ((0, INK), (1, "#ffffff")):
        pen.rectangle(x + part * mm / 2, y, mm / 2, 1, Look(fill=colour, edge=INK, width=0.4))
    pen.text(x + mm / 2, y + 2.1, f"{number(length, 0 if length >= 1 else 1, lang)} km", LABEL_PT, align="center")


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


def _site(pen: Pen, sheet: Sheet, dossier: Dossier) -> None:
    outline = _site_outline(dossier)
    if outline is not None:
        shape = sheet.project(np.array([outline], dtype=object))
        pen.shapes(shape, Look(fill=SITE, edge=SITE, width=0.9, opacity=0.28))
    accuracy = _accuracy_km(dossier) * sheet.mm_per_km
    if accuracy > 0.8:
        pen.circle(*CENTRE, accuracy, Look(edge=SITE, width=0.7, dashes=(3, 2)))
    pen.mark(*CENTRE, "star", 8.0, Look(fill=SITE, edge="#ffffff", width=0.6))


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
    places = targets(dossier)
    sheet = _sheet(dossier, places)
    pen = Pen(WIDTH_MM, HEIGHT_MM)
    seen = base(pen, sheet, world, at_sea=dossier.site.get("setting") == "seabed")
    shown = _shown(sheet, places)
    spokes = _spokes(pen, shown)
    _site(pen, sheet, dossier)
    corner, scale = _free_corners(shown, spokes, ((GLOBE_MM, GLOBE_MM), SCALE_MM))
    globe(pen, sheet, world, corner)
    scale_bar(pen, sheet, *scale, lang)
    name = " ".join(str(dossier.site["name"]).split())
    labels = [make_label(name, *CENTRE, (0.7, -0.7), LABEL_PT), *(_target_label(item, lang) for item in shown)]
    labels += context_labels(sheet, world, {name, *(item.target.name for item in shown)})
    taken = [_around(item.x, item.y, 1) for item in shown] + [_around(*CENTRE, 1.5)]
    taken += [(*corner, corner[0] + GLOBE_MM, corner[1] + GLOBE_MM)]
    taken += [(*scale, scale[0] + SCALE_MM[0], scale[1] + SCALE_MM[1])]
    write(pen, place_labels(labels, (1, 1, WIDTH_MM - 1, HEIGHT_MM - 1), taken, spokes))
    pen.rectangle(0, 0, WIDTH_MM, HEIGHT_MM, Look(edge=INK, width=0.8))
    return Locator(svg=pen.svg(), radius_km=sheet.radius_km, seen=seen)


def _around(x: float, y: float, reach: float) -> Box:
    return x - reach, y - reach, x + reach, y + reach
