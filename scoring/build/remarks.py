"""What a reader of a bill should know beside it: where it differs from what the site itself prints."""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from oreway.layers.backing import OUTPUTS
from oreway.layers.read import read_table
from oreway.scoring.build.ways import Way
from oreway.scoring.judge.subject import Subject, number_range
from oreway.scoring.price import ore
from oreway.scoring.price.economics import read_template
from oreway.scoring.reasons import Code, Note, note

TIMES = 2.0  # a plan of less than half, or more than twice, the reference mine
TO = ("road", "tidewater")  # what a quoted distance goes to that a haul road may go to too


def remarks(subject: Subject, items: pd.DataFrame, ways: Sequence[Way], totals: Mapping[str, float]) -> Iterator[Note]:
    """Yield what a bill on land leaves to be seen: its size against the plan, its lengths and sum against print.

    Args:
        subject: the site with its facts.
        items: the rows of the bill.
        ways: the ways its lengths were found along.
        totals: base, p10 and p50 of the bill in US$M.
    """
    if totals["base"] < totals["p10"]:
        yield note(Code.SUM_BELOW, totals["base"], totals["p10"])
    yield from _size(subject, items)
    yield from _lengths(subject, ways)
    yield from _capital(subject, totals["p50"])


def makes_much(subject: Subject, least_t: float) -> float | None:
    """Return the product (t a year) that a site makes or plans where it is more than `least_t`; None elsewhere."""
    tonnes = [
        found[1]
        for field in OUTPUTS
        for fact in subject.fact_rows(field)
        if fact["unit"] == "t/y" and (found := number_range(fact)) is not None
    ]
    return max(tonnes) if tonnes and max(tonnes) > least_t else None


def _size(subject: Subject, items: pd.DataFrame) -> Iterator[Note]:
    facts = [
        {**row, "number": found[1]}
        for field in ore.RATE_FIELDS
        for row in subject.fact_rows(field)
        if (found := number_range(row)) is not None
    ]
    rate, _ = ore.plan(facts, [], None)
    scaled = set(items["item_id"]) & {"power_station", "camp"}
    if rate is not None and scaled and not 1 / TIMES <= rate <= TIMES:
        yield note(Code.OTHER_SIZE, rate)


def _lengths(subject: Subject, ways: Sequence[Way]) -> Iterator[Note]:
    roads = [way for way in ways if way.item_id == "haul_road"]
    for fact in subject.fact_rows("quoted_distance"):
        km = number_range(fact)
        if fact["category"] not in TO or fact["unit"] != "km" or km is None or len(roads) != 1:
            continue
        low, _, high = roads[0].length_km
        if not low <= km[1] <= high:
            yield note(Code.OTHER_LENGTH, km[1], fact["category"], low, high)


def _capital(subject: Subject, p50: float) -> Iterator[Note]:
    """Tell where the access alone costs more than the whole capital of the study that the site's price rests on."""
    for row in read_table("price_studies").to_dict("records"):
        if row["site_id"] == subject.site_id and row["current"] == "yes" and row["capex_m"]:
            capital = float(row["capex_m"]) * (read_template().usd_per_aud if row["currency"] == "A$" else 1.0)
            if capital < p50:
                yield note(Code.ABOVE_CAPITAL, p50, capital, str(row["study"]))
