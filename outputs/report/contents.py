"""What the templates of the reports are given: the shape of every part, texts and numbers in one language.

A part that may be left out is `Nothing` then.
"""

from collections.abc import Mapping
from typing import TypedDict, final

from oreway.outputs.pictures.figure_content import Nothing, Profile
from oreway.outputs.report.judged_contents import Debate, Judged

Content = Mapping[str, object]  # any of the wholes below


class Credit(TypedDict):
    """Data sets of one licence and one credit line."""

    title: str
    licence: str
    credit: str


class Head(TypedDict):
    """What stands above a report of a site; facts are pairs of a name and a text."""

    name: str
    other_names: list[str]
    site_id: str
    facts: list[list[str]]
    summary: str
    created: str
    data_version: str


class Rung(TypedDict):
    """A stage of the ladder: state past, here or next."""

    label: str
    state: str


class Ladder(TypedDict):
    """How far a site has come."""

    title: str
    rungs: list[Rung]
    standing: str
    note: str


class Map(TypedDict):
    """A map with what it shows in words."""

    svg: str
    alt: str
    note: str


class Polar(TypedDict):
    """Where a site lies in Greenland."""

    title: str
    svg: str
    alt: str
    width: float


@final
class NoScore(TypedDict):
    """Why there is no score."""

    none: str


@final
class Score(TypedDict):
    """Total and bounds of 0 to 100 as numbers, and all of it as texts; none is empty."""

    none: str
    total: float
    low: float
    high: float
    text: str
    sum: str
    range: str
    coverage: str
    profile: str


class Gate(TypedDict):
    """A gate: state as a code and as a word, its reason and the language that stands in."""

    name: str
    state: str
    word: str
    reason: str
    spoken: str
    as_of: str
    url: str


class Unfc(TypedDict):
    """A UNFC code and what it rests on."""

    code: str
    reason: str


Distance = TypedDict(
    "Distance",
    {
        "class": str, "name": str, "distance": str, "range": str, "direction": str, "method": str, "nil": str,
        "source": str, "url": str, "note": str,
    },
)  # fmt: skip
Distance.__doc__ = "One row of `nearest`: nil is empty where there is a distance."


class Bar(TypedDict):
    """What a criterion gives of what it could: texts, and lengths of 0 to 100."""

    text: str
    of: str
    bar: float
    room: float


class Contribution(Bar):
    """What a criterion gives to a score; points None where nothing is known."""

    name: str
    value: str
    id: str
    points: float | None


class Unknown(TypedDict):
    """What is not known, why, and the language of the reason."""

    subject: str
    reason: str
    spoken: str
    url: str


class Fact(TypedDict):
    """A fact with its source, and the languages of note and source."""

    fact: str
    value: str
    marks: str
    state: str
    note: str
    spoken: str
    category: str
    as_of: str
    stale: bool
    source: str
    source_spoken: str
    url: str


class FactGroup(TypedDict):
    """The facts of one theme."""

    title: str
    rows: list[Fact]


class SitePart(Judged):
    """What a report says of one site; in an atlas it stands once a site."""

    head: Head
    verdict: str
    ladder: Ladder
    map: Map
    score: Score | NoScore
    gates: list[Gate]
    unfc: Unfc | Nothing
    distances: list[Distance]
    contributions: list[Contribution]
    profile: Profile | Nothing
    polar: Polar | Nothing
    debate: Debate | Nothing
    unknown: list[Unknown]
    facts: list[FactGroup]


class Frame(TypedDict):
    """What every report carries: language, year, month and day, the words of the template, method and credits."""

    lang: str
    created: list[int]
    words: dict[str, str]
    method: list[str]
    licences: list[Credit]


class Report(SitePart, Frame):
    """The report of one site."""
