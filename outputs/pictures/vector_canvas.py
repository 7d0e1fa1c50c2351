"""A pen for vector pictures: paper in millimetres with y upwards, strokes and letters in points, the picture as SVG.

Pictures take their time from how much is drawn, not from a plotting library: a path is a string, written once.
"""

import dataclasses
import math
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

import numpy as np
import shapely
from numpy.typing import NDArray

from oreway.arrays import Floats
from oreway.outputs.pictures.fonts import FAMILIES, UNITS_PER_EM, letters_path

POINTS_A_MM = 72 / 25.4
INK = "#1d2730"
ANCHORS = {"left": "start", "center": "middle", "right": "end"}
BEFORE_ANCHOR = {"left": 0.0, "center": 0.5, "right": 1.0}
FONT = ", ".join(f"'{family}'" for family in FAMILIES)
ARROW_PT = (4.0, 2.0)
MARGIN_MM = 2.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Look:
    """How a shape is painted: colours, "none" for no paint; width in points, dashes in widths, opacity of all of it."""

    fill: str = "none"
    edge: str = "none"
    width: float = 0.0
    dashes: tuple[float, ...] = ()
    opacity: float = 1.0

    def attributes(self) -> str:
        """Return the look as attributes of an SVG element."""
        words = f' fill="{self.fill}"'
        if self.edge != "none" and self.width > 0:
            words += f' stroke="{self.edge}" stroke-width="{_points(self.width)}"'
            if self.dashes:
                words += f' stroke-dasharray="{" ".join(_points(dash * self.width) for dash in self.dashes)}"'
        return words if self.opacity == 1.0 else f'{words} opacity="{self.opacity:g}"'


def _turned(count: int, inner: float) -> tuple[tuple[float, float], ...]:
    """Return a star of radius 1 with a point at the top, its inner corners at that share of the radius."""
    turns = [(i * math.pi / count, inner if i % 2 else 1.0) for i in range(2 * count)]
    return tuple((reach * math.sin(turn), reach * math.cos(turn)) for turn, reach in turns)


_PLUS = ((1, 3), (1, 1), (3, 1), (3, -1), (1, -1), (1, -3), (-1, -3), (-1, -1), (-3, -1), (-3, 1), (-1, 1), (-1, 3))
_CROSS = ((0, 1), (1, 2), (2, 1), (1, 0), (2, -1), (1, -2), (0, -1), (-1, -2), (-2, -1), (-1, 0), (-2, 1), (-1, 2))
MARKS: dict[str, tuple[tuple[float, float], ...]] = {
    "square": ((-1, -1), (-1, 1), (1, 1), (1, -1)),
    "diamond": ((0, 2**0.5), (2**0.5, 0), (0, -(2**0.5)), (-(2**0.5), 0)),
    "triangle": ((0, 1), (-1, -1), (1, -1)),
    "hexagon": _turned(3, 1.0),
    "pentagon": _turned(5, 1.0)[::2],
    "bar": ((-1, -0.3), (-1, 0.3), (1, 0.3), (1, -0.3)),
    "plus": tuple((x / 3, y / 3) for x, y in _PLUS),
    "cross": tuple((x / 2, y / 2) for x, y in _CROSS),
    "star": _turned(5, 0.381966),
}


