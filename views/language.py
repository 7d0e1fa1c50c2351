"""The top line of every page: the language, and the link to what is shown; all that was chosen stays."""

import html
import json

import streamlit as st

from oreway.outputs.words.translation import LANGUAGES
from oreway.views import state
from oreway.views.state import ui
from oreway.views.waiting import LANG_KEY

SHARE = """<button type="button" class="oreway-share" title="{share}" aria-label="{share}">{share}</button><script>
(() => {{
  const button = document.querySelector(".oreway-share");
  button.onclick = () => {{
    const done = () => {{ button.textContent = {shared}; setTimeout(() => {{ button.textContent = {word}; }}, 2000); }};
    const by_hand = () => window.prompt({by_hand}, location.href);
    if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(done, by_hand); else by_hand();
  }};
}})();</script>"""  # what is kept on this device is the address alone, which the reader sees


TURNED = """<script>document.documentElement.lang = "{lang}";  // page {path}
(() => {{
  const drawer = document.querySelector('[data-testid="stSidebar"][data-collapsed="false"]');
  const close = document.querySelector('[data-testid="stSidebarCollapseButton"] button');
  if (drawer && close && window.innerWidth <= 768) close.click();
}})();</script>"""


def turned(path: str, lang: str) -> str:
    """Return the script of a page that was turned to: it tells the language and closes a phone's drawer of pages."""
    return TURNED.format(lang=lang, path=path or "map")


def share() -> None:
    """Show the button that copies the address: it holds everything but the reader's own sites."""
    words = {name: json.dumps(ui(key)) for name, key in (("shared", "shared"), ("word", "share"),
                                                         ("by_hand", "share_by_hand"))}  # fmt: skip
    st.html(SHARE.format(share=html.escape(ui("share")), **words), unsafe_allow_javascript=True, width="content")


def switch() -> None:
    """Show the languages; the style sheet puts them into the page's top line."""
    with st.container(key="language", horizontal=True, vertical_alignment="center"):
        share()
        st.segmented_control(
            ui("language"), list(LANGUAGES), key=LANG_KEY, on_change=state.take_language, required=True,
            format_func=lambda code: LANGUAGES[code].name, label_visibility="collapsed",
        )  # fmt: skip
