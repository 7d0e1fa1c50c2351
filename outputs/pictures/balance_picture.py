"""The balance as a picture: what flows from step to step, what is possible, and China's share beside it."""

import dataclasses
import math
from collections.abc import Mapping, Sequence

from oreway.layers.vocabulary import Bloc
from oreway.outputs.pictures.basemap import MUTED
from oreway.outputs.pictures.charts import BLUE, FAINT, SMALL_PT, TEXT_PT, Chart, fitted
from oreway.outputs.pictures.vector_canvas import INK, Look, Pen
from oreway.outputs.words.formatting import Language, label, number
from oreway.scoring.balance.answer import ALL, Balance, cells
from oreway.scoring.balance.tables import STAGES, Tables

OTHER, RED = "#8a6d3b", "#a8323e"
COLOURS = {Bloc.ALLIED: BLUE, Bloc.OTHER: OTHER}
WIDTH, HEIGHT = 178.0, 104.0
LEFT, RIGHT, BOTTOM, TOP, BAR = 6.0, 20.0, 34.0, 9.0, 7.0
LEAST_LABEL, CURVE = 2.6, 24  # mm of a bar that a country's code fits in; corners of a ribbon's side
SHOWN = STAGES[1:]

Key = tuple[str, str, str]  # stage, bloc, country


@dataclasses.dataclass
class _Bar:
    """One country's part of one step: its height in mm, and how much of its two sides ribbons have taken."""

    bottom: float
    height: float
    taken: float = 0.0
    given: float = 0.0


def balance_chart(found: Balance, tables: Tables, year: int, lang: Language = "en") -> Chart:
    """Return the flow of one year by step of the chain.

    Bars and ribbons: what was announced, by country; whiskers: on record, P10 to P90; pale: what is possible; below,
    China's share of the world at each step.
    """
    told = {stage: cells(found)[year, stage, ALL] for stage in SHOWN}
    pen = Pen(WIDTH, HEIGHT, outlined=True)
    most = max(1.0, *(max(row["announced_t"], row["possible_high_t"], row["record_high_t"]) for row in told.values()))
    scale = (HEIGHT - BOTTOM - TOP) / most
    step = (WIDTH - LEFT - RIGHT - BAR) / (len(SHOWN) - 1)
    at = {stage: LEFT + i * step for i, stage in enumerate(SHOWN)}
    for stage in SHOWN:
        pen.rectangle(at[stage], BOTTOM, BAR, told[stage]["possible_high_t"] * scale, Look(fill=FAINT))
    bars = _bars(found, year, scale)
    _ribbons(pen, found, year, bars, at, scale)
    for (stage, bloc, country), bar in bars.items():
        pen.rectangle(at[stage], bar.bottom, BAR, bar.height, Look(fill=COLOURS[Bloc(bloc)], edge="#ffffff", width=0.3))
        if bar.height >= LEAST_LABEL:
            pen.text(at[stage] + BAR / 2, bar.bottom + bar.height / 2 - 0.8, country, SMALL_PT, colour="#ffffff",
                     align="center")  # fmt: skip
    for stage in SHOWN:
        _whisker(pen, at[stage], told[stage], scale)
        _below(pen, at[stage], stage, told[stage], _china(tables, stage), lang)
    title = label("balance_picture", lang).format(element=element_words(found.asked.element), year=year)
    pen.text(LEFT, HEIGHT - 5, title, TEXT_PT, bold=True)
    _legend(pen, lang)
    return Chart(svg=pen.svg(), alt=_alt(found, tables, told, year, lang), width_mm=WIDTH)


def element_words(element: str) -> str:
    """Return the elements as people write them."""
    return {"DyTb": "Dy + Tb"}.get(element, element)


def _bars(found: Balance, year: int, scale: float) -> dict[Key, _Bar]:
    """Return the countries' parts of each step, allied ones below, as announced; mines that deliver nowhere too."""
    tonnes: dict[Key, float] = {}
    for (stage, country, bloc), made in found.made[year].items():
        tonnes[stage, bloc, country] = made
    bars: dict[Key, _Bar] = {}
    bottoms = dict.fromkeys(SHOWN, BOTTOM)
    order = sorted(tonnes, key=lambda key: (SHOWN.index(key[0]), key[1] != Bloc.ALLIED, -tonnes[key], key[2]))
    for key in order:
        height = tonnes[key] * scale
        bars[key] = _Bar(bottom=bottoms[key[0]], height=height)
        bottoms[key[0]] += height
    return bars


