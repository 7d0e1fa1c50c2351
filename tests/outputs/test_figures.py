"""The locator map: true in distance and direction anywhere on Earth, labels that cover nothing, safe text."""

import dataclasses
import re
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from oreway.outputs.pictures.basemap import sea_depth_m
from oreway.outputs.pictures.figures import HEIGHT_MM, WIDTH_MM, locator, locator_svg
from oreway.outputs.pictures.locator import Sheet
from oreway.outputs.pictures.map_labels import Label, place_labels
from oreway.outputs.pictures.map_window import targets, window_km
from oreway.scoring.dossier.dossier import Dossier, dossier
from oreway.scoring.world.world import World

SITES = ("gl-tanbreez", "jp-minamitorishima", "au-nolans", "my-kuantan")


@pytest.fixture(scope="module")
def world(shipped) -> World:
    return shipped


@pytest.fixture(scope="module")
def dossiers(world: World) -> dict[str, Dossier]:
    return {site_id: dossier(world, site_id) for site_id in SITES}


def sheet(lon: float, lat: float, radius_km: float) -> Sheet:
    return Sheet(lon=lon, lat=lat, radius_km=radius_km, width=WIDTH_MM, height=HEIGHT_MM)


@pytest.mark.parametrize(("lon", "lat"), [(-45.85, 60.87), (153.98, 22.0), (-30.0, 83.2), (179.9, -17.0), (0.0, 90.0)])
def test_the_projection_is_the_azimuthal_equidistant_one_of_proj(lon: float, lat: float) -> None:
    paper = sheet(lon, lat, 500)
    azimuth, distance = np.array([0.0, 77.0, 181.0, 300.0]), np.array([0.0, 120.0, 333.0, 499.0])
    east, north, _ = pyproj.Geod(ellps="WGS84").fwd([lon] * 4, [lat] * 4, azimuth, distance * 1000)
    drawn = shapely.get_coordinates(paper.project(shapely.points(east, north)))
    proj = pyproj.Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="WGS84")
    expected = np.column_stack(proj(east, north)) / 1000 * paper.mm_per_km
    expected += (WIDTH_MM / 2, HEIGHT_MM / 2)
    assert drawn == pytest.approx(expected, abs=1e-3)


def test_a_square_across_the_antimeridian_is_drawn_in_one_piece_of_the_right_size() -> None:
    halves = gpd.GeoDataFrame(
        geometry=[shapely.box(179.5, -17.5, 180, -16.5), shapely.box(-180, -17.5, -179.5, -16.5)], crs=4326
    )
    paper = sheet(180.0, -17.0, 150)
    drawn = paper.cut(halves)
    assert len(shapely.get_parts(drawn)) == 1
    area_km2 = shapely.area(drawn).sum() / paper.mm_per_km**2
    assert area_km2 == pytest.approx(106.4 * 110.67, rel=0.01)  # one degree of longitude by one of latitude at 17° S


def test_an_ice_cap_over_the_pole_fills_the_map() -> None:
    cap = gpd.GeoDataFrame(geometry=[shapely.box(-180, 70, 180, 90)], crs=4326)
    drawn = shapely.union_all(sheet(10.0, 89.5, 400).cut(cap))
    assert shapely.box(0, 0, WIDTH_MM, HEIGHT_MM).difference(drawn).area < 1e-6


def test_nothing_is_drawn_of_what_lies_beyond_the_map() -> None:
    far = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 1, 1)], crs=4326)
    assert len(sheet(180.0, 0.0, 300).cut(far)) == 0


