"""Routes from deposits to refineries against published distances, with passages closed and refusals."""

import itertools
import math

import numpy as np
import pytest
import shapely
from pyproj import Geod

from oreway.outputs.words.reason_texts import plain_text
from oreway.scoring.errors import ScoringError
from oreway.scoring.routes import ports, trips
from oreway.scoring.routes.legs import land_legs, sea_leg
from oreway.scoring.routes.roads import Roads
from oreway.scoring.routes.supply import supply
from oreway.scoring.world.networks import network_table
from oreway.scoring.world.place import landmasses

WGS84 = Geod(ellps="WGS84")


@pytest.fixture(scope="module")
def world(shipped):
    return shipped


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
    assert "OpenStreetMap" in plain_text(rail[0].source)


def test_lithium_of_wodgina_goes_to_port_hedland_by_road_past_the_miners_own_railways(world):
    found = supply(world, "au-wodgina", to="au-kwinana-tlk")
    assert [leg.mode for leg in found.routes[0].legs if leg.mode == "rail"] == []
    # the boxes hold whole railways: no line leaves them
    table = network_table(world, "rail_network")
    box = (table.lon > 115.5) & (table.lon < 121.5) & (table.lat > -24.5) & (table.lat < -20)
    assert box.sum() > 100
    assert (box[table.from_node] == box[table.to_node]).all()


def test_the_mud_goes_to_a_japanese_port(world):
    found = supply(world, "jp-minamitorishima")
    assert found.port_name == "Shimizu Ko"
    first = found.route("jp-honshu-mud-plant").legs[0]
    assert first.mode == "sea"
    assert first.low_km > 1900  # island to Shimizu by the lanes: 1,979 km
    assert "leached" in plain_text(found.start_note)


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


def test_legs_follow_one_another_and_their_lines_join_their_ends(world, weld):
    for one in (*weld.routes, *supply(world, "gl-tanbreez").routes):
        for before, after in itertools.pairwise(one.legs):
            assert WGS84.inv(*before.end.at, *after.start.at)[2] < 500  # shorter legs are left out
    along = [leg for one in weld.routes for leg in one.legs if leg.method == "network"]
    assert along
    for leg in along:
        assert (leg.line[0], leg.line[-1]) == (leg.start.at, leg.end.at)


@pytest.mark.parametrize("mode", ["road", "rail"])
def test_a_leg_by_road_runs_on_roads_and_one_by_rail_on_rails(world, mode):
    found = (*supply(world, "au-nolans").routes, *supply(world, "au-mt-weld").routes)
    on_it = [leg for one in found for leg in legs(one, mode) if leg.method == "network"]
    junctions = set(map(tuple, shapely.get_coordinates(world.infrastructure[f"{mode}_network"].geometry.to_numpy())))
    assert on_it
    for leg in on_it:
        assert set(leg.line) <= junctions


@pytest.mark.parametrize(
    ("site_id", "to", "note", "detours"),
    [
        ("gl-tanbreez", "ee-sillamae", "new haul road", (1.2, 1.5, 2.2)),  # fjords
        ("au-mt-weld", "au-kalgoorlie", "to the network", (1.05, 1.3, 1.6)),  # plains: Norseman to Eucla is 1.06
    ],
)
def test_a_way_no_network_holds_is_the_geodesic_times_the_detour_of_the_country(world, site_id, to, note, detours):
    leg = next(leg for leg in supply(world, site_id, to=to).routes[0].legs if note in plain_text(leg.note))
    km = WGS84.inv(*leg.start.at, *leg.end.at)[2] / 1000
    assert (leg.low_km, leg.distance_km, leg.high_km) == pytest.approx([km * detour for detour in detours])


@pytest.mark.parametrize(("site_id", "ice_class"), [("au-mt-weld", 1.0), ("gl-tanbreez", 1.6)])
def test_a_voyage_costs_its_fixed_part_and_its_kilometres_dearer_from_the_ice(world, site_id, ice_class):
    sea = legs(supply(world, site_id, to="my-kuantan").routes[0], "sea")[-1]
    assert sea.usd_per_t == pytest.approx(7.3 + 0.0034 * ice_class * sea.distance_km)
    assert sea.days == pytest.approx(sea.distance_km / 578 + 4)


def test_a_voyage_names_the_passages_it_takes(world):
    sea = legs(supply(world, "gl-tanbreez", to="in-oscom").routes[0], "sea")[-1]
    assert plain_text(sea.note).endswith("; gibraltar; suez; babalmandab")


def test_of_several_products_the_least_refined_has_to_be_shipped(world):
    assert world.sites.loc["au-dubbo", "products"] == "oxide;metal"
    assert supply(world, "au-dubbo").product == "oxide"


def test_routes_are_best_first(weld):
    running = [one for one in weld.routes if one.fit == "yes" and one.running]
    assert running
    keys = [(not one.contracted, one.usd_per_t) for one in running]
    assert keys == sorted(keys)


def test_closing_suez_lengthens_the_way_from_greenland_to_malaysia(world):
    open_km = supply(world, "gl-tanbreez", to="my-kuantan").routes[0].distance_km
    shut_km = supply(world, "gl-tanbreez", to="my-kuantan", closed=["suez"]).routes[0].distance_km
    assert shut_km > open_km + 2000


def test_the_arctic_passages_are_closed_unless_opened(world):
    usual = supply(world, "gl-tanbreez", to="my-kuantan").routes[0]
    assert "northwest" not in " ".join(plain_text(leg.note) for leg in usual.legs)
    opened = supply(world, "gl-tanbreez", to="my-kuantan", closed=["open:northwest"]).routes[0]
    assert opened.distance_km < usual.distance_km


