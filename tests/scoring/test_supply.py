"""Routes from deposits to refineries against published distances, with passages closed and refusals."""

import dataclasses
import math

import pytest

from layers.read import read_table
from scoring.errors import ScoringError
from scoring.supply import supply
from scoring.world import open_world


@pytest.fixture(scope="module")
def world():
    return open_world()


@pytest.fixture(scope="module")
def weld(world):
    return supply(world, "au-mt-weld")


def route(found, refinery_id):
    return next(one for one in found.routes if one.refinery_id == refinery_id)


def legs(one, mode):
    return [leg for leg in one.legs if leg.mode == mode]


def test_nolans_ships_by_darwin_and_rail_and_not_by_the_nearer_wyndham(world):
    found = supply(world, "au-nolans")
    assert found.port_name == "Darwin"
    rail = [leg for leg in found.routes[0].legs if leg.mode == "rail"]
    # the railway from Alice Springs to Darwin is 1,420 km (published chainages 1,557 and 2,975 km); Nolans joins north
    assert 1250 < rail[0].distance_km < 1425
    assert "OpenStreetMap" in rail[0].source


def test_the_mud_goes_to_a_japanese_port(world):
    found = supply(world, "jp-minamitorishima")
    assert found.port_name == "Shimizu Ko"
    first = found.routes[0].legs[0]
    assert first.mode == "sea"
    assert first.low_km > 1900  # island to Shimizu by the lanes: 1,979 km
    assert all("leached" in one.note for one in found.routes)


def test_mount_weld_names_its_planned_plants_and_finds_kalgoorlie(weld):
    assert set(weld.planned) == {"au-kalgoorlie", "my-kuantan"}
    assert weld.best == weld.best_allied == "au-kalgoorlie"
    # Mt Weld to Kalgoorlie by Laverton and Leonora: about 390 km by road
    assert route(weld, "au-kalgoorlie").distance_km == pytest.approx(390, rel=0.15)


def test_the_sea_leg_to_kuantan_agrees_with_the_published_net(weld):
    sea = legs(route(weld, "my-kuantan"), "sea")[0]
    assert sea.distance_km == pytest.approx(4649, rel=0.03)  # searoute: Fremantle to Kuantan


def test_sums_are_the_sums_of_the_legs(weld):
    for one in weld.routes:
        assert one.distance_km == pytest.approx(sum(leg.distance_km for leg in one.legs))
        assert one.usd_per_t == pytest.approx(sum(leg.usd_per_t for leg in one.legs))


def test_no_leg_is_shorter_than_its_lower_bound_or_the_straight_line(weld):
    for one in weld.routes:
        for leg in one.legs:
            assert leg.low_km <= leg.distance_km <= leg.high_km
            assert leg.method in {"network", "route", "geodesic"}


def test_routes_are_best_first(weld):
    running = [one for one in weld.routes if one.fit == "fits" and one.status in {"operating", "commissioning"}]
    costs = [one.usd_per_t for one in running]
    assert costs == sorted(costs)


def test_closing_suez_lengthens_the_way_from_greenland_to_malaysia(world):
    open_km = supply(world, "gl-tanbreez", to="my-kuantan").routes[0].distance_km
    shut_km = supply(world, "gl-tanbreez", to="my-kuantan", closed=["suez"]).routes[0].distance_km
    assert shut_km > open_km + 2000


def test_the_arctic_passages_are_closed_unless_opened(world):
    usual = supply(world, "gl-tanbreez", to="my-kuantan").routes[0]
    assert "northwest" not in " ".join(leg.note for leg in usual.legs)
    opened = supply(world, "gl-tanbreez", to="my-kuantan", closed=["open:northwest"]).routes[0]
    assert opened.distance_km < usual.distance_km


def test_tanbreez_reaches_tidewater_before_it_reaches_a_port(world):
    found = supply(world, "gl-tanbreez", to="ee-sillamae")
    first, second = found.routes[0].legs[:2]
    assert (first.mode, first.end.name, second.mode) == ("road", "tidewater", "sea")
    assert "to be built" in first.note


