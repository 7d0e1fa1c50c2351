"""A map of sites as a picture for documents and slides: signs, names, scale, legend and credits, as SVG or PNG.

Sites within a region are drawn in azimuthal equidistant projection round their middle; those of the whole world in the
Equal Earth projection (Šavrič, Patterson and Jenny 2018, doi:10.1080/13658816.2018.1504949) on the sphere.
"""

import dataclasses
import math
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import typst
from numpy.typing import NDArray

from oreway.arrays import Floats
from oreway.geo import geodesy
from oreway.layers.vocabulary import Setting
from oreway.outputs.files.files import creation_date
from oreway.outputs.files.frames import provenance, release
from oreway.outputs.files.map_files import (
    NO_SCORE,
    PLANT_COLOURS,
    RUNGS,
    SCORE_COLOURS,
    SEABED_COLOURS,
    glyph,
    score_colour,
)
from oreway.outputs.pictures.basemap import BORDERS, GROUND, SEA, base, borders
from oreway.outputs.pictures.figures import scale_bar
from oreway.outputs.pictures.font_folder import FONTS
from oreway.outputs.pictures.locator import EARTH_KM, FARTHEST_KM, Sheet
from oreway.outputs.pictures.map_labels import SMALL_PT, make_label, place_labels, write
from oreway.outputs.pictures.vector_canvas import INK, Look, Pen
from oreway.outputs.words.formatting import Language, number, site_name
from oreway.outputs.words.map_texts import word
from oreway.scoring.world.world import World

MAP_MM, SIDE_MM, FOOT_MM = (220.0, 130.0), 52.0, 15.0
REGION_KM, LEAST_KM, ROOM = 2500.0, 100.0, 1.25
POLYNOMIAL = (1.340264, -0.081106, 0.000893, 0.003796)  # of Equal Earth
STEP_DEG, DETAIL_DEG, LEAST_KM2 = 2.0, 0.15, 2000.0
MARK_PT, LABEL_PT, CREDIT_PT, CREDIT_LETTERS = 6.5, 5.6, 4.2, 330
ROW_MM = 5.0
INCH_MM, PIXELS_AN_INCH = 25.4, 220
DRAWN = {"circle": "dot", "plant": "hexagon"}
LAYERS = ("landmasses", "countries", "ice")
PAGE = Path(__file__).with_name("sites_chart.typ")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Globe:
    """The whole world in Equal Earth, centred on a width and height in millimetres."""

    width: float
    height: float

    @property
    def mm_per_radian(self) -> float:
        """Return the scale: millimetres on paper a unit of the projection on the unit sphere."""
        half = equal_earth(np.array([180.0]), np.array([0.0]))[0][0]
        return self.width / 2 / float(half)

    @property
    def mm_per_km(self) -> float:
        """Return the scale along the equator."""
        return (
            float(equal_earth(np.array([1.0]), np.array([0.0]))[0][0])
            * self.mm_per_radian
            / (math.radians(1.0) * EARTH_KM)
        )

    def project(self, geometries: NDArray[np.object_]) -> NDArray[np.object_]:
        """Return lon, lat geometries in millimetres."""
        placed: NDArray[np.object_] = shapely.transform(geometries, self._to_mm)
        return placed

    def _to_mm(self, lon_lat: Floats) -> Floats:
        x, y = equal_earth(lon_lat[:, 0], lon_lat[:, 1])
        return np.column_stack((self.width / 2 + x * self.mm_per_radian, self.height / 2 + y * self.mm_per_radian))


