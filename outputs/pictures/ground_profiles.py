"""Profiles of the ground as charts: the sea floor across a seabed site, the land between a site and its port."""

import dataclasses

import numpy as np
import shapely

from oreway.arrays import Floats
from oreway.geo import geodesy, terrain
from oreway.layers.catalog import Dataset, find_dataset, verified_path
from oreway.outputs.pictures.basemap import MUTED, SITE
from oreway.outputs.pictures.charts import FAINT, PALE, SMALL_PT, TEXT_PT, Chart, fitted
from oreway.outputs.pictures.figure_content import Nothing, Profile, figure_of
from oreway.outputs.pictures.vector_canvas import INK, Look, Pen
from oreway.outputs.words.formatting import Language, kilometres, label, number, phrase
from oreway.scoring.dossier.dossier import Dossier

RELIEF = {"GL": ("relief_greenland", 9.0), "AU": ("relief_australia", 11.0)}
SEA_FLOOR, SEA_FLOOR_CELL_KM = "bathymetry_minamitorishima", 11.0
LEAST_CELLS, BESIDE_KM, STEP_KM = 6, 120.0, 2.0
WIDTH_MM, HEIGHT_MM = 178.0, 34.0
LEFT, RIGHT, BOTTOM, TOP = 14.0, 3.0, 7.0, 5.0
LAND, SEA = "#d8cfb4", "#dbe7ee"


def profile_content(dossier: Dossier, lang: Language = "en") -> Profile | Nothing:
    """Return title, picture and note of the profile that suits the site, or why there is none; empty for no relief."""
    if dossier.site.get("setting") == "seabed":
        return _section("depth_profile", depth_profile(dossier, lang), SEA_FLOOR, SEA_FLOOR_CELL_KM, lang)
    relief = RELIEF.get(str(dossier.site.get("country_code") or ""))
    port = _port(dossier)
    if relief is None or port is None:
        return Nothing()
    chart = access_profile(dossier, lang)
    if chart is None:
        none = label("profile_none", lang).format(length=kilometres(port.distance_km, lang), cell=f"{relief[1]:g}")
        return {"title": label("access_profile", lang), "chart": Nothing(), "note": none}
    return _section("access_profile", chart, *relief, lang)


def _section(key: str, chart: Chart | None, dataset_id: str, cell_km: float, lang: Language) -> Profile | Nothing:
    if chart is None:
        return Nothing()
    dataset: Dataset = find_dataset(dataset_id)
    note = label("profile_note", lang).format(title=phrase(dataset.title, lang), cell=f"{cell_km:g}")
    return {"title": label(key, lang), "chart": figure_of(chart), "note": note}


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Port:
    name: str
    lon: float
    lat: float
    distance_km: float


def _port(dossier: Dossier) -> _Port | None:
    rows = dossier.nearest[(dossier.nearest["class"] == "port") & (dossier.nearest["nil"] == "")]
    if rows.empty:
        return None
    row = rows.iloc[0]
    return _Port(
        name=str(row["name"]), lon=float(row["lon"]), lat=float(row["lat"]), distance_km=float(row["distance_km"])
    )


def _place(dossier: Dossier) -> tuple[float, float]:
    return float(str(dossier.site["lon"])), float(str(dossier.site["lat"]))


def access_profile(dossier: Dossier, lang: Language = "en") -> Chart | None:
    """Return the heights along the straight line to the nearest port.

    None where no relief is shipped for the country, no port is known, or the line is shorter than six cells.
    """
    relief = RELIEF.get(str(dossier.site.get("country_code") or ""))
    port = _port(dossier)
    if relief is None or port is None or port.distance_km < LEAST_CELLS * relief[1]:
        return None
    dataset_id, _ = relief
    steps = max(2, round(port.distance_km / STEP_KM))
    found = terrain.profile(verified_path(dataset_id), *_place(dossier), port.lon, port.lat, min(steps, 400))
    if not np.isfinite(found.height_m).any():
        return None
    site = str(dossier.site["name"])
    svg = _drawn(found, lang, ends=(site, port.name), span=None)
    alt = label("access_alt", lang).format(
        site=site, port=port.name, length=kilometres(port.distance_km, lang),
        low=number(float(np.nanmin(found.height_m)), 0, lang), high=number(float(np.nanmax(found.height_m)), 0, lang),
    )  # fmt: skip
    return Chart(svg=svg, alt=alt, width_mm=WIDTH_MM)


def depth_profile(dossier: Dossier, lang: Language = "en") -> Chart | None:
    """Return the depth of the sea floor from west to east through a seabed site and well beyond it.

    None where the shipped bathymetry does not reach.
    """
    lon, lat = _place(dossier)
    west, east = _extent(dossier, lon, lat)
    start_lon, start_lat = geodesy.destination(lon, lat, 270.0, west + BESIDE_KM)
    end_lon, end_lat = geodesy.destination(lon, lat, 90.0, east + BESIDE_KM)
    length = west + east + 2 * BESIDE_KM
    path = verified_path(SEA_FLOOR)
    found = terrain.profile(
        path, float(start_lon), float(start_lat), float(end_lon), float(end_lat), round(length / STEP_KM)
    )
    if not np.isfinite(found.height_m).all() or (found.height_m > 0).any():
        return None
    site = str(dossier.site["name"])
    svg = _drawn(found, lang, ends=("", ""), span=(BESIDE_KM, BESIDE_KM + west + east))
    alt = label("depth_alt", lang).format(
        site=site, length=kilometres(float(found.distance_km[-1]), lang),
        shallow=number(-float(found.height_m.max()), 0, lang), deep=number(-float(found.height_m.min()), 0, lang),
    )  # fmt: skip
    return Chart(svg=svg, alt=alt, width_mm=WIDTH_MM)


