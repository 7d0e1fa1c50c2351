"""The picture of a surface: each pixel stands where it lies and has the colour of what is measured there."""

import io
import math

import numpy as np
import pytest
from PIL import Image

from oreway.outputs.pictures.surface_picture import pixel_centres, surface_picture
from oreway.scoring.batch.batch import ready_world
from oreway.scoring.measure.measure import nearest

NEAR_TO_FAR = ("#fde725", "#5ec962", "#21918c", "#3b528b", "#440154")


def test_rows_are_evenly_spaced_in_mercator():
    lon, lat = pixel_centres((0.0, 0.0, 60.0, 60.0), width=60)
    assert lon[:2].tolist() == pytest.approx([0.5, 1.5])
    y = [math.log(math.tan(math.pi / 4 + math.radians(one) / 2)) for one in lat]
    assert np.diff(y) == pytest.approx(y[1] - y[0])
    assert len(lat) == round(math.degrees(math.log(math.tan(math.radians(75)))))  # y of 60 degrees north, in degrees


def test_pixels_have_the_colour_of_the_distance_measured_there(shipped):
    world = shipped
    picture = surface_picture(ready_world(world, ("port",)), "130,-26,134,-22", "port")
    pixels = Image.open(io.BytesIO(picture.png)).convert("RGBA")
    lon, lat = pixel_centres((130.0, -26.0, 134.0, -22.0))
    assert pixels.size == (len(lon), len(lat))
    for column, row in ((0, 0), (160, 40), (319, len(lat) - 1)):
        km = float(nearest(world, lon[column], lat[row], classes=["port"])["distance_km"].iloc[0])
        colour = NEAR_TO_FAR[sum(km >= edge for edge in (50, 100, 200, 400))]
        assert pixels.getpixel((column, row)) == (*bytes.fromhex(colour[1:]), 255)


def test_the_sea_is_clear_where_the_score_is_of_land_only(shipped):
    world = shipped
    picture = surface_picture(ready_world(world), "153,-28,154.5,-27", "score")
    pixels = np.asarray(Image.open(io.BytesIO(picture.png)).convert("RGBA"))
    assert set(np.unique(pixels[:, :, 3])) == {0, 255}
    assert pixels[pixels.shape[0] // 2, -1, 3] == 0
    assert pixels[pixels.shape[0] // 2, 0, 3] == 255
