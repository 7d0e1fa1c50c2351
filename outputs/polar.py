"""Greenland seen from above the ice: one view of the whole island for a site in the far north, where Mercator swells.

The projection is azimuthal equidistant round the middle of the ice sheet: a kilometre is as long in the south as in the
north to within some 5 %, while Web Mercator draws the north of the island eight times too large.
"""

import numpy as np
import shapely
from matplotlib.axes import Axes

from outputs.basemap import INK, MUTED, SITE, base, draw
from outputs.charts import Chart, canvas, to_svg
from outputs.figures import HEIGHT_MM, ONE_AT_A_TIME, WIDTH_MM, context_labels
from outputs.labels import LABEL_PT, SMALL_PT, make_label, place_labels, write, write_text
from outputs.locator import Sheet
from outputs.wording import Language, label
from scoring.dossier import Dossier
from scoring.world import World

COUNTRY = "GL"
MIDDLE_LON, MIDDLE_LAT, RADIUS_KM = -42.0, 73.5, 2200.0
PARALLELS, MERIDIANS = range(50, 90, 10), range(-180, 180, 30)
DOT = "#0b5cad"


def polar_view(dossier: Dossier, world: World, lang: Language = "en") -> Chart | None:
    """Return the whole island with every site of it as a dot and this one as a star; None for any other country."""
    if dossier.site.get("country_code") != COUNTRY:
        return None
    with ONE_AT_A_TIME:
        return _polar_view(dossier, world, lang)


def _polar_view(dossier: Dossier, world: World, lang: Language) -> Chart:
    figure, axes = canvas(WIDTH_MM, HEIGHT_MM)
    sheet = Sheet(lon=MIDDLE_LON, lat=MIDDLE_LAT, radius_km=RADIUS_KM, width=WIDTH_MM, height=HEIGHT_MM)
    base(axes, sheet, world, at_sea=False)
    _graticule(axes, sheet)
    sites = world.sites[world.sites["country_code"] == COUNTRY]
    points = np.array(
        [shapely.Point(lon, lat) for lon, lat in zip(sites["lon"], sites["lat"], strict=True)], dtype=object
    )
    dots = shapely.get_coordinates(sheet.project(points))
    axes.plot(dots[:, 0], dots[:, 1], "o", color=DOT, markersize=2.6, markeredgecolor="white", markeredgewidth=0.4)
    site = str(dossier.site["name"])
    place = shapely.Point(float(str(dossier.site["lon"])), float(str(dossier.site["lat"])))
    x, y = (float(part) for part in shapely.get_coordinates(sheet.project(np.array([place], dtype=object)))[0])
    axes.plot(x, y, "*", color=SITE, markersize=9, markeredgecolor="white", markeredgewidth=0.6, zorder=3)
    labels = [make_label(site, x, y, (-0.7, -0.7), LABEL_PT), *context_labels(sheet, world, {site})]
    taken = [(x - 2, y - 2, x + 2, y + 2)]
    write(axes, place_labels(labels, (1, 1, WIDTH_MM - 1, HEIGHT_MM - 1), taken, np.empty((0, 2))))
    alt = label("polar_alt", lang).format(site=site, count=len(sites))
    return Chart(svg=to_svg(figure, "polar"), alt=alt, width_mm=WIDTH_MM)


def _graticule(axes: Axes, sheet: Sheet) -> None:
    """Draw parallels and meridians, every fine degree as a line of its own, with their degrees."""
    lons, lats = np.linspace(-180, 180, 361), np.linspace(50, 89.5, 80)
    lines = [shapely.LineString(np.column_stack((lons, np.full(lons.shape, lat)))) for lat in PARALLELS]
    lines += [shapely.LineString(np.column_stack((np.full(lats.shape, lon), lats))) for lon in MERIDIANS]
    window = shapely.box(0, 0, sheet.width, sheet.height)
    drawn = shapely.intersection(sheet.project(np.array(lines, dtype=object)), window)
    draw(axes, drawn[~shapely.is_empty(drawn)], facecolor="none", edgecolor=INK, linewidth=0.3, alpha=0.35)
    for lat in PARALLELS:
        point = shapely.get_coordinates(sheet.project(np.array([shapely.Point(0.0, lat)], dtype=object)))[0]
        if 2 < point[0] < sheet.width - 8 and 2 < point[1] < sheet.height - 4:
            write_text(axes, float(point[0]) + 0.6, float(point[1]) + 0.6, f"{lat}° N", SMALL_PT, colour=MUTED)
