"""Texts in the reader's language: English stands in the code, other languages in gettext catalogues in `locale/`."""

import gettext
import io
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
SOURCE: Language = "en"
LOCALE, DOMAIN = Path(__file__).parents[1] / "locale", "oreway"
REFUSAL = "refusal"
CONTEXT_END = "\x04"


def message(text: str) -> str:
    """Mark an English text to be translated, and return it; `make words` finds it by this call."""
    return text


def message_in(context: str, text: str) -> str:
    """Mark an English text that another language says differently here; return it with its context before it."""
    return f"{context}{CONTEXT_END}{text}"


def catalogue_path(lang: str, locale: Path = LOCALE) -> Path:
    """Return where the catalogue of a language lies."""
    return locale / lang / "LC_MESSAGES" / f"{DOMAIN}.po"


@lru_cache
def _read(lang: Language) -> Catalog:
    with catalogue_path(lang).open("rb") as source:
        return read_po(source, locale=lang, domain=DOMAIN)


@lru_cache
def _compiled(lang: Language) -> gettext.NullTranslations:
    if lang == SOURCE:
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, _read(lang))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def texts_in(context: str, lang: Language) -> tuple[str, ...]:
    """Return the English texts a catalogue holds in a context."""
    return tuple(str(one.id) for one in _read(lang) if one.context == context)


@lru_cache(maxsize=4096)
def translated(marked: str, lang: Language = "en") -> str:
    """Return a marked text in a language; in English where the catalogue lacks it."""
    context, between, text = marked.rpartition(CONTEXT_END)
    catalogue = _compiled(lang)
    return catalogue.pgettext(context, text) if between else catalogue.gettext(text) if text else ""