label_texts = st.builds(
    Label,
    text=st.just("x"),
    x=st.floats(20, 90), y=st.floats(20, 80), width=st.floats(3, 22), height=st.floats(2, 6),
    optional=st.booleans(),
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(st.lists(label_texts, max_size=7))
def test_labels_stay_on_the_map_and_optional_ones_cover_nothing(labels: list[Label]) -> None:
    placed = place_labels(labels, (0, 0, WIDTH_MM, HEIGHT_MM), [], np.empty((0, 2)))
    boxes = [shapely.box(item.x, item.y, item.x + item.label.width, item.y + item.label.height) for item in placed]
    assert all(shapely.box(0, 0, WIDTH_MM, HEIGHT_MM).buffer(1e-9).covers(box) for box in boxes)
    for later, item in enumerate(placed):
        if item.label.optional:
            assert all(boxes[later].intersection(box).area < 1e-9 for box in boxes[:later])
    assert sum(not item.label.optional for item in placed) == sum(not label.optional for label in labels)


def test_labels_of_one_crowded_point_do_not_cover_each_other() -> None:
    labels = [Label(text=str(i), x=58, y=50, width=18, height=5) for i in range(6)]
    placed = place_labels(labels, (0, 0, WIDTH_MM, HEIGHT_MM), [], np.empty((0, 2)))
    boxes = [shapely.box(item.x, item.y, item.x + 18, item.y + 5) for item in placed]
    assert shapely.union_all(boxes).area == pytest.approx(6 * 18 * 5)


def test_targets_leave_out_what_is_absent_and_the_site_itself(dossiers: dict[str, Dossier]) -> None:
    found = [use for target in targets(dossiers["gl-tanbreez"]) for use in target.classes]
    assert "port" in found
    assert not {"road", "rail"} & set(found)
    assert all(target.name != "Lynas Malaysia (Kuantan)" for target in targets(dossiers["my-kuantan"]))


def test_a_place_with_two_uses_stands_once(dossiers: dict[str, Dossier]) -> None:
    narsaq = [target for target in targets(dossiers["gl-tanbreez"]) if target.name == "Narsaq"]
    assert [set(target.classes) for target in narsaq] == [{"port", "town"}]


def test_the_window_has_room_for_the_near_places_and_the_zone(dossiers: dict[str, Dossier]) -> None:
    places = targets(dossiers["gl-tanbreez"])
    assert window_km(places, 4.0, "arctic") > min(place.distance_km for place in places)
    assert window_km([], 80.0, "seabed") >= 620
    assert window_km([], 1000.0, "temperate") > 1000


@pytest.mark.parametrize("site_id", SITES)
def test_the_map_is_the_same_bytes_twice_and_names_what_is_near(
    world: World, dossiers: dict[str, Dossier], site_id: str
) -> None:
    svg = locator_svg(dossiers[site_id], world)
    assert svg == locator_svg(dossiers[site_id], world)
    texts = {element.text for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")}
    assert {target.name for target in targets(dossiers[site_id])} <= texts
    assert not re.search(r"<image|<script|(?:xlink:)?href=\"(?!#)", svg)


def test_what_can_be_seen_is_reported_for_the_legend(world: World, dossiers: dict[str, Dossier]) -> None:
    assert "heritage" in locator(dossiers["gl-tanbreez"], world).seen
    assert {"eez", "depth"} <= set(locator(dossiers["jp-minamitorishima"], world).seen)
    assert "ice" not in locator(dossiers["au-nolans"], world).seen


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "$x_1$ & \\frac{a}{b}", "]]>", "남극 \U0001f30b", "x" * 90]
)
def test_a_strange_name_stays_text(world: World, dossiers: dict[str, Dossier], name: str) -> None:
    known = dossiers["gl-tanbreez"]
    svg = locator_svg(dataclasses.replace(known, site={**known.site, "name": name}), world)
    root = ET.fromstring(svg)
    assert not list(root.iter("{http://www.w3.org/2000/svg}script"))
    texts = [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert any(text.startswith(name[:1]) or "\ufffd" in text for text in texts)


def test_japanese_words_stand_on_the_japanese_map(world: World, dossiers: dict[str, Dossier]) -> None:
    assert "港" in locator_svg(dossiers["gl-tanbreez"], world, "ja")


def test_maps_drawn_by_several_threads_are_the_same_bytes(world: World, dossiers: dict[str, Dossier]) -> None:
    alone = [locator_svg(dossiers[site_id], world) for site_id in SITES]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda site_id: locator_svg(dossiers[site_id], world), SITES))
    assert together == alone


def test_the_sea_is_shaded_by_the_depth_of_the_record() -> None:
    _, _, height = sea_depth_m(sheet(153.81, 22.03, 300))
    middle = height[height.shape[0] // 2, height.shape[1] // 2]
    assert middle == pytest.approx(-5700, abs=500)  # the mud field lies 5,600 to 5,800 m deep (Takaya et al. 2018)


def test_the_sea_is_shaded_across_the_antimeridian_and_beyond_the_regional_relief() -> None:
    _, _, height = sea_depth_m(sheet(180.0, 0.0, 800))
    assert not np.isnan(height).any()
    assert height.min() < -4000
