"""The head of the page that is sent: what a shared link shows before it is opened, and what is fetched at once."""

import asyncio
import html
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

from oreway.later import later
from oreway.layers.catalog import DATA
from oreway.outputs.words.translation import LANGUAGES, Language, known_language, translated
from oreway.views.first_words import part_links, rooms, with_words
from oreway.views.page_texts import WORDS

with later(__name__):
    from oreway.layers.read import read_sites

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
MAP = "explore"
OLD_TITLE, NAME = b"<title>Streamlit</title>", "Oreway"
PAGES = {
    "explore", "story", "rank", "compare", "site", "supply", "what_if", "my_sites", "said", "prices", "balance",
    "sources", "method",
}  # fmt: skip
PATHS = {"": "explore", "map": "explore", "what-if": "what_if", "my-sites": "my_sites", "claims": "said",
         "price": "prices"}  # fmt: skip
SITE_AT_MOST = 80
# the server answers beside the page: else Streamlit's script asks below it first, in vain
SERVED_BESIDE = '<script>window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href };</script>'
OLD_FONT = re.compile(rb"<link\s+rel=\"preload\"[^>]*as=\"font\"[^>]*/>\s*")
PICTURE = DATA / "web" / "preview.png"  # made by scripts/pictures.py


@lru_cache(maxsize=len(LANGUAGES))
def site_names(lang: Language) -> Mapping[str, str]:
    """Return the sites' names in a language by site_id."""
    sites = read_sites()
    told = sites[LANGUAGES[lang].names]
    return {str(key): str(name) for key, name in told.where(told != "", sites["name"]).items()}


def page_of(path: str) -> str:
    """Return the key of the page a path names, in `page_texts.WORDS`; "" for any other path."""
    last = path.rstrip("/").rpartition("/")[2]
    page = PATHS.get(last, last)
    return page if page in PAGES else ""


def picture_at(scope: Message) -> str:
    """Return the whole address of the picture of shared links, beside the page that was asked for; "" for no host."""
    headers = {key: value.decode("latin-1") for key, value in scope["headers"]}
    host = headers.get(b"host", "")
    scheme = headers.get(b"x-forwarded-proto", str(scope.get("scheme", "http")))
    folder = str(scope["path"]).rpartition("/")[0]
    return f"{scheme}://{host}{folder}/{PICTURE.name}" if host else ""


def asked_language(query: str) -> Language:
    """Return the language of an address by what stands behind its question mark."""
    return known_language(parse_qs(query).get("lang", [""])[-1])


def tags(path: str, query: str, picture: str = "") -> str:
    """Return title and preview tags of an address; what is not known of it leaves the name of the page alone.

    Args:
        path: of the page.
        query: what stands behind its question mark.
        picture: the whole address of its picture, if it has one.
    """
    asked, lang = parse_qs(query), asked_language(query)
    word = WORDS.get(page_of(path), "")
    wanted = asked.get("site", [""])[-1][:SITE_AT_MOST]
    site = site_names(lang).get(wanted, "") if wanted else ""  # names take the layers, which come later than the server
    parts = [site, translated(word, lang) if word else "", NAME]
    title = html.escape(" · ".join(part for part in parts if part), quote=True)
    about = html.escape(translated(WORDS["welcome"], lang), quote=True)
    address = html.escape(picture, quote=True)
    shown = f'<meta property="og:image" content="{address}"><meta property="og:image:alt" content="{about}">'
    card, shown = ("summary_large_image", shown) if picture else ("summary", "")
    return (
        f'<title>{title}</title><meta name="description" content="{about}">'
        f'<meta property="og:site_name" content="{NAME}"><meta property="og:type" content="website">'
        f'<meta property="og:title" content="{title}"><meta property="og:description" content="{about}">'
        f'<meta property="og:locale" content="{LANGUAGES[lang].dates}">'
        f'<meta name="twitter:card" content="{card}">{shown}'
    )


async def _send_picture(send: Send) -> None:
    content = await asyncio.to_thread(PICTURE.read_bytes)
    headers = [
        (b"content-type", b"image/png"), (b"content-length", str(len(content)).encode()),
        (b"cache-control", b"public, max-age=86400"),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _with_first(body: bytes, path: str, query: str) -> bytes:
    """Return a page's HTML with what is fetched at once and, where it begins with the map, what stands there first."""
    lang, is_map, there = asked_language(query), page_of(path) == MAP, rooms()
    links = there[0].links(lang, is_map) if there else part_links()
    if not is_map and not path.endswith("/"):
        links = f"{SERVED_BESIDE}{links}"
    body = body.replace(b"</head>", links.encode() + b"</head>", 1)
    if not is_map:
        return body
    return (there[0].first if there else with_words)(body, lang, set(parse_qs(query)))


class PreviewTags:
    """Between the server and the browser: pages of HTML get the tags of their address, all else passes untouched."""

    def __init__(self, app: Callable[[Message, Receive, Send], Awaitable[None]]) -> None:
        """Stand before an ASGI app."""
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] == "http" and str(scope["path"]).endswith(f"/{PICTURE.name}"):
            await _send_picture(send)
            return
        if scope["type"] != "http" or scope["method"] != "GET" or not page_of(str(scope["path"])):
            await self.app(scope, receive, send)
            return
        plain = [(key, value) for key, value in scope["headers"] if key != b"accept-encoding"]
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        await self.app({**scope, "headers": plain}, receive, hold)
        body = b"".join(message.get("body", b"") for message in held[1:])
        if OLD_TITLE in body:
            path, query = str(scope["path"]), scope["query_string"].decode("latin-1")
            told = await asyncio.to_thread(tags, path, query, picture_at(scope))
            body = OLD_FONT.sub(b"", body.replace(OLD_TITLE, told.encode()), count=1)
            body = await asyncio.to_thread(_with_first, body, path, query)
        headers = [(key, value) for key, value in held[0]["headers"] if key not in {b"content-length", b"etag"}]
        await send({**held[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]})
        await send({"type": "http.response.body", "body": body})
