"""Regions that go by a name."""

from collections.abc import Mapping

Box = tuple[float, float, float, float]

REGIONS: Mapping[str, Box] = {"greenland": (-74.0, 59.0, -10.0, 84.0), "australia": (112.0, -44.0, 154.0, -10.0)}
