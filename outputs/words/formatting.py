"""The product's words in the reader's language: labels, numbers, dates, lists.

Every face (map, report, export, terminal) takes its words from here, so that they are the same everywhere.
"""

import datetime
import math
import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_skeleton
from babel.numbers import format_decimal

from oreway.layers.vocabulary import Nil
from oreway.outputs.words.balance_texts import BALANCE
from oreway.outputs.words.chain_texts import CHAIN
from oreway.outputs.words.claims_texts import CLAIMS
from oreway.outputs.words.data_labels import (
    CLASS_LABELS,
    CLASS_SHORT,
    COMMODITIES,
    DIRECTIONS,
    FACT_PARTS,
    FORMULAS,
    NIL_LABELS,
    PASSAGES,
    RULE_LABELS,
    STAGE_LABELS,
    STANDING_LABELS,
    WORDS,
)
from oreway.outputs.words.judgement_texts import JUDGEMENT
from oreway.outputs.words.price_texts import PRICE
from oreway.outputs.words.reason_texts import plain_text, recorded_text, told
from oreway.outputs.words.refusal_texts import refusal_text
from oreway.outputs.words.report_texts import REPORT, VERDICT
from oreway.outputs.words.translation import LANGUAGES, SOURCE, translated
from oreway.outputs.words.translation import Language as Language
from oreway.scoring.reasons import Note, Reason

NARROW_SPACE = "\u202f"
NO_BREAK_SPACE = "\u00a0"
RECORDED = re.compile(r"[A-Za-z]{3}")
DATE_PARTS = {4: "y", 7: "yMMM", 10: "yMMMd"}
ISO_DATE = re.compile(r"\d{4}(-\d\d){0,2}")
RAW_WORD = re.compile(r"(?P<address>https?://\S+)|\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")

FIELD_PARTS = frozenset({"grade", "contained", "concentrate", "resource", "reserve"})
UNITS_IN_FIELDS = frozenset({"pct", "ppm", "mt", "kt", "gpt", "km", "km2", "m", "mlb", "y"})
LABELS: dict[str, str] = {
    **CLASS_SHORT,
    **WORDS,
    **{key: value for key, value in STAGE_LABELS.items() if key},
    **CHAIN,
    **REPORT,
    **VERDICT,
    **JUDGEMENT,
    **CLAIMS,
    **BALANCE,
    **PRICE,
    **PASSAGES,
    **{f"class_{key}": value for key, value in CLASS_LABELS.items()},
    **{f"nil_{key}": value for key, value in NIL_LABELS.items()},
    **{f"standing_{key}": value for key, value in STANDING_LABELS.items()},
    **{f"rule_{key}": value for key, value in RULE_LABELS.items()},
    "not_known": NIL_LABELS["unknown"],
}


class MissingWord(UserWarning):
    """A key of a closed vocabulary has no word."""


def label(key: str, lang: Language = "en") -> str:
    """Return the word for a key of ours; one without a word is a fault: it warns, which fails every test.

    A reader sees the key made readable. What data may choose freely goes through `free_word`.
    """
    if key and key not in LABELS:
        warnings.warn(f"no word for {key!r}: add it to outputs/words", MissingWord, stacklevel=2)
    return free_word(key, lang)


def free_word(text: str, lang: Language = "en") -> str:
    """Return a word that data may choose freely (a unit, a category): ours where there is one, else itself."""
    return translated(LABELS[text], lang) if text in LABELS else text.replace("_", " ")


def readable(text: str, lang: Language = "en") -> str:
    """Return a sentence of the data with raw words of the vocabulary (cracking_leaching) put as words for people."""
    return RAW_WORD.sub(lambda found: found.group() if found["address"] else free_word(found.group(), lang), text)


def phrase(text: str, lang: Language = "en") -> str:
    """Return a text of the data in the reader's language where a catalogue holds it; its raw words made readable."""
    return readable(recorded_text(text, lang), lang)


def note_text(note: Note | Reason, lang: Language = "en") -> str:
    """Return reasons in the reader's language; raw words of the vocabulary in them are made readable."""
    return readable(told(note, lang), lang)


def fault_text(text: str, lang: Language = "en") -> str:
    """Return a refusal, or a note on reading a file, in the reader's language, by its code where it has one."""
    return readable(refusal_text(text, lang), lang)


def spoken(text: str | Note, lang: Language = "en") -> str:
    """Return the language a sentence is shown in: the reader's, or English where it is told as a source wrote it."""
    plain = plain_text(text)
    shown = recorded_text(text, lang) if isinstance(text, str) else told(text, lang)
    return SOURCE if shown == plain and RECORDED.search(plain) else lang


def place_name(row: Mapping[str, Any], lang: Language = "en") -> str:
    """Return the name of a row of `nearest`; names the product itself gives (a coast, the ice) are translated."""
    return told(row["name"] or "", lang)


