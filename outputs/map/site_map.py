"""The Folium map of every site: works with no internet, and changes with a choice without being drawn again.

The map's script is a few lines and never changes, so Streamlit never mounts it again. What it shows comes by address
(`outputs.files.map_files`), and what a choice changes comes in a small `Choice`. No text of a site ever stands in a
script other than as JSON, and the scripts in data/web put it on the page as text only.
"""

import hashlib
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import folium
import pandas as pd
from branca.element import Figure, MacroElement
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps

from oreway.layers.catalog import DATA
from oreway.outputs.words.formatting import Language, class_label, kilometres, km
from oreway.outputs.words.map_texts import word
from oreway.outputs.words.reason_texts import name_of

SCRIPTS = (
    "leaflet.js", "oreway-paint.js", "oreway-own.js", "oreway-keep.js", "oreway-keys.js", "oreway-tools.js",
    "oreway-map.js",
)  # fmt: skip
STYLES = ("leaflet.css", "oreway.css")
NAMELESS = {"coast", "ice"}  # lines, not places: their own words say it all
SAME_PLACE_KM = 3.0


class OfflineMap(folium.Map):
    """A Folium map that asks no other host for its scripts and styles; its own script goes with every answer."""

    _template = Template(
        "{% macro html(this, kwargs) %}"
        '<div class="folium-map" id={{ this.get_name()|tojson }} ></div>'
        "{% endmacro %}{% macro script(this, kwargs) %}"
        "var {{ this.get_name() }} = L.map({{ this.get_name()|tojson }}, "
        "oreway.options);"
        "{% endmacro %}"
    )

    def __init__(self, assets_url: str, web: Path, scripts: str = "", **options: Any) -> None:
        """Make an empty map.

        Args:
            assets_url: where the browser finds the files of data/web, without a slash at the end.
            scripts: where it finds SCRIPTS as one file; each is fetched by itself, one after the other, by default.
            web: the folder those files are in; their content marks their address, so that no stale copy is used.
            options: options of Folium's map; those of Leaflet's stand in oreway-map.js.
        """
        super().__init__(tiles=None, **options)
        self.default_js = [(name, _marked(assets_url, web, name)) for name in SCRIPTS]
        if scripts:
            self.default_js = [("map-scripts", scripts)]
        self.default_css = [(name, _marked(assets_url, web, name)) for name in STYLES]

    def render(self, **kwargs: Any) -> str:
        """Render the map without Folium's own head, which the page has: it would go with each answer."""
        rendered: str = super().render(**kwargs)  # type: ignore[no-untyped-call]
        figure = self.get_root()
        if isinstance(figure, Figure):
            figure.header._children.clear()
        return rendered


class Start(MacroElement):
    """Hand the address of the map's description to the script that draws it."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "oreway.start({{ this._parent.get_name() }}, {{ this.url|tojson }}, {{ this.loading|tojson }});{% endmacro %}"
    )

    def __init__(self, url: str, loading: str) -> None:
        """Keep the address, and what is said until the map stands."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Start"
        self.url = url
        self.loading = loading


def opening(url: str, lang: Language = "en") -> str:
    """Return the script of `site_map` as the page's frame runs it, for a frame that stands before the page does.

    Args:
        url: where the browser finds the map's description.
        lang: language of what is said until the map stands.
    """
    given = ", ".join(str(htmlsafe_json_dumps(one)) for one in (url, word("loading", lang)))
    return f'var map_div = L.map("map_div", oreway.options);oreway.start(map_div, {given});'


class Choice(folium.FeatureGroup):
    """What the user's choice changes on the map: the chosen place, its lines and the filter."""

    _template = Template(
        "{% macro script(this, kwargs) %}var {{ this.get_name() }} = "
        "oreway.show({{ this._parent.get_name() }}, {{ this.told }});{% endmacro %}"
    )

    def __init__(self, state: dict[str, Any]) -> None:
        """Keep the state, a JSON document."""
        super().__init__(name="choice", control=False, show=False)
        self._name = "FeatureGroup"
        self.told = htmlsafe_json_dumps(state, separators=(",", ":"), ensure_ascii=False)


def _marked(assets_url: str, web: Path, name: str) -> str:
    mark = hashlib.sha256((web / name).read_bytes()).hexdigest()[:8]
    return f"{assets_url}/{name}?v={mark}"


def site_map(
    assets_url: str, description_url: str, web: Path = DATA / "web", *, scripts: str = "",
    lang: Language = "en",
) -> OfflineMap:  # fmt: skip
    """Return the map; everything on it is fetched by the browser from `description_url`.

    Args:
        assets_url: where the browser finds the files of data/web.
        description_url: where it finds the map's description (`outputs.files.map_files.describe`).
        web: the folder of the assets.
        scripts: where it finds SCRIPTS as one file.
        lang: language of what is said until the map stands.
    """
    made = OfflineMap(assets_url, web, scripts, font_size="12px")
    Start(description_url, word("loading", lang)).add_to(made)
    return made


def line_rows(nearest: pd.DataFrame, lang: Language = "en") -> list[dict[str, Any]]:
    """Return the lines from a place to what is nearest, as the map draws them.

    Args:
        nearest: rows of `scoring.measure.measure.nearest`; rows without a distance draw nothing.
        lang: language of the labels.
    """
    found = nearest[nearest["distance_km"].notna() & nearest["lon"].notna()]
    found = found.assign(last=found["class"].isin(NAMELESS)).sort_values(["last", "distance_km"], kind="stable")
    lines: dict[tuple[str, str], dict[str, Any]] = {}
    for row in found.to_dict("records"):
        words = class_label(row["class"], lang, short=True)
        name = "" if row["class"] in NAMELESS else name_of(row["name"] or "", lang)
        same = lines.get((name, words if not name else ""))
        if same is not None and row["distance_km"] - same["km"] < SAME_PLACE_KM:
            same["words"] += f", {words}"
            continue
        lines[name, words if not name else ""] = {
            "lon": round(float(row["lon"]), 4),
            "lat": round(float(row["lat"]), 4),
            "words": words,
            "name": name,
            "km": float(row["distance_km"]),
            "shown": _distance(row, lang),
            "class": row["class"],
        }
    return [_labelled(line) for line in lines.values()]


def _labelled(line: dict[str, Any]) -> dict[str, Any]:
    words = " ".join(part for part in (line["words"], line["name"]) if part)
    drawn = {key: line[key] for key in ("lon", "lat", "class")}
    return {**drawn, "text": f"{words} · {line['shown']}".replace("\u00a0", " ")}  # a label never breaks: fewer bytes


def _distance(row: Mapping[Hashable, Any], lang: Language) -> str:
    """Return the distance, or its bounds where no more than bounds is known."""
    if row["method"] == "interval":
        return f"{kilometres(row['low_km'], lang)}–{km(row['high_km'], lang)}"
    return km(row["distance_km"], lang)


def filter_state(shown: Sequence[str], every: Sequence[str]) -> dict[str, list[str] | None]:
    """Return the shorter way of saying which sites are shown: their ids, or the ids of those that are not."""
    keep = set(shown)
    hidden = [site_id for site_id in every if site_id not in keep]
    return {"shown": None, "hidden": hidden} if len(hidden) <= len(keep) else {"shown": list(shown), "hidden": []}
