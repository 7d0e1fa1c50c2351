"""What the browser is told to fetch while the page starts: later parts of its script, the font, the map's files."""

import importlib.util
from functools import lru_cache
from pathlib import Path

import streamlit as st

from oreway.outputs.map.site_map import SCRIPTS
from oreway.outputs.words.translation import Language
from oreway.views import assets
from oreway.views.first_words import part_links

MAP = "map"
FRAME, FRAME_SCRIPTS = "streamlit_folium", "frontend/build/static/js"
FONT = "fonts/NotoSans-Regular.ttf"


@st.cache_resource(show_spinner=False)
def map_files() -> dict[Language, list[str]]:
    """Return where the map's first files are put by language, as addresses of `assets.publish`, once they are made."""
    return {}


def links(lang: Language, is_map: bool) -> str:
    """Return the links for the head of a page; those of the map once the data are open.

    Args:
        lang: language of the page.
        is_map: the page begins with the map.
    """
    told = [part_links()]
    if MAP not in assets.shown():  # before the first page Streamlit serves no file of a component
        return told[0]
    told.append(_link(assets.marked(FONT), "font"))
    files = map_files().get(lang, []) if is_map else []
    told += [_link(url, "fetch") for url in files]
    told += [_link(url, "script") for url in (*frame_scripts(), assets.bundle(SCRIPTS)) if files]
    return "".join(told)


@lru_cache(maxsize=1)
def frame_scripts() -> tuple[str, ...]:
    """Return the scripts of the frame the map stands in, as seen from there.

    The package is not imported: Streamlit takes its component only from a page that runs.
    """
    found = importlib.util.find_spec(FRAME)
    folders = [Path(place) / FRAME_SCRIPTS for place in (found.submodule_search_locations or [])] if found else []
    names = [path.name for folder in folders for path in sorted(folder.glob("main.*.js"))]
    return tuple(f"../{FRAME}.st_folium/static/js/{name}" for name in names)


def _link(url: str, kind: str) -> str:
    mode = "" if kind == "script" else "crossorigin "
    return f'<link rel="preload" as="{kind}" {mode}href="./{assets.page_address(url)}">'
