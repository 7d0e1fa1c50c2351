"""Where the browser finds the map's files: those of data/web, and those made from the data when the page starts.

Both folders are served as the files of a Streamlit component, next to the one that draws the map; so the addresses are
relative, and hold behind any host, port or base path.
"""

import atexit
import contextlib
import hashlib
import shutil
import tempfile
import time
from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components

from oreway.layers.catalog import DATA, verified_path
from oreway.outputs.files.files import write_whole
from oreway.outputs.files.map_files import file_name

WEB = DATA / "web"
SHEET = "oreway-page.css"
PASSING, KEPT_S = ("own-", "picture-", "surface-"), 86_400.0


@st.cache_resource(show_spinner=False)
def serve_files() -> None:
    """Serve data/web and what is made; Streamlit takes this only from a page that runs."""
    components.declare_component("web", path=str(WEB))
    components.declare_component("made", path=str(_made_folder()))


@st.cache_resource(show_spinner=False)
def shown() -> set[str]:
    """Return which parts a page has shown since the server started: what they need is served from then on."""
    return set()


def assets_url() -> str:
    """Return the address of data/web as seen from the map."""
    return f"../{__name__}.web"


@st.cache_resource(show_spinner=False)
def _made_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="oreway-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def publish(stem: str, content: bytes, ending: str = "geojson") -> str:
    """Put content where the browser can fetch it; return the address, which changes with the content.

    The file appears whole or not at all.

    Args:
        stem: what the file is about, words joined by hyphens.
        content: the file.
        ending: its ending, which chooses the content type.
    """
    name = file_name(stem, content, ending)
    path = _made_folder() / name
    if path.exists():
        path.touch()
    else:
        _forget_old()
        write_whole(path, content)
    return f"../{__name__}.made/{name}"


@st.cache_resource(show_spinner=False)
def page_style() -> str:
    """Return the page's style as a few bytes: the sheet itself is fetched once, not sent with every answer."""
    return f'<style>@import url("{page_address(marked(SHEET))}");</style>'


@st.cache_resource(show_spinner=False)
def marked(name: str) -> str:
    """Return the address of a file of data/web as seen from the map, with the mark of its content."""
    return f"{assets_url()}/{name}?v={hashlib.sha256((WEB / name).read_bytes()).hexdigest()[:8]}"


@st.cache_resource(show_spinner=False)
def bundle(scripts: tuple[str, ...]) -> str:
    """Publish scripts of data/web as one file, in their order; the browser would fetch them one after the other."""
    return publish("map-scripts", b"\n;\n".join((WEB / name).read_bytes() for name in scripts), "js")


def shipped(dataset_id: str) -> str:
    """Return the address of a catalogued file of data/web.

    Raises:
        CatalogError: it is missing or its checksum is wrong.
    """
    return f"{assets_url()}/{verified_path(dataset_id).relative_to(WEB).as_posix()}"


def _take_back(urls: list[str]) -> None:
    for url in urls:
        withdraw(url)


@st.cache_resource(scope="session", on_release=_take_back, show_spinner=False)
def private_files() -> list[str]:
    """Return the addresses of this session's own files; they are taken back when the session ends."""
    return []


def page_address(url: str) -> str:
    """Return an address of `publish` as seen from the page instead of from the map."""
    return url.replace("..", "component", 1)


def _forget_old() -> None:
    """Remove pictures and users' own files that nobody has asked for since yesterday."""
    limit = time.time() - KEPT_S
    for path in _made_folder().iterdir():
        with contextlib.suppress(FileNotFoundError):  # another thread was quicker
            if path.name.startswith(PASSING) and path.stat().st_mtime < limit:
                path.unlink()


def withdraw(url: str) -> None:
    """Take back what `publish` has put there; an empty address is nothing."""
    if url:
        (_made_folder() / url.rsplit("/", 1)[-1]).unlink(missing_ok=True)
