"""What the templates are given of many sites: an atlas, a comparison, a ranking, a what-if, the balance."""

from typing import TypedDict

from oreway.outputs.pictures.figure_content import Figure, Nothing
from oreway.outputs.report.contents import Bar, Frame, Gate, Map, SitePart


class Line(TypedDict):
    """A line of an atlas's contents."""

    name: str
    country: str
    stage: str
    score: str


class AtlasHead(TypedDict):
    """What stands above an atlas."""

    data_version: str
    created: str
    told: str


class Atlas(Frame):
    """The reports of many sites behind contents and an index map."""

    head: AtlasHead
    title: str
    map: Map
    contents: list[Line]
    sites: list[SitePart]


class Cell(TypedDict):
    """What a comparison says of one site."""

    text: str
    note: str


class Row(TypedDict):
    """What a comparison says of each site."""

    name: str
    cells: list[Cell]


class Group(TypedDict):
    """Rows of a comparison under a title."""

    title: str
    rows: list[Row]


class BarRow(TypedDict):
    """What a criterion gives to each site of a comparison."""

    name: str
    cells: list[Bar]


class ComparisonHead(TypedDict):
    """What stands above a comparison."""

    names: list[str]
    created: str
    data_version: str


class Comparison(Frame):
    """Two to four sites side by side."""

    head: ComparisonHead
    groups: list[Group]
    gates: list[list[Gate]]
    bars: list[BarRow]
    strips: list[Figure | Nothing]


class Gates(TypedDict):
    """The gates of a site that are in one state."""

    state: str
    word: str
    names: str


class Ranked(TypedDict):
    """A site in a ranking; points is its total as a number."""

    rank: str
    id: str
    name: str
    total: str
    points: float
    bounds: str
    first: str
    top3: str
    range: str
    coverage: str
    weights: str
    gates: list[Gates]


class Peers(TypedDict):
    """Sites ranked among each other."""

    title: str
    rows: list[Ranked]
    chart: Figure | Nothing


class RankingHead(TypedDict):
    """What stands above a ranking."""

    weights: str
    created: str
    data_version: str


class Ranking(Frame):
    """The order of the sites and how sure it is."""

    head: RankingHead
    note: str
    groups: list[Peers]
    unranked: str


class Moved(TypedDict):
    """A site before and after."""

    name: str
    gain: str
    is_loss: bool
    score: str
    rank: str
    bill: str
    way: str
    gates: str


class Dated(TypedDict):
    """What stands above a report of no one site."""

    created: str
    data_version: str


class WhatIf(Frame):
    """Sites before and after what was built and changed."""

    head: Dated
    steps: list[str]
    sentences: list[str]
    rows: list[Moved]
    same: str


class Table(TypedDict):
    """A table of texts: left names the columns that are not numbers."""

    title: str
    left: list[int]
    head: list[str]
    rows: list[list[str]]


class BalancePage(TypedDict):
    """The one page on the balance."""

    lang: str
    created: list[int]
    words: dict[str, str]
    head: Dated
    title: str
    counts: str
    sentences: list[str]
    chart: Figure | Nothing
    note: str
    years: Table
    steps: Table
    closing: str