def _ribbons(
    pen: Pen, found: Balance, year: int, bars: Mapping[Key, _Bar], at: Mapping[str, float], scale: float
) -> None:
    flows: dict[tuple[Key, Key], tuple[float, float]] = {}
    for way in found.ways[year]:
        ends = tuple((node.stage, node.bloc, node.country_code) for node in (way.start, way.end))
        if all(end in bars for end in ends):
            before = flows.get((ends[0], ends[1]), (0.0, 0.0))
            flows[ends[0], ends[1]] = (before[0] + way.tonnes, before[1] + way.arrives)
    order = list(bars)
    for (start, end), (leaves, arrives) in sorted(
        flows.items(), key=lambda one: (order.index(one[0][0]), order.index(one[0][1]))
    ):
        seller, taker = bars[start], bars[end]
        out, into = leaves * scale, min(arrives * scale, taker.height - taker.taken)
        low, high = seller.bottom + seller.given, taker.bottom + taker.taken
        seller.given += out
        taker.taken += into
        _ribbon(pen, (at[start[0]] + BAR, low, out), (at[end[0]], high, into), COLOURS[Bloc(start[1])])


def _ribbon(pen: Pen, start: tuple[float, float, float], end: tuple[float, float, float], colour: str) -> None:
    """Draw a band between two sides, each given by x, its lower end and its height."""
    shares = [(1 - math.cos(math.pi * i / CURVE)) / 2 for i in range(CURVE + 1)]
    across = [start[0] + (end[0] - start[0]) * i / CURVE for i in range(CURVE + 1)]
    lower = [(x, start[1] + (end[1] - start[1]) * s) for x, s in zip(across, shares, strict=True)]
    upper = [
        (x, start[1] + start[2] + (end[1] + end[2] - start[1] - start[2]) * s)
        for x, s in zip(across, shares, strict=True)
    ]  # fmt: skip
    pen.polygon([*lower, *reversed(upper)], Look(fill=colour, opacity=0.28))


def _whisker(pen: Pen, x: float, row: Mapping[str, float], scale: float) -> None:
    """Draw what is on record: P10 to P90, with a tick at the middle."""
    low, mid, high = (BOTTOM + row[f"record_{end}_t"] * scale for end in ("low", "mid", "high"))
    middle = x + BAR + 1.3
    pen.line([(middle, low), (middle, high)], INK, 0.8)
    for y, half in ((low, 0.6), (mid, 1.1), (high, 0.6)):
        pen.line([(middle - half, y), (middle + half, y)], INK, 0.8)


def _below(pen: Pen, x: float, stage: str, row: Mapping[str, float], china: float, lang: Language) -> None:
    """Write under a step its name, its tonnes, and China's share of the world as a bar."""
    centre = max(x + BAR / 2, 11.0)
    lines = (
        (label(f"stage_{stage}", lang), TEXT_PT, True, INK),
        (f"{number(row['announced_t'], 0, lang)} t", TEXT_PT, False, INK),
        (f"P50 {number(row['record_mid_t'], 0, lang)} t", SMALL_PT, False, MUTED),
    )  # fmt: skip
    for i, (text, size, bold, colour) in enumerate(lines):
        pen.text(
            centre,
            BOTTOM - 4 - 3.6 * i,
            fitted(text, 26, size),
            size,
            bold=bold,
            colour=colour,
            align="center",
        )
    width = 20.0
    left = centre - width / 2
    pen.rectangle(left, BOTTOM - 20, width, 3, Look(fill=FAINT))
    pen.rectangle(left, BOTTOM - 20, width * china, 3, Look(fill=RED))
    pen.text(left + width / 2, BOTTOM - 23.6, f"{number(100 * china, 0, lang)} %", TEXT_PT, colour=RED, align="center")


def _legend(pen: Pen, lang: Language) -> None:
    """Write what the colours mean along the lower edge."""
    x, y = LEFT - 5, 3.0
    for key, colour in (("balance_allied", BLUE), ("balance_other", OTHER), ("balance_possible", FAINT),
                        ("balance_likely", INK), ("balance_china", RED)):  # fmt: skip
        text = label(key, lang)
        if key == "balance_likely":
            pen.line([(x + 1.2, y - 0.4), (x + 1.2, y + 2.2)], INK, 0.8)
        else:
            pen.rectangle(x, y - 0.2, 2.4, 2.4, Look(fill=colour))
        pen.text(x + 3.4, y, fitted(text, 36, SMALL_PT), SMALL_PT, colour=INK)
        x += 36.0


def _china(tables: Tables, stage: str) -> float:
    return 1 - tables.number("outside_china", stage)


def _alt(found: Balance, tables: Tables, told: Mapping[str, Mapping[str, float]], year: int, lang: Language) -> str:
    def step(stage: str) -> str:
        row = told[stage]
        numbers: Sequence[str] = [
            number(row[f"{name}_t"], 0, lang)
            for name in ("announced", "record_mid", "record_low", "record_high", "possible_high")
        ]
        return label("balance_alt_step", lang).format(
            stage=label(f"stage_{stage}", lang), announced=numbers[0], mid=numbers[1], low=numbers[2], high=numbers[3],
            possible=numbers[4], china=number(100 * _china(tables, stage), 0, lang),
        )  # fmt: skip

    return label("balance_alt", lang).format(
        element=element_words(found.asked.element), year=year, steps="; ".join(step(stage) for stage in SHOWN)
    )
