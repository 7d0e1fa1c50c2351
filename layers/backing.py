"""Say what each fact rests on: a primary source, several pages, sums with such figures, or one page alone."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

import pandas as pd

from oreway.layers.adding_up import borne_out
from oreway.layers.vocabulary import Backing, Confidence, FactState, SourceKind

PRIMARY = frozenset(
    {
        SourceKind.LAW, SourceKind.FILING, SourceKind.SURVEY, SourceKind.JOURNAL, SourceKind.GOVERNMENT,
        SourceKind.COMPANY, SourceKind.COMPUTED,
    }
)  # fmt: skip
DECIDING = (
    "resource_mt", "reserve_mt", "mine_plan_mt", "stockpile_mt", "grade_", "contained", "part_", "mine_life_years",
    "throughput_", "planned_ore_rate", "capex", "opex", "npv", "irr", "funding",
)  # fmt: skip
SAME = ["site_id", "field", "value", "low", "high", "category"]  # rows alike in these print the same figure
ADDRESS = re.compile(r"https?://\S+")
# a part of a note with one of these names pages that print the same
SECONDS = re.compile(r"\balso\b|\bso too\b|\bsecond (?:source|page|report)\b|\bprinted (?:again|the same)\b|\btoo$")
ALONE = re.compile(r"\b(?:single|one press) source\b")  # the note says so itself: its addresses print something else
TONNAGES = ("reserve_mt", "mine_plan_mt", "resource_mt", "stockpile_mt")
ORE_PARTS = (("proved", "probable"), ("measured", "indicated", "inferred"))
OUTPUTS = ("output", "planned_output")  # a price takes them where no ore rate is on record
WHOLE = {"proved": "reserve", "probable": "reserve", "measured": "resource", "indicated": "resource"}
WITHOUT_SOURCE = (Confidence.GAP, Confidence.UNVERIFIED, Confidence.DERIVED)


def backing(facts: pd.DataFrame) -> pd.Series:
    """Return what each fact rests on, a word of `Backing`; "" where no page is its source or it is history.

    A second page is one of another host: named in a part of the note that says "also" or the like, or the source of a
    row that prints the same figure. Other addresses in a note tell a date or a rival figure; a note that calls its
    source single names no second page at all. A figure of one weak page that makes a stronger total with its fellows,
    or is the metal in stronger tonnes and grade, adds up.

    Args:
        facts: facts with the columns of `layers.schema.FACT_COLUMNS`, as text.
    """
    own = facts["source_url"].map(_host)
    shared = own.groupby([facts[column] for column in SAME]).transform("nunique") > 1
    named = [
        not ALONE.search(note) and any(_host(address) != host for address in _seconds(note))
        for note, host in zip(facts["note"], own, strict=True)
    ]
    words = pd.Series(Backing.ONE_WEAK.value, index=facts.index, dtype=object)
    words[shared | pd.Series(named, index=facts.index)] = Backing.SEVERAL.value
    words[facts["source_kind"].isin(PRIMARY)] = Backing.PRIMARY.value
    words[facts["confidence"].isin(WITHOUT_SOURCE) | (facts["state"] == FactState.SUPERSEDED)] = ""
    weak = words == Backing.ONE_WEAK
    words[weak & borne_out(facts, words.isin([Backing.PRIMARY, Backing.SEVERAL]))] = Backing.ADDS_UP.value
    return words


def _seconds(note: str) -> Iterable[str]:
    """Return the addresses of pages that a note says print the same; others tell a date, a rival or a detail."""
    for part in note.split("; "):
        if SECONDS.search(part):
            yield from ADDRESS.findall(part)


def decides(field: str) -> bool:
    """Tell whether a price or an investor's choice turns on a field: tonnes, grades, the pace of mining and money."""
    return field.startswith(DECIDING)


def firm(facts: pd.DataFrame) -> pd.DataFrame:
    """Return the facts without the deciding figures that rest on one weak page.

    Tonnes and grades of one category stand or fall together, proved with probable and measured with indicated: half
    of such a set would be an answer about another ore.

    Args:
        facts: as `read_facts` returns them, with `rests_on`.
    """
    used = facts["field"].map(decides) | facts["field"].isin(OUTPUTS)
    weak = (facts["rests_on"] == Backing.ONE_WEAK) & used
    ore = facts["field"].isin(TONNAGES) | facts["field"].str.startswith("grade_")
    sets = facts["site_id"].str.cat(facts["category"].map(lambda name: WHOLE.get(name, name)), sep="\n")
    return facts[~weak & ~(ore & sets.isin(set(sets[weak & ore])))]


def _host(address: str) -> str:
    return urlsplit(address).netloc.removeprefix("www.")