def _extent(dossier: Dossier, lon: float, lat: float) -> tuple[float, float]:
    """Return how far the site's outline reaches west and east of its measuring point, km; 0 for a point."""
    shape = dossier.site.get("geometry")
    if not isinstance(shape, shapely.geometry.base.BaseGeometry) or shapely.get_dimensions(shape) < 2:
        return 0.0, 0.0
    west, _, east, _ = shape.bounds
    return (
        float(geodesy.distance_km(lon, lat, min(west, lon), lat)),
        float(geodesy.distance_km(lon, lat, max(east, lon), lat)),
    )


def _drawn(found: terrain.Profile, lang: Language, *, ends: tuple[str, str], span: tuple[float, float] | None) -> str:
    pen = Pen(WIDTH_MM, HEIGHT_MM, outlined=True)
    at_sea = span is not None
    height = np.nan_to_num(found.height_m)
    low, high = _range(float(height.min()), float(height.max()), at_sea=at_sea)
    length = float(found.distance_km[-1])
    x = LEFT + (WIDTH_MM - LEFT - RIGHT) * found.distance_km / length
    y = BOTTOM + (HEIGHT_MM - BOTTOM - TOP) * (height - low) / (high - low)
    line = np.column_stack((x, y))
    if at_sea:
        pen.polygon(_down_to(line, HEIGHT_MM - TOP), Look(fill=SEA))
    pen.polygon(_down_to(line, BOTTOM), Look(fill=LAND))
    pen.line(line, INK, 0.9)
    _scales(pen, low, high, length, lang, at_sea=at_sea)
    if span is not None:
        left, right = (LEFT + (WIDTH_MM - LEFT - RIGHT) * km / length for km in span)
        shade = Look(fill=SITE, opacity=0.16)
        pen.rectangle(left, BOTTOM, max(right - left, 0.6), HEIGHT_MM - TOP - BOTTOM, shade)
        pen.text((left + right) / 2, HEIGHT_MM - 3.4, label("site_extent", lang), TEXT_PT, bold=True,
                 colour=SITE, align="center")  # fmt: skip
    else:
        pen.text(LEFT, HEIGHT_MM - 3.4, fitted(ends[0], 70, TEXT_PT), TEXT_PT, bold=True, colour=SITE)
        pen.text(WIDTH_MM - RIGHT, HEIGHT_MM - 3.4, fitted(ends[1], 70, TEXT_PT), TEXT_PT, align="right")
    return pen.svg()


def _down_to(line: Floats, level: float) -> Floats:
    """Return the corners of the area between a line and a level."""
    return np.vstack(((line[0, 0], level), line, (line[-1, 0], level)))


def _range(low: float, high: float, *, at_sea: bool) -> tuple[float, float]:
    """Return the heights the chart runs between: round numbers, from the sea's level on land."""
    step = 500.0 if at_sea or high - low > 900 else 100.0
    floor = step * np.floor(low / step - (0.2 if at_sea else 0.0))
    return float(floor if at_sea else min(0.0, floor)), float(step * np.ceil(high / step + 0.1))


def _scales(pen: Pen, low: float, high: float, length: float, lang: Language, *, at_sea: bool) -> None:
    """Write the heights at the left and the kilometres below."""
    middle = (low + high) / 2
    for value in (low, middle, high):
        y = BOTTOM + (HEIGHT_MM - BOTTOM - TOP) * (value - low) / (high - low)
        pen.line([(LEFT - 0.8, y), (WIDTH_MM - RIGHT, y)], PALE if at_sea else FAINT, 0.4)
        shown = number(-value if at_sea else value, 0, lang)
        pen.text(LEFT - 1.5, y - 0.8, shown, SMALL_PT, colour=MUTED, align="right")
    ideal = length / 6
    step = 10 ** np.floor(np.log10(ideal))
    step = float(max(step * factor for factor in (1, 2, 5) if step * factor <= ideal))
    for km in np.arange(0.0, length + 1e-9, step):
        x = LEFT + (WIDTH_MM - LEFT - RIGHT) * km / length
        pen.line([(x, BOTTOM - 0.8), (x, BOTTOM)], MUTED, 0.5)
        pen.text(x, BOTTOM - 3.4, number(float(km), 0, lang), SMALL_PT, colour=MUTED, align="center")
    pen.text(WIDTH_MM - RIGHT, 0.5, label("km_along", lang), SMALL_PT, colour=MUTED, align="right")
    what = label("depth_m" if at_sea else "height_m", lang)
    pen.text(0.5, 0.5, what, SMALL_PT, colour=MUTED)
