"""Bounding boxes of what is written, the way RFC 7946 and GeoParquet have them."""

import math

import numpy as np

from oreway.arrays import Floats

CORNERS = ("xmin", "ymin", "xmax", "ymax")


class Box:
    """The bounding box of all bounds added so far; NaN bounds add nothing."""

    def __init__(self) -> None:
        self._south, self._north = math.inf, -math.inf
        self._west, self._east = math.inf, -math.inf
        self._east_half, self._west_half = math.inf, -math.inf  # the least lon from 0 on, the greatest below
        self._at_greenwich = False

    def add(self, bounds: Floats) -> None:
        """Widen the box to rows of west, south, east, north, none of which crosses 180 degrees; shape (n, 4)."""
        known = bounds[~np.isnan(bounds).any(axis=1)]
        if not len(known):
            return
        west, south, east, north = known.T
        self._south, self._north = min(self._south, south.min()), max(self._north, north.max())
        self._west, self._east = min(self._west, west.min()), max(self._east, east.max())
        self._at_greenwich |= bool(((west < 0) & (east >= 0)).any())
        self._east_half = min(self._east_half, west[west >= 0].min(initial=math.inf))
        self._west_half = max(self._west_half, east[east < 0].max(initial=-math.inf))

    def corners(self) -> list[float] | None:
        """Return west, south, east, north with west at most east; None while there is nothing."""
        box = [self._west, self._south, self._east, self._north]
        return [float(side) + 0.0 for side in box] if math.isfinite(self._south) else None

    def round_180(self) -> list[float] | None:
        """Return the box of RFC 7946, section 5.2: west is greater than east where the box crosses 180 degrees.

        It does where all lies in one half of the globe with 180 degrees in its midst, and the plain box is wider.
        """
        plain = self.corners()
        if plain is None or self._at_greenwich or self._east - self._west <= 180:
            return plain
        if self._east_half - self._west_half < 180:
            return plain
        return [float(self._east_half), plain[1], float(self._west_half), plain[3]]
