"""Whether a plant can take a site's product, by what is on record: form, host mineral, element, and who may deliver.

`unknown` is not `yes`: a plant for which nothing says that it takes others' feed never fits. Reasons are codes with
values; their sentences stand in `outputs.words.chain_texts`.
"""

import dataclasses
import functools
from collections.abc import Mapping, Sequence

import pandas as pd

from oreway.layers.vocabulary import Feed, Openness, Tie, TieState

YES, STEP_MISSING, UNKNOWN, NO = "yes", "step_missing", "unknown", "no"
FITS = (YES, STEP_MISSING, UNKNOWN, NO)
FORM_ORDER = {
    "mud": 0, "ore": 0, "concentrate": 1, "intermediate": 2, "mixed_carbonate": 2, "mixed_chloride": 2,
    "mixed_oxide": 2, "chemical": 3, "oxide": 3, "metal": 4, "alloy": 5, "magnet": 6, "scrap": 9,
}  # fmt: skip
MADE_SOLUBLE = frozenset({Feed.MIXED_CARBONATE, Feed.MIXED_CHLORIDE, Feed.MIXED_OXIDE, Feed.INTERMEDIATE})
TIES = (Tie.OWN, Tie.BINDING, Tie.OFFTAKE, Tie.LETTER, Tie.PLAN)
CONTRACTS = frozenset({Tie.OWN, Tie.BINDING, Tie.OFFTAKE})
ANY = "any"


@dataclasses.dataclass(frozen=True)
class Reason:
    """Why something is so: a code, and the words or ids that go into its sentence."""

    code: str
    values: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shipment:
    """What a site wants to have refined: form, the host minerals of the wanted elements, and those elements.

    within: the zone or deposit that it is a part of; who takes the whole takes the part.
    """

    site_id: str
    form: str
    hosts: tuple[str, ...]
    wanted: str
    makes: frozenset[str]
    within: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class TieOnRecord:
    """What binds a site to a plant or a buyer: own, binding, offtake, letter or plan, with its source."""

    refinery_id: str
    buyer: str
    tie: str
    product: str
    form: str
    status: str
    tonnes_per_year: str
    since: str
    until: str
    as_of: str
    source_url: str
    source_title: str
    note: str

    @property
    def holds(self) -> bool:
        """Tell whether it binds today: lapsed ones are history."""
        return self.status != TieState.LAPSED


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fit:
    """Whether a plant takes a shipment, why, and what is on record of it.

    state: that of the unit which takes it, where it is not the plant's.
    """

    fit: str
    reasons: tuple[Reason, ...]
    openness: str
    stages: tuple[str, ...]
    state: str
    capacity: str
    source_title: str
    source_url: str
    as_of: str