def equal_earth(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """Return x and y on the unit sphere."""
    theta = np.arcsin(math.sqrt(3) / 2 * np.sin(np.radians(lat)))
    a1, a2, a3, a4 = POLYNOMIAL
    slope = a1 + 3 * a2 * theta**2 + theta**6 * (7 * a3 + 9 * a4 * theta**2)
    x = 2 * math.sqrt(3) * np.radians(lon) * np.cos(theta) / (3 * slope)
    return x, theta * (a1 + a2 * theta**2 + theta**6 * (a3 + a4 * theta**2))


def _rows(sites: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in pd.DataFrame(sites).to_dict("records")]


def sites_svg(world: World, sites: gpd.GeoDataFrame, lang: Language = "en") -> str:
    """Return a map of sites as SVG.

    Args:
        world: the opened world.
        sites: by site_id, with kind, stage, setting, lon, lat, name and, where they are scored, total.
        lang: language of the words.
    """
    width, height = MAP_MM
    pen = Pen(width + SIDE_MM, height + FOOT_MM)
    sheet = sheet_round(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float), MAP_MM)
    pen.rectangle(0, 0, width + SIDE_MM, height + FOOT_MM, Look(fill="#ffffff"))
    under = Pen(width, height)
    ground(under, sheet, world, at_sea=bool((sites["setting"] == Setting.SEABED).all()))
    pen.within(under, 0.0, FOOT_MM)
    lon_lat = shapely.points(sites["lon"].to_numpy(dtype=float), sites["lat"].to_numpy(dtype=float))
    places = shapely.get_coordinates(_lifted(sheet.project(np.asarray(lon_lat, dtype=object))))
    _signs(pen, sites, places)
    named = [
        make_label(site_name(row, lang), x, y, (1.0, 0.0), LABEL_PT, optional=True)
        for row, (x, y) in zip(_rows(sites), places, strict=True)
    ]
    taken = [(x - 1, y - 1, x + 1, y + 1) for x, y in places.tolist()]
    scale = (4.0, FOOT_MM + 3)
    taken.append((*scale, scale[0] + 31, scale[1] + 8))
    write(pen, place_labels(named, (1, FOOT_MM + 1, width - 1, FOOT_MM + height - 1), taken, np.empty((0, 2))))
    pen.rectangle(width, 0, SIDE_MM + 1, height + FOOT_MM, Look(fill="#ffffff"))
    pen.rectangle(0, 0, width + SIDE_MM, FOOT_MM, Look(fill="#ffffff"))
    pen.rectangle(0, FOOT_MM, width, height, Look(edge=INK, width=0.6))
    scale_bar(pen, sheet, *scale, lang)
    if isinstance(sheet, Globe):
        pen.text(scale[0] + 33, scale[1] + 1.5, word("at_equator", lang), SMALL_PT)
    _legend(pen, sites, lang)
    _credits(pen, sites, lang)
    return pen.svg()


def sites_png(svg: str) -> bytes:
    """Return a picture of `sites_svg` as PNG, drawn with the shipped fonts."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    size = [f"{side}mm" for side in (MAP_MM[0] + SIDE_MM, MAP_MM[1] + FOOT_MM)]
    compiler = typst.Compiler(PAGE, root=PAGE.parent, font_paths=fonts, ignore_system_fonts=True)
    made: bytes = compiler.compile(  # type: ignore[assignment]
        format="png", ppi=PIXELS_AN_INCH, sys_inputs={"svg": svg, "width": size[0], "height": size[1]}
    )
    return made


def sheet_round(lon: Floats, lat: Floats, size_mm: tuple[float, float], least_km: float = LEAST_KM) -> Sheet | Globe:
    """Return a sheet round places; the world where they do not fit into a region."""
    width, height = size_mm
    unit = np.column_stack([_cos(lat) * _cos(lon), _cos(lat) * _sin(lon), _sin(lat)]).mean(axis=0)
    middle = math.degrees(math.atan2(unit[1], unit[0])), math.degrees(math.atan2(unit[2], math.hypot(*unit[:2])))
    reach = float(geodesy.distance_km(np.full(len(lon), middle[0]), np.full(len(lon), middle[1]), lon, lat).max())
    if reach > REGION_KM:
        return Globe(width=width, height=height)
    radius = min(max(reach, least_km) * ROOM * width / height, FARTHEST_KM)
    return Sheet(lon=middle[0], lat=middle[1], radius_km=radius, width=width, height=height)


def _cos(degrees: Floats) -> Floats:
    return np.cos(np.radians(degrees))


def _sin(degrees: Floats) -> Floats:
    return np.sin(np.radians(degrees))


def _lifted(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Return shapes moved above the foot of the picture."""
    moved: NDArray[np.object_] = shapely.transform(shapes, lambda points: np.add(points, (0, FOOT_MM)))
    return moved