def test_tanbreez_reaches_tidewater_before_it_reaches_a_port(world):
    found = supply(world, "gl-tanbreez", to="ee-sillamae")
    first, second = found.routes[0].legs[:2]
    assert (first.mode, plain_text(first.end.name), second.mode) == ("road", "tidewater", "sea")
    assert "to be built" in plain_text(first.note)


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
    assert "form" in {reason.code for reason in found.routes[0].reasons}
    assert found.best == ""


QAQORTOQ, OFF_FAREWELL, OFF_DONDRA, GOPALPUR = (-46.03, 60.72), (-44.0, 59.0), (80.6, 5.8), (84.97, 19.3)
BY_SUEZ = (
    QAQORTOQ, OFF_FAREWELL, (-5.6, 35.95), (11.2, 37.4), (23.5, 34.3), (32.3, 31.3), (32.55, 29.9), (38.0, 20.5),
    (43.3, 12.6), (51.5, 12.2), OFF_DONDRA, GOPALPUR,
)  # Gibraltar, Cap Bon, south of Crete, Port Said, Suez, Red Sea, Bab-el-Mandeb, Guardafui, Dondra Head  # fmt: skip
BY_THE_CAPE = (
    QAQORTOQ, OFF_FAREWELL, (-18.0, 15.0), (18.2, -34.7), (20.0, -35.1), (45.5, -26.5), OFF_DONDRA, GOPALPUR,
)  # off Dakar, the Cape of Good Hope, Cape Agulhas, south of Madagascar, Dondra Head  # fmt: skip
BY_PANAMA = (
    QAQORTOQ, (-52.5, 46.3), (-74.2, 20.0), (-79.9, 9.4), (-79.5, 8.9), (-80.2, 7.1), (-110.0, 22.6), (-118.2, 33.7),
)  # off Cape Race, the Windward Passage, Colon, Balboa, Punta Mala, off Cabo San Lucas, Long Beach  # fmt: skip


def by_hand(turns, road_km):
    """Kilometres from one turning point of a voyage to the next, and US$/t with freight.csv's base figures."""
    km = sum(WGS84.inv(*a, *b)[2] / 1000 for a, b in itertools.pairwise(turns))
    return km, 7.3 + 0.0034 * 1.6 * km + 0.082 * road_km  # one fixed cost, ice class, road at the far end


def test_tanbreez_to_india_and_to_california_are_the_voyages_taken_by_hand(world):
    passes = 1.3 * WGS84.inv(-118.2, 33.7, -115.533, 35.479)[2] / 1000
    for plant, closed, turns, road_km in (
        ("in-oscom", [], BY_SUEZ, 5), ("in-oscom", ["suez"], BY_THE_CAPE, 5),
        ("us-mountain-pass", [], BY_PANAMA, passes),
    ):  # fmt: skip
        ours = supply(world, "gl-tanbreez", to=plant, closed=closed).routes[0]
        km, usd_per_t = by_hand(turns, road_km)
        assert legs(ours, "sea")[-1].distance_km == pytest.approx(km, rel=0.06)
        if plant == "in-oscom":  # to California the last leg goes by rail, which costs less than the lorry by hand
            assert ours.usd_per_t == pytest.approx(usd_per_t, rel=0.06)


def test_closing_malacca_lengthens_the_way_of_the_mud_to_india(world):
    usual = supply(world, "jp-minamitorishima", to="in-oscom").routes[0]
    shut = supply(world, "jp-minamitorishima", to="in-oscom", closed=["malacca"]).routes[0]
    assert usual.distance_km + 1000 < shut.distance_km < usual.distance_km + 3000  # by Sunda or Lombok


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


def test_the_year_of_a_source_that_carries_it_in_its_title_is_said_once(world):
    assert plain_text(supply(world, "gl-kvanefjeld").port_rule).count("(2019)") == 1


@pytest.mark.parametrize("plant", ["my-kuantan", "us-mountain-pass", "fr-la-rochelle"])
def test_a_way_costs_as_little_as_the_cheapest_of_every_pair_of_ports(world, plant):
    roads = Roads(world, ())
    site, end = world.sites.loc["au-narraburra"], ports.plant_place(world, plant)
    start, country = ports.site_start(world, site, roads), str(world.plants["country_code"][plant])
    landmass = landmasses(world, np.array([end.lon]), np.array([end.lat]))[0]
    costs = []
    for one in start.ports:
        for other in ports.ports_of(world, end, landmass):
            first = land_legs(roads, start.site, one.place, "AU")
            last = land_legs(roads, end, other.place, country)
            if first and last:
                sea = sea_leg(roads, one.place, other.place, ice=False)
                costs.append(sum(leg.usd_per_t for leg in (*first, sea, *last)))
    found = sum(leg.usd_per_t for leg in trips.cheapest_way(world, start, end, country, roads))
    assert found == pytest.approx(min(costs))


def test_the_plant_on_the_site_is_reached_without_a_way_to_a_port_and_back(world):
    own = next(route for route in supply(world, "au-nolans").routes if route.refinery_id == "au-nolans-refinery")
    assert [leg.mode for leg in own.legs] == ["road"]
    assert own.legs[0].distance_km == 0


@pytest.mark.parametrize(
    ("site_id", "port", "source"),
    [("au-yangibana", "Onslow", "8 November 2022"), ("au-browns-range", "Wyndham", "19 April 2017")],
)
def test_the_page_that_names_the_port_is_the_one_told(world, site_id, port, source):
    found = supply(world, site_id)
    assert found.port_name == port
    assert source in plain_text(found.port_rule)
