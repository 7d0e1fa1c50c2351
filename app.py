"""The browser face: the pages and nothing else."""

from pathlib import Path

import streamlit as st

from views.assets import assets_url, page_style
from views.state import restore, ui

VIEWS = Path(__file__).parent / "views"


def main() -> None:
    """Show the page the address names."""
    st.set_page_config(page_title="Oreway", page_icon=str(VIEWS.parent / "data" / "web" / "icon.svg"), layout="wide")
    assets_url()
    restore()
    pages = [
        st.Page(VIEWS / "explore.py", title=ui("explore"), url_path="map", default=True),
        st.Page(VIEWS / "rank.py", title=ui("rank"), url_path="rank"),
        st.Page(VIEWS / "site.py", title=ui("site"), url_path="site"),
        st.Page(VIEWS / "sources.py", title=ui("sources"), url_path="sources"),
        st.Page(VIEWS / "method.py", title=ui("method"), url_path="method"),
    ]
    st.html(page_style())
    st.navigation(pages, position="top").run()


main()