def _points(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Pen:
    """A sheet of paper and what is drawn on it so far, later things over earlier ones.

    outlined: letters are drawn as their outlines, so that a picture needs no font; else text stays text.
    """

    def __init__(self, width_mm: float, height_mm: float, *, outlined: bool = False) -> None:
        self.width_mm, self.height_mm, self._outlined = width_mm, height_mm, outlined
        self._drawn: list[str] = []

    def _paper(self, points: Floats) -> Floats:
        paper: Floats = (points * (1, -1) + (0, self.height_mm)) * POINTS_A_MM
        return paper

    def _at(self, x: float, y: float) -> tuple[float, float]:
        return x * POINTS_A_MM, (self.height_mm - y) * POINTS_A_MM

    def _put(self, path: str, look: Look) -> None:
        self._drawn.append(f'<path d="{path}"{look.attributes()}/>')

    def shapes(self, geometries: NDArray[np.object_], look: Look) -> None:
        """Draw polygons and lines, in millimetres, as one path; what lies well beyond the paper is left out."""
        edge = MARGIN_MM
        seen = shapely.clip_by_rect(geometries, -edge, -edge, self.width_mm + edge, self.height_mm + edge)
        parts = shapely.get_parts(shapely.get_parts(seen))
        rings = shapely.get_rings(parts)
        lines = parts[shapely.get_dimensions(parts) == 1]
        self.outline(np.concatenate((rings, lines)), look)

    def outline(self, curves: NDArray[np.object_], look: Look) -> None:
        """Draw rings and lines, in millimetres, as one path."""
        written = shapely.to_wkt(shapely.transform(curves, self._paper), rounding_precision=2)
        path = "".join(_path(text) for text in written.tolist())
        if path:
            self._put(path, look)

    def line(self, points: Iterable[Sequence[float]], colour: str, width: float, *, opacity: float = 1.0) -> None:
        """Draw a line through points."""
        self._put(f"M{self._through(points)}", Look(edge=colour, width=width, opacity=opacity))

    def polygon(self, points: Iterable[Sequence[float]], look: Look) -> None:
        """Draw a polygon with these corners."""
        self._put(f"M{self._through(points)}Z", look)

    def _through(self, points: Iterable[Sequence[float]]) -> str:
        return "L".join("{:.2f} {:.2f}".format(*self._at(*point)) for point in points)

    def rectangle(self, left: float, bottom: float, width: float, height: float, look: Look) -> None:
        """Draw a rectangle with this lower left corner."""
        x, y = self._at(left, bottom + height)
        size = f'width="{width * POINTS_A_MM:.2f}" height="{height * POINTS_A_MM:.2f}"'
        self._drawn.append(f'<rect x="{x:.2f}" y="{y:.2f}" {size}{look.attributes()}/>')

    def circle(self, x: float, y: float, radius: float, look: Look) -> None:
        """Draw a circle; all in millimetres."""
        across, down = self._at(x, y)
        reach = radius * POINTS_A_MM
        self._drawn.append(f'<circle cx="{across:.2f}" cy="{down:.2f}" r="{reach:.2f}"{look.attributes()}/>')

    def mark(self, x: float, y: float, mark: str, size: float, look: Look) -> None:
        """Draw a dot or one of MARKS, `size` points across."""
        if mark == "dot":
            self.circle(x, y, size / 2 / POINTS_A_MM, look)
            return
        reach = size / 2 / POINTS_A_MM
        self.polygon([(x + reach * across, y + reach * up) for across, up in MARKS[mark]], look)

    def arrow(self, x: float, y: float, away: tuple[float, float], length: float, colour: str) -> None:
        """Draw an arrow of this length, in millimetres, that points in a direction and ends at x, y."""
        long, half = (points / POINTS_A_MM for points in ARROW_PT)
        (right, up), neck = away, (x - long * away[0], y - long * away[1])
        self.line([(x - length * right, y - length * up), neck], colour, 0.8)
        sides = [(neck[0] - half * up, neck[1] + half * right), (neck[0] + half * up, neck[1] - half * right)]
        self.polygon([(x, y), *sides], Look(fill=colour))

    def text(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, colour: str = INK, align: str = "left"
    ) -> None:
        """Write one line of text in points, its base line through y, its left, center or right at x."""
        across, down = self._at(x, y)
        if not self._outlined:
            look = f'font-size="{size:g}" fill="{colour}" text-anchor="{ANCHORS[align]}"'
            weight = ' font-weight="700"' if bold else ""
            place = f'x="{across:.2f}" y="{down:.2f}"'
            self._drawn.append(f'<text {place} font-family="{FONT}" {look}{weight}>{escape(text)}</text>')
            return
        path, width = letters_path(text, bold=bold)
        scale = size / UNITS_PER_EM
        left = across - BEFORE_ANCHOR[align] * width * scale
        place = f"translate({left:.2f} {down:.2f}) scale({scale:g})"
        self._drawn.append(f'<path transform="{place}" d="{path}" fill="{colour}"/>')

    def within(self, other: "Pen", left: float, bottom: float) -> None:
        """Lay another sheet on this one, its lower left here; what sticks out of that sheet is cut off."""
        x, y = self._at(left, bottom + other.height_mm)
        size = f'width="{other.width_mm * POINTS_A_MM:.2f}" height="{other.height_mm * POINTS_A_MM:.2f}"'
        self._drawn.append(f'<svg x="{x:.2f}" y="{y:.2f}" {size} overflow="hidden">{"".join(other._drawn)}</svg>')

    def svg(self) -> str:
        """Return the picture, the same bytes for the same strokes."""
        size = [_points(side * POINTS_A_MM) for side in (self.width_mm, self.height_mm)]
        box = f'width="{size[0]}pt" height="{size[1]}pt" viewBox="0 0 {size[0]} {size[1]}"'
        return f'<svg xmlns="http://www.w3.org/2000/svg" {box} stroke-linejoin="round">{"".join(self._drawn)}</svg>'


def _path(text: str) -> str:
    """Return a ring or line of well-known text as path."""
    if text.endswith("EMPTY"):
        return ""
    points = text[text.index("(") + 1 : -1].replace(",", "")
    return f"M{points}Z" if text.startswith("LINEARRING") else f"M{points}"
