"""The shipped data against distances measured independently (per-site azimuthal projections and geodesics)."""

import numpy as np
import pytest

from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.build.bill import bills
from oreway.scoring.dossier.dossier import dossier
from oreway.scoring.judge.assess import SCORED_KINDS, score_table
from oreway.scoring.measure.measure import measure, nearest
from oreway.scoring.rank.acceptability import rank

KVANEFJELD = (-46.0, 60.983)
MT_WELD = (122.5475, -28.86)
MINAMITORISHIMA = (153.983, 24.283)


@pytest.fixture(scope="module")
def scores(shipped):
    return score_table(shipped).set_index("site_id")


@pytest.mark.parametrize(
    ("place", "class_", "name", "km", "within"),
    [
        (KVANEFJELD, "port", "Narsaq", 7.9, 0.3),
        (KVANEFJELD, "town", "Narsaq", 8.3, 0.3),
        (KVANEFJELD, "airfield", "Qaqortoq Airport", 24.1, 0.6),
        (KVANEFJELD, "coast", "Coast of Greenland", 1.4, 0.2),
        (MT_WELD, "airfield", "Granny Smith Airport", 15.3, 0.5),
        (MT_WELD, "town", "Laverton", 29.9, 0.6),
        (MT_WELD, "deep_water_port", "Esperance", 558.5, 1),
        (MINAMITORISHIMA, "airfield", "JMSDF Minami Torishima Air Base", 0.8, 0.5),
    ],
)
def test_the_nearest_is_where_it_was_measured_to_be(shipped, place, class_, name, km, within):
    found = nearest(shipped, *place, classes=[class_]).iloc[0]
    assert plain_text(found["name"]) == name
    assert found["distance_km"] == pytest.approx(km, abs=within)


@pytest.mark.parametrize("class_", ["road", "rail", "power"])
def test_kvanefjeld_has_no_network(shipped, class_):
    assert nearest(shipped, *KVANEFJELD, classes=[class_]).iloc[0]["nil"] == "absent_network"


def test_the_two_ice_maps_bound_the_ice_near_kvanefjeld(shipped):
    ice = nearest(shipped, *KVANEFJELD, classes=["ice"]).iloc[0]
    assert ice["low_km"] < 14 < 25 < ice["high_km"]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(0.0, 90.0), (0.0, -90.0), (180.0, 0.0), (-180.0, 66.0), (-30.0, 0.0), (100.0, 60.0), (45.0, -80.0)],
)
def test_any_point_on_earth_gets_an_answer_or_a_reason(shipped, lon, lat):
    found = nearest(shipped, lon, lat)
    assert (np.isfinite(found["distance_km"]) ^ (found["nil"] != "")).all()
    known = found[found["nil"] == ""]
    assert (known["low_km"] <= known["distance_km"]).all()
    assert (known["distance_km"] <= known["high_km"]).all()


def test_every_measurement_has_a_source_or_a_reason(shipped):
    found = measure(shipped)
    assert ((found["source"] != "") | (found["nil"] != "")).all()
    assert (np.isfinite(found["distance_km"]) ^ (found["nil"] != "")).all()


def test_every_deposit_zone_and_stockpile_is_scored_and_nothing_else(shipped, scores):
    kinds = shipped.sites["kind"]
    assert set(scores.index) == set(kinds.index[kinds.isin(SCORED_KINDS)])


def test_contributions_add_up_within_the_bounds(scores):
    parts = scores[[name for name in scores if name.endswith("_contribution")]].sum(axis=1)
    judged = scores["total"].notna()
    assert judged.mean() > 0.9
    assert (scores["coverage"][~judged] < 0.5).all()
    assert parts[judged].to_numpy() == pytest.approx(scores["total"][judged].to_numpy(), abs=1e-9)
    assert (parts[~judged] == 0).all()
    assert (scores["total_low"] <= scores["total"] + 1e-9)[judged].all()
    assert (scores["total"] <= scores["total_high"] + 1e-9)[judged].all()


def test_kvanefjeld_is_barred_whatever_its_score(shipped):
    judged = dossier(shipped, "gl-kvanefjeld").assessment
    assert {gate.id: gate.state for gate in judged.gates}["uranium_act"] == "closed"
    assert judged.unfc.startswith("E3.3;")


def test_tanbreez_is_not_passed_on_an_unknown_uranium_content(shipped):
    gates = {gate.id: gate.state for gate in dossier(shipped, "gl-tanbreez").assessment.gates}
    assert gates["uranium_act"] in {"unknown", "conditional"}


@pytest.mark.parametrize(
    "site_id", ["jp-minamitorishima-island", "jp-minamitorishima-eez", "gl-ilimaussaq", "my-kuantan"]
)
def test_islands_limits_complexes_and_plants_are_not_scored(shipped, site_id):
    assert dossier(shipped, site_id).assessment is None


def test_the_mud_goes_to_the_port_the_trial_used(shipped):
    notes = bills(shipped, ["jp-minamitorishima"])["jp-minamitorishima"].items.set_index("item_id")["note"]
    assert "Shimizu" in plain_text(notes["shuttle_carrier"])


def test_a_ranking_is_the_same_twice(shipped):
    assert rank(shipped, draws=200, seed=5).equals(rank(shipped, draws=200, seed=5))
