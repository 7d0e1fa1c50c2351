"""What is kept on disk of the shipped world, as JSON: back as it was, and never told of another world."""

import dataclasses
import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from oreway.layers.vocabulary import Stage
from oreway.scoring.judge.assess import JUDGED, assess, assess_sites, scored_sites
from oreway.scoring.measure.measure import measure
from oreway.scoring.reasons import Code, Reason, note
from oreway.scoring.routes.supply import supply
from oreway.scoring.world import kept
from oreway.scoring.world.coded import decode, encode
from oreway.scoring.world.disk_cache import Store
from oreway.scoring.world.weight_profiles import with_shapes
from oreway.scoring.world.world import changed, open_world, without

SITES = ["gl-kvanefjeld", "au-mt-weld"]
open_anew = open_world.__wrapped__  # not the one world of all tests


@pytest.fixture(scope="module")
def shipped():
    return open_anew()


def there_and_back(value):
    return decode(json.loads(json.dumps(encode(value))))


def test_frames_come_back_with_their_types_and_index():
    frame = pd.DataFrame(
        {"km": [0.1, np.nan], "text": pd.array(["a", ""], dtype="str"), "mixed": [note(Code.SHORE, 1.5), (1, None)],
         "n": np.array([1, 2], dtype=np.int8), "ok": [True, False]},
        index=pd.Index(["x", "y"], name="site_id"),
    )  # fmt: skip
    pd.testing.assert_frame_equal(there_and_back(frame), frame)
    pd.testing.assert_frame_equal(there_and_back(frame.reset_index()), frame.reset_index())
    pd.testing.assert_series_equal(there_and_back(frame["km"]), frame["km"])


@pytest.mark.parametrize(
    "value",
    [None, 0.1 + 0.2, {"a": (1, [2.0])}, {1: "x"}, next(iter(Stage)),
     ((0.1, 2.0), (3.0, -4.5)), ((0.1, 2), (3.0, 4.5)),
     shapely.Point(1, 2), np.float32(0.1), note(Code.MAY_COUNT, "x", 2.5)],
)  # fmt: skip
def test_plain_values_words_and_dataclasses_come_back_equal_and_of_their_kind(value):
    found = there_and_back(value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("value", [np.arange(6, dtype=np.int16).reshape(2, 3), np.array(["a", None], dtype=object)])
def test_arrays_come_back_with_shape_and_type(value):
    found = there_and_back(value)
    assert found.dtype == value.dtype
    np.testing.assert_array_equal(found, value)


@pytest.mark.parametrize("value", [object(), gpd.GeoDataFrame({"a": [1]}), pytest, len])
def test_what_is_not_coded_is_refused(value):
    with pytest.raises(TypeError, match="not kept on disk"):
        encode(value)


@pytest.mark.parametrize("name", ["os:system", "subprocess:Popen", "oreway.cli:main", "oreway.layers.read:read_sites"])
def test_only_classes_of_answers_of_this_package_are_made(name):
    with pytest.raises((ValueError, TypeError), match=r"not a class|must be a class"):
        decode({"$": name, "items": ["x"]})


def test_ready_measurements_and_judgements_are_those_made_afresh(shipped):
    fresh = dataclasses.replace(shipped)
    assert fresh.mark is None
    rows = measure(fresh, SITES)
    pd.testing.assert_frame_equal(measure(shipped, SITES), rows)
    pd.testing.assert_frame_equal(measure(shipped, SITES, ["rail", "port"]), measure(fresh, SITES, ["rail", "port"]))
    for profile in (None, "seabed", "equal"):
        assert assess_sites(shipped, SITES, profile=profile) == assess(fresh, rows, profile=profile)
    own = {"port": 2.0, "rail": 0.0, "road": 1.0}
    assert assess_sites(shipped, SITES, weights=own) == assess(fresh, rows, weights=own)


def test_a_changed_world_gets_none_of_the_shipped_answers(shipped):
    moved = shipped.sites.assign(lat=shipped.sites["lat"].where(shipped.sites.index != SITES[0], 60.0))
    world = dataclasses.replace(shipped, sites=moved, base=shipped)
    assert not measure(world, SITES)["distance_km"].equals(measure(shipped, SITES)["distance_km"])
    deep = dataclasses.replace(shipped.methods, parameters={**shipped.methods.parameters, "minimum_coverage": 1.0})
    strict = assess_sites(dataclasses.replace(shipped, methods=deep, base=shipped))
    assert all(one.total is None for one in strict.values() if one.missing)
    assert any(one.missing and one.total is not None for one in assess_sites(shipped).values())
    assert list(strict) == scored_sites(shipped)


def test_ready_ways_are_those_sought_afresh_and_another_world_gets_its_own(shipped):
    found = supply(shipped, "gl-tanbreez")
    assert supply(dataclasses.replace(shipped), "gl-tanbreez") == found
    other = supply(without(shipped, "ports", [found.port_id]), "gl-tanbreez")
    assert other.port_id != found.port_id
    assert supply(shipped, "gl-tanbreez", closed=["panama"]).closed == ("panama",)
    assert supply(shipped, "gl-tanbreez").closed == ()


def test_texts_and_shapes_are_read_by_row_and_those_of_two_makings_are_made_anew(tmp_path):
    disk, names = Store(tmp_path), np.array(["Nuuk", "", Reason(Code.COAST_OF, ("Ísland",)), "港"], dtype=object)
    for _ in range(2):
        assert disk.texts("names", lambda: names).take(np.array([2, -1, 3, 1])).tolist() == [names[2], "", "港", ""]
    assert disk.texts("none", lambda: names[:0]).take(np.array([-1])).tolist() == [""]
    rings = np.array([shapely.Point(1, 2).buffer(1), shapely.Point(0.1, 0.2)], dtype=object)
    for _ in range(2):
        assert shapely.equals_exact(disk.shapes("rings", lambda: rings), rings).all()
    np.save(tmp_path / "names-letters-of.npy", np.zeros(3, np.uint8))
    assert disk.texts("names", lambda: names).take(np.array([0])).tolist() == ["Nuuk"]


def test_a_shipped_world_reads_a_part_when_it_is_asked_for(shipped):
    world = open_anew()
    assert not {"sites", "facts", "infrastructure", "data_version"} & set(vars(world))
    pd.testing.assert_frame_equal(pd.DataFrame(world.facts), pd.DataFrame(shipped.facts))
    assert world.data_version == shipped.data_version
    assert world.methods.weights == shipped.methods.weights
    assert len(world.plants) == (shipped.sites["kind"] == "plant").sum()
    with pytest.raises(AttributeError):
        world.nothing  # noqa: B018


def test_a_world_with_refreshed_layers_has_no_mark(shipped):
    assert shipped.mark is not None
    assert open_world(refreshed=True).mark is None


def test_a_world_of_other_value_functions_or_parameters_is_not_the_shipped_one(shipped):
    """Both have tables of the same name, which stay as they were."""
    parameters = dict(shipped.methods.parameters) | {"minimum_coverage": 0.9}
    strict = changed(shipped, methods=dataclasses.replace(shipped.methods, parameters=parameters))
    for world in (with_shapes(shipped, "linear"), strict):
        assert kept.shipped(world, JUDGED) is None
    assert kept.shipped(changed(shipped), JUDGED) is shipped
