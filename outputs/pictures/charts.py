"""Charts of a judgement for page and report alike: vector SVG whose letters are paths, with a text alternative each."""

import dataclasses
from collections.abc import Mapping

import numpy as np
import shapely

from oreway.arrays import Floats
from oreway.outputs.pictures.basemap import MUTED, SITE
from oreway.outputs.pictures.fonts import MM_PER_PT, printable, text_width_mm
from oreway.outputs.pictures.vector_canvas import INK, Look, Pen
from oreway.outputs.words.formatting import Language, amount, label, number
from oreway.outputs.words.reason_texts import name_of
from oreway.scoring.price.economics import Appraisal
from oreway.scoring.rank.acceptability import Acceptability
from oreway.scoring.routes.supply import Route

BLUE, PALE, FAINT, PLANT = "#0b5cad", "#a9c8e8", "#dfe5ea", "#00695c"
MODES = {"road": "#7a6a58", "rail": "#8a4b08", "sea": "#0b5cad"}
TEXT_PT, SMALL_PT = 7.0, 6.2
SHADES, LEAST_SHARE = 16, 0.005


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture: its SVG, what it shows in words, and how wide it is meant to be."""

    svg: str
    alt: str
    width_mm: float


def fitted(text: str, width_mm: float, size_pt: float) -> str:
    """Return the text in printable letters, cut with an ellipsis where it is wider than the room."""
    text = printable(text)
    if text_width_mm(text, size_pt) <= width_mm:
        return text
    while text and text_width_mm(f"{text}…", size_pt) > width_mm:
        text = text[:-1]
    return f"{text.rstrip()}…"


def two_lines(text: str, width_mm: float, size_pt: float) -> list[str]:
    """Return the text on one line, or broken between words over two, the second cut where it must be."""
    words = printable(text).split()
    first = ""
    while words and text_width_mm(f"{first} {words[0]}".strip(), size_pt) <= width_mm:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return [fitted(text, width_mm, size_pt)]
    return [first, fitted(" ".join(words), width_mm, size_pt)] if words else [first]


def supply_strip(route: Route, site_name: str, lang: Language = "en") -> Chart:
    """Return a route as a strip of stations, evenly spaced, with mode and kilometres between them; not to scale."""
    width, height, margin = 178.0, 17.0, 13.0
    pen = Pen(width, height, outlined=True)
    stations = [site_name, *(name_of(leg.end.name, lang) for leg in route.legs)]
    step = (width - 2 * margin) / max(1, len(route.legs))
    y = 10.0
    for i, leg in enumerate(route.legs):
        x = margin + i * step
        pen.line([(x, y), (x + step, y)], MODES.get(leg.mode, INK), 2.2)
        distance = "?" if leg.distance_km is None else f"{amount(leg.distance_km, lang)} km"
        text = fitted(f"{label(f'mode_{leg.mode}', lang)} {distance}", step - 1, SMALL_PT)
        pen.text(x + step / 2, y + 2.0, text, SMALL_PT, colour=MODES.get(leg.mode, INK), align="center")
    for i, station in enumerate(stations):
        mark, colour = ("star", SITE) if i == 0 else ("hexagon", PLANT) if i == len(stations) - 1 else ("dot", INK)
        x = margin + i * step
        size = {"star": 10.0, "hexagon": 7.5, "dot": 4.0}[mark]
        pen.mark(x, y, mark, size, Look(fill=colour, edge="#ffffff", width=0.4))
        for line, words in enumerate(two_lines(station, min(step, 2 * margin) - 1, SMALL_PT)):
            y_text = y - 4.4 - line * SMALL_PT * MM_PER_PT * 1.2
            pen.text(x, y_text, words, SMALL_PT, bold=mark != "dot", align="center")
    legs = "; ".join(
        f"{label(f'mode_{leg.mode}', lang)} {amount(leg.distance_km, lang)} km → {name_of(leg.end.name, lang)}"
        for leg in route.legs
        if leg.distance_km is not None
    )
    alt = label("way_alt", lang).format(site=site_name, plant=route.refinery_name, legs=legs)
    return Chart(svg=pen.svg(), alt=alt, width_mm=width)


def break_even_chart(found: Appraisal, lang: Language = "en") -> Chart | None:
    """Return the break-even price with its bounds among the price decks; None where it is not assessable."""
    if found.break_even_usd_per_kg is None or not found.decks:
        return None
    return _break_even_chart(found, found.break_even_usd_per_kg, lang)


def _break_even_chart(found: Appraisal, price: float, lang: Language) -> Chart:
    width, left, right, row = 92.0, 17.0, 8.0, 5.2
    height = row * (len(found.decks) + 1) + 9.0
    pen = Pen(width, height, outlined=True)
    low, high = found.break_even_low or price, found.break_even_high or price
    top = 1.08 * max(high, *(deck[1] for deck in found.decks))
    per_mm = (width - left - right) / top
    x_low, x_high, x = (left + per_mm * value for value in (low, high, price))
    pen.rectangle(x_low, 7, max(x_high - x_low, 0.3), height - 12.5, Look(fill=PALE))
    pen.line([(x, 7), (x, height - 5.5)], SITE, 1.1)
    pen.text(x, height - 4, f"{label('break_even', lang)} {number(price, 0, lang)}", TEXT_PT, bold=True,
             colour=SITE, align="center")  # fmt: skip
    for i, (name, deck_price, _, _) in enumerate(found.decks):
        y = height - 8.5 - i * row
        pen.line([(left, y), (left + per_mm * deck_price, y)], FAINT, 1.0)
        pen.mark(left + per_mm * deck_price, y, "dot", 5.5, Look(fill=BLUE))
        text = fitted(deck_label(name, lang).partition(" (")[0].partition("（")[0], left - 3, TEXT_PT)
        pen.text(left - 2, y - 0.9, text, TEXT_PT, align="right")
        pen.text(left + per_mm * deck_price + 1.6, y - 0.9, number(deck_price, 0, lang), TEXT_PT, colour=BLUE)
    pen.line([(left, 7), (width - right, 7)], MUTED, 0.6)
    for tick in range(0, int(top) + 1, 25):
        pen.line([(left + per_mm * tick, 6.3), (left + per_mm * tick, 7)], MUTED, 0.6)
        pen.text(left + per_mm * tick, 3.6, number(tick, 0, lang), SMALL_PT, colour=MUTED, align="center")
    pen.text(width - right, 0.3, label("deck_price", lang), SMALL_PT, colour=MUTED, align="right")
    decks = ", ".join(f"{deck_label(name, lang)} {number(value, 0, lang)}" for name, value, _, _ in found.decks)
    alt = label("price_alt", lang).format(
        price=number(price, 0, lang), low=number(low, 0, lang), high=number(high, 0, lang), decks=decks
    )
    return Chart(svg=pen.svg(), alt=alt, width_mm=width)


def deck_label(name: str, lang: Language) -> str:
    """Return the word for a price deck; a user's own deck keeps its name."""
    found = label(f"deck_{name}", lang)
    return name if found == f"deck {name}" else found


