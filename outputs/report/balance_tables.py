"""The balance in sentences and tables, the same on page and paper."""

from collections.abc import Sequence

import pandas as pd

from oreway.outputs.pictures.balance_picture import element_words
from oreway.outputs.words.formatting import Language, label, number
from oreway.scoring.balance.answer import ALL, Balance, cells
from oreway.scoring.balance.next_step import Step
from oreway.scoring.balance.tables import MAGNET, METAL, SEPARATION


def balance_sentences(found: Balance, year: int, lang: Language = "en") -> list[str]:
    """Return the answer for one year in words."""
    row = cells(found)[year, MAGNET, ALL]
    told = {name: number(row[f"{name}_t"], 0, lang) for name in (
        "announced", "record_low", "record_mid", "record_high", "possible_high")}  # fmt: skip
    lines = [
        label("balance_reach", lang).format(
            year=year, element=element_words(found.asked.element), mid=told["record_mid"], low=told["record_low"],
            high=told["record_high"], possible=told["possible_high"], announced=told["announced"],
        )
    ]  # fmt: skip
    held = [
        label("balance_held_stage", lang).format(
            stage=label(f"stage_{one.stage}", lang), share=number(100 * one.share, 0, lang),
            names=label("comma", lang).join(one.names),
        )
        for one in found.held if one.year == year
    ]  # fmt: skip
    lines.append(label("balance_held", lang).format(stages="; ".join(held)) if held else label("balance_nothing", lang))
    gaps = found.demand[found.demand["year"] == year].to_dict("records")
    return lines + [
        label("balance_gap", lang).format(
            demand=number(float(gap["demand_t"]), 0, lang), scenario=label(f"scenario_{gap['scenario']}", lang),
            low=number(float(gap["gap_low_t"]), 0, lang), high=number(float(gap["gap_high_t"]), 0, lang),
        )
        for gap in gaps
    ]  # fmt: skip


def year_table(found: Balance, lang: Language = "en") -> pd.DataFrame:
    """Return one row a year: what is on record at three steps, its bounds, what is possible, what holds it back."""
    told, years = cells(found), found.asked.years
    held = {one.year: one for one in reversed(found.held)}
    return pd.DataFrame({
        label("balance_year", lang): [str(year) for year in years],
        **{
            label(f"stage_{stage}", lang): [told[year, stage, ALL]["record_mid_t"] for year in years]
            for stage in (SEPARATION, METAL, MAGNET)
        },
        "P10": [told[year, MAGNET, ALL]["record_low_t"] for year in years],
        "P90": [told[year, MAGNET, ALL]["record_high_t"] for year in years],
        label("balance_possible", lang): [told[year, MAGNET, ALL]["possible_high_t"] for year in years],
        label("balance_held_by", lang): [
            label(f"stage_{held[year].stage}", lang) if year in held else "–" for year in years
        ],
    }).round(0)  # fmt: skip


def step_table(steps: Sequence[Step], lang: Language = "en") -> pd.DataFrame:
    """Return one row a step, the best first."""
    comma = label("comma", lang)
    return pd.DataFrame(
        {
            label("next_step", lang): [label(f"next_{step.kind}", lang) for step in steps],
            label("next_name", lang): [comma.join(step.names) for step in steps],
            label("next_stage", lang): [
                comma.join(label(f"stage_{stage}", lang) for stage in step.stages) for step in steps
            ],
            label("next_tonnes", lang): [_tonnes(step, lang) for step in steps],
            label("next_cost", lang): pd.array([step.capex_usd_m for step in steps], dtype="Float64"),
            label("next_per", lang): pd.array([step.tonnes_per_usd_m for step in steps], dtype="Float64"),
        }
    ).round(2)


def _tonnes(step: Step, lang: Language) -> str:
    told = number(step.tonnes, 0, lang)
    return label("next_at_most", lang).format(tonnes=told) if step.at_most else told
