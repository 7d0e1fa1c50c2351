"""A small map of positions as they were read, to look at before anything is worked out from them."""

import geopandas as gpd
import numpy as np
import shapely

from oreway.outputs.pictures.basemap import SITE
from oreway.outputs.pictures.charts import Chart
from oreway.outputs.pictures.figures import scale_bar
from oreway.outputs.pictures.fonts import printable
from oreway.outputs.pictures.map_labels import make_label, place_labels, write
from oreway.outputs.pictures.sites_chart import ground, sheet_round
from oreway.outputs.pictures.vector_canvas import INK, Look, Pen
from oreway.outputs.words.formatting import Language, number
from oreway.outputs.words.map_texts import word
from oreway.scoring.world.world import World

SIZE_MM, SCALE_AT = (150.0, 78.0), (3.0, 3.0)
DOT_PT, LABEL_PT = 5.0, 6.0
LEAST_KM = 800.0  # so that a coast or a border tells where one site lies
NAMED, TOLD, LONGEST_NAME = 40, 12, 40
STEP_MM = 0.5  # dots nearer than this are drawn once


def index_map(world: World, sites: gpd.GeoDataFrame, lang: Language = "en") -> Chart:
    """Return where sites lie, each with its number in their order, as `positions_map` draws them."""
    numbered = sites.assign(name=[str(i) for i in range(1, len(sites) + 1)])
    return _drawn(world, numbered, _told(sites, lang), lang, most_named=len(sites))


def positions_map(world: World, sites: gpd.GeoDataFrame, lang: Language = "en") -> Chart:
    """Return where sites lie, each with a dot and, while they are few, its name.

    Args:
        world: the opened world.
        sites: with name, lon and lat; at least one.
        lang: language of the words.
    """
    return _drawn(world, sites, _told(sites, lang), lang, most_named=NAMED)


def _drawn(world: World, sites: gpd.GeoDataFrame, told: str, lang: Language, *, most_named: int) -> Chart:
    lon, lat = (sites[name].to_numpy(dtype=float) for name in ("lon", "lat"))
    sheet, pen = sheet_round(lon, lat, SIZE_MM, LEAST_KM), Pen(*SIZE_MM, outlined=True)
    ground(pen, sheet, world, at_sea=False)
    places = shapely.get_coordinates(sheet.project(np.asarray(shapely.points(lon, lat), dtype=object)))
    _, first = np.unique(np.round(places / STEP_MM), axis=0, return_index=True)
    for x, y in places[np.sort(first)].tolist():
        pen.mark(x, y, "dot", DOT_PT, Look(fill=SITE, edge="#ffffff", width=0.5))
    if len(sites) <= most_named:
        named = [
            make_label(printable(str(name)[:LONGEST_NAME]), x, y, (1.0, 0.0), LABEL_PT, optional=True)
            for name, (x, y) in zip(sites["name"], places.tolist(), strict=True)
        ]
        taken = [(x - 1, y - 1, x + 1, y + 1) for x, y in places.tolist()]
        taken.append((*SCALE_AT, SCALE_AT[0] + 31, SCALE_AT[1] + 8))
        write(pen, place_labels(named, (1, 1, SIZE_MM[0] - 1, SIZE_MM[1] - 1), taken, np.empty((0, 2))))
    scale_bar(pen, sheet, *SCALE_AT, lang)
    pen.rectangle(0, 0, *SIZE_MM, Look(edge=INK, width=0.6))
    return Chart(svg=pen.svg(), alt=told, width_mm=SIZE_MM[0])


def _told(sites: gpd.GeoDataFrame, lang: Language) -> str:
    """Return the positions in words, those of the first TOLD sites."""
    head = word("positions_read", lang).format(number=number(len(sites), 0, lang))
    first = sites.head(TOLD)
    rows = zip(first["name"], first["lat"].astype(float), first["lon"].astype(float), strict=True)
    listed = "; ".join(f"{name} {lat:.3f}, {lon:.3f}" for name, lat, lon in rows)
    return f"{head} {listed}{' …' if len(sites) > TOLD else ''}"