def ground(under: Pen, sheet: Sheet | Globe, world: World, *, at_sea: bool) -> None:
    """Draw land, sea and borders, and round sites at sea the depth."""
    if isinstance(sheet, Sheet):
        base(under, sheet, world, at_sea=at_sea)
    else:
        edge = np.linspace(-90, 90, 91)
        rim = shapely.Polygon(np.r_[np.c_[np.full(91, -180.0), edge], np.c_[np.full(91, 180.0), edge[::-1]]])
        under.shapes(sheet.project(np.array([rim], dtype=object)), Look(fill=SEA))
        land = world.infrastructure["landmasses"]
        shapes = shapely.simplify(land[land["area_km2"] > LEAST_KM2].geometry.to_numpy(), DETAIL_DEG)
        under.shapes(shapely.make_valid(sheet.project(shapely.segmentize(shapes, STEP_DEG))), GROUND)
        under.shapes(sheet.project(borders(world).geometry.to_numpy()), BORDERS)


def _signs(pen: Pen, sites: gpd.GeoDataFrame, places: Floats) -> None:
    totals = sites["total"] if "total" in sites.columns else pd.Series(np.nan, sites.index)
    rows = zip(sites["kind"], sites["stage"], sites["setting"], totals, places.tolist(), strict=True)
    for kind, stage, setting, total, (x, y) in rows:
        shape = glyph(str(kind), str(stage or ""))
        fill = score_colour(float(total), str(setting)) if shape != "plant" else PLANT_COLOURS[True]
        pen.mark(x, y, DRAWN.get(shape, shape), MARK_PT, Look(fill=fill, edge=INK, width=0.4))


def _legend(pen: Pen, sites: gpd.GeoDataFrame, lang: Language) -> None:
    left, top = MAP_MM[0] + 4, MAP_MM[1] + FOOT_MM - 4
    pen.text(left, top, word("deposits", lang), LABEL_PT, bold=True)
    rows = [
        *((shape, "#f5f5f5", word(shape, lang)) for shape, _ in RUNGS),
        ("plant", PLANT_COLOURS[True], word("plants", lang)),
    ]
    for i, (shape, fill, text) in enumerate(rows, start=1):
        y = top - ROW_MM * i
        pen.mark(left + 1.2, y + 0.8, DRAWN.get(shape, shape), MARK_PT, Look(fill=fill, edge=INK, width=0.4))
        pen.text(left + 4, y, text, LABEL_PT)
    y = top - ROW_MM * (len(rows) + 2)
    at_sea = sites["setting"] == Setting.SEABED
    for key, colours, any_shown in (
        ("score", SCORE_COLOURS, not at_sea.all()),
        ("score_seabed", SEABED_COLOURS, at_sea.any()),
    ):
        if any_shown:
            y = _ramp(pen, (left, y), word(key, lang), colours)
    pen.rectangle(left, y, 4, 3, Look(fill=NO_SCORE, edge=INK, width=0.3))
    pen.text(left + 5.5, y + 0.6, word("unscored", lang), LABEL_PT)
    pen.text(left, y - 2 * ROW_MM, word("sites_shown", lang).format(number=number(len(sites), 0, lang)), LABEL_PT)


def _ramp(pen: Pen, at: tuple[float, float], title: str, colours: Sequence[str]) -> float:
    """Draw a title and the colours of a score below each other; return where to go on."""
    (left, y), step = at, 100 // len(colours)
    pen.text(left, y, title, LABEL_PT, bold=True)
    for i, colour in enumerate(colours, start=1):
        pen.rectangle(left, y - ROW_MM * i, 4, 3, Look(fill=colour, edge=INK, width=0.3))
        pen.text(left + 5.5, y - ROW_MM * i + 0.6, f"{step * (i - 1)}–{step * i}", LABEL_PT)
    return y - ROW_MM * (len(colours) + 1)


def _credits(pen: Pen, sites: gpd.GeoDataFrame, lang: Language) -> None:
    layers: Sequence[str] = [*dict.fromkeys(sites["layer"]), *LAYERS]
    told = provenance([str(one) for one in layers])["attributions"]
    text = "; ".join(str(one) for one in told) if isinstance(told, list) else ""
    head = f"{word('map_credits', lang)} Oreway {release()}, {creation_date().isoformat()}. {text}"
    for i, line in enumerate(textwrap.wrap(head, CREDIT_LETTERS)):
        pen.text(1, FOOT_MM - 3 - 2.1 * i, line, CREDIT_PT, colour="#56616b")
