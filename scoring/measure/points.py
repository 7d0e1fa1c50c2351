"""Points that are asked for and what answers them, as plain arrays: one entry a point, in the points' order."""

import dataclasses
import functools
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from oreway.arrays import Floats, Ints
from oreway.geo.nearest import Places, places
from oreway.layers.vocabulary import Nil
from oreway.scoring.world.cells import OUT
from oreway.scoring.world.place import PRESENT

T = TypeVar("T", bound=np.generic)
Texts = npt.NDArray[np.object_]
Codes = npt.NDArray[np.int8]

ABSENT, INAPPLICABLE, UNKNOWN = (word.value for word in (Nil.ABSENT_NETWORK, Nil.INAPPLICABLE, Nil.UNKNOWN))
NILS = ("", UNKNOWN, INAPPLICABLE, ABSENT, Nil.WITHHELD.value)
NIL_ABSENT, NIL_INAPPLICABLE, NIL_UNKNOWN = (NILS.index(word) for word in (ABSENT, INAPPLICABLE, UNKNOWN))
__all__ = ["OUT", "PRESENT", "Ints"]


def picked(values: npt.NDArray[T], places: Ints, nothing: Any) -> npt.NDArray[T]:
    """Return values[places], and what stands for nothing where a place is OUT."""
    found = np.full(len(places), nothing, dtype=values.dtype)
    there = places != OUT
    found[there] = values[places[there]]
    return found


@dataclasses.dataclass(frozen=True, kw_only=True)
class Points:
    """Where to measure; stages is the place of each point's steps of the chain, a ";" list, in stage_words."""

    lon: Floats
    lat: Floats
    accuracy_km: Floats
    stages: Ints
    stage_words: tuple[str, ...]

    @functools.cached_property
    def places(self) -> Places:
        """Return the points ready to be asked of any number of indexes."""
        return places(self.lon, self.lat)

    def take(self, rows: Ints) -> "Points":
        """Return some of the points."""
        return Points(
            lon=self.lon[rows], lat=self.lat[rows], accuracy_km=self.accuracy_km[rows], stages=self.stages[rows],
            stage_words=self.stage_words,
        )  # fmt: skip


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """The nearest of one class: feature is a place in the class's ids, OUT and NaN where nil is not 0 (see NILS).

    lon, lat: the nearest place on the feature. of_maps: the distance to each map of the ice, before any slack.
    """

    feature: Ints
    lon: Floats
    lat: Floats
    distance_km: Floats
    low_km: Floats
    high_km: Floats
    nil: Codes
    of_maps: tuple[Floats, ...] = ()

    @classmethod
    def nothing(cls, n: int) -> "Found":
        """Return n answers that nothing was found, each with nil 0."""
        blank = (np.full(n, np.nan) for _ in range(5))
        lon, lat, km, low, high = blank
        return cls(
            feature=np.full(n, OUT), lon=lon, lat=lat, distance_km=km, low_km=low, high_km=high,
            nil=np.zeros(n, np.int8),
        )  # fmt: skip

    def take(self, rows: Ints) -> "Found":
        """Return some of the answers."""
        columns = {name: getattr(self, name)[rows] for name in (*_ANSWER, "nil")}
        return Found(**columns, of_maps=tuple(km[rows] for km in self.of_maps))

    def put(self, rows: Ints, answer: "Found") -> None:
        """Set some of the answers; nil stays."""
        for name in _ANSWER:
            getattr(self, name)[rows] = getattr(answer, name)


_ANSWER = ("feature", "lon", "lat", "distance_km", "low_km", "high_km")


def same_text(text: str, n: int) -> Texts:
    """Return a text n times."""
    return np.full(n, text, dtype=object)


def rows_by_code(codes: Ints) -> dict[int, Ints]:
    """Return the rows of each number that occurs, ascending."""
    order = np.argsort(codes, kind="stable")
    known, starts = np.unique(codes[order], return_index=True)
    return dict(zip(known.tolist(), np.split(order, starts[1:]), strict=True)) if len(known) else {}
