"""The map's files and the panel: plain data in, JSON and escaped HTML out."""

import dataclasses
import datetime
import html
import itertools
import json
import re

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from oreway.layers.catalog import DATA
from oreway.outputs.files import map_files
from oreway.outputs.map.panel import link, point_panel, site_panel, text
from oreway.outputs.map.site_map import Choice, filter_state, line_rows, site_map
from oreway.scoring.dossier.dossier import Dossier
from oreway.scoring.dossier.dossier import dossier as dossier_of
from oreway.scoring.judge.assess import Assessment
from oreway.scoring.reasons import NOTHING, Code, note, recorded
from oreway.scoring.world.world import open_world

PAYLOADS = (
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "`);alert(1);(`", "${alert(1)}", "</script>",
    "\"><svg onload=alert(1)>", "{{ '7*7' }}", "javascript:alert(1)", "\u2028 line",
)  # fmt: skip
NEAREST = pd.DataFrame(
    {
        "class": ["port", "town", "rail", "coast", "road"],
        "feature_id": ["wpi-1", "geo-1", "", "coast-1", "r-1"],
        "name": ["Narsaq", "Narsaq", "", "Coast", "Highway"],
        "lon": [-46.05, -46.04, np.nan, -45.8, -45.0],
        "lat": [60.91, 60.91, np.nan, 60.8, 60.7],
        "distance_km": [11.6, 11.5, np.nan, 0.3, 50.0],
        "low_km": [7.0, 7.0, np.nan, 0.0, 31.0],
        "high_km": [16.0, 16.0, np.nan, 4.0, 68.0],
        "azimuth_deg": [270.0, 270.0, np.nan, 180.0, 90.0],
        "method": ["geodesic", "geodesic", "", "geodesic", "interval"],
        "nil": ["", "", "absent_network", "", ""],
        "source": ["WPI"] * 5,
        "as_of": ["2025-05"] * 5,
        "note": [NOTHING] * 5,
    }
)


def site(**changes: object) -> dict[str, object]:
    words = {
        "name": "Hill", "name_local": "", "name_ja": "", "kind": "deposit", "parent_id": "", "country": "Greenland",
        "country_code": "GL", "setting": "arctic", "commodities": "REE;Nb", "stage": "resource", "standing": "active",
        "lon": -45.85, "lat": 60.87,
    }  # fmt: skip
    return {**words, **changes}


def sites(**columns: list[object]) -> gpd.GeoDataFrame:
    rows = [site(), site(kind="plant", stage="operating"), site(kind="deposit", parent_id="gl-a")]
    frame = pd.DataFrame(rows, index=["gl-a", "my-b", "gl-c"]).assign(**columns)
    return gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(frame["lon"], frame["lat"]), crs="EPSG:4326")


def dossier(**changes: object) -> Dossier:
    columns = ["field", "value", "low", "high", "unit", "category", "code", "as_of", "source_url", "source_title",
               "confidence", "note", "state"]  # fmt: skip
    bad = str(changes.get("name", "owner"))
    facts = pd.DataFrame(
        [["owner", bad, "", "", "", "", "", "2025", f"javascript:{bad}", bad, "high", bad, ""]], columns=columns
    )
    return Dossier(
        site=site(**changes), facts=facts, nearest=NEAREST.assign(name=bad, note=recorded(bad)), assessment=None,
        data_version="0" * 12, notes=(),
    )  # fmt: skip


def at_point(nearest: pd.DataFrame = NEAREST, assessment: Assessment | None = None) -> Dossier:
    found = dossier(country="", country_code="", lon=-46.0, lat=60.9)
    facts = found.facts.iloc[:0]
    return dataclasses.replace(found, nearest=nearest, facts=facts, assessment=assessment)


def test_a_score_that_is_not_known_is_grey_and_never_the_lowest_colour() -> None:
    assert map_files.score_colour(float("nan")) == map_files.NO_SCORE
    assert map_files.score_colour(0.0) == map_files.SCORE_COLOURS[0]
    assert map_files.score_colour(100.0) == map_files.SCORE_COLOURS[-1]


@pytest.mark.parametrize(
    ("kind", "stage", "shape"),
    [("deposit", "occurrence", "circle"), ("deposit", "resource", "triangle"), ("zone", "fs", "square"),
     ("deposit", "construction", "pentagon"), ("deposit", "producing", "star"), ("plant", "operating", "plant"),
     ("island", "", "circle")],
)  # fmt: skip
def test_every_rung_has_its_shape(kind: str, stage: str, shape: str) -> None:
    assert map_files.glyph(kind, stage) == shape


