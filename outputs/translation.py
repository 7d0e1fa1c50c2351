"""Texts in the reader's language: English stands in the code, other languages in gettext catalogues in `locale/`."""

import gettext
import io
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = Literal["en", "ja"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
SOURCE: Language = "en"
LOCALE, DOMAIN = Path(__file__).with_name("locale"), "oreway"
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
def _catalogue(lang: Language) -> gettext.NullTranslations:
    if lang == SOURCE:
        return gettext.NullTranslations()
    with catalogue_path(lang).open("rb") as source:
        catalogue = read_po(source, locale=lang, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@lru_cache(maxsize=4096)
def translated(marked: str, lang: Language = "en") -> str:
    """Return a marked text in a language; in English where the catalogue lacks it."""
    context, between, text = marked.rpartition(CONTEXT_END)
    catalogue = _catalogue(lang)
    return catalogue.pgettext(context, text) if between else catalogue.gettext(text) if text else ""
