"""A word in the reader's language while an answer is made for the first time; none where it is at hand."""

import functools
from collections.abc import Callable, Hashable
from typing import ParamSpec, TypeVar

import streamlit as st

from oreway.outputs.words.translation import known_language, translated

P = ParamSpec("P")
T = TypeVar("T")
LANG_KEY = "lang"  # where the session keeps the language of the page


def waiting(words: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Say what is being done while a cached function of hashable arguments makes an answer that it has not made yet.

    Streamlit's own words beside a cache are in one language.

    Args:
        words: the words, a message that is translated.
    """

    def wrap(ask: Callable[P, T]) -> Callable[P, T]:
        made: set[Hashable] = set()

        @functools.wraps(ask)
        def say(*args: P.args, **kwargs: P.kwargs) -> T:
            key = (args, *kwargs.items())
            if key in made:
                return ask(*args, **kwargs)
            with st.spinner(translated(words, known_language(st.session_state.get(LANG_KEY)))):
                answer = ask(*args, **kwargs)
            made.add(key)
            return answer

        return say

    return wrap
