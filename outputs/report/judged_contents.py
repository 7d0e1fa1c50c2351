"""What the templates are given of what is judged of a site: bill, way, price, and what was said in public."""

from collections.abc import Mapping
from typing import TypedDict, final

from oreway.outputs.pictures.figure_content import Figure, Nothing


class BillItem(TypedDict):
    """A row of a bill: costs low, base and high; nil where nothing has to be built."""

    id: str
    title: str
    note: str
    quantity: str
    costs: list[str]
    tag: str
    source: str
    nil: bool


class BillPart(TypedDict):
    """A bill: sum low, base and high; spread pairs of a percentile and a text; totals in US$ million."""

    note: str
    rows: list[BillItem]
    sum: list[str]
    spread: list[list[str]]
    left_out: list[str]
    remarks: str
    totals: Mapping[str, float]


class LegRow(TypedDict):
    """A leg of a route."""

    mode: str
    ends: str
    km: str
    range: str
    days: str
    usd_per_t: str
    rests_on: str
    note: str


class Legs(TypedDict):
    """The legs of a route; those of the first route are named once."""

    as_above: str
    legs: list[LegRow]


class RouteRow(Legs):
    """A route to a plant: sums are kilometres, days, US$ and kilograms of CO2 a tonne."""

    id: str
    title: str
    marks: str
    sums: list[str]
    note: str
    strip: Figure | Nothing
    planned: bool


class Step(TypedDict):
    """A step of the chain: the plant or why there is none, the way to it, China's share."""

    step: str
    plant: str
    share: str
    km: str


class Share(TypedDict):
    """China's share of a step, with its source and the language of the note."""

    what: str
    share: str
    year: str
    source: str
    url: str
    note: str
    spoken: str


class Way(TypedDict):
    """How a product gets to a plant, and why not to others."""

    ships: str
    season: str
    routes: list[RouteRow]
    lacks: list[str]
    china: list[Share]
    ties: list[str]
    chain: list[Step]
    best: str | None
    best_allied: str | None


class Deck(TypedDict):
    """Value and return of a project at one price deck."""

    name: str
    price: str
    npv: str
    irr: str


class Price(TypedDict):
    """What a project must be paid; none says why nothing is known."""

    none: str
    text: str
    decks: list[Deck]
    note: str
    case_note: str
    source: str
    url: str
    chart: Figure | Nothing
    estimate: str


class CheckRow(TypedDict):
    """Published figures of a site that do not agree."""

    text: str
    sources: str


class Checks(TypedDict):
    """What does not agree among a site's published figures."""

    rows: list[CheckRow]
    note: str


class Judged(TypedDict):
    """What is judged of a site beside its score; nothing for plants and islands."""

    bill: BillPart | Nothing
    way: Way | Nothing
    price: Price | Nothing
    claims: Checks | Nothing


class EvidenceRow(TypedDict):
    """Evidence for or against a claim, and the language of its statement."""

    statement: str
    spoken: str
    value: str
    source: str
    url: str
    kind: str
    as_of: str


class ClaimRow(TypedDict):
    """A public claim, its verdict as code, sign and word, and the languages of claim and reason."""

    id: str
    claim: str
    claim_spoken: str
    said: str
    url: str
    source: str
    verdict: str
    sign: str
    word: str
    reason: str
    reason_spoken: str
    site_ids: list[str]
    evidence: list[EvidenceRow]


class PromiseRow(TypedDict):
    """A promised date and what happened; slip is "" where nothing is known."""

    site_id: str
    promise: str
    spoken: str
    promised_for: str
    promised_on: str
    source: str
    url: str
    happened: str
    late: bool
    happened_source: str
    happened_url: str
    slip: str
    note: str
    note_spoken: str


@final
class Debate(TypedDict):
    """Claims and promised dates that concern a site."""

    claims: list[ClaimRow]
    promises: list[PromiseRow]
