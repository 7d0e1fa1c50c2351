"""What a phone folds: a long picture to its first rows, a table to its heading; paper and wide screens have all.

The page does not know how wide the screen is: the style sheet folds, a box to tick opens, and nothing is asked again.
"""

import html

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

FEW = 2  # so many texts a phone shows without a box


def clipped(key: str, words: str) -> DeltaGenerator:
    """Return a place whose picture a phone shows the beginning of, until the box below it is ticked."""
    outer = st.container(key=f"clip_{key}")
    with outer:
        inner = st.container()
        _box(words)
    return inner


def folded(key: str, words: str) -> DeltaGenerator:
    """Return a place that a phone shows once the box above it is ticked."""
    outer = st.container(key=f"fold_{key}")
    with outer:
        _box(words)
        return st.container()


def _box(words: str) -> None:
    st.html(f'<label class="oreway-fold"><input type="checkbox"> {html.escape(words)}</label>')
