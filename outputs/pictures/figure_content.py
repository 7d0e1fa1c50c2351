"""A picture as the templates of reports take it."""

from typing import TypedDict, final

from oreway.outputs.pictures.charts import Chart


@final
class Nothing(TypedDict):
    """A part that is left out."""


@final
class Figure(TypedDict):
    """A picture: SVG, what it shows in words, millimetres."""

    svg: str
    alt: str
    width: float


@final
class Profile(TypedDict):
    """A profile of the ground: its picture, or nothing and the note that says why."""

    title: str
    chart: Figure | Nothing
    note: str


def figure_of(chart: Chart | None) -> Figure | Nothing:
    """Return a picture as a template takes it; nothing for none."""
    return Nothing() if chart is None else Figure(svg=chart.svg, alt=chart.alt, width=chart.width_mm)
