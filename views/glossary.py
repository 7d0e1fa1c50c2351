"""What the words of the panel mean: told where one points at them, and as a list on the method page."""

import json

import streamlit as st

from oreway.outputs.words.formatting import class_label, label
from oreway.outputs.words.translation import translated
from oreway.views import cached
from oreway.views.state import language, ui

TERMS = {
    "score": "told_score", "coverage": "told_coverage", "gates": "told_gates", "unfc": "told_unfc",
    "ladder": "told_ladder", "distances": "told_distances", "not_known_heading": "told_not_known",
}  # fmt: skip
# a word is looked up when one comes to it; the list goes with the page, not with each answer
SCRIPT = """<script>(() => {{
  const told = {told};
  const tell = (event) => {{
    const one = event.target.closest && event.target.closest(".oreway-panel :is(summary, th, .bar span, .small)");
    const words = one && !one.title && told[one.textContent.trim()];
    if (words) one.title = words;
  }};
  const kinds = ["mouseover", "focusin"];
  if (window.orewayTells) kinds.forEach((kind) => document.removeEventListener(kind, window.orewayTells));
  window.orewayTells = tell;
  kinds.forEach((kind) => document.addEventListener(kind, tell));
}})();</script>"""


def terms() -> dict[str, str]:
    """Return the words of the panel with what they mean, in the reader's language: its headings, then the criteria."""
    lang, opened = language(), cached.world()
    headings = {label(term, lang): ui(key) for term, key in TERMS.items()}
    criteria = {
        class_label(name, lang, short=True): translated(item.rationale, lang) for name, item in opened.criteria.items()
    }
    return headings | criteria


def tips() -> None:
    """Let the words of the panel say what they mean when one points at them."""
    told = json.dumps(terms(), ensure_ascii=False).replace("<", "\\u003c")
    st.html(SCRIPT.format(told=told), unsafe_allow_javascript=True)


def listed() -> None:
    """List the words of the panel, which a finger cannot point at."""
    st.subheader(ui("glossary"))
    words = {label(term, language()): ui(key) for term, key in TERMS.items()}
    st.markdown("\n".join(f"- **{word}**: {told}" for word, told in words.items()))
