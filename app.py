"""The browser face: the pages and nothing else."""

from pathlib import Path

import streamlit as st

from oreway.views import address
from oreway.views.assets import page_style, serve_files
from oreway.views.embed import dress, unframed
from oreway.views.language import switch, turned
from oreway.views.start import title
from oreway.views.state import language, restore, take_language_first, ui

VIEWS = Path(__file__).parent / "views"
PAGES = {"explore": "map", "story": "story", "rank": "rank", "compare": "compare", "site": "site", "supply": "supply",
         "prices": "price", "balance": "balance", "what_if": "what-if", "my_sites": "my-sites", "said": "claims",
         "sources": "sources", "method": "method"}  # fmt: skip


def main() -> None:
    """Show the page the address names."""
    st.set_page_config(page_icon=str(VIEWS.parent / "data" / "web" / "icon.svg"), layout="wide")
    serve_files()
    take_language_first()
    pages = [
        st.Page(VIEWS / f"{name}.py", title=ui(name), url_path=path, default=name == "explore")
        for name, path in PAGES.items()
    ]
    st.html(page_style())
    page = st.navigation(pages, position=dress(str(VIEWS.parent / "data" / "web" / "wordmark.svg")))
    restore(page.url_path)
    st.html(turned(page.url_path, language()), unsafe_allow_javascript=True)
    title(page.title)
    with unframed("language"):
        switch()
    page.run()
    address.write()


main()