def acceptability_chart(
    found: Acceptability, names: Mapping[str, str], lang: Language = "en", *, most: int = 60
) -> Chart | None:
    """Return rank acceptabilities as a field: one row a site, one column a rank, darker the likelier.

    Args:
        found: the shares.
        names: what to print for each site_id.
        lang: language of the words.
        most: leave out sites beyond this many, by expected rank.
    """
    if not found.site_ids:
        return None
    return _acceptability_chart(found, names, lang, most)


def _acceptability_chart(found: Acceptability, names: Mapping[str, str], lang: Language, most: int) -> Chart:
    expected = found.ranks @ np.arange(1, len(found.site_ids) + 1)
    order = np.argsort(expected, kind="stable")[:most]
    width, left, top = 178.0, 42.0, 6.0
    row = min(4.6, 220.0 / len(order))
    columns = len(found.site_ids)
    column = (width - left - 2) / columns
    height = top + row * len(order) + 1
    pen = Pen(width, height, outlined=True)
    for rank in (1, *range(5, columns + 1, 5)):
        x = left + (rank - 0.5) * column
        pen.text(x, height - 3.6, str(rank), SMALL_PT, colour=MUTED, align="center")
    for i, site in enumerate(order):
        y = height - top - (i + 1) * row
        name = fitted(names.get(found.site_ids[site], found.site_ids[site]), left - 3, SMALL_PT)
        pen.text(left - 1.5, y + row / 2 - 0.8, name, SMALL_PT, align="right")
        pen.line([(left, y), (width - 2, y)], FAINT, 0.3)
    _field(pen, found.ranks[order], (left, height - top), (column, row))
    tops = "; ".join(_top(found, int(site), names, lang) for site in order[:10])
    return Chart(svg=pen.svg(), alt=label("ranks_alt", lang).format(tops=tops), width_mm=width)


def _field(pen: Pen, shares: Floats, corner: tuple[float, float], cell: tuple[float, float]) -> None:
    """Fill the cells of a table of shares, those of one shade as one path, so that the picture stays small."""
    level = np.ceil(SHADES * np.sqrt(np.where(shares >= LEAST_SHARE, shares, 0))).astype(int)
    for shade in range(1, SHADES + 1):
        rows, columns = np.nonzero(level == shade)
        if not len(rows):
            continue
        x, y = corner[0] + columns * cell[0], corner[1] - (rows + 1) * cell[1] + 0.15
        cells = shapely.get_exterior_ring(shapely.box(x, y, x + cell[0], y + cell[1] - 0.3))
        pen.outline(cells, Look(fill=BLUE, opacity=shade / SHADES))


def _top(found: Acceptability, site: int, names: Mapping[str, str], lang: Language) -> str:
    rank = int(np.argmax(found.ranks[site]))
    site_id = found.site_ids[site]
    return label("ranks_top", lang).format(
        site=names.get(site_id, site_id), rank=rank + 1, share=number(100 * float(found.ranks[site, rank]), 0, lang)
    )
