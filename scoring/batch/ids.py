"""Ids that differ, of any number of rows that come in blocks: the rule of an upload, kept in eight bytes a row."""

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from oreway.arrays import Bools, Ints


class Ids:
    """The ids given out so far, as sorted runs of their marks; a mark is the hash of the text, of 64 bits."""

    def __init__(self) -> None:
        self._runs: list[Ints] = []

    def differing(self, given: Sequence[str], lines: Sequence[int]) -> tuple[list[str], int]:
        """Return the ids of rows, and how many are not as given: a missing one is numbered, a repeated one too.

        Args:
            given: the ids in the order of the rows, "" for a missing one.
            lines: the line of each row, by which it is numbered.
        """
        made = [one or f"row-{line}" for one, line in zip(given, lines, strict=True)]
        missing = sum(not one for one in given)
        marks = _marks(made)
        repeated = np.nonzero(self._seen(marks) | _later_ones(marks))[0]
        if not len(repeated):
            self._keep(marks)
            return made, missing
        numbered = [f"{given[i] or 'row'}-{lines[i]}" for i in repeated.tolist()]
        whole = np.append(np.delete(marks, repeated), _marks(numbered))
        if self._seen(whole).any() or _later_ones(whole).any():
            made, whole = self._one_by_one(given, lines, marks)
        else:
            for i, name in zip(repeated.tolist(), numbered, strict=True):
                made[i] = name
        self._keep(whole)
        return made, sum(one != other for one, other in zip(made, given, strict=True))

    def _one_by_one(self, given: Sequence[str], lines: Sequence[int], marks: Ints) -> tuple[list[str], Ints]:
        """Return the ids, and their marks, where a numbered id is an id of another row as well."""
        earlier, here = self._seen(marks), set[int]()
        made: list[str] = []
        for one, line, mark, was_seen in zip(given, lines, marks.tolist(), earlier.tolist(), strict=True):
            name = one or f"row-{line}"
            if was_seen or mark in here:
                name = next(free for free in _tries(one or "row", line) if not self._is_taken(free, here))
            here.add(hash(name))
            made.append(name)
        return made, _marks(made)

    def _is_taken(self, name: str, here: set[int]) -> bool:
        return hash(name) in here or bool(self._seen(_marks([name]))[0])

    def _seen(self, marks: Ints) -> Bools:
        """Tell which marks were given out in earlier blocks."""
        order = np.argsort(marks)
        asked, found = marks[order], np.zeros(len(marks), bool)
        for run in self._runs:
            place = np.searchsorted(run, asked)
            found |= run[np.minimum(place, len(run) - 1)] == asked
        seen = np.empty(len(marks), bool)
        seen[order] = found
        return seen

    def _keep(self, marks: Ints) -> None:
        """Keep marks as a run, joined with the shorter ones before it, so that there are few runs."""
        run = np.sort(marks)
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = np.sort(np.append(self._runs.pop(), run), kind="stable")
        if len(run):
            self._runs.append(run)


def _marks(texts: Iterable[str]) -> Ints:
    return np.fromiter(map(hash, texts), np.int64)


def _later_ones(marks: Ints) -> Bools:
    """Tell which marks stand before in the same array."""
    order = np.argsort(marks, kind="stable")
    later = np.zeros(len(marks), bool)
    later[order[1:]] = marks[order[1:]] == marks[order[:-1]]
    return later


def _tries(base: str, line: int) -> Iterable[str]:
    return itertools.chain([f"{base}-{line}"], (f"{base}-{line}-{more}" for more in itertools.count(2)))
