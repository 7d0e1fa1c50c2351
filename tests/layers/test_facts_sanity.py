"""Checks a careful reader would make over the whole catalogue: places, sums, dates, words."""

import datetime as dt
import itertools

import numpy as np
import pytest

from oreway.geo.geodesy import distance_km
from oreway.geo.nearest import NearestIndex
from oreway.layers.read import read_facts, read_layer, read_sites, read_table
from oreway.layers.reserve import layer_rule
from oreway.layers.schema import as_number
from oreway.layers.vocabulary import SiteKind

AT_SEA = {SiteKind.ZONE, SiteKind.LIMIT}


@pytest.fixture(scope="module")
def sites():
    return read_sites()


@pytest.fixture(scope="module")
def facts():
    return read_facts()


@pytest.fixture(scope="module")
def numbers(facts):
    return facts.assign(number=facts["value"].map(as_number)).dropna(subset="number")


def test_site_ids_are_unique_over_all_layers(sites):
    assert list(sites.index[sites.index.duplicated()]) == []


def test_every_site_on_land_lies_in_its_stated_country(sites):
    countries = read_layer("countries")
    outside = {}
    for code, group in sites[~sites["kind"].isin(AT_SEA)].groupby("country_code"):
        shapes = countries.geometry[countries["country_code"] == code]
        assert len(shapes) > 0, code
        off_km = NearestIndex.build(shapes).query(group["lon"].to_numpy(), group["lat"].to_numpy()).distance_km
        # the country outlines are generalised: up to 2 km off on a coast
        far = np.ravel(off_km) > np.minimum(group["position_accuracy_km"].to_numpy(), 5) + 2
        outside |= dict(zip(group.index[far], np.ravel(off_km)[far], strict=True))
    assert outside == {}


def test_zones_lie_in_japans_zone_round_the_island(sites):
    circle = read_layer("eez").geometry.union_all()
    for site_id in ("jp-minamitorishima", "jp-minamitorishima-b1"):
        assert circle.contains(sites.geometry[site_id])


@pytest.mark.parametrize(
    ("site_id", "place", "lon", "lat", "most_km"),
    [
        # independent gazetteer places (GeoNames, OurAirports) and what is published between them
        ("gl-kvanefjeld", "Narsaq", -46.05, 60.912, 12),
        ("gl-tanbreez", "Qaqortoq", -46.035, 60.718, 25),
        ("gl-sarfartoq", "Kangerlussuaq airport", -50.711, 67.012, 75),
        ("au-nolans", "Aileron airstrip", 133.345, -22.645, 20),
        ("au-mt-weld", "Laverton", 122.405, -28.625, 40),
        ("au-dubbo", "Dubbo", 148.60, -32.243, 30),
        ("au-browns-range", "Ringer Soak airstrip", 128.88, -18.80, 45),
        ("jp-minamitorishima-island", "airfield RJAM", 153.979, 24.290, 3),
        ("my-kuantan", "Kuantan", 103.326, 3.808, 30),
        ("us-mountain-pass", "Jean, Nevada", -115.324, 35.779, 45),
        ("ee-sillamae", "Sillamäe", 27.763, 59.4, 5),
        ("fr-la-rochelle", "La Rochelle", -1.152, 46.160, 8),
    ],
)
def test_a_site_lies_where_a_gazetteer_place_says(sites, site_id, place, lon, lat, most_km):
    site = sites.loc[site_id]
    assert distance_km(site["lon"], site["lat"], lon, lat) <= most_km + site["position_accuracy_km"], place


def related(sites, one, other):
    parents = {one: sites.loc[one, "parent_id"], other: sites.loc[other, "parent_id"]}
    return parents[one] in {other, parents[other]} - {""} or parents[other] == one


def test_no_two_deposits_are_one_place_under_two_names(sites):
    deposits = sites[sites["kind"].isin([SiteKind.DEPOSIT, SiteKind.ZONE, SiteKind.STOCKPILE])]
    twins = []
    for one, other in itertools.combinations(deposits.index, 2):
        a, b = deposits.loc[one], deposits.loc[other]
        apart = distance_km(a["lon"], a["lat"], b["lon"], b["lat"])
        if apart < min(a["position_accuracy_km"], b["position_accuracy_km"]) and not related(sites, one, other):
            twins.append((one, other, round(float(apart), 2)))
    assert twins == []


def test_parents_lie_within_reach_of_their_children(sites):
    for child, row in sites[sites["parent_id"] != ""].iterrows():
        parent = sites.loc[row["parent_id"]]
        reach = 370.5 if parent["kind"] == SiteKind.LIMIT else 120.0
        assert distance_km(row["lon"], row["lat"], parent["lon"], parent["lat"]) < reach, child


def test_ilimaussaq_carries_no_tonnage_of_its_own(numbers):
    own = numbers[(numbers["site_id"] == "gl-ilimaussaq") & numbers["field"].isin(["resource_mt", "reserve_mt"])]
    assert own.empty


def test_an_announced_output_that_empties_the_resource_in_five_years_is_a_known_one(sites, numbers):
    contained = numbers[numbers["field"] == "contained_reo_kt"].groupby("site_id")["number"].max()
    planned = numbers[(numbers["field"] == "planned_output") & (numbers["unit"] == "t/y")]
    planned = planned[planned["category"].str.contains("REO|TREO|oxide")]
    years = {
        row.site_id: contained[row.site_id] * 1000 / row.number
        for row in planned.itertuples()
        if row.site_id in contained.index and row.number > 0
    }
    assert years
    assert {site_id: year for site_id, year in years.items() if year < 5} == {}


