"""Score or remoteness of a region as a picture for the map: five colours, clear where nothing is known.

Its rows are evenly spaced in Web Mercator, so that the map only has to stretch it; each pixel is measured at its own
centre by the same code as `oreway surface`.
"""

import dataclasses
import io
import itertools

import numpy as np
import numpy.typing as npt
from PIL import Image

from oreway.arrays import Floats
from oreway.outputs.files.map_files import SCORE_COLOURS
from oreway.outputs.files.surface import region_box
from oreway.scoring.batch.batch import grid_values
from oreway.scoring.world.world import World

SCORE = "score"
WIDTH_PX = 320
MERCATOR_LIMIT_DEG = 85.0
SCORE_BREAKS, KM_BREAKS = (20.0, 40.0, 60.0, 80.0), (50.0, 100.0, 200.0, 400.0)
CLEAR = len(SCORE_COLOURS)
BANDS = (SCORE, "port", "deep_water_port", "airfield", "town", "road", "rail", "power", "refinery")


@dataclasses.dataclass(frozen=True, kw_only=True)
class SurfacePicture:
    """A PNG, its corners [[south, west], [north, east]], and colour, lower and upper end of each class, best first."""

    png: bytes
    bounds: tuple[tuple[float, float], tuple[float, float]]
    classes: tuple[tuple[str, float, float], ...]


def pixel_centres(box: tuple[float, float, float, float], width: int = WIDTH_PX) -> tuple[Floats, Floats]:
    """Return the longitudes of the columns and the latitudes of the rows, north first, evenly spaced in Mercator."""
    west, south, east, north = box
    low, high = (np.arctanh(np.sin(np.radians(lat))) for lat in (south, north))
    step = np.radians(east - west) / width
    height = max(1, round(float((high - low) / step)))
    y = high - (np.arange(height) + 0.5) * (high - low) / height
    lon = west + (np.arange(width) + 0.5) * (east - west) / width
    return lon, np.degrees(np.arctan(np.sinh(y)))


def surface_picture(ready: World, region: str, band: str) -> SurfacePicture:
    """Return the picture of a region.

    Args:
        ready: the world made ready.
        region: a region of `outputs.files.surface`.
        band: "score", or a class of infrastructure for the kilometres to it.

    Raises:
        OutputError: no such region.
        ScoringError: no such class.
    """
    west, south, east, north = region_box(region)
    box = (west, max(south, -MERCATOR_LIMIT_DEG), east, min(north, MERCATOR_LIMIT_DEG))
    lon, lat = pixel_centres(box)
    rows, columns = np.meshgrid(lat, lon, indexing="ij")
    is_score = band == SCORE
    found = grid_values(ready, columns.ravel(), rows.ravel(), () if is_score else (band,), score=is_score)
    values = found[SCORE if is_score else f"{band}_km"].reshape(rows.shape)
    breaks = SCORE_BREAKS if is_score else KM_BREAKS
    place = np.digitize(values, breaks)
    place = place if is_score else len(breaks) - place  # the nearer the brighter, as with the score
    return SurfacePicture(
        png=_png(np.where(np.isnan(values), CLEAR, place).astype(np.uint8)),
        bounds=((box[1], box[0]), (box[3], box[2])),
        classes=_classes(breaks, is_score=is_score),
    )


def _classes(breaks: tuple[float, ...], *, is_score: bool) -> tuple[tuple[str, float, float], ...]:
    ends = (0.0, *breaks, 100.0 if is_score else float("inf"))
    spans = list(itertools.pairwise(ends))
    spans = spans[::-1] if is_score else spans
    return tuple((colour, *span) for colour, span in zip(reversed(SCORE_COLOURS), spans, strict=True))


def _png(place: npt.NDArray[np.uint8]) -> bytes:
    picture = Image.fromarray(place, "P")
    colours = [int(colour[i : i + 2], 16) for colour in SCORE_COLOURS for i in (1, 3, 5)]
    picture.putpalette([*colours, 0, 0, 0])
    out = io.BytesIO()
    picture.save(out, "PNG", transparency=CLEAR, optimize=True)
    return out.getvalue()
