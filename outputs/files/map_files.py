"""The files the browser draws the map from: one description and GeoJSON files, all with their content in their name."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from oreway.layers.vocabulary import PlantStatus, Setting, SiteKind, Stage, Standing
from oreway.outputs.words.formatting import (
    Language,
    country_label,
    label,
    nil_label,
    number,
    site_name,
    stage_label,
    standing_label,
)
from oreway.outputs.words.map_texts import word

SCORE_COLOURS = ("#440154", "#3b528b", "#21918c", "#5ec962", "#fde725")  # viridis: reads in grey and colour-blind
SEABED_COLOURS = ("#f1eef6", "#d7b5d8", "#df65b0", "#dd1c77", "#980043")  # ColorBrewer PuRd: a ranking of its own
NO_SCORE = "#d9d9d9"
PLANT_COLOURS = {True: "#E69F00", False: "#fbe3b0"}  # Okabe-Ito orange, and its tint
RUNGS: tuple[tuple[str, tuple[Stage, ...]], ...] = (
    ("circle", (Stage.OCCURRENCE, Stage.PROSPECT)),
    ("triangle", (Stage.RESOURCE,)),
    ("square", (Stage.SCOPING, Stage.PFS, Stage.FS)),
    ("pentagon", (Stage.FINANCED, Stage.CONSTRUCTION, Stage.COMMISSIONING)),
    ("star", (Stage.PRODUCING,)),
)
STOPPED = {Standing.BARRED.value, Standing.CANCELLED.value, PlantStatus.CANCELLED.value, PlantStatus.IDLED.value}
OPERATING = {PlantStatus.OPERATING.value, PlantStatus.COMMISSIONING.value}
DRAWN_APART = {SiteKind.LIMIT.value}
FAR = {"land": 0.05, "rail": 0.05}  # degrees that a shape may lie off when seen from afar: a pixel of zoom 4.5
NEAR_ZOOM, SMALLEST_LINE_DEG, SMALLEST_AREA_DEG2 = 4.5, 0.1, 0.005
HELD = (0.75, 0.5, 0.25, 0.0)  # least share of each class; the first is not shaded
VEIL, VEILS = "#4a3f55", (0.0, 0.06, 0.13, 0.21)
SMALLEST_DEG2, COARSE_DEG, ROUND_DEG, COVERAGE_ZOOM = 0.05, 0.1, 0.01, 6
FRAMES = {SiteKind.COMPLEX.value, SiteKind.ISLAND.value}
AREA = "#7a5ea8"
SMALL_PARTS_ZOOM = 7
WHOLE_WORLD = (-180, -85.0511287798, 180, 85.0511287798)  # west, south, east, north of Web Mercator
STEMS = (
    "relief-sea", "land", "coverage", "relief-land", "ice", "borders", "country-names", "places", "heritage", "eez",
    "sea-lanes", "roads", "rail", "power", "airfields", "ports",
)  # fmt: skip
VIEW = ((-44, -125), (72, 160))  # south-west and north-east of the first view, (lat, lon) as Leaflet has it

LINES: dict[str, dict[str, str]] = {
    "port": {"colour": "#0072B2"},
    "deep_water_port": {"colour": "#003f66", "dash": "8 5"},
    "airfield": {"colour": "#CC79A7"},
    "town": {"colour": "#5a5a5a"},
    "road": {"colour": "#D55E00"},
    "rail": {"colour": "#111111"},
    "power": {"colour": "#B8860B"},
    "refinery": {"colour": "#009E73", "dash": "2 6"},
    "coast": {"colour": "#3a86a8", "dash": "3 4"},
    "ice": {"colour": "#7fa8c9", "dash": "3 4"},
}
OPENSTREETMAP = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
ESRI = "https://server.arcgisonline.com/ArcGIS/rest/services/{}/MapServer/tile/{{z}}/{{y}}/{{x}}"
TILES = (
    ("streets", OPENSTREETMAP, "© OpenStreetMap contributors", 19),
    ("satellite", ESRI.format("World_Imagery"), "Esri, Maxar, Earthstar Geographics", 18),
    ("ocean", ESRI.format("Ocean/World_Ocean_Base"), "Esri, GEBCO, NOAA, National Geographic", 10),
)


def file_name(stem: str, content: bytes, ending: str) -> str:
    """Return a name that changes with the content, with hyphens only (st_folium ignores what follows an underscore)."""
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:16]}.{ending}"


def compact(document: Any) -> bytes:
    """Return JSON without spaces; NaN is refused."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def named_points(frame: gpd.GeoDataFrame, size: str = "", apart: Collection[str] = ()) -> bytes:
    """Return points and lines with their names as compact GeoJSON, four decimals (11 m).

    Args:
        frame: the places, with `name`.
        size: the column of how large they are; the largest come first, and stay when the map thins them.
        apart: codes of countries where nothing is joined to a network; what stands there is marked.
    """
    rows = frame.sort_values(size, ascending=False, kind="stable") if size else frame
    shapes = shapely.to_geojson(shapely.set_precision(np.asarray(rows.geometry.array), 0.0001, mode="pointwise"))
    codes = rows["country_code"] if "country_code" in rows.columns else [""] * len(rows)
    features = []
    for name, code, shape in zip(rows["name"], codes, shapes, strict=True):
        told: dict[str, Any] = {"n": name} if isinstance(name, str) and name else {}
        told |= {"apart": 1} if code in apart else {}
        features.append({"type": "Feature", "properties": told, "geometry": json.loads(shape)})
    return compact({"type": "FeatureCollection", "features": features})


