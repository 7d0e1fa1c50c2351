"""Reports as an analyst reads them: no sentence that the rest of the page contradicts."""

import re

import pytest

from oreway.outputs.report.report import report_html
from oreway.outputs.report.verdict import verdict
from oreway.scoring.dossier.dossier import dossier
from oreway.scoring.judge.assess import assess
from oreway.scoring.measure.measure import measure
from oreway.scoring.routes.supply import supply
from oreway.scoring.world.world import open_world


@pytest.fixture(scope="module")
def world():
    return open_world()


def text_of(world, site_id):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", report_html(dossier(world, site_id), world=world)))


def test_a_site_of_too_little_known_weight_has_a_report_for_the_browser_too(world):
    assert "Dolphin" in text_of(world, "au-dolphin")


def test_a_plan_reckoned_for_magnet_oxides_is_not_asked_of_graphite(world):
    text = text_of(world, "gl-amitsoq")
    assert "this plan is reckoned for NdPr oxide alone" in text
    assert "annual NdPr oxide output" not in text


def test_nobody_builds_a_town(world):
    assert "town (≥ 500 people) none kept on this landmass none found" in text_of(world, "gl-amitsoq")


def test_a_port_overseas_is_called_so_in_the_summary(world):
    assert "Ny Alesund (on another landmass)" in verdict(dossier(world, "gl-citronen"))  # Svalbard
    assert "on another landmass" not in verdict(dossier(world, "au-mt-weld"))


def test_a_berth_of_its_own_is_not_called_for_where_the_bill_takes_a_road_to_one(world):
    assert "its own berth, which has to be built" not in text_of(world, "gl-gronnedal-ika")
    assert "its own berth, which has to be built" in text_of(world, "gl-kvanefjeld")


def test_a_plant_of_an_allied_country_and_another_owner_says_both(world):
    assert "country: allied, owner: China" in text_of(world, "au-greenbushes")  # Tianqi at Kwinana


def test_mud_made_on_the_island_goes_straight_ashore(world):
    # the zone's measuring point lies 251 km from the island's coast; by Shimizu and Saipan it would be 5,997 km
    leg = supply(world, "jp-minamitorishima").route("jp-minamitorishima-dewatering")
    assert leg.distance_km == pytest.approx(251 * 1.05, rel=0.03)


@pytest.mark.parametrize(
    ("site_id", "gate", "state"),
    [
        ("au-fingerboards", "no_consent", "conditional"),  # refused in 2021; a second statement ordered in 2026
        ("au-hillgrove", "no_consent", "conditional"),  # the modification runs to 31 December 2026
        ("au-eneabba-stockpile", "no_consent", "open"),  # reclaimed since 2020
        ("au-murrin-murrin", "process_unproven", "open"),  # makes nickel by pressure leach
    ],
)
def test_a_gate_stands_as_the_sites_own_facts_have_it(world, site_id, gate, state):
    judged = assess(world, measure(world, [site_id]))[site_id]
    assert {one.id: one.state for one in judged.gates}[gate] == state


@pytest.mark.parametrize(
    ("site_id", "code"),
    [
        ("gl-tanbreez-fjord", "G2+G3"),  # 8.76 Mt indicated and 13.8 inferred make the whole
        ("au-jackson", "G2+G3"),  # 1,903 and 584
        ("au-nolans", "G1+G2+G3"),
    ],
)
def test_a_total_says_no_more_of_confidence_than_its_parts(world, site_id, code):
    assert assess(world, measure(world, [site_id]))[site_id].unfc.split(";")[2] == code


def test_a_mine_whose_building_stopped_is_not_being_built(world):
    assert assess(world, measure(world, ["au-yangibana"]))["au-yangibana"].unfc.startswith("E2;F2.2;")
