"""The map in one file: a Folium map that carries its scripts, its base map and its sites, and asks no host.

`.save("map.html")` writes a page that opens from disk without a network; a notebook shows it in place.
"""

import base64
import html
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import pandas as pd
from branca.element import Element, Figure, MacroElement
from folium.template import Template

from oreway.layers.catalog import DATA
from oreway.layers.vocabulary import SiteKind
from oreway.outputs.files.export import provenance, site_layer_ids
from oreway.outputs.files.map_files import score_colour
from oreway.outputs.map.weight_panel import WeightPanel, panel_data, whole_values
from oreway.outputs.words.formatting import Language, label, number
from oreway.scoring.world.world import World

SCRIPT, STYLE, LAND = "leaflet.js", "leaflet.css", "base-land.*.geojson"
SEA, GROUND, SHORE = "#dfe9f1", "#f7f5f0", "#b9b2a4"
COARSE_DEGREES = 0.02  # what the base map is drawn to: 2 km, less than a pixel at the zoom it opens with
DECIMALS = 3
RADIUS, PLANT_RADIUS = 7, 5
PLANT = "#5b6b7a"

# what Folium's popups ask of jQuery, which is not shipped: the elements of a piece of HTML
PIECES = "function $(text) { const made = document.createElement('template'); made.innerHTML = text.trim(); " \
         "return made.content.childNodes; }"  # fmt: skip


def _inline(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


class WholeMap(folium.Map):
    """A Folium map without any address in it: Leaflet itself stands in the page."""

    def __init__(self, web: Path = DATA / "web", **options: Any) -> None:
        """Make an empty map; `options` are those of Leaflet's map."""
        super().__init__(tiles=None, prefer_canvas=True, **options)
        self.default_js = [("leaflet", _inline((web / SCRIPT).read_bytes(), "text/javascript"))]
        self.default_css = [("leaflet_css", _inline((web / STYLE).read_bytes(), "text/css"))]
        self._land(web)

    def _land(self, web: Path) -> None:
        source = next(iter(sorted(web.glob(LAND))))
        land = gpd.read_file(source)[["geometry"]]
        land["geometry"] = land.geometry.simplify(COARSE_DEGREES).transform(lambda at: at.round(DECIMALS))
        drawn = land[~land.geometry.is_empty & land.geometry.notna()]
        style = {"color": SHORE, "weight": 0.6, "fillColor": GROUND, "fillOpacity": 1}
        folium.GeoJson(
            json.loads(drawn.to_json()), name="land", style_function=lambda _: style, interactive=False, control=False
        ).add_to(self)

    def render(self, **kwargs: Any) -> str:
        """Render the page; sea behind everything."""
        figure = self.get_root()
        if isinstance(figure, Figure):
            sea = f"<style>.leaflet-container {{ background: {SEA} !important; font: 13px/1.4 sans-serif }}</style>"
            figure.header.add_child(Element(sea), name="sea")
            figure.header.add_child(Element(f"<script>{PIECES}</script>"), name="pieces")
        rendered: str = super().render(**kwargs)  # type: ignore[no-untyped-call]
        return rendered


class Credits(MacroElement):
    """Say in the corner of the map whose data it shows."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this._parent.get_name() }}.attributionControl.setPrefix('Oreway')"
        ".addAttribution({{ this.text|tojson }});{% endmacro %}"
    )

    def __init__(self, lines: Sequence[str]) -> None:
        """Keep the lines, escaped: the corner takes HTML."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Credits"
        self.text = html.escape("; ".join(lines))


def whole_map(sites: gpd.GeoDataFrame, lang: Language = "en", *, world: World | None = None) -> WholeMap:
    """Return sites as a map that needs nothing but itself.

    Args:
        sites: EPSG:4326, indexed by site_id, with name, lon and lat; `total` colours a site by its score, `kind` and
            `summary` are told where they stand. Shapes that are areas or lines are drawn as well.
        lang: language of the words.
        world: the world the sites are of; with it, a reader of the map can move the weights.
    """
    made = WholeMap(location=_middle(sites), zoom_start=2, min_zoom=1)
    markers = {}
    for row in sites.reset_index(names="site_id").to_dict("records"):
        markers[str(row["site_id"])] = _add(made, row, lang)
    if world is not None:
        WeightPanel(panel_data(world, whole_values(world, sites), markers, lang)).add_to(made)
    Credits(_credits(sites)).add_to(made)
    if len(sites) > 1:
        west, south, east, north = sites.total_bounds
        made.fit_bounds([[float(south), float(west)], [float(north), float(east)]])
    return made


def _credits(sites: gpd.GeoDataFrame) -> list[str]:
    if "layer" not in sites.columns:
        return []
    used = [layer_id for layer_id in site_layer_ids() if (sites["layer"] == layer_id).any()]
    told = provenance(used)["attributions"] if used else []
    return [str(line) for line in told] if isinstance(told, list) else []


def _middle(sites: gpd.GeoDataFrame) -> tuple[float, float]:
    """Return (lat, lon), as Folium wants it."""
    return (float(sites["lat"].mean()), float(sites["lon"].mean())) if len(sites) else (25.0, 20.0)


def _add(made: WholeMap, row: Mapping[Any, Any], lang: Language) -> str:
    """Draw a site; return the name its sign has in the map's script."""
    total = float("nan") if row.get("total") is None else float(row["total"])
    is_plant = row.get("kind") == SiteKind.PLANT
    colour = PLANT if is_plant else score_colour(total, str(row.get("setting") or ""))
    shape = row["geometry"]
    told = folium.Popup(_told(row, lang), max_width=320)
    name = html.escape(str(row["name"]))
    tip = name if pd.isna(total) else f"{name} · {number(total, 0, lang)} / 100"
    if shape is not None and shape.geom_type != "Point":
        outline = {"color": colour, "weight": 1.5, "fillColor": colour, "fillOpacity": 0.15}
        folium.GeoJson(shape.__geo_interface__, style_function=lambda _: outline, control=False).add_to(made)
    sign = folium.CircleMarker(
        (float(row["lat"]), float(row["lon"])),
        radius=PLANT_RADIUS if is_plant else RADIUS,
        color="#ffffff",
        weight=1.5,
        fill=True,
        fill_color=colour,
        fill_opacity=0.95,
        popup=told,
        tooltip=tip,
    )
    sign.add_to(made)
    return str(sign.get_name())


def _told(row: Mapping[Any, Any], lang: Language) -> str:
    """Return a place's words as HTML in which everything is escaped."""
    total = row.get("total")
    lines = [f"<b>{html.escape(str(row['name']))}</b> <small>{html.escape(str(row['site_id']))}</small>"]
    if row.get("kind"):
        lines.append(html.escape(label(str(row["kind"]), lang)))
    if total is not None and not pd.isna(total):
        low, high = (number(float(row[key]), 0, lang) for key in ("total_low", "total_high"))
        lines.append(f"{number(float(total), 1, lang)} / 100 ({low}–{high})")
    if row.get("summary"):
        lines.append(html.escape(str(row["summary"])))
    return "<br>".join(lines)
