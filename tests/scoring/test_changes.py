"""A changed fact changes what hangs on it, and nothing else; what cannot be is refused in words."""

import geopandas as gpd
import pytest
from shapely.geometry import LineString, Point

from oreway.scoring.errors import ScoringError
from oreway.scoring.judge.assess import assess
from oreway.scoring.measure.measure import measure
from oreway.scoring.whatif.changes import additions, read_change, with_change


def judged(world, site_id, *changes):
    for text in changes:
        world = with_change(world, read_change(text))
    return assess(world, measure(world, [site_id]))[site_id]


def test_shallower_water_is_worth_more_by_the_formula(tiny):
    found = judged(tiny, "jp-mud", "jp-mud:water_depth_m=2500")
    assert found.values["water_depth"][1] == pytest.approx(2 ** (-2500 / 5000))
    assert judged(tiny, "jp-mud").values["water_depth"][1] == pytest.approx(2 ** (-5500 / 5000))


def test_a_gate_may_be_opened_and_the_score_stays(tiny):
    closed, opened = judged(tiny, "gl-fjord"), judged(tiny, "gl-fjord", "gl-fjord:gate.no_consent=open")
    states = [{gate.id: gate.state for gate in one.gates}["no_consent"] for one in (closed, opened)]
    assert states == ["closed", "open"]
    assert closed.total == opened.total


def test_a_later_stage_changes_the_unfc_code_alone(tiny):
    found = judged(tiny, "au-inland", "au-inland:stage=producing")
    assert found.unfc.startswith("E1.1;F1.1;")
    assert found.total == judged(tiny, "au-inland").total


def test_a_site_moved_onto_the_road_is_at_it(tiny):
    assert judged(tiny, "au-inland", "au-inland:lat=1").values["road"][1] == 1
    before = tiny.sites.loc["au-inland"]
    assert (before["lat"], before.geometry.y) == (0, 0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("au-inland", "cannot be read; expected SITE:FIELD=VALUE"),
        ("au-inlnd:stage=fs", "site 'au-inlnd': not known; did you mean au-inland"),
        ("au-inland:stage=done", "stage 'done'; choose from occurrence"),
        ("au-inland:lat=north", "lat 'north'; expected a number up to 90"),
        ("au-inland:lon=200", "lon '200'; expected a number up to 180"),
        ("jp-mud:water_depth_m=deep", "water_depth_m 'deep' is not a number; give it in m"),
        ("jp-mud:water_depth_m=nan", "water_depth_m 'nan' is not a number; give it in m"),
        ("jp-mud:water_depth_m=inf", "water_depth_m 'inf' is not a number; give it in m"),
        ("jp-mud:water_depth_m=-5", "water_depth_m '-5' is below 0"),
        ("au-inland:position_accuracy_km=1000.5", "expected a number up to 1000"),
        ("jp-mud:water_deepth=1", "no fact 'water_deepth'"),
        ("gl-fjord:gate.no_consent=maybe", "gate 'maybe'; choose from closed"),
        ("gl-fjord:gate=open", "name the gate, e.g. gate.uranium_act=open"),
    ],
)
def test_what_cannot_be_is_refused_with_the_cure(tiny, text, said):
    with pytest.raises(ScoringError) as refusal:
        with_change(tiny, read_change(text))
    assert said in str(refusal.value)


def test_a_file_says_what_is_built_and_how_big():
    frame = gpd.GeoDataFrame(
        {"class": ["port", "road"], "name": ["Berth", ""], "size": ["12", ""]},
        geometry=[Point(0, 1), LineString([(0, 0), (1, 1)])], crs="EPSG:4326", index=["a", "b"],
    )  # fmt: skip
    berth, road = additions(frame, "new.geojson")
    assert (berth.class_, berth.name, berth.size) == ("port", "Berth", 12.0)
    assert (road.class_, road.name, road.size, road.geometry.geom_type) == ("road", "b", None, "LineString")


def test_the_field_s_words_for_what_is_built_are_read_and_sizes_with_their_unit():
    points = [Point(0, 1), Point(1, 1), Point(2, 1), Point(3, 1)]
    words = {"Type": ["harbour", "airstrip", "power_plant", "Substation"], "Draught (ft)": ["40", "", "", ""],
             "Runway length": ["", "1.2 km", "", ""], "Capacity (kW)": ["", "", "5000", ""]}  # fmt: skip
    built = additions(gpd.GeoDataFrame(words, geometry=points, crs="EPSG:4326"), "new.csv")
    assert [one.class_ for one in built] == ["port", "airfield", "power", "power"]
    assert [one.size for one in built] == [pytest.approx(12.192), 1200.0, 5.0, None]  # 40 ft = 12.192 m
    japanese = gpd.GeoDataFrame({"種別": ["港", "鉄道", "道路", "発電所"]}, geometry=points, crs="EPSG:4326")
    assert [one.class_ for one in additions(japanese, "new.csv")] == ["port", "rail", "road", "power"]


def test_every_fault_of_a_file_is_told_at_once():
    frame = gpd.GeoDataFrame(
        {"class": ["heliport", "port", "port"], "size": ["", "deep", "-3"]},
        geometry=[Point(0, 1), Point(1, 1), Point(2, 1)], crs="EPSG:4326",
    )  # fmt: skip
    with pytest.raises(ScoringError) as refusal:
        additions(frame, "new.geojson")
    assert "new.geojson, feature 1: class 'heliport'; choose from port" in str(refusal.value)
    assert "new.geojson, feature 2: size 'deep' is not a number" in str(refusal.value)
    assert "new.geojson, feature 3: size '-3' is below 0" in str(refusal.value)
