"""Routes from deposits to refineries against published distances, with passages closed and refusals."""

import pytest

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
