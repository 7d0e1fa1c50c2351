"""The page's server: the page of app.py, with the data opened before the first visitor comes."""

import asyncio
import contextlib
import importlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from oreway.views.kept_files import KeptFiles

PICTURE = "preview.png"
FIRST_PAGE_S = 0.5
NO_PAGES = ("/_stcore", "/static/", "/component/", "/media/", ".")  # what no reader of links asks for


answered = threading.Event()  # the first page


def warm() -> None:
    """Open the data; the rooms are imported only now, as their caches and components need a server that runs.

    Somebody who came with the server is answered first: importing would hold that up.
    """
    answered.wait(FIRST_PAGE_S)
    preload = importlib.import_module("oreway.views.preload")
    preload.open_map()
    if answered.is_set():
        preload.let_pass()
    preload.open_rest()
    importlib.import_module("oreway.views.memory").keep_tidy()


@contextlib.asynccontextmanager
async def opened(_: st.App) -> AsyncIterator[None]:
    """Open the data beside the server, which answers meanwhile."""
    threading.Thread(target=warm, name="warm", daemon=True).start()
    yield


class Preview:
    """The tags of shared links; the rooms they need are imported with the first page, beside the server."""

    def __init__(self, app: Any) -> None:
        """Stand before the page."""
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass one request on."""
        asked = str(scope.get("path", "")).removesuffix(PICTURE)
        if scope["type"] != "http" or any(part in asked for part in NO_PAGES):
            await self.app(scope, receive, send)
            return
        rooms = await asyncio.to_thread(importlib.import_module, "oreway.views.preview_tags")
        await rooms.PreviewTags(self.app)(scope, receive, send)
        answered.set()


app = st.App(Path(__file__).parent / "app.py", lifespan=opened, middleware=[Middleware(KeptFiles), Middleware(Preview)])
