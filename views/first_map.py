"""What the page holds before its own script is read: the first words, and the map that becomes the page's."""

import re
from typing import Any

import streamlit as st
from jinja2.utils import htmlsafe_json_dumps

from oreway.outputs.map.site_map import SCRIPTS, STYLES, opening
from oreway.outputs.words.translation import Language, translated
from oreway.views import assets, cached
from oreway.views.ahead import FRAME, MAP, map_files
from oreway.views.covered import head_html, whole_head
from oreway.views.embed import WORD
from oreway.views.page_texts import WORDS

SCRIPT = assets.WEB / "oreway-first.js"
ROOT = b'<div id="root">'
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
STYLE = """#oreway-first { position: fixed; inset: 0; z-index: 999980; overflow: auto; padding: 5.1rem 1.6rem 0;
box-sizing: border-box; background: #fff; color: #1a222b; font: 1rem/1.6 "Noto Sans", "Noto Sans JP", sans-serif }
#oreway-first .oreway-head { width: calc(80% - 0.5rem); margin-bottom: 1rem }
#oreway-first h1 { margin: 0; font-weight: 700 } #oreway-first .st-key-map-side { width: calc(62% - 0.5rem) }
@media (max-width: 640px) { #oreway-first .oreway-head, #oreway-first .st-key-map-side { width: 100% }
#oreway-first .oreway-head { margin-bottom: 4.5rem } }
@media screen and (prefers-color-scheme: dark) { #oreway-first { background: #12181e; color: #e6ebf0 } }"""


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
    if main is None or WORD in asked:
        return body
    files = map_files().get(lang, [])
    told: dict[str, Any] = {"lang": lang}
    if files and MAP in assets.shown() and asked <= PLAIN:
        src = main["src"].decode()
        told |= {"main": src, "map": _map(lang, files[0])}
        body = body.replace(main[0], f'<link rel="modulepreload" crossorigin href="{src}">'.encode(), 1)
    words = _head(cached.world().data_version, lang) if files else head_html(lang, translated(WORDS["opening"], lang))
    return body.replace(ROOT, _cover(words, told).encode() + ROOT, 1)


def _cover(words: str, told: dict[str, Any]) -> str:
    sheet = f'<link rel="stylesheet" href="./{assets.page_address(assets.marked(assets.SHEET))}">'
    place = '<div class="st-key-map-side"></div>' if "map" in told else ""
    return (
        f'{sheet if MAP in assets.shown() else ""}<style>{STYLE}</style><div id="oreway-first">{words}{place}'
        f'<script type="application/json">{htmlsafe_json_dumps(told)}</script></div><script>{_script()}</script>'
    )


@st.cache_resource(show_spinner=False)
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")
