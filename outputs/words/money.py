"""Sums of money for people: US$8.5 billion, not 8500 US$M."""

import re
from decimal import Decimal
from typing import Literal

from babel import Locale
from babel.numbers import format_compact_decimal

from oreway.layers.schema import as_number
from oreway.outputs.words.translation import Language

SUM = re.compile(r"(?P<sign>[A-Z]{0,2}[$¥€£])(?P<scale>M|bn)")
POWERS = {"M": 6, "bn": 9}
MOST_DECIMALS = 4


def money(value: str, unit: str, lang: Language = "en") -> str:
    """Return a sum as the reader writes it (8500, US$M: US$8.5 billion, US$85億); "" where it is no sum of money."""
    found = SUM.fullmatch(unit)
    if found is None or as_number(value) is None:
        return ""
    whole = Decimal(value).scaleb(POWERS[found["scale"]])
    lengths = Locale.parse(lang).compact_decimal_formats
    length: Literal["long", "short"] = "long" if "long" in lengths else "short"
    words = format_compact_decimal(whole, format_type=length, locale=lang, fraction_digits=MOST_DECIMALS)
    return f"{found['sign']}{words}"
