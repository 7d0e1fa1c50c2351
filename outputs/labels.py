"""Labels of a locator map: placed where they cover nothing, written with the shipped fonts."""

import dataclasses
import math
from collections.abc import Iterable, Sequence

import numpy as np

from outputs.basemap import MUTED
from outputs.fonts import MM_PER_PT, printable, text_width_mm
from outputs.locator import Floats
from outputs.pen import INK, Look, Pen

LABEL_PT, SMALL_PT = 6.6, 5.6
LINE_SPACING, WIDEST_LABEL_MM = 1.18, 48.0
OFFSETS_MM = (1.6, 3.4, 6.0, 9.0, 13.0, 18.0)
LEADER_FROM_MM = 5.0
DIRECTIONS = tuple((math.cos(a), math.sin(a)) for a in np.radians(np.arange(0, 360, 22.5)))
Box = tuple[float, float, float, float]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Label:
    """A text to be placed by a point; `away` points from the site outwards, where text is read best."""

    text: str
    x: float
    y: float
    width: float
    height: float
    away: tuple[float, float] = (1.0, 0.0)
    optional: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Placed:
    """Where a label went: its lower left corner, and whether it needs a leader to its point."""

    label: Label
    x: float
    y: float
    leader: bool


def _shortened(text: str, size: float) -> str:
    """Return the text cut to the widest label there is room for, with an ellipsis where it was cut."""
    if text_width_mm(text, size) <= WIDEST_LABEL_MM:
        return text
    longest = next(n for n in range(len(text) - 1, -1, -1) if text_width_mm(f"{text[:n]}…", size) <= WIDEST_LABEL_MM)
    return f"{text[:longest].rstrip()}…"


def make_label(
    text: str, x: float, y: float, away: tuple[float, float], size: float, *, optional: bool = False
) -> Label:
    """Return a label of one or more lines for a point, in printable letters and no wider than there is room for."""
    lines = [_shortened(line, size) for line in printable(text).split("\n")]
    text, width = "\n".join(lines), max(text_width_mm(line, size) for line in lines)
    height = LINE_SPACING * len(lines) * size * MM_PER_PT
    return Label(text=text, x=x, y=y, width=width + 0.8, height=height + 0.4, away=away, optional=optional)


def _overlap(a: Box, b: Box) -> float:
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return width * height if width > 0 and height > 0 else 0.0


def count_within(points: Floats, box: Box) -> int:
    """Return how many points of shape (n, 2) lie in a box."""
    x, y = points[:, 0], points[:, 1]
    return int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).sum())


def _candidates(label: Label) -> Iterable[tuple[float, Box, bool]]:
    for offset in OFFSETS_MM:
        for dx, dy in DIRECTIONS:
            x = label.x + dx * offset + (dx - 1) / 2 * label.width
            y = label.y + dy * offset + (dy - 1) / 2 * label.height
            turned = 1 - (dx * label.away[0] + dy * label.away[1])
            yield offset + 1.5 * turned, (x, y, x + label.width, y + label.height), offset >= LEADER_FROM_MM


def place_labels(labels: Sequence[Label], frame: Box, taken: Sequence[Box], lines: Floats) -> list[Placed]:
    """Place labels one after the other where they cover nothing.

    Args:
        labels: in order of importance; optional ones are left out when there is no free place.
        frame: what they must stay inside.
        taken: boxes nothing may cover.
        lines: points along lines, shape (n, 2); covering them is allowed and avoided.
    """
    boxes, placed = list(taken), []
    for label in labels:
        best: tuple[float, Box, bool] | None = None
        for cost, box, leader in _candidates(label):
            if box[0] < frame[0] or box[1] < frame[1] or box[2] > frame[2] or box[3] > frame[3]:
                continue
            covered = sum(_overlap(box, other) for other in boxes)
            if covered and label.optional:
                continue
            crossed = count_within(lines, box)
            total = cost + 40 * covered + (20 if covered else 0) + 0.6 * crossed
            if best is None or total < best[0]:
                best = (total, box, leader)
        if best is None or (label.optional and best[0] > OFFSETS_MM[2]):
            continue
        boxes.append(best[1])
        placed.append(Placed(label=label, x=best[1][0], y=best[1][1], leader=best[2]))
    return placed


def write(pen: Pen, placed: Sequence[Placed]) -> None:
    """Write placed labels on a pale ground, each with a leader or a dot where it needs one."""
    for item in placed:
        if item.label.optional:
            pen.mark(item.label.x, item.label.y, "dot", 1.6, Look(fill=MUTED))
        elif item.leader:
            near = (
                min(max(item.label.x, item.x), item.x + item.label.width),
                min(max(item.label.y, item.y), item.y + item.label.height),
            )
            pen.line([(item.label.x, item.label.y), near], MUTED, 0.3)
    for item in placed:
        ground = Look(fill="#ffffff", opacity=0.25 if item.label.optional else 0.72)
        pen.rectangle(item.x, item.y, item.label.width, item.label.height, ground)
    for item in placed:
        small = item.label.optional
        size, colour = (SMALL_PT, MUTED) if small else (LABEL_PT, INK)
        for i, line in enumerate(item.label.text.split("\n")):
            y = item.y + item.label.height - 0.2 - (i + 0.8) * LINE_SPACING * size * MM_PER_PT
            pen.text(item.x + 0.4, y, line, size, bold=i == 0 and not small, colour=colour)
