"""Refusals and notes of reading a stranger's file or word, told in the reader's language by their codes."""

from oreway.layers.said import Joint, PlainSaying, Said, Saying
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.upload.sayings import FileSaying
from oreway.outputs.words.data_labels import CLASS_SHORT, STAGE_LABELS, WORDS
from oreway.outputs.words.drawn_sayings import DrawnSaying
from oreway.outputs.words.translation import REFUSAL, Language, message, message_in, translated
from oreway.scoring.batch.sayings import DoubtSaying
from oreway.scoring.whatif.sayings import WhatIfSaying

SAYINGS: tuple[type[Saying], ...] = (PlainSaying, TableSaying, FileSaying, WhatIfSaying, DoubtSaying, DrawnSaying)
COUNTED = (message("line"), message("row"), message("feature"), message("placemark"))
_WORDS = CLASS_SHORT | STAGE_LABELS | WORDS


def refusal_text(sentence: str, lang: Language) -> str:
    """Return a sentence in a language; one without a code is looked up whole, and stays where nobody translated it."""
    if not isinstance(sentence, Said):
        return translated(sentence, lang)
    code, values = sentence.code, [refusal_text(value, lang) if isinstance(value, Said) else value
                                   for value in sentence.values]  # fmt: skip
    if isinstance(code, Joint):
        return (translated(code.value, lang) if code is Joint.LIST else str(code.value)).join(values)
    if code is PlainSaying.WORD:
        return _word(values[0], lang)
    return template(code, lang).format(*values)


def template(code: Saying, lang: Language) -> str:
    """Return the sentence of a code with {0}, {1} … where values go in."""
    return translated(message_in(REFUSAL, str(code.value)), lang)


def _word(text: str, lang: Language) -> str:
    return translated(_WORDS.get(text.replace(" ", "_"), text), lang)
