"""Files that never change under their address: compressed once, kept in memory, and by the browser for ever."""

import asyncio
import gzip
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]
# Streamlit's own bundle, and what is named by its content: `-<mark>.geojson`, `.<mark>.js`, `?v=<mark>`
OURS = re.compile(r"/static/(js|css|media)/|/component/")
MARKED = re.compile(r"[-.][\w-]*[0-9a-f]{8,16}\.\w+$|/static/(js|css|media)/")
MARK = re.compile(rb"(^|&)v=[0-9a-f]{8,16}(&|$)")
PASSING = re.compile(r"/(own|picture|surface)-[^/]*$")  # a visitor's own, taken back when it leaves
FOR_EVER = b"public, max-age=31536000, immutable"
LEVEL, WORTH = 6, 0.9
OTHER = {b"content-length", b"cache-control", b"content-encoding", b"etag", b"last-modified", b"vary"}


def lasts(path: str, query: bytes) -> bool:
    """Tell whether what an address names can never change.

    >>> lasts("/component/a.made/sites-en-97a9090cdd0653e8.geojson", b""), lasts("/component/a.web/oreway.css", b"")
    (True, False)
    >>> lasts("/component/a.web/oreway.css", b"v=b1c179ad"), lasts("/component/a.made/own-97a9090cdd0653e8.json", b"")
    (True, False)
    """
    if not OURS.search(path) or PASSING.search(path):
        return False
    return bool(MARKED.search(path) or MARK.search(query))


class KeptFiles:
    """Between the server and the browser: such a file is read and compressed for the first who asks, then kept."""

    def __init__(self, app: App) -> None:
        """Stand before an ASGI app."""
        self.app = app
        self.kept: dict[str, tuple[list[tuple[bytes, bytes]], bytes]] = {}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass one request on, or answer it from what is kept."""
        if not _wanted(scope):
            await self.app(scope, receive, send)
            return
        path = str(scope["path"])
        if path not in self.kept and not await self._keep(path, scope, receive, send):
            return
        headers, body = self.kept[path]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _keep(self, path: str, scope: Message, receive: Receive, send: Send) -> bool:
        """Fetch a file and keep it; what is no whole file is passed on instead. Tell which."""
        held: list[Message] = []

        async def hold(message: Message) -> None:
            held.append(message)

        plain = [(key, value) for key, value in scope["headers"] if key not in {b"accept-encoding", b"if-none-match"}]
        await self.app({**scope, "headers": plain}, receive, hold)
        told = dict(held[0]["headers"])
        body = b"".join(message.get("body", b"") for message in held[1:])
        is_whole = len(body) == int(told.get(b"content-length", len(body)))
        if held[0]["status"] != 200 or told.get(b"content-type", b"").startswith(b"text/html") or not is_whole:
            for message in held:
                await send(message)
            return False
        small = await asyncio.to_thread(gzip.compress, body, LEVEL, mtime=0)
        headers = [(key, value) for key, value in held[0]["headers"] if key.lower() not in OTHER]
        headers += [(b"cache-control", FOR_EVER), (b"vary", b"accept-encoding")]
        if len(small) < WORTH * len(body):
            body, headers = small, [*headers, (b"content-encoding", b"gzip")]
        self.kept[path] = ([*headers, (b"content-length", str(len(body)).encode())], body)
        return True


def _wanted(scope: Message) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or not lasts(str(scope["path"]), scope["query_string"]):
        return False
    headers = dict(scope["headers"])
    return b"range" not in headers and b"gzip" in headers.get(b"accept-encoding", b"")
