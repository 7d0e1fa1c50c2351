"""Charts of prices: the floor at which each rare-earth site enters, and what a floor brings."""

import math
from collections.abc import Mapping

import pandas as pd

from oreway.outputs.pictures.basemap import MUTED, SITE
from oreway.outputs.pictures.charts import BLUE, FAINT, PALE, SMALL_PT, TEXT_PT, Chart, deck_label, fitted
from oreway.outputs.pictures.vector_canvas import Look, Pen
from oreway.outputs.words.formatting import Language, number
from oreway.outputs.words.price_texts import word

WIDTH, LEFT, RIGHT, ROW = 178.0, 42.0, 6.0, 4.6
LEAST, DOUBLINGS = 10.0, 7  # the axis runs from 10 to 1,280 US$/kg
COLOURS = ("#8a4b08", BLUE)


def floors_chart(
    table: pd.DataFrame, names: Mapping[str, str], decks: Mapping[str, float], lang: Language = "en"
) -> Chart | None:
    """Return for each rare-earth site the NdPr price at which it enters, P10 to P90, among the price decks.

    Args:
        table: rows of `breakeven.break_even`; those without ndpr_p50 are left out.
        names: what to print for each site_id.
        decks: deck -> NdPr oxide price.
        lang: language of the words.
    """
    known = table[table["ndpr_p50"].notna()].sort_values("ndpr_p50")
    if known.empty:
        return None
    height = ROW * len(known) + 16
    pen = Pen(WIDTH, height, outlined=True)
    _axis(pen, height, lang)
    for name, price in decks.items():
        x = _at(price)
        pen.line([(x, 8), (x, height - 6)], SITE, 0.5, opacity=0.7)
        text = f"{deck_label(name, lang).partition(' (')[0].partition('（')[0]} {number(price, 0, lang)}"
        pen.text(x, height - 5 + (2.6 if name in {"mid", "high"} else 0), text, SMALL_PT, colour=SITE, align="center")
    told = []
    for i, (site_id, row) in enumerate(known.iterrows()):
        y = height - 9 - i * ROW
        low, middle, high = (float(row[f"ndpr_{name}"]) for name in ("p10", "p50", "p90"))
        pen.text(LEFT - 1.5, y - 0.8, fitted(names.get(str(site_id), str(site_id)), LEFT - 3, SMALL_PT), SMALL_PT,
                 align="right")  # fmt: skip
        pen.rectangle(_at(low), y - 1.1, max(_at(high) - _at(low), 0.3), 2.2, Look(fill=PALE))
        pen.mark(_at(middle), y, "dot", 4.6, Look(fill=BLUE))
        told.append(f"{names.get(str(site_id), str(site_id))} {low:.0f}–{middle:.0f}–{high:.0f}")
    alt = word("floors_alt", lang).format(sites="; ".join(told))
    return Chart(svg=pen.svg(), alt=alt, width_mm=WIDTH)


def _at(price: float) -> float:
    """Return where a price stands on the axis; what lies beyond its ends stands at them."""
    share = math.log2(max(price, LEAST) / LEAST) / DOUBLINGS
    return LEFT + min(share, 1.0) * (WIDTH - LEFT - RIGHT)


def _axis(pen: Pen, height: float, lang: Language) -> None:
    for step in range(DOUBLINGS + 1):
        x = _at(LEAST * 2**step)
        pen.line([(x, 7), (x, height - 6)], FAINT, 0.4)
        pen.text(x, 3.6, number(LEAST * 2**step, 0, lang), SMALL_PT, colour=MUTED, align="center")
    pen.text(WIDTH - RIGHT, 0.4, word("floors_axis", lang), SMALL_PT, colour=MUTED, align="right")


def curve_chart(curves: Mapping[int, pd.DataFrame], product: str, lang: Language = "en") -> Chart | None:
    """Return tonnes by floor price for each year: the middle as a line, P10 to P90 as a band.

    Args:
        curves: year -> rows of `floor.supply_curve`.
        product: NdPr or DyTb.
        lang: language of the words.
    """
    most = max((float(curve["p90"].max()) for curve in curves.values()), default=0.0)
    if most <= 0:
        return None
    height, bottom, left = 82.0, 11.0, 20.0
    pen = Pen(WIDTH, height, outlined=True)
    first = next(iter(curves.values()))
    lowest, highest = float(first["floor"].iloc[0]), float(first["floor"].iloc[-1])
    wide, high = (WIDTH - left - 14) / (highest - lowest), (height - bottom - 6) / most
    for tick in range(int(lowest), int(highest) + 1, 40):
        x = left + (tick - lowest) * wide
        pen.line([(x, bottom), (x, height - 5)], FAINT, 0.4)
        pen.text(x, bottom - 3.6, number(tick, 0, lang), SMALL_PT, colour=MUTED, align="center")
    for part in range(5):
        y = bottom + high * most * part / 4
        pen.line([(left, y), (WIDTH - 14, y)], FAINT, 0.4)
        pen.text(
            left - 1.5, y - 0.8, number(round(most * part / 4, -2), 0, lang), SMALL_PT, colour=MUTED, align="right"
        )
    told = []
    for colour, (year, curve) in zip(COLOURS, curves.items(), strict=False):
        across = [left + (value - lowest) * wide for value in curve["floor"]]
        rows = {name: [bottom + value * high for value in curve[name]] for name in ("p10", "p50", "p90")}
        band = [*zip(across, rows["p10"], strict=True), *reversed([*zip(across, rows["p90"], strict=True)])]
        pen.polygon(band, Look(fill=colour, opacity=0.18))
        pen.line([*zip(across, rows["p50"], strict=True)], colour, 1.4)
        pen.text(WIDTH - 13, rows["p50"][-1] - 0.8, str(year), TEXT_PT, bold=True, colour=colour)
        ends = curve.iloc[[0, len(curve) // 2, -1]].itertuples()
        told.append(f"{year}: " + ", ".join(f"{r.floor:.0f} → {r.p10:.0f}–{r.p50:.0f}–{r.p90:.0f}" for r in ends))
    pen.text(left, height - 3.4, word("curve_tonnes", lang).format(product=product), SMALL_PT, colour=MUTED)
    pen.text(WIDTH - 14, 0.6, word("curve_axis", lang), SMALL_PT, colour=MUTED, align="right")
    alt = word("curve_alt", lang).format(product=product, steps="; ".join(told))
    return Chart(svg=pen.svg(), alt=alt, width_mm=WIDTH)