@functools.lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the parts of a ";" list."""
    return tuple(part.strip() for part in str(text).split(";") if part.strip())


def shipment(
    site: Mapping[str, object], minerals: pd.DataFrame, elements: pd.DataFrame, bound: frozenset[str] = frozenset()
) -> Shipment:
    """Return what a site would ship: its least refined product, the commodity that is sold, and the hosts of that.

    The commodity is the first that a plant bound to the site makes; where none is bound, the site's own first.

    Args:
        site: a row of the sites, with `site_id`.
        minerals: data/methods/host_minerals.csv.
        elements: data/methods/elements_made.csv.
        bound: what the plants bound to the site make.
    """
    forms = [word for word in words(str(site["products"])) if word in FORM_ORDER]
    form = min(forms, key=FORM_ORDER.__getitem__) if forms else Feed.CONCENTRATE.value
    made = dict(zip(elements["wanted"], elements["makes"], strict=True))
    commodities = words(str(site["commodities"]))
    sold = [word for word in commodities if {*words(made.get(word, word))} & bound]
    wanted = next(iter([*sold, *commodities]), "")
    makes = frozenset(words(made.get(wanted, wanted)))
    about = zip(*(minerals[name] for name in ("mineral", "host", "carries")), strict=True)
    rows = {str(mineral): (str(host), words(carries)) for mineral, host, carries in about}
    named = [rows[word] for word in words(str(site["host_minerals"])) if word in rows]
    hosts = [host for host, carried in named if wanted in carried or makes & {*carried}]
    return Shipment(
        site_id=str(site["site_id"]),
        form=form,
        hosts=tuple(dict.fromkeys(hosts)),
        wanted=wanted,
        makes=makes,
        within=str(site.get("parent_id", "")),
    )


def ties_of(site_id: str, ties: pd.DataFrame) -> tuple[TieOnRecord, ...]:
    """Return the ties of a site, the strongest first, lapsed ones last."""
    return ties_by_site(ties).get(site_id, ())


def ties_by_site(ties: pd.DataFrame) -> dict[str, tuple[TieOnRecord, ...]]:
    """Return the ties of each site, the strongest first, lapsed ones last."""
    names = [field.name for field in dataclasses.fields(TieOnRecord)]
    found: dict[str, list[TieOnRecord]] = {}
    for row in ties[ties["tie"] != Tie.NONE].to_dict("records"):
        found.setdefault(str(row["site_id"]), []).append(TieOnRecord(**{name: str(row[name]) for name in names}))
    return {site_id: tuple(sorted(rows, key=_strength)) for site_id, rows in found.items()}


def _strength(tie: TieOnRecord) -> tuple[bool, int]:
    return not tie.holds, TIES.index(Tie(tie.tie))


def tie_to(plant_id: str, ties: Sequence[TieOnRecord]) -> TieOnRecord | None:
    """Return the strongest tie to a plant that still holds."""
    return next((one for one in ties if one.refinery_id == plant_id and one.holds), None)


def assess_fit(wants: Shipment, rows: Sequence[Mapping[str, str]], tie: TieOnRecord | None) -> Fit:
    """Return whether a plant takes a shipment, by the best of the feeds on record for it.

    Args:
        wants: the shipment.
        rows: the plant's rows of data/sites/plant_fit.csv.
        tie: what binds the site to the plant, if anything does.
    """
    if not rows:
        openness = Openness.YES if tie and Tie(tie.tie) in CONTRACTS else Openness.UNKNOWN
        return Fit(
            fit=UNKNOWN, reasons=(Reason("no_evidence"),), openness=openness, stages=(), state="", capacity="",
            source_title="", source_url="", as_of="",
        )  # fmt: skip
    judged = [_judged(wants, row, tie) for row in rows]
    return min(judged, key=lambda one: (FITS.index(one.fit), len(one.reasons)))


def _judged(wants: Shipment, row: Mapping[str, str], tie: TieOnRecord | None) -> Fit:
    named = not {wants.site_id, wants.within or wants.site_id}.isdisjoint(words(row["captive_sources"]))
    bound = named or (tie is not None and Tie(tie.tie) in CONTRACTS)
    faults = [*_form(wants, row), *_element(wants, row), *_host(wants, row, bound=bound), *_openness(row, tie, bound)]
    worst = max((FITS.index(fault) for fault, _ in faults), default=0)
    reasons = tuple(reason for fault, reason in sorted(faults, key=lambda one: -FITS.index(one[0])))
    said = reasons or ((Reason("own_feed"),) if named else (Reason("tied", (str(tie.tie),)),) if bound and tie else ())
    openness = Openness.YES.value if bound else str(row["openness"])
    capacity = " ".join(part for part in (row["capacity"], row["capacity_unit"], row["capacity_state"]) if part)
    return Fit(
        fit=FITS[worst], reasons=said or (Reason("takes", (row["feed"], row["host_minerals"])),), openness=openness,
        stages=words(row["stage"]), state=str(row["stage_state"]), capacity=capacity,
        source_title=str(row["source_title"]), source_url=str(row["source_url"]), as_of=str(row["as_of"]),
    )  # fmt: skip


def _form(wants: Shipment, row: Mapping[str, str]) -> list[tuple[str, Reason]]:
    feed = row["feed"]
    if feed == wants.form or (wants.form == Feed.INTERMEDIATE and feed in MADE_SOLUBLE and feed != Feed.INTERMEDIATE):
        return []
    if FORM_ORDER[feed] > FORM_ORDER[wants.form] and feed != Feed.SCRAP:
        return [(STEP_MISSING, Reason("step_missing", (feed, wants.form)))]
    return [(NO, Reason("form", (feed, wants.form)))]


def _element(wants: Shipment, row: Mapping[str, str]) -> list[tuple[str, Reason]]:
    made = {*words(row["elements"])}
    if not made:
        return [(UNKNOWN, Reason("element_unknown"))]
    return [] if made & wants.makes else [(NO, Reason("element", (row["elements"], wants.wanted)))]


def _host(wants: Shipment, row: Mapping[str, str], *, bound: bool) -> list[tuple[str, Reason]]:
    """Judge the main host, the first that carries what is wanted; a plant that names the site takes what it has."""
    taken = words(row["host_minerals"])
    raw = FORM_ORDER[row["feed"]] <= FORM_ORDER["concentrate"]
    if bound or (ANY in taken and not raw) or FORM_ORDER[wants.form] > FORM_ORDER["intermediate"]:
        return []
    if not taken or ANY in taken:  # a concentrate is always of some mineral
        return [(UNKNOWN, Reason("host_unknown_plant"))]
    if not wants.hosts:
        return [(UNKNOWN, Reason("host_unknown_site", (row["host_minerals"],)))]
    return [] if wants.hosts[0] in taken else [(NO, Reason("host", (row["host_minerals"], wants.hosts[0])))]


def _openness(row: Mapping[str, str], tie: TieOnRecord | None, bound: bool) -> list[tuple[str, Reason]]:
    if bound or row["openness"] == Openness.YES:
        return []
    if row["openness"] == Openness.NO:
        return [(NO, Reason("captive", (row["captive_sources"],)))]
    if row["openness"] == Openness.LETTER:
        return [(UNKNOWN, Reason("letter_only", (row["captive_sources"],)))]
    return [(UNKNOWN, Reason("letter_here" if tie else "openness_unknown"))]
