"""The ways of a bill as a file and on the map: the bill's own lengths, ends where the site and its target are."""

import dataclasses
import json

import pytest

from oreway.outputs.report.bill_ways import ways_drawing, ways_geojson
from oreway.outputs.report.judgement_content import bill_content
from oreway.scoring.build.bill import bill
from oreway.scoring.world.world import changed


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


@pytest.fixture(scope="module")
def nolans(world):
    """Return the bill of Nolans where a station of one's own costs ten times what it does, so that a line is laid."""
    costs = world.methods.tables["unit_costs"].copy()
    own, prices = costs["item_id"] == "power_station", ["low", "base", "high"]
    costs[prices] = costs[prices].astype(float).mul(own.map({True: 10.0, False: 1.0}), axis=0)
    methods = dataclasses.replace(world.methods, tables={**world.methods.tables, "unit_costs": costs})
    return bill(changed(world, methods=methods), "au-nolans")


def test_the_file_holds_the_lengths_of_the_bill_from_the_site_to_the_target(world, nolans):
    document = json.loads(ways_geojson(nolans))
    line = {feature["properties"]["item_id"]: feature for feature in document["features"]}["power_line"]
    items = nolans.items.set_index("item_id")
    assert line["properties"]["length_km"] == items.loc["power_line", "quantity"]
    assert line["properties"]["paid_way"] + line["properties"]["paid_climb"] == pytest.approx(
        line["properties"]["cost_km_of_level_ground"]
    )
    site = world.sites.loc["au-nolans"]
    assert line["geometry"]["coordinates"][0] == [round(site["lon"], 6), round(site["lat"], 6)]
    assert "regional scale only" in line["properties"]["scale"]


def test_what_is_new_is_drawn_and_the_old_road_to_the_port_is_not(nolans):
    drawn = ways_drawing(nolans, "en")
    assert len(drawn) == 2  # a road to the highway and a line to the power station
    assert [one["sure"] for one in drawn] == [False, True]
    assert all(one["mode"] == "built" for one in drawn)


def test_words_name_how_a_length_was_found_and_what_the_straight_line_would_be(nolans):
    notes = {row["id"]: row["note"] for row in bill_content(nolans, "en")["rows"]}
    # 140.43 km to Alice Springs times 1.3
    assert notes["power_line"].endswith("over relief, 11 km cells, regional only; straight × detour 183 km")
    assert "along roads; straight × detour" in notes["haul_fleet"]
    assert notes["haul_road"] == ""


def test_a_site_with_nothing_to_draw_writes_an_empty_collection(world):
    assert json.loads(ways_geojson(bill(world, "jp-minamitorishima")))["features"] == []