def test_chinas_share_of_the_stage_carries_its_year_and_source(weld):
    shares = [row for row in weld.china_share if row["stage"] == "separation"]
    assert any(row["share_pct"] == "92" and row["year"] == "2023" for row in shares)
    assert all(row["source_title"] for row in shares)


@pytest.mark.parametrize(
    ("site_id", "options", "said"),
    [
        ("my-kuantan", {}, "a plant ships nothing"),
        ("gl-tanbreez", {"to": "xx-none"}, "refinery 'xx-none': not known"),
        ("gl-tanbreez", {"closed": ["styx"]}, "passage 'styx': not known; choose from"),
    ],
)
def test_what_cannot_be_answered_is_refused(world, site_id, options, said):
    with pytest.raises(ScoringError, match=said):
        supply(world, site_id, **options)


def test_a_port_the_index_spells_otherwise_is_found_by_its_alias(world):
    assert supply(world, "gl-motzfeldt", to="ee-sillamae").port_name == "Narsarssuaq"
    assert supply(world, "gl-sarfartoq", to="ee-sillamae").port_name == "Soendre Stroemfjord"


def test_a_plant_that_cannot_take_the_product_is_answered_and_never_best(world):
    found = supply(world, "au-nolans", to="au-kemerton")
    assert [one.fit for one in found.routes] == ["no"]
    assert "not oxide" in found.routes[0].note
    assert found.best == ""


def test_closing_suez_sends_tanbreez_to_another_refinery(world):
    usual, shut = supply(world, "gl-tanbreez"), supply(world, "gl-tanbreez", closed=["suez"])
    assert (usual.best, shut.best) == ("in-oscom", "us-mountain-pass")
    # Gibraltar to Bombay by the Cape is some 10,500 nautical miles against 5,000 by the canal; the rest is shared
    assert route(shut, "in-oscom").distance_km > route(usual, "in-oscom").distance_km + 5000


def test_closing_malacca_lengthens_the_way_of_the_mud_to_india(world):
    usual = supply(world, "jp-minamitorishima", to="in-oscom").routes[0]
    shut = supply(world, "jp-minamitorishima", to="in-oscom", closed=["malacca"]).routes[0]
    assert usual.distance_km + 1000 < shut.distance_km < usual.distance_km + 3000  # by Sunda or Lombok


def test_the_mud_has_a_best_chain_and_a_best_allied_one_beside_it(world):
    found = supply(world, "jp-minamitorishima")
    assert route(found, found.best).bloc == "china"
    assert route(found, found.best_allied).bloc == "allied"
    assert route(found, found.best).usd_per_t < route(found, found.best_allied).usd_per_t


def test_a_country_taken_out_of_the_bloc_changes_the_best_allied_chain(world, monkeypatch):
    def without_india(name):
        table = read_table(name)
        return table[table["country_code"] != "IN"] if name == "blocs" else table

    monkeypatch.setattr("scoring.supply.read_table", without_india)
    edited = dataclasses.replace(world, indexes=world.indexes.without(["blocs"]))
    before, after = supply(world, "gl-tanbreez"), supply(edited, "gl-tanbreez")
    assert after.best == before.best == before.best_allied == "in-oscom"
    assert after.best_allied == "us-mountain-pass"


def test_the_planned_plant_stands_beside_ours(weld):
    assert {one.refinery_id for one in weld.routes if one.planned} == set(weld.planned)
    assert weld.best in weld.planned


def test_carbon_is_the_sum_of_sourced_factors_over_the_legs(world):
    found = route(supply(world, "gl-tanbreez"), "in-oscom")
    factors = {
        "road": 0.0903,
        "rail": 0.03,
        "sea": 0.014,
    }  # kg/t-km: ETRR 2019 table 9; DEFRA 2007, rail and small bulk
    assert found.kg_co2_per_t == pytest.approx(math.fsum(leg.distance_km * factors[leg.mode] for leg in found.legs))