def test_what_was_made_is_not_told_as_planned_nor_a_plan_as_made(facts):
    planned = facts[facts["field"] == "planned_output"]
    made = facts[facts["field"].isin(["output", "output_quarter"]) & facts["site_id"].str.startswith("au-")]
    assert len(made) >= 10
    assert list(planned[planned["category"].str.contains(r"\bactual\b")]["site_id"]) == []
    assert list(made[made["category"].str.contains(r"plan|design|expected|target")]["site_id"]) == []


def test_the_pace_of_a_mine_that_does_not_run_is_told_as_a_plan(sites, facts):
    """Its category or its note says so; what stands bare is what a mine does today."""
    stages = facts["site_id"].map(sites["stage"])
    bare = facts[
        facts["field"].str.startswith("throughput_")
        & ~stages.isin(["producing", "commissioning"])
        & (facts["state"] == "")
    ]
    told = (bare["category"] + " " + bare["note"]).str.contains(r"plan|study|phase|stage|proposal|approved|capacity")
    assert list(bare[~told]["site_id"]) == []


def test_grades_are_shares_and_uranium_is_parts_per_million(numbers):
    grades = numbers[numbers["field"].str.startswith("grade_") & (numbers["unit"] == "%")]
    assert grades["number"].between(0, 100).all()
    uranium = numbers[numbers["field"].isin(["u_ppm", "u3o8_ppm", "th_ppm", "tho2_ppm"])]
    assert set(uranium["unit"]) == {"ppm"}
    assert uranium["number"].between(0, 20_000).all()


def test_a_distance_to_a_city_is_not_called_one_to_a_port(facts):
    ports = facts[(facts["field"] == "quoted_distance") & (facts["category"] == "port")]
    cities = ports["note"].str.contains(r"of (?:Melbourne|Sydney|Perth|Brisbane|Adelaide)\b")
    assert len(ports) > 10
    assert ports[cities]["site_id"].tolist() == []


def test_tonnages_name_their_category(facts):
    tonnages = facts[facts["field"].isin(["resource_mt", "reserve_mt"]) & (facts["value"] != "")]
    assert (tonnages["category"] != "").all()


def test_every_scored_deposit_on_land_has_its_gates_or_says_unknown(sites, facts):
    gates = facts[facts["field"] == "gate"]
    assert set(gates["value"]) <= {"closed", "open", "conditional", "unknown"}
    greenland = sites[(sites["layer"] == "greenland") & (sites["kind"] == SiteKind.DEPOSIT)]
    for site_id in greenland.index:
        assert "uranium_act" in set(gates[gates["site_id"] == site_id]["category"]), site_id


def test_unknown_uranium_is_never_a_pass(facts):
    gates = facts[(facts["field"] == "gate") & (facts["category"] == "uranium_act") & (facts["value"] == "open")]
    for site_id in gates["site_id"]:
        own = facts[(facts["site_id"] == site_id) & facts["field"].isin(["u_ppm", "u3o8_ppm"]) & (facts["value"] != "")]
        assert len(own) > 0, site_id


def test_the_rule_that_puts_a_project_into_the_australian_layer_is_the_same_for_every_row(sites, facts):
    australia = sites[sites["layer"] == "australia"].reset_index()
    named = set(facts[facts["field"] == "named_in"]["site_id"])
    said = australia.set_index("site_id")["layer_rule"].to_dict()
    assert said == {site["site_id"]: layer_rule(site, named) for site in australia.to_dict("records")}
    assert said["au-mary-kathleen"] == said["au-john-galt"] == said["au-sunday-creek"] == "context"
    assert (said["au-nolans"], said["au-syerston"]) == ("both", "framework_named")


def test_a_mineral_of_the_first_scope_counts_only_from_a_resource_on_and_while_not_given_up():
    deposit = {"site_id": "au-x", "kind": "deposit", "commodities": "Sb;Au", "stage": "resource", "standing": "active"}
    assert layer_rule(deposit, ()) == "reserve_mineral"
    assert layer_rule(deposit | {"stage": "prospect"}, ()) == "context"
    assert layer_rule(deposit | {"standing": "cancelled"}, ()) == "context"
    assert layer_rule(deposit | {"commodities": "Li"}, {"au-x"}) == "framework_named"
    assert layer_rule(deposit | {"kind": "plant", "stage": "planned", "commodities": "Ga"}, {"au-x"}) == "both"


def test_npv_and_irr_say_whether_one_source_or_two_stand_behind_them(facts):
    studies = facts[facts["field"].isin(["npv", "irr_pct"]) & (facts["value"] + facts["low"] != "")]
    said = studies["note"].str.contains("source|agree|filing", case=False) | (studies["confidence"] == "conflict")
    assert list(studies[~said]["site_id"]) == []


def test_chinas_shares_are_shares_with_year_and_source():
    table = read_table("china_share")
    shares = table["share_pct"].map(as_number).dropna()
    assert shares.between(0, 100).all()
    assert table["year"].str.fullmatch(r"20\d\d").all()
    assert (table["source_title"] != "").all()


def test_prices_have_unit_and_basis():
    table = read_table("price_history")
    assert (table["unit"] != "").all()
    assert (table["basis"] != "").all()
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    assert (table["date"] <= today).all()


def test_the_framework_is_eight_and_a_half_billion_and_not_eighty_five():
    table = read_table("programmes")
    pipeline = table[table["programme"].str.contains("framework") & (table["field"] == "pipeline")]
    assert list(zip(pipeline["value"], pipeline["unit"], strict=True)) == [("8500", "US$M")]
