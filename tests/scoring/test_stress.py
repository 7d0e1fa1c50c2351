"""What closing a passage or a plant does to the sites that use it."""

import pytest

from oreway.scoring.routes.stress import history, stress
from oreway.scoring.world.memory import Memory
from oreway.scoring.world.networks import sea_lanes


@pytest.fixture(scope="module")
def closures(shipped):
    steps = []
    found = stress(shipped, ["au-mt-weld"], lambda done, _: steps.append(done))
    assert steps == sorted(steps)
    assert steps[-1] == 1.0
    return found


def test_mount_weld_to_kalgoorlie_is_hit_by_no_strait_and_by_its_own_plant(closures):
    assert all(not one.hits for one in closures if one.kind == "passage")
    plants = [one for one in closures if one.kind == "plant"]
    assert [one.name for one in plants] == ["au-kalgoorlie"]
    hit = plants[0].hits[0]
    assert hit.lost or hit.after != "au-kalgoorlie"


@pytest.mark.parametrize("name", ["suez", "panama", "malacca", "kiel"])
def test_every_passage_is_closed_in_turn(closures, name):
    assert name in {one.name for one in closures}


def test_suez_closed_costs_hamburg_to_singapore_what_was_published_in_2021(shipped):
    rows = history()
    said = rows[(rows["closure_id"] == "suez-2021") & (rows["quantity"] == "extra_distance")]["value"].astype(float)
    lanes, ends = sea_lanes(shipped), ((9.95, 53.54), (103.8, 1.22))
    shut = ["suez", "panama", "northern_sea_route", "northwest"]
    extra = lanes.route(*ends, closed=shut).total_km - lanes.route(*ends).total_km
    assert extra == pytest.approx(float(said.iloc[0]) * 1.852, rel=0.05)  # 3,487 nautical miles


def test_the_red_sea_closed_costs_shanghai_to_rotterdam_what_was_published_in_2023(shipped):
    rows = history()
    rows = rows[(rows["closure_id"] == "red-sea-2023") & (rows["route"] == "Shanghai to Rotterdam")]
    printed = dict(zip(rows["quantity"], rows["value"], strict=True))
    by, without = float(printed["distance_via_passage"]), float(printed["distance_without"])
    lanes, ends = sea_lanes(shipped), ((122.0, 31.2), (4.0, 51.97))
    round_cape = lanes.route(*ends, closed=["babalmandab", "panama", "northern_sea_route", "northwest"])
    assert "south_africa" in round_cape.passages
    assert round_cape.total_km - lanes.route(*ends).total_km == pytest.approx((without - by) * 1.852, rel=0.2)


def test_what_was_made_once_is_not_made_again_even_where_the_answer_is_that_there_is_none():
    made = []
    memory = Memory()
    assert [memory.get("no way", lambda: made.append(1)) for _ in range(3)] == [None] * 3
    assert made == [1]
