"""What a user draws: typed coordinates become a shape, shapes become lines for the map."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from oreway.outputs.files.files import OutputError
from oreway.outputs.words.drawn_sayings import DrawnSaying

EXPECTED = DrawnSaying.EXPECTED()
MOST_POINTS = 2000


def shape_from(text: str) -> BaseGeometry:
    """Return a point for one pair "lon, lat", a line for several pairs with semicolons or line ends between them.

    Raises:
        OutputError: no pairs, not numbers, out of range, too many, or a line without length.
    """
    parts = [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
    if not parts:
        raise OutputError(DrawnSaying.NOTHING_TYPED(EXPECTED))
    if len(parts) > MOST_POINTS:
        raise OutputError(DrawnSaying.MANY_POINTS(len(parts), MOST_POINTS))
    points = [_pair(part) for part in parts]
    if len(points) == 1:
        return shapely.Point(points[0])
    line = shapely.LineString(points)
    if line.length == 0:
        raise OutputError(DrawnSaying.ONE_POINT())
    return line


def _pair(text: str) -> tuple[float, float]:
    try:
        lon, lat = (float(part) for part in text.replace(",", " ").split())
    except ValueError:
        raise OutputError(DrawnSaying.NOT_TYPED(repr(text[:40]), EXPECTED)) from None
    if not (math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180 and abs(lat) <= 90):
        raise OutputError(DrawnSaying.NOT_ON_EARTH(repr(text[:40])))
    return lon, lat


def with_point(text: str, lon: float, lat: float, *, is_line: bool) -> str:
    """Return the coordinates with a clicked point: added to a line, in place of a point."""
    pair = f"{lon:.5f}, {lat:.5f}"
    return f"{text.strip().rstrip(';')}; {pair}" if is_line and text.strip() else pair


def drawing(shapes: Iterable[tuple[BaseGeometry, str]]) -> list[dict[str, Any]]:
    """Return shapes with their words as the map draws them (see `outputs.report.route_tables.drawing`)."""
    drawn = []
    for shape, words in shapes:
        points = shapely.get_coordinates(shape)
        points[:, 0] = np.unwrap(points[:, 0], period=360)
        drawn.append({"points": points.round(5).tolist(), "mode": "built", "sure": True, "text": words})
    return drawn
