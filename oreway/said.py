"""Sentences that know how they were made: a code and what goes into it, in English to read, in any language to tell.

A reader says what it found where it found it; `outputs.words.refusal_texts` tells the same in the reader's language, by
the code, never by the English words.
"""

from collections.abc import Iterable
from enum import Enum
from typing import Any, Self

LONGEST_VALUE = 500


class Saying(Enum):
    """A code of sentences; its value is the sentence in English, with {0}, {1} … where values go in."""

    def __call__(self, *values: object) -> "Said":
        """Return the sentence with values: texts, numbers, or sentences themselves."""
        return Said(self, values)

    def __str__(self) -> str:
        """Return what the code is called where it leaves this process."""
        return f"{type(self).__name__}.{self.name}"

    def english(self, values: tuple[str, ...]) -> str:
        """Return the sentence in English."""
        return str(self.value).format(*values)


class Joint(Saying):
    """What stands between several sentences or names that make one; values: any number of them."""

    LIST = ", "
    CLAUSES = "; "
    LINES = "\n"
    ALONGSIDE = " "

    def english(self, values: tuple[str, ...]) -> str:
        """Return all of them as one."""
        return str(self.value).join(values)


class PlainSaying(Saying):
    """What any reader may say."""

    WORD = "{0}"  # a word of the vocabulary, see `word`
    PLACED = "{0}: {1}"
    MORE = "{0} and {1} more"
    NO_FOLDER = "{0}: no such folder; make it first or choose another"
    IS_DEVICE = "{0}: is a device or pipe, not a file; name a file"
    ENDLESS = "{0}: a device or pipe, which may never end; write what it gives to a file first"


class Said(str):
    """A sentence in English that keeps its code and the values that went into it; compared and hashed as its text."""

    code: Saying
    values: tuple[str, ...]

    def __new__(cls, code: Saying, values: Iterable[object] = ()) -> Self:
        """Return the sentence; what goes in is made fit to be printed in one line."""
        kept = tuple(value if isinstance(value, Said) else _fit(str(value)) for value in values)
        made = super().__new__(cls, code.english(kept))
        made.code, made.values = code, kept
        return made

    def __reduce__(self) -> tuple[type["Said"], tuple[Saying, tuple[str, ...]]]:
        """Return how it is made again elsewhere."""
        return Said, (self.code, self.values)


def _fit(text: str) -> str:
    spaced = " ".join(text[:LONGEST_VALUE].splitlines())
    return "".join(character for character in spaced if character.isprintable())


def word(text: str) -> Said:
    """Return a word of the vocabulary that goes into a sentence: it is told in the reader's language."""
    return PlainSaying.WORD(text)


def listed(names: Iterable[object], *, most: int | None = None) -> Said:
    """Return names as a list; of many the first, and how many more there are."""
    every = list(names)
    first = Joint.LIST(*every[:most])
    return PlainSaying.MORE(first, len(every) - most) if most is not None and len(every) > most else first


def why(error: BaseException) -> str:
    """Return what an error says, with its code where it has one."""
    return error.args[0] if error.args and isinstance(error.args[0], Said) else str(error)


def packed(said: Said) -> list[Any]:
    """Return a sentence as JSON can hold it; `unpacked` returns it again."""
    return [str(said.code), *(packed(value) if isinstance(value, Said) else value for value in said.values)]


def unpacked(found: Any) -> Said:
    """Return a sentence from what `packed` made of it.

    Raises:
        KeyError: no such code.
    """
    room, _, name = str(found[0]).partition(".")
    codes = {cls.__name__: cls for cls in Saying.__subclasses__()}[room]
    return Said(codes[name], (value if isinstance(value, str) else unpacked(value) for value in found[1:]))
