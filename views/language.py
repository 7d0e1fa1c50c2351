"""The top line of every page: the language, and the link to what is shown; all that was chosen stays."""

import html
import json

import streamlit as st

from oreway.outputs.words.translation import LANGUAGES, SOURCE, Language, translated
from oreway.views import state
from oreway.views.assets import marked, page_address, publish
from oreway.views.page_texts import WORDS
from oreway.views.state import ui
from oreway.views.streamlit_texts import STREAMLITS, TYPED
from oreway.views.waiting import LANG_KEY

WORDS_SCRIPT = "oreway-words.js"
SHARE = """<button type="button" class="oreway-share" title="{share}" aria-label="{share}">{share}</button><script>
(() => {{
  const button = document.querySelector(".oreway-share");
  button.onclick = () => {{
    const done = () => {{ button.textContent = {shared}; setTimeout(() => {{ button.textContent = {word}; }}, 2000); }};
    const by_hand = () => window.prompt({by_hand}, location.href);
    if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(done, by_hand); else by_hand();
  }};
}})();</script>"""  # what is kept on this device is the address alone, which the reader sees


TURNED = """<script>((page) => {{ page.documentElement.lang = "{lang}";  // page {path}
if (window.orewayTurn) window.orewayTurn("{words}");
else page.head.append(Object.assign(page.createElement("script"), {{ src: "{script}",
  onload: () => window.orewayTurn("{words}") }})); }})(document);</script>"""


@st.cache_resource(show_spinner=False)
def streamlits(lang: Language) -> str:
    """Publish Streamlit's own English words with ours of a language; return the address as seen from the page."""
    told = {} if lang == SOURCE else {text: translated(text, lang) for text in STREAMLITS}
    told[TYPED] = translated(WORDS["find_typed"], lang)
    return page_address(publish(f"words-{lang}", json.dumps(told, ensure_ascii=False).encode(), "json"))


def turned(path: str, lang: Language) -> str:
    """Return the script of a page that was turned to: it tells the language and closes a phone's drawer of pages."""
    return TURNED.format(
        lang=lang, path=path or "map", words=streamlits(lang), script=page_address(marked(WORDS_SCRIPT))
    )


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
