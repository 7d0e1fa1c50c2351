"""Texts in the reader's language: English stands in the code, other languages in gettext catalogues in `locale/`."""

import dataclasses
import gettext
import io
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

Language = str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tongue:
    """What a language needs beside its catalogue.

    name: as its readers call it; locale: how Babel writes its numbers and countries; dates: the same for dates;
    gap: between two sentences; clause: between a sentence and what is added to it; names: the column of a site's name.
    """

    name: str
    locale: str
    dates: str
    gap: str = " "
    clause: str = ", "
    names: str = "name"


LANGUAGES: dict[Language, Tongue] = {
    "en": Tongue(name="English", locale="en", dates="en_GB"),
    "ja": Tongue(name="日本語", locale="ja", dates="ja", gap="", clause="。", names="name_ja"),
}
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


def known_language(wanted: object) -> Language:
    """Return the language of a code, English for any other value."""
    return wanted if isinstance(wanted, str) and wanted in LANGUAGES else SOURCE


def catalogue_path(lang: str) -> Path:
    """Return where the catalogue of a language lies."""
    return LOCALE / lang / "LC_MESSAGES" / f"{DOMAIN}.po"


@lru_cache
def _read(lang: Language) -> Catalog:
    with catalogue_path(lang).open("rb") as source:
        return read_po(source, locale=LANGUAGES[lang].locale, domain=DOMAIN)


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
