"""Network kilometres against the chainages of the Adelaide–Darwin corridor from Adelaide Parklands Terminal.

Published: the kilometres of the route diagram of the "Adelaide–Darwin railway line", Wikipedia, read 2026-11-23.
"""

import pytest

from oreway.geo.network import Network
from oreway.layers.read import read_layer

ADELAIDE = (138.580, -34.944)


@pytest.fixture(scope="module")
def railways():
    return Network.from_frame(read_layer("rail_network"))


@pytest.mark.parametrize(
    ("station", "place", "published_km"),
    [
        ("Tarcoola", (134.567, -30.714), 726),
        ("Alice Springs", (133.868, -23.694), 1557),
        ("Tennant Creek", (134.178, -19.650), 2024),
        ("Katherine", (132.235, -14.478), 2667),
        ("Darwin, East Arm Wharf", (130.894, -12.483), 2975),
    ],
)
def test_the_railway_is_as_long_as_its_chainage_to_one_percent(railways, station, place, published_km):
    way = railways.shortest(ADELAIDE, place, max_snap_km=10)
    assert way.total_km == pytest.approx(published_km, rel=0.01), station
    assert way.network_km == pytest.approx(published_km, rel=0.01), station