def class_label(infrastructure_class: str, lang: Language = "en", *, short: bool = False) -> str:
    """Return the words for a class of `nearest`, with its threshold unless short."""
    table = CLASS_SHORT if short else CLASS_LABELS
    return (
        translated(table[infrastructure_class], lang)
        if infrastructure_class in table
        else label(infrastructure_class, lang)
    )


def gate_state(state: str, lang: Language) -> str:
    """Return the word for a gate's state."""
    return nil_label(state, lang) if state == Nil.UNKNOWN else label(state, lang)


def nil_label(nil: str, lang: Language = "en") -> str:
    """Return what is printed in place of a value that is absent; "" when it is present."""
    return translated(NIL_LABELS[nil], lang) if nil else ""


def stage_label(stage: str, lang: Language = "en") -> str:
    """Return the words for a deposit's stage or a plant's status."""
    return translated(STAGE_LABELS[stage], lang) if stage in STAGE_LABELS else label(stage, lang)


def standing_label(standing: str, lang: Language = "en") -> str:
    """Return the words for whether work goes on; "" when it is not said."""
    return translated(STANDING_LABELS[standing], lang) if standing else ""


def fact_label(field: str, lang: Language = "en") -> str:
    """Return the words for a fact's field; the unit at its end is left to the unit column, oxides become formulas."""
    if field in LABELS:
        return label(field, lang)
    parts = field.split("_")
    while len(parts) > 1 and parts[-1] in UNITS_IN_FIELDS:
        parts.pop()
    return " ".join(_part_label(part, lang) for part in parts)


def _part_label(part: str, lang: Language) -> str:
    if part in FORMULAS or part in FIELD_PARTS:
        return FORMULAS.get(part) or label(part, lang)
    return translated(FACT_PARTS.get(part, part), lang)


def site_name(site: Mapping[str, Any], lang: Language = "en") -> str:
    """Return a site's name: the one in the reader's language where there is one."""
    return str(site.get(LANGUAGES[lang].names) or site["name"])


def country_label(name: str, country_code: str, lang: Language = "en") -> str:
    """Return the country's name: as recorded in English, else, or with none on record, by the locale's territories."""
    if name and lang == SOURCE:
        return name
    return str(Locale.parse(LANGUAGES[lang].locale).territories.get(country_code, name))


def commodity_label(symbol: str, lang: Language = "en") -> str:
    """Return the word for a commodity symbol."""
    return translated(COMMODITIES[symbol], lang) if symbol in COMMODITIES else symbol


def direction_label(azimuth_deg: float, lang: Language = "en") -> str:
    """Return the nearest of eight compass points; "" when there is none."""
    if not math.isfinite(azimuth_deg):
        return ""
    return translated(DIRECTIONS[round(azimuth_deg % 360 / 45) % 8], lang)


def joined(words: list[str], lang: Language = "en", *, last: str = "and") -> str:
    """Return words as a list in a sentence: "road, railway and power"."""
    if len(words) < 2:
        return "".join(words)
    return label("comma", lang).join(words[:-1]) + label(last, lang) + words[-1]


def number(value: float, digits: int = 0, lang: Language = "en") -> str:
    """Return a number with thousands separators; NaN and None are "not known", never 0."""
    if value is None or math.isnan(value):
        return nil_label("unknown", lang)
    return _told(float(value), digits, lang)


@lru_cache(maxsize=1 << 14)
def _told(value: float, digits: int, lang: Language) -> str:
    text = format_decimal(round(value, digits), format=_pattern(digits), locale=LANGUAGES[lang].locale)
    return text.replace("-", "−") if text.strip("-0.,") else text.removeprefix("-")


def date_text(iso: str | datetime.date, lang: Language = "en") -> str:
    """Return a date as the reader writes it, no finer than known: 2026-11-23, 2026-11 or 2026; other text stays."""
    told = str(iso)
    if not ISO_DATE.fullmatch(told):
        return told
    first = datetime.date.fromisoformat(told + "0000-01-01"[len(told) :])
    return format_skeleton(DATE_PARTS[len(told)], first, locale=LANGUAGES[lang].dates)


@lru_cache
def _pattern(digits: int) -> str:
    return f"#,##0.{'0' * digits}" if digits else "#,##0"


def km(value: float, lang: Language = "en") -> str:
    """Return kilometres for people: one decimal below 10 km, none above."""
    if value is None or math.isnan(value):
        return nil_label("unknown", lang)
    return f"{kilometres(value, lang)}{NO_BREAK_SPACE}km"


def kilometres(value: float, lang: Language = "en") -> str:
    """Return kilometres without the unit, for columns headed by it."""
    if value is None or math.isnan(value):
        return nil_label("unknown", lang)
    return number(value, 1 if abs(value) < 9.95 else 0, lang)


def amount(value: float, lang: Language = "en") -> str:
    """Return a quantity or a sum of money: no decimal from 10 on, one below."""
    if value is None or math.isnan(value):
        return nil_label("unknown", lang)
    return number(value, 0 if abs(value) >= 9.95 else 1, lang)
