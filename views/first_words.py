"""What stands on a page before Streamlit's script is read, as far as it can be told without the rooms that answer.

These take seconds to import when the server starts, beside it. Until they are there a page has its title and its first
words.
"""

import dataclasses
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from jinja2.utils import htmlsafe_json_dumps

from oreway.layers.catalog import DATA
from oreway.outputs.words.translation import Language, translated
from oreway.views.page_texts import WORDS

STATIC = Path(st.__file__).parent / "static"
# the parts of Streamlit's script that a page of ours asks for one after the other, as its elements come
PARTS = ("Html", "ButtonGroup", "ComponentInstance", "Selectbox", "Button", "DownloadButton")
IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
SCRIPT = DATA / "web" / "oreway-first.js"
ROOT = b'<div id="root">'
EMBED = "embed"  # the word of an address that asks for a page for a frame in somebody else's page
STYLE = """#oreway-first { position: fixed; inset: 0; z-index: 999980; overflow: auto; padding: 5.1rem 1.6rem 0;
box-sizing: border-box; background: #fff; color: #1a222b; font: 1rem/1.6 "Noto Sans", "Noto Sans JP", sans-serif }
#oreway-first .oreway-head { width: calc(80% - 0.5rem); margin-bottom: 1rem }
#oreway-first h1 { margin: 0; font-weight: 700 } #oreway-first .st-key-map-side { width: calc(62% - 0.5rem) }
@media (max-width: 640px) { #oreway-first .oreway-head, #oreway-first .st-key-map-side { width: 100% }
#oreway-first .oreway-head { margin-bottom: 4.5rem } }
@media screen and (prefers-color-scheme: dark) { #oreway-first { background: #12181e; color: #e6ebf0 } }"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rooms:
    """What the rooms that answer can say of a page before its script is read.

    links: the links for the head of a page, told its language and whether it begins with the map. first: the map
    page's HTML with what stands there first, told its language and the words of the address.
    """

    links: Callable[[Language, bool], str]
    first: Callable[[bytes, Language, set[str]], bytes]


@st.cache_resource(show_spinner=False)
def rooms() -> list[Rooms]:
    """Return the rooms once they are there: none at first."""
    return []


@lru_cache(maxsize=1)
def parts() -> tuple[str, ...]:
    """Return the files of PARTS and all they import, less what the page names itself; none where they are not known."""
    folder = STATIC / "static" / "js"
    named = (STATIC / "index.html").read_text(encoding="utf-8")
    todo = [path.name for part in PARTS for path in folder.glob(f"{part}.*.js")]
    found: dict[str, None] = {}
    while todo:
        name = todo.pop()
        if name in found or name in named or not (folder / name).is_file():
            continue
        found[name] = None
        todo += IMPORTED.findall((folder / name).read_text(encoding="utf-8"))
    return tuple(found)


def part_links() -> str:
    """Return the links for the head of a page to the parts of Streamlit's script it will ask for."""
    return "".join(f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in parts())


def head_html(lang: Language, about: str, covered: str = "") -> str:
    """Return the first words of the page as HTML."""
    more = f"<p>{covered}</p>" if covered else ""
    return f'<div class="oreway-head"><h1>{translated(WORDS["welcome"], lang)}</h1> <small>{about}</small>{more}</div>'


def with_words(body: bytes, lang: Language, asked: set[str]) -> bytes:
    """Return the map page's HTML with its first words; a frame in somebody else's page has none.

    Args:
        body: the page as Streamlit sends it.
        lang: language of the page.
        asked: the words of the address.
    """
    if EMBED in asked:
        return body
    return with_cover(body, head_html(lang, translated(WORDS["opening"], lang)), {"lang": lang})


def with_cover(body: bytes, words: str, told: Mapping[str, Any], *, sheet: str = "", place: str = "") -> bytes:
    """Return a page's HTML with what covers it until Streamlit has made it.

    Args:
        body: the page as Streamlit sends it.
        words: HTML of the first words.
        told: what the cover's script is told.
        sheet: HTML that brings the page's style, if that is served already.
        place: HTML of where the map stands, if one does.
    """
    cover = (
        f'{sheet}<style>{STYLE}</style><div id="oreway-first">{words}{place}'
        f'<script type="application/json">{htmlsafe_json_dumps(told)}</script></div><script>{_script()}</script>'
    )
    return body.replace(ROOT, cover.encode() + ROOT, 1)


@lru_cache(maxsize=1)
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")