def test_parts_of_a_deposit_wait_for_the_zoom_and_plants_are_drawn_below_deposits() -> None:
    collection = json.loads(map_files.site_collection(sites(), pd.Series({"gl-a": 50.0})))
    found = [feature["properties"] for feature in collection["features"]]
    assert [one["id"] for one in found][-1] == "gl-a"
    assert {one["id"]: one["z"] for one in found} == {"gl-a": 0, "my-b": 0, "gl-c": map_files.SMALL_PARTS_ZOOM}


def test_site_text_reaches_the_map_as_json_only() -> None:
    for payload in PAYLOADS:
        content = map_files.site_collection(sites(name=[payload] * 3), pd.Series(dtype=float))
        assert json.loads(content)["features"][0]["properties"]["name"] == payload
        script = Choice({"chosen": None, "lines": [{"text": payload}]})
        made = site_map("../web", "../made/map.json")
        script.add_to(made)
        drawn = script._template.module.script(script)
        assert "<script" not in drawn
        assert "</script" not in drawn
        assert "<img" not in drawn


@pytest.mark.parametrize("payload", PAYLOADS)
def test_site_text_cannot_become_a_tag_or_a_script_in_the_panel(payload: str) -> None:
    shown = site_panel(dossier(name=payload, name_local=payload, country=payload, commodities=payload), {},
                       datetime.date(2026, 11, 23))  # fmt: skip
    for tag in ("<img", "<script", "<svg", "</script"):
        assert tag not in shown
    assert 'href="javascript' not in shown
    assert "<img" not in point_panel(at_point(NEAREST.assign(name=payload, note=recorded(payload))), {})


def test_dates_of_the_panel_are_written_as_the_reader_writes_them() -> None:
    assert 'title="WPI (May 2025)"' in point_panel(at_point(), {}, "en")
    assert 'title="WPI (2025年5月)"' in point_panel(at_point(), {}, "ja")


def test_the_panel_s_distances_carry_their_notes_and_thresholds() -> None:
    noted = NEAREST.assign(note=[NOTHING] * 4 + [note(Code.ACROSS)])
    shown = point_panel(at_point(noted), {})
    assert "on another landmass" in shown
    assert "town (≥ 500 people)" in shown


def test_no_criterion_shows_more_points_than_it_can_give() -> None:
    # 26, 25 and 5 of 56 known percent: the refinery's whole share is 8.9 points, written as such on both sides
    weights = {"power": 0.26, "town": 0.25, "refinery": 0.05, "water": 0.44}
    values = {"power": (1.0, 1.0, 1.0), "town": (0.2, 0.5, 1.0), "refinery": (1.0, 1.0, 1.0)}
    points = {name: 100 * weights[name] / 0.56 * values[name][1] for name in values}
    judged = Assessment(
        site_id="point", profile="outback", total=sum(points.values()), total_low=10.0, total_high=90.0, coverage=0.56,
        missing=("water",), values={**values, "water": (0.0, None, 1.0)}, contributions=points, gates=(), unfc="",
        unfc_reason=NOTHING,
    )  # fmt: skip
    shown = re.findall(r"<em>([\d.]+) <small>/ ([\d.]+)</small>", point_panel(at_point(assessment=judged), weights))
    assert len(shown) == 3
    assert all(float(given) <= float(most) for given, most in shown)
    assert ("8.9", "8.9") in shown


def test_the_seabed_has_colours_of_its_own_and_the_legend_names_every_sign() -> None:
    assert not set(map_files.SEABED_COLOURS) & set(map_files.SCORE_COLOURS)
    assert map_files.score_colour(99.0, "seabed") == map_files.SEABED_COLOURS[-1]
    rows = [row for group in map_files.legend("en")["groups"] for row in group["rows"]]
    drawn = {shape for shape, _ in map_files.RUNGS} | {"plant", "diamond", "area", "own"}
    assert {row["glyph"] for row in rows} == drawn


def test_places_without_a_network_are_marked_and_a_place_without_a_name_says_nothing() -> None:
    places = gpd.GeoDataFrame(
        {"name": ["Line", None, "Big"], "country_code": ["GL", "AU", "AU"], "capacity_mw": [np.nan, 5.0, 50.0]},
        geometry=[shapely.LineString([(-46, 61), (-45, 61)]), shapely.Point(1, 2), shapely.Point(3, 4)],
        crs="EPSG:4326",
    )  # fmt: skip
    found = json.loads(map_files.named_points(places, "capacity_mw", ["GL"]))["features"]
    assert [one["properties"] for one in found] == [{"n": "Big"}, {}, {"n": "Line", "apart": 1}]


def test_only_web_addresses_become_links() -> None:
    assert link("https://example.org/a?b=1&c=2", "a") == (
        '<a href="https://example.org/a?b=1&amp;c=2" target="_blank" rel="noreferrer">a</a>'
    )
    assert link("javascript:alert(1)", "a") == "a"
    assert text('"') == "&quot;"


