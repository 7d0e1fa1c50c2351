"""What the page holds before its own script is read: the first words, and the map that becomes the page's."""

import re
from typing import Any

import streamlit as st

from oreway.outputs.map.site_map import SCRIPTS, STYLES, opening
from oreway.outputs.words.translation import Language, translated
from oreway.views import assets, cached
from oreway.views.ahead import FRAME, MAP, map_files
from oreway.views.covered import whole_head
from oreway.views.first_words import EMBED, head_html, with_cover
from oreway.views.page_texts import WORDS

MAIN = re.compile(rb'<script type="module" crossorigin src="(?P<src>[\w./-]+)"></script>')
PLAIN = {"lang"}  # an address with more than this asks for another map than the one that stands at first
SRC = f"./component/{FRAME}.st_folium/index.html"
LOOK = {
    "class": "stCustomComponentV1", "data-testid": "stCustomComponentV1", "title": f"{FRAME}.st_folium",
    "scrolling": "no", "style": "border: none; color-scheme: normal; width: 100%",
    "sandbox": "allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-same-origin allow-scripts "
    "allow-downloads",
}  # fmt: skip
HEIGHT = 690


@st.cache_resource(show_spinner=False)
def _map(lang: Language, url: str) -> dict[str, Any]:
    """Return what the map's frame is told first, which is what the page tells it, but for the choice."""
    args = {
        "script": opening(url, lang), "html": "", "header": "", "height": HEIGHT, "width": None, "default": {},
        "returned_objects": [], "js_links": [assets.bundle(SCRIPTS)],
        "css_links": [assets.marked(name) for name in STYLES], "feature_group": None, "layer_control": None,
        "return_on_hover": False, "pixelated": False, "zoom": None, "center": None,
    }  # fmt: skip
    return {"src": SRC, "frame": LOOK | {"height": str(HEIGHT)}, "args": args}


@st.cache_resource(show_spinner=False)
def _head(version: str, lang: Language) -> str:  # noqa: ARG001 - the cache's key
    return whole_head(cached.world().sites, lang)


def with_first(body: bytes, lang: Language, asked: set[str]) -> bytes:
    """Return the map page's HTML with what stands there until Streamlit has made the page.

    Streamlit's script waits for the map. Before the data are open, and for an address that asks for more than a
    language, what stands there is words alone; a frame in somebody else's page has none.

    Args:
        body: the page as Streamlit sends it.
        lang: language of the page.
        asked: the words of the address.
    """
    main = MAIN.search(body)
    if main is None or EMBED in asked:
        return body
    files = map_files().get(lang, [])
    told: dict[str, Any] = {"lang": lang}
    if files and MAP in assets.shown() and asked <= PLAIN:
        src = main["src"].decode()
        told |= {"main": src, "map": _map(lang, files[0])}
        body = body.replace(main[0], f'<link rel="modulepreload" crossorigin href="{src}">'.encode(), 1)
    sheet = f'<link rel="stylesheet" href="./{assets.page_address(assets.marked(assets.SHEET))}">'
    words = _head(cached.world().data_version, lang) if files else head_html(lang, translated(WORDS["opening"], lang))
    return with_cover(
        body, words, told, sheet=sheet if MAP in assets.shown() else "",
        place='<div class="st-key-map-side"></div>' if "map" in told else "",
    )  # fmt: skip
