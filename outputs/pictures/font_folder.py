"""Where the shipped fonts are."""

from oreway.layers.catalog import DATA

FONTS = DATA / "web" / "fonts"
