"""The shipped facts hold together: what a careful reader would check first."""

import datetime as dt
import re

import pandas as pd
import pytest

from oreway.layers.read import read_facts, read_layer, read_sites
from oreway.layers.registry import LAYERS
from oreway.layers.schema import as_number, is_past_date
from oreway.layers.vocabulary import Confidence

GREENLAND_NAMED = (
    "gl-kvanefjeld", "gl-tanbreez", "gl-motzfeldt", "gl-sarfartoq", "gl-qeqertaasaq", "gl-tikiusaaq", "gl-karrat",
    "gl-gronnedal-ika", "gl-ivittuut", "gl-ilua", "gl-sorensen", "gl-zone3",
)  # fmt: skip


@pytest.fixture(scope="module")
def sites():
    return read_sites()


@pytest.fixture(scope="module")
def facts():
    return read_facts()


@pytest.mark.parametrize("layer", LAYERS, ids=lambda layer: layer.id)
def test_every_layer_reads_in_wgs84_with_one_id_column(layer):
    frame = read_layer(layer.id)
    assert frame.crs.to_epsg() == 4326
    assert frame.index.name in {"site_id", "feature_id"}
    assert frame.index.is_unique
    assert len(frame) > 0


def test_the_catalogue_has_the_promised_sites(sites):
    assert set(GREENLAND_NAMED) <= set(sites.index)
    assert {
        "jp-minamitorishima",
        "jp-minamitorishima-island",
        "jp-minamitorishima-b1",
        "jp-minamitorishima-eez",
    } <= set(sites.index)
    assert (sites["layer"] == "australia").sum() >= 25
    assert (sites["layer"] == "refining").sum() >= 80


def test_every_site_has_position_accuracy_and_source(sites):
    assert (sites["position_accuracy_km"] > 0).all()
    assert (sites["position_source_title"] != "").all()


def test_every_site_has_facts(sites, facts):
    assert set(sites.index) - set(facts["site_id"]) == set()


def test_parents_exist_and_lie_near_their_children(sites):
    children = sites[sites["parent_id"] != ""]
    assert set(children["parent_id"]) <= set(sites.index)


def test_positions_lie_in_their_country(sites):
    greenland = sites[sites["country_code"] == "GL"]
    assert greenland["lon"].between(-74, -11).all()
    assert greenland["lat"].between(59.5, 84).all()
    australia = sites[sites["country_code"] == "AU"]
    assert australia["lon"].between(112, 154.5).all()
    assert australia["lat"].between(-44, -9).all()


def test_no_date_is_in_the_future_and_no_figure_lacks_its_unit(facts):
    today = dt.datetime.now(tz=dt.UTC).date()
    dated = facts[facts["as_of"] != ""]
    assert all(is_past_date(text, today) for text in dated["as_of"])
    numeric = facts[facts["value"].map(as_number).notna()]
    assert (numeric["unit"] != "").all()


def test_every_fact_has_an_address_or_says_why_not(facts):
    silent = facts[facts["source_url"] == ""]
    assert set(silent["confidence"]) <= {Confidence.UNVERIFIED, Confidence.DERIVED, Confidence.GAP}
    named = facts[facts["source_url"] != ""]["source_url"]
    assert named.map(lambda url: bool(re.fullmatch(r"https?://[^\s/]+\.[^\s]+", url))).all()


def test_the_host_rock_of_tanbreez_is_not_a_resource(facts):
    tanbreez = facts[facts["site_id"] == "gl-tanbreez"]
    tonnages = pd.to_numeric(tanbreez[tanbreez["field"] == "resource_mt"]["value"])
    assert tonnages.max() < 100  # published: 25.42 Mt indicated and 19.45 Mt inferred; the host unit is 4,700 Mt
    assert set(pd.to_numeric(tanbreez[tanbreez["field"] == "host_unit_mt"]["value"])) == {4700.0}


def test_kvanefjelds_uranium_gate_is_closed_by_its_evidence(facts):
    gate = facts[
        (facts["site_id"] == "gl-kvanefjeld") & (facts["field"] == "gate") & (facts["category"] == "uranium_act")
    ]
    assert list(gate["value"]) == ["closed"]
    assert "226" in gate["note"].iloc[0]  # 593 Mlb U3O8 / 1,010 Mt × 0.848 = 226 ppm U


def test_contained_oxide_agrees_with_tonnage_times_grade(facts):
    keys = ["site_id", "category", "as_of"]
    table = facts.assign(number=facts["value"].map(as_number)).dropna(subset="number")
    pick = {
        name: table[table["field"] == field].set_index(keys)["number"]
        for name, field in [("t", "resource_mt"), ("g", "grade_treo_pct"), ("c", "contained_reo_kt")]
    }
    pick = {name: series[~series.index.duplicated(keep=False)] for name, series in pick.items()}
    joined = pd.concat(pick, axis=1).dropna()
    assert len(joined) >= 3
    computed = joined["t"] * joined["g"] * 10  # Mt × % = 10 kt
    assert ((computed - joined["c"]).abs() <= 0.05 * joined["c"] + 1).all(), joined.assign(computed=computed)
