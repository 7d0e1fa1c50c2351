"""Charts of a judgement for page and report alike: vector SVG whose letters are paths, with a text alternative each."""

import dataclasses
import io
import re
from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from outputs.basemap import INK, MUTED, SITE
from outputs.figures import ONE_AT_A_TIME
from outputs.fonts import FAMILIES, MM_PER_PT, printable, register, text_width_mm
from outputs.labels import write_text
from outputs.wording import Language, amount, label, number, phrase
from scoring.acceptability import Acceptability, Doubles
from scoring.economics import Appraisal
from scoring.supply import Route

BLUE, PALE, FAINT = "#0b5cad", "#a9c8e8", "#dfe5ea"
MODES = {"road": "#7a6a58", "rail": "#8a4b08", "sea": "#0b5cad"}
TEXT_PT, SMALL_PT = 7.0, 6.2
SHADES, LEAST_SHARE = 16, 0.005
IDS = re.compile(r'(\bid="|href="#|url\(#)')


@dataclasses.dataclass(frozen=True, kw_only=True)
class Chart:
    """A picture: its SVG, what it shows in words, and how wide it is meant to be."""

    svg: str
    alt: str
    width_mm: float


def canvas(width_mm: float, height_mm: float) -> tuple[Figure, Axes]:
    """Return a figure whose one set of axes is its own millimetres."""
    register()
    figure = Figure(figsize=(width_mm / 25.4, height_mm / 25.4))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width_mm), ylim=(0, height_mm))
    axes.set_axis_off()
    axes.set_autoscale_on(False)
    return figure, axes


def to_svg(figure: Figure, name: str) -> str:
    """Return a figure as SVG, the same bytes every time; ids begin with the name so that several share a page."""
    out = io.StringIO()
    with mpl.rc_context({"svg.fonttype": "path", "svg.hashsalt": "oreway", "font.family": FAMILIES}):
        FigureCanvasSVG(figure).print_svg(  # type: ignore[no-untyped-call]
            out, metadata={"Date": None, "Creator": None}
        )
    return IDS.sub(lambda found: f"{found.group()}{name}-", out.getvalue())


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
    with ONE_AT_A_TIME:
        return _supply_strip(route, site_name, lang)


def _supply_strip(route: Route, site_name: str, lang: Language) -> Chart:
    width, height, margin = 178.0, 17.0, 13.0
    figure, axes = canvas(width, height)
    stations = [site_name, *(phrase(leg.end.name, lang) for leg in route.legs)]
    step = (width - 2 * margin) / max(1, len(route.legs))
    y = 10.0
    for i, leg in enumerate(route.legs):
        x = margin + i * step
        axes.plot([x, x + step], [y, y], color=MODES.get(leg.mode, INK), linewidth=2.2, solid_capstyle="butt")
        distance = "?" if leg.distance_km is None else f"{amount(leg.distance_km, lang)} km"
        text = fitted(f"{label(f'mode_{leg.mode}', lang)} {distance}", step - 1, SMALL_PT)
        write_text(axes, x + step / 2, y + 2.0, text, SMALL_PT, colour=MODES.get(leg.mode, INK), align="center")
    for i, station in enumerate(stations):
        marker, colour = ("*", SITE) if i == 0 else ("h", "#00695c") if i == len(stations) - 1 else ("o", INK)
        x = margin + i * step
        size = {"*": 10.0, "h": 7.5, "o": 4.0}[marker]
        axes.plot(x, y, marker, color=colour, markersize=size, markeredgecolor="white", markeredgewidth=0.4)
        for line, words in enumerate(two_lines(station, min(step, 2 * margin) - 1, SMALL_PT)):
            y_text = y - 4.4 - line * SMALL_PT * MM_PER_PT * 1.2
            write_text(axes, x, y_text, words, SMALL_PT, bold=marker != "o", align="center")
    legs = "; ".join(
        f"{label(f'mode_{leg.mode}', lang)} {amount(leg.distance_km, lang)} km → {phrase(leg.end.name, lang)}"
        for leg in route.legs
        if leg.distance_km is not None
    )
    alt = label("way_alt", lang).format(site=site_name, plant=route.refinery_name, legs=legs)
    return Chart(svg=to_svg(figure, f"strip-{route.refinery_id}"), alt=alt, width_mm=width)


def break_even_chart(found: Appraisal, lang: Language = "en") -> Chart | None:
    """Return the break-even price with its bounds among the price decks; None where it is not assessable."""
    if found.break_even_usd_per_kg is None or not found.decks:
        return None
    with ONE_AT_A_TIME:
        return _break_even_chart(found, found.break_even_usd_per_kg, lang)