def geometry_collection(geometries: Sequence[BaseGeometry]) -> bytes:
    """Return geometries alone as compact GeoJSON, four decimals."""
    shapes = shapely.set_precision(np.asarray(geometries, dtype=object), 0.0001, mode="pointwise")
    texts = [text for text in shapely.to_geojson(shapes) if text]
    return b'{"type":"GeometryCollection","geometries":[' + ",".join(texts).encode() + b"]}"


def from_afar(stem: str, shapes: Sequence[BaseGeometry]) -> bytes:
    """Return areas or lines as a map of the world shows them: coarse, without what is smaller than a sign.

    Args:
        stem: one of FAR.
        shapes: areas, or lines in which every corner is joined to the next.
    """
    parts = shapely.get_parts(np.asarray(shapes, dtype=object))
    areas, lengths = shapely.area(parts), shapely.length(parts)
    parts = parts[np.where(areas > 0, areas > SMALLEST_AREA_DEG2, lengths > SMALLEST_LINE_DEG)]
    coarse = shapely.simplify(parts, FAR[stem], preserve_topology=False)
    coarse = shapely.set_precision(coarse[~shapely.is_empty(coarse)], ROUND_DEG, mode="pointwise")
    return geometry_collection(list(coarse))


def joined(lines: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Return lines with those that meet end to end made one: a tenth of the bytes where they came piece by piece."""
    parts = shapely.get_parts(np.asarray(lines, dtype=object))
    return list(shapely.get_parts(shapely.line_merge(shapely.multilinestrings(parts))))


def coverage(countries: gpd.GeoDataFrame, held: "pd.Series[float]") -> bytes:
    """Return countries, coarse enough for a map of the world, each with the class of what is held of its ways.

    Args:
        countries: shapes with country_code, EPSG:4326.
        held: share of what is held, 0 to 1, by country code; the class is the first of HELD it reaches.
    """
    features = []
    for code, shape in zip(countries["country_code"], np.asarray(countries.geometry.array), strict=True):
        if code not in held.index:
            continue
        step = next(i for i, least in enumerate(HELD) if held[code] >= least)
        parts = [part for part in shapely.get_parts(shape) if shapely.area(part) > SMALLEST_DEG2]
        coarse = shapely.set_precision(shapely.simplify(shapely.MultiPolygon(parts), COARSE_DEG), ROUND_DEG)
        if step and not coarse.is_empty:
            geometry = json.loads(shapely.to_geojson(coarse))
            features.append({"type": "Feature", "properties": {"c": step}, "geometry": geometry})
    return compact({"type": "FeatureCollection", "features": features})


def glyph(kind: str, stage: str) -> str:
    """Return the shape that stands for a site: its rung on the ladder, or a plant."""
    if kind == SiteKind.PLANT:
        return "plant"
    if kind == SiteKind.STOCKPILE:
        return "diamond"
    return next((shape for shape, stages in RUNGS if stage in {one.value for one in stages}), "circle")


def score_colour(total: float, setting: str = "") -> str:
    """Return the fill for a score 0-100; NaN is the grey of "not scored". The seabed is ranked and coloured apart."""
    if not np.isfinite(total):
        return NO_SCORE
    colours = SEABED_COLOURS if setting == Setting.SEABED else SCORE_COLOURS
    return colours[min(int(total // (100 / len(colours))), len(colours) - 1)]


def _note(row: Mapping[Any, Any], total: float, lang: Language) -> str:
    parts = [label(row["kind"], lang), stage_label(row["stage"], lang) if row["stage"] else ""]
    parts += [standing_label(row["standing"], lang) if row["standing"] in STOPPED else ""]
    parts += [country_label(row["country"], row["country_code"], lang)]
    if np.isfinite(total):
        parts.append(f"{label('score', lang)} {number(total, 0, lang)}")
    return " · ".join(part for part in parts if part)


def _site(site_id: str, row: Mapping[Any, Any], total: float, is_part: bool, lang: Language) -> dict[str, Any]:
    is_plant = row["kind"] == SiteKind.PLANT
    is_frame = row["kind"] in FRAMES
    fill = PLANT_COLOURS[row["stage"] in OPERATING] if is_plant else score_colour(total, row["setting"])
    return {
        "id": site_id,
        "name": site_name(row, lang),
        "note": _note(row, total, lang),
        "lon": round(float(row["lon"]), 5),
        "lat": round(float(row["lat"]), 5),
        "glyph": glyph(row["kind"], row["stage"]),
        "fill": "#ffffff" if is_frame else fill,
        "area": AREA,
        "size": 4 if is_frame else 5.5 if is_part or is_plant else 7,
        "stopped": row["stage"] in STOPPED or row["standing"] in STOPPED,
        "z": SMALL_PARTS_ZOOM if is_part else 0,
    }


def site_collection(sites: gpd.GeoDataFrame, totals: pd.Series, lang: Language = "en") -> bytes:
    """Return the sites as the map draws them, the most important last, so that they lie on top.

    Args:
        sites: sites by site_id.
        totals: score 0-100 by site_id; absent or NaN draws as not scored.
        lang: language of names and notes.
    """
    drawn = sites[~sites["kind"].isin(DRAWN_APART)]
    scores = totals.reindex(drawn.index).astype(float)
    shapes = shapely.to_geojson(shapely.set_precision(np.asarray(drawn.geometry.array), 0.0001, mode="pointwise"))
    is_part = drawn["parent_id"].map(sites["kind"]).isin({SiteKind.DEPOSIT.value, SiteKind.ZONE.value})
    features = []
    rows = drawn.drop(columns=drawn.geometry.name).to_dict("records")
    for site_id, row, total, part, shape in zip(drawn.index, rows, scores, is_part, shapes, strict=True):
        features.append({
            "type": "Feature", "geometry": json.loads(shape),
            "properties": _site(str(site_id), row, float(total), bool(part), lang),
        })  # fmt: skip
    order = sorted(features, key=lambda one: (one["properties"]["size"], -one["properties"]["z"]))
    return compact({"type": "FeatureCollection", "features": order})


def _stages(*stages: str) -> dict[str, Any]:
    """Return what a click on a line of the legend shows: sites of these stages alone."""
    return {"stage": list(stages)}


def _ramp(lang: Language, title: str, colours: Sequence[str], where: str) -> dict[str, Any]:
    width = 100 // len(colours)
    spans = [[width * i, width * (i + 1)] for i in range(len(colours))]
    return {
        "title": word(title, lang), "rows": [], "ramp": colours, "ends": [word("low", lang), word("high", lang)],
        "filters": [{"score": span, "where": where} for span in spans],
        "names": [f"{low}–{high}" for low, high in spans],
    }  # fmt: skip


def legend(lang: Language) -> dict[str, Any]:
    """Return the legend: every sign and colour of the map; a line with `filter` shows its sites alone when clicked."""
    rungs = [
        {
            "glyph": shape,
            "fill": "#f5f5f5",
            "text": word(shape, lang),
            "filter": _stages(*(one.value for one in stages)),
        }
        for shape, stages in RUNGS
    ]
    coming = (PlantStatus.PLANNED.value, PlantStatus.BUILDING.value)
    halted = (PlantStatus.IDLED.value, PlantStatus.CANCELLED.value)
    plants: list[dict[str, Any]] = [
        {"glyph": "plant", "fill": PLANT_COLOURS[True], "text": word("running", lang), "filter": _stages(*OPERATING)},
        {"glyph": "plant", "fill": PLANT_COLOURS[False], "text": word("coming", lang), "filter": _stages(*coming)},
        {"glyph": "plant", "fill": PLANT_COLOURS[False], "stopped": True, "text": word("stopped", lang),
         "filter": _stages(*halted)},
    ]  # fmt: skip
    others: list[dict[str, Any]] = [
        {"glyph": "circle", "fill": NO_SCORE, "text": word("unscored", lang)},
        {"glyph": "diamond", "fill": NO_SCORE, "text": word("stockpile", lang)},
        {"glyph": "circle", "fill": "#ffffff", "size": 3, "text": word("frame", lang)},
        {"glyph": "area", "fill": AREA, "text": word("outline", lang)},
        {"glyph": "own", "fill": "#f5f5f5", "text": word("own", lang), "own": True},
    ]
    held: list[dict[str, Any]] = [
        {"glyph": "square", "fill": VEIL, "opacity": opacity, "text": f"≥ {least:.0%}" if least else word("less", lang)}
        for opacity, least in zip(VEILS, HELD, strict=True)
    ]
    return {
        "title": word("legend", lang),
        "hint": word("legend_hint", lang),
        "groups": [
            {"title": word("deposits", lang), "rows": rungs},
            _ramp(lang, "score", SCORE_COLOURS, "land"),
            _ramp(lang, "score_seabed", SEABED_COLOURS, "seabed"),
            {"title": "", "rows": others},
            {"title": word("plants", lang), "rows": plants},
            {"title": word("held", lang), "rows": held},
        ],
    }


def _base(group: str, kind: str, url: str, **style: Any) -> dict[str, Any]:
    return {"pane": "base", "group": group, "type": kind, "url": url, **style}


def _far(url: str) -> dict[str, Any]:
    """Return where an item's coarse shapes are, and from which zoom on its fine ones are drawn."""
    return {"far": url, "near": NEAR_ZOOM} if url else {}


def names_in(content: bytes, codes: Mapping[str, str], lang: Language) -> bytes:
    """Return the points of country names with the names of a language; one that it has no word for stays as it is.

    Args:
        content: GeoJSON, the English name of each country in `n`.
        codes: code of each country by its English name.
        lang: language of the names.
    """
    found = json.loads(content)
    for one in found["features"]:
        name = str(one["properties"]["n"])
        one["properties"]["n"] = country_label(name, codes.get(name, ""), lang)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _over(group: str, kind: str, url: str, **style: Any) -> dict[str, Any]:
    return {"pane": "over", "group": group, "type": kind, "url": url, **style}


def items(urls: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what is drawn, bottom first; what has no address is left out.

    Args:
        urls: address by stem: relief-sea, land, ice, relief-land, borders, country-names, places, and the layers;
            with `-far` behind it, of shapes for a map of the world.
    """
    at = {stem: urls.get(stem, "") for stem in STEMS}
    every = [
        _base("relief", "image", at["relief-sea"], bounds=WHOLE_WORLD, dark={"opacity": 0.12}),
        _base(
            "always",
            "area",
            at["land"],
            fill="#f1ecdf",
            stroke="#74868f",
            width=0.8,
            land=True,
            **_far(urls.get("land-far", "")),
            dark={"fill": "#27313a", "stroke": "#5d6d79"},
        ),
        _base("relief", "image", at["relief-land"], bounds=WHOLE_WORLD, fade=(5, 9), dark={"opacity": 0.1}),
        _base(
            "ice",
            "area",
            at["ice"],
            fill="#ffffff",
            fillOpacity=0.95,
            stroke="#b9cbd8",
            width=0.6,
            dark={"fill": "#46545f", "stroke": "#6d7c88"},
        ),
        _base(
            "coverage",
            "area",
            at["coverage"],
            to=COVERAGE_ZOOM,
            classes=[{"fill": VEIL, "fillOpacity": opacity} for opacity in VEILS],
        ),
        _base("borders", "line", at["borders"], stroke="#7d7285", strokeOpacity=0.6, width=0.8),
        _over(
            "graticule",
            "graticule",
            "graticule",
            stroke="#28506b",
            strokeOpacity=0.2,
            width=0.7,
            dark={"stroke": "#9fb4c4"},
        ),
        _over("heritage", "area", at["heritage"], fill="#117733", fillOpacity=0.16, stroke="#117733", width=1.4),
        _over("eez", "line", at["eez"], stroke="#3b2a5c", width=1.6, dash=[7, 5]),
        _over("sea_lanes", "line", at["sea-lanes"], stroke="#0072B2", strokeOpacity=0.6, width=1.1),
        _over("roads", "line", at["roads"], stroke="#D55E00", width=2),
        _over(
            "rail",
            "line",
            at["rail"],
            stroke="#222222",
            width=1.4,
            dash=[5, 3],
            dark={"stroke": "#c9d1d8"},
            afar=THIN,
            **_far(urls.get("rail-far", "")),
        ),
        _over("power", "point", at["power"], fill="#9a7200", stroke="#ffffff", glyph="bolt", size=6, names=7, thin=22),
        _over(
            "airfields",
            "point",
            at["airfields"],
            fill="#a3487d",
            stroke="#ffffff",
            glyph="plane",
            size=5,
            names=8,
            thin=22,
        ),
        _over(
            "ports", "point", at["ports"], fill="#0072B2", stroke="#ffffff", glyph="anchor", size=5, names=8, thin=22
        ),
        _over("towns", "label", at["country-names"], colour="#5b5262", size=11, caps=True, dark=PALE),
        _over("towns", "label", at["places"], colour="#2b2b2b", size=11.5, dot=True, dark=PALE),
    ]
    return [item for item in every if item["url"]]


THIN = {"width": 0.7, "strokeOpacity": 0.55, "dash": []}  # a railway on a map of the world
PALE = {"colour": "#d5dde4"}  # names on the dark map
ON_MAP = (
    "offline", "dark", "near", "far", "missing", "map", "keys", "cleared", "which", "no_net", "bad_link", "measure",
    "measure_hint", "measured", "area", "area_hint", "picture",
)  # fmt: skip
SWITCHES = (
    ("coverage", True), ("relief", True), ("ice", True), ("borders", True), ("towns", True), ("graticule", True),
    ("eez", True), ("ports", False), ("airfields", False), ("roads", True), ("rail", True), ("power", False),
    ("sea_lanes", False), ("heritage", False),
)  # fmt: skip


def describe(urls: Mapping[str, str], attribution: str, lang: Language) -> bytes:
    """Return the map's description: what is drawn, in which order, with which words.

    Args:
        urls: address by stem, see `items`; `sites` is the sites' own.
        attribution: the credit line of what is shipped.
        lang: language of the words.
    """
    drawn = items(urls)
    groups = {item["group"] for item in drawn}
    for item in drawn:
        item["on"] = item["group"] == "always"
    return compact({
        "words": {key: word(key, lang) for key in ON_MAP},
        "attribution": attribution,
        "items": drawn,
        "switches": [
            {"group": group, "title": word(group, lang), "on": on} for group, on in SWITCHES if group in groups
        ],
        "tiles": [
            {"key": key, "title": word(key, lang), "url": url, "attribution": credit, "zoom": zoom}
            for key, url, credit, zoom in TILES
        ],
        "legend": legend(lang),
        "view": VIEW,
        "lines": LINES,
        "sites": urls["sites"],
        "unknown": nil_label("unknown", lang),
    })  # fmt: skip
