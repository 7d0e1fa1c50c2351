"""Find figures of one weak page that stronger figures bear out: parts of a stronger total, metal in stronger ore."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import pandas as pd

from oreway.layers.schema import as_number
from oreway.layers.vocabulary import FactState, ResourceCategory

SPLITS = {
    ResourceCategory.RESOURCE_TOTAL: (
        ResourceCategory.MEASURED, ResourceCategory.INDICATED, ResourceCategory.INFERRED,
    ),
    ResourceCategory.RESERVE_TOTAL: (ResourceCategory.PROVED, ResourceCategory.PROBABLE),
}  # fmt: skip
TONNES = ("resource_mt", "reserve_mt")
KT_IN_A_MT = {"%": 10.0, "ppm": 0.001, "g/t": 0.001}  # of metal in a megatonne of ore, by the unit of its grade
OXIDES = {"reo": "treo", "graphite": "tgc"}  # the word of a contained metal, the word of its grade where they differ
NAMES = ("site_id", "field", "value", "unit", "category", "as_of")


class _Figure(NamedTuple):
    """One printed number with what its digits allow, and whether a primary source or two pages print it."""

    row: int
    number: float
    half: float
    unit: str
    is_strong: bool

    @property
    def least(self) -> float:
        return self.number - self.half

    @property
    def most(self) -> float:
        return self.number + self.half


Group = dict[tuple[str, str], _Figure]  # by field without its "part_", and class


def borne_out(facts: pd.DataFrame, strong: pd.Series) -> pd.Series:
    """Tell which figures agree by sums with figures of stronger sources, within what the printed digits allow.

    The classes of an estimate bear out when their tonnes, their metal or their mean grade make the total that a
    stronger source prints; metal in ore when its tonnes and grade, each of them strong or borne out, multiply to it.
    Figures are put together only if they are of one site, one part of it and one date; those in conflict are left out.

    Args:
        facts: facts with the columns of `layers.schema.FACT_COLUMNS`, as text.
        strong: whether a primary source or several pages print a fact, like `facts` in length and index.

    Returns:
        Booleans with the index of `facts`; a strong figure may be among them.
    """
    found: set[int] = set()
    for group in _groups(facts, list(strong)):
        found |= _of_group(group)
    return pd.Series([row in found for row in range(len(facts))], index=facts.index, dtype=bool)


def _groups(facts: pd.DataFrame, strong: Sequence[bool]) -> Iterable[Group]:
    """Return the figures of each site, part and date; of two that say the same the stronger."""
    groups: dict[tuple[str, ...], Group] = {}
    columns = zip(*(facts[name] for name in NAMES), facts["state"], strict=True)
    for row, (site, field, value, unit, category, as_of, state) in enumerate(columns):
        number = as_number(value)
        if number is None or state in {FactState.SUPERSEDED, FactState.CONFLICT}:
            continue
        name = field.removeprefix("part_")
        class_, _, part = category.partition(", ")
        group = groups.setdefault((site, str(name != field), part, as_of), {})
        figure = _Figure(row, number, _half(value), unit, bool(strong[row]))
        if (name, class_) not in group or figure.is_strong:
            group[name, class_] = figure
    return groups.values()


def _half(text: str) -> float:
    """Return half of the last printed digit's worth: 0.05 for "2.1", 50 for "1100", for a count is often round."""
    whole, _, decimals = text.partition(".")
    if decimals:
        return 0.5 * 10.0 ** -len(decimals)
    return 0.5 * 10.0 ** (len(whole) - len(whole.rstrip("0")))


def _of_group(group: Group) -> set[int]:
    found: set[int] = set()
    names = {name for name, _ in group}
    ore = [name for name in TONNES if name in names]
    for tonnes in ore:
        found |= _split(group, tonnes, None)
    for grade in sorted(name for name in names if name.startswith("grade_")):
        for tonnes in ore:
            found |= _split(group, grade, tonnes)
    for metal in sorted(name for name in names if name.startswith("contained_")):
        found |= _split(group, metal, None)
        for tonnes in ore:
            found |= _products(group, metal, tonnes, found)
    return found


def _split(group: Group, name: str, tonnes: str | None) -> set[int]:
    """Return the rows of classes that make a strong total: their sum, or their mean by the tonnes of each."""
    found: set[int] = set()
    for total, classes in SPLITS.items():
        whole = group.get((name, total))
        held = [class_ for class_ in classes if (name, class_) in group]
        if whole is None or not whole.is_strong or len(held) < 2:
            continue
        parts = [group[name, class_] for class_ in held]
        if tonnes is None:
            least, most = sum(part.least for part in parts), sum(part.most for part in parts)
        else:
            if held != [class_ for class_ in classes if (tonnes, class_) in group]:
                continue
            weights = [group[tonnes, class_].number for class_ in held]
            least = sum(w * part.least for w, part in zip(weights, parts, strict=True)) / sum(weights)
            most = sum(w * part.most for w, part in zip(weights, parts, strict=True)) / sum(weights)
        if least <= whole.most and most >= whole.least:
            found |= {part.row for part in parts}
    return found


def _products(group: Group, metal: str, tonnes: str, found: set[int]) -> set[int]:
    """Return the rows of metal that are tonnes times grade, both strong or found to bear out."""
    word = metal.removeprefix("contained_").removesuffix("_kt")
    grades = [f"grade_{OXIDES.get(word, word)}_{unit}" for unit in ("pct", "ppm", "gpt")]
    more: set[int] = set()
    for (name, class_), held in group.items():
        ore = group.get((tonnes, class_))
        grade = next((group[field, class_] for field in grades if (field, class_) in group), None)
        if name != metal or ore is None or grade is None or held.unit != "kt" or grade.unit not in KT_IN_A_MT:
            continue
        if not all(figure.is_strong or figure.row in found for figure in (ore, grade)):
            continue
        scale = KT_IN_A_MT[grade.unit]
        if ore.least * grade.least * scale <= held.most and ore.most * grade.most * scale >= held.least:
            more.add(held.row)
    return more
