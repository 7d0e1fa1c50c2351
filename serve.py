"""The page's server: the page of app.py, with the data opened before the first visitor comes."""

import contextlib
import importlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import streamlit as st


def warm() -> None:
    """Open the data; the rooms are imported only now, as their caches and components need a server that runs."""
    importlib.import_module("oreway.views.preload").warm()
    importlib.import_module("oreway.views.memory").keep_tidy()


@contextlib.asynccontextmanager
async def opened(_: st.App) -> AsyncIterator[None]:
    """Open the data beside the server, which answers meanwhile."""
    threading.Thread(target=warm, name="warm", daemon=True).start()
    yield


app = st.App(Path(__file__).parent / "app.py", lifespan=opened)
