"""Labels of a locator map: placed where they cover nothing, written with the shipped fonts."""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from oreway.arrays import Floats
from oreway.outputs.pictures.basemap import MUTED
from oreway.outputs.pictures.fonts import MM_PER_PT, printable, text_width_mm
from oreway.outputs.pictures.vector_canvas import INK, Look, Pen

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


def count_within(points: Floats, box: Box) -> int:
    """Return how many points of shape (n, 2) lie in a box."""
    x, y = points[:, 0], points[:, 1]
    return int(((x > box[0]) & (x < box[2]) & (y > box[1]) & (y < box[3])).sum())


def _candidates(label: Label) -> tuple[Floats, Floats]:
    """Return boxes round a point where its label may go, shape (n, 4), and what each costs, nearest offset first."""
    dx, dy = np.tile(DIRECTIONS, (len(OFFSETS_MM), 1)).T
    offset = np.repeat(OFFSETS_MM, len(DIRECTIONS))
    x = label.x + dx * offset + (dx - 1) / 2 * label.width
    y = label.y + dy * offset + (dy - 1) / 2 * label.height
    turned = 1 - (dx * label.away[0] + dy * label.away[1])
    return np.column_stack((x, y, x + label.width, y + label.height)), offset + 1.5 * turned


def _covered(boxes: Floats, taken: Floats) -> Floats:
    """Return the area of other boxes, shape (m, 4), that each of some boxes, shape (n, 4), covers."""
    ends = np.minimum(boxes[:, None, 2:], taken[None, :, 2:]) - np.maximum(boxes[:, None, :2], taken[None, :, :2])
    area: Floats = np.where((ends > 0).all(axis=2), ends.prod(axis=2), 0.0).sum(axis=1)
    return area


def _crossed(boxes: Floats, points: Floats) -> NDArray[np.int64]:
    """Return how many points each box holds."""
    inside = (points[None] > boxes[:, None, :2]) & (points[None] < boxes[:, None, 2:])
    count: NDArray[np.int64] = inside.all(axis=2).sum(axis=1)
    return count


def place_labels(labels: Sequence[Label], frame: Box, taken: Sequence[Box], lines: Floats) -> list[Placed]:
    """Place labels one after the other where they cover nothing.

    Args:
        labels: in order of importance; optional ones are left out when there is no free place.
        frame: what they must stay inside.
        taken: boxes nothing may cover.
        lines: points along lines, shape (n, 2); covering them is allowed and avoided.
    """
    boxes, placed = [*taken], []
    for label in labels:
        tried, cost = _candidates(label)
        covered = _covered(tried, np.array(boxes).reshape(-1, 4))
        cost = cost + 40 * covered + np.where(covered > 0, 20, 0) + 0.6 * _crossed(tried, lines)
        possible = (tried[:, :2] >= frame[:2]).all(axis=1) & (tried[:, 2:] <= frame[2:]).all(axis=1)
        if label.optional:
            possible &= (covered == 0) & (cost <= OFFSETS_MM[2])
        if not possible.any():
            continue
        best = int(np.argmin(np.where(possible, cost, np.inf)))
        left, bottom, right, top = tried[best].tolist()
        boxes.append((left, bottom, right, top))
        leader = OFFSETS_MM[best // len(DIRECTIONS)] >= LEADER_FROM_MM
        placed.append(Placed(label=label, x=left, y=bottom, leader=leader))
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
