"""Refusals and notes of reading a stranger's file or word, told in the reader's language by their codes."""

from oreway.geo.sayings import GeoSaying
from oreway.layers.online.sayings import OnlineSaying
from oreway.layers.sayings import LayerSaying
from oreway.layers.tables.sayings import TableSaying
from oreway.layers.upload.sayings import FileSaying
from oreway.outputs.words.data_labels import CLASS_SHORT, STAGE_LABELS, WORDS
from oreway.outputs.words.drawn_sayings import DrawnSaying
from oreway.outputs.words.output_sayings import OutputSaying, ScenarioSaying
from oreway.outputs.words.translation import REFUSAL, Language, message, message_in, translated
from oreway.said import Joint, PlainSaying, Said, Saying
from oreway.scoring.batch.sayings import BatchSaying, DoubtSaying
from oreway.scoring.sayings import ScoringSaying
from oreway.scoring.whatif.sayings import WhatIfSaying

SAYINGS: tuple[type[Saying], ...] = (
    PlainSaying, GeoSaying, LayerSaying, OnlineSaying, TableSaying, FileSaying, ScoringSaying, WhatIfSaying,
    BatchSaying, DoubtSaying, OutputSaying, DrawnSaying, ScenarioSaying,
)  # fmt: skip
COUNTED = (message("line"), message("row"), message("feature"), message("placemark"))
FORMATS = {
    "zipped_Shapefile": message("zipped Shapefile"), "zipped_FileGDB": message("zipped FileGDB"),
    "zipped_MapInfo": message("zipped MapInfo"),
}  # fmt: skip
_WORDS = CLASS_SHORT | STAGE_LABELS | WORDS | FORMATS


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
