"""The search box and the filters of the map: names of every kind, coordinates in any spelling, reasons for nothing."""

import numpy as np
import pandas as pd
import pytest

from oreway.layers.errors import CoordinateError
from oreway.layers.tables.typed import typed_places
from oreway.scoring.measure.completeness import held_shares, held_whole
from oreway.views import gazetteer
from oreway.views.cached import world
from oreway.views.chips import inside


@pytest.mark.parametrize(
    "text",
    ["60.9 N 45.9 W", "60°54'00\"N, 45°54'00\"W", "N60.9 W45.9", "geo:60.9,-45.9", "+60.9-045.9/", "POINT(-45.9 60.9)",
     '{"type": "Point", "coordinates": [-45.9, 60.9]}', "lat 60.9 lon -45.9"],
)  # fmt: skip
def test_coordinates_are_read_in_any_spelling(text: str) -> None:
    assert typed_places(text) == [pytest.approx((-45.9, 60.9))]


def test_two_bare_numbers_mean_two_places_unless_one_cannot_be_a_latitude() -> None:
    assert typed_places("-45.9, 60.9") == [(-45.9, 60.9), (60.9, -45.9)]
    assert typed_places("133.2, -22.6") == [(133.2, -22.6)]
    assert typed_places("-22.6 133.2") == [(133.2, -22.6)]


def test_metres_of_a_named_system_are_a_place() -> None:
    # pyproj: EPSG:32623 (zone 23 N, central meridian 45 W) at 500,000 E is on the meridian; 6,750,000 N is 60.887° N
    (lon, lat), *_ = typed_places("EPSG:32623 500000 6750000")
    assert (lon, lat) == pytest.approx((-45.0, 60.887), abs=0.01)


@pytest.mark.parametrize("text", ["Perth", "200, 95", "95 N 10 E", "somewhere 12"])
def test_what_is_no_position_says_so(text: str) -> None:
    with pytest.raises(CoordinateError):
        typed_places(text)


def test_towns_ports_plants_and_sites_are_found_by_name_without_accents_or_case() -> None:
    version = world().data_version
    perth = gazetteer.hits(version, "perth")
    assert perth[0].name == "Perth"
    assert (perth[0].lon, perth[0].lat) == pytest.approx((115.86, -31.95), abs=0.1)
    assert any(hit.country_code == "GB" for hit in perth)
    told = [hit.told("en") for hit in perth]
    assert "Perth · town · United Kingdom" in told  # places of one name are told apart by their country
    assert any(one.endswith("イギリス") for one in (hit.told("ja") for hit in perth))
    assert {hit.kind for hit in gazetteer.hits(version, "Narsaq")} >= {"port", "town"}
    assert gazetteer.hits(version, "ILIMAUSSAQ COMPLEX")[0].site_id == "gl-ilimaussaq"
    assert gazetteer.hits(version, "Kuantan")[0].kind in {"plant", "town", "port"}
    assert gazetteer.hits(version, "Qqxyz") == []


@pytest.mark.parametrize(
    ("text", "place", "lon", "lat"),
    [
        ("ヌーク", "Nuuk", -51.72, 64.18), ("東京", "Tokyo", 139.69, 35.69), ("パース", "Perth", 115.86, -31.95),
        ("包头", "Baotou", 109.84, 40.66), ("クアンタン", "Kuantan", 103.33, 3.81),
    ],
)  # fmt: skip
def test_a_town_is_found_by_its_name_in_kana_or_kanji_and_shows_both(
    text: str, place: str, lon: float, lat: float
) -> None:
    hit = gazetteer.hits(world().data_version, text)[0]
    assert (hit.lon, hit.lat) == pytest.approx((lon, lat), abs=0.1)
    assert text in hit.name
    assert place in hit.name


def test_a_plant_whose_name_holds_what_was_typed_is_found_beside_the_towns_that_begin_so() -> None:
    kuantan = gazetteer.hits(world().data_version, "kuantan")
    assert {"my-kuantan", ""} <= {hit.site_id for hit in kuantan}
    assert [hit.name for hit in kuantan].index("Lynas Malaysia (Kuantan)") < 3


def test_sites_inside_a_drawn_area_are_found_across_180_degrees_too() -> None:
    sites = pd.DataFrame({"lon": [-45.0, 179.5, -179.5, 10.0], "lat": [61.0, 0.0, 0.0, 0.0]}, index=list("abcd"))
    assert list(sites.index[inside(sites, ((-60, 59), (-20, 59), (-20, 84), (-60, 84)))]) == ["a"]
    across = inside(sites, ((170.0, -10.0), (190.0, -10.0), (190.0, 10.0), (170.0, 10.0)))
    assert list(sites.index[across]) == ["b", "c"]
    assert np.dtype(bool) == across.dtype


def test_what_is_held_of_a_country_is_read_from_its_lengths_and_an_absent_network_is_held_whole() -> None:
    held = held_shares(world())
    assert held.loc["GL"].tolist() == [1.0, 1.0, 1.0, 1.0]
    # data/methods/completeness_networks.csv: Albania's railways, 202.8 of 424 km
    assert held.loc["AL", "rail"] == pytest.approx(202.8 / 424, abs=0.001)
    assert held_whole(world())["AL"] < held_whole(world())["AU"] < 1