def test_lines_join_classes_at_one_place_skip_what_is_absent_and_say_bounds() -> None:
    lines = line_rows(NEAREST)
    assert [line["text"].replace("\u00a0", " ") for line in lines] == [
        "town, port Narsaq · 12 km", "road Highway · 31–68 km", "coast · 0.3 km",
    ]  # fmt: skip
    assert {tuple(line) for line in lines} == {("lon", "lat", "class", "text")}


def test_a_missing_network_says_so_and_shows_no_distance() -> None:
    shown = point_panel(at_point(), {})
    assert "must be built" in shown
    assert "nan" not in shown


def test_country_names_are_those_of_the_language_and_stay_where_it_has_none() -> None:
    names = ["Russia", "Turkey", "Somaliland"]  # Unicode CLDR: RU is ロシア in Japanese, TR is トルコ
    points = [{"type": "Feature", "properties": {"n": name, "z": 2}, "geometry": None} for name in names]
    content = json.dumps({"type": "FeatureCollection", "features": points}).encode()
    found = json.loads(map_files.names_in(content, {"Russia": "RU", "Turkey": "TR"}, "ja"))
    assert [one["properties"]["n"] for one in found["features"]] == ["ロシア", "トルコ", "Somaliland"]
    assert found["features"][0]["properties"]["z"] == 2


def test_the_filter_is_sent_in_its_shorter_form() -> None:
    assert filter_state(["a", "b"], ["a", "b", "c"]) == {"shown": None, "hidden": ["c"]}
    assert filter_state(["a"], ["a", "b", "c"]) == {"shown": ["a"], "hidden": []}


def test_the_map_names_no_other_host() -> None:
    made = site_map("../web", "../made/map-1.json")
    assert all(url.startswith("../web/") for _, url in [*made.default_js, *made.default_css])


def test_no_style_goes_with_each_answer_as_the_sheet_holds_it() -> None:
    made = site_map("../web", "../made/map-1.json")
    made.render()
    assert not made.get_root().header.render().strip()
    assert any("oreway.css" in url for _, url in made.default_css)
    sheet = (DATA / "web" / "oreway.css").read_text()
    assert "#map_div, .folium-map { position: relative; width: 100%; height: 100%;" in sheet


def test_geometries_are_written_to_four_decimals() -> None:
    content = json.loads(map_files.geometry_collection([shapely.LineString([(1.23456789, 2), (3, 4)])]))
    assert content["geometries"][0]["coordinates"][0] == pytest.approx([1.2346, 2])
    assert map_files.file_name("land", b"x", "geojson") != map_files.file_name("land", b"y", "geojson")
    assert "_" not in map_files.file_name("sea-lanes", b"x", "geojson")


def test_from_afar_lines_are_joined_and_coarse_and_islets_are_left_out() -> None:
    line = shapely.LineString([(10, 50), (11, 50.01), (12, 50)])  # 0.01 degrees off the straight way
    pieces = [shapely.LineString(pair) for pair in itertools.pairwise(line.coords)]
    far = json.loads(map_files.from_afar("rail", map_files.joined(pieces)))["geometries"]
    assert [one["coordinates"] for one in far] == [[[10, 50], [12, 50]]]
    shores = [shapely.box(0, 0, 1, 1), shapely.box(5, 5, 5.01, 5.01)]
    assert len(json.loads(map_files.from_afar("land", shores))["geometries"]) == 1
    drawn = {one["url"]: one for one in map_files.items({"land": "fine", "land-far": "coarse", "ice": "ice"})}
    assert (drawn["fine"]["far"], drawn["fine"]["near"]) == ("coarse", map_files.NEAR_ZOOM)
    assert "far" not in drawn["ice"]


@pytest.mark.heavy
def test_no_site_s_panel_shows_a_word_of_code_or_more_points_than_there_are():
    world = open_world()
    for site_id in world.sites.index:
        found = dossier_of(world, site_id)
        weights = world.methods.profile_weights(found.assessment.profile) if found.assessment else {}
        for lang in ("en", "ja"):
            panel = site_panel(found, weights, datetime.date(2026, 11, 26), lang)
            told = html.unescape(re.sub(r"<a [^>]*>.*?</a>|<[^>]+>", " ", panel))
            assert re.findall(r"\b(?:undefined|None|nan|NaN)\b|\{\w*\}|\b[a-z]+_[a-z_]+\b", told) == [], site_id
            for points, most in re.findall(r"<em>([\d.]+)\s*/\s*([\d.]+)</em>", panel):
                assert float(points) <= float(most), site_id