def _break_even_chart(found: Appraisal, price: float, lang: Language) -> Chart:
    width, left, right, row = 92.0, 17.0, 8.0, 5.2
    height = row * (len(found.decks) + 1) + 9.0
    figure, axes = canvas(width, height)
    low, high = found.break_even_low or price, found.break_even_high or price
    top = 1.08 * max(high, *(deck[1] for deck in found.decks))
    per_mm = (width - left - right) / top
    x_low, x_high, x = (left + per_mm * value for value in (low, high, price))
    axes.add_artist(Rectangle((x_low, 7), max(x_high - x_low, 0.3), height - 12.5, facecolor=PALE, linewidth=0))
    axes.plot([x, x], [7, height - 5.5], color=SITE, linewidth=1.1)
    write_text(axes, x, height - 4, f"{label('break_even', lang)} {number(price, 0, lang)}", TEXT_PT, bold=True,
               colour=SITE, align="center")  # fmt: skip
    for i, (name, deck_price, _, _) in enumerate(found.decks):
        y = height - 8.5 - i * row
        axes.plot([left, left + per_mm * deck_price], [y, y], color=FAINT, linewidth=1)
        axes.plot(left + per_mm * deck_price, y, "o", color=BLUE, markersize=4.5)
        text = fitted(deck_label(name, lang).partition(" (")[0].partition("（")[0], left - 3, TEXT_PT)
        write_text(axes, left - 2, y - 0.9, text, TEXT_PT, align="right")
        write_text(axes, left + per_mm * deck_price + 1.6, y - 0.9, number(deck_price, 0, lang), TEXT_PT, colour=BLUE)
    axes.plot([left, width - right], [7, 7], color=MUTED, linewidth=0.6)
    for tick in range(0, int(top) + 1, 25):
        axes.plot([left + per_mm * tick] * 2, [6.3, 7], color=MUTED, linewidth=0.6)
        write_text(axes, left + per_mm * tick, 3.6, number(tick, 0, lang), SMALL_PT, colour=MUTED, align="center")
    write_text(axes, width - right, 0.3, label("deck_price", lang), SMALL_PT, colour=MUTED, align="right")
    decks = ", ".join(f"{deck_label(name, lang)} {number(value, 0, lang)}" for name, value, _, _ in found.decks)
    alt = label("price_alt", lang).format(
        price=number(price, 0, lang), low=number(low, 0, lang), high=number(high, 0, lang), decks=decks
    )
    return Chart(svg=to_svg(figure, "price"), alt=alt, width_mm=width)


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
    with ONE_AT_A_TIME:
        return _acceptability_chart(found, names, lang, most)


def _acceptability_chart(found: Acceptability, names: Mapping[str, str], lang: Language, most: int) -> Chart:
    expected = found.ranks @ np.arange(1, len(found.site_ids) + 1)
    order = np.argsort(expected, kind="stable")[:most]
    width, left, top = 178.0, 42.0, 6.0
    row = min(4.6, 220.0 / len(order))
    columns = len(found.site_ids)
    column = (width - left - 2) / columns
    height = top + row * len(order) + 1
    figure, axes = canvas(width, height)
    for rank in (1, *range(5, columns + 1, 5)):
        x = left + (rank - 0.5) * column
        write_text(axes, x, height - 3.6, str(rank), SMALL_PT, colour=MUTED, align="center")
    for i, site in enumerate(order):
        y = height - top - (i + 1) * row
        name = fitted(names.get(found.site_ids[site], found.site_ids[site]), left - 3, SMALL_PT)
        write_text(axes, left - 1.5, y + row / 2 - 0.8, name, SMALL_PT, align="right")
        axes.plot([left, width - 2], [y, y], color=FAINT, linewidth=0.3)
    _field(axes, found.ranks[order], (left, height - top), (column, row))
    tops = "; ".join(_top(found, int(site), names, lang) for site in order[:10])
    return Chart(svg=to_svg(figure, "ranks"), alt=f"{label('ranks_alt', lang).format(tops=tops)}", width_mm=width)


def _field(axes: Axes, shares: Doubles, corner: tuple[float, float], cell: tuple[float, float]) -> None:
    """Fill the cells of a table of shares, those of one shade as one path, so that the picture stays small."""
    level = np.ceil(SHADES * np.sqrt(np.where(shares >= LEAST_SHARE, shares, 0))).astype(int)
    for shade in range(1, SHADES + 1):
        rows, columns = np.nonzero(level == shade)
        if not len(rows):
            continue
        x, y = corner[0] + columns * cell[0], corner[1] - (rows + 1) * cell[1] + 0.15
        right, upper = x + cell[0], y + cell[1] - 0.3
        corners = np.stack([x, y, right, y, right, upper, x, upper, x, y], axis=1).reshape(-1, 2).round(2)
        codes = np.tile([Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY], len(rows))
        axes.add_artist(PathPatch(Path(corners, codes), facecolor=BLUE, alpha=shade / SHADES, linewidth=0))


def _top(found: Acceptability, site: int, names: Mapping[str, str], lang: Language) -> str:
    rank = int(np.argmax(found.ranks[site]))
    site_id = found.site_ids[site]
    return label("ranks_top", lang).format(
        site=names.get(site_id, site_id), rank=rank + 1, share=number(100 * float(found.ranks[site, rank]), 0, lang)
    )
