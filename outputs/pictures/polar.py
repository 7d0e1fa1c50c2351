"""Greenland seen from above the ice: one view of the whole island for a site in the far north, where Mercator swells.

The projection is azimuthal equidistant round the middle of the ice sheet: a kilometre is as long in the south as in the
north to within some 5 %, while Web Mercator draws the north of the island eight times too large.
"""

import geopandas as gpd
import numpy as np
import shapely

from oreway.outputs.pictures.basemap import MUTED, SITE, base
from oreway.outputs.pictures.charts import Chart
from oreway.outputs.pictures.figures import HEIGHT_MM, WIDTH_MM, context_labels
from oreway.outputs.pictures.locator import Sheet
from oreway.outputs.pictures.map_labels import LABEL_PT, SMALL_PT, make_label, place_labels, write
from oreway.outputs.pictures.vector_canvas import INK, POINTS_A_MM, Look, Pen
from oreway.outputs.words.formatting import Language, label
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.world.kept import kept
from oreway.scoring.world.world import World

COUNTRY = "GL"
MIDDLE_LON, MIDDLE_LAT, RADIUS_KM = -42.0, 73.5, 2200.0
PARALLELS, MERIDIANS = range(50, 90, 10), range(-180, 180, 30)
DOT = "#0b5cad"
INSET_MM, INSET_LAT, INSET_KM = (44.0, 52.0), 72.0, 1270.0
STAR_POINTS = 6.0


def polar_view(dossier: Dossier, world: World, lang: Language = "en") -> Chart | None:
    """Return the whole island with every site of it as a dot and this one as a star; None for any other country."""
    if dossier.site.get("country_code") != COUNTRY:
        return None
    pen = Pen(WIDTH_MM, HEIGHT_MM, outlined=True)
    sheet = Sheet(lon=MIDDLE_LON, lat=MIDDLE_LAT, radius_km=RADIUS_KM, width=WIDTH_MM, height=HEIGHT_MM)
    _ground(pen, sheet, world)
    site = str(dossier.site["name"])
    x, y = _place(sheet, dossier)
    pen.mark(x, y, "star", 9.0, Look(fill=SITE, edge="#ffffff", width=0.6))
    labels = [make_label(site, x, y, (-0.7, -0.7), LABEL_PT), *context_labels(sheet, world, {site})]
    taken = [(x - 2, y - 2, x + 2, y + 2)]
    write(pen, place_labels(labels, (1, 1, WIDTH_MM - 1, HEIGHT_MM - 1), taken, np.empty((0, 2))))
    return Chart(svg=pen.svg(), alt=_alt(dossier, len(_sites(world)), lang), width_mm=WIDTH_MM)


def polar_inset(dossier: Dossier, world: World, lang: Language = "en") -> Chart | None:
    """Return the view small and without names, its ground drawn once; None for any other country than Greenland."""
    if dossier.site.get("country_code") != COUNTRY:
        return None
    sheet = Sheet(lon=MIDDLE_LON, lat=INSET_LAT, radius_km=INSET_KM, width=INSET_MM[0], height=INSET_MM[1])
    sites = _sites(world)
    ground = _inset_ground(world, sheet)
    x, y = (millimetres * POINTS_A_MM for millimetres in _place(sheet, dossier))
    reach = STAR_POINTS * np.where(np.arange(10) % 2, 0.4, 1.0)
    turn = np.arange(10) * np.pi / 5
    corners = np.column_stack((x + reach * np.sin(turn), INSET_MM[1] * POINTS_A_MM - y - reach * np.cos(turn)))
    path = "M" + "L".join(f"{across:.2f} {down:.2f}" for across, down in corners) + "Z"
    star = f'<path d="{path}" fill="{SITE}" stroke="#ffffff" stroke-width="0.6"/></svg>'
    return Chart(svg=ground.removesuffix("</svg>") + star, alt=_alt(dossier, len(sites), lang), width_mm=INSET_MM[0])


@kept("sites", "countries", "landmasses", "ice")
def _inset_ground(world: World, sheet: Sheet) -> str:
    pen = Pen(sheet.width, sheet.height, outlined=True)
    _ground(pen, sheet, world)
    return pen.svg()


def _sites(world: World) -> gpd.GeoDataFrame:
    return world.sites[world.sites["country_code"] == COUNTRY]


def _place(sheet: Sheet, dossier: Dossier) -> tuple[float, float]:
    place = shapely.Point(float(str(dossier.site["lon"])), float(str(dossier.site["lat"])))
    x, y = shapely.get_coordinates(sheet.project(np.array([place], dtype=object)))[0]
    return float(x), float(y)


def _alt(dossier: Dossier, count: int, lang: Language) -> str:
    return label("polar_alt", lang).format(site=str(dossier.site["name"]), count=count)


def _ground(pen: Pen, sheet: Sheet, world: World) -> None:
    """Draw land, ice and graticule, and every site as a dot."""
    base(pen, sheet, world, at_sea=False)
    _graticule(pen, sheet)
    sites = _sites(world)
    points = np.array(
        [shapely.Point(lon, lat) for lon, lat in zip(sites["lon"], sites["lat"], strict=True)], dtype=object
    )
    for x, y in shapely.get_coordinates(sheet.project(points)).tolist():
        pen.mark(x, y, "dot", 2.6, Look(fill=DOT, edge="#ffffff", width=0.4))


def _graticule(pen: Pen, sheet: Sheet) -> None:
    """Draw parallels and meridians, every fine degree as a line of its own, with their degrees."""
    lons, lats = np.linspace(-180, 180, 361), np.linspace(50, 89.5, 80)
    lines = [shapely.LineString(np.column_stack((lons, np.full(lons.shape, lat)))) for lat in PARALLELS]
    lines += [shapely.LineString(np.column_stack((np.full(lats.shape, lon), lats))) for lon in MERIDIANS]
    pen.shapes(sheet.project(np.array(lines, dtype=object)), Look(edge=INK, width=0.3, opacity=0.35))
    for lat in PARALLELS:
        point = shapely.get_coordinates(sheet.project(np.array([shapely.Point(0.0, lat)], dtype=object)))[0]
        if 2 < point[0] < sheet.width - 8 and 2 < point[1] < sheet.height - 4:
            pen.text(float(point[0]) + 0.6, float(point[1]) + 0.6, f"{lat}° N", SMALL_PT, colour=MUTED)
